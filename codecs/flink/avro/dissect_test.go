package avro_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/avro"
)

func TestDissect(t *testing.T) {
	codectest.DissectHex(t, avro.Format, "../testdata/vectors", "flink-avro.hex", "testdata/dissect", "order", "unions", "everything")
}

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, avro.Format) }

func FuzzDissectVectors(f *testing.F) {
	codectest.FuzzDissectHex(f, avro.Format, "../testdata/vectors/everything")
}
