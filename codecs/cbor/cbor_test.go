package cbor_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/cbor"
	"github.com/wirecost/wirecost/codecs/codectest"
)

func TestCBOR(t *testing.T) { codectest.Run(t, cbor.Format) }

func FuzzCBOR(f *testing.F) { codectest.Fuzz(f, cbor.Format) }

func TestDissect(t *testing.T) { codectest.DissectGolden(t, cbor.Format, "testdata/dissect") }

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, cbor.Format) }
