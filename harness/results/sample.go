package results

import (
	"fmt"
	"math"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// The units of results. Those in ExactUnits are the same in every run.
const (
	UnitWall   = "ns/op"         // wall time, shown and never judged
	UnitCPU    = "cpu-ns/op"     // CPU time of the process, all threads
	UnitGC     = "gc-ns/op"      // of the CPU time, that of collecting garbage
	UnitBytes  = "B/op"          // bytes allocated
	UnitAllocs = "allocs/op"     // allocations
	UnitSize   = "B/record"      // encoded size: mean over the set
	UnitSet    = "B/set"         // encoded size: sum over the set
	UnitWire   = "wire-B/record" // bytes over one exchange, frame and headers included
	UnitSent   = "sent-B/record" // bytes that it sent with what goes around batches, and compressed: what was, not what must be
	UnitInstr  = "Ir/op"         // instructions
)

// ExactUnits are the units whose every difference is one.
var ExactUnits = [...]string{UnitSize, UnitSet, UnitWire, UnitAllocs, UnitBytes, UnitInstr}

// A Value is one number of a result line, in the unit of its line: ns stay ns.
type Value struct {
	Value float64
	Unit  string
}

// A Sample is one result line: what one worker process measured of one cell.
type Sample struct {
	Cell   Cell
	N      int     // operations measured
	Values []Value // in the order of the line
}

// Pick returns those values of s that have one of the units, in the order of units.
func (s Sample) Pick(units ...string) []Value {
	var out []Value
	for _, u := range units {
		if v, ok := s.Value(u); ok {
			out = append(out, Value{v, u})
		}
	}
	return out
}

// Value returns the number with the given unit.
func (s Sample) Value(unit string) (float64, bool) {
	for _, v := range s.Values {
		if v.Unit == unit {
			return v.Value, true
		}
	}
	return 0, false
}

// String returns the result line of s, without a newline.
func (s Sample) String() string {
	var b strings.Builder
	if err := benchfmt.NewWriter(&b).Write(s.result()); err != nil {
		panic(err) // a Builder takes everything, and a Result is a known record
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// result is s as x/perf holds it: tidied, so that ns are sec, with what was measured beside it.
func (s Sample) result() *benchfmt.Result {
	r := &benchfmt.Result{Name: benchfmt.Name(strings.TrimPrefix(s.Cell.Name(), "Benchmark")), Iters: s.N}
	for _, v := range s.Values {
		tidy, unit := benchunit.Tidy(v.Value, v.Unit)
		r.Values = append(r.Values, benchfmt.Value{Value: tidy, Unit: unit, OrigValue: v.Value, OrigUnit: v.Unit})
	}
	return r
}

// sampleOf undoes result. x/perf keeps the original of a value only where tidying changed it.
func sampleOf(r *benchfmt.Result) Sample {
	s := Sample{Cell: ParseName("Benchmark" + r.Name.String()), N: r.Iters}
	for _, v := range r.Values {
		if v.OrigUnit != "" {
			v.Value, v.Unit = v.OrigValue, v.OrigUnit
		}
		s.Values = append(s.Values, Value{v.Value, v.Unit})
	}
	return s
}

// ParseSample reads one result line.
func ParseSample(line string) (Sample, error) {
	r := benchfmt.NewReader(strings.NewReader(line), "answer")
	if !r.Scan() {
		return Sample{}, fmt.Errorf("no result line: %.200q", line)
	}
	switch rec := r.Result().(type) {
	case *benchfmt.Result:
		return sampleOf(rec), nil
	case *benchfmt.SyntaxError:
		return Sample{}, fmt.Errorf("%.200q: %s", line, rec.Msg)
	}
	return Sample{}, fmt.Errorf("no result line: %.200q", line)
}

// Check says which value of s is no measurement.
func (s Sample) Check() error {
	for _, v := range s.Values {
		if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) || v.Value < 0 {
			return fmt.Errorf("%v %s", v.Value, v.Unit)
		}
	}
	return nil
}
