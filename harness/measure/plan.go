package measure

import (
	"fmt"
	"time"
)

const (
	counters = 3  // processes that count allocations
	margin   = 20 // a round is planned to take one part in so many longer than estimated
)

// A Plan is a run, laid out after calibration.
type Plan struct {
	Cells  []Planned // in the order given, each twin behind its original
	Rounds int
	Spent  time.Duration // wall time of proofs and calibrations, over already
	Count  time.Duration // wall time that the counters will take, estimated
	Round  time.Duration // wall time of one round, estimated
}

// A Planned is a cell of a Plan.
type Planned struct {
	Cell Cell
	N    int           // operations of each sample
	Wall time.Duration // of one sample with its process, estimated
}

// Total returns the wall time of the whole run, estimated.
func (p Plan) Total() time.Duration { return p.need(p.Rounds) }

// need returns the wall time that a run of so many rounds takes.
func (p Plan) need(rounds int) time.Duration {
	return p.Spent + p.Count + time.Duration(rounds)*p.Round
}

// fit returns the number of rounds that fit into a budget.
func (p Plan) fit(budget time.Duration) int {
	if p.Round <= 0 {
		return 0
	}
	return int(max(0, budget-p.need(0)) / p.Round)
}

func (p Plan) refuse(budget time.Duration, least int) error {
	need := p.need(least)
	need += (time.Second - need%time.Second) % time.Second
	return &BudgetError{Budget: budget, Cells: len(p.Cells), Rounds: p.fit(budget), Min: least, Need: need}
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
