package trial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

// A benchmark is an invented one: what it costs on each side.
type benchmark struct {
	name   string
	ns     [2]float64 // CPU of an operation; 0: the side has no such benchmark
	setup  [2]time.Duration
	allocs [2]float64
	vague  bool // allocations differ from process to process
	fails  [2]bool
	noise  string // what it prints
}

// A fakeLab invents binaries, which are named by side and seed, and what running them takes. Each link has a layout of its own.
type fakeLab struct {
	benchmarks []benchmark
	layout     float64 // spread of layouts
	same       bool
	rng        *rand.Rand
	now        time.Duration
	log        []string
	alive      map[string]bool // binaries
	cancel     func()          // called at the first pair
	broken     [2]string       // packages that do not build, by side
	shared     float64         // how many share the core; 0 means 1
}

func (l *fakeLab) Link(_ context.Context, side Side, pkg string, seed int) (string, error) {
	l.now += 500 * time.Millisecond
	if slices.Contains(strings.Fields(l.broken[side]), pkg) {
		return "", fmt.Errorf("%s does not build", pkg)
	}
	bin := fmt.Sprintf("%s/%s/%d", side, pkg, seed)
	if l.alive[bin] {
		return "", fmt.Errorf("%s is linked twice", bin)
	}
	l.alive[bin] = true
	return bin, nil
}

func (l *fakeLab) Same(base, head string) (bool, error) {
	if strings.TrimPrefix(base, "base") != strings.TrimPrefix(head, "head") {
		return false, fmt.Errorf("%s and %s are not of one seed", base, head)
	}
	return l.same, nil
}

func (l *fakeLab) Drop(bin string) { delete(l.alive, bin) }

func (l *fakeLab) Run(ctx context.Context, p measure.Program) (measure.Spent, error) {
	s, err := l.spend(p)
	l.now += s.CPU
	return s, err
}

func (l *fakeLab) Pair(ctx context.Context, p, q measure.Program) (a, b measure.Spent, err error) {
	if l.cancel != nil {
		l.cancel()
		return a, b, ctx.Err()
	}
	l.log = append(l.log, p.Path+" "+q.Path)
	if a, err = l.spend(p); err != nil {
		return a, b, err
	}
	b, err = l.spend(q)
	l.now += time.Duration(max(1, l.shared) * float64(a.CPU+b.CPU))
	return a, b, err
}

// Instructions is 3 for each ns, and some for the start.
func (l *fakeLab) Instructions(_ context.Context, p measure.Program) (uint64, error) {
	s, err := l.spend(p)
	l.now += 20 * s.CPU
	return 3 * uint64(s.CPU), err
}

// spend invents what a binary prints and takes.
func (l *fakeLab) spend(p measure.Program) (measure.Spent, error) {
	if !l.alive[p.Path] {
		return measure.Spent{}, fmt.Errorf("%s was not linked, or dropped", p.Path)
	}
	side, rest, _ := strings.Cut(p.Path, "/")
	k := map[string]Side{"base": Base, "head": Head}[side]
	n, pattern := 0, ""
	for _, a := range p.Args {
		if s, ok := strings.CutPrefix(a, "-test.benchtime="); ok {
			n, _ = strconv.Atoi(strings.TrimSuffix(s, "x"))
		}
		if s, ok := strings.CutPrefix(a, "-test.bench="); ok {
			pattern = s
		}
	}
	spent := measure.Spent{CPU: 3 * time.Millisecond}
	var out strings.Builder
	match := regexp.MustCompile(strings.ReplaceAll(pattern, "$/^", "/"))
	for _, b := range l.benchmarks {
		if b.ns[k] == 0 || !match.MatchString(b.name) {
			continue
		}
		if b.fails[k] {
			return measure.Spent{}, &measure.ExitError{Err: errors.New("exit status 1"), Output: "--- FAIL: " + b.name}
		}
		layout := 1 + l.layout*draw(rest+b.name)
		spent.CPU += b.setup[k] + time.Duration(float64(n)*b.ns[k]*layout*(1+0.002*l.rng.NormFloat64()))
		allocs := b.allocs[k]
		if b.vague {
			allocs += float64(l.rng.IntN(3))
		}
		fmt.Fprintf(&out, "=== RUN   %s\n%s\n%s%s  \t%d\t%.1f ns/op\t %v B/op\t%v allocs/op\n", b.name, b.name, b.noise, b.name, n, b.ns[k], 16*allocs, allocs)
	}
	spent.Stdout = []byte(out.String() + "PASS\n")
	return spent, nil
}

