package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/harness/measure"
)

// opOrder is the order in which reports show ops.
var opOrder = []string{"encode", "decode", "decode-reuse", "scan", "convert"}

// An index is a file, looked up by cell.
type index struct {
	file   *measure.File
	cells  []measure.Cell
	first  map[measure.Cell]measure.Sample // for exact units, which every sample of a cell has the same
	cpu    map[measure.Cell][]float64      // CPU ns by round
	rounds map[measure.Block]int
	codecs map[string]codecFact
	fixed  bool
}

func indexOf(f *measure.File) *index {
	x := &index{file: f, cells: f.Cells(), first: map[measure.Cell]measure.Sample{}, cpu: f.Series(measure.UnitCPU),
		rounds: f.Rounds(), codecs: codecFacts(f), fixed: layoutFixed(f)}
	for _, s := range f.Samples {
		if _, ok := x.first[s.Cell]; !ok {
			x.first[s.Cell] = s
		}
	}
	return x
}

// exact returns the value of a unit that every sample of c has the same, nil if there is none.
func (x *index) exact(c measure.Cell, unit string) *float64 {
	if v, ok := x.first[c].Value(unit); ok {
		return &v
	}
	return nil
}

// A builder makes the table of one schema.
type builder struct {
	*index
	options Options
	schema  string
	ref     string
}

// pick returns the cells of the schema that keep says, without twins.
func (b *builder) pick(keep func(measure.Cell) bool) []measure.Cell {
	var cells []measure.Cell
	for _, c := range b.cells {
		if c.Schema == b.schema && !c.IsTwin() && keep(c) {
			cells = append(cells, c)
		}
	}
	return cells
}

func isCodec(c measure.Cell) bool { return !c.IsExchange() && c.Codec != measure.NoCodec }

// find returns the cell of a codec's op, and whether there is one.
func (b *builder) find(op, codec string) (measure.Cell, bool) {
	c := measure.Cell{Schema: b.schema, Codec: codec, Runtime: "go", Op: op, Procs: 1}
	_, ok := b.first[c]
	return c, ok
}

// series returns the CPU time by round of a codec's op, nil if there is none.
func (b *builder) series(op, codec string) []float64 {
	c, _ := b.find(op, codec)
	return b.cpu[c]
}

func (b *builder) table() (Table, []string) {
	t := Table{Schema: b.schema, Ops: b.ops()}
	for _, s := range b.file.Schemas {
		if s.Name == b.schema {
			t.Records = s.Records
		}
	}
	rows := b.rows(t.Ops)
	b.ref = b.reference(rows)
	t.Ref = b.ref
	for i := range rows {
		b.compare(&rows[i])
	}
	t.Exchange = b.exchange(rows)
	for _, r := range rows {
		if r.Group == GroupFlink {
			r.Times = goTimes
			t.Flink = append(t.Flink, r)
			continue
		}
		t.Rows = append(t.Rows, r)
	}
	t.Rounds = b.complete()
	t.Rows, t.Flink = b.sorted(t.Rows, t.Rounds >= measure.MinRounds), b.sorted(t.Flink, false)
	t.Missing = b.missing()
	var notes []string
	t.Resolution, notes = b.resolution(t.Ops)
	t.Sentences = b.sentences(&t)
	return t, notes
}

func (b *builder) ops() []string {
	var ops []string
	for _, c := range b.pick(isCodec) {
		if !slices.Contains(ops, c.Op) {
			ops = append(ops, c.Op)
		}
	}
	slices.SortStableFunc(ops, func(x, y string) int { return cmp.Compare(place(x), place(y)) })
	return ops
}

func place(op string) int {
	if i := slices.Index(opOrder, op); i >= 0 {
		return i
	}
	return len(opOrder)
}

// complete returns the number of rounds that every cell of the schema has.
func (b *builder) complete() int {
	rounds := 0
	for _, c := range b.pick(func(measure.Cell) bool { return true }) {
		if n := b.rounds[c.Block()]; rounds == 0 || n < rounds {
			rounds = n
		}
	}
	return rounds
}

// rows returns a row for each codec that has a number, without ratios and ranks.
func (b *builder) rows(ops []string) []Row {
	var rows []Row
	for _, c := range b.pick(func(c measure.Cell) bool { return c.Codec != measure.NoCodec }) {
		if slices.ContainsFunc(rows, func(r Row) bool { return r.Codec == c.Codec }) {
			continue
		}
		fact := b.codecs[c.Codec]
		rows = append(rows, Row{Codec: c.Codec, Group: fact.group, Loses: fact.loses, Size: b.size(c.Codec), Ops: b.costs(ops, c.Codec)})
	}
	return rows
}

// size returns the bytes per record of a codec: what an op of it says, or else what goes over an exchange less framing.
// It is nil if neither was measured.
func (b *builder) size(codec string) *float64 {
	if v := b.anyExact(isCodec, codec, measure.UnitSize); v != nil {
		return v
	}
	wire, framing := b.anyExact(isKeyby, codec, measure.UnitWire), b.framing()
	if wire == nil || framing == 0 {
		return nil
	}
	size := *wire - framing
	return &size
}

