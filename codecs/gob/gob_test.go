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
// What gob cannot say is refused with the schema, not with the first record that has it.
func TestRefused(t *testing.T) {
	for _, tt := range []struct{ field, want string }{
		{`{"type": "array", "items": ["null", "string"]}`, "Bag: tags[]: gob has no form for a null element: not supported"},
		{`{"type": "map", "values": ["long", "null"]}`, "Bag: tags{}: gob has no form for a null value: not supported"},
		{`["int", {"type": "array", "items": {"type": "map", "values": ["null", "int"]}}]`, "Bag: tags|array[]{}: gob has no form for a null value: not supported"},
	} {
		schema := `{"type": "record", "name": "Bag", "fields": [{"name": "tags", "type": ` + tt.field + `}]}`
		for _, f := range []codecs.Format{gob.Format, gob.Fresh} {
			if err := codectest.Refusal(t, f, schema); err.Error() != tt.want {
				t.Errorf("%s: %s: got error %v, want %s", f.Name, tt.field, err, tt.want)
			}
		}
	}
}

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
