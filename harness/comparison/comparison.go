package comparison

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
	"github.com/wirecost/wirecost/internal/near"
)

// confidence of the intervals of ratios: a table has dozens of them.
const confidence = 0.99

// noise is by how much B/op of benchmarks that are none of ours differs without a reason.
const noise = 0.01

// Options say how two files are compared. The zero Options is the default.
type Options struct {
	Ref string // codec that ratios refer to; "" means the one that ran twice in both files
}

// A Comparison is what two files say of each other.
type Comparison struct {
	Old     string       `json:"old"`
	New     string       `json:"new"`
	Notes   []string     `json:"notes,omitempty"`
	Refused []Refusal    `json:"refused,omitempty"`
	Ref     string       `json:"reference,omitempty"` // codec that ratios refer to
	Equal   int          `json:"exact-equal"`         // exact values that are the same in both
	Rows    []Row        `json:"rows"`
	OnlyOld []string     `json:"only-old,omitempty"`
	OnlyNew []string     `json:"only-new,omitempty"`
	Against []Resolution `json:"reference-against-itself,omitempty"`
}

// A Refusal says that values both files have are not compared, and why.
type Refusal struct {
	Difference
	Values int `json:"values"` // how many are not compared for this reason
}

// A Row is one value of one cell in both files.
type Row struct {
	Package  string   `json:"package,omitempty"`
	Cell     string   `json:"cell"`
	Unit     string   `json:"unit"`
	Old      float64  `json:"old"` // mean over rounds
	New      float64  `json:"new"`
	Verdict  Verdict  `json:"verdict"`
	OldRatio float64  `json:"old-ratio,omitempty"` // to the reference codec of the same run; times only, as all below
	NewRatio float64  `json:"new-ratio,omitempty"`
	Change   *Change  `json:"change,omitempty"` // of that ratio
	Why      []string `json:"why,omitempty"`    // there is no verdict
}

// A Change is a factor with its interval.
type Change struct {
	Factor float64 `json:"factor"`
	Lo     float64 `json:"lo"`
	Hi     float64 `json:"hi"`
}

// A Resolution is how the reference codec's second copy changed against the first: by nothing, as far as can be seen.
type Resolution struct {
	Cell   string `json:"cell"`
	Change Change `json:"change"`
}

// A Verdict is what the values of a row say.
type Verdict string

// The verdicts. Equal exact values have no row.
const (
	Larger        Verdict = "larger"
	Smaller       Verdict = "smaller"
	Slower        Verdict = "slower"
	Faster        Verdict = "faster"
	Same          Verdict = "no change seen"
	Shown         Verdict = "shown" // and not judged
	NotComparable Verdict = "not comparable"
)

// ErrEmpty is returned for two files that have nothing in common.
var ErrEmpty = errors.New("nothing to compare")

// Compare compares two sides.
func Compare(a, b *Side, o Options) (*Comparison, error) {
	for _, s := range []*Side{a, b} {
		if names := s.codecs(); o.Ref != "" && !slices.Contains(names, o.Ref) {
			return nil, fmt.Errorf("reference codec %q: %s has no row of it: %s", o.Ref, s.Name, near.Hint(o.Ref, names))
		}
	}
	c := &comparer{Comparison: Comparison{Old: a.Name, New: b.Name, Rows: []Row{}}, options: o}
	for _, f := range a.Files {
		other := b.Of(Package(f))
		if other == nil {
			c.OnlyOld = append(c.OnlyOld, names(f, f.Cells())...)
			continue
		}
		c.files(f, other)
	}
	for _, f := range b.Files {
		if a.Of(Package(f)) == nil {
			c.OnlyNew = append(c.OnlyNew, names(f, f.Cells())...)
		}
	}
	if len(c.Rows) == 0 && c.Equal == 0 {
		return nil, fmt.Errorf("%w: %s and %s have no benchmark in common", ErrEmpty, a.Name, b.Name)
	}
	return &c.Comparison, nil
}

// Exact reports whether any exact value changed.
func (c *Comparison) Exact() bool {
	return slices.ContainsFunc(c.Rows, func(r Row) bool { return r.Verdict == Larger || r.Verdict == Smaller })
}

// A comparer makes a Comparison.
type comparer struct {
	Comparison
	options  Options
	old, new *results.File
	diffs    []Difference
	ref      string
	layout   bool // one of the files is of one binary

	oldSamples, newSamples map[results.Cell][]results.Sample
	oldSeries, newSeries   map[string]map[results.Cell][]float64 // by unit, once asked for
}

func (c *comparer) files(a, b *results.File) {
	c.old, c.new, c.diffs = a, b, Differences(a, b)
	c.layout = a.Header.OneLayout() || b.Header.OneLayout()
	c.chooseRef()
	c.notes()
	cells := Match(a, b)
	c.OnlyOld = append(c.OnlyOld, names(a, cells.OnlyOld)...)
	c.OnlyNew = append(c.OnlyNew, names(b, cells.OnlyNew)...)
	c.oldSamples, c.newSamples = ByCell(a), ByCell(b)
	c.oldSeries, c.newSeries = map[string]map[results.Cell][]float64{}, map[string]map[results.Cell][]float64{}
	for _, cell := range cells.Shared {
		for _, unit := range Units(c.oldSamples[cell], c.newSamples[cell]) {
			c.value(cell, unit)
		}
	}
}

