package comparison

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/internal/grid"
	"github.com/wirecost/wirecost/internal/plural"
)

// Text writes c for a terminal or a log.
func (c *Comparison) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", c.headline())
	for _, n := range c.warnings() {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	for _, s := range c.sections() {
		fmt.Fprintf(&b, "\n%s\n\n%s", s.head, s.table.Text())
	}
	for i, n := range c.closing() {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", n)
	}
	_, err := io.WriteString(w, escape.Text(b.String()))
	return err
}

// Markdown writes c for a comment on a change.
func (c *Comparison) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", escape.Markdown(c.headline()))
	for _, n := range c.warnings() {
		fmt.Fprintf(&b, "> %s\n\n", escape.Markdown(n))
	}
	for _, s := range c.sections() {
		fmt.Fprintf(&b, "%s\n\n%s\n", escape.Markdown(s.head), s.table.Markdown(escape.Markdown))
	}
	for _, n := range c.closing() {
		fmt.Fprintf(&b, "- %s\n", escape.Markdown(n))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// headline is the answer in one line.
func (c *Comparison) headline() string {
	n := map[Verdict]int{}
	for _, r := range c.Rows {
		n[r.Verdict]++
	}
	parts := []string{fmt.Sprintf("%s equal", plural.Count(c.Equal, "exact value"))}
	for _, v := range []Verdict{Larger, Smaller, Slower, Faster, Same, NotComparable} {
		if n[v] > 0 {
			parts = append(parts, fmt.Sprint(n[v], " ", v))
		}
	}
	return fmt.Sprintf("%s and %s: %s", c.Old, c.New, strings.Join(parts, ", "))
}

// warnings are what is to be read before any number.
func (c *Comparison) warnings() []string {
	var out []string
	for _, r := range c.Refused {
		out = append(out, fmt.Sprintf("NOT COMPARABLE: %s: %s from %s on not compared", r.Difference, plural.Count(r.Values, "value"), r.Refuses))
	}
	return append(out, c.Notes...)
}

// A section is a table with its heading.
type section struct {
	head  string
	table *grid.Grid
}

func (c *Comparison) sections() []section {
	var out []section
	for _, s := range []struct {
		head string
		of   func(Row) bool
		grid func([]Row) *grid.Grid
	}{
		{"Exact units that changed", func(r Row) bool { return r.Verdict == Larger || r.Verdict == Smaller }, c.exactGrid},
		{fmt.Sprintf("Time against %s of the same run; raw times are of different hours and not judged", c.Ref), Row.judged, c.ratioGrid},
		{"Shown, not judged", func(r Row) bool {
			return r.Verdict == Shown && (r.Old != r.New || ClassOf(r.Unit) == Times) && !r.judged()
		}, c.exactGrid},
	} {
		var rows []Row
		for _, r := range c.Rows {
			if s.of(r) {
				rows = append(rows, r)
			}
		}
		if len(rows) > 0 {
			out = append(out, section{s.head, s.grid(rows)})
		}
	}
	return out
}

// judged reports whether r has a ratio to a reference.
func (r Row) judged() bool { return r.OldRatio != 0 }

func (c *Comparison) exactGrid(rows []Row) *grid.Grid {
	g := &grid.Grid{Left: 3}
	g.Add("verdict", "cell", "unit", "old", "new", "change")
	for _, r := range rows {
		verdict := string(r.Verdict)
		if r.Verdict == Shown {
			verdict = cmp.Or(strings.Join(r.Why, "; "), "-")
		}
		step := Step(r.Old, r.New, r.Unit)
		if ClassOf(r.Unit) == Times {
			step = "" // of other hours
		}
		g.Add(verdict, r.name(), r.Unit, Number(r.Old, r.Unit), Number(r.New, r.Unit), step)
	}
	return g
}

func (c *Comparison) ratioGrid(rows []Row) *grid.Grid {
	g := &grid.Grid{Left: 2}
	g.Add("verdict", "cell", "old "+unitName(rows[0].Unit), "new "+unitName(rows[0].Unit), "old × "+c.Ref, "new × "+c.Ref, "change")
	for _, r := range rows {
		change, verdict := "", string(r.Verdict)
		if r.Change != nil {
			change = r.Change.String()
		} else {
			verdict = strings.Join(r.Why, "; ")
		}
		g.Add(verdict, r.name(), Number(r.Old, r.Unit), Number(r.New, r.Unit), digits(r.OldRatio), digits(r.NewRatio), change)
	}
	return g
}

// name is the cell as tables have it.
func (r Row) name() string { return Label(r.Package, r.Cell) }

// closing are the lines behind the tables.
func (c *Comparison) closing() []string {
	var out []string
	for _, r := range c.Against {
		out = append(out, fmt.Sprintf("%s against itself: %s", strings.TrimPrefix(r.Cell, "Benchmark"), r.Change))
	}
	if c.Ref != "" {
		out = append(out, "± is a 99 % interval. Where one binary was measured, ratios that differ by less than 10 % are no change: its layout of code alone may make it.")
	}
	for _, side := range []struct {
		name  string
		cells []string
	}{{c.Old, c.OnlyOld}, {c.New, c.OnlyNew}} {
		if len(side.cells) > 0 {
			out = append(out, fmt.Sprintf("only in %s: %s", side.name, listed(side.cells)))
		}
	}
	return out
}

// listed names the first few.
func listed(names []string) string {
	const most = 10
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