// draw is a normal number that hangs on a text alone.
func draw(text string) float64 {
	var seed uint64
	for _, c := range text {
		seed = seed*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(seed, 0)).NormFloat64()
}

// both is a benchmark with the same cost on both sides.
func both(name string, ns, allocs float64) benchmark {
	return benchmark{name: name, ns: [2]float64{ns, ns}, allocs: [2]float64{allocs, allocs}}
}

// try runs a trial of one package.
func try(t *testing.T, l *fakeLab, edit func(*Trial)) (*gate.Verdict, error) {
	t.Helper()
	l.rng, l.alive = rand.New(rand.NewPCG(1, 2)), map[string]bool{}
	tr := &Trial{
		Config: Config{Subjects: []Subject{{Path: "x", Parallel: map[string]bool{"BenchmarkPar": true}}}, Seed: 1, NoInstructions: "valgrind is not installed"},
		Lab:    l, Judge: gate.NewJudge(nil),
		Wall: func() time.Duration { return l.now },
		Say:  func(string, ...any) {},
	}
	ctx := t.Context()
	if l.cancel != nil {
		ctx, l.cancel = context.WithCancel(ctx)
	}
	if edit != nil {
		edit(tr)
	}
	v, err := tr.Run(ctx)
	if len(l.alive) > 0 {
		t.Errorf("binaries are left: %v", l.alive)
	}
	return v, err
}

func outcomes(v *gate.Verdict) map[string]gate.Outcome {
	out := map[string]gate.Outcome{}
	for _, r := range v.Rows {
		out[r.Cell+" "+r.Unit] = r.Outcome
	}
	return out
}

func TestTrial(t *testing.T) {
	slower, more, setup, sub := both("BenchmarkSlower", 100, 1), both("BenchmarkMore", 100, 1), both("BenchmarkSetup", 1000, 1), both("BenchmarkSub/n=1", 50, 0)
	slower.ns[Head] = 107
	more.allocs[Head] = 2
	setup.setup = [2]time.Duration{50 * time.Millisecond, 80 * time.Millisecond}
	vague := both("BenchmarkVague", 100, 3)
	vague.vague = true
	noisy := both("BenchmarkNoisy", 100, 1)
	noisy.noise = "garbage 1 2 ns/op\nand no line end: "
	gone, fresh := both("BenchmarkGone", 1, 1), both("BenchmarkNew", 1, 1)
	gone.ns[Head], fresh.ns[Base] = 0, 0
	l := &fakeLab{benchmarks: []benchmark{slower, more, setup, sub, vague, noisy, gone, fresh, both("BenchmarkPar", 100, 0)}, layout: 0.01}
	v, err := try(t, l, func(t *Trial) { t.Links = 2000 })
	if err != nil {
		t.Fatal(err)
	}
	got := outcomes(v)
	delete(got, "BenchmarkVague B/op") // one or the other
	delete(got, "BenchmarkVague allocs/op")
	want := map[string]gate.Outcome{
		"BenchmarkSlower cpu-ns/op": gate.Regression,
		"BenchmarkMore allocs/op":   gate.Regression, "BenchmarkMore B/op": gate.Warning, "BenchmarkMore cpu-ns/op": gate.OK,
		"BenchmarkSetup cpu-ns/op": gate.OK, "BenchmarkSub/n=1 cpu-ns/op": gate.OK, "BenchmarkVague cpu-ns/op": gate.OK,
		"BenchmarkNoisy cpu-ns/op": gate.OK, "BenchmarkPar cpu-ns/op": gate.OK,
	}
	if diff := cmp.Diff(want, got); diff != "" || v.Exit != gate.ExitRegression {
		t.Errorf("exit %d, want 2; rows (-want +got):\n%s", v.Exit, diff)
	}
	if diff := cmp.Diff([]string{"only in the base: x Gone", "only in the head: x New"}, v.Warnings); diff != "" {
		t.Errorf("warnings (-want +got):\n%s", diff)
	}
	for _, r := range v.Rows {
		if r.Cell == "BenchmarkPar" && r.Unit == results.UnitCPU && !slices.Equal(r.Notes, []string{"contention not seen"}) {
			t.Errorf("%s: notes %q, want contention not seen", r.Cell, r.Notes)
		}
		if r.Cell == "BenchmarkSlower" && r.Timing != nil && math.Abs(r.Timing.Factor-1.07) > 0.02 {
			t.Errorf("%s: got factor %v, want 1.07", r.Cell, r.Timing.Factor)
		}
	}
	if l.now > 10*time.Minute {
		t.Errorf("the trial took %v of a budget of 10m", l.now)
	}
}

