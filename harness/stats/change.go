package stats

import (
	"fmt"
	"math"

	"github.com/wirecost/wirecost/harness/results"
)

// A Change is by which factor something became another between two runs, with its interval.
type Change struct {
	Center, Lo, Hi float64
	Old, New       int // rounds
	Confidence     float64
	Warnings       []error
}

// Bounded reports whether c has an interval.
func (c Change) Bounded() bool {
	return !math.IsNaN(c.Lo) && !math.IsInf(c.Lo, 0) && !math.IsInf(c.Hi, 0)
}

// Excludes reports whether x lies outside the interval.
func (c Change) Excludes(x float64) bool { return x < c.Lo || x > c.Hi }

// RatioChange returns by which factor the ratio of a cell to a reference changed from one run to another. In each run the two
// were measured side by side, so what moved both, another hour, is in neither ratio; the two runs have no rounds in
// common, and their ratios are compared as two samples of unequal spread (Welch).
func RatioChange(oldCell, oldRef, newCell, newRef []float64, confidence float64) Change {
	a, b := logRatios(oldCell, oldRef), logRatios(newCell, newRef)
	c := Change{Old: len(a), New: len(b), Confidence: confidence}
	am, as := Deviation(a)
	bm, bs := Deviation(b)
	c.Center = math.Exp(bm - am)
	if min(len(a), len(b)) < results.MinRounds {
		c.Lo, c.Hi = 0, math.Inf(1)
		c.Warnings = append(c.Warnings, fmt.Errorf("%d and %d rounds: no interval below %d", len(a), len(b), results.MinRounds))
		return c
	}
	h := welch(as*as/float64(len(a)), len(a), bs*bs/float64(len(b)), len(b), confidence)
	c.Lo, c.Hi = math.Exp(bm-am-h), math.Exp(bm-am+h)
	return c
}

// welch returns half the width of the interval of a difference of two means with the given squared standard errors.
func welch(va float64, na int, vb float64, nb int, confidence float64) float64 {
	if va+vb == 0 {
		return 0
	}
	df := (va + vb) * (va + vb) / (va*va/float64(na-1) + vb*vb/float64(nb-1))
	return Quantile(df, (1+confidence)/2) * math.Sqrt(va+vb)
}
