package trial

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
)

const (
	selfPairs  = 4 // of each cell, base against base
	leastPairs = gate.MinPairs
	margin     = 95 // percent of the budget that is planned for: machines get slower
)

// time is the layer of time: the base against itself, then pairs.
func (t *Trial) time(ctx context.Context) error {
	if t.NoTime != "" {
		t.Judge.Refuse("time: %s", t.NoTime)
		return nil
	}
	rng := rand.New(rand.NewPCG(t.Seed, 1))
	self, err := t.selfCheck(ctx, rng)
	if err != nil {
		return err
	}
	t.Judge.Verdict.Self = &self
	if !self.OK {
		return nil
	}
	t.shorten()
	plan := t.plan(self)
	t.Say("%s", plan)
	if err := t.pairs(ctx, rng, plan); err != nil {
		return err
	}
	t.judgeTimes(plan)
	return nil
}

// selfCheck runs pairs of the base against itself, in other links.
func (t *Trial) selfCheck(ctx context.Context, rng *rand.Rand) (gate.SelfCheck, error) {
	t.Say("the base against itself: %d pairs", selfPairs*len(t.cells))
	u := map[string][]float64{}
	var linking, pairing time.Duration
	for i := range selfPairs {
		// Base's links of pairs 2i and 2i+1 are used again by those pairs.
		for _, s := range t.running() {
			begin := t.Wall()
			for _, pair := range []int{2 * i, 2*i + 1} {
				if _, err := t.link(ctx, Base, s.Path, seedOf(Base, pair)); err != nil {
					return gate.SelfCheck{}, err
				}
			}
			linking += t.Wall() - begin
		}
		for _, c := range t.shuffled(rng) {
			begin := t.Wall()
			x, _, err := t.pair(ctx, c, [2]Side{Base, Base}, [2]int{2 * i, 2*i + 1}, i)
			if err != nil {
				return gate.SelfCheck{}, err
			}
			pairing += t.Wall() - begin
			if c.broken == "" {
				u[c.key()] = append(u[c.key()], x)
			}
		}
	}
	t.cost.link = linking / time.Duration(max(1, 2*selfPairs*len(t.running())))
	t.cost.pair = pairing / time.Duration(max(1, selfPairs*len(t.cells)))
	return gate.CheckSelf(u), nil
}

// running are the packages that have cells.
func (t *Trial) running() []*Subject {
	var out []*Subject
	for _, c := range t.cells {
		if !slices.Contains(out, c.subject) {
			out = append(out, c.subject)
		}
	}
	return out
}

// pair runs two binaries of a cell at once, the second first if turn is odd, and returns the logarithm of the second's time over
// the first's, what a process takes for set-up subtracted. A cell whose times make no sense is broken.
func (t *Trial) pair(ctx context.Context, c *cell, sides [2]Side, pairs [2]int, turn int) (u float64, ns [2]float64, err error) {
	var p [2]measure.Program
	for k := range p {
		bin, err := t.link(ctx, sides[k], c.subject.Path, seedOf(sides[k], pairs[k]))
		if err != nil {
			return 0, ns, err
		}
		p[k] = program(bin, c.subject.Dir[sides[k]], anchored(c.cell), c.n+first)
	}
	a, b := 0, 1
	if turn%2 == 1 {
		a, b = 1, 0
	}
	var spent [2]measure.Spent
	spent[a], spent[b], err = t.Lab.Pair(ctx, p[a], p[b])
	if err != nil {
		return 0, ns, t.cellFailed(c, err)
	}
	for k := range spent {
		beyond := spent[k].CPU - c.setup[sides[k]]
		if _, ok := resultOf(spent[k].Stdout, c.cell, c.n+first); !ok {
			return 0, ns, t.cellFailed(c, fmt.Errorf("%s: %w of %d operations", sides[k], errNoResult, c.n+first))
		}
		if beyond <= 0 {
			c.broken = fmt.Sprintf("set-up takes %v of a process and hides %d operations", c.setup[sides[k]], c.n)
			return 0, ns, nil
		}
		ns[k] = float64(beyond) / float64(c.n)
	}
	return math.Log(ns[1] / ns[0]), ns, nil
}

// A plan is how many pairs each cell gets, fixed before the first.
type plan struct {
	pairs map[*cell]int
	asked map[*cell]int // what the spread asks for
	short bool          // the budget has not room for all
	left  time.Duration
}

// String says what is about to happen.
func (p plan) String() string {
	least, most := math.MaxInt, 0
	for _, n := range p.pairs {
		least, most = min(least, n), max(most, n)
	}
	if len(p.pairs) == 0 {
		return "no pairs"
	}
	return fmt.Sprintf("%d benchmarks, %d to %d pairs, about %v", len(p.pairs), least, most, p.left.Round(time.Second))
}

// left is what is left of the budget.
func (t *Trial) left() time.Duration { return t.Budget*margin/100 - (t.Wall() - t.start) }

// links returns how many links pairs of each package take, those of the self-check left out.
func links(pairs int) int { return max(0, pairs-1) + max(0, pairs-2*selfPairs) }

