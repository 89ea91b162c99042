package avro

import (
	"errors"
	"slices"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/schemas/access"
)

// skimmed returns a schema with every kind of type, and a record of it. With inside, a record is inside itself, so that a
// skim is all that stands before hamba.
func skimmed(inside bool) (schema, record string) {
	branch, value := `"bytes"`, `{"bytes": "b"}`
	if inside {
		branch, value = `"R"`, `{"R": {"b": false, "i": 1, "l": null, "s": "", "d": 0, "x": "cd", "e": "A", "list": [], "map": {"k": "v"}}}`
	}
	return `{"type": "record", "name": "R", "fields": [
		{"name": "b", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": ["null", "long"]},
		{"name": "s", "type": "string"}, {"name": "d", "type": "double"}, {"name": "x", "type": {"type": "fixed", "name": "X", "size": 2}},
		{"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["A", "B"]}},
		{"name": "list", "type": {"type": "array", "items": [` + branch + `, "float"]}}, {"name": "map", "type": {"type": "map", "values": "bytes"}}]}`,
		`{"b": true, "i": -70000, "l": {"long": 5000000000}, "s": "text", "d": 1.5, "x": "ab", "e": "B",
		"list": [{"float": 1}, ` + value + `], "map": {"a": "", "b": "y"}}`
}

// encoded returns a codec of the schema that skimmed returns, and the encoding of the record.
func encoded(t *testing.T, f codecs.Format, inside bool) (codecs.Codec, []byte) {
	t.Helper()
	schema, record := skimmed(inside)
	c, typ := codectest.Open(t, f, schema)
	v, native := typ.New(), codecs.NewRecord(c, typ)
	err := errors.Join(access.Unmarshal(typ, []byte(record), v), c.(codecs.Converter).FromStruct(native, v))
	if err != nil {
		t.Fatal(err)
	}
	src, err := c.Append(nil, native)
	if err != nil {
		t.Fatal(err)
	}
	return c, src
}

// integers are those that stand in the way of a reader: as long as can be, and longer, with all bits or with none.
var integers = [][]byte{
	{0x80, 0x80, 0x80, 0x80, 0x00}, {0x82, 0x80, 0x80, 0x80, 0x80, 0x00}, {0xff, 0xff, 0xff, 0xff, 0x7f}, {0x80, 0x80, 0x80, 0x80, 0x10},
	{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02},
	{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, {0x01}, {0x04},
}

// What a skim lets through the library reads to its end. After an error hamba would read on.
func TestSkimNoLaxer(t *testing.T) {
	for _, tt := range []struct {
		format codecs.Format
		inside bool
		skim   func(codecs.Codec, []byte) error
		read   func(codecs.Codec, []byte) error
	}{
		{Generic, true, func(c codecs.Codec, src []byte) error { return c.(*genericCodec).hostile.check(src) },
			func(c codecs.Codec, src []byte) error { return c.(*genericCodec).read(src, new(map[string]any)) }},
		{Twmb, false, func(c codecs.Codec, src []byte) error {
			return skimmer{src: src, exact: true}.whole(skimOf(c.(*taggedCodec).typ.Node))
		},
			func(c codecs.Codec, src []byte) error { return c.Decode(src, codecs.NewRecord(c, nil)) }},
	} {
		t.Run(tt.format.Name, func(t *testing.T) {
			c, src := encoded(t, tt.format, tt.inside)
			passed := 0
			withIntegers(src, func(in []byte) {
				if tt.skim(c, in) != nil {
					return
				}
				passed++
				if err := tt.read(c, in); err != nil {
					t.Errorf("%x passes, and then: %v", in, err)
				}
			})
			if passed < 100 {
				t.Errorf("%d inputs pass: too few to say anything", passed)
			}
		})
	}
}

// withIntegers calls f with src that has one of integers put into it, at each place, over more and more of what was there.
func withIntegers(src []byte, f func([]byte)) {
	for i := range src {
		for _, n := range integers {
			for over := range min(len(n), len(src)-i) + 1 {
				f(slices.Concat(src[:i], n, src[i+over:]))
			}
		}
	}
}
