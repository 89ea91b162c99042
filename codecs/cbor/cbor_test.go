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

func TestDissect(t *testing.T) { codectest.DissectGolden(t, cbor.Format, "testdata/dissect") }

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, cbor.Format) }
