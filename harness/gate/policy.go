package gate

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchproc"
)

// PolicyFile is where a repository keeps its policy.
const PolicyFile = "wirecost.gate"

// A Policy says by how much each unit may grow. The zero Policy is the default.
type Policy struct {
	Rules   []Rule   // the last that matches counts; where none does, the default
	Accepts []Accept // changes that are as they should be
	Strict  bool     // warnings fail
}

// A Rule is a line of a policy.
type Rule struct {
	Unit       string
	Fail, Warn Amount
	Filter     Filter
}

// An Accept is a line that accepts what a rule would not.
type Accept struct {
	Unit   string
	Filter Filter
	Reason string
}

// An Amount is by how much a unit may grow.
type Amount struct {
	Value float64 // in the unit, or a share
	Share bool
	Never bool // there is no limit
}

// exceeded reports whether a value has grown beyond the amount.
func (a Amount) exceeded(old, new float64) bool {
	switch {
	case a.Never:
		return false
	case a.Share:
		return new > old*(1+a.Value)*(1+1e-12)
	}
	return new-old > a.Value*(1+1e-12)
}

// limit returns a share as a Limit.
func (a Amount) limit() Limit {
	if a.Never {
		return Never
	}
	return Limit(a.Value)
}

// String returns the amount as a policy has it.
func (a Amount) String() string {
	switch {
	case a.Never:
		return "-"
	case a.Share:
		return strconv.FormatFloat(100*a.Value, 'f', -1, 64) + "%"
	}
	return strconv.FormatFloat(a.Value, 'f', -1, 64)
}

// A Filter chooses cells, in the language of benchstat: "/codec:avro", ".name:Codec", "*".
type Filter struct {
	text  string
	match *benchproc.Filter
}

// ParseFilter compiles a filter.
func ParseFilter(text string) (Filter, error) {
	f, err := benchproc.NewFilter(text)
	if err != nil {
		return Filter{}, fmt.Errorf("filter %q: %s", text, results.OneLine(err.Error()))
	}
	return Filter{text, f}, nil
}

// Match reports whether f chooses a cell of a package.
func (f Filter) Match(pkg string, cell results.Cell) bool {
	if f.match == nil {
		return true
	}
	r := &benchfmt.Result{Name: benchfmt.Name(strings.TrimPrefix(cell.Name(), "Benchmark")), Iters: 1, Values: []benchfmt.Value{{Value: 1, Unit: "x"}}}
	r.SetConfig("pkg", pkg)
	ok, err := f.match.Apply(r)
	return ok && err == nil
}

// The rules that hold where a policy says nothing.
var (
	zero    = Amount{}
	never   = Amount{Never: true}
	onePer  = Amount{Value: 0.01, Share: true}
	twoPer  = Amount{Value: 0.02, Share: true}
	shownBy = Rule{Fail: never, Warn: never}
)

// defaultRule returns the rule of a unit that no line is about.
func defaultRule(unit string, cell results.Cell) (Rule, bool) {
	switch unit {
	case results.UnitSet, results.UnitWire, results.UnitAllocs, results.UnitSize:
		return Rule{Unit: unit, Fail: zero, Warn: zero}, true
	case results.UnitBytes:
		if cell.Foreign == "" && !cell.IsExchange() {
			return Rule{Unit: unit, Fail: zero, Warn: zero}, true
		}
		return Rule{Unit: unit, Fail: never, Warn: onePer}, true
	case results.UnitInstr:
		return Rule{Unit: unit, Fail: never, Warn: twoPer}, true
	case results.UnitCPU:
		return Rule{Unit: unit, Fail: twoPer, Warn: onePer}, true
	}
	return shownBy, false
}

// rule returns what counts for a unit of a cell, and false where it is not judged: nobody knows whether more is worse.
func (p *Policy) rule(pkg string, cell results.Cell, unit string) (Rule, bool) {
	for _, r := range slices.Backward(p.Rules) {
		if r.Unit == unit && r.Filter.Match(pkg, cell) {
			return r, true
		}
	}
	return defaultRule(unit, cell)
}

// accepted returns the reason for which a change of a unit of a cell is accepted.
func (p *Policy) accepted(pkg string, cell results.Cell, unit string) (string, bool) {
	for _, a := range p.Accepts {
		if a.Unit == unit && a.Filter.Match(pkg, cell) {
			return a.Reason, true
		}
	}
	return "", false
}

