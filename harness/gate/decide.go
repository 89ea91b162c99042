package gate

import (
	"math"

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
