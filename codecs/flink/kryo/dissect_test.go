package kryo_test

import (
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
)

func TestDissect(t *testing.T) {
	for _, f := range formats {
		shown := []string{"order", "unions", "everything"}
		if strings.HasSuffix(f.Name, "registered") { // only class names differ
			shown = shown[:1]
		}
		t.Run(f.Name, func(t *testing.T) {
			codectest.DissectHex(t, f, "../testdata/vectors", f.Name+".hex", "testdata/dissect", shown...)
			codectest.DissectHex(t, f, "../testdata/cases", f.Name+".hex", "testdata/dissect")
		})
	}
}

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, kryo.Format) }

func FuzzDissectRegistered(f *testing.F) { codectest.FuzzDissect(f, kryo.Registered) }

func FuzzDissect1(f *testing.F) { codectest.FuzzDissect(f, kryo.Flink1) }

func FuzzDissectVectors(f *testing.F) {
	codectest.FuzzDissectHex(f, kryo.Format, "../testdata/vectors/everything")
}

func FuzzDissectVectors1(f *testing.F) {
	codectest.FuzzDissectHex(f, kryo.Flink1, "../testdata/vectors/everything")
}
