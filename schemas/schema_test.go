package schemas

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	hamba "github.com/hamba/avro/v2"
	"github.com/twmb/avro"
)

// record wraps fields in a record, one field a line from line 2 on.
func record(fields ...string) string {
	return `{"type": "record", "name": "R", "namespace": "n", "fields": [` + "\n" + strings.Join(fields, ",\n") + "\n]}"
}

func TestGoTypes(t *testing.T) {
	for _, tt := range []struct{ field, want string }{
		{`"null"`, "struct {}"},
		{`"boolean"`, "bool"},
		{`"int"`, "int32"},
		{`{"type": "int", "logicalType": "date"}`, "int32"},
		{`"long"`, "int64"},
		{`"float"`, "float32"},
		{`"double"`, "float64"},
		{`"bytes"`, "[]uint8"},
		{`"string"`, "string"},
		{`{"type": "fixed", "name": "F", "size": 3}`, "[3]uint8"},
		{`{"type": "enum", "name": "E", "symbols": ["A"]}`, "string"},
		{`{"type": "array", "items": ["null", "int"]}`, "[]*int32"},
		{`{"type": "map", "values": {"type": "array", "items": "bytes"}}`, "map[string][][]uint8"},
		{`["null", "long"]`, "*int64"},
		{`["long", "null"]`, "*int64"},
		{`["long"]`, "interface {}"},
		{`["null"]`, "interface {}"},
		{`["null", "long", "string"]`, "interface {}"},
		{`["null", "R"]`, "interface {}"},
		{`{"type": "array", "items": "R"}`, "[]interface {}"},
		{`{"type": "map", "values": "n.R"}`, "map[string]interface {}"},
	} {
		s, err := Parse("x.avsc", []byte(record(`{"name": "f", "type": `+tt.field+`}`)), "")
		if err != nil {
			t.Errorf("%s: %v", tt.field, err)
			continue
		}
		if got := s.Root.Fields[0].Type.Go.String(); got != tt.want {
			t.Errorf("%s: got Go type %s, want %s", tt.field, got, tt.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"unknown type", record(`{"name": "a", "type": "int"}`, `{"name": "attrs", "type": "int33"}`), `x.avsc:3: $.fields[1].type: unknown type "int33": did you mean "int"?`},
		{"case of a name", record(`{"name": "a", "type": {"type": "fixed", "name": "Abc", "size": 1}}`, `{"name": "b", "type": "abc"}`), `x.avsc:3: $.fields[1].type: unknown type "abc": did you mean "n.Abc"?`},
		{"used before defined", record(`{"name": "a", "type": "E"}`, `{"name": "b", "type": {"type": "enum", "name": "E", "symbols": ["A"]}}`), `x.avsc:2: $.fields[0].type: unknown type "E": it is defined in line 3 only, behind its use`},
		{"no name", `{"type": "record", "fields": []}`, `x.avsc:1: $: the record has no "name"`},
		{"no fields", `{"type": "record", "name": "R"}`, `x.avsc:1: $: record R has no list "fields"`},
		{"bad name", `{"type": "record", "name": "1R", "fields": []}`, `x.avsc:1: $.name: invalid name "1R": letters, digits and _ only, not a digit first`},
		{"bad namespace", `{"type": "record", "name": "R", "namespace": "a..b", "fields": []}`, `x.avsc:1: $.namespace: invalid namespace "a..b"`},
		{"primitive name", `{"type": "record", "name": "int", "fields": []}`, `x.avsc:1: $.name: "int" is the name of a primitive type`},
		{"field twice", record(`{"name": "a", "type": "int"}`, `{"name": "a", "type": "int"}`), `x.avsc:3: $.fields[1]: field a is defined twice, first in line 2`},
		{"type twice", record(`{"name": "a", "type": {"type": "fixed", "name": "F", "size": 1}}`, `{"name": "b", "type": {"type": "fixed", "name": "F", "size": 1}}`), `x.avsc:3: $.fields[1].type.name: n.F is defined twice, first in line 2`},
		{"no field type", record(`{"name": "a"}`), `x.avsc:2: $.fields[0]: a field is an object with "name" and "type"`},
		{"no symbols", record(`{"name": "a", "type": {"type": "enum", "name": "E", "symbols": []}}`), `x.avsc:2: $.fields[0].type: enum n.E has no "symbols"`},
		{"symbol twice", record(`{"name": "a", "type": {"type": "enum", "name": "E", "symbols": ["A", "A"]}}`), `x.avsc:2: $.fields[0].type.symbols[1]: symbol "A" stands twice`},
		{"bad symbol", record(`{"name": "a", "type": {"type": "enum", "name": "E", "symbols": ["A", "a.b"]}}`), `x.avsc:2: $.fields[0].type.symbols[1]: invalid symbol "a.b": letters, digits and _ only, not a digit first`},
		{"symbol is a number", record(`{"name": "a", "type": {"type": "enum", "name": "E", "symbols": [1]}}`), `x.avsc:2: $.fields[0].type.symbols[0]: invalid name 1`},
		{"aliases are no list", record(`{"name": "a", "type": "int", "aliases": "b"}`), `x.avsc:2: $.fields[0].aliases: "aliases" is a list of names, not "b"`},
		{"alias is a number", record(`{"name": "a", "type": "int", "aliases": [1]}`), `x.avsc:2: $.fields[0].aliases[0]: invalid name 1`},
		{"precision of 62 bits", record(`{"name": "a", "type": {"type": "bytes", "logicalType": "decimal", "precision": 4611686018427387904}}`), `x.avsc:2: $.fields[0].type.precision: "precision" of a decimal is 4611686018427387904, more than 32 bits hold`},
		{"scale of 70 bits", record(`{"name": "a", "type": {"type": "fixed", "name": "F", "size": 9, "logicalType": "decimal", "precision": 4, "scale": 1180591620717411303424}}`), `x.avsc:2: $.fields[0].type.scale: "scale" of a decimal is 1180591620717411303424, more than 32 bits hold`},
		{"odd UTF-16", "\xff\xfe{\x00}", `x.avsc:1: $: it is UTF-16, but of an odd number of bytes`},
		{"UTF-16 cut off", "{\x00", `x.avsc:1: $: the text ends within a value`},
		{"enum default", record(`{"name": "a", "type": {"type": "enum", "name": "E", "symbols": ["A"], "default": "B"}}`), `x.avsc:2: $.fields[0].type.default: the default "B" is none of the symbols`},
		{"no size", record(`{"name": "a", "type": {"type": "fixed", "name": "F"}}`), `x.avsc:2: $.fields[0].type: fixed n.F needs a "size" from 0 to 1048576`},
		{"no items", record(`{"name": "a", "type": {"type": "array"}}`), `x.avsc:2: $.fields[0].type: the array has no "items"`},
		{"union in union", record(`{"name": "a", "type": ["null", ["int"]]}`), `x.avsc:2: $.fields[0].type[1]: a union stands directly in a union`},
		{"branch twice", record(`{"name": "a", "type": ["int", "int"]}`), `x.avsc:2: $.fields[0].type[1]: the union has two branches of type int`},
		{"type is a number", record(`{"name": "a", "type": 7}`), `x.avsc:2: $.fields[0].type: a type is a name, an object or an array, not 7`},
		{"default", record(`{"name": "a", "type": "int", "default": "x"}`), `x.avsc:2: $.fields[0].default: default of field a: "x" is no int`},
		{"default of a record", record(`{"name": "a", "type": {"type": "record", "name": "S", "fields": [{"name": "b", "type": "long"}]}, "default": {}}`), `x.avsc:2: $.fields[0].default: default of field a: field b is missing and has no default`},
		{"java-array", record(`{"name": "a", "type": {"type": "array", "items": "int", "java-array": 1}}`), `x.avsc:2: $.fields[0].type.java-array: "java-array" is true or false, not 1`},
		{"cut off", `{"type": "record",` + "\n" + `"name": `, `x.avsc:2: $.name: the text ends within a value`},
		{"two values", `{"type": "record", "name": "R", "fields": []} {}`, `x.avsc:1: $: text after the schema`},
		{"empty", ``, `x.avsc:1: $: the text ends within a value`},
		{"no record", `["int", "string"]`, `x.avsc:1: $: the schema is a union: only a record can be measured`},
		{"an int", `"int"`, `x.avsc:1: $: the schema is an int: only a record can be measured`},
		{"an array", `{"type": "array", "items": {"type": "record", "name": "A", "fields": []}}`, `x.avsc:1: $: the schema is an array: choose one of its records with --type: A`},
		{"many records", `[{"type": "record", "name": "A", "fields": []},` + "\n" + `{"type": "record", "name": "B", "fields": []}]`, `x.avsc:1: $: the schema is a union: choose one of its records with --type: A, B`},
		{"too deep", strings.Repeat("[", 100000), `x.avsc:1: $[0][0][0][0][0][0][0][0][0][0][0][0][0]…: nested more than 500 deep`},
		{"name over lines", "{\"type\": \"record\", \"name\": {\n\"x\":\n1}}", `x.avsc:1: $.name: invalid name { "x": 1}: letters`},
		{"default over lines", record("{\"name\": \"a\", \"type\": \"int\", \"default\": {\n\"x\": 1}}"), `x.avsc:2: $.fields[0].default: default of field a: { "x": 1} is no int`},
		{"long default", record(`{"name": "a", "type": "int", "default": "` + strings.Repeat("é", 1000) + `"}`), `default of field a: "` + strings.Repeat("é", 59) + `… is no int`},
		{"order", record(`{"name": "a", "type": "int", "order": "sideways"}`), `x.avsc:2: $.fields[0].order: "order" is ascending, descending or ignore, not "sideways"`},
		{"profile beside a name", record(`{"name": "a", "type": {"type": "fixed", "name": "F", "size": 1}}`, `{"name": "b", "type": {"type": "F", "profile": {"const": "x"}}}`), `x.avsc:3: $.fields[1].type.profile: "profile" beside the name of a defined type: put it on the field or into the definition of F`},
		{"open comment", `{"type": "record", "name": "R", "fields": []}` + "\n /* never", `x.avsc:2: $: text after the schema`},
		{"key over lines", `{"a\nb": {"x": 1 2}}`, `x.avsc:1: $["a\nb"]: invalid character '2'`},
	} {
		_, err := Parse("x.avsc", []byte(tt.src), "")
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %s", tt.name, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the error has several lines: %v", tt.name, err)
		}
		if pe := (*ParseError)(nil); err != nil && !errors.As(err, &pe) {
			t.Errorf("%s: %T is no *ParseError", tt.name, err)
		}
	}
}

