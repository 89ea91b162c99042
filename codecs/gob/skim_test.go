package gob

import (
	"bytes"
	"slices"
	"testing"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// numbers stand in the way of a reader: at the ends of the ranges of types and behind them, and longer than they need be.
var numbers = [][]byte{
	{0x7f}, {0xff, 0x80}, {0xff, 0xff}, {0xfe, 0x01, 0x00}, {0xff, 0x00},
	{0xfc, 0xff, 0xff, 0xff, 0xff}, {0xfb, 0x01, 0x00, 0x00, 0x00, 0x00}, {0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	{0xf8, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01}, {0xf8, 0x00, 0x00, 0x00, 0xe0, 0xff, 0xff, 0xef, 0x47}, // the largest float
	{0xf8, 0x01, 0x00, 0x00, 0xe0, 0xff, 0xff, 0xef, 0x47}, {0xfe, 0xf0, 0x7f}, {0xf7, 0x00},
}

// What the skim lets through gob reads without an error.
func TestSkimNoLaxer(t *testing.T) {
	s, err := schemas.Parse("test.avsc", []byte(`{"type": "record", "name": "R", "fields": [
		{"name": "b", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": ["null", "long"]},
		{"name": "s", "type": "string"}, {"name": "f", "type": "float"}, {"name": "d", "type": "double"},
		{"name": "x", "type": {"type": "fixed", "name": "X", "size": 2}}, {"name": "u", "type": ["int", "string", "float", "null"]},
		{"name": "list", "type": {"type": "array", "items": ["X", "int"]}}, {"name": "fs", "type": {"type": "array", "items": "float"}},
		{"name": "is", "type": {"type": "array", "items": "int"}}, {"name": "map", "type": {"type": "map", "values": "bytes"}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	opened, err := open(s)
	if err != nil {
		t.Fatal(err)
	}
	c := opened.(*codec)
	v := c.typ.New()
	if err := access.Unmarshal(c.typ, []byte(`{"b": true, "i": -70000, "l": {"long": 5000000000}, "s": "text", "f": 0.5, "d": 1.5, "x": "ab",
		"u": {"float": 2}, "list": [{"X": "cd"}, {"int": 3}], "fs": [1, 2], "is": [3, 4], "map": {"a": "b"}}`), v); err != nil {
		t.Fatal(err)
	}
	src, err := c.Append(nil, v)
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for i := 1; i < len(src); i++ {
		for _, n := range numbers {
			for over := range min(len(n), len(src)-i) + 1 {
				in := slices.Concat(src[:i], n, src[i+over:])
				in[0] = byte(len(in) - 1)
				if c.types.record(in, nil) != nil {
					continue
				}
				passed++
				if err := c.reset(); err != nil {
					t.Fatal(err)
				}
				c.in = *bytes.NewReader(in)
				if err := c.dec.Decode(c.typ.New()); err != nil || c.in.Len() > 0 {
					t.Errorf("%x passes, and then: %v, %d bytes left", in, err, c.in.Len())
				}
			}
		}
	}
	if passed < 100 {
		t.Errorf("%d inputs pass: too few to say anything", passed)
	}
}