// anyExact returns the value of a unit that is the same in all of a codec's cells of one kind, nil if none has it.
func (b *builder) anyExact(kind func(measure.Cell) bool, codec, unit string) *float64 {
	for _, c := range b.pick(kind) {
		if v := b.exact(c, unit); v != nil && c.Codec == codec {
			return v
		}
	}
	return nil
}

func (b *builder) costs(ops []string, codec string) []Cost {
	var costs []Cost
	for _, op := range ops {
		c, ok := b.find(op, codec)
		series := b.series(op, codec)
		if !ok || len(series) == 0 {
			continue
		}
		costs = append(costs, Cost{Op: op, CPU: estimate(measure.Mean(series)),
			Allocs: b.exact(c, measure.UnitAllocs), Bytes: b.exact(c, measure.UnitBytes)})
	}
	return costs
}

// reference returns the codec that ratios refer to: the one asked for, or that ran twice, or avro, or the cheapest.
func (b *builder) reference(rows []Row) string {
	for _, want := range []string{b.options.Ref, b.twice(), "avro"} {
		if slices.ContainsFunc(rows, func(r Row) bool { return r.Codec == want }) {
			return want
		}
	}
	for _, r := range b.sorted(slices.Clone(rows), false) {
		if r.Group == "" {
			return r.Codec
		}
	}
	if len(rows) > 0 {
		return rows[0].Codec
	}
	return ""
}

// twice returns the codec that has a twin, "" if none has.
func (b *builder) twice() string {
	for _, c := range b.cells {
		if c.Schema == b.schema && c.IsTwin() {
			return c.Original().Codec
		}
	}
	return ""
}

// compare fills in r's ratios to the reference.
func (b *builder) compare(r *Row) {
	if size := b.size(b.ref); size != nil && r.Size != nil && *size > 0 {
		r.SizeRatio = *r.Size / *size
	}
	for i := range r.Ops {
		op := r.Ops[i].Op
		ref := b.series(op, b.ref)
		if len(ref) == 0 {
			continue
		}
		ratio := measure.Ratio(b.series(op, r.Codec), ref)
		r.Ops[i].Ratio = estimate(ratio)
		r.Ops[i].Tie = r.Codec != b.ref && ratio.Bounded() && measure.Tie(ratio, b.fixed)
	}
}

// total returns the CPU time by round that a record costs once encoded and decoded; of other ops if neither was measured.
func (b *builder) total(codec string) []float64 {
	ops := b.ops()
	if slices.Contains(ops, "encode") || slices.Contains(ops, "decode") {
		ops = slices.DeleteFunc(ops, func(op string) bool { return op != "encode" && op != "decode" })
	}
	var sum []float64
	for i, op := range ops {
		s := b.series(op, codec)
		if i == 0 {
			sum = slices.Clone(s)
			continue
		}
		sum = sum[:min(len(sum), len(s))]
		for r := range sum {
			sum[r] += s[r]
		}
	}
	return sum
}

// sorted returns rows with the floor first and the others by cost, ranked if rank says so.
func (b *builder) sorted(rows []Row, rank bool) []Row {
	var floor, others, unknown []Row
	var costs [][]float64
	for _, r := range rows {
		switch cost := b.total(r.Codec); {
		case r.Group == GroupFloor:
			floor = append(floor, r)
		case len(cost) == 0:
			unknown = append(unknown, r)
		default:
			others, costs = append(others, r), append(costs, cost)
		}
	}
	out := floor
	for _, p := range measure.Rank(costs, b.fixed) {
		r := others[p.Cell]
		if rank {
			r.Rank, r.Tied = p.Rank, p.Tied
		}
		out = append(out, r)
	}
	return append(out, unknown...)
}

// missing returns the rows without numbers, one for each codec and reason.
func (b *builder) missing() []Missing {
	var out []Missing
	what := map[int][]string{}
	for _, x := range b.file.Failures {
		if x.Cell.Schema != b.schema {
			continue
		}
		i := slices.IndexFunc(out, func(m Missing) bool { return m.Codec == x.Cell.Codec && m.Reason == x.Reason })
		if i < 0 {
			i = len(out)
			out = append(out, Missing{Codec: x.Cell.Codec, Failed: !x.NotCarried, Reason: x.Reason})
		}
		if op := x.Cell.Op; !slices.Contains(what[i], op) {
			what[i] = append(what[i], op)
		}
	}
	for i := range out {
		out[i].What = listOf(what[i])
	}
	return out
}

// resolution returns what each block tells apart, and notes on blocks that see differences where there are none.
func (b *builder) resolution(ops []string) (out []Resolution, notes []string) {
	add := func(what string, ref measure.Cell) {
		twin := b.cpu[ref.Twin()]
		s := measure.Resolution(twin, b.cpu[ref])
		if !s.Bounded() {
			return
		}
		out = append(out, Resolution{what, s.Spread()})
		for _, w := range s.Warnings {
			notes = append(notes, fmt.Sprintf("%s, %s: %v", b.schema, what, w))
		}
	}
	for _, op := range ops {
		if c, ok := b.find(op, b.ref); ok {
			add(op, c)
		}
	}
	for _, c := range b.pick(measure.Cell.IsExchange) {
		if c.Codec == b.ref && c.Keybys == 1 {
			add("one keyBy", c)
		}
	}
	return out, notes
}
