package json_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/json"
)

func TestJSON(t *testing.T) { codectest.Run(t, json.Format) }

func FuzzJSON(f *testing.F) { codectest.Fuzz(f, json.Format) }

func TestGolden(t *testing.T) { codectest.Golden(t, json.Format, "../testdata/checks") }

func TestDissect(t *testing.T) { codectest.DissectGolden(t, json.Format, "testdata/dissect") }

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, json.Format) }
