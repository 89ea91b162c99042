package avro_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/codectest"
)

func TestAvro(t *testing.T)      { codectest.Run(t, avro.Format) }
func TestBlockSize(t *testing.T) { codectest.Run(t, avro.BlockSize) }
func TestTwmb(t *testing.T)      { codectest.Run(t, avro.Twmb) }
func TestGeneric(t *testing.T)   { codectest.Run(t, avro.Generic) }

func FuzzAvro(f *testing.F)      { codectest.Fuzz(f, avro.Format) }
func FuzzBlockSize(f *testing.F) { codectest.Fuzz(f, avro.BlockSize) }
func FuzzTwmb(f *testing.F)      { codectest.Fuzz(f, avro.Twmb) }
func FuzzGeneric(f *testing.F)   { codectest.Fuzz(f, avro.Generic) }

func TestDissect(t *testing.T) {
	for _, f := range []codecs.Format{avro.Format, avro.BlockSize, avro.Twmb, avro.Generic} {
		t.Run(f.Name, func(t *testing.T) { codectest.DissectGolden(t, f, "testdata/dissect") })
	}
}

func FuzzDissect(f *testing.F)          { codectest.FuzzDissect(f, avro.Format) }
func FuzzDissectBlockSize(f *testing.F) { codectest.FuzzDissect(f, avro.BlockSize) }
func FuzzDissectTwmb(f *testing.F)      { codectest.FuzzDissect(f, avro.Twmb) }
