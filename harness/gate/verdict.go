package gate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/results"
)

// A Layer is a kind of evidence.
type Layer string

// The layers, cheap and exact first.
const (
	Exact        Layer = "exact"
	Instructions Layer = "instructions"
	Time         Layer = "time"
)

// A Verdict is what the gate says of a change. Its fields are the JSON that is printed.
type Verdict struct {
	Outcome  Outcome `json:"outcome"`
	Exit     int     `json:"exit"` // the status with which the program ends
	Base     string  `json:"base"` // a revision, or a file
	Head     string  `json:"head"`
	SameCode bool    `json:"same-code,omitempty"` // nothing was run: both sides are the same program
	// Equal is the number of exact values that are the same on both sides and have no row.
	Equal int        `json:"exact-equal"`
	Rows  []Row      `json:"rows"`
	Self  *SelfCheck `json:"self-check,omitempty"`
	// Schema is what a schema costs, of gate --schema.
	Schema   *SchemaChange `json:"schema,omitempty"`
	Notes    []string      `json:"notes,omitempty"`    // what was not measured, and why
	Warnings []string      `json:"warnings,omitempty"` // fail under --strict
	Refused  []string      `json:"refused,omitempty"`  // not comparable
	Command  string        `json:"reproduce,omitempty"`
}

// A Row is one unit of one cell.
type Row struct {
	Package string  `json:"package,omitempty"`
	Cell    string  `json:"cell"`
	Layer   Layer   `json:"layer"`
	Unit    string  `json:"unit"`
	Base    float64 `json:"base"`
	Head    float64 `json:"head"`
	Outcome Outcome `json:"outcome"`
	Why     string  `json:"why,omitempty"`
	Timing  *Timing `json:"timing,omitempty"` // of layer time
	Fail    string  `json:"fail-at"`
	Warn    string  `json:"warn-at"`
	// Notes are what limits the row: "contention not seen".
	Notes []string `json:"notes,omitempty"`
}

// Exit statuses of a verdict. Of several, 1 wins, then 2, 4, 3.
const (
	ExitOK           = 0
	ExitError        = 1
	ExitRegression   = 2
	ExitStrict       = 3
	ExitInconclusive = 4
)

// A Judge makes a Verdict, row by row.
type Judge struct {
	Policy  *Policy
	Cells   int // of which times are judged
	Verdict Verdict
}

// NewJudge returns a judge by a policy; nil is the default one.
func NewJudge(p *Policy) *Judge {
	if p == nil {
		p = &Policy{}
	}
	return &Judge{Policy: p, Verdict: Verdict{Rows: []Row{}}}
}

// Exact judges a unit of which each side has one exact value. Values that are equal have no row.
func (j *Judge) Exact(pkg string, cell results.Cell, unit string, base, head float64) *Row {
	layer := Exact
	if unit == results.UnitInstr {
		layer = Instructions
	}
	if base == head {
		j.Verdict.Equal++
		return nil
	}
	rule, judged := j.Policy.rule(pkg, cell, unit)
	row := Row{Package: pkg, Cell: cell.Name(), Layer: layer, Unit: unit, Base: base, Head: head,
		Fail: rule.Fail.String(), Warn: rule.Warn.String()}
	switch {
	case !judged:
		row.Outcome = Shown
	case rule.Fail.exceeded(base, head):
		row.Outcome = Regression
	case rule.Warn.exceeded(base, head):
		row.Outcome = Warning
	case head < base:
		row.Outcome = Improved
	default:
		row.Outcome = OK
	}
	return j.add(row, cell)
}

// Shown adds a row that is not judged.
func (j *Judge) Shown(pkg string, cell results.Cell, unit string, base, head float64, why string) *Row {
	return j.add(Row{Package: pkg, Cell: cell.Name(), Layer: Exact, Unit: unit, Base: base, Head: head, Outcome: Shown, Why: why}, cell)
}