// ParsePolicy reads a policy; name is for errors, which have its line.
func ParsePolicy(r io.Reader, name string) (*Policy, error) {
	p := &Policy{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		if err := p.add(lines.Text()); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}

// add takes a line of a policy.
func (p *Policy) add(line string) error {
	line, _, _ = strings.Cut(line+" ", "#")
	line = strings.TrimSpace(line)
	if line == "" {
		return nil
	}
	if rest, ok := strings.CutPrefix(line, "accept "); ok {
		a, err := ParseAccept(strings.TrimSpace(rest))
		p.Accepts = append(p.Accepts, a)
		return err
	}
	rule, err := ParseRule(line)
	p.Rules = append(p.Rules, rule)
	return err
}

// ParseRule reads "UNIT FAIL WARN FILTER".
func ParseRule(line string) (Rule, error) {
	unit, rest := word(line)
	if unit == results.UnitWall {
		return Rule{}, errors.New("ns/op is wall time, which is shown and never judged: the unit of time is cpu-ns/op")
	}
	fail, rest := word(rest)
	warn, filter := word(rest)
	if filter == "" {
		return Rule{}, fmt.Errorf("%q: want UNIT FAIL WARN FILTER, as in \"cpu-ns/op 2%% 1%% *\", or accept UNIT FILTER REASON", line)
	}
	r := Rule{Unit: unit}
	var err error
	if r.Fail, err = parseAmount(unit, fail); err != nil {
		return r, err
	}
	if r.Warn, err = parseAmount(unit, warn); err != nil {
		return r, err
	}
	r.Filter, err = ParseFilter(filter)
	return r, err
}

// ParseAccept reads "UNIT FILTER REASON".
func ParseAccept(line string) (Accept, error) {
	unit, rest := word(line)
	filter, reason := word(rest)
	if strings.HasPrefix(rest, "(") {
		filter, reason = parenthesis(rest)
	}
	if reason == "" {
		return Accept{}, fmt.Errorf("accept %s: want UNIT FILTER REASON: an accepted change says why", line)
	}
	f, err := ParseFilter(filter)
	return Accept{unit, f, reason}, err
}

// parseAmount reads "0", "6", "2%" or "-".
func parseAmount(unit, text string) (Amount, error) {
	if text == "-" {
		return never, nil
	}
	digits, share := strings.CutSuffix(text, "%")
	v, err := strconv.ParseFloat(digits, 64)
	switch {
	case err != nil || v < 0 || math.IsInf(v, 0) || math.IsNaN(v):
		return Amount{}, fmt.Errorf("%s: amount %q: want 0, a number, a percentage such as 2%%, or - for never", unit, text)
	case share && onlyAmounts(unit):
		return Amount{}, fmt.Errorf("%s: amount %q: it is exact, so it takes 0 or a number of its own unit", unit, text)
	case !share && onlyShares(unit):
		return Amount{}, fmt.Errorf("%s: amount %q: it is an estimate, so it takes a percentage", unit, text)
	case share:
		v /= 100
	}
	return Amount{Value: v, Share: share}, nil
}

func onlyAmounts(unit string) bool {
	return slices.Contains([]string{results.UnitSet, results.UnitWire, results.UnitAllocs, UnitFallbacks}, unit)
}

func onlyShares(unit string) bool {
	return slices.Contains([]string{results.UnitCPU, results.UnitInstr}, unit)
}

// word splits the first word off.
func word(s string) (first, rest string) {
	i := strings.IndexAny(s, " \t")
	if i < 0 {
		return s, ""
	}
	return s[:i], strings.TrimSpace(s[i:])
}

// parenthesis splits what stands in parentheses off.
func parenthesis(s string) (first, rest string) {
	depth := 0
	for i, c := range s {
		switch c {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return s[:i+1], strings.TrimSpace(s[i+1:])
			}
		}
	}
	return s, ""
}

// Template is a policy with comments: what holds without one, for a team to edit.
const Template = `# What may grow by how much before a build fails or warns. Of several lines that match, the last counts.
# Amounts are in the unit itself, or a percentage; - is never. Filters are those of benchstat:
#   *  .name:Codec  /codec:avro  pkg:example.com/my/package  (/op:encode OR /op:decode)
#
# unit       fail  warn  filter
B/set        0     0     *         # bytes of the records, all together
allocs/op    0     0     *         # allocations; judged where three runs of the base agree
B/op         -     1%    *         # bytes allocated
Ir/op        -     2%    *         # instructions, where valgrind is installed
cpu-ns/op    2%    1%    *         # CPU time; fails only if the lower bound of the slowdown is beyond
#
# Of a schema file, wirecost gate --schema; state-B/key and wire-B/record are judged where a line names them:
` + schemaRules + `#
# An accepted change says why, and goes when the base has it:
# accept B/set /codec:avro  the new field "region", 6 B a record
`
