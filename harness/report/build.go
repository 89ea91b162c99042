package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
)

// opOrder is the order in which reports show ops.
var opOrder = []string{results.OpEncode, results.OpDecode, results.OpDecodeReuse, results.OpScan, results.OpConvert}

// An index is a file, looked up by cell.
type index struct {
	file   *results.File
	cells  []results.Cell
	first  map[results.Cell]results.Sample // for exact units, which every sample of a cell has the same
	cpu    map[results.Cell][]float64      // CPU ns by round
	rounds map[results.Block]int
	fixed  bool
}

func indexOf(f *results.File) *index {
	x := &index{file: f, cells: f.Cells(), first: map[results.Cell]results.Sample{}, cpu: f.Series(results.UnitCPU),
		rounds: f.Rounds(), fixed: f.Header.OneLayout()}
	for _, s := range f.Samples {
		if _, ok := x.first[s.Cell]; !ok {
			x.first[s.Cell] = s
		}
	}
	return x
}

// exact returns the value of a unit that every sample of c has the same, nil if there is none.
func (x *index) exact(c results.Cell, unit string) *float64 {
	if v, ok := x.first[c].Value(unit); ok {
		return &v
	}
	return nil
}

// A builder makes the table of one schema, runtime and exchange.
type builder struct {
	*index
	options Options
	key
	ref     string
	refused map[string][]string // codecs whose keyBys have no price, by the reason
}

// A key is what tables are told apart by: numbers of two runtimes, or of two exchanges, are never in one.
type key struct {
	schema, runtime string
	exchange        string // "" where none was measured
}

// keysOf returns what tables a file has, in order of appearance.
func keysOf(f *results.File) []key {
	var keys []key
	for _, schema := range schemasOf(f) {
		for _, runtime := range runtimesOf(f, schema) {
			exchanges := exchangesOf(f, schema, runtime)
			if len(exchanges) == 0 {
				exchanges = []string{""}
			}
			for _, x := range exchanges {
				keys = append(keys, key{schema, runtime, x})
			}
		}
	}
	return keys
}

// schemasOf returns the schemas that f has results or failures of.
func schemasOf(f *results.File) []string {
	var names []string
	for _, s := range f.Schemas {
		names = append(names, s.Name)
	}
	eachCell(f, func(c results.Cell) {
		if c.Schema != "" {
			names = append(names, c.Schema)
		}
	})
	return unique(names)
}

// runtimesOf returns the runtimes of a schema; a schema without any has the one that says nothing.
func runtimesOf(f *results.File, schema string) []string {
	var names []string
	eachCell(f, func(c results.Cell) {
		if c.Schema == schema {
			names = append(names, c.Runtime)
		}
	})
	if len(names) == 0 {
		return []string{""}
	}
	return unique(names)
}

// exchangesOf returns the exchanges that f has results of, and those of which it has failures alone behind them.
func exchangesOf(f *results.File, schema, runtime string) []string {
	var names []string
	eachCell(f, func(c results.Cell) {
		if c.Schema == schema && c.Runtime == runtime && c.IsKeyby() {
			names = append(names, c.Exchange)
		}
	})
	return unique(names)
}

// eachCell calls do for the cell of each sample, and then for that of each failure.
func eachCell(f *results.File, do func(results.Cell)) {
	for _, s := range f.Samples {
		do(s.Cell)
	}
	for _, x := range f.Failures {
		do(x.Cell)
	}
}