// fewest are the pairs that the least spread asks for which is planned for.
var fewest = gate.Pairs(0.03, 1)

// Each pair has links of its own, the head begins every other one, and the base is tried against itself first.
func TestOrder(t *testing.T) {
	l := &fakeLab{benchmarks: []benchmark{both("BenchmarkA", 100, 0)}, layout: 0.001}
	v, err := try(t, l, nil)
	if err != nil || v.Outcome != gate.OK {
		t.Fatal(v, err)
	}
	want := []string{"base/x/1 base/x/3", "base/x/7 base/x/5", "base/x/9 base/x/11", "base/x/15 base/x/13"}
	for i := range fewest {
		p := []string{fmt.Sprintf("base/x/%d", 2*i+1), fmt.Sprintf("head/x/%d", 2*i+2)}
		if i%2 == 1 {
			slices.Reverse(p)
		}
		want = append(want, strings.Join(p, " "))
	}
	if diff := cmp.Diff(want, l.log); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
}

func TestSameCode(t *testing.T) {
	l := &fakeLab{benchmarks: []benchmark{both("BenchmarkA", 100, 0)}, same: true}
	v, err := try(t, l, nil)
	if err != nil || !v.SameCode || v.Exit != 0 || len(l.log) > 0 {
		t.Errorf("got %+v, %v after pairs %v, want the same code and no run", v, err, l.log)
	}
}

func TestTrialErrors(t *testing.T) {
	fails := both("BenchmarkA", 100, 0)
	fails.fails[Head] = true
	gone := both("BenchmarkA", 100, 0)
	gone.ns[Head] = 0
	for _, tt := range []struct {
		name string
		lab  *fakeLab
		want string
	}{
		{"fails", &fakeLab{benchmarks: []benchmark{fails}}, "head: x: exit status 1: --- FAIL: BenchmarkA"},
		{"none", &fakeLab{}, "nothing to compare: no benchmark that matches . is on both sides"},
		{"gone", &fakeLab{benchmarks: []benchmark{gone}}, "nothing to compare: "},
		{"interrupted", &fakeLab{benchmarks: []benchmark{both("BenchmarkA", 100, 0)}, cancel: func() {}}, "context canceled"},
	} {
		if _, err := try(t, tt.lab, nil); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q", tt.name, err, tt.want)
		}
	}
}

// A machine that sees a difference between the base and itself is not measured on.
func TestBiasedMachine(t *testing.T) {
	l := &fakeLab{benchmarks: []benchmark{both("BenchmarkA", 100, 0)}, layout: 0.001}
	v, err := try(t, l, func(tr *Trial) { tr.Lab = biased{l} })
	if err != nil || v.Exit != gate.ExitInconclusive || v.Self.OK {
		t.Errorf("got %+v, %v, want exit 4", v, err)
	}
}

// biased makes the binary of the larger seed slower.
type biased struct{ *fakeLab }

func (l biased) Pair(ctx context.Context, p, q measure.Program) (a, b measure.Spent, err error) {
	a, b, err = l.fakeLab.Pair(ctx, p, q)
	if seed(p) > seed(q) {
		a.CPU = a.CPU * 11 / 10
	} else {
		b.CPU = b.CPU * 11 / 10
	}
	return a, b, err
}

func seed(p measure.Program) int {
	n, _ := strconv.Atoi(p.Path[strings.LastIndexByte(p.Path, '/')+1:])
	return n
}

// Two hundred benchmarks fit into ten minutes, and what was given up for it is said.
func TestBudget(t *testing.T) {
	for _, shared := range []float64{1, 3} {
		testBudget(t, &fakeLab{layout: 0.05, shared: shared})
	}
}

