package report

import (
	"math"
	"strconv"
	"strings"
)

// finite reports whether v is a number that can be shown.
func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// short writes v to three significant digits, with an exponent where that would be long.
func short(v float64) string {
	switch a := math.Abs(v); {
	case v == 0 || !finite(v):
		return strconv.FormatFloat(v, 'g', -1, 64)
	case a < 1e-5 || a >= 1e7:
		return strconv.FormatFloat(v, 'e', 2, 64)
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	return strconv.FormatFloat(v, 'f', min(digits, 6), 64)
}

// tenths writes v with one digit behind the point, as means of bytes are shown.
func tenths(v float64) string {
	if math.Abs(v) >= 1e7 {
		return short(v)
	}
	return strconv.FormatFloat(v, 'f', 1, 64)
}

// whole writes v without digits behind the point.
func whole(v float64) string {
	if math.Abs(v) >= 1e15 {
		return short(v)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

// factor writes a ratio.
func factor(v float64) string {
	if math.Abs(v) >= 1e5 {
		return short(v)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// A unit is one of time.
type unit struct {
	name string
	ns   float64
}

var nanosecond = unit{"ns", 1}

// unitOf returns the unit in which the smallest of some times given in ns is not below 10, if there is one, and above ns
// only for times that would have five digits.
func unitOf(times ...float64) unit {
	least := math.Inf(1)
	for _, ns := range times {
		if a := math.Abs(ns); a > 0 {
			least = min(least, a)
		}
	}
	switch {
	case !finite(least) || least < 1e4:
		return nanosecond
	case least < 1e7:
		return unit{"µs", 1e3}
	case least < 1e10:
		return unit{"ms", 1e6}
	}
	return unit{"s", 1e9}
}

// number writes a time given in ns, without the unit.
func (u unit) number(ns float64) string { return short(ns / u.ns) }

// nanos writes a time given in ns with the unit that suits it.
func nanos(ns float64) string {
	u := unitOf(ns)
	return u.number(ns) + " " + u.name
}

func bytesOf(b float64) string { return short(b) + " B" }

// percent writes a share, such as 0.021, as "2.1 %".
func percent(share float64) string { return tenths(100*share) + " %" }

// text writes r with the units of write, once if both ends read the same.
func (r Range) text(write func(float64) string) string {
	lo, hi := write(r.Lo), write(r.Hi)
	if lo == hi {
		return lo
	}
	number, unit, _ := strings.Cut(lo, " ")
	if _, u, _ := strings.Cut(hi, " "); u == unit {
		lo = number
	}
	return lo + " to " + hi
}

// withHalf appends the half width of an interval to s.
func withHalf(s string, e Estimate) string {
	if h, ok := e.half(); ok {
		return s + " ±" + percent(h)
	}
	return s
}
