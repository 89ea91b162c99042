package access

import (
	"fmt"
	"strings"
	"testing"
)

// Canonical bytes, and other forms that are read as the same.
func TestAvro(t *testing.T) {
	for _, tt := range []struct {
		typ, json, avro string
		also            []string
	}{
		{`"boolean"`, `true`, "01", nil},
		{`"int"`, `-2147483648`, "ffffffff0f", nil},
		{`"long"`, `9223372036854775807`, "feffffffffffffffff01", nil},
		{`"float"`, `"NaN"`, "0000c07f", []string{"0100c07f"}},
		{`"double"`, `-0.0`, "0000000000000080", nil},
		{`"string"`, `"é"`, "04c3a9", nil},
		{`"bytes"`, `""`, "00", nil},
		{`{"type": "fixed", "name": "F", "size": 2}`, `"ab"`, "6162", nil},
		{`{"type": "enum", "name": "E", "symbols": ["A", "B"]}`, `"B"`, "02", nil},
		{`["int", "null", "string"]`, `null`, "02", nil},
		{`{"type": "array", "items": "int"}`, `[]`, "00", []string{"00"}},
		{`{"type": "array", "items": "int"}`, `[1, 2, 3]`, "0602040600", []string{"0202040406" + "00", "05060204" + "0600", "0304020" + "4020600"}},
		{`{"type": "map", "values": "int"}`, `{"b": 1, "a": 2}`, "0402610402620200", []string{"0402620202610400", "030802" + "61040262" + "0200", "0202620202026104" + "00"}},
		{`{"type": "array", "items": "null"}`, `[null, null]`, "0400", []string{"0202" + "00"}},
		{`{"type": "record", "name": "S", "fields": []}`, `{}`, "", nil},
	} {
		typ := fieldType(t, tt.typ)
		want := read(t, typ, `{"f":`+tt.json+`}`)
		got, err := AppendAvro([]byte("x"), typ, want)
		if err != nil || fmt.Sprintf("%x", got[1:]) != tt.avro {
			t.Errorf("%s of %s: got %x, error %v, want %s", tt.json, tt.typ, got[1:], err, tt.avro)
		}
		for _, form := range append(tt.also, tt.avro) {
			r := typ.Alloc()
			rest, err := ReadAvro(typ, append(unhex(t, form), 0xee), r)
			if err != nil || len(rest) != 1 || Diff(typ, want, r) != nil {
				t.Errorf("%s as %s: got error %v, difference %v, %d bytes left", tt.typ, form, err, Diff(typ, want, r), len(rest)-1)
			}
		}
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	var b []byte
	if _, err := fmt.Sscanf(s, "%x", &b); err != nil && s != "" {
		t.Fatal(err)
	}
	return b
}

// What is no value of the type is refused, with the place and the reason.
func TestAvroErrors(t *testing.T) {
	for _, tt := range []struct{ typ, src, want string }{
		{`"boolean"`, "\x02", "f: 0x2 is no boolean"},
		{`"boolean"`, "", "f: 1 bytes where 0 are left: the bytes end within a value"},
		{`"int"`, "\x80\x80\x80\x80\x10", "f: 2147483648 is no int"},
		{`"int"`, "\x80", "f: the bytes end within a value"},
		{`"long"`, strings.Repeat("\xff", 10) + "\x01", "f: a number of more than 64 bits"},
		{`"float"`, "\x00\x00\x00", "f: 4 bytes where 3 are left"},
		{`"string"`, "\x04a", "f: 2 bytes where 1 are left"},
		{`"bytes"`, "\x01", "f: -1 bytes where 0 are left"},
		{`{"type": "fixed", "name": "F", "size": 2}`, "a", "f: 2 bytes where 1 are left"},
		{`{"type": "enum", "name": "E", "symbols": ["A"]}`, "\x02", "f: 1 is no E"},
		{`{"type": "enum", "name": "E", "symbols": ["A"]}`, "\x01", "f: -1 is no E"},
		{`["null", "int"]`, "\x04", "f: 2 is no branch of 2"},
		{`["null", "int"]`, "\x01", "f: -1 is no branch of 2"},
		{`[]`, "\x00", "f: 0 is no branch of 0"},
		{`{"type": "array", "items": "int"}`, "\x02", "f: [0]: the bytes end within a value"},
		{`{"type": "array", "items": "int"}`, "\x04\x02\x02", "f: the bytes end within a value"},
		{`{"type": "array", "items": "int"}`, "\xfe\xff\xff\xff\x0f", "f: a block of 2147483647 elements in 0 bytes"},
		{`{"type": "array", "items": {"type": "record", "name": "E", "fields": []}}`, "\xd0\x0f\xd0\x0f\x00", "f: a block of 1000 elements in 1 bytes"},
		{`{"type": "map", "values": "int"}`, "\x04\x02a\x02\x02a\x02\x00", `f: key "a" stands twice`},
		{`{"type": "map", "values": "int"}`, "\x02\x02a", `f: {"a"}: the bytes end within a value`},
		{`["null", "R"]`, strings.Repeat("\x02", 600), "nested more than 1000 deep"},
	} {
		typ := fieldType(t, tt.typ)
		if _, err := ReadAvro(typ, []byte(tt.src), typ.Alloc()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s, bytes %x: got error %v, want %s", tt.typ, tt.src, err, tt.want)
		}
	}
}

// What has no canonical bytes, or no JSON, says where and why.
func TestUnwritable(t *testing.T) {
	symbol := fieldType(t, `{"type": "enum", "name": "E", "symbols": ["A"]}`)
	union := fieldType(t, `{"type": "array", "items": {"type": "map", "values": ["int", "string"]}}`)
	text := fieldType(t, `{"type": "map", "values": "string"}`)
	box := fieldType(t, `{"type": "array", "items": "R"}`)
	badUnion := read(t, union, `{"f":[{}, {"k": {"int": 1}}]}`)
	union.Fields[0].Type.Elem.Value(firstOf(badUnion.Slice()).At(union.Fields[0].Type.Elem.Size)).Interface().(map[string]any)["k"] = 7
	badBox := box.Alloc()
	box.Fields[0].Type.MakeSlice(badBox, 1)
	badText := read(t, text, `{"f":{}}`)
	v := text.Fields[0].Type.Elem.Alloc()
	v.SetText("\xff")
	text.Fields[0].Type.Put(badText, "k", v)
	badSymbol := read(t, symbol, `{"f":"A"}`)
	badSymbol.SetText("B")
	for _, tt := range []struct {
		name       string
		typ        *Type
		r          Ref
		avro, json string
	}{
		{"a symbol", symbol, badSymbol, `f: "B" is no symbol of E`, ""},
		{"a union", union, badUnion, "f: [1]: {k}: the union holds a int, which is none of its branches", "f: [1]: {k}: the union holds a int, which is none of its branches"},
		{"a box", box, badBox, "f: [0]: the place of a R holds none", "f: [0]: the place of a R holds none"},
		{"a text", text, badText, "", `f: {k}: "\xff" is not UTF-8`},
	} {
		for way, check := range map[string]struct {
			err  error
			want string
		}{"Avro": {second(AppendAvro(nil, tt.typ, tt.r)), tt.avro}, "JSON": {second(AppendJSON(nil, tt.typ, tt.r)), tt.json}} {
			if got := fmt.Sprint(check.err); check.want == "" && check.err != nil || check.want != "" && got != check.want {
				t.Errorf("%s as %s: got error %v, want %q", tt.name, way, check.err, check.want)
			}
		}
	}
}

func firstOf[A, B any](a A, _ B) A { return a }