// IfAsked judges a unit where a line of the policy names it, and leaves it out otherwise.
func (j *Judge) IfAsked(pkg string, cell results.Cell, unit string, base, head float64) {
	if j.asked(pkg, cell, unit) {
		j.Exact(pkg, cell, unit, base, head)
	}
}

// asked reports whether a line of the policy names a unit of a cell.
func (j *Judge) asked(pkg string, cell results.Cell, unit string) bool {
	return slices.ContainsFunc(j.Policy.Rules, func(r Rule) bool { return r.Unit == unit && r.Filter.Match(pkg, cell) })
}

// Because says why a row is what it is, unless the policy did.
func (j *Judge) Because(r *Row, why string) {
	if r != nil && r.Why == "" {
		r.Why = why
	}
}

// Metric judges a unit that a benchmark made up, where a line of the policy names it, and shows it otherwise: it is printed to
// four digits, and nobody knows whether more is worse.
func (j *Judge) Metric(pkg string, cell results.Cell, unit string, base, head float64) *Row {
	if j.asked(pkg, cell, unit) {
		return j.Exact(pkg, cell, unit, base, head)
	}
	return j.Shown(pkg, cell, unit, base, head, "")
}

// Time judges the logarithms of head's over base's CPU time, one of each pair. base and head are ns of an operation.
func (j *Judge) Time(pkg string, cell results.Cell, u []float64, base, head float64) *Row {
	rule, _ := j.Policy.rule(pkg, cell, results.UnitCPU)
	t := Decide(u, rule.Fail.limit(), rule.Warn.limit(), j.Cells)
	return j.add(Row{Package: pkg, Cell: cell.Name(), Layer: Time, Unit: results.UnitCPU, Base: base, Head: head, Outcome: t.Outcome,
		Timing: &t, Fail: rule.Fail.String(), Warn: rule.Warn.String()}, cell)
}

// add adds a row, after asking whether its change is accepted.
func (j *Judge) add(r Row, cell results.Cell) *Row {
	if r.Outcome == Regression || r.Outcome == Warning {
		if why, ok := j.Policy.accepted(r.Package, cell, r.Unit); ok {
			r.Outcome, r.Why = Accepted, why
		}
	}
	j.Verdict.Rows = append(j.Verdict.Rows, r)
	return &j.Verdict.Rows[len(j.Verdict.Rows)-1]
}

// Warn adds a warning that concerns no row: a cell that is gone or new.
func (j *Judge) Warn(format string, args ...any) {
	j.Verdict.Warnings = append(j.Verdict.Warnings, fmt.Sprintf(format, args...))
}

// mostNamed is how many cells of one benchmark are named before a warning says how many there are.
const mostNamed = 4

// OneSided warns of cells that the other side lacks. Many of one benchmark are one warning: a new scheme of names concerns all.
func (j *Judge) OneSided(where, pkg string, cells []results.Cell) {
	var tops []string
	of := map[string][]string{}
	for _, c := range cells {
		top, _, _ := strings.Cut(c.Name(), "/")
		if of[top] == nil {
			tops = append(tops, top)
		}
		of[top] = append(of[top], comparison.Label(pkg, c.Name()))
	}
	for _, top := range tops {
		if labels := of[top]; len(labels) > mostNamed {
			j.Warn("only in %s: %d of %s, such as %s", where, len(labels), comparison.Label(pkg, top), labels[0])
			continue
		}
		for _, label := range of[top] {
			j.Warn("only in %s: %s", where, label)
		}
	}
}

// Note adds what is good to know.
func (j *Judge) Note(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(j.Verdict.Notes, s) {
		j.Verdict.Notes = append(j.Verdict.Notes, s)
	}
}

// Refuse adds a reason for which something could not be compared.
func (j *Judge) Refuse(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(j.Verdict.Refused, s) {
		j.Verdict.Refused = append(j.Verdict.Refused, s)
	}
}

