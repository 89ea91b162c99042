package access

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/twmb/avro"
	"github.com/wirecost/wirecost/schemas"
)

// typeOf returns the type of the records of schema text.
func typeOf(t testing.TB, text string) *Type {
	t.Helper()
	s, err := schemas.Parse("test.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := Of(s)
	if err != nil {
		t.Fatal(err)
	}
	return typ
}

// fieldType returns the type of a record whose field f has the type in text.
func fieldType(t testing.TB, text string) *Type {
	return typeOf(t, `{"type": "record", "name": "R", "fields": [{"name": "f", "type": `+text+`}]}`)
}

// read returns the record of type typ in text.
func read(t testing.TB, typ *Type, text string) Ref {
	t.Helper()
	v := typ.New()
	if err := Unmarshal(typ, []byte(text), v); err != nil {
		t.Fatal(err)
	}
	r, err := typ.Ref(v)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The records of testdata, of every kind of type, come back from JSON and from Avro bytes, which another library reads
// to the same.
func TestRoundTrip(t *testing.T) {
	dirs, err := filepath.Glob("testdata/*/schema.avsc")
	if err != nil || len(dirs) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range dirs {
		s, err := schemas.Load(file, "")
		if err != nil {
			t.Fatal(err)
		}
		typ, err := Of(s)
		if err != nil {
			t.Fatal(err)
		}
		peer := avro.MustParse(s.Canonical())
		lines, err := os.ReadFile(filepath.Join(filepath.Dir(file), "records.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range bytes.Split(bytes.TrimSpace(lines), []byte("\n")) {
			if err := roundTrip(typ, peer, line); err != nil {
				t.Errorf("%s:%d: %v", file, i+1, err)
			}
		}
	}
}

func roundTrip(typ *Type, peer *avro.Schema, line []byte) error {
	want, got := typ.Alloc(), typ.Alloc()
	if err := ParseJSON(typ, line, want); err != nil {
		return err
	}
	text, err := AppendJSON(nil, typ, want)
	if err != nil {
		return err
	}
	if err := ParseJSON(typ, text, got); err != nil {
		return err
	}
	if err := Diff(typ, want, got); err != nil {
		return at("through JSON", err)
	}
	b, err := AppendAvro(nil, typ, want)
	if err != nil {
		return err
	}
	v := typ.New()
	if _, err := peer.Decode(b, v); err != nil && typ.Value(want).NumField() > 0 {
		return at("through Avro", err)
	}
	r, err := typ.Ref(v)
	if err != nil {
		return err
	}
	return at("through Avro", Diff(typ, want, r, Branch))
}

func TestJSON(t *testing.T) {
	point := `{"type": "record", "name": "P", "fields": [{"name": "x", "type": "int"}]}`
	for _, tt := range []struct{ typ, in, want, wantErr string }{
		{typ: `"int"`, in: `7`, want: `7`},
		{typ: `"int"`, in: `2147483648`, wantErr: `f: 2147483648 does not fit 32 bits`},
		{typ: `"int"`, in: `1.5`, wantErr: `f: 1.5 is no integer`},
		{typ: `"int"`, in: `"1"`, wantErr: `f: "1" is no int`},
		{typ: `"int"`, in: `null`, wantErr: `f: null is no int`},
		{typ: `"long"`, in: `-9223372036854775808`, want: `-9223372036854775808`},
		{typ: `"float"`, in: `1e39`, wantErr: `f: 1e39 does not fit a float`},
		{typ: `"float"`, in: `0.1`, want: `0.1`},
		{typ: `"double"`, in: `1e400`, wantErr: `f: 1e400 does not fit a double`},
		{typ: `"double"`, in: `-0.0`, want: `-0.0`},
		{typ: `"double"`, in: `"-Infinity"`, want: `"-Infinity"`},
		{typ: `"double"`, in: `"NaN"`, want: `"NaN"`},
		{typ: `"double"`, in: `"nan"`, wantErr: `f: "nan" is no double`},
		{typ: `"bytes"`, in: `"\u00ff\u0000a"`, want: `"ÿ\u0000a"`},
		{typ: `"bytes"`, in: `"\u0100"`, wantErr: `f: 'Ā' is no byte`},
		{typ: `{"type": "fixed", "name": "F", "size": 2}`, in: `"abc"`, wantErr: `f: 3 bytes for a fixed of 2`},
		{typ: `{"type": "enum", "name": "E", "symbols": ["A"]}`, in: `"B"`, wantErr: `f: "B" is no symbol of E`},
		{typ: `"string"`, in: `"\ud83d\ude00 <&>"`, want: `"😀 <&>"`},
		{typ: `"string"`, in: `"\\ud800"`, want: `"\\ud800"`},
		{typ: `"string"`, in: `"a\ud800b"`, wantErr: `\ud800 is half of a surrogate pair`},
		{typ: `"string"`, in: `"\udc00"`, wantErr: `\udc00 is half of a surrogate pair`},
		{typ: `"string"`, in: "\"\xff\"", wantErr: `the text is not UTF-8`},
		{typ: `["null", "int"]`, in: `null`, want: `null`},
		{typ: `["null", "int"]`, in: `3`, want: `{"int":3}`},
		{typ: `["null", "int"]`, in: `{"int": 3}`, want: `{"int":3}`},
		{typ: `["null", "int"]`, in: `{"long": 3}`, wantErr: `f: {"long": 3} fits none of the branches null, int`},
		{typ: `["null", "int"]`, in: `{"int": "x"}`, wantErr: `f: int: "x" is no int`},
		{typ: `["null", "int"]`, in: `{"int": 3, "int": 4}`, wantErr: `f: {"int": 3, "int": 4} fits none of the branches null, int`},
		{typ: `["int", "long"]`, in: `3`, wantErr: `f: 3 fits the branches int and long: tag it, as {"int": …}`},
		{typ: `["int", "long"]`, in: `3000000000`, want: `{"long":3000000000}`},
		{typ: `["int", "string"]`, in: `null`, wantErr: `f: null fits none of the branches int, string`},
		{typ: `["null", ` + point + `, {"type": "map", "values": "int"}]`, in: `{"P": {"x": 1}}`, want: `{"P":{"x":1}}`},
		{typ: `["null", ` + point + `, {"type": "map", "values": "int"}]`, in: `{"P": 1}`, want: `{"map":{"P":1}}`},
		{typ: `["null", ` + point + `, {"type": "map", "values": "int"}]`, in: `{"x": 1}`, wantErr: `fits the branches P and map`},
		{typ: `["null", ` + point + `, "int"]`, in: `{"y": 1}`, wantErr: `P has no field "y": there are x`},
		{typ: `{"type": "array", "items": "int"}`, in: `[1, 2, "x"]`, wantErr: `f: [2]: "x" is no int`},
		{typ: `{"type": "array", "items": "null"}`, in: `[null, null]`, want: `[null,null]`},
		{typ: `{"type": "map", "values": "int"}`, in: `{"b": 1, "a": 2}`, want: `{"a":2,"b":1}`},
		{typ: `{"type": "map", "values": "int"}`, in: `{"a": 1, "a": 2}`, wantErr: `f: key "a" stands twice`},
		{typ: point, in: `{}`, wantErr: `f: field x of P is missing`},
		{typ: point, in: `{"x": 1, "x": 1}`, wantErr: `f: field x stands twice`},
		{typ: point, in: `[1]`, wantErr: `f: an array is no P`},
		{typ: point, in: `{"x": 1`, wantErr: `the text ends within a value`},
		{typ: `["null", "R"]`, in: `{"R": {"f": {"R": {"f": null}}}}`, want: `{"R":{"f":{"R":{"f":null}}}}`},
		{typ: `{"type": "array", "items": "R"}`, in: `[{"f": []}, {"f": [{"f": []}]}]`, want: `[{"f":[]},{"f":[{"f":[]}]}]`},
		{typ: `["null", "R", "int"]`, in: `{"R": {"f": {"int": 1}}}`, want: `{"R":{"f":{"int":1}}}`},
	} {
		typ := fieldType(t, tt.typ)
		r := typ.Alloc()
		err := ParseJSON(typ, []byte(`{"f": `+tt.in+`}`), r)
		if tt.wantErr != "" {
			if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
				t.Errorf("%s of %s: got error %v, want %s", tt.in, tt.typ, err, tt.wantErr)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s of %s: %v", tt.in, tt.typ, err)
			continue
		}
		got, err := AppendJSON(nil, typ, r)
		if want := `{"f":` + tt.want + `}`; err != nil || string(got) != want {
			t.Errorf("%s of %s: got %s, want %s (error %v)", tt.in, tt.typ, got, want, err)
		}
	}
	bare := strings.Repeat(`{"f":`, 900) + `null` + strings.Repeat(`}`, 900)
	if err := ParseJSON(fieldType(t, `["null", "R"]`), []byte(bare), fieldType(t, `["null", "R"]`).Alloc()); err == nil {
		t.Error("a record nested 1800 deep is accepted")
	}
	deep := strings.Repeat(`{"f":{"R":`, 2000) + `{"f":null}` + strings.Repeat(`}}`, 2000)
	if err := ParseJSON(fieldType(t, `["null", "R"]`), []byte(deep), fieldType(t, `["null", "R"]`).Alloc()); err == nil {
		t.Error("a record nested 2000 deep is accepted")
	}
}

func TestDiff(t *testing.T) {
	for _, tt := range []struct {
		typ, want, got string
		losses         []Loss
		diff           string // the empty string if equal
	}{
		{typ: `"int"`, want: `1`, got: `1`},
		{typ: `"int"`, want: `1`, got: `2`, diff: `f: got 2, want 1`},
		{typ: `"double"`, want: `0.0`, got: `-0.0`, diff: `f: got -0, want 0`},
		{typ: `"double"`, want: `"NaN"`, got: `"NaN"`},
		{typ: `"string"`, want: `"a"`, got: `"b"`, diff: `f: got "b", want "a"`},
		{typ: `{"type": "bytes", "logicalType": "decimal", "precision": 9}`, want: `"\u00ff\u0080"`, got: `"\u0080"`},
		{typ: `"bytes"`, want: `"\u00ff\u0080"`, got: `"\u0080"`, diff: `f: got 80, want ff80`},
		{typ: `["null", "int"]`, want: `null`, got: `0`, diff: `f: got int, want null`},
		{typ: `["null", "int"]`, want: `null`, got: `0`, losses: []Loss{NullZero}},
		{typ: `["null", "int"]`, want: `null`, got: `1`, losses: []Loss{NullZero}, diff: `f: got int, want null`},
		{typ: `["null", {"type": "array", "items": "int"}]`, want: `null`, got: `[]`, losses: []Loss{NullEmpty}},
		{typ: `["null", {"type": "map", "values": "int"}]`, want: `{}`, got: `null`, diff: `f: got null, want map`},
		{typ: `{"type": "array", "items": "int"}`, want: `[1, 2]`, got: `[1]`, diff: `f: got 1 elements, want 2`},
		{typ: `{"type": "array", "items": "int"}`, want: `[1, 2]`, got: `[1, 3]`, diff: `f: [1]: got 3, want 2`},
		{typ: `{"type": "map", "values": "int"}`, want: `{"a": 1, "b": 2}`, got: `{"b": 2, "a": 1}`},
		{typ: `{"type": "map", "values": "int"}`, want: `{"a": 1, "b": 2}`, got: `{"b": 2, "c": 1}`, diff: `f: entry "a" is missing`},
		{typ: `["int", "long"]`, want: `{"int": 1}`, got: `{"long": 1}`, diff: `f: got long, want int`},
		{typ: `["int", "long"]`, want: `{"int": 1}`, got: `{"long": 1}`, losses: []Loss{Branch}},
		{typ: `["int", "long"]`, want: `{"int": 1}`, got: `{"long": 2}`, losses: []Loss{Branch}, diff: `f: got 2 (int64), want int 1`},
		{typ: `{"type": "long", "logicalType": "time-micros"}`, want: `1999`, got: `1000`, losses: []Loss{Micros}},
		{typ: `{"type": "long", "logicalType": "time-micros"}`, want: `2000`, got: `1000`, losses: []Loss{Micros}, diff: `f: got 1, want 2`},
	} {
		typ := fieldType(t, tt.typ)
		err := Diff(typ, read(t, typ, `{"f":`+tt.want+`}`), read(t, typ, `{"f":`+tt.got+`}`), tt.losses...)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.diff {
			t.Errorf("%s, %s against %s modulo %v: got %q, want %q", tt.typ, tt.want, tt.got, tt.losses, got, tt.diff)
		}
	}
}

// What comes back of a union from a format that writes no branch.
func TestLoose(t *testing.T) {
	typ := fieldType(t, `["null", "int", "float", "bytes", {"type": "array", "items": ["null", "int"]}, {"type": "map", "values": "long"},
		{"type": "record", "name": "P", "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": ["null", "string"]}]},
		{"type": "enum", "name": "E", "symbols": ["A"]},
		{"type": "record", "name": "T", "fields": [{"name": "wall", "type": "int"}, {"name": "ext", "type": "int"}, {"name": "loc", "type": "int"}]}]`)
	for _, tt := range []struct {
		want string
		got  any
		same bool
	}{
		{`{"int": 7}`, int64(7), true},
		{`{"int": 7}`, uint8(7), true},
		{`{"int": 7}`, 7.0, true},
		{`{"int": 7}`, "7", false},
		{`{"float": 1.5}`, 1.5, true},
		{`{"float": 1.5}`, nil, false},
		{`{"bytes": "ab"}`, "YWI=", true},
		{`{"bytes": "ab"}`, []any{97.0, 98.0}, true},
		{`{"bytes": "ab"}`, []any{97.0, 99.0}, false},
		{`{"array": [1, null]}`, []any{int8(1), nil}, true},
		{`{"array": [1, null]}`, []any{int8(1), int8(0)}, false},
		{`{"map": {"a": 1}}`, map[string]any{"a": 1}, true},
		{`{"map": {"a": 1}}`, map[any]any{"a": uint64(1)}, true},
		{`{"map": {"a": 1}}`, map[string]any{"b": 1}, false},
		{`{"map": {"a": 9007199254740992}}`, map[string]any{"a": 9007199254740992.0}, true},
		{`{"map": {"a": 9007199254740993}}`, map[string]any{"a": 9007199254740992.0}, false},
		{`{"map": {"a": 9007199254740993}}`, map[string]any{"a": uint64(9007199254740993)}, true},
		{`{"map": {"a": 9223372036854775807}}`, map[string]any{"a": float64(1 << 63)}, false},
		{`{"map": {"a": -9223372036854775808}}`, map[string]any{"a": -float64(1 << 63)}, true},
		{`{"P": {"x": 1, "y": "q"}}`, map[string]any{"x": 1, "y": "q"}, true},
		{`{"P": {"x": 1, "y": null}}`, []any{int64(1), nil}, true},
		{`{"P": {"x": 1, "y": null}}`, map[string]any{"x": 1}, false},
		{`{"E": "A"}`, "A", true},
		{`{"E": "A"}`, "B", false},
		{`{"T": {"wall": 1, "ext": 2, "loc": 3}}`, time.Time{}, false},
		{`{"T": {"wall": 1, "ext": 2, "loc": 3}}`, &struct{ A, B, C int64 }{1, 2, 3}, true},
		{`{"T": {"wall": 1, "ext": 2, "loc": 3}}`, struct{ A, B, C int64 }{1, 2, 4}, false},
		{`{"T": {"wall": 1, "ext": 2, "loc": 3}}`, struct{ A, B int64 }{1, 2}, false},
		{`{"T": {"wall": 1, "ext": 2, "loc": 3}}`, []any{1, uint16(2), 3.0}, true},
		{`{"T": {"wall": 1, "ext": 2, "loc": 3}}`, []any{1, 2}, false},
		{`{"T": {"wall": 1, "ext": 2, "loc": 3}}`, map[string]any{"wall": 1, "ext": 2, "loc": 3, "more": 4}, false},
		{`{"T": {"wall": 1, "ext": 2, "loc": 3}}`, map[int]any{1: 1, 2: 2, 3: 3}, false},
		{`{"int": -1}`, uint64(math.MaxUint64), false},
		{`{"int": -1}`, uint32(math.MaxUint32), false},
		{`{"int": 1}`, true, false},
		{`{"int": 7}`, 7.5, false},
		{`{"int": 7}`, new(int), false},
		{`{"float": "NaN"}`, math.NaN(), true},
		{`{"float": "NaN"}`, nil, false},
		{`{"float": -0.0}`, 0.0, true}, // as a number that a format wrote shorter
		{`{"float": 0.1}`, 0.1, true},
		{`{"float": 0.1}`, 0.2, false},
		{`{"float": 16777216}`, int64(16777216), true},
		{`{"bytes": "ab"}`, "ab", true},
		{`{"bytes": "ab"}`, [2]uint16{97, 98}, true},
		{`{"bytes": "ab"}`, []byte("abc"), false},
		{`{"bytes": ""}`, []any{}, true},
		{`{"bytes": "ab"}`, 7, false},
		{`{"array": [1, null]}`, []*int64{new(int64), nil}, false},
		{`{"array": [0, null]}`, []*int64{new(int64), nil}, true},
		{`{"array": []}`, map[string]any{}, false},
		{`{"map": {"a": 1, "b": 2}}`, map[string]any{"a": 1}, false},
		{`{"map": {"a": 1}}`, []any{1}, false},
		{`{"map": {}}`, map[any]any{}, true},
		{`{"P": {"x": 1, "y": null}}`, map[string]any{"x": 1, "y": nil}, true},
		{`{"P": {"x": 1, "y": "q"}}`, map[string]any{"x": 1, "y": nil}, false},
		{`{"P": {"x": 1, "y": "q"}}`, "q", false},
		{`{"E": "A"}`, nil, false},
		{`{"E": "A"}`, []byte("A"), false},
	} {
		want, got := read(t, typ, `{"f": `+tt.want+`}`), typ.Alloc()
		got.SetAny(tt.got)
		if err := Diff(typ, want, got, Branch); (err == nil) != tt.same {
			t.Errorf("%s came back as %v (%T): got difference %v, want equal %v", tt.want, tt.got, tt.got, err, tt.same)
		}
	}
}

// A union without null that holds nothing, or what is none of its branches, is no zero value.
func TestNoBranch(t *testing.T) {
	typ := fieldType(t, `["int", "string"]`)
	want, got := read(t, typ, `{"f": {"int": 0}}`), typ.Alloc()
	for _, v := range []any{nil, 7, int64(0)} {
		got.SetAny(v)
		if err := Diff(typ, want, got, NullZero); err == nil {
			t.Errorf("int 0 came back as %v (%T), which is equal modulo NullZero", v, v)
		}
	}
}

func TestGetter(t *testing.T) {
	typ := typeOf(t, `{"type": "record", "name": "R", "fields": [
		{"name": "id", "type": "long"}, {"name": "note", "type": ["null", "string"]}, {"name": "list", "type": {"type": "array", "items": "int"}},
		{"name": "in", "type": ["null", {"type": "record", "name": "In", "fields": [{"name": "ok", "type": "boolean"}, {"name": "any", "type": ["int", "string"]}]}]}]}`)
	r := read(t, typ, `{"id": -2, "note": "hi", "list": [], "in": {"ok": true, "any": "s"}}`)
	empty := read(t, typ, `{"id": 0, "note": null, "list": [], "in": null}`)
	minusTwo := int64(-2)
	for _, tt := range []struct {
		path string
		num  uint64
		text string
		null bool // in empty
	}{
		{path: "id", num: uint64(minusTwo)},
		{path: "note", text: "hi", null: true},
		{path: "in.ok", num: 1, null: true},
		{path: "in.any", text: "s", null: true},
	} {
		get, err := Getter(typ, tt.path)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := get(r); err != nil || v.Num != tt.num || v.Text != tt.text {
			t.Errorf("%s: got %v, %v", tt.path, v, err)
		}
		if v, err := get(empty); err != nil || (v.Node == nil) != tt.null {
			t.Errorf("%s of an empty record: got %v, %v, want null %v", tt.path, v, err, tt.null)
		}
	}
	for path, want := range map[string]string{
		"nope":  `field nope: R has no field "nope": there are id, note, list, in`,
		"in.no": `field in.no: In has no field "no": there are ok, any`,
		"list":  `field list is an array and has no single value`,
		"in":    `field in is a record and has no single value`,
		"id.x":  `field id.x: long has no field "x"`,
	} {
		if _, err := Getter(typ, path); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", path, err, want)
		}
	}
}

// Branches that Go would have one type for are told apart by the type that the any has.
func TestAlike(t *testing.T) {
	branches := func(n int, kind string) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf(`{"type": %q, "name": "T%d", "symbols": ["A", "B"], "size": 2}`, kind, i)
		}
		return strings.Join(list, ", ")
	}
	values := map[string]string{"enum": "B", "fixed": "xy"}
	for kind, value := range values {
		typ := fieldType(t, `["string", `+branches(schemas.MostAlike, kind)+`, "null"]`)
		union, seen := typ.Fields[0].Type, map[reflect.Type]bool{}
		for i := range schemas.MostAlike {
			text := fmt.Sprintf(`{"f":{"T%d":%q}}`, i, value)
			r := read(t, typ, text)
			if got, want := reflect.TypeOf(r.Any()), union.Node.Held(i+1); got != want || seen[got] {
				t.Errorf("%s: the any holds a %v, want %v, which no other branch has", text, got, want)
			}
			seen[reflect.TypeOf(r.Any())] = true
			if got, err := AppendJSON(nil, typ, r); string(got) != text || err != nil {
				t.Errorf("%s came back as %s, error %v", text, got, err)
			}
			other := read(t, typ, fmt.Sprintf(`{"f":{"T%d":%q}}`, (i+1)%schemas.MostAlike, value))
			if err := Diff(typ, r, other); err == nil || err.Error() != fmt.Sprintf("f: got T%d, want T%d", (i+1)%schemas.MostAlike, i) {
				t.Errorf("%s against the next branch: got difference %v", text, err)
			}
			if err := Diff(typ, r, other, Branch); err != nil {
				t.Errorf("%s against the next branch, modulo Branch: got difference %v", text, err)
			}
			b, err := AppendAvro(nil, typ, r)
			if err != nil || b[0] != byte(2*(i+1)) {
				t.Errorf("%s: got bytes %x, error %v, want branch %d", text, b, err, i+1)
			}
			again := typ.Alloc()
			if rest, err := ReadAvro(typ, b, again); err != nil || len(rest) > 0 || Diff(typ, r, again) != nil {
				t.Errorf("%s came back from Avro with difference %v, error %v", text, Diff(typ, r, again), err)
			}
		}
		s, err := schemas.Parse("x.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "f", "type": [`+branches(schemas.MostAlike+1, kind)+`]}]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Of(s); !errors.Is(err, schemas.ErrUnsupported) || err.Error() != "R: f: a union has more than 8 enums, or fixed of one size: not supported" {
			t.Errorf("one %s too many: got error %v", kind, err)
		}
	}
	first := fieldType(t, `["string", {"type": "enum", "name": "E", "symbols": ["A"]}, {"type": "fixed", "name": "F", "size": 2}]`)
	for text, want := range map[string]any{`{"f":{"E":"A"}}`: schemas.Symbol("A"), `{"f":{"F":"xy"}}`: [2]byte{'x', 'y'}} {
		if got := read(t, first, text).Any(); got != want {
			t.Errorf("%s: the any holds %T %v, want %T %v", text, got, got, want, want)
		}
	}
}

