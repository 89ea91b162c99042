package stats

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// rounding is the share of a slope that is arithmetic's.
const rounding = 1e-9

// A Point is what N keyBys cost in each round: CPU time per record of the whole process, in ns.
type Point struct {
	N           int
	Kind, Chain []float64 // with N exchanges of the kind in question, and with N stages without an exchange
}

// A Price is what one more keyBy costs.
type Price struct {
	Summary             // CPU ns per record and exchange
	Linear  bool        // the next keyBy costs what the first did; if not, Extra says more than the Summary
	Extra   []Increment // what N keyBys cost, one row for each N
	Short   Summary     // the slope without the largest N; zero if that leaves fewer than two
	ByRound []float64   // the slope of each round, of which the Summary is one
}

// An Increment is the cost of N keyBys over N stages without an exchange.
type Increment struct {
	N int
	Summary
}

// Slope fits the cost of N keyBys, what chaining costs subtracted, with a straight line in each round, and summarizes the
// slopes. Scatter grows with N, so a point weighs 1/max(1, N)^2.
func Slope(points []Point) (Price, error) {
	points = slices.SortedFunc(slices.Values(points), func(a, b Point) int { return cmp.Compare(a.N, b.N) })
	if err := checkPoints(points); err != nil {
		return Price{}, err
	}
	diffs := differences(points)
	each := slopes(points, diffs)
	p := Price{Summary: Mean(each), Linear: true, ByRound: each}
	for i, d := range diffs {
		p.Extra = append(p.Extra, Increment{points[i].N, Mean(d)})
	}
	if last := len(points) - 1; last >= 2 {
		p.Short = Mean(slopes(points[:last], diffs[:last]))
		p.Linear = abs(p.Short.Center-p.Center) <= p.Half()+rounding*abs(p.Center)
	}
	if !p.Linear {
		p.Warnings = append(p.Warnings, fmt.Errorf("not linear: %.0f ns each up to %d keyBys, %.0f ns up to %d",
			p.Short.Center, points[len(points)-2].N, p.Center, points[len(points)-1].N))
	}
	return p, nil
}

func checkPoints(points []Point) error {
	if len(points) < 2 {
		return errors.New("a slope needs two numbers of keyBys")
	}
	for i, p := range points {
		if i > 0 && p.N == points[i-1].N {
			return fmt.Errorf("two points with %d keyBys", p.N)
		}
		if len(p.Kind) == 0 || len(p.Chain) == 0 {
			return fmt.Errorf("no rounds with %d keyBys", p.N)
		}
	}
	return nil
}

// differences returns d(N) by point and round, for the rounds that all points have.
func differences(points []Point) [][]float64 {
	rounds := len(points[0].Kind)
	for _, p := range points {
		rounds = min(rounds, len(p.Kind), len(p.Chain))
	}
	diffs := make([][]float64, len(points))
	for i, p := range points {
		for r := range rounds {
			diffs[i] = append(diffs[i], p.Kind[r]-p.Chain[r])
		}
	}
	return diffs
}

// slopes returns, for each round, the slope of the weighted least squares line through (N, d(N)).
func slopes(points []Point, diffs [][]float64) []float64 {
	b := make([]float64, len(diffs[0]))
	for r := range b {
		var w, x, y, xx, xy float64 // weighted sums
		for i, p := range points {
			n, d := float64(p.N), diffs[i][r]
			wi := 1 / (max(1, n) * max(1, n))
			w, x, y, xx, xy = w+wi, x+wi*n, y+wi*d, xx+wi*n*n, xy+wi*n*d
		}
		b[r] = (w*xy - x*y) / (w*xx - x*x)
	}
	return b
}

func abs(x float64) float64 { return max(x, -x) }

// Cores returns how many cores a cost in CPU ns per record keeps busy at rate records a second.
func Cores(ns, rate float64) float64 { return ns * rate / 1e9 }
