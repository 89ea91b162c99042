package trial

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

// What counting instructions takes.
const (
	leastTime  = 50          // ns of an operation; shorter ones repeat to 10 % only
	slopeSteps = 10          // the second run has so many times n operations more
	leastOps   = 2_000       // operations of the first run, where they are not too many
	leastIr    = 20_000_000  // instructions between the two runs: start-up jitter is 10^5
	mostIr     = 300_000_000 // instructions of the second run, a second or two
	mostHeap   = 1 << 30     // bytes: nothing is collected
	perNs      = 3           // instructions, roughly
	partOf     = 4           // of the budget, that instructions may take
	repeats    = 3           // slopes, of which the median counts
)

// instructions counts instructions by slope, on unmodified binaries: the count at n operations is taken from that at 11n.
func (t *Trial) instructions(ctx context.Context) error {
	if t.NoInstructions != "" {
		t.Judge.Note("instructions were not counted: %s", t.NoInstructions)
		return nil
	}
	t.Say("counting instructions")
	limit := t.Wall() + t.Budget/partOf
	var late, short []string
	for _, c := range t.cells {
		ns := t.nanoseconds(c)
		switch {
		case ns < leastTime:
			short = append(short, c.key())
			continue
		case t.Wall() > limit:
			late = append(late, c.key())
			continue
		}
		if err := t.countInstructions(ctx, c, ns); err != nil {
			if errors.Is(err, context.Canceled) {
				return err
			}
			t.Judge.Note("instructions of %s were not counted: %v", c.key(), err)
		}
	}
	if len(short) > 0 {
		t.Judge.Note("instructions were not counted below %d ns an operation: %s", leastTime, named(short))
	}
	if len(late) > 0 {
		t.Judge.Note("the budget had no room for the instructions of %d benchmarks: %s", len(late), named(late))
	}
	return nil
}

// nanoseconds returns the wall time of an operation, roughly.
func (t *Trial) nanoseconds(c *cell) float64 {
	if xs := comparison.Values(c.counted[Base], results.UnitWall); len(xs) > 0 {
		return slices.Min(xs)
	}
	return 0
}

// named names the first few of some benchmarks.
func named(labels []string) string {
	const most = 4
	if rest := len(labels) - most; rest > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(labels[:most], ", "), rest)
	}
	return strings.Join(labels, ", ")
}

func (t *Trial) countInstructions(ctx context.Context, c *cell, ns float64) error {
	n := slopeOps(ns, slices.Max(append(comparison.Values(c.counted[Base], results.UnitBytes), 0)))
	var slope [2]float64
	for _, side := range []Side{Base, Head} {
		var xs []float64
		for range repeats {
			x, err := t.slope(ctx, c, side, n)
			if err != nil {
				return fmt.Errorf("%s: %w", side, err)
			}
			xs = append(xs, x)
		}
		slices.Sort(xs)
		slope[side] = xs[repeats/2]
	}
	t.Judge.Exact(c.subject.Path, c.cell, results.UnitInstr, slope[Base], slope[Head])
	return nil
}

// slopeOps returns the operations of the first run, for an operation that takes ns and allocates bytes.
func slopeOps(ns, bytes float64) int {
	ir := ns * perNs
	n := max(leastOps, leastIr/(slopeSteps*ir))
	n = min(n, max(leastIr/(slopeSteps*ir), mostIr/((slopeSteps+1)*ir)))
	if bytes > 0 {
		n = min(n, mostHeap/((slopeSteps+1)*bytes))
	}
	return max(2, int(n))
}

// slope returns the instructions of an operation.
func (t *Trial) slope(ctx context.Context, c *cell, side Side, n int) (float64, error) {
	var counts [2]uint64
	for i, ops := range []int{n, (slopeSteps + 1) * n} {
		bin, err := t.link(ctx, side, c.subject.Path, firstSeed)
		if err != nil {
			return 0, err
		}
		if counts[i], err = t.Lab.Instructions(ctx, program(bin, c.subject.Dir[side], anchored(c.cell), ops)); err != nil {
			return 0, err
		}
	}
	if counts[1] <= counts[0] {
		return 0, fmt.Errorf("%d operations took no more than %d", (slopeSteps+1)*n, n)
	}
	return float64(counts[1]-counts[0]) / float64(slopeSteps*n), nil
}

// callgrind is p under valgrind, set so that nothing but its work counts: Go's signal of preemption trips valgrind, and a
// collection would fall somewhere.
func callgrind(p measure.Program) measure.Program {
	p.Args = append([]string{"--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1", p.Path}, p.Args...)
	p.Path = "valgrind"
	p.Env = append(p.Env, "GODEBUG=asyncpreemptoff=1", "GOGC=off")
	return p
}

var collected = regexp.MustCompile(`Collected : (\d+)`)

// parseCollected reads what callgrind says at the end.
func parseCollected(stdout []byte) (uint64, error) {
	m := collected.FindSubmatch(stdout)
	if m == nil {
		return 0, errors.New("valgrind printed no count")
	}
	return strconv.ParseUint(string(m[1]), 10, 64)
}
