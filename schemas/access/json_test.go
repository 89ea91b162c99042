package access

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// A text that is cut off, wherever it is, is said to be cut off: not to lack a field, nor to have a wrong one.
func TestCutOff(t *testing.T) {
	typ := typeOf(t, `{"type": "record", "name": "R", "fields": [{"name": "x", "type": "int"}, {"name": "y", "type": ["null", "string", "long"]},
		{"name": "a", "type": {"type": "array", "items": "boolean"}}, {"name": "m", "type": {"type": "map", "values": "double"}},
		{"name": "s", "type": {"type": "record", "name": "S", "fields": [{"name": "b", "type": "bytes"}]}}]}`)
	for _, text := range []string{
		`{"x": 1, "y": {"string": "é\n"}, "a": [true, false], "m": {"k": -1.5e3}, "s": {"b": "\u00ff"}}`,
		"{\n\t\"x\": 1,\n\t\"y\": 7, \"a\": [], \"m\": {}, \"s\": {\"b\": \"\"}\n}",
	} {
		read(t, typ, text)
		for n := range len(text) {
			const want = "the text ends within a value"
			cut := strings.ToValidUTF8(text[:n], "")
			if err := ParseJSON(typ, []byte(cut), typ.Alloc()); err == nil || err.Error() != want {
				t.Errorf("%s: got error %v, want %s", cut, err, want)
			}
		}
	}
}

// What is wrong with the text itself is said before anything else.
func TestSyntax(t *testing.T) {
	typ := fieldType(t, `"int"`)
	for text, want := range map[string]string{
		``:                 "the text ends within a value",
		` `:                "the text ends within a value",
		`{"f": 1} {}`:      "text after the value",
		`{"f": 1}}`:        "text after the value",
		`{"g": 1]`:         "invalid character ']'",
		`{"f": 01}`:        "invalid character '1'",
		`{"f": 1,}`:        "invalid character '}'",
		`{f: 1}`:           "invalid character 'f'",
		`{"f": 'x'}`:       "invalid character '\\''",
		"{\"f\": \"\n\"}":  "invalid character '\\n'",
		"\ufeff{\"f\": 1}": "invalid character 'ï'",
	} {
		if err := ParseJSON(typ, []byte(text), typ.Alloc()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got error %v, want %s", text, err, want)
		}
	}
}

// Errors show what they are about, but not all of a long text.
func TestLongInErrors(t *testing.T) {
	long := strings.Repeat("é", 100000)
	for _, tt := range []struct{ typ, in, want string }{
		{`"int"`, `"` + long + `"`, `f: "` + strings.Repeat("é", 20) + `…" is no int`},
		{`"int"`, `1` + strings.Repeat("0", 100000), `f: 1` + strings.Repeat("0", 39) + `… does not fit 32 bits`},
		{`"int"`, `1.` + strings.Repeat("0", 100000), `f: 1.` + strings.Repeat("0", 38) + `… is no integer`},
		{`"double"`, `1e` + strings.Repeat("9", 100000), `f: 1e` + strings.Repeat("9", 38) + `… does not fit a double`},
		{`{"type": "enum", "name": "E", "symbols": ["A"]}`, `"` + long + `"`, `f: "` + strings.Repeat("é", 20) + `…" is no symbol of E`},
		{`{"type": "record", "name": "S", "fields": []}`, `{"` + long + `": 1}`, `f: S has no field "` + strings.Repeat("é", 20) + `…"`},
		{`["null", "int", "boolean"]`, `"` + long + `"`, `f: "` + strings.Repeat("é", 19) + `… fits none of the branches null, int, boolean`},
		{`["null", "int", "boolean"]`, `[` + strings.Repeat("1, ", 100000) + `1]`, `f: [` + strings.Repeat("1, ", 13) + `… fits none of the branches null, int, boolean`},
		{`["null", "int", "boolean"]`, `{"x": [1], "y": {}}`, `f: {"x": [1], "y": {}} fits none of the branches null, int, boolean`},
		{`["bytes", "string"]`, `"` + strings.Repeat("a", 100000) + `"`, `f: "` + strings.Repeat("a", 39) + `… fits the branches bytes and string: tag it, as {"bytes": …}`},
	} {
		typ := fieldType(t, tt.typ)
		if err := ParseJSON(typ, []byte(`{"f": `+tt.in+`}`), typ.Alloc()); err == nil || err.Error() != tt.want {
			t.Errorf("%s of %s: got error %.300v, want %s", shortened(tt.in), tt.typ, err, tt.want)
		}
	}
}

