package gate

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// draws returns n logarithms around ln(factor), sd apart.
func draws(rng *rand.Rand, n int, factor, sd float64) []float64 {
	u := make([]float64, n)
	for i := range u {
		u[i] = math.Log(factor) + sd*rng.NormFloat64()
	}
	return u
}

// The interval of the slowdown holds the truth in 98 % of runs, 99 % on each side, within 1 %.
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	const runs = 10_000
	for _, factor := range []float64{1, 1.05} {
		below, above := 0, 0
		for range runs {
			d := Decide(draws(rng, 16, factor, 0.04), 0.02, 0.01, 1)
			if d.Lo > factor {
				below++
			}
			if d.Hi < factor {
				above++
			}
		}
		for side, n := range map[string]int{"lower": below, "upper": above} {
			if share := float64(n) / runs; math.Abs(share-0.01) > 0.01 {
				t.Errorf("factor %v: the %s bound missed in %.2f %% of runs, want 1 %%", factor, side, 100*share)
			}
		}
	}
}

// layouts returns n logarithms around ln(factor), sd apart; of each side one link in eight is slower by a third.
func layouts(rng *rand.Rand, n int, factor, sd float64) []float64 {
	u := draws(rng, n, factor, sd)
	for i := range u {
		if rng.IntN(8) == 0 {
			u[i] += math.Log(4. / 3)
		}
		if rng.IntN(8) == 0 {
			u[i] -= math.Log(4. / 3)
		}
	}
	return u
}

// Layouts of code that are slow now and then neither fail what is unchanged nor hide a change.
func TestLayouts(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 0))
	const runs = 10_000
	n := Pairs(0.03, 1)
	for _, tt := range []struct{ factor, least, most float64 }{{1, 0, 0.001}, {1.02, 0, 0.012}, {1.05, 0.8, 1}} {
		failed := 0
		for range runs {
			if Decide(layouts(rng, n, tt.factor, 0.01), 0.02, 0.01, 1).Outcome == Regression {
				failed++
			}
		}
		if share := float64(failed) / runs; share < tt.least || share > tt.most {
			t.Errorf("factor %v, %d pairs: %.2f %% fail, want %v to %v", tt.factor, n, 100*share, tt.least, tt.most)
		}
	}
}

// Without a change at most 1 % fail.
func TestFalseAlarms(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	const runs = 10_000
	for _, sd := range []float64{0.01, 0.04, 0.08} {
		failed := 0
		for range runs {
			if Decide(draws(rng, 16, 1, sd), 0.02, 0.01, 1).Outcome == Regression {
				failed++
			}
		}
		if share := float64(failed) / runs; share > 0.01 {
			t.Errorf("sd %v: %.2f %% of unchanged runs fail", sd, 100*share)
		}
	}
}

// The slowdowns that a number of pairs is said to show in 4 runs of 5, at a tolerance of 2 %, by the spread of a pair.
func TestDetectable(t *testing.T) {
	table := map[int][5]float64{ // 1, 2, 4, 6, 8 %
		8:  {3.4, 4.8, 7.8, 10.8, 13.9},
		16: {2.9, 3.8, 5.6, 7.4, 9.3},
		32: {2.6, 3.2, 4.4, 5.6, 6.9},
		48: {2.5, 3.0, 3.9, 4.9, 5.9},
	}
	rng := rand.New(rand.NewPCG(3, 0))
	const runs = 2000
	for _, pairs := range slices.Sorted(maps.Keys(table)) { // in order: they share the draws
		effects := table[pairs]
		for i, spread := range []float64{0.01, 0.02, 0.04, 0.06, 0.08} {
			want := effects[i]
			got := 100 * Detectable(spread, pairs, 1, 0.02)
			if got < want-0.35 || got > 1.17*want { // the table adds shares, the rule logarithms; it is of the plain mean
				t.Errorf("%d pairs of spread %v: detectable %.2f %%, want %v %%", pairs, spread, got, want)
			}
			found := 0
			for range runs {
				if Decide(draws(rng, pairs, 1+got/100, spread), 0.02, 0.01, 1).Outcome == Regression {
					found++
				}
			}
			if share := float64(found) / runs; math.Abs(share-0.8) > 0.05 {
				t.Errorf("%d pairs of spread %v: %.1f %% slower is found in %.0f %% of runs, want 80 %%", pairs, spread, got, 100*share)
			}
		}
	}
}

