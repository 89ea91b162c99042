package stats

import (
	"fmt"
	"math"
)

// Ratio compares a cell with a reference, paired by round: cell[r] and ref[r] were measured side by side. The result is
// a factor, the geometric mean of cell[r] / ref[r], with its t interval. Rounds that only one of them has are left out.
func Ratio(cell, ref []float64) Summary { return Mean(logRatios(cell, ref)).exp() }

// Resolution is the Ratio of the reference codec's twin to itself. It warns when the interval excludes 1: then this run
// finds differences where there are none, and its report says so at the top. The Spread is what it tells apart.
func Resolution(twin, ref []float64) Summary {
	s := Ratio(twin, ref)
	if s.Excludes(1) {
		s.Warnings = append(s.Warnings, fmt.Errorf(
			"the reference codec differs from itself by %+.1f %%: this run sees differences where there are none", 100*(s.Center-1)))
	}
	return s
}

// Spread returns how far the interval of a ratio reaches from 1, as a share: 0.021 is "±2.1 %".
func (s Summary) Spread() float64 { return max(s.Hi, 1/s.Lo) - 1 }

func logRatios(cell, ref []float64) []float64 {
	logs := make([]float64, min(len(cell), len(ref)))
	for r := range logs {
		logs[r] = math.Log(cell[r] / ref[r])
	}
	return logs
}
