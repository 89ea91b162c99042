// Package trial measures two revisions of a module against each other, as harness/gate needs it: same code, exact units, the
// base against itself, and pairs of unmodified test binaries that run at once on one core. What builds and runs is a [Lab], so
// that the order of things is tested with invented ones.
//
//	link both sides with one seed; the same program: nothing is run
//	cells = benchmarks that both sides print at 2x
//	setup = CPU of the process at 2x, of 3 to 24; N so that the base takes a slice of CPU beyond it
//	allocations: 3 processes of each side
//	instructions: the slope between n and 11n operations under callgrind, median of 3
//	self-check: 4 pairs of base against base, of other links
//	pairs of each cell: from the self-check's spread and the budget, fixed before the first
//	for each pair i: link both sides anew, and for each cell of shuffle(cells): both at once, head first if i is odd
//
// Note: the set-up is what a process takes at 2x, not at 1x. A benchmark with a loop over b.N is called with 1 before it is called
// with N: at 1x its set-up runs once, at any other N twice, and would not cancel. With b.Loop it runs once either way.
package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

// A Side is one of the two revisions.
type Side int

// The sides.
const (
	Base Side = iota
	Head
)

// String returns "base" or "head".
func (s Side) String() string { return [...]string{"base", "head"}[s] }

// A Lab builds and runs test binaries.
type Lab interface {
	// Link builds the test binary of a package with the layout that seed draws, and returns its path.
	Link(ctx context.Context, side Side, pkg string, seed int) (binary string, err error)
	// Same reports whether two binaries of one seed are the same program with the same data.
	Same(base, head string) (bool, error)
	// Drop is called with a binary that is used no more.
	Drop(binary string)
	// Run and Pair run programs on one core; Pair both at once.
	Run(ctx context.Context, p measure.Program) (measure.Spent, error)
	Pair(ctx context.Context, first, second measure.Program) (a, b measure.Spent, err error)
	// Instructions runs a program and counts its instructions.
	Instructions(ctx context.Context, p measure.Program) (uint64, error)
}

// A Subject is a package that both sides have.
type Subject struct {
	Path     string
	Dir      [2]string       // in which each side's binary runs
	Parallel map[string]bool // benchmarks that use RunParallel
}

// A Config says what is tried. Of its fields Bench, Budget and Slice have defaults.
type Config struct {
	Subjects []Subject
	Bench    string        // as of go test -bench; "" means all
	Budget   time.Duration // wall time of it all; 0 means 10 minutes
	Slice    time.Duration // CPU time of each of a pair; 0 means 100 ms, or what fits
	Seed     uint64        // of the order of cells
	Links    int           // is added to the seeds of links, so that several trials have layouts of their own
	NoTime   string        // why time cannot be judged here; "" if it can

	NoInstructions string // why instructions cannot be counted here; "" if they can
}

// A Trial is one run of the gate.
type Trial struct {
	Config
	Lab   Lab
	Judge *gate.Judge
	Wall  func() time.Duration               // monotonic
	Say   func(string, ...any)               // progress
	Raw   func(Side, io.Reader)              // hands over what was measured, in Go benchmark format; may be nil
	cells []*cell                            // that are judged
	links map[link]string                    // that are kept
	start time.Duration                      // of the trial
	cost  struct{ link, pair time.Duration } // wall time, estimated
}

type link struct {
	side Side
	pkg  string
	seed int
}

// A cell is one benchmark of one package.
type cell struct {
	subject *Subject
	cell    results.Cell
	setup   [2]time.Duration // CPU of a process that does 2 operations
	n       int              // operations beyond those
	u       []float64
	ns      [2][]float64 // CPU ns of an operation, by pair
	broken  string       // why it has no time
	notes   []string
	counted [2][]results.Sample
}

// key names a cell in the self-check.
func (c *cell) key() string { return comparison.Label(c.subject.Path, c.cell.Name()) }

// ErrNothing is returned where there is nothing to compare.
var ErrNothing = errors.New("nothing to compare")

// Run tries the two sides. Its error is the tool's or the user's; a finding is in the verdict.
func (t *Trial) Run(ctx context.Context) (*gate.Verdict, error) {
	t.start, t.links = t.Wall(), map[link]string{}
	if t.Budget == 0 {
		t.Budget = 10 * time.Minute
	}
	defer t.dropAll()
	different, err := t.different(ctx)
	if err != nil {
		return nil, err
	}
	if len(different) == 0 {
		t.Judge.Verdict.SameCode = true
		return t.Judge.Close(), nil
	}
	for _, phase := range []func(context.Context) error{
		func(ctx context.Context) error { return t.discover(ctx, different) },
		t.calibrate, t.count, t.instructions, t.time,
	} {
		if err := phase(ctx); err != nil {
			return nil, err
		}
	}
	t.raw()
	return t.Judge.Close(), nil
}

