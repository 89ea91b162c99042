package kryo_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Types of the values below, as a field has them.
const (
	anything = `["null", "boolean", "int", "long", "float", "double", "string", {"type": "array", "items": "long", "java-array": true}]`
	list     = `{"type": "array", "items": %s}`
	inner    = `{"type": "record", "name": "ex.Inner", "fields": [{"name": "x", "type": "int"}, {"name": "s", "type": "string"}]}`
)

const (
	arrayList = "01006a6176612e7574696c2e41727261794c6973f401"
	hashMap   = "01006a6176612e7574696c2e486173684d61f001"
)

// Values of one type, each written by a KryoSerializer created for that type, by Flink 1.20 with Kryo 2.24 and by 2.2
// with Kryo 5.6. What an Avro schema cannot say (chars, cycles, classes of other collections) is left out.
var values = []struct{ typ, json, flink1, flink2 string }{ // flink2 "": the same
	{anything, `{"int": 300}`, "02d804", ""},
	{anything, `{"long": -1}`, "0901", ""},
	{anything, `{"double": 1}`, "0a3ff0000000000000", "0a000000000000f03f"},
	{anything, `{"float": 1}`, "043f800000", "040000803f"},
	{anything, `{"boolean": true}`, "0501", ""},
	{anything, `null`, "00", ""},
	{anything, `{"string": ""}`, "030181", ""},
	{anything, `{"string": "a"}`, "03018261", ""},
	{anything, `{"string": "ab"}`, "030161e2", ""},
	{anything, text("x", 32), "0301" + strings.Repeat("78", 31) + "f8", ""},
	{anything, text("x", 33), "0301" + strings.Repeat("78", 32) + "f8", "0301a2" + strings.Repeat("78", 33)},
	{anything, text("x", 63), "0301" + strings.Repeat("78", 62) + "f8", "0301c001" + strings.Repeat("78", 63)},
	{anything, text("x", 64), "0301c101" + strings.Repeat("78", 64), ""},
	{anything, text("x", 200), "0301c903" + strings.Repeat("78", 200), ""},
	{anything, `{"string": "é"}`, "030182c3a9", ""},
	{anything, `{"string": "€"}`, "030182e282ac", ""},
	{anything, `{"string": "😀"}`, "030183eda0bdedb880", ""},
	{anything, `{"string": "\u0000"}`, "03018200", ""},
	{anything, `{"array": [1, -1]}`, "01005bca01030201", ""},
	{`["null", "string", {"type": "int", "java-class": "short"}]`, `{"int": 258}`, "080102", "080201"},
	{`["string", {"type": "array", "items": "double", "java-array": true}]`, `{"array": [1]}`, "01005bc401023ff0000000000000", "01005bc40102000000000000f03f"},
	{`["string", "bytes"]`, `{"bytes": "\u0001\u0002"}`, "01005bc201030102", ""},
	{`["int", {"type": "array", "items": ["null", "string"], "java-array": true}]`, `{"array": [{"string": "aa"}, null]}`, "01005b4c6a6176612e6c616e672e537472696e67bb01030161e100", ""},
	{`["int", {"type": "array", "items": ` + inner + `, "java-array": true}]`, `{"array": [{"x": 1, "s": "i1"}]}`, "01005b4c65782e496e6e6572bb0102010165782e496e6e65f2010169b102", ""},
	{`["string", {"type": "enum", "name": "ex.Color", "symbols": ["RED", "GREEN"]}]`, `{"ex.Color": "GREEN"}`, "010065782e436f6c6ff20102", "010065782e436f6c6ff202"},
	{`["string", {"type": "long", "logicalType": "timestamp-millis", "java-class": "java.util.Date"}]`, `{"long": 1000}`, "01006a6176612e7574696c2e446174e501e807", ""},
	{`["string", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}]`, `{"bytes": "{"}`, "01006a6176612e6d6174682e426967446563696d61ec01027b04", ""},
	{`{"type": "array", "items": ["int", "string"], "java-array": true}`, `[{"int": 1}, {"string": "a1"}]`, "5701030202030161b1", ""},
	{fmt.Sprintf(list, `"string"`), `["a1", "b2"]`, arrayList + "02030161b1030162b2", arrayList + "8303000161b10162b2"},
	{fmt.Sprintf(list, `"string"`), `[]`, arrayList + "00", arrayList + "01"},
	{fmt.Sprintf(list, `["null", "string"]`), `[{"string": "a1"}, null]`, arrayList + "02030161b100", arrayList + "8303010161b100"},
	{fmt.Sprintf(list, `["int", "string"]`), `[{"int": 1}, {"string": "a1"}]`, arrayList + "020202030161b1", arrayList + "030202030161b1"},
	{fmt.Sprintf(list, `"int"`), `[1, 2]`, arrayList + "0202020204", arrayList + "8302000204"},
	{`{"type": "map", "values": "int"}`, `{"k1": 1}`, hashMap + "0103016bb10202", hashMap + "0203016bb10202"},
	{`{"type": "map", "values": "int"}`, `{}`, hashMap + "00", hashMap + "01"},
	{`{"type": "int", "logicalType": "date"}`, `19782`, "5701001d0002d01f", "5701e80f021d"}, // 2024-02-29
	{`{"type": "int", "logicalType": "time-millis"}`, `3600000`, "570101000000", "5701fe"},  // 01:00
	{`{"type": "string", "logicalType": "uuid"}`, `"00000000-0000-0001-0000-000000000002"`, "54010204", "540101000000000000000200000000000000"},
	{inner, `{"x": 9, "s": "zz"}`, "5701017afa12", ""},
}

func text(s string, n int) string { return fmt.Sprintf(`{"string": %q}`, strings.Repeat(s, n)) }

func TestValues(t *testing.T) {
	for _, v := range values {
		if v.flink2 == "" {
			v.flink2 = v.flink1
		}
		s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "f", "type": `+v.typ+`}]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		typ, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		for line, want := range map[javatype.Line]string{javatype.Flink1: v.flink1, javatype.Flink2: v.flink2} {
			if err := sameBytes(typ, line, `{"f": `+v.json+`}`, want); err != nil {
				t.Errorf("%s, line %d, %s: %v", v.typ, line, v.json, err)
			}
		}
	}
}

// sameBytes writes the one field of a record with the serializer of its type, and reads it back.
func sameBytes(typ *access.Type, line javatype.Line, record, want string) error {
	f := javatype.Of(typ).Record.Fields[0]
	place := func(v any) (access.Ref, error) {
		r, err := typ.Ref(v)
		return r.At(f.Offset), err
	}
	v, again := typ.New(), typ.New()
	if err := access.Unmarshal(typ, []byte(record), v); err != nil {
		return err
	}
	r, err := place(v)
	if err != nil {
		return err
	}
	if f.Type.Class != javatype.Object {
		r = f.Type.Load(r)
	}
	s := kryo.New(f.Type, line)
	got, err := s.Append(nil, r)
	if err != nil || hex.EncodeToString(got) != want {
		return fmt.Errorf("got %x, error %v, want %s", got, err, want)
	}
	to, err := place(again)
	if err != nil {
		return err
	}
	if n, err := s.Decode(got, to); err != nil || n != len(got) {
		return fmt.Errorf("decoded %d of %d bytes: %v", n, len(got), err)
	}
	a, _ := typ.Ref(v)
	b, _ := typ.Ref(again)
	return access.Diff(typ, a, b)
}