func testBudget(t *testing.T, l *fakeLab) {
	for i := range 200 {
		l.benchmarks = append(l.benchmarks, both(fmt.Sprintf("BenchmarkA/n=%dx", i), 100, 0))
	}
	v, err := try(t, l, nil)
	if err != nil {
		t.Fatal(err)
	}
	if l.now > 10*time.Minute {
		t.Errorf("200 benchmarks took %v where a core is shared by %v", l.now, l.shared)
	}
	if short := slices.ContainsFunc(v.Notes, func(s string) bool { return strings.HasPrefix(s, "the core is shared with others: ") }); short != (l.shared > 2) {
		t.Errorf("a core shared by %v: notes %q", l.shared, v.Notes)
	}
	if !slices.ContainsFunc(v.Notes, func(s string) bool { return strings.HasPrefix(s, "the budget of 10m0s had no room for all pairs") }) {
		t.Errorf("notes %q do not say what was given up", v.Notes)
	}
	alarms := 0
	for _, r := range v.Rows {
		if r.Outcome == gate.Regression {
			alarms++
		}
	}
	if alarms > 2 { // 1 %
		t.Errorf("%d of 200 unchanged benchmarks failed", alarms)
	}
}

// Where no core can be taken, exact units are judged and the answer on time is not known.
func TestNoTime(t *testing.T) {
	more := both("BenchmarkA", 100, 1)
	more.allocs[Head] = 2
	for allocs, want := range map[float64]int{1: gate.ExitInconclusive, 2: gate.ExitRegression} {
		more.allocs[Head] = allocs
		v, err := try(t, &fakeLab{benchmarks: []benchmark{more}}, func(tr *Trial) { tr.NoTime = "this needs Linux" })
		if err != nil || v.Exit != want {
			t.Errorf("%v allocations: got exit %d, %v, want %d", allocs, v.Exit, err, want)
		}
	}
}

