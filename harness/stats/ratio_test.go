package stats

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// near reports whether two numbers agree to 9 digits.
func near(got, want float64) bool {
	return got == want || math.Abs(got-want) <= 1e-9*math.Abs(want)
}

func checkSummary(t *testing.T, what string, got Summary, center, lo, hi float64) {
	t.Helper()
	if !near(got.Center, center) || !near(got.Lo, lo) || !near(got.Hi, hi) {
		t.Errorf("%s: got %v [%v, %v], want %v [%v, %v]", what, got.Center, got.Lo, got.Hi, center, lo, hi)
	}
}

// t(5; 0.975) = 2.570581835636197, and the standard error of 1..6 is 0.7637626158259734.
func TestMean(t *testing.T) {
	xs := []float64{6, 1, 5, 2, 4, 3}
	half := 2.570581835636197 * 0.7637626158259734
	got := Mean(xs)
	checkSummary(t, "mean", got, 3.5, 3.5-half, 3.5+half)
	if !got.Bounded() || got.Rounds != 6 || !near(got.Half(), half) || len(got.Warnings) > 0 {
		t.Errorf("got %+v, want 6 rounds, bounded, without a warning", got)
	}
	if xs[0] != 6 {
		t.Error("Mean sorted the caller's rounds: pairing is lost")
	}
}

// Below six rounds there is no interval, and the number says so.
func TestFewRounds(t *testing.T) {
	got := Mean([]float64{1, 2, 3, 4, 5})
	if got.Center != 3 || got.Bounded() || !math.IsInf(got.Lo, -1) || !math.IsInf(got.Hi, 1) || len(got.Warnings) != 1 {
		t.Errorf("got %+v, want 3, unbounded, with a warning", got)
	}
	ratio := Ratio([]float64{2, 2}, []float64{1, 1})
	if !near(ratio.Center, 2) || ratio.Lo != 0 || !math.IsInf(ratio.Hi, 1) || ratio.Excludes(1) {
		t.Errorf("got %+v, want 2 in [0, +Inf]", ratio)
	}
	if none := Mean(nil); !math.IsNaN(none.Center) || none.Bounded() || none.Rounds != 0 {
		t.Errorf("no rounds: got %+v, want NaN, unbounded", none)
	}
}

// Pairing by round takes out what both cells suffer from.
func TestRatioIsPaired(t *testing.T) {
	var ref, cell []float64
	for r := range 10 {
		slow := 1 + float64(r%2) // a machine with two speeds
		ref = append(ref, 100*slow)
		cell = append(cell, 150*slow*math.Exp(0.001*float64(r%3-1)))
	}
	got := Ratio(cell, ref)
	if got.Rounds != 10 || got.Lo < 1.498 || got.Hi > 1.502 || got.Excludes(1.5*math.Exp(-0.0001)) {
		t.Errorf("got %+v, want 1.5 within 0.1 %%", got)
	}
	if got := Ratio(cell, ref[:7]); got.Rounds != 7 {
		t.Errorf("got %d rounds, want the 7 that both have", got.Rounds)
	}
}

// Nineteen in twenty intervals hold the truth.
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	const runs = 4000
	held := 0
	for range runs {
		var cell, ref []float64
		for range 10 {
			machine := math.Exp(0.3 * rng.NormFloat64())
			ref = append(ref, 100*machine*math.Exp(0.02*rng.NormFloat64()))
			cell = append(cell, 130*machine*math.Exp(0.02*rng.NormFloat64()))
		}
		if !Ratio(cell, ref).Excludes(1.3) {
			held++
		}
	}
	if share := float64(held) / runs; share < 0.94 || share > 0.96 {
		t.Errorf("the interval held the truth in %.1f %% of runs, want 95 %%", 100*share)
	}
}

func TestResolution(t *testing.T) {
	ref := []float64{100, 100, 100, 100, 100, 100, 100, 100}
	for _, tt := range []struct {
		name   string
		twin   []float64
		spread float64 // about
		warns  bool
	}{
		{"equal", ref, 0, false},
		{"scatter", []float64{98, 102, 99, 101, 97, 103, 100, 100}, 0.017, false},
		{"differs", []float64{105, 106, 104, 105, 106, 104, 105, 105}, 0.057, true},
		{"differs below", []float64{95, 94, 96, 95, 94, 96, 95, 95}, 0.059, true},
	} {
		got := Resolution(tt.twin, ref)
		if math.Abs(got.Spread()-tt.spread) > 0.001 {
			t.Errorf("%s: got a spread of %.4f, want %.3f", tt.name, got.Spread(), tt.spread)
		}
		if warned := len(got.Warnings) > 0; warned != tt.warns {
			t.Errorf("%s: got warnings %v, want any: %v", tt.name, got.Warnings, tt.warns)
		}
	}
	got := Resolution([]float64{1, 2}, []float64{1, 2})
	if !math.IsInf(got.Spread(), 1) || len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0].Error(), "2 rounds") {
		t.Errorf("two rounds: got %+v, want an endless spread", got)
	}
}
