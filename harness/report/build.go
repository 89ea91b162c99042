package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
	"github.com/wirecost/wirecost/internal/plural"
)

// opOrder is the order in which reports show ops.
var opOrder = []string{results.OpEncode, results.OpDecode, results.OpDecodeReuse, results.OpScan, results.OpConvert, results.OpCopy}

// A builder makes the table of one schema, runtime and exchange.
type builder struct {
	*index
	options Options
	key
	fixed   bool // all samples came from one binary; a JVM draws its code anew in each round
	ref     string
	refused map[string][]string // codecs whose keyBys have no price, by the reason
}

// table makes the table, and the notes that are to be read before it.
func (b *builder) table() (Table, []string) {
	t := Table{Schema: b.schema, runtime: b.runtime, home: b.home(), Records: b.records(), Ops: b.ops(), Rounds: b.complete(), Missing: b.missing()}
	rows := b.rows(t.Ops)
	b.ref = b.reference(rows)
	t.Ref = b.ref
	for i := range rows {
		b.compare(&rows[i])
	}
	t.Exchange = b.exchange(rows)
	b.rank(&t, rows)
	var notes []string
	t.Resolution, notes = b.resolution(t.Ops)
	t.Verdict, t.Sentences = b.verdicts(&t), b.sentences(&t)
	t.Invented = b.guess()
	return t, append(notes, b.unslopedNotes()...)
}

// guess says of how many fields the values are invented, "" of none.
func (b *builder) guess() string {
	g, ok := b.file.Facts.Guess(b.schema)
	if !ok {
		return ""
	}
	verb := "have"
	if g.Invented == 1 {
		verb = "has"
	}
	return fmt.Sprintf("%d of %s %s invented values: wirecost profile learns them from a file of records", g.Invented, plural.Count(g.Fields, "field"), verb)
}

// records returns how many records there were of the schema, 0 if the file does not say.
func (b *builder) records() int {
	for _, s := range b.file.Schemas {
		if s.Name == b.schema {
			return s.Records
		}
	}
	return 0
}

func (b *builder) ops() []string {
	ops := []string{}
	for _, c := range b.pick(isCodec) {
		if !slices.Contains(ops, c.Op) {
			ops = append(ops, c.Op)
		}
	}
	slices.SortStableFunc(ops, func(x, y string) int { return cmp.Compare(opPlace(x), opPlace(y)) })
	return ops
}

func opPlace(op string) int {
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
		rows = append(rows, Row{Codec: c.Codec, Group: b.group(c.Codec), Loses: fact.Loses, Size: b.size(c.Codec), Ops: b.costs(ops, c.Codec)})
	}
	return rows
}

// group returns the group of a codec. Where Flink's formats are at home, they are what is compared.
func (b *builder) group(codec string) string {
	g := b.file.Facts.Codec(codec).Group
	if g == results.GroupFlink && b.home() {
		return ""
	}
	return g
}

// home reports whether the runtime is one of Flink's: it has no other formats.
func (b *builder) home() bool {
	return b.runtime != goRuntime && b.runtime != "" && !slices.ContainsFunc(b.pick(isCodec), func(c results.Cell) bool {
		return b.file.Facts.Codec(c.Original().Codec).Group != results.GroupFlink
	})
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
	for _, r := range b.sorted(rows, b.totals(), false) {
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
		if ratio := *r.Size / *size; finite(ratio) {
			r.SizeRatio = ratio
		}
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

// resolution returns what each block tells apart, and notes on blocks that see differences where there are none.
func (b *builder) resolution(ops []string) (out []Resolution, notes []string) {
	add := func(what string, ref results.Cell) {
		twin := b.cpu[ref.Twin()]
		s := stats.Resolution(twin, b.cpu[ref])
		if !s.Bounded() || !finite(s.Spread()) {
			return
		}
		out = append(out, Resolution{what, s.Spread()})
		for _, w := range s.Warnings {
			notes = append(notes, fmt.Sprintf("%s, %s: %v", called(b.schema), what, w))
		}
	}
	for _, op := range ops {
		if c, ok := b.find(op, b.ref); ok {
			add(op, c)
		}
	}
	cells, _ := b.keybyCells()
	for _, c := range cells {
		if c.Codec == b.ref && c.Keybys == 1 {
			add("one keyBy", c)
		}
	}
	return out, notes
}
