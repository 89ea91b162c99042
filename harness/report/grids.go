package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// goTime marks every time of Flink's formats: it is that of the Go implementation.
const goTime = " (Go)"

// mark is what stands behind each time of r, and behind each ratio of times.
func (r Row) mark() string {
	if r.Group == results.GroupFlink {
		return goTime
	}
	return ""
}

// costs is the table of the codecs in rows.
func (t *Table) costs(rows []Row) *grid {
	g := &grid{left: 2}
	head := []string{"", "codec", "B/record", "× " + t.Ref}
	for _, op := range t.Ops {
		head = append(head, op, "× "+t.Ref, "allocs", "B")
	}
	if t.Exchange != nil {
		head = append(head, "one more keyBy")
	}
	g.add(head...)
	for _, r := range rows {
		g.add(t.costRow(r)...)
	}
	return g
}

func (t *Table) costRow(r Row) []string {
	mark := r.mark()
	cells := []string{place1(r), r.Codec + lossMark(r), known("%.1f", r.Size), "-"}
	if r.SizeRatio > 0 {
		cells[3] = fmt.Sprintf("%.2f", r.SizeRatio)
	}
	for _, op := range t.Ops {
		cells = append(cells, opCells(r, op, mark)...)
	}
	switch {
	case t.Exchange == nil:
	case r.Keyby == nil:
		cells = append(cells, "-")
	default:
		cells = append(cells, r.Keyby.Each.text(nanos)+mark)
	}
	return cells
}

// place1 is the first cell of a row: its rank, the best one marked, a shared one with "=".
func place1(r Row) string {
	switch {
	case r.Group == results.GroupFloor:
		return "floor"
	case r.Rank == 0:
		return ""
	}
	s := fmt.Sprint(r.Rank)
	if r.Tied {
		s += "="
	}
	if r.Rank == 1 {
		s += " best"
	}
	return s
}

func lossMark(r Row) string {
	if len(r.Loses) > 0 {
		return " *"
	}
	return ""
}

func opCells(r Row, op, mark string) []string {
	for _, c := range r.Ops {
		if c.Op != op {
			continue
		}
		return []string{nanos(c.CPU.Center) + mark, c.ratio(mark), exactly(c.Allocs), exactly(c.Bytes)}
	}
	return []string{"-", "-", "-", "-"}
}

// ratio is c's ratio to the reference with its interval, and mark behind it; "~" says that the two were not told apart.
func (c Cost) ratio(mark string) string {
	if c.Ratio.Center == 0 {
		return "-"
	}
	s := fmt.Sprintf("%.2f", c.Ratio.Center)
	if c.Tie {
		s = "~" + s
	}
	if c.Ratio.Center == 1 && c.Ratio.Lo != nil && *c.Ratio.Lo == 1 {
		return s + mark
	}
	return withHalf(s, c.Ratio) + mark
}

func exactly(v *float64) string { return known("%.0f", v) }

func known(format string, v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf(format, *v)
}

// prices is the table of what one more keyBy costs with the codecs in rows, all of Flink's formats or none: two codecs
// whose times are of different runtimes never stand in one table.
func (t *Table) prices(rows []Row) *grid {
	g := &grid{left: 1}
	head := []string{"codec", "one more keyBy", strings.Join(t.Exchange.parts(), " + "), "transport", "wire B/record"}
	if hasCores(rows) {
		head = append(head, "cores")
	}
	g.add(head...)
	for _, r := range rows {
		if r.Keyby != nil {
			g.add(priceRow(r, len(head))...)
		}
	}
	return g
}

func priceRow(r Row, n int) []string {
	mark := r.mark()
	price := withHalf(nanos(r.Keyby.CPU.Center), r.Keyby.CPU) + mark
	if !r.Keyby.Linear {
		price = "not linear: " + steps(r.Keyby.Steps, mark)
	}
	accounted, transport, cores := "-", "-", "-"
	if r.Keyby.Accounted != nil {
		accounted, transport = nanos(*r.Keyby.Accounted)+mark, r.Keyby.Transport.text(nanos)+mark
	}
	if r.Keyby.Cores != nil {
		cores = r.Keyby.Cores.text(short)
	}
	return []string{r.Codec, price, accounted, transport, fmt.Sprintf("%.1f", r.Keyby.Wire), cores}[:n]
}

// steps lists what N keyBys cost, for an exchange whose price has no single number.
func steps(steps []Step, mark string) string {
	var parts []string
	for _, s := range steps {
		parts = append(parts, fmt.Sprintf("%d: %s", s.Keybys, nanos(s.CPU.Center)+mark))
	}
	return strings.Join(parts, ", ")
}

// hasPrices reports whether prices has a row for any of rows.
func hasPrices(rows []Row) bool {
	return slices.ContainsFunc(rows, func(r Row) bool { return r.Keyby != nil })
}

func hasCores(rows []Row) bool {
	for _, r := range rows {
		if r.Keyby != nil && r.Keyby.Cores != nil {
			return true
		}
	}
	return false
}