// Schemas of unusual size are read, or refused, in time that grows with it: none may seem to hang.
func TestLarge(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	twice := func(n int, typ string) string {
		text := `[{"type": "record", "name": "D0", "fields": [{"name": "x", "type": "long"}]}`
		for i := range n {
			text += fmt.Sprintf(`, {"type": "record", "name": "D%d", "fields": [{"name": "a", "type": `+typ+`}, {"name": "b", "type": `+typ+`}]}`, i+1, i, i)
		}
		return text + "]"
	}
	for _, tt := range []struct{ name, typ, src, want string }{
		{"50000 fields", "", record(many(50000, `{"name": "f%d", "type": "int"},`)), ""},
		{"1 GB of fixed", "", record(`{"name": "a", "type": {"type": "fixed", "name": "F", "size": 1048576}}`, many(1000, `{"name": "f%d", "type": "F"},`)),
			"x.avsc:1: $: record n.R: its Go struct would take 1049624576 bytes, more than 67108864"},
		{"2^40 records", "D40", twice(40, `"D%d"`), "x.avsc:1: $[40]: record D40 has, with the records in it, 262144 fields and more: no Go struct"},
		{"2^40 optional records", "D40", twice(40, `["null", "D%d"]`), "x.avsc:1: $[40]: record D40 has, with"},
		{"2^40 records in unions", "D40", twice(40, `["int", "D%d", "string"]`), "x.avsc:1: $[40]: record D40 has, with"},
		{"100000 symbols", "", record(`{"name": "a", "type": {"type": "enum", "name": "E", "symbols": [` + many(100000, `"S%d",`) + `]}}`), ""},
		{"default of 100000 entries", "", record(`{"name": "a", "type": {"type": "map", "values": "int"}, "default": {` + many(100000, `"k%d": 1,`) + `}}`), ""},
		{"default of many ways", "", `{"type": "record", "name": "A", "fields": [
			{"name": "x", "type": ["null", "A", {"type": "record", "name": "B", "fields": [{"name": "x", "type": ["null", "A", "B"]}]}]},
			{"name": "d", "type": ["null", "A", "B"], "default": ` + strings.Repeat(`{"x": `, 100) + "7" + strings.Repeat("}", 100) + `}]}`,
			`x.avsc:3: $.fields[1].default: default of field d: {"x": {"x"`},
	} {
		_, err := Parse("x.avsc", []byte(tt.src), tt.typ)
		if err == nil != (tt.want == "") || err != nil && !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %s", tt.name, err, tt.want)
		}
	}
}

