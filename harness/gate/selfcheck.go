package gate

import (
	"maps"
	"math"
	"slices"

	"github.com/wirecost/wirecost/harness/stats"
)

// A SelfCheck is the base against itself, in other links: what is seen where there is nothing.
type SelfCheck struct {
	Pairs  int                `json:"pairs"` // of all cells
	Factor float64            `json:"factor"`
	Lo     float64            `json:"lo"` // 99 % interval
	Hi     float64            `json:"hi"`
	Spread map[string]float64 `json:"spread"` // that is planned for, of each cell's pairs: above what they showed
	OK     bool               `json:"ok"`
}

// selfLimit is the bias that a machine may have.
const selfLimit = 0.01

// CheckSelf pools the pairs of base against base, by cell; those of one index have the same two links.
//
// Note: a layout that is bad for memmove or malloc is bad for all cells that have it, so that the pairs of one round are not
// independent: taking them for it refused 1 run in 10 of the study, and cbor twice in four, on machines without any bias. The
// interval is no narrower than that of the rounds' means.
func CheckSelf(u map[string][]float64) SelfCheck {
	var all []float64
	for _, xs := range u {
		all = append(all, xs...)
	}
	m, s := stats.Deviation(all)
	c := SelfCheck{Pairs: len(all), Factor: math.Exp(m), Spread: map[string]float64{}, OK: true, Hi: math.MaxFloat64}
	if len(all) >= 2 {
		h := max(halfWidth(len(all), s), roundsWidth(u))
		c.Lo, c.Hi = math.Exp(m-h), math.Exp(m+h)
		c.OK = math.Abs(m) <= h || math.Abs(math.Expm1(m)) <= selfLimit
	}
	usual := usualSpread(u)
	for cell, xs := range u {
		c.Spread[cell] = planned(xs, usual)
	}
	return c
}

// halfWidth is half of the 99 % interval of a mean of n values that scatter by s.
func halfWidth(n int, s float64) float64 {
	return stats.Quantile(float64(n-1), 0.995) * s / math.Sqrt(float64(n))
}

// roundsWidth is half of the 99 % interval of the mean over rounds, 0 if there is one.
func roundsWidth(u map[string][]float64) float64 {
	var sums, counts []float64
	for _, cell := range slices.Sorted(maps.Keys(u)) {
		for i, x := range u[cell] {
			if i == len(sums) {
				sums, counts = append(sums, 0), append(counts, 0)
			}
			sums[i], counts[i] = sums[i]+x, counts[i]+1
		}
	}
	for i := range sums {
		sums[i] /= counts[i]
	}
	if len(sums) < 2 {
		return 0
	}
	_, s := stats.Deviation(sums)
	return halfWidth(len(sums), s)
}

// usualSpread is the spread of the middle one of the cells. The middle is not moved by a few that nothing can measure.
func usualSpread(u map[string][]float64) float64 {
	var variances []float64
	for _, xs := range u {
		if len(xs) >= 2 {
			s := calm(xs)
			variances = append(variances, s*s/calmMiddle)
		}
	}
	if len(variances) == 0 {
		return 0
	}
	slices.Sort(variances)
	n := len(variances)
	return math.Sqrt((variances[(n-1)/2] + variances[n/2]) / 2)
}

// calm is the spread of pairs of base against base but for the one that lies farthest out. Where one layout in eight makes a
// loop a third slower, two cells in three have such a pair among their four, which the trimmed mean of many pairs leaves out.
func calm(xs []float64) float64 {
	var squares []float64
	for _, x := range xs {
		squares = append(squares, x*x)
	}
	slices.Sort(squares)
	sum := 0.0
	for _, x := range squares[:len(squares)-1] {
		sum += x
	}
	return calmOf4 * math.Sqrt(sum/float64(len(squares)-1))
}

// What calm makes of four normal values, by 10^6 simulated: the root of the mean of the three smallest squares is 1/calmOf4 of
// the standard deviation, and the median of its square calmMiddle of the mean.
const (
	calmOf4    = 1.40
	calmMiddle = 0.757
)

// Four pairs alone tell the spread of a cell by a factor of 2, and too few pairs by chance cost more than too many bring.
const (
	aboveUsual  = 1.3
	aboveOwn    = 1.5
	leastSpread = 0.03 // what layouts of code make of most benchmarks, in few pairs seen or not
)

// planned is the spread that a number of pairs is planned for.
//
// Note: the root mean square of all cells was the least for each. Three of twenty that scatter by 10 % made it 5 % for all, 55
// pairs where 10 would do. With the two factors alone, and pairs that see 5 % in full, it found 5 % in 89 % (one cell) to 96 %
// (seven or more) of simulated changes in cells that scatter by factors of 2.
func planned(xs []float64, usual float64) float64 {
	if len(xs) < 2 {
		return max(leastSpread, aboveOwn*usual)
	}
	return max(leastSpread, aboveUsual*usual, aboveOwn*calm(xs))
}
