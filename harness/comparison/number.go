package comparison

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// Number writes a value of a unit: exact ones to the last digit that tells, times to three.
func Number(v float64, unit string) string {
	if unit == results.UnitInstr {
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	if ClassOf(unit) != Times || !strings.HasSuffix(unit, "ns/op") {
		return strconv.FormatFloat(round(v, 6), 'f', -1, 64)
	}
	for _, u := range []struct {
		name     string
		ns, from float64
	}{{"s", 1e9, 1e9}, {"ms", 1e6, 1e6}, {"µs", 1e3, 1e4}} {
		if v >= u.from {
			return digits(v/u.ns) + " " + u.name
		}
	}
	return digits(v) + " ns"
}

// Step writes what came to a value: "+1 (+0.6 %)".
func Step(old, new float64, unit string) string {
	places := 6
	if unit == results.UnitInstr {
		places = 1
	}
	s := signed(round(new-old, places))
	if share := round(100*(new-old)/old, 2); old != 0 && share != 0 {
		s += fmt.Sprintf(" (%s %%)", signed(share))
	}
	return s
}

// String writes the factor as a share with half the width of its interval: "+1.2 % ±3.4 %".
func (c Change) String() string {
	return fmt.Sprintf("%+.1f %% ±%.1f %%", 100*(c.Factor-1), 50*(c.Hi-c.Lo))
}

// unitName is a unit as tables have it.
func unitName(unit string) string {
	if unit == results.UnitCPU {
		return "CPU"
	}
	return unit
}

func signed(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if v > 0 {
		s = "+" + s
	}
	return s
}

// round returns v with at most so many digits behind the point.
func round(v float64, places int) float64 {
	p := math.Pow(10, float64(places))
	if math.Abs(v) > 1e9 {
		return v
	}
	return math.Round(v*p) / p
}

// digits writes v to three significant digits.
func digits(v float64) string {
	if v == 0 {
		return "0"
	}
	n := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	return strconv.FormatFloat(v, 'f', min(n, 4), 64)
}
