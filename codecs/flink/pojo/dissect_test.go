package pojo_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
)

func TestDissect(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			codectest.DissectHex(t, f, "../testdata/vectors", f.Name+".hex", "testdata/dissect", "order", "unions", "everything")
			codectest.DissectHex(t, f, "../testdata/cases", f.Name+".hex", "testdata/dissect")
		})
	}
}

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, pojo.Format) }

func FuzzDissect1(f *testing.F) { codectest.FuzzDissect(f, pojo.Flink1) }

func FuzzDissectVectors(f *testing.F) {
	codectest.FuzzDissectHex(f, pojo.Format, "../testdata/vectors/everything")
}

func FuzzDissectVectors1(f *testing.F) {
	codectest.FuzzDissectHex(f, pojo.Flink1, "../testdata/vectors/everything")
}
