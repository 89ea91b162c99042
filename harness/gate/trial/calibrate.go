package trial

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

const (
	fullSlice  = 100 * time.Millisecond // CPU time of each of a pair
	leastSlice = 20 * time.Millisecond
	first      = 2       // operations that a process does to show its set-up
	readable   = 5       // ms of CPU beyond the set-up, from which on it tells the time of an operation
	most       = 1 << 30 // operations
	processes  = 3       // that count allocations, and the least that tell the set-up
	countable  = 20_000  // operations that hide cold costs
)

// slice returns the CPU time of each of a pair: what lets 12 of them, a self-check and the least number of pairs, fit into half of
// the budget of many cells. The other half is for builds, counting and whoever else uses the core.
func (t *Trial) slice() time.Duration {
	if t.Slice > 0 {
		return t.Slice
	}
	share := t.Budget / 2 / time.Duration(len(t.cells)*2*(selfPairs+leastPairs))
	return min(fullSlice, max(leastSlice, share))
}

// calibrate finds each cell's set-up, and how many operations take a slice.
func (t *Trial) calibrate(ctx context.Context) error {
	if t.NoTime != "" {
		return nil
	}
	t.Say("calibrating %d benchmarks", len(t.cells))
	for _, c := range t.cells {
		if err := t.calibrateCell(ctx, c); err != nil {
			return t.cellFailed(c, err)
		}
	}
	return nil
}

func (t *Trial) calibrateCell(ctx context.Context, c *cell) error {
	slice := t.slice()
	var cpu [2][]time.Duration
	for range setups(slice) {
		for _, side := range []Side{Base, Head} {
			spent, _, err := t.one(ctx, c, side, first)
			if err != nil {
				return err
			}
			cpu[side] = append(cpu[side], spent.CPU)
		}
	}
	for side := range cpu {
		c.setup[side] = middle(cpu[side])
	}
	enough := min(readable*time.Millisecond+c.setup[Base]/4, slice)
	for n := 1; ; n *= 10 {
		spent, _, err := t.one(ctx, c, Base, n+first)
		if err != nil {
			return err
		}
		if beyond := spent.CPU - c.setup[Base]; beyond >= enough || n >= most {
			c.n = operations(n, beyond, max(slice, min(c.setup[Base], 4*slice)))
			break
		}
	}
	if share := float64(c.setup[Base]) / float64(max(slice, min(c.setup[Base], 4*slice))+c.setup[Base]); share > 0.51 {
		c.notes = append(c.notes, fmt.Sprintf("set-up is %.0f %% of a process", 100*share))
	}
	return nil
}

// setups returns how many processes tell the set-up of each side. What is wrong with it is wrong with all pairs of a trial, so
// that no number of them helps: it must be little of a slice.
//
// Note: one process tells it to 0.25 ms. The median of 3 moved the ratio of a trial by 1 % at slices of 20 ms, and with 30 pairs
// of a spread of 3 % one +5 % in three was not seen.
func setups(slice time.Duration) int {
	const (
		scatter = 275 * time.Microsecond // of a process, what the middle half costs included
		share   = 0.0025                 // of a slice
		most    = 24
	)
	root := float64(scatter) / (share * float64(slice))
	return min(most, max(processes, int(math.Ceil(root*root))))
}

// middle is the mean of the middle half.
func middle(xs []time.Duration) time.Duration {
	slices.Sort(xs)
	xs = xs[len(xs)/4 : len(xs)-len(xs)/4]
	sum := time.Duration(0)
	for _, x := range xs {
		sum += x
	}
	return sum / time.Duration(len(xs))
}

// operations returns how many take a slice, where n took cpu.
func operations(n int, cpu, slice time.Duration) int {
	if cpu <= 0 {
		return most
	}
	return int(min(most, max(1, float64(n)*float64(slice)/float64(cpu))))
}

// errNoResult is what a benchmark is told that does not print the result it was asked for.
var errNoResult = errors.New("it printed no result")

// one runs a cell with the first link.
func (t *Trial) one(ctx context.Context, c *cell, side Side, n int) (measure.Spent, results.Sample, error) {
	spent, err := t.run(ctx, side, c.subject, anchored(c.cell), n)
	if err != nil {
		return spent, results.Sample{}, fmt.Errorf("%s: %w", side, err)
	}
	s, ok := resultOf(spent.Stdout, c.cell, n)
	if !ok {
		return spent, s, fmt.Errorf("%s: %w of %d operations", side, errNoResult, n)
	}
	return spent, s, nil
}

func (t *Trial) cellFailed(c *cell, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%s: %w", c.key(), err)
}

// count judges what is exact: three processes of each side.
func (t *Trial) count(ctx context.Context) error {
	t.Say("counting allocations")
	for _, c := range t.cells {
		n := countable
		if c.n > 0 {
			n = min(n, c.n+first)
		}
		for _, side := range []Side{Base, Head} {
			for range processes {
				_, s, err := t.one(ctx, c, side, n)
				if err != nil {
					return t.cellFailed(c, err)
				}
				c.counted[side] = append(c.counted[side], s)
			}
		}
		t.judgeCounts(c)
	}
	return nil
}

// judgeCounts judges each unit that both sides print, but for time.
func (t *Trial) judgeCounts(c *cell) {
	for _, v := range c.counted[Base][0].Values {
		if v.Unit == results.UnitWall {
			continue
		}
		x, y := comparison.Values(c.counted[Base], v.Unit), comparison.Values(c.counted[Head], v.Unit)
		if len(x) < processes || len(y) < processes {
			continue
		}
		base, head := slices.Min(x), slices.Min(y)
		switch {
		case v.Unit == results.UnitBytes:
			t.Judge.Exact(c.subject.Path, c.cell, v.Unit, base, head)
		case v.Unit == results.UnitAllocs && !comparison.Exact(c.cell, v.Unit, x):
			if base != head {
				t.Judge.Shown(c.subject.Path, c.cell, v.Unit, base, head, "processes of the base do not agree")
			}
		case v.Unit == results.UnitAllocs, v.Unit == results.UnitSet:
			t.Judge.Exact(c.subject.Path, c.cell, v.Unit, base, head)
		case base != head:
			t.Judge.Metric(c.subject.Path, c.cell, v.Unit, base, head)
		}
	}
}
