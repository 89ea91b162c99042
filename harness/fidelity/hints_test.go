package fidelity_test

import (
	"bytes"
	"math"
	"os"
	"testing"

	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness/fidelity"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
)

// load returns a schema of testdata and the records in a file of JSON lines there.
func load(t testing.TB, schema, lines string) (*schemas.Schema, fidelity.Sequence) {
	t.Helper()
	s, err := schemas.Load("testdata/"+schema+".avsc", "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/" + lines + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	return s, read(t, s, text)
}

// read returns the records in text.
func read(t testing.TB, s *schemas.Schema, text []byte) fidelity.Sequence {
	t.Helper()
	r, err := sample.NewReader(bytes.NewReader(text), sample.Config{Schema: s})
	if err != nil {
		t.Fatal(err)
	}
	ring, err := sample.Draw(r, math.MaxInt, math.MaxInt, 1)
	if err != nil {
		t.Fatal(err)
	}
	return ring.Each(r.Type)
}

// Records of which nothing is known but the schema are as large as those that somebody wrote by hand, in every codec.
func TestHints(t *testing.T) {
	for _, name := range []string{"payment", "envelope"} {
		s, byHand := load(t, name, name)
		plan, err := records.Config{Hints: true}.Compile(s)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := fidelity.Compare(all.Formats, s, byHand, fidelity.MadeBy(plan, 1, 2000))
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) < 20 {
			t.Errorf("%s: %d codecs carry the records", name, len(rows))
		}
		for _, r := range rows {
			if math.Abs(r.Off()) > 0.20 {
				t.Errorf("%s in %s: %.1f B, and by hand %.1f: %+.1f %%", name, r.Codec, r.Made.Mean, r.Sample.Mean, 100*r.Off())
			}
		}
	}
}
