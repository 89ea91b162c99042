package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestQuantile(t *testing.T) {
	for _, tt := range []struct{ df, p, want float64 }{ // printed tables
		{7, 0.99, 2.998}, {15, 0.99, 2.602}, {15, 0.8, 0.866}, {1, 0.975, 12.706}, {15, 0.5, 0}, {8, 0.1, -1.397},
	} {
		if got := Quantile(tt.df, tt.p); math.Abs(got-tt.want) > 0.0006 {
			t.Errorf("Quantile(%v, %v) = %.4f, want %v", tt.df, tt.p, got, tt.want)
		}
	}
	if got := Quantile(0, 0.9); !math.IsNaN(got) {
		t.Errorf("Quantile of no freedom is %v, want NaN", got)
	}
}

// What moves a whole run moves no ratio.
func TestRatioChangeDrift(t *testing.T) {
	ref, cell := []float64{100, 110, 90, 105, 95, 100}, []float64{200, 221, 179, 210, 191, 200}
	slow := func(xs []float64) []float64 {
		out := make([]float64, len(xs))
		for i, x := range xs {
			out[i] = 1.3 * x
		}
		return out
	}
	c := RatioChange(cell, ref, slow(cell), slow(ref), 0.95)
	if math.Abs(c.Center-1) > 1e-12 || c.Excludes(1) || !c.Bounded() {
		t.Errorf("a run that is 1.3 times as slow: got %+v, want 1", c)
	}
	if c := RatioChange(cell, ref, slow(cell), ref, 0.95); math.Abs(c.Center-1.3) > 1e-12 || !c.Excludes(1) {
		t.Errorf("a cell that is 1.3 times as slow: got %+v, want 1.3", c)
	}
}

func TestRatioChangeFewRounds(t *testing.T) {
	xs := []float64{1, 2, 3}
	if c := RatioChange(xs, xs, xs, xs, 0.95); c.Bounded() || len(c.Warnings) != 1 {
		t.Errorf("three rounds: got %+v, want no interval and a warning", c)
	}
}

// The interval holds the truth as often as it says, also where the two runs scatter differently.
func TestRatioChangeCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	draw := func(n int, at, sd float64) []float64 {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = math.Exp(at + sd*rng.NormFloat64())
		}
		return xs
	}
	ones := make([]float64, 16)
	for i := range ones {
		ones[i] = 1
	}
	const runs = 10_000
	held := 0
	for range runs {
		c := RatioChange(draw(16, 0.1, 0.02), ones, draw(10, 0.12, 0.06), ones, 0.95)
		if !c.Excludes(math.Exp(0.02)) {
			held++
		}
	}
	if got := float64(held) / runs; math.Abs(got-0.95) > 0.01 {
		t.Errorf("the 95 %% interval held the truth in %.2f %% of runs", 100*got)
	}
}
