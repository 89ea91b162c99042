package kryo_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
)

func Test(t *testing.T) { codectest.Run(t, kryo.Format) }

func TestGolden(t *testing.T) { codectest.Hex(t, kryo.Format, "../testdata/vectors", "kryo.hex") }

func Fuzz(f *testing.F) { codectest.Fuzz(f, kryo.Format) }
