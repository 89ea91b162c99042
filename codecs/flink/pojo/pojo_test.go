package pojo_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
)

var formats = []codecs.Format{pojo.Format, pojo.Flink1}

func Test(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) { codectest.Run(t, f) })
	}
}

func TestGolden(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			codectest.Hex(t, f, "../testdata/vectors", f.Name+".hex")
			codectest.Hex(t, f, "../testdata/cases", f.Name+".hex")
			codectest.Golden(t, f, "../testdata/checks")
		})
	}
}

func FuzzPojo(f *testing.F) { codectest.Fuzz(f, pojo.Format) }

func FuzzPojo1(f *testing.F) { codectest.Fuzz(f, pojo.Flink1) }
