package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// A budget is a promise: the run ends, with what it has, before a quarter more than the budget is over. What does not fit is
// given up before the first round; a machine that slows down then ends the run at the limit, by the clock alone.
const (
	limitShare   = 1.25 // of the budget: the end, wherever the run is
	prepareShare = 0.6  // of the budget: proofs and calibrations have so much of it
	spareShare   = 0.9  // of the budget: up to here rounds go on that were not planned
	requestShare = 0.15 // of the budget: one proof or calibration has so much of it, so that a slow codec leaves time to the others
)

// counters is how many processes count what a cell allocates.
const counters = 3

// A thrift is how much of a run is given up to fit its budget.
type thrift struct {
	shorter int // samples take one part in so many of the slice
	keybys  int // most numbers of keyBys that the price of one is fitted through
	counts  int // processes that count allocations
	rounds  int // least number of rounds
}

// thrifts is the order in which things are given up, the least loss first. Rounds are the replication: four short samples
// in four rounds tell more than a long one, so they go last, and with them the intervals.
func thrifts(minRounds int) []thrift {
	const all = 1 << 30
	return []thrift{
		{1, all, counters, minRounds},
		{2, all, counters, minRounds},
		{4, all, counters, minRounds},
		{4, 3, counters, minRounds},
		{4, 2, counters, minRounds},
		{4, 2, 1, minRounds},
		{4, 2, 1, 1},
	}
}

// keep returns those of some numbers of keyBys, in order, that a price is still fitted through: three of 0, 1, 2 and 3 are 0,
// 1 and 3, and two are 0 and 2.
func (t thrift) keep(keybys []int) []int {
	last := len(keybys) - 1
	switch {
	case len(keybys) <= t.keybys:
		return keybys
	case t.keybys == 3:
		return []int{keybys[0], keybys[1], keybys[last]}
	}
	return []int{keybys[0], keybys[last-1]}
}

// schedule turns the budget into a number of rounds, and gives up what does not fit.
func (r *run) schedule(context.Context) error {
	levels := thrifts(r.cfg.MinRounds)
	s := r.layOut(levels[0])
	s.All = wholeSeconds(s.need(max(r.cfg.MinRounds, 1)))
	switch {
	case len(s.Cells) == 0 && r.prepared():
		return &BudgetError{Budget: r.cfg.Budget, Cells: len(r.jobs), Fixed: s.Spent}
	case len(s.Cells) == 0:
	case r.cfg.Rounds > 0:
		s.Rounds = r.cfg.Rounds
	default:
		var err error
		if s, err = r.fit(s, levels); err != nil {
			return err
		}
	}
	r.todo, r.left = s, s.Total()-s.Spent
	if r.Sink.Schedule == nil {
		return nil
	}
	return r.Sink.Schedule(s)
}

// layOut lays out the cells that a thrift leaves.
func (r *run) layOut(t thrift) Schedule {
	s := Schedule{Spent: r.elapsed()}
	for _, j := range alive(r.jobs) {
		if moves(j) && !slices.Contains(t.keep(r.keybys(j.cell.Procs)), j.cell.Keybys) {
			continue
		}
		n := j.operations(r.cfg.Slice / time.Duration(t.shorter))
		wall := j.wall(n)
		s.Cells = append(s.Cells, Scheduled{j.cell, n, wall})
		s.Round += wall + wall/margin
		if !j.cell.IsTwin() {
			s.Count += time.Duration(max(0, t.counts-j.counted)) * j.count
		}
	}
	return s
}

// moves reports whether the price of a keyBy is fitted through j.
func moves(j *job) bool { return j.cell.IsExchange() && !j.cell.IsPart() }

// keybys returns the numbers of keyBys of the exchange cells that use so many cores, in order.
func (r *run) keybys(procs int) []int {
	var ns []int
	for _, j := range r.jobs {
		if moves(j) && j.cell.Procs == procs && !slices.Contains(ns, j.cell.Keybys) {
			ns = append(ns, j.cell.Keybys)
		}
	}
	slices.Sort(ns)
	return ns
}

