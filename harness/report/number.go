package report

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// short writes v to three significant digits.
func short(v float64) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	return strconv.FormatFloat(v, 'f', min(digits, 6), 64)
}

// nanos writes a time given in ns with the unit that suits it.
func nanos(ns float64) string {
	switch a := math.Abs(ns); {
	case a >= 1e9:
		return short(ns/1e9) + " s"
	case a >= 1e6:
		return short(ns/1e6) + " ms"
	case a >= 1e4:
		return short(ns/1e3) + " µs"
	}
	return short(ns) + " ns"
}

func bytesOf(b float64) string { return short(b) + " B" }

// percent writes a share, such as 0.021, as "2.1 %".
func percent(share float64) string {
	return strconv.FormatFloat(100*share, 'f', 1, 64) + " %"
}

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

// A grid is a table before it is text: the first row is the head.
type grid struct {
	left int // columns from the left that are aligned left; the others are aligned right
	rows [][]string
}

func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// widths returns the width of each column, in characters.
func (g *grid) widths() []int {
	w := make([]int, len(g.rows[0]))
	for _, row := range g.rows {
		for i, cell := range row {
			w[i] = max(w[i], utf8.RuneCountInString(cell))
		}
	}
	return w
}

// pad returns cell i of a row, padded to its column's width.
func (g *grid) pad(cell string, i, width int) string {
	fill := strings.Repeat(" ", width-utf8.RuneCountInString(cell))
	if i < g.left {
		return cell + fill
	}
	return fill + cell
}