// The number of pairs that a spread asks for, and what it finds: a little more where pairs are few, whose trimmed mean is as
// good as their mean.
func TestPairs(t *testing.T) {
	const runs = 5_000
	for _, tt := range []struct {
		spread float64
		pairs  int
		found  float64
	}{
		{0.001, MinPairs, 1},
		{0.02, 16, 0.907},
		{0.03, 29, 0.904},
		{0.04, 49, 0.902},
		{0.06, 103, 0.899},
	} {
		n := Pairs(tt.spread, 1)
		if n != tt.pairs {
			t.Errorf("a spread of %v asks for %d pairs, want %d", tt.spread, n, tt.pairs)
		}
		rng := rand.New(rand.NewPCG(4, uint64(tt.pairs)))
		found := 0
		for range runs {
			if Decide(draws(rng, n, shown, tt.spread), 0.02, 0.01, 1).Outcome == Regression {
				found++
			}
		}
		if share := float64(found) / runs; math.Abs(share-tt.found) > 0.013 { // three standard errors
			t.Errorf("spread %v, %d pairs: what +5 %% shows is found in %.1f %% of runs, want %.1f %%", tt.spread, n, 100*share, 100*tt.found)
		}
	}
}

func TestOutcomes(t *testing.T) {
	for _, tt := range []struct {
		name string
		u    []float64
		want Outcome
	}{
		{"equal", []float64{0.001, -0.001, 0, 0.001, -0.001, 0, 0.001, -0.001}, OK},
		{"slower", []float64{0.05, 0.051, 0.049, 0.05, 0.051, 0.049, 0.05, 0.05}, Regression},
		{"a little slower", []float64{0.015, 0.016, 0.014, 0.015, 0.016, 0.014, 0.015, 0.015}, Warning},
		{"faster", []float64{-0.05, -0.051, -0.049, -0.05, -0.051, -0.049, -0.05, -0.05}, Improved},
		{"noise", []float64{0.3, -0.3, 0.2, -0.2, 0.3, -0.3, 0.2, -0.2}, Inconclusive},
		{"slower in noise", []float64{0.5, 0.8, 0.6, 0.7, 0.5, 0.8, 0.6, 0.7}, Regression},
		{"one pair", []float64{0.5}, Inconclusive},
		{"none", nil, Inconclusive},
	} {
		if got := Decide(tt.u, 0.02, 0.01, 1); got.Outcome != tt.want {
			t.Errorf("%s: got %+v, want %s", tt.name, got, tt.want)
		}
	}
	if got := Decide([]float64{0.05, 0.051, 0.049, 0.05}, Never, Never, 1).Outcome; got != OK {
		t.Errorf("slower where nothing fails: got %s, want %s", got, OK)
	}
}

func TestCheckSelf(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	cells := func(factor float64) map[string][]float64 {
		u := map[string][]float64{}
		for _, c := range []string{"a", "b", "c", "d"} {
			u[c] = draws(rng, 4, factor, 0.01)
		}
		return u
	}
	if c := CheckSelf(cells(1)); !c.OK || c.Pairs != 16 || len(c.Spread) != 4 || c.Spread["a"] < 0.003 || c.Spread["a"] > 0.03 {
		t.Errorf("no bias: got %+v, want ok with spreads of about 0.01", c)
	}
	if c := CheckSelf(cells(1.1)); c.OK {
		t.Errorf("a bias of 10 %%: got %+v, want a machine that cannot be measured", c)
	}
	if c := CheckSelf(cells(1.004)); !c.OK {
		t.Errorf("a bias of 0.4 %%: got %+v, want ok", c)
	}
	// A layout that all cells of a round have in common is no bias of the machine.
	refused := 0
	for range 1000 {
		u := map[string][]float64{}
		for range 4 {
			common := 0.02 * rng.NormFloat64()
			for _, cell := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
				u[cell] = append(u[cell], common+0.01*rng.NormFloat64())
			}
		}
		if !CheckSelf(u).OK {
			refused++
		}
	}
	if refused > 20 { // 1 %
		t.Errorf("common layouts: %d of 1000 machines without a bias refused", refused)
	}
	if c := CheckSelf(nil); !c.OK || c.Pairs != 0 {
		t.Errorf("no cells: got %+v", c)
	}
}
