package fidelity_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"os"
	"testing"

	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness/fidelity"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/records/learn"
	"github.com/wirecost/wirecost/schemas"
)

// samples are files of records that other programs made: see testdata/samples/make.py.
var samples = []string{"access", "orders", "sensors", "logs", "changes"}

func loadSample(t testing.TB, name string) (*schemas.Schema, fidelity.Sequence) {
	t.Helper()
	s, err := schemas.Load("testdata/samples/"+name+".avsc", "")
	if err != nil {
		t.Fatal(err)
	}
	packed, err := os.ReadFile("testdata/samples/" + name + ".jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return s, read(t, s, text)
}

// learned returns the plan of records like those of a sequence.
func learned(t testing.TB, s *schemas.Schema, sample fidelity.Sequence) *records.Source {
	t.Helper()
	l, err := learn.New(s)
	if err != nil {
		t.Fatal(err)
	}
	for record, err := range sample {
		if err == nil {
			err = l.Add(record)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	profile, err := l.Profile(false)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := records.Compile(s, profile)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// Records like those of a sample that somebody else made are as large, in every codec, and so is the hundredth that are
// largest.
func TestSamples(t *testing.T) {
	for _, name := range samples {
		s, sample := loadSample(t, name)
		plan := learned(t, s, sample)
		rows, err := fidelity.Compare(all.Formats, s, sample, fidelity.MadeBy(plan, 1, fidelity.Made))
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) < 20 {
			t.Errorf("%s: %d codecs carry the records", name, len(rows))
		}
		for _, r := range rows {
			if math.Abs(r.Off()) > fidelity.Promise {
				t.Errorf("%s in %s: %.1f B made, and %.1f in the sample: %+.2f %%", name, r.Codec, r.Made.Mean, r.Sample.Mean, 100*r.Off())
			}
			if off := r.Made.P99/r.Sample.P99 - 1; math.Abs(off) > 0.10 {
				t.Errorf("%s in %s: 99 %% have up to %.0f B when made, and %.0f in the sample: %+.1f %%", name, r.Codec, r.Made.P99, r.Sample.P99, 100*off)
			}
		}
	}
}
