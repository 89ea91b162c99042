package harness

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/measure"
)

func duetPlan(w *fakeWorker) *Plan {
	p := testPlan(w)
	p.Duet, p.Exchange, p.Measure.Rounds = true, "", 3
	return p
}

// An op that only one of the codecs has is left out; the others have a sample of each codec in every pair.
func TestDuet(t *testing.T) {
	w := &fakeWorker{}
	p := duetPlan(w)
	p.Ops = []Op{Encode, Convert, Decode} // avro has nothing to convert
	f, err := runPlan(t, t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"codec=memcpy/runtime=go/op=encode": 3, "codec=avro/runtime=go/op=encode": 3,
		"codec=memcpy/runtime=go/op=decode": 3, "codec=avro/runtime=go/op=decode": 3,
	}
	if diff := cmp.Diff(want, count(f)); diff != "" {
		t.Errorf("samples (-want +got):\n%s", diff)
	}
	for _, r := range w.asked {
		// 100 ms of 16 ns (memcpy) and 14 ns (avro), in whole rings of 8
		want := map[string]int{"memcpy": 6250000, "avro": 7142864}[r.Codec]
		if r.Mode == measure.Time && r.N != want {
			t.Errorf("%s: got %d operations, want %d", r.Cell, r.N, want)
		}
	}
}

func TestDuetFails(t *testing.T) {
	p := duetPlan(&fakeWorker{do: func(r measure.Request) error {
		if r.Codec == "avro" && r.Op == "decode" {
			return errors.New("prove: record 0: broken")
		}
		return nil
	}})
	p.Ops = []Op{Encode, Decode}
	f, err := runPlan(t, t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Failures) != 1 || slices.ContainsFunc(f.Samples, func(s measure.Sample) bool { return s.Cell.Op == "decode" }) {
		t.Errorf("got failures %v and samples %v, want one failure and no sample of decode", f.Failures, count(f))
	}
	p.Ops = []Op{Convert}
	if _, err := runPlan(t, t.Context(), p); err == nil {
		t.Error("a duet without a common op ended without an error")
	}
}
