package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

// Three proofs take 61 ms, three calibrations 138 ms, nine counts 217 ms. A round of 60 ms is estimated at 4 x 140 ms, each
// the start of a worker and twice 60 ms of CPU, and 5 % more.
func TestBudget(t *testing.T) {
	for _, tt := range []struct {
		budget time.Duration
		rounds int
		gaveUp string
	}{
		{20 * time.Second, 33, ""},
		{5 * time.Second, 7, ""},
		{4 * time.Second, 6, ""},
		{3900 * time.Millisecond, 10, "samples of 30ms"},
		{2 * time.Second, 7, "samples of 15ms"},
		{1600 * time.Millisecond, 6, "samples of 15ms, one counting process for three"},
		{time.Second, 3, "samples of 15ms, one counting process for three, no intervals"},
	} {
		w := &fakeWorker{}
		r, rec := newRunner(w, Config{Budget: tt.budget})
		if err := r.Run(t.Context(), codecCells("encode")); err != nil {
			t.Fatal(err)
		}
		s := rec.schedule
		if got := strings.Join(s.GaveUp, ", "); s.Rounds != tt.rounds || got != tt.gaveUp || len(rec.samples) != 4*tt.rounds || w.now > tt.budget {
			t.Errorf("budget %v: got %d rounds, %d samples in %v and gave up %q, want %d rounds and %q", tt.budget, s.Rounds, len(rec.samples), w.now, got, tt.rounds, tt.gaveUp)
		}
		if s.All != 4*time.Second {
			t.Errorf("budget %v: all of it would fit %v, want 4s", tt.budget, s.All)
		}
		if loss := s.Loss(); (loss == "") != (tt.gaveUp == "") || loss != "" && loss != "to fit the budget: "+tt.gaveUp+"; 4s would have it all" {
			t.Errorf("budget %v: got loss %q", tt.budget, loss)
		}
	}
}

// What is said to have it all does.
func TestBudgetAll(t *testing.T) {
	r, rec := newRunner(&fakeWorker{}, Config{Budget: time.Second})
	if err := r.Run(t.Context(), exchangeCells()); err != nil {
		t.Fatal(err)
	}
	r, all := newRunner(&fakeWorker{}, Config{Budget: rec.schedule.All})
	if err := r.Run(t.Context(), exchangeCells()); err != nil || len(all.schedule.GaveUp) > 0 || all.schedule.Rounds < 6 {
		t.Errorf("with a budget of %v: error %v, %d rounds, gave up %v, want nothing given up", rec.schedule.All, err, all.schedule.Rounds, all.schedule.GaveUp)
	}
}

func exchangeCells() []results.Cell {
	cells := codecCells("encode", "decode")
	for n := range 4 {
		cells = append(cells, move("none", "chain", n))
	}
	for n := 1; n < 4; n++ {
		cells = append(cells, move("avro", "local", n), move("json", "local", n))
	}
	return cells
}

// Of the numbers of keyBys some are given up, for the chains and for all codecs alike, and none is a row.
func TestFewerKeybys(t *testing.T) {
	seen := map[string]bool{}
	for budget := 20 * time.Second; budget > 2*time.Second; budget -= 250 * time.Millisecond {
		r, rec := newRunner(&fakeWorker{}, Config{Budget: budget})
		if err := r.Run(t.Context(), exchangeCells()); err != nil {
			t.Fatal(err)
		}
		keybys := map[string][]int{}
		for _, s := range rec.samples {
			if c := s.Cell; c.IsExchange() && !slices.Contains(keybys[c.Codec], c.Keybys) {
				keybys[c.Codec] = append(keybys[c.Codec], c.Keybys)
			}
		}
		for codec := range keybys {
			slices.Sort(keybys[codec])
		}
		got := fmt.Sprint(keybys["none"], keybys["avro"], keybys["json"])
		seen[got] = true
		want := map[string]string{"": "[0 1 2 3] [1 2 3] [1 2 3]", "0, 1 and 3": "[0 1 3] [1 3] [1 3]", "0 and 2": "[0 2] [2] [2]"}
		said := ""
		for _, g := range rec.schedule.GaveUp {
			if s, ok := strings.CutPrefix(g, "one keyBy fitted through "); ok {
				said = s
			}
		}
		if got != want[said] || len(rec.failures) > 0 {
			t.Errorf("budget %v: got keyBys %s and failures %v, where the schedule says %q", budget, got, rec.failures, said)
		}
	}
	if len(seen) != 3 {
		t.Errorf("got the numbers of keyBys %v, want all three choices", seen)
	}
}

func TestRoundsForced(t *testing.T) {
	r, rec := newRunner(&fakeWorker{}, Config{Rounds: 2, Budget: 1})
	if err := r.Run(t.Context(), codecCells("encode")); err != nil || len(rec.samples) != 8 {
		t.Errorf("got %v and %d samples, want 8", err, len(rec.samples))
	}
	r, rec = newRunner(&fakeWorker{}, Config{})
	if err := r.Run(t.Context(), codecCells("encode")); err != nil || rec.schedule.Rounds != 20 {
		t.Errorf("got %v and %d rounds without a budget, want 20", err, rec.schedule.Rounds)
	}
}