// Close returns the verdict with its outcome and exit status. Of several, a failure wins, then a regression, then what is not
// known, then a warning.
func (j *Judge) Close() *Verdict {
	v := &j.Verdict
	has := func(o Outcome) bool { return slices.ContainsFunc(v.Rows, func(r Row) bool { return r.Outcome == o }) }
	warned := has(Warning) || len(v.Warnings) > 0
	switch {
	case has(Failed):
		v.Outcome, v.Exit = Failed, ExitError
	case has(Regression):
		v.Outcome, v.Exit = Regression, ExitRegression
	case has(Inconclusive) || len(v.Refused) > 0 || v.Self != nil && !v.Self.OK:
		v.Outcome, v.Exit = Inconclusive, ExitInconclusive
	case warned && j.Policy.Strict:
		v.Outcome, v.Exit = Warning, ExitStrict
	case warned:
		v.Outcome = Warning
	default:
		v.Outcome = OK
	}
	return v
}

// Files judges the exact units of a file of results against another. Times are never compared with a stored number.
func (j *Judge) Files(base, head *comparison.Side) error {
	j.Verdict.Base, j.Verdict.Head = base.Name, head.Name
	seen := false
	for _, b := range base.Files {
		h := head.Of(comparison.Package(b))
		if h == nil {
			j.OneSided(base.Name, comparison.Package(b), b.Cells())
			continue
		}
		seen = j.file(base.Name, head.Name, b, h) || seen
	}
	for _, h := range head.Files {
		if base.Of(comparison.Package(h)) == nil {
			j.OneSided(head.Name, comparison.Package(h), h.Cells())
		}
	}
	if !seen {
		return fmt.Errorf("%w: %s and %s have no benchmark in common", comparison.ErrEmpty, base.Name, head.Name)
	}
	return nil
}

// file judges one package, and reports whether there is a cell that both have.
func (j *Judge) file(baseName, headName string, base, head *results.File) bool {
	diffs := comparison.Differences(base, head)
	cells := comparison.Match(base, head)
	j.OneSided(baseName, comparison.Package(base), cells.OnlyOld)
	j.OneSided(headName, comparison.Package(head), cells.OnlyNew)
	x, y := comparison.ByCell(base), comparison.ByCell(head)
	for _, c := range cells.Shared {
		for _, unit := range comparison.Units(x[c], y[c]) {
			j.stored(diffs, comparison.Package(base), c, unit, comparison.Values(x[c], unit), comparison.Values(y[c], unit))
		}
	}
	for _, f := range head.Failures {
		if _, before := base.Failed(f.Cell); f.Kind == results.Failed && !before {
			j.add(Row{Package: comparison.Package(head), Cell: f.Cell.Name(), Layer: Exact, Outcome: Failed, Why: f.Reason}, f.Cell)
		}
	}
	return len(cells.Shared) > 0
}

// stored judges one unit of one cell of two files, of which x and y have the values.
func (j *Judge) stored(diffs []comparison.Difference, pkg string, c results.Cell, unit string, x, y []float64) {
	class := comparison.ClassOf(unit)
	if class == comparison.Times || c.IsTwin() {
		return
	}
	if i := slices.IndexFunc(diffs, func(d comparison.Difference) bool { return d.About(c, class) }); i >= 0 {
		j.Refuse("%s: %s are not compared", diffs[i], class)
		return
	}
	switch {
	case unit == results.UnitInstr, unit == results.UnitBytes && c.Foreign != "":
		j.Exact(pkg, c, unit, slices.Min(x), slices.Min(y))
	case comparison.Exact(c, unit, x) && comparison.Exact(c, unit, y):
		row := j.Exact(pkg, c, unit, x[0], y[0])
		if row != nil && row.Outcome == Improved {
			j.Warn("%s: %s is better than in %s: store it", comparison.Label(pkg, c.Name()), unit, j.Verdict.Base)
		}
	case slices.Max(x) != slices.Max(y):
		j.Shown(pkg, c, unit, slices.Max(x), slices.Max(y), "not exact in this benchmark")
	}
}