// chooseRef takes the codec of Options, or the one that ran twice in both files.
func (c *comparer) chooseRef() {
	twins := func(f *results.File) (names []string) {
		for _, cell := range f.Cells() {
			if cell.IsTwin() {
				names = append(names, cell.Original().Codec)
			}
		}
		return names
	}
	c.ref = c.options.Ref
	old, new := twins(c.old), twins(c.new)
	if i := slices.IndexFunc(old, func(name string) bool { return slices.Contains(new, name) }); c.ref == "" && i >= 0 {
		c.ref = old[i]
	}
	c.Ref = cmp.Or(c.Ref, c.ref)
	if c.ref == "" && (len(old) > 0 || len(new) > 0) {
		c.note("the two runs have no reference codec in common: times are shown and not judged; name one with --ref")
	}
}

// notes says what is worth knowing and no reason to refuse.
func (c *comparer) notes() {
	for _, f := range c.old.Facts.Codecs {
		g := c.new.Facts.Codec(f.Name)
		if f.Version != "" && g.Version != "" && f.Version != g.Version {
			c.note(fmt.Sprintf("codec %s: %s in the old file, %s in the new", f.Name, f.Version, g.Version))
		}
	}
	for _, f := range c.old.Header.Other {
		if v := other(c.new.Header.Other, f.Key); f.Key != pkgKey && v != f.Value {
			c.note(fmt.Sprintf("%s is %s in the old file and %s in the new", f.Key, quoted(f.Value), quoted(v)))
		}
	}
}

func (c *comparer) note(s string) {
	if !slices.Contains(c.Notes, s) {
		c.Notes = append(c.Notes, s)
	}
}

// value compares one value of one cell.
func (c *comparer) value(cell results.Cell, unit string) {
	x, y := Values(c.oldSamples[cell], unit), Values(c.newSamples[cell], unit)
	row := Row{Package: Package(c.old), Cell: cell.Name(), Unit: unit, Old: mean(x), New: mean(y), Verdict: Shown}
	refused := c.refuse(cell, ClassOf(unit))
	switch {
	case cell.IsTwin():
		c.twin(cell, unit, refused)
		return
	case refused:
		row.Verdict = NotComparable
	case unit == results.UnitCPU || unit == results.UnitWall:
		c.time(&row, cell, unit)
	case Exact(cell, unit, x) && Exact(cell, unit, y):
		row.Verdict = exact(x[0], y[0])
	case unit == results.UnitBytes && min(row.Old, row.New) > 0 && max(row.Old/row.New, row.New/row.Old) > 1+noise:
		row.Verdict = exact(row.Old, row.New)
	}
	if row.Verdict == "" {
		c.Equal++
		return
	}
	c.Rows = append(c.Rows, row)
}

// refuse reports whether values of a class in a cell are not comparable, and counts them.
func (c *comparer) refuse(cell results.Cell, class Class) bool {
	i := slices.IndexFunc(c.diffs, func(d Difference) bool { return d.About(cell, class) })
	if i < 0 {
		return false
	}
	d := c.diffs[i]
	if j := slices.IndexFunc(c.Refused, func(r Refusal) bool { return r.Difference == d }); j >= 0 {
		c.Refused[j].Values++
	} else {
		c.Refused = append(c.Refused, Refusal{d, 1})
	}
	return true
}

// Exact reports whether the values of a unit, one for each process, are exact in a cell: those of sizes always, those of
// allocations where no threads are, and in benchmarks that are none of ours where three processes or more agree.
func Exact(cell results.Cell, unit string, xs []float64) bool {
	if len(xs) == 0 || slices.Min(xs) != slices.Max(xs) {
		return false
	}
	foreign := cell.Foreign != ""
	switch unit {
	case results.UnitSet:
		return true
	case results.UnitSize, results.UnitWire: // go test prints them to four digits
		return !foreign
	case results.UnitAllocs:
		return foreign && len(xs) >= 3 || !foreign && !cell.IsExchange()
	case results.UnitBytes:
		return !foreign && !cell.IsExchange()
	}
	return false
}

// exact is the verdict on two exact values, "" if they are equal.
func exact(x, y float64) Verdict {
	switch {
	case y > x:
		return Larger
	case y < x:
		return Smaller
	}
	return ""
}

// time judges a cell's ratio to the reference codec of the same run.
func (c *comparer) time(row *Row, cell results.Cell, unit string) {
	ref, ok := c.reference(cell)
	if !ok || unit != c.judged(cell) {
		return
	}
	old, new := c.series(unit)
	if len(old[cell]) == 0 || len(new[cell]) == 0 || len(old[ref]) == 0 || len(new[ref]) == 0 {
		row.Why = append(row.Why, "no complete rounds of it and of the reference codec in both files")
		return
	}
	row.OldRatio, row.NewRatio = stats.Ratio(old[cell], old[ref]).Center, stats.Ratio(new[cell], new[ref]).Center
	change := stats.RatioChange(old[cell], old[ref], new[cell], new[ref], confidence)
	for _, w := range change.Warnings {
		row.Why = append(row.Why, w.Error())
	}
	if !change.Bounded() {
		return
	}
	row.Change = &Change{change.Center, change.Lo, change.Hi}
	row.Verdict = c.verdict(change)
}