// What was measured is a file that compare and benchstat read.
func TestRaw(t *testing.T) {
	raw := map[Side]string{}
	l := &fakeLab{benchmarks: []benchmark{both("BenchmarkA", 100, 2)}, layout: 0.001}
	_, err := try(t, l, func(tr *Trial) {
		tr.Raw = func(s Side, r io.Reader) {
			text, err := io.ReadAll(r)
			if err != nil {
				t.Error(err)
			}
			raw[s] = string(text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Side{Base, Head} {
		side, err := comparison.Read(strings.NewReader(raw[s]), s.String())
		if err != nil {
			t.Fatal(err)
		}
		f := side.Of("x")
		if f == nil || len(f.Samples) != fewest {
			t.Fatalf("%s: got %d samples, want %d:\n%s", s, len(f.Samples), fewest, raw[s])
		}
		if allocs, ok := f.Samples[0].Value(results.UnitAllocs); !ok || allocs != 2 {
			t.Errorf("%s: got %s", s, f.Samples[0])
		}
	}
}

// Instructions are counted by slope, so that what a process takes besides is in no count, and warn.
func TestInstructions(t *testing.T) {
	more, short, setup := both("BenchmarkMore", 100, 1), both("BenchmarkShort", 20, 0), both("BenchmarkSetup", 5000, 0)
	more.ns[Head] = 105
	setup.setup = [2]time.Duration{time.Millisecond, time.Second}
	v, err := try(t, &fakeLab{benchmarks: []benchmark{more, short, setup}}, func(tr *Trial) { tr.NoInstructions, tr.NoTime = "", "not here" })
	if err != nil {
		t.Fatal(err)
	}
	got := outcomes(v)
	if got["BenchmarkMore Ir/op"] != gate.Warning || got["BenchmarkSetup Ir/op"] == gate.Warning || got["BenchmarkSetup Ir/op"] == gate.Regression {
		t.Errorf("5 %% more instructions, and a longer set-up: got %v", got)
	}
	if want := "instructions were not counted below 50 ns an operation: x Short"; !slices.Contains(v.Notes, want) {
		t.Errorf("got notes %q, want %q", v.Notes, want)
	}
}

func TestSlopeOps(t *testing.T) {
	for _, tt := range []struct {
		ns, bytes float64
		want      int
	}{
		{100, 0, 6666},      // 20 million instructions between the runs
		{1000, 0, 2000},     // start-up does not show
		{100_000, 0, 90},    // a second or two
		{100_000_000, 0, 2}, // and no less than that
		{1000, 1 << 20, 93}, // nothing is collected
	} {
		if got := slopeOps(tt.ns, tt.bytes); got != tt.want {
			t.Errorf("%v ns, %v B: got %d operations, want %d", tt.ns, tt.bytes, got, tt.want)
		}
	}
}

func TestCollected(t *testing.T) {
	got, err := parseCollected([]byte("BenchmarkA 1 5 ns/op\n==77== Events    : Ir\n==77== Collected : 123456\n"))
	if err != nil || got != 123456 {
		t.Errorf("got %d, %v, want 123456", got, err)
	}
	if _, err := parseCollected([]byte("PASS\n")); err == nil {
		t.Error("no count: got no error")
	}
}

func TestAnchored(t *testing.T) {
	for name, want := range map[string]string{
		"BenchmarkCodec/schema=nexmark.Bid/op=encode": `-test.bench=^BenchmarkCodec$/^schema=nexmark\.Bid$/^op=encode$`,
		"BenchmarkA/x-1": `-test.bench=^BenchmarkA$/^x-1$`,
		"BenchmarkA#01":  `-test.bench=^BenchmarkA#01$`,
	} {
		if got := anchored(results.ParseName(name)); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// A package whose tests build on neither side is left out of several, with a warning; what the change broke is an error.
func TestBuildsOnNeitherSide(t *testing.T) {
	for _, tt := range []struct {
		name     string
		subjects []string
		broken   [2]string // the package that does not build, by side
		err      string
		warnings []string
	}{
		{"neither", []string{"x", "y"}, [2]string{"y", "y"}, "", []string{"not judged, for it builds on neither side: head: y does not build"}},
		{"the base", []string{"x", "y"}, [2]string{"y", ""}, "base: y does not build", nil},
		{"the head", []string{"x", "y"}, [2]string{"", "y"}, "head: y does not build", nil},
		{"the only one", []string{"x"}, [2]string{"x", "x"}, "base: x does not build", nil},
		{"all", []string{"x", "y"}, [2]string{"x y", "x y"}, "head: x does not build", nil},
	} {
		l := &fakeLab{benchmarks: []benchmark{both("BenchmarkA", 100, 0)}, rng: rand.New(rand.NewPCG(1, 2)), alive: map[string]bool{}, broken: tt.broken}
		tr := &Trial{Config: Config{NoTime: "not here", NoInstructions: "not here"}, Lab: l, Judge: gate.NewJudge(nil),
			Wall: func() time.Duration { return l.now }, Say: func(string, ...any) {}}
		for _, s := range tt.subjects {
			tr.Subjects = append(tr.Subjects, Subject{Path: s})
		}
		v, err := tr.Run(t.Context())
		switch {
		case tt.err != "":
			if err == nil || err.Error() != tt.err {
				t.Errorf("%s: got error %v, want %q", tt.name, err, tt.err)
			}
		case err != nil:
			t.Errorf("%s: %v", tt.name, err)
		default:
			if diff := cmp.Diff(tt.warnings, v.Warnings); diff != "" {
				t.Errorf("%s: warnings (-want +got):\n%s", tt.name, diff)
			}
		}
		if len(l.alive) > 0 {
			t.Errorf("%s: binaries are left: %v", tt.name, l.alive)
		}
	}
}

// Without valgrind nothing is counted, and why is said.
func TestNoValgrind(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if got := NoInstructions(); got != "valgrind is not installed" {
		t.Errorf("got %q", got)
	}
}

// The shorter the slice, the more processes tell the set-up, and no odd one moves it.
func TestSetups(t *testing.T) {
	for slice, want := range map[time.Duration]int{100 * time.Millisecond: 3, 50 * time.Millisecond: 5, 30 * time.Millisecond: 14, 20 * time.Millisecond: 24} {
		if got := setups(slice); got != want {
			t.Errorf("slices of %v: %d processes, want %d", slice, got, want)
		}
	}
	if got := middle([]time.Duration{9, 1, 3, 2, 100, 4}); got != 4 {
		t.Errorf("the middle: got %d, want 4, the mean of 2, 3, 4 and 9", got)
	}
	if got := middle([]time.Duration{7}); got != 7 {
		t.Errorf("the middle of one: got %d", got)
	}
}