// What Java's reader takes, and what it passes over, is no error here: no record's bytes depend on it.
func TestAsJava(t *testing.T) {
	enum := `{"type": "enum", "name": "E", "symbols": ["A"]`
	fixed := `{"type": "fixed", "name": "F", "size": 2}`
	for _, tt := range []struct {
		name, src string
		warnings  []string
	}{
		{"alias with a blank", record(`{"name": "a", "type": "string", "aliases": ["my a", "b"]}`), []string{`x.avsc:2: $.fields[0].aliases[0]: the alias "my a" is no name: it is ignored`}},
		{"alias of a type", record(`{"name": "a", "type": {"type": "fixed", "name": "F", "size": 1, "aliases": ["1F"]}}`), []string{`x.avsc:2: $.fields[0].type.aliases[0]: the alias "1F" is no name: it is ignored`}},
		{"alias without a namespace", `{"type": "record", "name": "R", "namespace": "n", "aliases": [".Q", "P", "m.O"], "fields": []}`, nil},
		{"enum default null", record(`{"name": "a", "type": ` + enum + `, "default": null}}`), []string{`x.avsc:2: $.fields[0].type.default: the default null of enum n.E is no symbol: it is ignored`}},
		{"enum default number", record(`{"name": "a", "type": ` + enum + `, "default": 7}}`), []string{`x.avsc:2: $.fields[0].type.default: the default 7 of enum n.E is no symbol: it is ignored`}},
		{"empty union", record(`{"name": "a", "type": {"type": "array", "items": []}}`), nil},
		{"empty union as a field", record(`{"name": "a", "type": []}`), nil},
		{"double in quotes", record(`{"name": "a", "type": "double", "default": "1.5"}`, `{"name": "b", "type": "float", "default": " -1e400"}`), nil},
		{"fixed default of another length", record(`{"name": "a", "type": ` + fixed + `, "default": "abc"}`), []string{`x.avsc:2: $.fields[0].default: default of field a: "abc" is no n.F: it is ignored`}},
		{"bytes default of no bytes", record(`{"name": "a", "type": ["int", "bytes"], "default": "Ā"}`), []string{`x.avsc:2: $.fields[0].default: default of field a: "Ā" is no union: it is ignored`}},
		{"default of no symbol", record(`{"name": "a", "type": {"type": "array", "items": ` + enum + `}}, "default": ["B"]}`), []string{`x.avsc:2: $.fields[0].default: default of field a: [0]: "B" is no n.E: it is ignored`}},
		{"type twice", record(`{"name": "a", "type": "int", "type": "string"}`), []string{`x.avsc:2: $.fields[0]: "type" stands twice: the last one counts, as in Java`}},
		{"name twice", `{"name": "Q", "type": "record", "fields": [{"name": "a", "type": "string"}], "namespace": "n", "name": "R"}`, []string{`x.avsc:1: $: "name" stands twice: the last one counts, as in Java`}},
	} {
		s, err := Parse("x.avsc", []byte(tt.src), "")
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if !slices.Equal(s.Warnings, tt.warnings) || s.Name != "n.R" {
			t.Errorf("%s: got %s, warnings %q, want n.R, %q", tt.name, s.Name, s.Warnings, tt.warnings)
		}
		again, err := Parse("x.avsc", []byte(s.Canonical()), "")
		if err != nil || again.Canonical() != s.Canonical() || again.Warnings != nil {
			t.Errorf("%s: the canonical form %s gives error %v, warnings %q", tt.name, s.Canonical(), err, again.Warnings)
		}
	}
	s, err := Parse("x.avsc", []byte(`{"type": "record", "name": "R", "namespace": "n", "aliases": [".Q", "P", "m.O"], "fields": []}`), "")
	if want := []string{"Q", "n.P", "m.O"}; err != nil || !slices.Equal(s.Root.Aliases, want) {
		t.Errorf("got aliases %q, error %v, want %q", s.Root.Aliases, err, want)
	}
	if s, err := Parse("x.avsc", []byte(record(`{"name": "a", "type": "int", "type": "string"}`)), ""); err != nil || s.Root.Fields[0].Type.Kind != String {
		t.Errorf("a type twice: got %v, error %v, want the last, string", s.Root.Fields[0].Type.Kind, err)
	}
}

