package measure

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// A job is one cell of a run. A twin shares what is known with its original.
type job struct {
	cell  results.Cell
	data  Data
	timed bool // a sample has been handed over
	*knowledge
	partners []*job // that are timed at once with it; none in a run of rounds
}

// A subject is what is proved: the records of a schema in a codec.
type subject struct{ schema, codec, runtime string }

func (j *job) subject() subject { return subject{j.cell.Schema, j.cell.Codec, j.cell.Runtime} }

type knowledge struct {
	failed   bool
	proof    time.Duration   // wall time of the proof; 0 where there is none
	cpu      float64         // ns of an operation
	each     float64         // wall ns of an operation
	start    time.Duration   // wall time until a process is ready
	warm     bool            // start has no warm-up in it
	n        int             // operations of a sample
	least    int             // at least so many, as the worker says; 0: it says nothing
	count    time.Duration   // of one count, with its process
	sizes    []results.Value // B/record and B/set, as proved
	counts   []results.Value // B/op and allocs/op, the least so far
	counted  int             // processes that have counted
	counters int             // processes that are to count
}

// jobs checks the cells and puts the twin of each cell of the codec ref behind its original.
func (r *Runner) jobs(cells []results.Cell, ref string) ([]*job, error) {
	seen := map[results.Cell]bool{}
	var jobs []*job
	for _, c := range cells {
		if err := c.Check(); err != nil {
			return nil, err
		}
		if seen[c] || c.IsTwin() {
			return nil, fmt.Errorf("cell %s: given twice, or named as a twin", c)
		}
		seen[c] = true
		j := &job{cell: c, data: r.Data(c), knowledge: &knowledge{}}
		if j.data.Records <= 0 {
			return nil, fmt.Errorf("cell %s: %d records", c, j.data.Records)
		}
		jobs = append(jobs, j)
		if c.Codec == cmp.Or(r.Refs[c.Runtime], ref) && !c.IsPart() { // parts are compared with their whole, not with each other
			jobs = append(jobs, &job{cell: c.Twin(), data: j.data, knowledge: j.knowledge})
		}
	}
	return jobs, nil
}

// calibrated takes the answer to a calibration, which took elapsed with its process: a start, a warm-up, and doublings
// from one ring to answer.N operations. A worker that says how long it was at work has counted, too.
func (j *job) calibrated(answer results.Sample, elapsed, slice time.Duration) error {
	cpu, _ := answer.Value(results.UnitCPU)
	wall, ok := answer.Value(results.UnitWall)
	if !ok || cpu <= 0 || wall < 0 {
		return fmt.Errorf("answer %q: want %s above 0 and %s", answer, results.UnitCPU, results.UnitWall)
	}
	j.cpu, j.each = cpu, wall
	least, _ := answer.Value(unitLeast)
	j.least = int(least)
	j.start = max(0, elapsed-j.take(2*answer.N-j.data.Records))
	if work, ok := answer.Value(unitWork); ok {
		open, _ := answer.Value(unitOpen)
		j.start, j.warm = max(0, elapsed-time.Duration(work))+time.Duration(open), true
		j.took(answer)
		if n, ok := answer.Value(unitCounted); ok { // the same program again would count the same
			j.counted = int(n)
		}
	}
	j.estimate(slice)
	return nil
}

// scale takes what is known of a cell with fewer keyBys.
func (j *job) scale(base *job) {
	times := float64(j.cell.Keybys) / float64(base.cell.Keybys)
	j.cpu, j.each, j.start, j.warm = base.cpu*times, base.each*times, base.start, base.warm
	j.estimate(time.Duration(float64(base.n) * base.cpu))
}

// estimate fixes what a run without a budget does.
func (j *job) estimate(slice time.Duration) {
	j.n, j.counters = j.operations(slice), counters
	j.count = j.start + j.take(countRings*j.data.Records)
	if j.warm {
		j.count += j.warmUp(0)
	}
}

// take returns the wall time of n operations.
func (j *job) take(n int) time.Duration { return time.Duration(j.each * float64(n)) }

// warmUp returns the wall time of the warm-up before n operations.
func (j *job) warmUp(n int) time.Duration {
	return max(j.take(warmRings*j.data.Records), j.take(n/warmShare), warmTime)
}

// wall returns the wall time of a sample of n operations with its process.
func (j *job) wall(n int) time.Duration {
	if j.warm {
		return j.start + j.warmUp(n) + j.take(n)
	}
	return j.start + j.take(n)
}

// took keeps what a process has counted, if it is less than another did.
func (j *job) took(answer results.Sample) {
	j.counts = least(j.counts, answer.Pick(results.UnitBytes, results.UnitAllocs))
	j.counted++
}

// operations returns the number of operations of a sample that takes at least slice.
func (j *job) operations(slice time.Duration) int {
	return max(operations(slice, j.cpu, j.data.Records), roundUp(j.least, j.data.Records))
}

// operations returns the number of operations that take at least slice at cpu ns each: a multiple of the ring.
func operations(slice time.Duration, cpu float64, ring int) int {
	n := int(float64(slice) / cpu)
	return max(roundUp(n, ring), ring)
}

// check compares a timed sample with what was asked and proved.
func (j *job) check(s results.Sample) error {
	if s.N != j.n {
		return fmt.Errorf("timed %d operations, asked for %d", s.N, j.n)
	}
	if cpu, ok := s.Value(results.UnitCPU); !ok || cpu <= 0 {
		return fmt.Errorf("answer %q: want %s above 0", s, results.UnitCPU)
	}
	for _, want := range j.sizes {
		if got, ok := s.Value(want.Unit); ok && got != want.Value {
			return fmt.Errorf("%v %s, but %v when proved", got, want.Unit, want.Value)
		}
	}
	return nil
}

// sampled is the line of an answer that check has let pass: times and sizes of its own, allocations as counted.
func (j *job) sampled(answer results.Sample) results.Sample {
	values := answer.Pick(results.UnitWall, results.UnitCPU, results.UnitGC)
	values = append(values, j.counts...)
	values = append(values, answer.Pick(results.UnitSize, results.UnitSet, results.UnitWire, results.UnitSent)...)
	return results.Sample{Cell: j.cell, N: j.n, Values: values}
}

// alive returns those of jobs that have not failed.
func alive(jobs []*job) []*job {
	return slices.DeleteFunc(slices.Clone(jobs), func(j *job) bool { return j.failed })
}

// originals returns those of jobs that are alive and no twins.
func originals(jobs []*job) []*job {
	return slices.DeleteFunc(alive(jobs), func(j *job) bool { return j.cell.IsTwin() })
}

// least returns the smaller of each pair of values. An empty a is no bound.
func least(a, b []results.Value) []results.Value {
	if len(a) != len(b) {
		return b
	}
	for i := range b {
		b[i].Value = min(a[i].Value, b[i].Value)
	}
	return b
}
