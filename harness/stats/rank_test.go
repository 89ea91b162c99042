package stats

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scattered returns 8 rounds around center, which differ by at most the share by.
func scattered(center, by float64) []float64 {
	var xs []float64
	for r := range 8 {
		xs = append(xs, center*(1+by*(float64(r%4)/1.5-1)))
	}
	return xs
}

func TestRank(t *testing.T) {
	slow, mid, wide, fast := scattered(200, 0.01), scattered(101, 0.01), scattered(100, 0), scattered(50, 0.01)
	for _, tt := range []struct {
		name  string
		cells [][]float64
		fixed bool
		order []int // cells, cheapest first
		ranks []int
	}{
		{"apart", [][]float64{slow, fast, mid}, false, []int{1, 2, 0}, []int{1, 2, 3}},
		{"tie", [][]float64{slow, scattered(100, 0.05), fast, wide}, false, []int{2, 1, 3, 0}, []int{1, 2, 2, 4}},
		{"told apart by 5 % with many layouts", [][]float64{scattered(105, 0.001), scattered(100, 0.001)}, false, []int{1, 0}, []int{1, 2}},
		{"5 % is a tie with one layout", [][]float64{scattered(105, 0.001), scattered(100, 0.001)}, true, []int{1, 0}, []int{1, 1}},
		{"12 % is not", [][]float64{scattered(112, 0.001), scattered(100, 0.001)}, true, []int{1, 0}, []int{1, 2}},
		{"two rounds are all ties", [][]float64{{9, 9}, {1, 1}}, false, []int{1, 0}, []int{1, 1}},
		{"alone", [][]float64{fast}, true, []int{0}, []int{1}},
		{"none", nil, true, nil, nil},
	} {
		var order, ranks []int
		for _, p := range Rank(tt.cells, tt.fixed) {
			order, ranks = append(order, p.Cell), append(ranks, p.Rank)
		}
		if diff := cmp.Diff([][]int{tt.order, tt.ranks}, [][]int{order, ranks}); diff != "" {
			t.Errorf("%s: cells and ranks (-want +got):\n%s", tt.name, diff)
		}
	}
}

// Ties go from neighbour to neighbour, and each place says how it compares with the one before.
func TestRankTies(t *testing.T) {
	places := Rank([][]float64{scattered(100, 0.001), scattered(108, 0.001), scattered(116, 0.001), scattered(150, 0.001)}, true)
	want := []Place{{Cell: 0, Rank: 1, Tied: true}, {Cell: 1, Rank: 1, Tied: true}, {Cell: 2, Rank: 1, Tied: true}, {Cell: 3, Rank: 4}}
	for i, p := range places {
		if p.Cell != want[i].Cell || p.Rank != want[i].Rank || p.Tied != want[i].Tied {
			t.Errorf("place %d: got %+v, want %+v", i, p, want[i])
		}
	}
	if got := places[1].Prev.Center; !near(got, 1.08) {
		t.Errorf("got ratio %v to the place before, want 1.08", got)
	}
}
