package stats

import (
	"math"
	"slices"

	moremath "github.com/aclements/go-moremath/stats"
)

// Quantile returns the p-quantile of Student's t distribution with df degrees of freedom. It is NaN below one of them, where
// nothing can be said.
func Quantile(df, p float64) float64 {
	if df < 1 || math.IsNaN(df) {
		return math.NaN()
	}
	return moremath.InvCDF(moremath.TDist{V: df})(p)
}

// Deviation returns the mean and the standard deviation of xs: NaN where there are too few of them.
func Deviation(xs []float64) (center, sd float64) {
	center = mean(xs)
	sum := 0.0
	for _, x := range xs {
		sum += (x - center) * (x - center)
	}
	return center, math.Sqrt(sum / float64(len(xs)-1))
}

// Trimmed returns the 20 % trimmed mean of xs, a fifth left out at each end, its standard error, and the degrees of freedom of
// Student's t by which the two make an interval (Tukey and McLaughlin, 1963; Yuen, 1974): se is that of the winsorized values,
// for as many as are kept. Of normal values it is 7 % larger than the mean's; of values among which some lie far out it is a
// fraction of it. Fewer than five are not trimmed, and fewer than two have no error: NaN.
func Trimmed(xs []float64) (center, se, df float64) {
	sorted := slices.Sorted(slices.Values(xs))
	n := len(sorted)
	cut := n / 5
	kept := float64(n - 2*cut)
	center = mean(sorted[cut : n-cut])
	for i := range cut {
		sorted[i], sorted[n-1-i] = sorted[cut], sorted[n-1-cut]
	}
	_, sd := Deviation(sorted)
	return center, sd * math.Sqrt(float64(n-1)/(kept*(kept-1))), TrimmedFreedom(n)
}

// TrimmedFreedom returns the degrees of freedom of the trimmed mean of n values.
func TrimmedFreedom(n int) float64 { return float64(n - 2*(n/5) - 1) }