func TestSameGoType(t *testing.T) {
	// Records of equal fields are different types, the empty ones too.
	typ := fieldType(t, `[{"type": "record", "name": "A", "fields": []}, {"type": "record", "name": "B", "fields": []}]`)
	if got, err := Marshal(typ, typ.Value(read(t, typ, `{"f": {"B": {}}}`)).Addr().Interface()); err != nil || string(got) != `{"f":{"B":{}}}` {
		t.Errorf("got %s, %v", got, err)
	}
}

// Branches whose value is one pointer lie in the any itself.
func TestPointerBranches(t *testing.T) {
	typ := fieldType(t, `["int", {"type": "map", "values": "int"}, {"type": "record", "name": "P", "fields": [{"name": "p", "type": ["null", "int"]}]}]`)
	for _, text := range []string{`{"f":{"map":{"a":1}}}`, `{"f":{"P":{"p":{"int":5}}}}`, `{"f":{"P":{"p":null}}}`, `{"f":{"int":9}}`} {
		got, err := AppendJSON(nil, typ, read(t, typ, text))
		if err != nil || string(got) != text {
			t.Errorf("got %s, %v, want %s", got, err, text)
		}
	}
}

func TestRefOfWrongType(t *testing.T) {
	typ := fieldType(t, `"int"`)
	for _, v := range []any{nil, 7, new(int), (*struct{})(nil), typ.Value(typ.Alloc()).Interface()} {
		if _, err := typ.Ref(v); err == nil {
			t.Errorf("%T is taken for a record", v)
		}
	}
}

