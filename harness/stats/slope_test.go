package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// line returns points whose keyBys cost per each, over chains that cost chain each, with scatter that grows with N.
func line(rounds int, per, chain, scatter float64, ns ...int) []Point {
	rng := rand.New(rand.NewPCG(7, 7))
	var points []Point
	for _, n := range ns {
		p := Point{N: n}
		for range rounds {
			noise := scatter * float64(n) * rng.NormFloat64()
			p.Kind = append(p.Kind, 30+per*float64(n)+noise)
			p.Chain = append(p.Chain, 30+chain*float64(n))
		}
		points = append(points, p)
	}
	return points
}

func TestSlopeOfALine(t *testing.T) {
	for _, ns := range [][]int{{0, 1, 2, 3}, {3, 0, 2, 1}, {0, 1}, {1, 3}} {
		got, err := Slope(line(8, 150, 1, 0, ns...))
		if err != nil {
			t.Fatal(err)
		}
		checkSummary(t, "slope", got.Summary, 149, 149, 149)
		if !got.Linear || got.Rounds != 8 || len(got.Extra) != len(ns) {
			t.Errorf("keyBys %v: got %+v, want linear, 8 rounds, a row each", ns, got)
		}
		if len(got.ByRound) != 8 || !near(Mean(got.ByRound).Center, got.Center) {
			t.Errorf("keyBys %v: got slopes %v by round, want 8 with mean %v", ns, got.ByRound, got.Center)
		}
	}
}

// Chaining is subtracted in each round, so that what a round suffers from drops out.
func TestSlopeIsPaired(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		per := rapid.Float64Range(0, 1e4).Draw(t, "per keyBy")
		points := line(6, per, 1, 0, 0, 1, 2, 3)
		for i := range points {
			for r := range 6 {
				noise := rapid.Float64Range(0, 1e4).Draw(t, "noise")
				points[i].Kind[r] += noise
				points[i].Chain[r] += noise
			}
		}
		if got, err := Slope(points); err != nil || math.Abs(got.Center-(per-1)) > 1e-6 {
			t.Fatalf("got %v, %v, want %v", got.Center, err, per-1)
		}
	})
}

// d(N) = 0, 100, 200, 330: the weighted slope is 104.70149253731343, unweighted it would be 109, and without the largest N
// it is 100.
func TestSlopeWeights(t *testing.T) {
	var points []Point
	for n, d := range []float64{0, 100, 200, 330} {
		p := Point{N: n}
		for r := range 6 {
			p.Kind, p.Chain = append(p.Kind, d+float64(r)), append(p.Chain, float64(r))
		}
		points = append(points, p)
	}
	got, err := Slope(points)
	if err != nil || !near(got.Center, 104.70149253731343) || !near(got.Short.Center, 100) {
		t.Errorf("got slope %v and %v without the largest N, %v, want %v and 100", got.Center, got.Short.Center, err, 104.70149253731343)
	}
	if got.Linear || len(got.Warnings) != 1 || !strings.HasPrefix(got.Warnings[0].Error(), "not linear") {
		t.Errorf("got linear %v and warnings %v, want \"not linear\"", got.Linear, got.Warnings)
	}
	for i, want := range []float64{0, 100, 200, 330} {
		if e := got.Extra[i]; e.N != i || !near(e.Center, want) {
			t.Errorf("got %d keyBys at %v, want %v", e.N, e.Center, want)
		}
	}
}

// A noisy line is a line, and its interval holds the truth.
func TestSlopeNoisy(t *testing.T) {
	got, err := Slope(line(24, 150, 1, 12, 0, 1, 2, 3))
	if err != nil || got.Excludes(149) || got.Half() > 10 || !got.Linear {
		t.Errorf("got %+v, %v, want 149 in a linear interval of at most ±10", got, err)
	}
}

func TestSlopeRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		points []Point
		want   string
	}{
		{"one point", line(6, 1, 1, 0, 1), "two numbers"},
		{"no points", nil, "two numbers"},
		{"equal points", line(6, 1, 1, 0, 1, 1), "two points with 1"},
		{"no rounds", []Point{{N: 0, Kind: []float64{1}, Chain: []float64{1}}, {N: 2, Kind: []float64{1}}}, "no rounds with 2"},
	} {
		if _, err := Slope(tt.points); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}

// Only rounds that all points have are used, and few of them have no interval.
func TestSlopeRounds(t *testing.T) {
	points := line(8, 150, 1, 0, 0, 1, 2)
	points[2].Chain = points[2].Chain[:5]
	got, err := Slope(points)
	if err != nil || got.Rounds != 5 || got.Bounded() || !near(got.Center, 149) || !got.Linear {
		t.Errorf("got %+v, %v, want 149 from 5 rounds without an interval", got, err)
	}
}

func TestRates(t *testing.T) {
	if got := Cores(212, 250000); !near(got, 0.053) {
		t.Errorf("212 ns at 250000/s: got %v cores, want 0.053", got)
	}
}