// different links both sides of each package with one seed, and returns those that are not the same program. One of several that
// builds on neither side is no fault of the change: it is left out with a warning.
func (t *Trial) different(ctx context.Context) ([]*Subject, error) {
	var out []*Subject
	var links int
	var broken []error
	begin := t.Wall()
	for i := range t.Subjects {
		s := &t.Subjects[i]
		t.Say("building %s", s.Path)
		base, err := t.link(ctx, Base, s.Path, firstSeed)
		head, headErr := t.link(ctx, Head, s.Path, firstSeed)
		if err != nil && headErr != nil && ctx.Err() == nil && len(t.Subjects) > 1 {
			t.Judge.Warn("not judged, for it builds on neither side: %v", headErr)
			broken = append(broken, headErr)
			continue
		}
		if err := cmp.Or(err, headErr); err != nil {
			return nil, err
		}
		links += 2
		same, err := t.Lab.Same(base, head)
		if err != nil {
			return nil, err
		}
		if !same {
			out = append(out, s)
		} else if len(t.Subjects) > 1 {
			t.Judge.Note("same code, not run: %s", s.Path)
		}
	}
	if len(broken) == len(t.Subjects) {
		return nil, broken[0]
	}
	if links > 0 {
		t.cost.link = (t.Wall() - begin) / time.Duration(links) // an upper bound: the first link compiles
	}
	return out, nil
}

// The seeds of links. Each link of the trial has its own, but for those that are compared for equality.
const firstSeed = 1

func seedOf(side Side, pair int) int {
	return 2*pair + 1 + int(side) // head's first is 2, base's first the link that is there
}

// link returns a binary of a side, and keeps it.
func (t *Trial) link(ctx context.Context, side Side, pkg string, seed int) (string, error) {
	l := link{side, pkg, seed}
	if bin, ok := t.links[l]; ok {
		return bin, nil
	}
	bin, err := t.Lab.Link(ctx, side, pkg, seed+t.Links)
	if err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("%s: %w", side, err)
	}
	t.links[l] = bin
	return bin, nil
}

// drop gives the links of a pair back.
func (t *Trial) drop(pair int) {
	for l, bin := range t.links {
		if l.seed == seedOf(l.side, pair) {
			t.Lab.Drop(bin)
			delete(t.links, l)
		}
	}
}

func (t *Trial) dropAll() {
	for l, bin := range t.links {
		t.Lab.Drop(bin)
		delete(t.links, l)
	}
}

// discover runs every benchmark of both sides twice, and keeps those that both print.
func (t *Trial) discover(ctx context.Context, subjects []*Subject) error {
	bench := t.Bench
	if bench == "" {
		bench = "."
	}
	for _, s := range subjects {
		t.Say("finding benchmarks of %s", s.Path)
		var found [2][]results.Cell
		for _, side := range []Side{Base, Head} {
			spent, err := t.run(ctx, side, s, "-test.bench="+bench, 2)
			if err != nil {
				return t.failed(side, s, err)
			}
			for _, sample := range parse(spent.Stdout) {
				if !slices.Contains(found[side], sample.Cell) {
					found[side] = append(found[side], sample.Cell)
				}
			}
		}
		t.match(s, found)
	}
	if len(t.cells) == 0 {
		return fmt.Errorf("%w: no benchmark that matches %s is on both sides", ErrNothing, bench)
	}
	return nil
}

// match keeps the cells of both sides, and warns of the others.
func (t *Trial) match(s *Subject, found [2][]results.Cell) {
	var gone, new []results.Cell
	for _, c := range found[Base] {
		if !slices.Contains(found[Head], c) {
			gone = append(gone, c)
			continue
		}
		k := &cell{subject: s, cell: c}
		if top, _, _ := strings.Cut(c.Name(), "/"); s.Parallel[top] {
			k.notes = append(k.notes, "contention not seen")
		}
		t.cells = append(t.cells, k)
	}
	for _, c := range found[Head] {
		if !slices.Contains(found[Base], c) {
			new = append(new, c)
		}
	}
	t.Judge.OneSided("the base", s.Path, gone)
	t.Judge.OneSided("the head", s.Path, new)
}

func (t *Trial) failed(side Side, s *Subject, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%s: %s: %w", side, s.Path, err)
}

// run runs benchmarks of a side with the first link.
func (t *Trial) run(ctx context.Context, side Side, s *Subject, bench string, n int) (measure.Spent, error) {
	bin, err := t.link(ctx, side, s.Path, firstSeed)
	if err != nil {
		return measure.Spent{}, err
	}
	return t.Lab.Run(ctx, program(bin, s.Dir[side], bench, n))
}

// program is a test binary that does n operations of each benchmark.
func program(bin, dir, bench string, n int) measure.Program {
	return measure.Program{Path: bin, Dir: dir, Args: []string{"-test.run=^$", bench, fmt.Sprintf("-test.benchtime=%dx", n),
		"-test.cpu=1", "-test.count=1", "-test.benchmem", "-test.v", "-test.timeout=0"}}
}

// shuffled returns the cells that have time, in another order for each pair.
func (t *Trial) shuffled(rng *rand.Rand) []*cell {
	var cells []*cell
	for _, c := range t.cells {
		if c.broken == "" {
			cells = append(cells, c)
		}
	}
	rng.Shuffle(len(cells), func(i, j int) { cells[i], cells[j] = cells[j], cells[i] })
	return cells
}