func TestNaN(t *testing.T) {
	typ := fieldType(t, `"double"`)
	if got, want := math.Float64bits(read(t, typ, `{"f": "NaN"}`).Double()), uint64(0x7ff8000000000000); got != want {
		t.Errorf("got %x, want %x", got, want)
	}
}

func TestEntriesReuse(t *testing.T) {
	typ := fieldType(t, `{"type": "map", "values": "string"}`)
	m := typ.Fields[0].Type
	var e Entries
	for _, text := range []string{`{"f": {"b": "B", "a": "A"}}`, `{"f": {}}`, `{"f": {"c": "C"}}`} {
		r := read(t, typ, text)
		e.Load(m, r)
		if e.Len() != m.MapLen(r) {
			t.Errorf("%s: got %d entries", text, e.Len())
		}
		for i, key := range e.Keys {
			if got := e.Value(i).Text(); got != strings.ToUpper(key) {
				t.Errorf("%s: got %s: %s", text, key, got)
			}
		}
	}
	r := read(t, typ, `{"f": {"b": "B", "a": "A", "c": "C"}}`)
	if n := testing.AllocsPerRun(100, func() { e.Load(m, r) }); n != 0 {
		t.Errorf("Load of a map of 3 allocates %v times", n)
	}
}

func FuzzJSON(f *testing.F) {
	const text = `{"type": "record", "name": "R", "fields": [{"name": "a", "type": ["null", "R", "int", "double", {"type": "array", "items": "bytes"}]},
		{"name": "m", "type": {"type": "map", "values": "string"}}, {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["A"]}}]}`
	f.Add([]byte(`{"a": {"R": {"a": null, "m": {}, "e": "A"}}, "m": {"k": "v"}, "e": "A"}`))
	f.Add([]byte(`{"a": {"array": ["\u00ff"]}, "m": {}, "e": "A"}`))
	typ := typeOf(f, text)
	f.Fuzz(func(t *testing.T, in []byte) {
		r := typ.Alloc()
		if ParseJSON(typ, in, r) != nil {
			return
		}
		out, err := AppendJSON(nil, typ, r)
		if err != nil {
			t.Fatalf("%s: %v", in, err)
		}
		again := read(t, typ, string(out))
		if err := Diff(typ, r, again); err != nil {
			t.Errorf("%s came back as %s: %v", in, out, err)
		}
	})
}

