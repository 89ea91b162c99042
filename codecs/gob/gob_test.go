package gob_test

import (
	"os"
	"os/exec"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/gob"
)

func TestGob(t *testing.T)      { codectest.Run(t, gob.Format) }
func TestGobFresh(t *testing.T) { codectest.Run(t, gob.Fresh) }

func FuzzGob(f *testing.F)      { codectest.Fuzz(f, gob.Format) }
func FuzzGobFresh(f *testing.F) { codectest.Fuzz(f, gob.Fresh) }

// TestDissect is run in a process of its own: gob numbers types as they come.
func TestDissect(t *testing.T) {
	const alone = "WIRECOST_GOB_ALONE"
	if os.Getenv(alone) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestDissect$")
		cmd.Env = append(os.Environ(), alone+"=1", "UPDATE="+os.Getenv("UPDATE")) // asked for: a cached result rewrites nothing
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	for _, f := range []codecs.Format{gob.Format, gob.Fresh} {
		t.Run(f.Name, func(t *testing.T) { codectest.DissectGolden(t, f, "testdata/dissect") })
	}
}

func FuzzDissect(f *testing.F)      { codectest.FuzzDissect(f, gob.Format) }
func FuzzDissectFresh(f *testing.F) { codectest.FuzzDissect(f, gob.Fresh) }
