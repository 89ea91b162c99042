package stats

import (
	"cmp"
	"math"
	"slices"
)

// Ratios in this range are ties when all samples come from one binary: code layout alone makes up to 8 % (sd).
const (
	layoutLo = 0.9
	layoutHi = 1.1
)

// A Place is where a cell stands among cells that were measured side by side.
type Place struct {
	Cell int     // index into the cells ranked
	Rank int     // 1 is the cheapest; two neighbours that cannot be told apart share a rank
	Tied bool    // shares its rank
	Mean float64 // geometric mean over rounds, in the unit ranked
	Prev Summary // ratio to the place before; zero at the first
}

// Rank orders cells by cost, cheapest first; cells[i] holds cell i's cost by round. Two neighbours share a rank when 1
// lies in the interval of their direct ratio and, if all samples came from one binary (layout fixed), also when that
// ratio is between 0.9 and 1.1. After a shared rank the next is its position, as in sport: 1, 2, 2, 4.
func Rank(cells [][]float64, fixed bool) []Place {
	places := make([]Place, len(cells))
	for i, c := range cells {
		places[i] = Place{Cell: i, Mean: geomean(c)}
	}
	slices.SortStableFunc(places, func(a, b Place) int { return cmp.Compare(a.Mean, b.Mean) })
	for i := range places {
		places[i].Rank = i + 1
		if i == 0 {
			continue
		}
		prev := &places[i-1]
		places[i].Prev = Ratio(cells[places[i].Cell], cells[prev.Cell])
		if Tie(places[i].Prev, fixed) {
			places[i].Rank, places[i].Tied, prev.Tied = prev.Rank, true, true
		}
	}
	return places
}

// Tie reports whether a ratio says that two cells cost the same, as far as this run can tell.
func Tie(ratio Summary, fixed bool) bool {
	return !ratio.Excludes(1) || fixed && ratio.Center > layoutLo && ratio.Center < layoutHi
}

func geomean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(xs)))
}
