package stats

import (
	"fmt"
	"math"

	"github.com/wirecost/wirecost/harness/results"
	"golang.org/x/perf/benchmath"
)

const confidence = 0.95

// A Summary is an estimate with its 95 % interval. Below results.MinRounds the interval is unbounded and a warning says so.
type Summary struct {
	Center, Lo, Hi float64
	Rounds         int
	Warnings       []error // printed beside the numbers
}

// Mean summarizes one value per round: the mean with its t interval. xs is left as it is.
func Mean(xs []float64) Summary {
	if len(xs) < results.MinRounds {
		return fewRounds(xs)
	}
	sample := benchmath.NewSample(append([]float64(nil), xs...), &benchmath.DefaultThresholds) // which sorts
	s := benchmath.AssumeNormal.Summary(sample, confidence)
	return Summary{Center: s.Center, Lo: s.Lo, Hi: s.Hi, Rounds: len(xs), Warnings: s.Warnings}
}

func fewRounds(xs []float64) Summary {
	warning := fmt.Errorf("%d rounds: no interval below %d", len(xs), results.MinRounds)
	return Summary{Center: mean(xs), Lo: math.Inf(-1), Hi: math.Inf(1), Rounds: len(xs), Warnings: []error{warning}}
}

// Bounded reports whether s has an interval.
func (s Summary) Bounded() bool {
	return !math.IsInf(s.Lo, 0) && !math.IsInf(s.Hi, 0) && !math.IsNaN(s.Center)
}

// Excludes reports whether x lies outside the interval.
func (s Summary) Excludes(x float64) bool { return x < s.Lo || x > s.Hi }

// Half returns half the width of the interval, in the unit of the Center.
func (s Summary) Half() float64 { return (s.Hi - s.Lo) / 2 }

// exp returns the summary of factors whose logarithms s summarizes.
func (s Summary) exp() Summary {
	s.Center, s.Lo, s.Hi = math.Exp(s.Center), math.Exp(s.Lo), math.Exp(s.Hi)
	return s
}

// mean returns the mean of xs, NaN when there are none.
func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