// fit gives up one thing after the other until enough rounds fit, and in the end the cells that take the longest, each of
// which is a row. It returns a *BudgetError when no cell has room for a single sample.
func (r *run) fit(all Schedule, levels []thrift) (Schedule, error) {
	for _, t := range levels {
		s := r.layOut(t)
		if s.Rounds = s.fit(r.cfg.Budget); s.Rounds >= t.rounds {
			return r.settle(s, all, t)
		}
	}
	last := levels[len(levels)-1]
	for {
		s := r.layOut(last)
		s.Rounds = 1
		if len(s.Cells) > 0 && s.Total() <= r.cfg.Budget {
			return r.settle(s, all, last)
		}
		dear := r.dearest()
		if dear == nil {
			return s, &BudgetError{Budget: r.cfg.Budget, Cells: len(all.Cells), Fixed: all.Spent, Need: all.All}
		}
		reason := fmt.Sprintf("one sample takes %v of a budget of %v", dear.wall(dear.data.Records).Round(time.Millisecond), r.cfg.Budget)
		if err := r.row(dear, reason, results.Unmeasured); err != nil {
			return s, err
		}
		r.drop()
	}
}

// dearest returns the job whose shortest sample takes the longest, nil when there is none left.
func (r *run) dearest() *job {
	jobs := originals(r.jobs)
	if len(jobs) == 0 {
		return nil
	}
	return slices.MaxFunc(jobs, func(a, b *job) int { return cmp.Compare(a.wall(a.data.Records), b.wall(b.data.Records)) })
}

// settle tells the jobs what was decided, and the schedule what was given up.
func (r *run) settle(s, all Schedule, t thrift) (Schedule, error) {
	left := map[results.Cell]int{}
	for _, c := range s.Cells {
		left[c.Cell] = c.N
	}
	for _, j := range alive(r.jobs) {
		n, ok := left[j.cell]
		j.failed = j.failed || !ok // one of the keyBys that are given up, which all its codec's others stand for
		j.n, j.counters = n, t.counts
	}
	s.All = all.All
	if t.shorter > 1 {
		s.GaveUp = append(s.GaveUp, fmt.Sprintf("samples of %v", r.cfg.Slice/time.Duration(t.shorter)))
	}
	for _, j := range r.jobs {
		before := r.keybys(j.cell.Procs)
		if now := t.keep(before); moves(j) && len(now) < len(before) {
			s.GaveUp = append(s.GaveUp, "one keyBy fitted through "+words(now))
			break
		}
	}
	if t.counts < counters {
		s.GaveUp = append(s.GaveUp, "one counting process for three")
	}
	if s.Rounds < r.cfg.MinRounds {
		s.GaveUp = append(s.GaveUp, "no intervals")
	}
	if lost := len(all.Cells) - len(s.Cells); lost > 0 && s.Rounds == 1 {
		s.GaveUp = append(s.GaveUp, strconv.Itoa(lost)+" of "+strconv.Itoa(len(all.Cells))+" cells")
	}
	return s, nil
}

// words lists numbers as a sentence does.
func words(ns []int) string {
	text := make([]string, len(ns))
	for i, n := range ns {
		text[i] = strconv.Itoa(n)
	}
	last := len(text) - 1
	return strings.Join(text[:last], ", ") + " and " + text[last]
}

// errLate says that a request was ended because the run's budget has no more time for it.
var errLate = errors.New("no time left")

// within returns a context for a request that may take as long as the budget has, and no longer than the given share of it.
func (r *run) within(ctx context.Context, share float64) (context.Context, context.CancelFunc) {
	if r.limit == 0 {
		return ctx, func() {}
	}
	most := max(0, min(time.Duration(share*float64(r.cfg.Budget)), r.limit-r.elapsed()))
	if r.timeout != nil {
		return r.timeout(ctx, most)
	}
	return context.WithTimeoutCause(ctx, most, errLate)
}

// late reports whether the limit of the run is over.
func (r *run) late() bool { return r.limit > 0 && r.elapsed() >= r.limit }

// prepared reports whether proofs and calibrations have used up their share of the budget.
func (r *run) prepared() bool {
	return r.limit > 0 && r.elapsed() >= time.Duration(prepareShare*float64(r.cfg.Budget))
}

// elapsed returns the wall time of the run so far.
func (r *run) elapsed() time.Duration { return r.Clock.Wall() - r.start }
