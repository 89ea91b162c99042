package codectest

import (
	"errors"
	"flag"
	"testing"

	"pgregory.net/rapid"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/random"
)

// checkRandom checks f on random schemas and records of them.
func checkRandom(t *testing.T, f codecs.Format) {
	if err := flag.Set("rapid.nofailfile", "true"); err != nil { // the seed says it all
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := random.Schema("R", func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "choice") })
		s, err := schemas.Parse("random.avsc", []byte(text), "")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if _, err := access.Of(s); errors.Is(err, schemas.ErrUnsupported) {
			t.Skip("a union's branches share a Go type")
		}
		b := bind(t, f, generated(t, s, rapid.Uint64().Draw(t, "seed"), 4))
		if b == nil || len(b.encoded) == 0 {
			return
		}
		for _, c := range b.checks() {
			if !c.slow {
				c.check(t)
			}
		}
	})
}
