package gate

import (
	"maps"
	"math"
	"slices"

	"github.com/wirecost/wirecost/harness/stats"
)

// Probabilities of the decision rule.
const (
	bound     = 0.99  // of the lower bound of the slowdown
	boundMany = 0.995 // where there are more than many cells
	many      = 50
	power     = 0.80 // with which what is called detectable is seen
	asked     = 0.90 // with which a number of pairs is to see it
)

// inconclusiveAt is the slowdown that a cell must have been able to show.
const inconclusiveAt = 0.10

// An Outcome is what is to be said of a row, or of all of them.
type Outcome string

// The outcomes. Those of a whole verdict are ranked by Exit.
const (
	OK           Outcome = "ok"
	Regression   Outcome = "regression"
	Warning      Outcome = "warning"
	Inconclusive Outcome = "inconclusive"
	Accepted     Outcome = "accepted" // beyond the limit, and the policy says why
	Improved     Outcome = "improved"
	Shown        Outcome = "shown" // and not judged
	Failed       Outcome = "failed"
)

// A Limit is by what share of itself something may grow. Never means that it never fails, or warns.
type Limit float64

// Never is no limit.
const Never = Limit(math.MaxFloat64)

// A Timing is what pairs say of the time of a cell. Factors, so that 1.02 is 2 % slower.
type Timing struct {
	Pairs      int     `json:"pairs"`
	Factor     float64 `json:"factor"`
	Lo         float64 `json:"lo"` // bounds of the 98 % interval: 99 % on each side
	Hi         float64 `json:"hi"`
	Spread     float64 `json:"spread"`     // standard deviation of a pair, as a share, those far out left out
	Detectable float64 `json:"detectable"` // the slowdown that would have been seen in 4 runs of 5
	Outcome    Outcome `json:"outcome"`
}

// Decide judges the logarithms of head's over base's times, one of each pair; cells is how many are judged together.
func Decide(u []float64, fail, warn Limit, cells int) Timing {
	n := len(u)
	m, se, df := stats.Trimmed(u)
	t := Timing{Pairs: n, Factor: math.Exp(m), Spread: Spread(u), Outcome: Inconclusive}
	if n < 2 {
		t.Lo, t.Hi, t.Detectable, t.Spread = 0, math.MaxFloat64, math.MaxFloat64, 0
		return t
	}
	h := stats.Quantile(df, boundOf(cells)) * se
	t.Lo, t.Hi = math.Exp(m-h), math.Exp(m+h)
	seen := math.Log1p(tolerance(fail)) + h + stats.Quantile(df, power)*se
	t.Detectable = math.Expm1(seen)
	switch {
	case beyond(m-h, fail):
		t.Outcome = Regression
	case beyond(m-h, warn):
		t.Outcome = Warning
	case seen > math.Log1p(inconclusiveAt):
		t.Outcome = Inconclusive
	case m+h < 0:
		t.Outcome = Improved
	default:
		t.Outcome = OK
	}
	return t
}

func boundOf(cells int) float64 {
	if cells > many {
		return boundMany
	}
	return bound
}

// beyond reports whether a logarithm is beyond a limit.
func beyond(log float64, l Limit) bool { return l != Never && log > math.Log1p(float64(l)) }

// tolerance is the limit that what could be seen is reckoned from.
func tolerance(fail Limit) float64 {
	if fail == Never {
		return 0
	}
	return float64(fail)
}

// shown is what a slowdown of 5 % shows in pairs, at least: the longer of two that run at once ends alone, without the other in
// its caches, and is a little faster for it. In results/gate-study.md +5 % and +10 % came out as +4.6 % and +9.7 %, in shorter
// studies before it as +4.3 % to +4.5 % and +9.3 %.
const shown = 1.044

// step is how much beyond a tolerance of 2 % that is, as a logarithm: what a number of pairs is to see.
const step = 0.023257 // ln(shown / 1.02)

// trimming is how much larger the error of a trimmed mean of normal values is than that of their mean.
const trimming = 1.068

// Spread returns the standard deviation of pairs by what their trimmed mean is good for: of normal ones about theirs, and of
// those among which some lie far out what the others have.
func Spread(u []float64) float64 {
	_, se, _ := stats.Trimmed(u)
	if n := len(u); n >= 5 {
		return se * math.Sqrt(float64(n)) / trimming
	}
	return se * math.Sqrt(float64(len(u)))
}

// errorOf is the standard error of the trimmed mean of n pairs that scatter by spread.
func errorOf(spread float64, n int) float64 { return trimming * spread / math.Sqrt(float64(n)) }

// MinPairs is the least number of pairs that are judged.
const MinPairs = 8

// Pairs returns how many pairs see a slowdown of 5 % in 9 runs of 10 at a tolerance of 2 %, where a pair scatters by spread.
func Pairs(spread float64, cells int) int {
	n := MinPairs
	for ; n < 1000; n++ {
		df := stats.TrimmedFreedom(n)
		if (stats.Quantile(df, boundOf(cells))+stats.Quantile(df, asked))*errorOf(spread, n) <= step {
			break
		}
	}
	return n
}

// Detectable returns the slowdown, as a share, that n pairs of the given spread show in 4 runs of 5.
func Detectable(spread float64, n, cells int, fail Limit) float64 {
	if n < 2 {
		return math.MaxFloat64
	}
	df := stats.TrimmedFreedom(n)
	q := stats.Quantile(df, boundOf(cells)) + stats.Quantile(df, power)
	return math.Expm1(math.Log1p(tolerance(fail)) + q*errorOf(spread, n))
}

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
