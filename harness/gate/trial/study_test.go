package trial

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"golang.org/x/perf/benchmath"
)

// A planted lab measures each pair of both sides once more for each factor: the head then does as many times the operations that
// it was asked for, and says nothing of it, which is a change of known size in benchmarks of every kind. It never finds that
// both sides are the same program.
type planted struct {
	Lab
	factors []float64
	wall    func() time.Duration
	extra   time.Duration                   // wall time of what no gate would measure
	spent   map[string][][][2]time.Duration // CPU of base and head, by benchmark, factor and pair
}

func (l *planted) Same(string, string) (bool, error) { return false, nil }

// Pair measures the pair, and once for each factor.
func (l *planted) Pair(ctx context.Context, p, q measure.Program) (a, b measure.Spent, err error) {
	if a, b, err = l.Lab.Pair(ctx, p, q); err != nil || isHead(p) == isHead(q) {
		return a, b, err
	}
	begin := l.wall()
	name := p.Args[1]
	if l.spent[name] == nil {
		l.spent[name] = make([][][2]time.Duration, len(l.factors))
	}
	for i, factor := range l.factors {
		x, y, err := l.Lab.Pair(ctx, plant(p, factor), plant(q, factor))
		if err != nil {
			return a, b, err
		}
		if isHead(p) {
			x, y = y, x
		}
		l.spent[name][i] = append(l.spent[name][i], [2]time.Duration{x.CPU, y.CPU})
	}
	l.extra += l.wall() - begin
	return a, b, err
}

func isHead(p measure.Program) bool { return strings.Contains(p.Path, "head") }

// plant returns the program, and of the head one that does more.
func plant(p measure.Program, factor float64) measure.Program {
	if !isHead(p) {
		return p
	}
	p.Args = slices.Clone(p.Args)
	for i, a := range p.Args {
		if n, ok := strings.CutPrefix(a, "-test.benchtime="); ok {
			ops, _ := strconv.Atoi(strings.TrimSuffix(n, "x"))
			p.Args[i] = fmt.Sprintf("-test.benchtime=%dx", int(float64(ops-first)*factor)+first)
		}
	}
	return p
}

// A score is how often a change of one size was called one.
type score struct {
	comparisons, found, inconclusive int     // regressions, and not known
	benchstat                        int     // significantly slower by benchstat's test, on the same runs
	log                              float64 // sum of the logarithms of what was measured
}

// add counts a comparison.
func (s *score) add(o gate.Outcome, base, head []float64) {
	s.comparisons++
	for i := range base {
		s.log += math.Log(head[i]/base[i]) / float64(len(base))
	}
	switch o {
	case gate.Regression:
		s.found++
	case gate.Inconclusive:
		s.inconclusive++
	}
	if slower(base, head) {
		s.benchstat++
	}
}

// A tally is what a study has counted.
type tally struct {
	factors []float64 // the first is 1
	scores  []score
	whole   []score // of those that had as many pairs as their spread asks for
	cells   map[string]*cellTally
	pairs   int
	wall    time.Duration
	biased  int // trials that ended with the self-check
}

// A cellTally is that of one benchmark.
type cellTally struct {
	scores []score
	spread float64 // sum over trials
	pairs  int
}

func newTally(factors []float64) *tally {
	return &tally{factors: factors, scores: make([]score, len(factors)), whole: make([]score, len(factors)), cells: map[string]*cellTally{}}
}

