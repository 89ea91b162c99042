package measure

import (
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

type knowledge struct {
	failed bool
	n      int             // operations of a sample
	wall   time.Duration   // of one sample, with its process
	count  time.Duration   // of one count, with its process
	sizes  []results.Value // B/record and B/set, as proved
	counts []results.Value // B/op and allocs/op
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
		if c.Codec == ref {
			jobs = append(jobs, &job{cell: c.Twin(), data: j.data, knowledge: j.knowledge})
		}
	}
	return jobs, nil
}

// calibrated takes the answer to a calibration, which took elapsed with its process: a start, a warm-up, and doublings
// from one ring to answer.N operations.
func (j *job) calibrated(answer results.Sample, elapsed, slice time.Duration) error {
	cpu, _ := answer.Value(results.UnitCPU)
	wall, ok := answer.Value(results.UnitWall)
	if !ok || cpu <= 0 || wall < 0 {
		return fmt.Errorf("answer %q: want %s above 0 and %s", answer, results.UnitCPU, results.UnitWall)
	}
	ring := j.data.Records
	take := func(n int) time.Duration { return time.Duration(wall * float64(n)) }
	start := max(0, elapsed-take(2*answer.N-ring))
	j.n = operations(slice, cpu, ring)
	j.wall = start + take(j.n)
	j.count = start + take(countRings*ring)
	return nil
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
	values := answer.Pick(results.UnitWall, results.UnitCPU)
	values = append(values, j.counts...)
	values = append(values, answer.Pick(results.UnitSize, results.UnitSet, results.UnitWire)...)
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