// Text in UTF-16 is read, either end first, with a mark or without, and kept as UTF-8.
func TestUTF16(t *testing.T) {
	text := strings.Replace(treeSchema, `"Tree"`, `"Tree", "doc": "Bäume 🌳"`, 1)
	for name, order := range map[string]binary.AppendByteOrder{"big-endian": binary.BigEndian, "little-endian": binary.LittleEndian} {
		for _, mark := range []string{"", "\ufeff"} {
			var src []byte
			for _, c := range utf16.Encode([]rune(mark + text)) {
				src = order.AppendUint16(src, c)
			}
			s, err := Parse("x.avsc", src, "")
			if err != nil || s.Text != text || s.Root.Doc != "Bäume 🌳" {
				t.Errorf("%s, mark %q: got error %v, want the schema", name, mark, err)
			}
		}
	}
	half := []byte("\xff\xfe{\x00\"\x00\x00\xd8\"\x00:\x001\x00}\x00") // half of a surrogate pair
	if got, err := toUTF8(half); err != nil || string(got) != `{"�":1}` {
		t.Errorf("half of a pair: got %q, error %v", got, err)
	}
}

// Records nested by reference, each in the next: as deep as readers go, and no further. Memory does not grow with the
// square of what is refused.
func TestNesting(t *testing.T) {
	chain := func(n int, field string) string {
		var b strings.Builder
		b.WriteString(`[{"type": "record", "name": "D1", "fields": [{"name": "x", "type": "int"}]}`)
		for i := 2; i <= n; i++ {
			fmt.Fprintf(&b, `,{"type": "record", "name": "D%d", "fields": [{"name": "x", "type": `+field+`}]}`, i, i-1)
		}
		return b.String() + "]"
	}
	inside := `{"type": "record", "name": "A", "fields": [{"name": "r", "type": {"type": "record", "name": "B1", "fields": [{"name": "x", "type": "A"}]}}`
	for i := 2; i < 3000; i++ {
		inside += fmt.Sprintf(`, {"name": "r%d", "type": {"type": "record", "name": "B%d", "fields": [{"name": "x", "type": "B%d"}]}}`, i, i, i-1)
	}
	for _, tt := range []struct{ name, typ, src, want string }{
		{"1000 records", "D1000", chain(20000, `"D%d"`), ""},
		{"1001 records", "D1001", chain(20000, `"D%d"`), "x.avsc:1: $[1000]: record D1001 has values nested more than 1000 deep"},
		{"20000 records", "D20000", chain(20000, `"D%d"`), "x.avsc:1: $[19999]: record D20000 has values nested more than 1000 deep"},
		{"333 arrays of nullable records", "D333", chain(400, `["null", {"type": "array", "items": "D%d"}]`), ""},
		{"335 arrays of nullable records", "D335", chain(400, `["null", {"type": "array", "items": "D%d"}]`), "x.avsc:1: $[334]: record D335 has values nested more than 1000 deep"},
		{"from the middle of a cycle", "B1", inside + "]}", "x.avsc:1: $.fields[0].type: record B1 has values nested more than 1000 deep"},
		{"a deep record first met in a shallow place", "E", chain(990, `"D%d"`)[:len(chain(990, `"D%d"`))-1] +
			`, {"type": "record", "name": "E", "fields": [{"name": "a", "type": "D990"}, {"name": "b", "type": ` + strings.Repeat(`{"type": "array", "items": `, 20) + `"D990"` + strings.Repeat("}", 20) + `}]}]`,
			"x.avsc:1: $[990]: record E has values nested more than 1000 deep"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Parse("x.avsc", []byte(tt.src), tt.typ)
		runtime.ReadMemStats(&after)
		if (err == nil) != (tt.want == "") || err != nil && err.Error() != tt.want {
			t.Errorf("%s: got error %.200v, want %s", tt.name, err, tt.want)
		}
		if used := after.TotalAlloc - before.TotalAlloc; err != nil && used > 100*uint64(len(tt.src)) {
			t.Errorf("%s: reading %d bytes took %d bytes of memory", tt.name, len(tt.src), used)
		}
	}
}

// A file without end is refused, and a pipe is read.
func TestReadText(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip(err)
	}
	if _, err := Load("/dev/zero", ""); err == nil || err.Error() != "/dev/zero: it has over 16 MB, more than is read of a schema or a profile" {
		t.Errorf("/dev/zero: got error %v", err)
	}
	if _, err := Load(t.TempDir(), ""); err == nil {
		t.Error("a folder: got no error")
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none.avsc"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: got error %v", err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	go func() {
		io.WriteString(w, treeSchema)
		w.Close()
	}()
	name := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if s, err := Load(name, ""); err != nil || s.Name != "Tree" || s.Dir != "/dev/fd" {
		t.Errorf("%s: got error %v, want the schema", name, err)
	}
}

// What is odd around a schema, and legal.
func TestAround(t *testing.T) {
	for _, src := range []string{
		"\ufeff" + treeSchema,
		"/*/ one comment */" + treeSchema + "// another",
		"//\n/**/" + treeSchema + "/***/\r\n",
		treeSchema + "//",
	} {
		if s, err := Parse("x.avsc", []byte(src), ""); err != nil || s.Name != "Tree" {
			t.Errorf("%.20q…: got error %v", src, err)
		}
	}
}

func TestType(t *testing.T) {
	src := `[{"type": "record", "name": "a.X", "fields": [{"name": "self", "type": ["null", "X"]}]},
		{"type": "record", "name": "b.X", "fields": [{"name": "other", "type": "a.X"}]}, {"type": "record", "name": "Y", "fields": []}]`
	for _, tt := range []struct{ typ, want, wantErr string }{
		{typ: "Y", want: "Y"},
		{typ: "b.X", want: "b.X"},
		{typ: "X", wantErr: `2 records are called "X": give the full name: a.X, b.X, Y`},
		{typ: "Z", wantErr: `no record is called "Z": there are a.X, b.X, Y`},
	} {
		s, err := Parse("x.avsc", []byte(src), tt.typ)
		switch {
		case err != nil && (tt.wantErr == "" || !strings.Contains(err.Error(), tt.wantErr)):
			t.Errorf("--type %s: got error %v, want %q", tt.typ, err, tt.wantErr)
		case err == nil && s.Name != tt.want:
			t.Errorf("--type %s: got %s, want %s", tt.typ, s.Name, tt.want)
		}
	}
}

func TestAnnotations(t *testing.T) {
	s, err := Parse("x.avsc", []byte(record(
		`{"name": "a", "type": {"type": "int", "java-class": "short", "profile": {"min": 1}}, "java-class": "byte", "profile": {"max": 2}}`,
		`{"name": "b", "type": {"type": "array", "items": "int", "java-array": true, "arg.properties": {"length": 3}}} /* a list */`,
		`{"name": "c", "type": {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}}`,
		`{"name": "d", "type": {"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 5}}`,
		`{"name": "e", "type": {"type": "long", "logicalType": "date"}}`,
		`{"name": "f", "type": {"type": "fixed", "name": "F", "size": 2, "logicalType": "decimal", "precision": 5}}`,
		`{"name": "g", "type": {"type": "int", "java-class": "java.lang.Short"}, "java-class": "java.lang.Byte"}`,
	)), "")
	if err != nil {
		t.Fatal(err)
	}
	f := s.Root.Fields
	for _, tt := range []struct{ what, got, want any }{
		{"java-class of the field", f[0].JavaClass, "byte"},
		{"java-class of the type", f[0].Type.JavaClass, "short"},
		{"a wrapper as java-class of the field", f[6].JavaClass, "byte"},
		{"a wrapper as java-class of the type", f[6].Type.JavaClass, "short"},
		{"profile of the field", string(f[0].Profile), `{"max": 2}`},
		{"profile of the type", string(f[0].Type.Profile), `{"min": 1}`},
		{"java-array", f[1].Type.JavaArray, true},
		{"arg.properties", string(f[1].Type.Args), `{"length": 3}`},
		{"decimal", f[2].Type.Logical, Decimal},
		{"scale", f[2].Type.Scale, 2},
		{"scale over precision", f[3].Type.Logical, NoLogical},
		{"date on long", f[4].Type.Logical, NoLogical},
		{"decimal too large for its fixed", f[5].Type.Logical, NoLogical},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.what, tt.got, tt.want)
		}
	}
}