// A codec that takes too long for the budget is a row that says so; the others are measured.
func TestDearCodec(t *testing.T) {
	w := &fakeWorker{cost: map[string]float64{"json": 2e7}} // 20 s of CPU for a ring
	r, rec := newRunner(w, Config{Budget: time.Minute})
	if err := r.Run(t.Context(), codecCells("encode", "decode")); err != nil {
		t.Fatal(err)
	}
	f := results.File{Samples: rec.samples, Failures: rec.failures}
	for _, c := range codecCells("encode", "decode") {
		why, failed := f.Failed(c)
		if slow := c.Codec == "json"; failed != slow || slow && why.Kind != results.Unmeasured {
			t.Errorf("%s: got row %+v, want one of json alone, unmeasured", c, why)
		}
	}
	if w.now > 75*time.Second || len(f.Cells()) != 6 {
		t.Errorf("got %d cells in %v, want memcpy, avro and its twin, twice, within 75s", len(f.Cells()), w.now)
	}
}

// Where nothing fits, the error names what is fixed.
func TestNoRoundFits(t *testing.T) {
	for _, tt := range []struct {
		budget time.Duration
		want   string
	}{
		{230 * time.Millisecond, "budget 230ms: proofs and calibrations of 3 cells took 153ms, and no round fits behind them: 6m19s would do"},
		{60 * time.Millisecond, "budget 60ms: proofs and calibrations of 4 cells took 40ms, and were not at their end"},
		{400 * time.Millisecond, "budget 400ms: proofs and calibrations of 4 cells took 199ms, and no round fits behind them: 8m25s would do"},
	} {
		w := &fakeWorker{}
		r, rec := newRunner(w, Config{Budget: tt.budget, Slice: 10 * time.Second})
		r.timeout = func(ctx context.Context, _ time.Duration) (context.Context, context.CancelFunc) {
			return ctx, func() {}
		}
		err := r.Run(t.Context(), codecCells("encode"))
		var refused *BudgetError
		if !errors.As(err, &refused) || len(rec.samples) > 0 || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("got error %v and %d samples, want %q", err, len(rec.samples), tt.want)
		}
	}
}

// A machine that is, or becomes, slow has its answer within 1.25 times the budget. How many rounds there are depends on the
// clock alone.
func TestSlowMachine(t *testing.T) {
	const budget = time.Minute
	for _, tt := range []struct {
		name          string
		before, after float64 // factor of all times, before the first round and from the second on
	}{
		{"idle", 1, 1}, {"2 times", 2, 2}, {"8 times", 8, 8}, {"30 times", 30, 30},
		{"becomes 2 times slower", 1, 2}, {"becomes 8 times slower", 1, 8}, {"becomes 30 times slower", 1, 30},
		{"8 times, then 30", 8, 30}, {"becomes faster", 8, 1},
	} {
		var samples [2]int
		for k := range samples {
			w := &fakeWorker{cost: map[string]float64{"json": 1000 + 500*float64(k)}, slow: func(r Request) float64 {
				if r.Mode == Time && r.Round > 0 {
					return tt.after
				}
				return tt.before
			}}
			r, rec := newRunner(w, Config{Budget: budget})
			if err := r.Run(t.Context(), exchangeCells()); err != nil {
				t.Errorf("%s: %v", tt.name, err)
			}
			if w.now > budget*5/4 {
				t.Errorf("%s: the run ended after %v, with a budget of %v", tt.name, w.now, budget)
			}
			f := results.File{Samples: rec.samples, Failures: rec.failures}
			if len(f.Rounds()) == 0 || len(f.Series(results.UnitCPU)) == 0 {
				t.Errorf("%s: no complete round: there is no table", tt.name)
			}
			if planned := rec.schedule.Rounds * len(rec.schedule.Cells); tt.after < tt.before && len(rec.samples) < 2*planned {
				t.Errorf("%s: %d samples, want many more than the %d planned", tt.name, len(rec.samples), planned)
			}
			if short := rec.short != ""; short != (len(rec.samples) < rec.schedule.Rounds*len(rec.schedule.Cells)) {
				t.Errorf("%s: %d samples of %d rounds of %d cells, and the run says %q", tt.name, len(rec.samples), rec.schedule.Rounds, len(rec.schedule.Cells), rec.short)
			}
			samples[k] = len(rec.samples)
		}
	}
}

// A proof that does not end takes its share of the budget and not more, and its codec is a row.
func TestEndlessProof(t *testing.T) {
	w := &fakeWorker{hangs: func(r Request) bool { return r.Codec == "memcpy" && r.Mode == Prove }}
	r, rec := newRunner(w, Config{Budget: 500 * time.Millisecond, Slice: time.Millisecond, MinRounds: 1})
	r.Clock, r.timeout = System(), nil // a worker that hangs is ended by the real clock
	if err := r.Run(t.Context(), codecCells("encode")); err != nil {
		t.Fatal(err)
	}
	want := []results.Failure{{Cell: bid("memcpy", "encode"), Reason: "prove: no time left: it took more than 75ms of a budget of 500ms", Kind: results.Unmeasured}}
	if diff := cmp.Diff(want, rec.failures); diff != "" || len(rec.samples) == 0 {
		t.Errorf("%d samples, failures (-want +got):\n%s", len(rec.samples), diff)
	}
}
