package measure

import (
	"fmt"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

const (
	counters = 3  // processes that count allocations
	margin   = 20 // a round is planned to take one part in so many longer than estimated
)

// A Schedule is a run, laid out after calibration.
type Schedule struct {
	Cells  []Scheduled // in the order given, each twin behind its original
	Rounds int
	Spent  time.Duration // wall time of proofs and calibrations, over already
	Count  time.Duration // wall time that the counters will take, estimated
	Round  time.Duration // wall time of one round, estimated
}

// A Scheduled is a cell of a Schedule.
type Scheduled struct {
	Cell results.Cell
	N    int           // operations of each sample
	Wall time.Duration // of one sample with its process, estimated
}

// Total returns the wall time of the whole run, estimated.
func (s Schedule) Total() time.Duration { return s.need(s.Rounds) }

// need returns the wall time that a run of so many rounds takes.
func (s Schedule) need(rounds int) time.Duration {
	return s.Spent + s.Count + time.Duration(rounds)*s.Round
}

// fit returns the number of rounds that fit into a budget.
func (s Schedule) fit(budget time.Duration) int {
	if s.Round <= 0 {
		return 0
	}
	return int(max(0, budget-s.need(0)) / s.Round)
}

func (s Schedule) refuse(budget time.Duration, least int) error {
	need := s.need(least)
	need += (time.Second - need%time.Second) % time.Second
	return &BudgetError{Budget: budget, Cells: len(s.Cells), Rounds: s.fit(budget), Min: least, Need: need}
}

// A BudgetError says that too few rounds fit.
type BudgetError struct {
	Budget      time.Duration
	Cells       int
	Rounds, Min int           // that fit, that are needed
	Need        time.Duration // a budget that would do, in whole seconds
}

func (e *BudgetError) Error() string {
	return fmt.Sprintf("budget %v: %d rounds of %d cells fit and %d are needed: %v would do", e.Budget, e.Rounds, e.Cells, e.Min, e.Need)
}
