package cbor_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/cbor"
	"github.com/wirecost/wirecost/codecs/codectest"
)

func TestCBOR(t *testing.T) { codectest.Run(t, cbor.Format) }

func FuzzCBOR(f *testing.F) { codectest.Fuzz(f, cbor.Format) }

// Null is null wherever it stands.
func TestNull(t *testing.T) {
	const schema = `{"type": "record", "name": "Gap", "fields": [{"name": "none", "type": "null"}, {"name": "n", "type": "int"},
		{"name": "list", "type": {"type": "array", "items": "null"}}, {"name": "map", "type": {"type": "map", "values": "null"}}]}`
	got := codectest.Bytes(t, cbor.Format, schema, `{"none": null, "n": 1, "list": [null], "map": {"k": null}}`)
	if want := "\xa4\x64none\xf6\x61n\x01\x64list\x81\xf6\x63map\xa1\x61k\xf6"; string(got) != want {
		t.Errorf("got %x, want %x", got, want)
	}
}

// A float in a union comes back longer.
func TestFloatInUnion(t *testing.T) {
	for _, tt := range []struct{ field, path string }{
		{`["float", "string"]`, "value"},
		{`["int", {"type": "record", "name": "P", "fields": [{"name": "list", "type": {"type": "array", "items": "float"}}]}]`, "value"},
		{`{"type": "map", "values": ["string", {"type": "array", "items": ["null", "float"]}]}`, "value{}"},
	} {
		err := codectest.Refusal(t, cbor.Format, `{"type": "record", "name": "Reading", "fields": [{"name": "value", "type": `+tt.field+`}]}`)
		want := "Reading: " + tt.path + ": the library gives a float in a union back as a double, which takes 4 bytes more when it is sent on: not supported"
		if err.Error() != want {
			t.Errorf("%s: got error %v, want %s", tt.field, err, want)
		}
	}
}

func TestDissect(t *testing.T) { codectest.DissectGolden(t, cbor.Format, "testdata/dissect") }

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, cbor.Format) }