// unique returns names without those that stand there before.
func unique(names []string) []string {
	var out []string
	for _, n := range names {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// has reports whether c is one of the table's cells: what has no exchange, or a chain, is in the table of each.
func (k key) has(c results.Cell) bool {
	return c.Schema == k.schema && c.Runtime == k.runtime && (!c.IsKeyby() || c.Exchange == k.exchange)
}

// pick returns the cells of the table that keep says, without twins.
func (b *builder) pick(keep func(results.Cell) bool) []results.Cell {
	var cells []results.Cell
	for _, c := range b.cells {
		if b.has(c) && !c.IsTwin() && keep(c) {
			cells = append(cells, c)
		}
	}
	return cells
}

func isCodec(c results.Cell) bool { return !c.IsExchange() && c.Codec != results.NoCodec }

// find returns the cell of a codec's op, and whether there is one.
func (b *builder) find(op, codec string) (results.Cell, bool) {
	c := results.Cell{Schema: b.schema, Codec: codec, Runtime: b.runtime, Op: op, Procs: 1}
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
		if r.Group == results.GroupFlink {
			r.Times = goTimes
			t.Flink = append(t.Flink, r)
			continue
		}
		t.Rows = append(t.Rows, r)
	}
	t.Rounds = b.complete()
	t.Rows, t.Flink = b.sorted(t.Rows, t.Rounds >= results.MinRounds), b.sorted(t.Flink, false)
	t.Missing = b.missing()
	var notes []string
	t.Resolution, notes = b.resolution(t.Ops)
	notes = append(notes, b.unslopedNotes()...)
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
	for _, c := range b.pick(func(results.Cell) bool { return true }) {
		if n := b.rounds[c.Block()]; rounds == 0 || n < rounds {
			rounds = n
		}
	}
	return rounds
}

// rows returns a row for each codec that has a number, without ratios and ranks.
func (b *builder) rows(ops []string) []Row {
	var rows []Row
	for _, c := range b.pick(func(c results.Cell) bool { return c.Codec != results.NoCodec }) {
		if slices.ContainsFunc(rows, func(r Row) bool { return r.Codec == c.Codec }) {
			continue
		}
		fact := b.file.Facts.Codec(c.Codec)
		rows = append(rows, Row{Codec: c.Codec, Group: fact.Group, Loses: fact.Loses, Size: b.size(c.Codec), Ops: b.costs(ops, c.Codec)})
	}
	return rows
}

// size returns the bytes per record of a codec: what an op of it says, or else what goes over an exchange less framing.
// It is nil if neither was measured.
func (b *builder) size(codec string) *float64 {
	if v := b.anyExact(isCodec, codec, results.UnitSize); v != nil {
		return v
	}
	wire, framing := b.anyExact(results.Cell.IsKeyby, codec, results.UnitWire), b.framing()
	if wire == nil || framing == nil {
		return nil
	}
	size := *wire - *framing
	return &size
}

// anyExact returns the value of a unit that is the same in all of a codec's cells of one kind, nil if none has it.
func (b *builder) anyExact(kind func(results.Cell) bool, codec, unit string) *float64 {
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
		costs = append(costs, Cost{Op: op, CPU: estimate(stats.Mean(series)),
			Allocs: b.exact(c, results.UnitAllocs), Bytes: b.exact(c, results.UnitBytes)})
	}
	return costs
}

// reference returns the codec that ratios refer to: the one asked for, or that ran twice, which is the run's own choice, or
// else the cheapest.
func (b *builder) reference(rows []Row) string {
	for _, want := range []string{b.options.Ref, b.twice()} {
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
		if b.has(c) && c.IsTwin() {
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
		ratio := stats.Ratio(b.series(op, r.Codec), ref)
		r.Ops[i].Ratio = estimate(ratio)
		r.Ops[i].Tie = r.Codec != b.ref && ratio.Bounded() && stats.Tie(ratio, b.fixed)
	}
}

// total returns the CPU time by round that a record costs once encoded and decoded; of other ops if neither was measured.
func (b *builder) total(codec string) []float64 {
	ops := b.ops()
	if slices.Contains(ops, results.OpEncode) || slices.Contains(ops, results.OpDecode) {
		ops = slices.DeleteFunc(ops, func(op string) bool { return op != results.OpEncode && op != results.OpDecode })
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
		case r.Group == results.GroupFloor:
			floor = append(floor, r)
		case len(cost) == 0:
			unknown = append(unknown, r)
		default:
			others, costs = append(others, r), append(costs, cost)
		}
	}
	out := floor
	for _, p := range stats.Rank(costs, b.fixed) {
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
		if !b.has(x.Cell) {
			continue
		}
		i := slices.IndexFunc(out, func(m Missing) bool { return m.Codec == x.Cell.Codec && m.Reason == x.Reason })
		if i < 0 {
			i = len(out)
			out = append(out, Missing{Codec: x.Cell.Codec, Failed: x.Kind == results.Failed, Reason: x.Reason})
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
	add := func(what string, ref results.Cell) {
		twin := b.cpu[ref.Twin()]
		s := stats.Resolution(twin, b.cpu[ref])
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
	for _, c := range b.pick(results.Cell.IsKeyby) {
		if c.Codec == b.ref && c.Keybys == 1 {
			add("one keyBy", c)
		}
	}
	return out, notes
}
