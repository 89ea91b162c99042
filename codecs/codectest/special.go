package codectest

import (
	"errors"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

// specials are schemas with records that formats without the types of Avro easily get wrong. Who cannot carry one refuses
// the schema.
var specials = []struct {
	schema  string
	records []string
}{
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