func TestScalarJSON(t *testing.T) {
	for _, tt := range []struct {
		kind schemas.Kind
		num  uint64
		text string
		want string
	}{
		{schemas.Null, 0, "", "null"},
		{schemas.Boolean, 1, "", "true"},
		{schemas.Int, math.MaxUint64, "", "-1"},
		{schemas.Long, 1 << 63, "", "-9223372036854775808"},
		{schemas.Float, uint64(math.Float32bits(0.1)), "", "0.1"},
		{schemas.Double, math.Float64bits(math.Inf(-1)), "", `"-Infinity"`},
		{schemas.String, 0, "é\n", `"é\n"`},
		{schemas.String, 0, "\xff", `"ÿ"`},
		{schemas.Enum, 0, "A", `"A"`},
		{schemas.Bytes, 0, "é\x00", `"Ã©\u0000"`},
		{schemas.Fixed, 0, "ab", `"ab"`},
	} {
		if got := ScalarJSON(tt.kind, tt.num, tt.text); got != tt.want {
			t.Errorf("%v %d %q: got %s, want %s", tt.kind, tt.num, tt.text, got, tt.want)
		}
	}
}

// A nil pointer in an any is no value of the branch that it has the type of.
func TestNilInUnion(t *testing.T) {
	typ := fieldType(t, `["null", "R", "string"]`)
	bad, good := typ.Alloc(), typ.Alloc()
	bad.SetAny(reflect.Zero(reflect.PointerTo(typ.Go)).Interface())
	good.SetAny(typ.New())
	for name, err := range map[string]error{
		"Diff from":  Diff(typ, bad, good),
		"Diff to":    Diff(typ, good, bad),
		"AppendJSON": second(AppendJSON(nil, typ, bad)),
		"AppendAvro": second(AppendAvro(nil, typ, bad)),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), "f: ") {
			t.Errorf("%s: got error %v, want f: …", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
