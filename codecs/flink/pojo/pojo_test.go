package pojo_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
)

func Test(t *testing.T) { codectest.Run(t, pojo.Format) }

func TestGolden(t *testing.T) { codectest.Hex(t, pojo.Format, "../testdata/vectors", "pojo.hex") }

func Fuzz(f *testing.F) { codectest.Fuzz(f, pojo.Format) }
