package measure

import (
	"fmt"
	"runtime"
	"time"
)

// What a sample does before and around its timed region.
const (
	warmRings      = 2                     // warm-up, thrown away: this many rings,
	warmTime       = 10 * time.Millisecond // and this much CPU,
	warmShare      = 10                    // and one operation in so many of the sample
	calibrateFloor = 5 * time.Millisecond  // CPU that a calibration takes at least
	countRings     = 20                    // rings over which allocations are counted,
	countTime      = time.Second / 4       // fewer if they would take more CPU than this
)

// A Task is a prepared cell, in the process that measures it. Records, buffers, codecs and channels exist already: what
// Work does is what is timed.
type Task struct {
	// Prove checks that every record of the ring comes back equal. nil: nothing to prove.
	Prove func() error
	// Work runs n operations, n a multiple of Ring, and returns the sum of their lengths. The loop is its own; it does
	// not read a clock, compare or draw numbers. An exchange returns when the last record has arrived.
	Work func(n int) (sum int64, err error)
	// Ring is the number of distinct records.
	Ring int
	// Set is what Work returns for one ring: the encoded size of the set in bytes, whatever the op. Where there are no
	// bytes, what stands in for it: the number of records (chain), the sum of their channels (hash).
	Set int64
	// NoBytes says that Set is no size: timings leave it out.
	NoBytes bool
	// Wire returns the bytes that one exchange of this task has carried so far. nil: no transport.
	Wire func() int64
	// Sent returns the bytes that one exchange has sent so far, with what goes around batches, and compressed. nil: not known.
	Sent func() int64
	// Close stops what the task started. nil: nothing to stop.
	Close func() error
}

// A Timing is a timed run of N operations.
type Timing struct {
	N         int
	CPU, Wall time.Duration
	Wire      int64         // bytes that one exchange carried
	Sent      int64         // bytes that it sent, batches and all
	GC        time.Duration // of CPU, on collecting garbage; -1: unknown
}

// A Tally is what each of N operations allocated, rounded down as package testing does.
type Tally struct {
	N             int
	Allocs, Bytes uint64
}

// Time warms t up, collects garbage, and runs n operations between two readings of c.
func (t *Task) Time(c Clock, n int) (Timing, error) {
	if n <= 0 || n%t.Ring != 0 {
		return Timing{}, fmt.Errorf("%d operations: want a multiple of the ring, %d", n, t.Ring)
	}
	if err := t.warm(c, n/warmShare); err != nil {
		return Timing{}, err
	}
	return t.clocked(c, n)
}

// Calibrate times one ring, or as many doublings of it as take 5 ms of CPU.
func (t *Task) Calibrate(c Clock) (Timing, error) {
	if err := t.warm(c, 0); err != nil {
		return Timing{}, err
	}
	for n := t.Ring; ; n *= 2 {
		got, err := t.clocked(c, n)
		if err != nil || got.CPU >= calibrateFloor {
			return got, err
		}
	}
}

// Count returns what an operation allocates. It needs a pass of its own: reading the counters stops the world.
func (t *Task) Count(c Clock) (Tally, error) {
	begin := c.CPU()
	if err := t.warm(c, 0); err != nil {
		return Tally{}, err
	}
	return t.tally(t.Ring * countable((c.CPU()-begin)/warmRings))
}

// tally counts over n operations of a task that is warm.
func (t *Task) tally(n int) (Tally, error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	sum, err := t.Work(n)
	runtime.ReadMemStats(&after)
	if err := t.live(n, sum, err); err != nil {
		return Tally{}, err
	}
	return Tally{n, (after.Mallocs - before.Mallocs) / uint64(n), (after.TotalAlloc - before.TotalAlloc) / uint64(n)}, nil
}

// countable returns over how many rings allocations are counted where one takes at most so much CPU.
func countable(ring time.Duration) int {
	return int(min(max(countTime/max(ring, 1), 1), countRings))
}

// warm runs at least two rings, 10 ms of CPU, and least operations, whichever is longest.
func (t *Task) warm(c Clock, least int) error {
	start := c.CPU()
	todo := roundUp(max(least, warmRings*t.Ring), t.Ring)
	for done := 0; done < todo || c.CPU()-start < warmTime; {
		step := max(todo-done, t.Ring)
		sum, err := t.Work(step)
		if err := t.live(step, sum, err); err != nil {
			return fmt.Errorf("warm-up: %w", err)
		}
		done += step
	}
	return nil
}

// clocked reads the clocks exactly twice around n operations.
func (t *Task) clocked(c Clock, n int) (Timing, error) {
	wire, sent := read(t.Wire), read(t.Sent)
	runtime.GC()
	collected := c.collected()
	wall, cpu := c.Wall(), c.CPU()
	sum, err := t.Work(n)
	cpu, wall = c.CPU()-cpu, c.Wall()-wall
	return Timing{n, cpu, wall, read(t.Wire) - wire, read(t.Sent) - sent, collected(cpu)}, t.live(n, sum, err)
}

// collected returns what says, of the CPU time since, how much collecting garbage took.
func (c Clock) collected() func(cpu time.Duration) time.Duration {
	if c.GC == nil {
		return func(time.Duration) time.Duration { return -1 }
	}
	gc, busy := c.GC()
	return func(cpu time.Duration) time.Duration {
		gc2, busy2 := c.GC()
		if busy2 <= busy {
			return -1
		}
		return time.Duration(float64(cpu) * float64(gc2-gc) / float64(busy2-busy))
	}
}

// read reads a counter, 0 if there is none.
func read(counter func() int64) int64 {
	if counter == nil {
		return 0
	}
	return counter()
}

// live checks that n operations did what they should: a codec that skips work or grows state must not win.
func (t *Task) live(n int, sum int64, err error) error {
	if err != nil {
		return err
	}
	if want := int64(n/t.Ring) * t.Set; sum != want {
		return fmt.Errorf("%d operations gave %d bytes, want %d", n, sum, want)
	}
	return nil
}

// roundUp returns the least multiple of unit that is not below n.
func roundUp(n, unit int) int { return (n + unit - 1) / unit * unit }