// The canonical form is held against another library's, on schemas of every kind.
func TestCanonical(t *testing.T) {
	files, err := filepath.Glob("testdata/*.avsc")
	if err != nil || len(files) == 0 {
		t.Fatal("no schemas in testdata", err)
	}
	for _, file := range files {
		s, err := Load(file, "")
		if err != nil {
			t.Error(err)
			continue
		}
		want, err := avro.Parse(s.Text)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if s.Canonical() != string(want.Canonical()) {
			t.Errorf("%s: canonical form is %s, want %s", file, s.Canonical(), want.Canonical())
		}
	}
}

// Names without a namespace are given one for libraries where they stand in a record that has one, and nowhere else.
func TestQualified(t *testing.T) {
	for _, tt := range []struct{ src, want, namespace string }{
		{`{"type": "record", "name": "R", "fields": [{"name": "a", "type": {"type": "record", "name": "n.S", "fields": []}}]}`, "", ""},
		{`{"type": "record", "name": "n.R", "fields": [{"name": "a", "type": {"type": "record", "name": "S", "fields": []}}]}`, "", ""},
		{`{"type": "record", "name": "n.R", "fields": [{"name": "a", "type": {"type": "fixed", "name": "F", "namespace": "", "size": 1}}]}`,
			`{"name":"n.R","type":"record","fields":[{"name":"a","type":{"name":"none.F","type":"fixed","size":1}}]}`, "none"},
		{`{"type": "record", "name": "R", "fields": [{"name": "a", "type": {"type": "record", "name": "n.S", "fields": [{"name": "b", "type": ["null", "R"]}]}}]}`,
			`{"name":"none.R","type":"record","fields":[{"name":"a","type":{"name":"n.S","type":"record","fields":[{"name":"b","type":["null","none.R"]}]}}]}`, "none"},
		{`{"type": "record", "name": "none.R", "fields": [{"name": "a", "type": {"type": "map", "values": {"type": "enum", "name": "E", "namespace": "", "symbols": ["A"]}}}]}`,
			`{"name":"none.R","type":"record","fields":[{"name":"a","type":{"type":"map","values":{"name":"none_.E","type":"enum","symbols":["A"]}}}]}`, "none_"},
	} {
		s, err := Parse("x.avsc", []byte(tt.src), "")
		if err != nil {
			t.Fatal(err)
		}
		if tt.want == "" {
			tt.want = s.Canonical()
		}
		if got, namespace := s.Qualified(); got != tt.want || namespace != tt.namespace {
			t.Errorf("%s: got %s in %q, want %s in %q", tt.src, got, namespace, tt.want, tt.namespace)
		}
	}
}

