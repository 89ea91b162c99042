package report

import (
	"slices"

	"github.com/wirecost/wirecost/harness/results"
)

// An index is a file, looked up by cell.
type index struct {
	file   *results.File
	cells  []results.Cell
	first  map[results.Cell]results.Sample // for exact units, which every sample of a cell has the same
	cpu    map[results.Cell][]float64      // CPU ns by round
	gc     map[results.Cell][]float64      // of these, those of collecting garbage
	rounds map[results.Block]int
}

func indexOf(f *results.File) *index {
	x := &index{file: f, cells: f.Cells(), first: map[results.Cell]results.Sample{}, cpu: f.Series(results.UnitCPU),
		gc: f.Series(results.UnitGC), rounds: f.Rounds()}
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
	return c.Schema == k.schema && c.Runtime == k.runtime && (!c.IsExchange() || c.IsChain() || c.Exchange == k.exchange)
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
