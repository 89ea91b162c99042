package trial

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"golang.org/x/perf/benchmath"
)

// A planted lab makes the head do more operations of each benchmark than it was asked for, and say nothing of it: a change of
// known size in benchmarks of every kind. It never finds that both sides are the same program.
type planted struct {
	Lab
	factor float64
}

func (l planted) Same(string, string) (bool, error) { return false, nil }

// Pair plants the change in the head of a pair of both.
func (l planted) Pair(ctx context.Context, p, q measure.Program) (a, b measure.Spent, err error) {
	undoP, undoQ := l.plant(&p), l.plant(&q)
	a, b, err = l.Lab.Pair(ctx, p, q)
	undoP(&a)
	undoQ(&b)
	return a, b, err
}

// plant makes the head do more, and returns what puts the number in its output back.
func (l planted) plant(p *measure.Program) func(*measure.Spent) {
	if !strings.Contains(p.Path, "head") || l.factor == 1 {
		return func(*measure.Spent) {}
	}
	var asked, done string
	p.Args = append([]string(nil), p.Args...)
	for i, a := range p.Args {
		if n, ok := strings.CutPrefix(a, "-test.benchtime="); ok {
			asked = strings.TrimSuffix(n, "x")
			ops, _ := strconv.Atoi(asked)
			done = strconv.Itoa(int(float64(ops-first)*l.factor) + first)
			p.Args[i] = "-test.benchtime=" + done + "x"
		}
	}
	count := regexp.MustCompile(`(?m)^(Benchmark\S*\s+)` + done + `\b`)
	return func(s *measure.Spent) { s.Stdout = count.ReplaceAll(s.Stdout, []byte("${1}"+asked)) }
}

// A score is how often a change of one size was called one.
type score struct {
	factor                       float64
	comparisons                  int
	found, inconclusive, benchst int // of them: regressions, not known, and significantly slower by benchstat's test
	pairs                        int
	wall                         time.Duration
	biased                       int // trials that ended with the self-check
}

// study tries a change of one size so many times, each with links of its own.
func study(ctx context.Context, trials int, factor float64, open func(links int) *Trial) (score, error) {
	s := score{factor: factor}
	for i := range trials {
		t := open(100_000 * (i + 1))
		t.Lab = planted{t.Lab, factor}
		begin := t.Wall()
		v, err := t.Run(ctx)
		if err != nil {
			return s, err
		}
		s.wall += t.Wall() - begin
		if !v.Self.OK {
			s.biased++
			continue
		}
		for _, r := range v.Rows {
			if r.Unit != results.UnitCPU {
				continue
			}
			s.comparisons++
			s.pairs += r.Timing.Pairs
			switch r.Outcome {
			case gate.Regression:
				s.found++
			case gate.Inconclusive:
				s.inconclusive++
			}
		}
		for _, c := range t.cells {
			if slower(c.ns[Base], c.ns[Head]) {
				s.benchst++
			}
		}
	}
	return s, nil
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

// String is a row of the table.
func (s score) String() string {
	share := func(n int) string { return fmt.Sprintf("%.1f %%", 100*float64(n)/float64(max(1, s.comparisons))) }
	per := s.wall / time.Duration(max(1, s.comparisons))
	return fmt.Sprintf("| %+.0f %% | %d | %s | %s | %s | %d | %.1f s | %d |", 100*(s.factor-1), s.comparisons, share(s.found), share(s.inconclusive),
		share(s.benchst), s.pairs/max(1, s.comparisons), per.Seconds(), s.biased)
}

const studyHead = `# What the gate finds

The benchmarks of harness/gate/trial/testdata/sample against themselves, where the head does as many operations more as the
first column says; each trial has links of its own. Written by make gate-study.

| change | comparisons | regression | inconclusive | benchstat on the same runs: slower | pairs | time a benchmark | self-check refused |
|--:|--:|--:|--:|--:|--:|--:|--:|
`

// TestGateStudy measures how often the gate is right, for hours: make gate-study. STUDY names the file to write, TRIALS how many
// times each change is tried (30), BUDGET the wall time of a trial (10m).
func TestGateStudy(t *testing.T) {
	out := os.Getenv("STUDY")
	if out == "" {
		t.Skip("measures for hours: make gate-study")
	}
	out, trials, budget := os.ExpandEnv(out), 30, 10*time.Minute
	if s := os.Getenv("TRIALS"); s != "" {
		trials, _ = strconv.Atoi(s)
	}
	if s := os.Getenv("BUDGET"); s != "" {
		budget, _ = time.ParseDuration(s)
	}
	r := newRepo(t)
	l, err := OpenLocal(t.Context(), r.dir, "HEAD", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	start := time.Now()
	var table bytes.Buffer
	table.WriteString(studyHead)
	for _, factor := range []float64{1, 1.05, 1.1} {
		s, err := study(t.Context(), trials, factor, func(links int) *Trial {
			return &Trial{
				Config: Config{Subjects: l.Subjects, Budget: budget, Seed: uint64(links), Links: links, NoInstructions: "not in the study"},
				Lab:    l, Judge: gate.NewJudge(nil), Wall: func() time.Duration { return time.Since(start) }, Say: func(string, ...any) {},
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&table, s)
		if err := os.WriteFile(out, table.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The study itself, on an invented machine: no change is called one in more than 2 %, and +5 % is found in nearly all.
func TestStudy(t *testing.T) {
	for factor, want := range map[float64][2]float64{1: {0, 0.02}, 1.05: {0.88, 1}, 1.1: {0.98, 1}} {
		var now time.Duration
		s, err := study(t.Context(), 10, factor, func(links int) *Trial {
			l := &fakeLab{layout: 0.02, rng: rand.New(rand.NewPCG(uint64(links), 2)), alive: map[string]bool{}, now: now}
			for i := range 20 {
				l.benchmarks = append(l.benchmarks, both(fmt.Sprintf("BenchmarkA/n=%dx", i), 100, 0))
			}
			return &Trial{
				Config: Config{Subjects: []Subject{{Path: "x"}}, Seed: 1, Links: links, NoInstructions: "not here"},
				Lab:    l, Judge: gate.NewJudge(nil), Wall: func() time.Duration { return l.now }, Say: func(string, ...any) {},
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(s.found) / float64(s.comparisons); s.comparisons < 160 || got < want[0] || got > want[1] {
			t.Errorf("%s: found in %.3f of %d, want %v", s, got, s.comparisons, want)
		}
	}
}
