package harness

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

func duetPlan(w *fakeWorker) *Plan {
	p := testPlan(w)
	p.Duet, p.Exchanges, p.Measure.Rounds = true, nil, 3
	p.Measure.Budget = time.Second // not used
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
	if len(f.Failures) != 2 || slices.ContainsFunc(f.Samples, func(s results.Sample) bool { return s.Cell.Op == "decode" }) {
		t.Errorf("got failures %v and samples %v, want one of each cell of decode and no sample of it", f.Failures, count(f))
	}
	p.Ops = []Op{Convert}
	if _, err := runPlan(t, t.Context(), p); err == nil {
		t.Error("a duet without a common op ended without an error")
	}
}

// An interrupt leaves a row of each cell that it kept from a first sample, and every pair that was complete.
func TestDuetInterrupted(t *testing.T) {
	for _, tt := range []struct {
		mode              measure.Mode
		samples, failures int
	}{{measure.Prove, 0, 4}, {measure.Count, 0, 4}, {measure.Time, 0, 4}} {
		ctx, cancel := context.WithCancel(t.Context())
		p := duetPlan(&fakeWorker{do: func(r measure.Request) error {
			if r.Mode == tt.mode {
				cancel()
			}
			return nil
		}})
		p.Ops = []Op{Encode, Decode}
		f, err := runPlan(t, ctx, p)
		if !errors.Is(err, context.Canceled) || len(f.Samples) != tt.samples || len(f.Failures) != tt.failures {
			t.Errorf("%s: got error %v, %d samples and %d rows, want %v, %d and %d", tt.mode, err, len(f.Samples), len(f.Failures), context.Canceled, tt.samples, tt.failures)
		}
	}
}

// Allocations are the least of three processes, as in a run of rounds.
func TestDuetCounts(t *testing.T) {
	w := &fakeWorker{}
	p := duetPlan(w)
	p.Ops = []Op{Encode}
	if _, err := runPlan(t, t.Context(), p); err != nil {
		t.Fatal(err)
	}
	counts := 0
	for _, r := range w.asked {
		if r.Mode == measure.Count {
			counts++
		}
	}
	if counts != 6 {
		t.Errorf("got %d counts of two cells, want 3 of each", counts)
	}
}

// A voice that fails in a pair is a row, and what else is played goes on.
func TestDuetFailsLate(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		answer     func(results.Sample) (results.Sample, error)
	}{
		{"killed", "time: worker: signal: killed", func(s results.Sample) (results.Sample, error) {
			return s, errors.New("worker: signal: killed")
		}},
		{"other n", "time: timed 8 operations", func(s results.Sample) (results.Sample, error) { s.N = 8; return s, nil }},
		{"other cell", "time: the worker answered for", func(s results.Sample) (results.Sample, error) {
			s.Cell.Codec = "json"
			return s, nil
		}},
		{"no time", "want cpu-ns/op above 0", func(s results.Sample) (results.Sample, error) { s.Values = nil; return s, nil }},
	} {
		w := &fakeWorker{}
		p := duetPlan(w)
		p.Ops = []Op{Encode, Decode}
		timed := 0
		p.Lab.Runtimes[0].Worker = workerFunc(func(ctx context.Context, r measure.Request) (results.Sample, error) {
			s, err := w.Do(ctx, r)
			if r.Mode == measure.Time && r.Codec == "avro" && r.Op == "decode" {
				if timed++; timed == 2 {
					return tt.answer(s)
				}
			}
			return s, err
		})
		f, err := runPlan(t, t.Context(), p)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if len(f.Failures) != 1 || f.Failures[0].Cell.Codec != "avro" || !strings.Contains(f.Failures[0].Reason, tt.want) {
			t.Errorf("%s: got failures %v, want one of avro with %q", tt.name, f.Failures, tt.want)
		}
		want := map[string]int{
			"codec=memcpy/runtime=go/op=encode": 3, "codec=avro/runtime=go/op=encode": 3,
			"codec=memcpy/runtime=go/op=decode": 1, "codec=avro/runtime=go/op=decode": 1,
		}
		if diff := cmp.Diff(want, count(f)); diff != "" {
			t.Errorf("%s: samples (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Pair i uses layout i, as round i does.
func TestDuetLayouts(t *testing.T) {
	w := &fakeWorker{}
	p := duetPlan(w)
	p.Ops = []Op{Encode}
	if _, err := runPlan(t, t.Context(), p); err != nil {
		t.Fatal(err)
	}
	var rounds []int
	for _, r := range w.asked {
		if r.Mode == measure.Time {
			rounds = append(rounds, r.Round)
		}
	}
	if want := []int{0, 0, 1, 1, 2, 2}; !slices.Equal(rounds, want) {
		t.Errorf("got layouts of rounds %v, want %v", rounds, want)
	}
}

type workerFunc func(context.Context, measure.Request) (results.Sample, error)

func (f workerFunc) Do(ctx context.Context, r measure.Request) (results.Sample, error) {
	return f(ctx, r)
}
