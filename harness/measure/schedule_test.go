package measure

import (
	"errors"
	"testing"
	"time"
)

// Three proofs take 61 ms, three calibrations 138 ms, nine counts 217 ms. A round is estimated at 4 x 140 ms, each the start
// of a worker and twice 60 ms of CPU, and 5 % more.
func TestBudget(t *testing.T) {
	for _, tt := range []struct {
		budget time.Duration
		rounds int
		need   time.Duration // 0: no refusal
	}{
		{20 * time.Second, 33, 0},
		{5 * time.Second, 7, 0},
		{4 * time.Second, 6, 0},
		{3900 * time.Millisecond, 5, 4 * time.Second},
		{time.Second, 0, 4 * time.Second},
		{1, 0, 4 * time.Second},
	} {
		w := &fakeWorker{}
		r, rec := newRunner(w, Config{Budget: tt.budget})
		err := r.Run(t.Context(), codecCells("encode"))
		if tt.need > 0 {
			var refused *BudgetError
			if !errors.As(err, &refused) || refused.Need != tt.need || refused.Rounds != tt.rounds || len(rec.samples) > 0 {
				t.Errorf("budget %v: got error %v and %d samples, want %d rounds refused and a need of %v", tt.budget, err, len(rec.samples), tt.rounds, tt.need)
			}
			continue
		}
		if err != nil || rec.schedule.Rounds != tt.rounds || len(rec.samples) != 4*tt.rounds || w.now > tt.budget {
			t.Errorf("budget %v: got %v, %d rounds, %d samples in %v, want %d rounds", tt.budget, err, rec.schedule.Rounds, len(rec.samples), w.now, tt.rounds)
		}
	}
}

// What the refusal asks for is enough.
func TestBudgetNeed(t *testing.T) {
	var refused *BudgetError
	r, _ := newRunner(&fakeWorker{}, Config{Budget: time.Second})
	if err := r.Run(t.Context(), codecCells("encode", "decode")); !errors.As(err, &refused) {
		t.Fatalf("got error %v, want a refusal", err)
	}
	r, rec := newRunner(&fakeWorker{}, Config{Budget: refused.Need})
	if err := r.Run(t.Context(), codecCells("encode", "decode")); err != nil || rec.schedule.Rounds < 6 {
		t.Errorf("with the budget of %q: got %v and %d rounds, want at least 6", refused, err, rec.schedule.Rounds)
	}
	if want := "budget 1s: 0 rounds of 8 cells fit and 6 are needed: 8s would do"; refused.Error() != want {
		t.Errorf("got error %q, want %q", refused, want)
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