// try runs one trial, and judges the pairs of the first factors by the gate's rule.
func (s *tally) try(ctx context.Context, t *Trial, factors int) error {
	lab := &planted{Lab: t.Lab, factors: s.factors[1:factors], wall: t.Wall, spent: map[string][][][2]time.Duration{}}
	t.Lab = lab
	begin := t.Wall()
	v, err := t.Run(ctx)
	if err != nil {
		return err
	}
	s.wall += t.Wall() - begin - lab.extra
	if !v.Self.OK {
		s.biased++
		return nil
	}
	for _, r := range v.Rows {
		if r.Unit != results.UnitCPU {
			continue
		}
		i := slices.IndexFunc(t.cells, func(c *cell) bool { return c.cell.Name() == r.Cell })
		c := t.cells[i]
		k := s.cells[r.Cell]
		if k == nil {
			k = &cellTally{scores: make([]score, len(s.factors))}
			s.cells[r.Cell] = k
		}
		k.spread += r.Timing.Spread
		k.pairs += r.Timing.Pairs
		s.pairs += r.Timing.Pairs
		outcome, spread, base, head := r.Outcome, r.Timing.Spread, c.ns[Base], c.ns[Head]
		for f := range factors {
			if f > 0 {
				outcome, spread, base, head = t.judgePlanted(c, lab.spent[anchored(c.cell)][f-1])
			}
			s.scores[f].add(outcome, base, head)
			k.scores[f].add(outcome, base, head)
			if r.Timing.Pairs >= gate.Pairs(spread, len(t.cells)) {
				s.whole[f].add(outcome, base, head)
			}
		}
	}
	return nil
}

// judgePlanted judges pairs as judgeTimes does.
func (t *Trial) judgePlanted(c *cell, spent [][2]time.Duration) (o gate.Outcome, spread float64, base, head []float64) {
	var u []float64
	for _, cpu := range spent {
		b, h := float64(cpu[0]-c.setup[Base])/float64(c.n), float64(cpu[1]-c.setup[Head])/float64(c.n)
		base, head, u = append(base, b), append(head, h), append(u, math.Log(h/b))
	}
	d := gate.Decide(u, 0.02, 0.01, len(t.cells))
	return d.Outcome, d.Spread, base, head
}

// slower is what benchstat would say of the same runs, taken for unpaired samples.
func slower(base, head []float64) bool {
	if len(base) == 0 || len(head) == 0 {
		return false
	}
	x := benchmath.NewSample(append([]float64(nil), base...), &benchmath.DefaultThresholds)
	y := benchmath.NewSample(append([]float64(nil), head...), &benchmath.DefaultThresholds)
	c := benchmath.AssumeNothing.Compare(x, y)
	return c.P < 0.05 && mean(head) > mean(base)
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(max(1, len(xs)))
}

// String is the tables.
func (s *tally) String() string {
	var b strings.Builder
	n := max(1, s.scores[0].comparisons)
	share := func(k, of int) string { return fmt.Sprintf("%.1f %%", 100*float64(k)/float64(max(1, of))) }
	b.WriteString("| change | measured | comparisons | regression | inconclusive | benchstat on the same runs: slower | with the pairs that their spread asks for: regression |\n|--:|--:|--:|--:|--:|--:|--:|\n")
	for i, f := range s.factors {
		x, w := s.scores[i], s.whole[i]
		fmt.Fprintf(&b, "| %+.0f %% | %+.1f %% | %d | %s | %s | %s | %s of %d |\n", 100*(f-1),
			100*math.Expm1(x.log/float64(max(1, x.comparisons))), x.comparisons, share(x.found, x.comparisons), share(x.inconclusive, x.comparisons),
			share(x.benchstat, x.comparisons), share(w.found, w.comparisons), w.comparisons)
	}
	fmt.Fprintf(&b, "\nPairs of a benchmark: %d in the mean. Wall time of the gate: %.1f s for each benchmark, builds and self-check included. Trials that ended with the self-check: %d.\n",
		s.pairs/n, s.wall.Seconds()/float64(n), s.biased)
	b.WriteString("\n| benchmark | spread of a pair | pairs | regression |\n|---|--:|--:|--:|\n")
	for _, name := range slices.Sorted(maps.Keys(s.cells)) {
		c := s.cells[name]
		trials := c.scores[0].comparisons
		var found []string
		for i, f := range s.factors {
			found = append(found, fmt.Sprintf("%+.0f %%: %d of %d", 100*(f-1), c.scores[i].found, c.scores[i].comparisons))
		}
		fmt.Fprintf(&b, "| %s | %.1f %% | %d | %s |\n", strings.TrimPrefix(name, "Benchmark"), 100*c.spread/float64(trials), c.pairs/trials, strings.Join(found, ", "))
	}
	return b.String()
}

const studyHead = `# What the gate finds

Benchmarks of many kinds (harness/gate/trial/testdata: sample and study) against themselves, where the head does as many
operations more as the first column says. Each trial has links of its own, each pair a new layout, and the pairs are as many as
the self-check's spread asks for, where the budget has room. Written by make gate-study, beside whatever else the machine did.

`

