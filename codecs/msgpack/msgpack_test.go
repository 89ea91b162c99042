package msgpack_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/msgpack"
)

func TestMsgpack(t *testing.T) { codectest.Run(t, msgpack.Format) }
func TestArray(t *testing.T)   { codectest.Run(t, msgpack.Array) }
func TestMsgp(t *testing.T)    { codectest.Run(t, msgpack.Msgp) }

func FuzzMsgpack(f *testing.F) { codectest.Fuzz(f, msgpack.Format) }
func FuzzArray(f *testing.F)   { codectest.Fuzz(f, msgpack.Array) }
func FuzzMsgp(f *testing.F)    { codectest.Fuzz(f, msgpack.Msgp) }

func TestGolden(t *testing.T) {
	t.Run("msgpack", func(t *testing.T) { codectest.Golden(t, msgpack.Format, "../testdata/checks") })
	t.Run("msgpack-array", func(t *testing.T) { codectest.Golden(t, msgpack.Array, "../testdata/checks") })
}

// Null is null wherever it stands.
func TestNull(t *testing.T) {
	const schema = `{"type": "record", "name": "Gap", "fields": [{"name": "none", "type": "null"}, {"name": "b", "type": "boolean"},
		{"name": "list", "type": {"type": "array", "items": "null"}}, {"name": "map", "type": {"type": "map", "values": "null"}}]}`
	for f, want := range map[*codecs.Format]string{
		&msgpack.Format: "\x84\xa4none\xc0\xa1b\xc3\xa4list\x91\xc0\xa3map\x81\xa1k\xc0",
		&msgpack.Array:  "\x94\xc0\xc3\x91\xc0\x81\xa1k\xc0",
	} {
		if got := codectest.Bytes(t, *f, schema, `{"none": null, "b": true, "list": [null], "map": {"k": null}}`); string(got) != want {
			t.Errorf("%s: got %x, want %x", f.Name, got, want)
		}
	}
}

func TestDissect(t *testing.T) {
	for _, f := range []codecs.Format{msgpack.Format, msgpack.Array, msgpack.Msgp} {
		t.Run(f.Name, func(t *testing.T) { codectest.DissectGolden(t, f, "testdata/dissect") })
	}
}

func FuzzDissect(f *testing.F)      { codectest.FuzzDissect(f, msgpack.Format) }
func FuzzDissectArray(f *testing.F) { codectest.FuzzDissect(f, msgpack.Array) }
func FuzzDissectMsgp(f *testing.F)  { codectest.FuzzDissect(f, msgpack.Msgp) }
