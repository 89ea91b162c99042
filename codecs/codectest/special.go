package codectest

import (
	"errors"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// specials are schemas with records that formats without the types of Avro easily get wrong. Who cannot carry one refuses
// the schema.
var specials = []struct {
	schema  string
	records []string
}{
	{`{"type": "record", "name": "LongsInUnions", "fields": [
		{"name": "u", "type": ["null", "int", "long", "double", {"type": "array", "items": ["long", "string"]}, {"type": "map", "values": "long"},
			{"type": "record", "name": "Pair", "fields": [{"name": "l", "type": "long"}, {"name": "d", "type": "double"}]}]},
		{"name": "list", "type": {"type": "array", "items": ["long", "string"]}},
		{"name": "map", "type": {"type": "map", "values": ["string", "long"]}},
		{"name": "in", "type": {"type": "map", "values": {"type": "record", "name": "In", "fields": [{"name": "u", "type": ["string", "long"]}]}}},
		{"name": "opt", "type": ["null", "In"]}, {"name": "typed", "type": "long"}, {"name": "small", "type": ["int", "boolean"]}]}`, []string{
		`{"u": {"int": 1}, "list": [], "map": {}, "in": {}, "opt": null, "typed": 9007199254740993, "small": {"boolean": true}}`,
		`{"u": {"long": 9007199254740993}, "list": [{"long": 1}], "map": {"k": {"long": 2}}, "in": {"k": {"u": {"long": 3}}}, "opt": null, "typed": 1, "small": {"int": 3}}`,
		`{"u": {"double": 1.5}, "list": [{"long": -9223372036854775808}], "map": {"k": {"string": "s"}}, "in": {}, "opt": null, "typed": 1, "small": {"int": 3}}`,
		`{"u": {"array": [{"long": 9223372036854775807}, {"string": "9007199254740993"}]}, "list": [], "map": {}, "in": {}, "opt": null, "typed": 0, "small": {"int": -4}}`,
		`{"u": {"map": {"k": -9007199254740993}}, "list": [], "map": {"k": {"long": 9223372036854775807}}, "in": {}, "opt": {"In": {"u": {"string": ""}}}, "typed": 0, "small": {"int": -4}}`,
		`{"u": {"Pair": {"l": 1700000000123456789, "d": 1e300}}, "list": [], "map": {}, "in": {"k": {"u": {"long": 9007199254740995}}}, "opt": null, "typed": 0, "small": {"int": -4}}`,
		`{"u": {"double": 1.152921504606847e18}, "list": [], "map": {}, "in": {}, "opt": {"In": {"u": {"long": -9007199254740995}}}, "typed": 0, "small": {"int": -4}}`,
		`{"u": {"long": 9007199254740991}, "list": [{"string": "a"}, {"long": 7}], "map": {}, "in": {}, "opt": {"In": {"u": {"long": 8}}}, "typed": 0, "small": {"int": -4}}`,
	}},
	{`{"type": "record", "name": "FloatsInUnions", "fields": [
		{"name": "u", "type": ["float", "string", {"type": "record", "name": "P", "fields": [{"name": "f", "type": "float"}, {"name": "d", "type": "double"}]}]},
		{"name": "opt", "type": ["null", "float"]}]}`, []string{
		`{"u": {"float": 0.1}, "opt": {"float": 0.1}}`,
		`{"u": {"string": "0.1"}, "opt": null}`,
		`{"u": {"P": {"f": 16777216, "d": 0.1}}, "opt": {"float": 1e-7}}`,
	}},
	{`{"type": "record", "name": "Nulls", "fields": [{"name": "none", "type": "null"}, {"name": "n", "type": "int"},
		{"name": "list", "type": {"type": "array", "items": "null"}}, {"name": "map", "type": {"type": "map", "values": "null"}},
		{"name": "in", "type": ["null", {"type": "record", "name": "In", "fields": [{"name": "none", "type": "null"}, {"name": "s", "type": "string"}]}]}]}`, []string{
		`{"none": null, "n": 1, "list": [], "map": {}, "in": null}`,
		`{"none": null, "n": 2, "list": [null, null], "map": {"k": null}, "in": {"In": {"none": null, "s": "x"}}}`,
	}},
	{`{"type": "record", "name": "NullsInUnions", "fields": [{"name": "u", "type": ["null", "int", {"type": "array", "items": "null"},
		{"type": "record", "name": "In", "fields": [{"name": "none", "type": "null"}, {"name": "i", "type": "int"}]}]}]}`, []string{
		`{"u": null}`, `{"u": {"int": 1}}`, `{"u": {"array": [null]}}`, `{"u": {"In": {"none": null, "i": 1}}}`,
	}},
}

func checkSpecial(t *testing.T, f codecs.Format) {
	for _, s := range specials {
		if b := bind(t, f, parsed(t, s.schema, s.records)); b != nil {
			t.Run(b.subject.schema.Name, func(t *testing.T) { b.run(t) })
		}
	}
}

// Open returns a codec of f for a schema in text, and the type of its records.
func Open(t testing.TB, f codecs.Format, schema string) (codecs.Codec, *access.Type) {
	t.Helper()
	p, err := codecs.Open(f, parsed(t, schema, nil).schema)
	if err != nil {
		t.Fatal(err)
	}
	return p.Codec, p.Type
}

// Bytes returns how f encodes a record of a schema, both as text.
func Bytes(t *testing.T, f codecs.Format, schema, record string) []byte {
	t.Helper()
	b := bind(t, f, parsed(t, schema, []string{record}))
	if b == nil || len(b.encoded) == 0 {
		t.Fatalf("%s does not carry %s", f.Name, record)
	}
	return b.encoded[0]
}

// Refusal returns the error with which f refuses a schema.
func Refusal(t *testing.T, f codecs.Format, schema string) error {
	t.Helper()
	_, err := f.New(parsed(t, schema, nil).schema)
	if !errors.Is(err, schemas.ErrUnsupported) {
		t.Fatalf("%s: got error %v, want one that wraps %q", f.Name, err, schemas.ErrUnsupported)
	}
	return err
}