func TestFingerprint(t *testing.T) {
	s, err := Parse("x.avsc", []byte(`{"type": "record", "name": "X", "fields": [{"name": "a", "type": "int"}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	h := hamba.MustParse(s.Text)
	want, err := h.FingerprintUsing(hamba.CRC64Avro)
	if err != nil {
		t.Fatal(err)
	}
	var got [8]byte
	for i := range got {
		got[i] = byte(s.Fingerprint() >> (56 - 8*i))
	}
	if string(got[:]) != string(want) {
		t.Errorf("got %x, want %x", got, want)
	}
}

type (
	tree struct {
		Value int32            `avro:"value"`
		Left  *tree            `avro:"left"`
		More  []tree           `avro:"more"`
		Any   any              `avro:"any"`
		Named map[string]*leaf `avro:"named"`
	}
	leaf struct {
		Kind string `avro:"kind"`
	}
)

const treeSchema = `{"type": "record", "name": "Tree", "fields": [
	{"name": "value", "type": "int"},
	{"name": "left", "type": ["null", "Tree"]},
	{"name": "more", "type": {"type": "array", "items": "Tree"}},
	{"name": "any", "type": ["null", "Tree", "string"]},
	{"name": "named", "type": {"type": "map", "values": ["null", {"type": "record", "name": "Leaf", "fields": [
		{"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["A"]}}]}]}}]}`

func TestBind(t *testing.T) {
	s, err := Parse("tree.avsc", []byte(treeSchema), "")
	if err != nil {
		t.Fatal(err)
	}
	if !s.Recursive() {
		t.Error("Recursive() is false")
	}
	inside := func(s *Schema) *Node { return s.Root.Fields[3].Type.Branches[1] }
	run := s.Root.Go
	if want := reflect.PointerTo(run); inside(s).Go != want {
		t.Errorf("a record inside itself, as a branch, is a %v at run time, want %v", inside(s).Go, want)
	}
	message := &Message{}
	declared := map[string]reflect.Type{"Tree": reflect.TypeFor[tree](), "Leaf": reflect.TypeFor[leaf]()}
	bound, err := Bind(s, declared, message)
	if err != nil {
		t.Fatal(err)
	}
	if !bound.Static || bound.Message != message || bound.Root.Go != reflect.TypeFor[tree]() || inside(bound).Go != bound.Root.Go {
		t.Errorf("bound: static %v, root %v, inside itself %v", bound.Static, bound.Root.Go, inside(bound).Go)
	}
	if inside(bound).Def != bound.Root || bound.Canonical() != s.Canonical() || bound.Text != s.Text {
		t.Errorf("bound: a record inside itself is one of %p, want %p; canonical form %s", inside(bound).Def, bound.Root, bound.Canonical())
	}
	if s.Static || s.Message != nil || s.Root.Go != run || inside(s).Go != reflect.PointerTo(run) {
		t.Errorf("Bind changed what it was given: static %v, root %v", s.Static, s.Root.Go)
	}
}

// What is wrong with declared types is said by the field's name. Bind gives nothing then.
func TestBindErrors(t *testing.T) {
	s, err := Parse("tree.avsc", []byte(treeSchema), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name       string
		tree, leaf reflect.Type
		want       string
	}{
		{"another type", reflect.TypeFor[tree](), reflect.TypeFor[struct {
			Kind int32 `avro:"kind"`
		}](), "Leaf.kind: the struct has Kind int32 `avro:\"kind\"`, want type string"},
		{"another name", reflect.TypeFor[tree](), reflect.TypeFor[struct {
			Kind string `avro:"kinds"`
		}](), "Leaf.kind: the struct has Kind string `avro:\"kinds\"`, want type string"},
		{"too few fields", reflect.TypeFor[struct {
			Value int32 `avro:"value"`
		}](), reflect.TypeFor[leaf](), "record Tree: struct { Value int32 \"avro:\\\"value\\\"\" } is no struct of 5 fields"},
		{"no struct", reflect.TypeFor[tree](), reflect.TypeFor[string](), "record Leaf: string is no struct of 1 fields"},
		{"none", reflect.TypeFor[tree](), nil, "record Leaf: <nil> is no struct of 1 fields"},
	} {
		got, err := Bind(s, map[string]reflect.Type{"Tree": tt.tree, "Leaf": tt.leaf}, nil)
		if err == nil || !strings.HasPrefix(err.Error(), "Tree: ") || !strings.Contains(err.Error(), tt.want) || got != nil {
			t.Errorf("%s: got %v, error %v, want %s", tt.name, got, err, tt.want)
		}
	}
}

// As and In leave the schema as it is.
func TestAsIn(t *testing.T) {
	s, err := Parse("tree.avsc", []byte(treeSchema), "")
	if err != nil {
		t.Fatal(err)
	}
	before := *s
	got := s.As("forest.Tree").In("dir")
	if got.Name != "forest.Tree" || got.Dir != "dir" || got.Root != s.Root {
		t.Errorf("got name %q, folder %q, root %p, want forest.Tree, dir, %p", got.Name, got.Dir, got.Root, s.Root)
	}
	if !reflect.DeepEqual(*s, before) {
		t.Errorf("As and In changed the schema: got %+v, want %+v", *s, before)
	}
}

func TestWalk(t *testing.T) {
	s, err := Parse("tree.avsc", []byte(treeSchema), "")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	s.Root.Walk(func(path string, n *Node) error {
		got = append(got, path+":"+n.Kind.String())
		return nil
	})
	want := []string{":record", "value:int", "left:union", "left:null", "left:record", "more:array", "more[]:record", "any:union", "any:null",
		"any|Tree:record", "any|string:string", "named:map", "named{}:union", "named{}:null", "named{}:record", "named{}.kind:enum"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(treeSchema))
	f.Add([]byte(record(`{"name": "a", "type": ["null", {"type": "array", "items": "R"}], "default": null}`)))
	f.Add([]byte(`/* c */ {"type": "enum", "name": "E", "symbols": ["A"], "default": "A"}`))
	f.Add([]byte(`"` + strings.Repeat("\xad", 1000) + `"`))
	f.Add([]byte(`{"type": "record", "name": "R", "fields": [{"name": "f", "type": {"type": "fixed", "name": "F", "size": 2}, "default": "ÿ\u0000", "order": "ignore"}]} // end`))
	f.Fuzz(func(t *testing.T, src []byte) {
		s, err := Parse("f.avsc", src, "")
		if err != nil {
			if line := err.Error(); strings.Contains(line, "\n") || len(line) > 1000+len(src) {
				t.Errorf("the error is not one line: %s", line)
			}
			return
		}
		again, err := Parse("f.avsc", []byte(s.Canonical()), "")
		if err != nil {
			t.Fatalf("%s: its canonical form: %v", src, err)
		}
		if got, want := again.Canonical(), s.Canonical(); got != want {
			t.Errorf("canonical form of %s is not stable: got %s", want, got)
		}
	})
}

// A long name is not copied for each value below it.
func TestLongPath(t *testing.T) {
	key, items := strings.Repeat("k", 20000), strings.Repeat("0,", 2000)
	text := `{"type": "record", "name": "R", "fields": [], "` + key + `": [` + items + `0]}`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Parse("r.avsc", []byte(text), "")
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 10<<20 || err != nil {
		t.Errorf("reading %d bytes took %d bytes of memory, error %v", len(text), used, err)
	}
	_, err = Parse("r.avsc", []byte(strings.Replace(text, "0]}", "0 0]}", 1)), "")
	if want := "r.avsc:1: $." + key + "["; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got error %.100v…, want %.100s…", err, want)
	}
}

func TestRecordNames(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.avsc")
	for _, tt := range []struct{ text, want string }{
		{`{"type": "record", "name": "A", "namespace": "n", "fields": [{"name": "b", "type": {"type": "record", "name": "m.B", "fields": []}},
			{"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["X"]}}, {"name": "a", "type": ["null", "A"]}]}`, "[n.A m.B] <nil>"},
		{`[{"type": "record", "name": "A", "fields": []}, {"type": "array", "items": {"type": "record", "name": "B", "fields": []}}]`, "[A B] <nil>"},
		{`"int"`, "[] <nil>"},
		{`{"type": "record"`, "[] " + file + ":1: $: the text ends within a value"},
	} {
		if err := os.WriteFile(file, []byte(tt.text), 0o666); err != nil {
			t.Fatal(err)
		}
		sources, err := ReadSources(file)
		if err != nil {
			t.Fatal(err)
		}
		names, err := RecordNames(sources)
		if got := fmt.Sprint(names, " ", err); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.text, got, tt.want)
		}
	}
	if _, err := ReadSources(file + ".nope"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: got %v", err)
	}
}
