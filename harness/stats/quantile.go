package stats

import (
	"math"

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
