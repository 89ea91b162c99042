package codectest

import (
	"slices"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
)

// Fuzz fuzzes the decoder of f on a small schema of every kind of type, with its records as seeds. What it accepts is a
// fixpoint, and it allocates no more than its format may.
func Fuzz(f *testing.F, format codecs.Format) {
	b := bind(f, format, fuzzed(f, format))
	if b == nil {
		f.Skipf("%s cannot carry the schema", format.Name)
	}
	for _, enc := range b.encoded {
		f.Add(enc)
	}
	h := b.newHostile(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		h.err, h.batch = nil, nil
		h.try(src, b.fixpoint)
		if err := h.flush(); err != nil {
			t.Fatal(err)
		}
	})
}

// fuzzed returns the richest of the subjects below that the format carries.
func fuzzed(tb reporter, f codecs.Format) subject {
	for _, s := range []subject{
		parsed(tb, fuzzSchema, fuzzRecords),
		dense(tb),
		parsed(tb, plainSchema, plainRecords),
	} {
		if bind(tb, f, s) != nil {
			return s
		}
	}
	streams := subjects(tb)
	slices.Reverse(streams) // the last have unions and collections
	for _, s := range streams {
		if bind(tb, f, s) != nil {
			return s
		}
	}
	return subject{}
}

const fuzzSchema = `{"type": "record", "name": "Fuzzed", "fields": [
	{"name": "b", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": ["null", "long"]},
	{"name": "s", "type": "string"}, {"name": "y", "type": ["bytes", "null"]}, {"name": "f", "type": "float"},
	{"name": "x", "type": {"type": "fixed", "name": "Three", "size": 3}},
	{"name": "e", "type": {"type": "enum", "name": "Suit", "symbols": ["HEARTS", "SPADES"]}},
	{"name": "list", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [
		{"name": "name", "type": "string"}, {"name": "price", "type": "double"}, {"name": "tags", "type": {"type": "array", "items": "int"}}]}}},
	{"name": "map", "type": {"type": "map", "values": ["null", "Item"]}},
	{"name": "u", "type": ["null", "boolean", "int", "string", "Item", {"type": "map", "values": "long"}, {"type": "array", "items": ["int", "string"]}]}]}`

var fuzzRecords = []string{
	`{"b": true, "i": -1, "l": {"long": 9223372036854775807}, "s": "héllo", "y": {"bytes": "\u0001"}, "f": 0.5, "x": "abc", "e": "SPADES",
		"list": [{"name": "n", "price": 1.5, "tags": [1, 2, 300]}], "map": {"k": {"Item": {"name": "", "price": -2, "tags": []}}}, "u": {"Item": {"name": "z", "price": 1, "tags": []}}}`,
	`{"b": false, "i": 2147483647, "l": null, "s": "", "y": null, "f": -1, "x": "\u0000\u0000\u0000", "e": "HEARTS", "list": [], "map": {}, "u": null}`,
	`{"b": false, "i": 1, "l": null, "s": "a", "y": {"bytes": ""}, "f": 0, "x": "xyz", "e": "HEARTS", "list": [], "map": {"": null}, "u": {"map": {"m": 5}}}`,
	`{"b": false, "i": 1, "l": null, "s": "a", "y": {"bytes": ""}, "f": 0, "x": "xyz", "e": "HEARTS", "list": [], "map": {}, "u": {"array": [{"int": 1}, {"string": "s"}]}}`,
	`{"b": false, "i": 1, "l": null, "s": "a", "y": {"bytes": ""}, "f": 0, "x": "xyz", "e": "HEARTS", "list": [], "map": {}, "u": {"int": 77}}`,
}

// dense returns the subject of fuzzSchema without null among the values of its map, for formats that have no form for it.
func dense(tb reporter) subject {
	texts := make([]string, len(fuzzRecords))
	for i, text := range fuzzRecords {
		text = strings.Replace(text, `{"k": {"Item": {"name": "", "price": -2, "tags": []}}}`, `{"k": {"name": "", "price": -2, "tags": []}}`, 1)
		texts[i] = strings.Replace(text, `{"": null}`, `{}`, 1)
	}
	return parsed(tb, strings.Replace(fuzzSchema, `"values": ["null", "Item"]`, `"values": "Item"`, 1), texts)
}

// plainSchema has no general union and no fixed, for formats that cannot carry them.
const plainSchema = `{"type": "record", "name": "Plain", "fields": [
	{"name": "b", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": ["null", "long"]},
	{"name": "s", "type": "string"}, {"name": "d", "type": "double"},
	{"name": "list", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [
		{"name": "name", "type": "string"}, {"name": "price", "type": "double"}]}}}]}`

var plainRecords = []string{
	`{"b": true, "i": -1, "l": {"long": 300}, "s": "héllo", "d": 1.5, "list": [{"name": "n", "price": 1.5}, {"name": "", "price": -0.0}]}`,
	`{"b": false, "i": 0, "l": null, "s": "", "d": 0, "list": []}`,
}