// series returns the values of a unit in the complete rounds of both files.
func (c *comparer) series(unit string) (old, new map[results.Cell][]float64) {
	if c.oldSeries[unit] == nil {
		c.oldSeries[unit], c.newSeries[unit] = c.old.Series(unit), c.new.Series(unit)
	}
	return c.oldSeries[unit], c.newSeries[unit]
}

// verdict says what a change means. One within what a layout of code makes is none, unless layouts were drawn anew.
func (c *comparer) verdict(change stats.Change) Verdict {
	switch {
	case stats.Tie(stats.Summary{Center: change.Center, Lo: change.Lo, Hi: change.Hi}, c.layout):
		return Same
	case change.Center > 1:
		return Slower
	}
	return Faster
}

// reference returns the cell that a cell is judged against: none for the reference itself and where no codec is.
func (c *comparer) reference(cell results.Cell) (results.Cell, bool) {
	ref := cell
	ref.Codec = c.ref
	return ref, c.ref != "" && cell.Foreign == "" && cell.Codec != results.NoCodec && cell.Codec != c.ref
}

// judged returns the unit of time that both files have: CPU time if they can.
func (c *comparer) judged(cell results.Cell) string {
	if len(Values(c.oldSamples[cell], results.UnitCPU)) > 0 && len(Values(c.newSamples[cell], results.UnitCPU)) > 0 {
		return results.UnitCPU
	}
	return results.UnitWall
}

// twin notes how the reference codec's second copy changed against the first.
func (c *comparer) twin(cell results.Cell, unit string, refused bool) {
	if refused || unit != c.judged(cell) || cell.Original().Codec != c.ref {
		return
	}
	old, new := c.series(unit)
	first := cell.Original()
	change := stats.RatioChange(old[cell], old[first], new[cell], new[first], confidence)
	if change.Bounded() {
		c.Against = append(c.Against, Resolution{cell.Name(), Change{change.Center, change.Lo, change.Hi}})
	}
}

// Cells are those of two files.
type Cells struct {
	Shared           []results.Cell // in the order of reports: by schema, op and codec; others in that of the first file
	OnlyOld, OnlyNew []results.Cell
}

// Match returns which cells two files have in common.
func Match(a, b *results.File) Cells {
	var cells Cells
	inA, inB := map[results.Cell]bool{}, map[results.Cell]bool{}
	for _, c := range b.Cells() {
		inB[c] = true
	}
	for _, c := range a.Cells() {
		inA[c] = true
		if inB[c] {
			cells.Shared = append(cells.Shared, c)
		} else {
			cells.OnlyOld = append(cells.OnlyOld, c)
		}
	}
	for _, c := range b.Cells() {
		if !inA[c] {
			cells.OnlyNew = append(cells.OnlyNew, c)
		}
	}
	slices.SortStableFunc(cells.Shared, order)
	return cells
}

// ops is the order of ops in reports.
var ops = []string{results.OpEncode, results.OpDecode, results.OpDecodeReuse, results.OpScan, results.OpConvert, results.OpHash, results.OpMove}

// order sorts cells of ours by schema, op and codec. Others keep the order of the file.
func order(a, b results.Cell) int {
	return cmp.Or(
		strings.Compare(a.Schema, b.Schema),
		cmp.Compare(slices.Index(ops, a.Op), slices.Index(ops, b.Op)),
		strings.Compare(a.Exchange, b.Exchange),
		cmp.Compare(a.Keybys, b.Keybys),
		cmp.Compare(a.Procs, b.Procs),
		strings.Compare(a.Codec, b.Codec),
	)
}

func names(f *results.File, cells []results.Cell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, Label(Package(f), c.Name()))
	}
	return out
}

// ByCell returns the samples of a file by cell.
func ByCell(f *results.File) map[results.Cell][]results.Sample {
	samples := map[results.Cell][]results.Sample{}
	for _, s := range f.Samples {
		samples[s.Cell] = append(samples[s.Cell], s)
	}
	return samples
}

// Units returns the units that both of a cell's samples have, in the order of the first.
func Units(a, b []results.Sample) []string {
	var units []string
	for _, s := range a {
		for _, v := range s.Values {
			if !slices.Contains(units, v.Unit) && len(Values(b, v.Unit)) > 0 {
				units = append(units, v.Unit)
			}
		}
	}
	return units
}

// Values returns a unit of all samples that have it.
func Values(samples []results.Sample, unit string) []float64 {
	var xs []float64
	for _, s := range samples {
		if x, ok := s.Value(unit); ok {
			xs = append(xs, x)
		}
	}
	return xs
}

func mean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}