// TestGateStudy measures how often the gate is right: make gate-study. STUDY names the file to write, TRIALS how many times each
// change is tried (12, of 20 benchmarks; +5 % in half of them, +10 % in one of six), SLICE the CPU time of each of a pair (100ms), BUDGET that of the gate (10m), LIMIT the wall time after which no trial
// begins.
func TestGateStudy(t *testing.T) {
	out := os.Getenv("STUDY")
	if out == "" {
		t.Skip("measures for an hour: make gate-study")
	}
	out, trials := os.ExpandEnv(out), 12
	if s := os.Getenv("TRIALS"); s != "" {
		trials, _ = strconv.Atoi(s)
	}
	slice, _ := time.ParseDuration(os.Getenv("SLICE"))
	budget, _ := time.ParseDuration(os.Getenv("BUDGET"))
	limit, err := time.ParseDuration(os.Getenv("LIMIT"))
	if err != nil {
		limit = 24 * time.Hour
	}
	r := newRepo(t)
	if err := os.CopyFS(r.dir, os.DirFS("testdata/study")); err != nil {
		t.Fatal(err)
	}
	r.commit("study")
	l, err := OpenLocal(t.Context(), r.dir, "HEAD", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	l.Core, err = measure.TakeCore()
	if err != nil {
		t.Log(err)
	}
	defer l.Core.Release()
	machine, load := measure.Machine(), measure.ReadLoad()
	start := time.Now()
	s := newTally([]float64{1, 1.05, 1.1})
	for i := 0; i < trials && time.Since(start) < limit; i++ {
		links := 100_000 * (i + 1)
		err := s.try(t.Context(), &Trial{
			Config: Config{Subjects: l.Subjects, Seed: uint64(links), Slice: slice, Budget: budget, Links: links, NoInstructions: "not in the study"},
			Lab:    l, Judge: gate.NewJudge(nil), Wall: func() time.Duration { return time.Since(start) }, Say: func(string, ...any) {},
		}, []int{2, 1, 2, 1, 3, 1}[i%6])
		if err != nil {
			t.Fatal(err)
		}
		now := measure.ReadLoad()
		text := studyHead + s.String() + fmt.Sprintf("\n%s, %s/%s, %s, %d cores, %s; load %s before and %s at the end, steal %s. Slice %v, budget %v, %d trials in %v.\n",
			machine.Go, machine.GOOS, machine.GOARCH, machine.CPU, measure.Processors(), machine.Virt, load.Average, now.Average, now.StealSince(load), cmp.Or(slice, fullSlice), cmp.Or(budget, 10*time.Minute), i+1, time.Since(start).Round(time.Second))
		if err := os.WriteFile(out, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The study itself, on an invented machine: no change is called one in more than 2 %, and +5 % is found in nearly all.
func TestStudy(t *testing.T) {
	var now time.Duration
	s := newTally([]float64{1, 1.05, 1.1})
	for i := range 10 {
		links := 100_000 * (i + 1)
		l := &fakeLab{layout: 0.02, rng: rand.New(rand.NewPCG(uint64(links), 2)), alive: map[string]bool{}, now: now}
		for i := range 20 {
			l.benchmarks = append(l.benchmarks, both(fmt.Sprintf("BenchmarkA/n=%dx", i), 100, 0))
		}
		err := s.try(t.Context(), &Trial{
			Config: Config{Subjects: []Subject{{Path: "x"}}, Seed: 1, Links: links, NoInstructions: "not here"},
			Lab:    l, Judge: gate.NewJudge(nil), Wall: func() time.Duration { return l.now }, Say: func(string, ...any) {},
		}, 3)
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range [][2]float64{{0, 0.02}, {0.88, 1}, {0.98, 1}} {
		x := s.scores[i]
		if got := float64(x.found) / float64(x.comparisons); x.comparisons < 160 || got < want[0] || got > want[1] {
			t.Errorf("%+.0f %%: found in %.3f of %d, want %v\n%s", 100*(s.factors[i]-1), got, x.comparisons, want, s)
		}
	}
}
