package kryo_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
)

var formats = []codecs.Format{kryo.Format, kryo.Registered, kryo.Flink1, kryo.Flink1Registered}

func Test(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) { codectest.Run(t, f) })
	}
}

func TestGolden(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			codectest.Hex(t, f, "../testdata/vectors", f.Name+".hex")
			codectest.Golden(t, f, "../testdata/checks")
		})
	}
}

func FuzzKryo(f *testing.F) { codectest.Fuzz(f, kryo.Format) }

func FuzzKryo2(f *testing.F) { codectest.Fuzz(f, kryo.Flink1) }