// shorten has each pair do less where not even the least number of them would fit: the core is shared with others then, which the
// self-check has shown.
func (t *Trial) shorten() {
	rest := t.left() - time.Duration(len(t.running())*links(leastPairs))*t.cost.link
	need := time.Duration(len(t.cells)*leastPairs) * t.cost.pair
	if need <= rest {
		return
	}
	slice := t.slice()
	factor := max(float64(leastSlice)/float64(slice), float64(rest)/float64(need))
	if factor >= 1 {
		return
	}
	for _, c := range t.cells {
		c.n = max(1, int(factor*float64(c.n)))
	}
	t.cost.pair = time.Duration(factor * float64(t.cost.pair))
	t.Judge.Note("the core is shared with others: each of a pair takes %v of CPU instead of %v, so that the budget of %v is kept",
		time.Duration(factor*float64(slice)).Round(time.Millisecond), slice.Round(time.Millisecond), t.Budget)
}

// plan divides what is left of the budget: each cell gets what its spread asks for, but no more than fits for all. So the cells
// that ask for most are cut first: one benchmark that nothing can measure does not cost the others their pairs.
func (t *Trial) plan(self gate.SelfCheck) plan {
	p := plan{pairs: map[*cell]int{}, asked: map[*cell]int{}}
	longest := leastPairs
	for _, c := range t.cells {
		if c.broken == "" {
			p.asked[c] = gate.Pairs(self.Spread[c.key()], len(t.cells))
			longest = max(longest, p.asked[c])
		}
	}
	left, packages := t.left(), len(t.running())
	need := func(most int) time.Duration {
		sum := 0
		for _, n := range p.asked {
			sum += min(n, most)
		}
		return time.Duration(sum)*t.cost.pair + time.Duration(packages*links(most))*t.cost.link
	}
	most := longest
	for most > leastPairs && need(most) > left {
		most--
		p.short = true
	}
	for c, n := range p.asked {
		p.pairs[c] = min(n, most)
	}
	p.left = need(most)
	return p
}

// pairs runs the pairs of a plan.
func (t *Trial) pairs(ctx context.Context, rng *rand.Rand, p plan) error {
	rounds := 0
	for _, n := range p.pairs {
		rounds = max(rounds, n)
	}
	for i := range rounds {
		if i > 0 && i%max(1, rounds/4) == 0 {
			t.Say("pair %d of %d", i+1, rounds)
		}
		for _, c := range t.shuffled(rng) {
			if i >= p.pairs[c] {
				continue
			}
			u, ns, err := t.pair(ctx, c, [2]Side{Base, Head}, [2]int{i, i}, i)
			if err != nil {
				return err
			}
			if c.broken == "" {
				c.u = append(c.u, u)
				c.ns[Base], c.ns[Head] = append(c.ns[Base], ns[0]), append(c.ns[Head], ns[1])
			}
		}
		t.drop(i)
	}
	return nil
}

// judgeTimes judges each cell by its pairs.
func (t *Trial) judgeTimes(p plan) {
	t.Judge.Cells = len(t.cells)
	for _, c := range t.cells {
		if c.broken != "" {
			t.Judge.Note("not measured: time of %s: %s", c.key(), c.broken)
			t.Judge.Refuse("time of %s: %s", c.key(), c.broken)
			continue
		}
		base, _, _ := stats.Trimmed(c.ns[Base])
		head, _, _ := stats.Trimmed(c.ns[Head])
		row := t.Judge.Time(c.subject.Path, c.cell, c.u, base, head)
		row.Notes = c.notes
	}
	if p.short {
		var times []float64 // the budget that each would take
		for c, n := range p.asked {
			if n > p.pairs[c] {
				times = append(times, float64(n)/float64(p.pairs[c]))
			}
		}
		slices.Sort(times)
		t.Judge.Note("the budget of %v had no room for all pairs: %d of %d benchmarks have fewer than see +5 %% in 9 runs of 10; --budget %v would have them for half of those",
			t.Budget, len(times), len(p.asked), wholeMinutes(time.Duration(times[len(times)/2]*float64(t.Budget))))
	}
}

func wholeMinutes(d time.Duration) time.Duration {
	return (d + time.Minute - 1).Truncate(time.Minute)
}

// raw hands over what was measured.
func (t *Trial) raw() {
	if t.Raw == nil {
		return
	}
	for _, side := range []Side{Base, Head} {
		var b bytes.Buffer
		for _, s := range t.running() {
			f := &results.File{Header: measure.Machine()}
			f.Header.Layout = "random"
			f.Header.Other = []results.Fact{{Key: "pkg", Value: s.Path}}
			for _, c := range t.cells {
				if c.subject == s {
					f.Samples = append(f.Samples, c.samples(side)...)
				}
			}
			if err := f.Write(&b); err != nil {
				t.Judge.Note("raw results of %s: %v", s.Path, err)
			}
		}
		t.Raw(side, &b)
	}
}

// samples are the result lines of a side: one for each pair, with what was counted.
func (c *cell) samples(side Side) []results.Sample {
	var exact []results.Value
	if len(c.counted[side]) > 0 {
		for _, v := range c.counted[side][0].Values {
			if v.Unit != results.UnitWall {
				exact = append(exact, v)
			}
		}
	}
	var out []results.Sample
	for _, ns := range c.ns[side] {
		out = append(out, results.Sample{Cell: c.cell, N: c.n, Values: append([]results.Value{{Value: ns, Unit: results.UnitCPU}}, exact...)})
	}
	if len(out) == 0 && exact != nil {
		out = append(out, results.Sample{Cell: c.cell, N: c.counted[side][0].N, Values: exact})
	}
	return out
}
