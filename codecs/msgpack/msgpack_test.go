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

func TestDissect(t *testing.T) {
	for _, f := range []codecs.Format{msgpack.Format, msgpack.Array, msgpack.Msgp} {
		t.Run(f.Name, func(t *testing.T) { codectest.DissectGolden(t, f, "testdata/dissect") })
	}
}

func FuzzDissect(f *testing.F)      { codectest.FuzzDissect(f, msgpack.Format) }
func FuzzDissectArray(f *testing.F) { codectest.FuzzDissect(f, msgpack.Array) }
func FuzzDissectMsgp(f *testing.F)  { codectest.FuzzDissect(f, msgpack.Msgp) }
