package row_test

import (
	"path/filepath"
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/row"
)

func TestDissect(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			codectest.DissectHex(t, f, vectors, f.Name+".hex", "testdata/dissect", "order", "unions", "everything")
			codectest.DissectHex(t, f, "../testdata/cases", f.Name+".hex", "testdata/dissect")
		})
	}
}

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, row.Format) }

func FuzzDissectTuple(f *testing.F) { codectest.FuzzDissect(f, row.Tuple) }

func FuzzDissectVectors(f *testing.F) {
	codectest.FuzzDissectHex(f, row.Format, filepath.Join(vectors, "everything"))
}

func FuzzDissectVectors1(f *testing.F) {
	codectest.FuzzDissectHex(f, row.Flink1, filepath.Join(vectors, "everything"))
}

func FuzzDissectTupleVectors(f *testing.F) {
	codectest.FuzzDissectHex(f, row.Tuple, filepath.Join(vectors, "unions"))
}
