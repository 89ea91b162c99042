package memcpy_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/memcpy"
)

func TestMemcpy(t *testing.T) { codectest.Run(t, memcpy.Format) }

func FuzzMemcpy(f *testing.F) { codectest.Fuzz(f, memcpy.Format) }

func TestDissect(t *testing.T) { codectest.DissectGolden(t, memcpy.Format, "testdata/dissect") }

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, memcpy.Format) }
