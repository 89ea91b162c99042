package random

import (
	"math/rand/v2"
	"testing"

	"github.com/wirecost/wirecost/schemas"
	"pgregory.net/rapid"
)

// What is drawn is a schema, and one seed draws one schema.
func TestSchema(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		text := Schema("a.B", rand.New(rand.NewPCG(seed, 0)).IntN)
		if s, err := schemas.Parse("random.avsc", []byte(text), ""); err != nil || s.Name != "a.B" {
			t.Fatalf("%s: got %v, error %v", text, s, err)
		}
		if again := Schema("a.B", rand.New(rand.NewPCG(seed, 0)).IntN); again != text {
			t.Fatalf("got %s, and then %s", text, again)
		}
	})
}