// Memory is a small multiple of the text, whatever its shape: nothing is copied once for each level.
func TestMemory(t *testing.T) {
	long := strings.Repeat("x", 200000)
	nest := func(n int, before, in, after string) string {
		return strings.Repeat(before, n) + in + strings.Repeat(after, n)
	}
	for _, tt := range []struct{ name, typ, text string }{
		{"tagged", `{"type": "record", "name": "R", "fields": [{"name": "s", "type": "string"}, {"name": "a", "type": ["null", "R"]}]}`,
			nest(490, `{"s": "", "a": {"R": `, `{"s": "`+long+`", "a": null}`, `}}`)},
		{"bare", `{"type": "record", "name": "R", "fields": [{"name": "s", "type": "string"}, {"name": "a", "type": ["null", "R", "int"]}]}`,
			nest(490, `{"s": "", "a": `, `{"s": "`+long+`", "a": 7}`, `}`)},
		{"arrays", `{"type": "record", "name": "R", "fields": [{"name": "s", "type": "string"}, {"name": "a", "type": {"type": "array", "items": "R"}}]}`,
			nest(490, `{"s": "", "a": [`, `{"s": "`+long+`", "a": []}`, `]}`)},
		{"maps of unions", `{"type": "record", "name": "R", "fields": [{"name": "s", "type": "string"}, {"name": "a", "type": {"type": "map", "values": ["R", "long"]}}]}`,
			nest(300, `{"s": "", "a": {"k": {"R": `, `{"s": "`+long+`", "a": {}}`, `}}}`)},
		{"many elements", `{"type": "record", "name": "R", "fields": [{"name": "a", "type": {"type": "array", "items": ["null", "long"]}}]}`,
			`{"a": [` + strings.Repeat(`{"long": 7}, `, 50000) + `null]}`},
		{"a wrong tag at the bottom", `{"type": "record", "name": "R", "fields": [{"name": "a", "type": ["null", "R", {"type": "map", "values": "string"}, "int"]}]}`,
			nest(300, `{"a": {"R": `, `{"a": {"long": "`+long+`", "x": 7}}`, `}}`)},
	} {
		typ := typeOf(t, tt.typ)
		r := typ.Alloc()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := ParseJSON(typ, []byte(tt.text), r)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 12*uint64(len(tt.text)) {
			t.Errorf("%s: reading %d bytes took %d bytes of memory", tt.name, len(tt.text), used)
		}
		if wrong := strings.HasPrefix(tt.name, "a wrong"); (err != nil) != wrong {
			t.Errorf("%s: got error %.300v", tt.name, err)
		}
	}
}

// Unions without tags can be read in exponentially many ways: the reader gives up.
func TestTooManyWays(t *testing.T) {
	typ := typeOf(t, `{"type": "record", "name": "A", "fields": [{"name": "x", "type": ["null", "A",
		{"type": "record", "name": "B", "fields": [{"name": "x", "type": ["null", "A", "B"]}]}]}]}`)
	text := strings.Repeat(`{"x": `, 60) + "7" + strings.Repeat(`}`, 60)
	if err := ParseJSON(typ, []byte(text), typ.Alloc()); err == nil || !strings.HasSuffix(err.Error(), errWork.Error()) {
		t.Errorf("got error %.200v, want … %v", err, errWork)
	}
	tagged := strings.Repeat(`{"x": {"B": `, 60) + `{"x": null}` + strings.Repeat(`}}`, 60)
	if err := ParseJSON(typ, []byte(tagged), typ.Alloc()); err != nil {
		t.Errorf("with tags: %v", err)
	}
}

// Plain JSON, as profiles have it: the first branch that is not null.
func TestParseLiteral(t *testing.T) {
	for _, tt := range []struct{ typ, in, want, wantErr string }{
		{typ: `["null", "int"]`, in: `3`, want: `{"int":3}`},
		{typ: `["null", "int"]`, in: `null`, want: `null`},
		{typ: `["null", "int"]`, in: `{"int": 3}`, wantErr: `f: an object is no int`},
		{typ: `["long", "int"]`, in: `3`, want: `{"long":3}`},
		{typ: `["int", "string", "null"]`, in: `"x"`, wantErr: `f: "x" is no int`},
		{typ: `["null"]`, in: `1`, wantErr: `f: 1 fits none of the branches null`},
		{typ: `["int"]`, in: `null`, wantErr: `f: null is no int`},
		{typ: `{"type": "array", "items": ["null", {"type": "map", "values": ["string", "null"]}]}`, in: `[null, {"a": "b", "c": null}]`,
			want: `[null,{"map":{"a":{"string":"b"},"c":null}}]`},
		{typ: `["null", "R"]`, in: `{"f": {"f": null}}`, want: `{"R":{"f":{"R":{"f":null}}}}`},
		{typ: `["null", "R"]`, in: `{"g": 1}`, wantErr: `f: R has no field "g": there are f`},
		{typ: `"bytes"`, in: `"\u00ff"`, want: `"ÿ"`},
	} {
		typ := fieldType(t, tt.typ)
		r := typ.Alloc()
		err := ParseLiteral(typ, []byte(`{"f": `+tt.in+`}`), r)
		got := ""
		if err == nil {
			var text []byte
			text, err = AppendJSON(nil, typ, r)
			got = string(text)
		}
		switch {
		case tt.wantErr != "" && (err == nil || err.Error() != tt.wantErr):
			t.Errorf("%s of %s: got %s, error %v, want error %s", tt.in, tt.typ, got, err, tt.wantErr)
		case tt.wantErr == "" && (err != nil || got != `{"f":`+tt.want+`}`):
			t.Errorf("%s of %s: got %s, error %v, want %s", tt.in, tt.typ, got, err, tt.want)
		}
	}
}

// The cursor cuts texts as encoding/json does.
func TestCursor(t *testing.T) {
	for _, text := range []string{
		`{"a\"b": [1, -2.5e-3, "\\", "\\\"", ""], "": {}, "c": null, "d": [[], [true, false]]}`,
		"[\t\"\\u00e9\\/\\ud83d\\ude00\"\r\n,0 ]", `"\\\\\""`, `-0`, `null`,
	} {
		var want []string
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		for {
			tok, err := dec.Token()
			if err != nil {
				break
			}
			want = append(want, fmt.Sprint(tok))
		}
		if err := checkText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		c := cursor{text: []byte(text + " ")}
		var got []string
		for c.at < len(text) {
			tok := c.token()
			switch tok[0] {
			case '"':
				got = append(got, unquoted(tok))
			case 'n':
				got = append(got, "<nil>")
			default:
				got = append(got, string(tok))
			}
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
		c.at = 0
		if c.skip(); c.at != len(text) {
			t.Errorf("%s: skip ends at %d, want %d", text, c.at, len(text))
		}
	}
}
