package gate

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/grid"
	"github.com/wirecost/wirecost/internal/plural"
)

// Text writes v for a terminal or a log.
func (v *Verdict) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", v.Headline())
	if g := v.grid(v.telling()); len(g.Rows) > 1 {
		fmt.Fprintf(&b, "\n%s", g.Text())
	}
	if g := v.grid(v.quiet()); len(g.Rows) > 1 {
		fmt.Fprintf(&b, "\nNo change seen\n\n%s", g.Text())
	}
	for _, t := range v.Schema.tables() {
		fmt.Fprintf(&b, "\n%s\n\n%s", t.title, t.grid.Text())
	}
	for i, line := range v.lines() {
		if i == 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n", line)
	}
	_, err := io.WriteString(w, escape.Text(b.String()))
	return err
}

// Headline is the verdict in one line.
func (v *Verdict) Headline() string {
	if v.SameCode {
		return fmt.Sprintf("gate: ok: same code: %s and %s link to the same program, so nothing was run", v.Base, v.Head)
	}
	n := map[Outcome]int{}
	for _, r := range v.Rows {
		n[r.Outcome]++
	}
	n[Warning] += len(v.Warnings)
	var parts []string
	for _, o := range []Outcome{Failed, Regression, Inconclusive, Warning, Accepted, Improved, OK} {
		switch {
		case n[o] == 0:
		case o == Regression || o == Warning:
			parts = append(parts, plural.Count(n[o], string(o)))
		default:
			parts = append(parts, fmt.Sprint(n[o], " ", o))
		}
	}
	if v.Equal > 0 {
		parts = append(parts, plural.Count(v.Equal, "exact value")+" equal")
	}
	if len(v.Refused) > 0 {
		parts = append(parts, "not comparable: "+v.Refused[0])
	}
	if v.Self != nil && !v.Self.OK {
		parts = append(parts, "this machine cannot be measured now")
	}
	return fmt.Sprintf("gate: %s: %s against %s: %s", v.Outcome, v.Head, v.Base, strings.Join(parts, ", "))
}

// telling are the rows that say something, worst first.
func (v *Verdict) telling() []Row {
	var rows []Row
	for _, o := range []Outcome{Failed, Regression, Inconclusive, Warning, Accepted, Improved, Shown} {
		for _, r := range v.Rows {
			if r.Outcome == o {
				rows = append(rows, r)
			}
		}
	}
	return rows
}

// quiet are the others.
func (v *Verdict) quiet() []Row {
	var rows []Row
	for _, r := range v.Rows {
		if r.Outcome == OK {
			rows = append(rows, r)
		}
	}
	return rows
}

func (v *Verdict) grid(rows []Row) *grid.Grid {
	g := &grid.Grid{Left: 3}
	g.Add("verdict", "benchmark", "unit", "base", "head", "change", "fails at", "would have seen")
	for _, r := range rows {
		g.Add(string(r.Outcome), r.label(), r.Unit, comparison.Number(r.Base, r.Unit), comparison.Number(r.Head, r.Unit), r.change(), r.limit(), r.seen())
	}
	return g
}

// label is the benchmark with what limits its row.
func (r Row) label() string {
	s := comparison.Label(r.Package, r.Cell)
	for _, n := range r.Notes {
		s += " (" + n + ")"
	}
	if r.Why != "" {
		s += ": " + r.Why
	}
	return s
}

// change is what came to a value, with an interval if it has one.
func (r Row) change() string {
	if r.Timing == nil {
		return comparison.Step(r.Base, r.Head, r.Unit)
	}
	if r.Timing.Pairs < 2 {
		return "no interval"
	}
	return fmt.Sprintf("%+.1f %% [%+.1f, %+.1f]", 100*(r.Timing.Factor-1), 100*(r.Timing.Lo-1), 100*(r.Timing.Hi-1))
}

func (r Row) limit() string {
	switch {
	case r.Fail == "" || r.Fail == "-":
		return "-"
	case strings.HasSuffix(r.Fail, "%"):
		return "+" + strings.TrimSuffix(r.Fail, "%") + " %"
	}
	return "+" + r.Fail
}

// seen is the slowdown that the row would have shown.
func (r Row) seen() string {
	if r.Timing == nil || r.Timing.Detectable >= math.MaxFloat64 {
		return ""
	}
	return fmt.Sprintf("+%.1f %% (%d pairs)", 100*r.Timing.Detectable, r.Timing.Pairs)
}

// lines are what stands behind the tables.
func (v *Verdict) lines() []string {
	var out []string
	for _, w := range v.Warnings {
		out = append(out, "warning: "+w)
	}
	for _, r := range v.Refused {
		out = append(out, "not comparable: "+r)
	}
	if s := v.Self; s != nil {
		out = append(out, s.line())
	}
	out = append(out, v.Schema.lines()...)
	out = append(out, v.Notes...)
	if v.hasTimes() {
		out = append(out, "Time is CPU time, of pairs that ran at once on one core. [] is where the change lies with 98 % confidence; only its lower end fails.")
	}
	if v.Command != "" {
		out = append(out, "reproduce: "+v.Command)
	}
	return out
}

func (v *Verdict) hasTimes() bool {
	for _, r := range v.Rows {
		if r.Unit == results.UnitCPU {
			return true
		}
	}
	return false
}

// line says what the base against itself showed.
func (s *SelfCheck) line() string {
	text := fmt.Sprintf("base against itself, %s of other links: %+.2f %% [%+.2f, %+.2f]", plural.Count(s.Pairs, "pair"),
		100*(s.Factor-1), 100*(s.Lo-1), 100*(s.Hi-1))
	if !s.OK {
		text += ": this machine sees a difference where there is none. wirecost doctor says what helps; another run may do"
	}
	return text
}
