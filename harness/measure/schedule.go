package measure

import (
	"fmt"
	"strings"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// margin: a round is planned to take one part in so many longer than estimated.
const margin = 20

// A Schedule is a run, laid out after calibration.
type Schedule struct {
	Cells  []Scheduled // in the order given, each twin behind its original
	Rounds int
	Spent  time.Duration // wall time of proofs and calibrations, over already
	Count  time.Duration // wall time that the counters will take, estimated
	Round  time.Duration // wall time of one round, estimated
	GaveUp []string      // what did not fit the budget, each in some words; nil: all of it fits
	All    time.Duration // a budget in which all of it would fit, in whole seconds
}

// A Scheduled is a cell of a Schedule.
type Scheduled struct {
	Cell results.Cell
	N    int           // operations of each sample
	Wall time.Duration // of one sample with its process, estimated
}

// Total returns the wall time of the whole run, estimated.
func (s Schedule) Total() time.Duration { return s.need(s.Rounds) }

// Loss says in one line what was given up, "" if nothing was.
func (s Schedule) Loss() string {
	if len(s.GaveUp) == 0 {
		return ""
	}
	return fmt.Sprintf("to fit the budget: %s; %v would have it all", strings.Join(s.GaveUp, ", "), s.All)
}

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

// wholeSeconds rounds up.
func wholeSeconds(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}

// A BudgetError says that a budget has no room for a single round.
type BudgetError struct {
	Budget time.Duration
	Cells  int
	Fixed  time.Duration // what proofs and calibrations took
	Need   time.Duration // a budget that would do, in whole seconds; 0: Fixed is not all that they would have taken
}

func (e *BudgetError) Error() string {
	s := fmt.Sprintf("budget %v: proofs and calibrations of %d cells took %v", e.Budget, e.Cells, e.Fixed.Round(time.Millisecond))
	if e.Need == 0 {
		return s + ", and were not at their end"
	}
	return fmt.Sprintf("%s, and no round fits behind them: %v would do", s, e.Need)
}
