package report

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
)

// framing returns the bytes that the exchange adds to a record: what the file says of it, or else what it carries beyond an
// encoding. It is nil if neither is known.
func (b *builder) framing() *float64 {
	if x, ok := b.file.Facts.Exchange(b.key.exchange); ok {
		framing := float64(x.Framing)
		return &framing
	}
	for _, c := range b.pick(results.Cell.IsKeyby) {
		wire, size := b.exact(c, results.UnitWire), b.anyExact(isCodec, c.Codec, results.UnitSize)
		if wire != nil && size != nil {
			framing := *wire - *size
			return &framing
		}
	}
	return nil
}

// exchange prices one more keyBy for each row, and says how that was measured. nil: it was not.
func (b *builder) exchange(rows []Row) *Exchange {
	cells, crossing := b.keybyCells()
	if len(cells) == 0 {
		return nil
	}
	x := b.way()
	x.Rounds, x.Keybys = b.rounds[cells[0].Block()], keybys(cells)
	if framing := b.framing(); framing != nil {
		x.Framing = *framing
	}
	if hash := b.series(results.OpHash, results.NoCodec); len(hash) > 0 {
		e := estimate(stats.Mean(hash))
		x.Hash = &e
	}
	for i := range rows {
		r := &rows[i]
		if r.Keyby = b.keyby(cells, r); r.Keyby == nil {
			continue
		}
		b.split(x, r)
		b.depth(cells, crossing, r)
		x.Brokered = x.Brokered || r.Keyby.Sent != nil
		if r.Group == results.GroupFloor && r.Keyby.Codec != nil {
			rest := r.Keyby.Each.plus(-*r.Keyby.Codec)
			x.Overhead, x.floor = &rest, r.Codec
		}
	}
	return x
}

// way says how records travel.
func (b *builder) way() *Exchange {
	h := &b.file.Header
	x := &Exchange{Kind: b.key.exchange, Key: b.file.Facts.Key(b.schema), OtherKey: h.OtherKey, Partitioner: cmp.Or(h.Partitioner, "keyBy")}
	if h.Keys != "records" {
		x.Keys = h.Keys
	}
	x.Parallelism, _ = strconv.Atoi(h.Parallelism) // of a file that says nothing of it, 0
	x.MaxParallelism, _ = strconv.Atoi(h.MaxParallelism)
	if route, ok := b.file.Facts.Route(b.schema); ok {
		x.Route = &route
	}
	if sink, ok := b.file.Facts.Sink(b.schema); ok {
		x.Sink = &sink
	}
	return x
}

// keybyCells returns the cells that prices are fitted through, which use as few cores as any, and those that use more.
func (b *builder) keybyCells() (cells, crossing []results.Cell) {
	all := b.pick(results.Cell.IsKeyby)
	if len(all) == 0 {
		return nil, nil
	}
	least := slices.MinFunc(all, func(x, y results.Cell) int { return cmp.Compare(x.Procs, y.Procs) }).Procs
	for _, c := range all {
		if c.Procs == least {
			cells = append(cells, c)
		} else {
			crossing = append(crossing, c)
		}
	}
	return cells, crossing
}

// keybys returns the numbers of keyBys that were measured.
func keybys(cells []results.Cell) []int {
	ns := []int{0}
	for _, c := range cells {
		if !slices.Contains(ns, c.Keybys) {
			ns = append(ns, c.Keybys)
		}
	}
	slices.Sort(ns)
	return ns
}

// keyby prices one more keyBy with the codec of row r.
func (b *builder) keyby(cells []results.Cell, r *Row) *Keyby {
	price, err := b.price(cells, r.Codec, b.cpu)
	if errors.Is(err, errUnmeasured) {
		return nil
	}
	if err != nil {
		b.refused[err.Error()] = append(b.refused[err.Error()], r.Codec)
		return nil
	}
	k := &Keyby{Linear: price.Linear, slopes: price.ByRound}
	if v := b.anyExact(results.Cell.IsKeyby, r.Codec, results.UnitWire); v != nil {
		k.Wire = *v
	}
	for _, w := range price.Warnings {
		k.Warnings = append(k.Warnings, w.Error())
	}
	if k.Linear {
		k.CPU, k.Each = estimate(price.Summary), Range{price.Center, price.Center}
	} else {
		k.step(price.Extra)
	}
	return k
}

// errUnmeasured says that a codec has no cells to fit a price through.
var errUnmeasured = errors.New("not measured")

// price fits what one more keyBy costs with a codec, in series, through those of cells that are its own.
func (b *builder) price(cells []results.Cell, codec string, series map[results.Cell][]float64) (stats.Price, error) {
	var points []stats.Point
	var chain results.Cell
	for _, c := range cells {
		if c.Codec == codec {
			chain = c
			points = append(points, stats.Point{N: c.Keybys, Kind: series[c], Chain: b.chain(c, c.Keybys)})
		}
	}
	if len(points) == 0 {
		return stats.Price{}, errUnmeasured
	}
	if none := b.chain(chain, 0); !slices.ContainsFunc(points, func(p stats.Point) bool { return p.N == 0 }) {
		// With no keyBy there is no exchange to tell apart from a chain.
		points = append(points, stats.Point{N: 0, Kind: none, Chain: none})
	}
	return stats.Slope(points)
}

// step prices an exchange whose cost no single number tells.
func (k *Keyby) step(extra []stats.Increment) {
	k.Each = Range{math.Inf(1), math.Inf(-1)}
	for _, e := range extra {
		if e.N == 0 {
			continue
		}
		k.Steps = append(k.Steps, Step{e.N, estimate(e.Summary)})
		each := e.Center / float64(e.N)
		k.Each = Range{min(k.Each.Lo, each), max(k.Each.Hi, each)}
	}
}

// chain returns the CPU time by round of n stages without an exchange, measured as the keyBy c was.
func (b *builder) chain(c results.Cell, n int) []float64 {
	for _, x := range b.pick(results.Cell.IsChain) {
		if x.Keybys == n && x.Procs == c.Procs {
			return b.cpu[x]
		}
	}
	return nil
}

// unslopedNotes say which codecs have no price of a keyBy, and why.
func (b *builder) unslopedNotes() []string {
	var notes []string
	for _, reason := range slices.Sorted(maps.Keys(b.refused)) {
		notes = append(notes, fmt.Sprintf("%s: no price of one more keyBy with %s: %s", called(b.schema), listOf(b.refused[reason]), reason))
	}
	return notes
}

// split tells what the cells of codec and hash account for from the rest, and what the price means at the user's rate.
func (b *builder) split(x *Exchange, r *Row) {
	k := r.Keyby
	if total := b.total(r.Codec); len(total) > 0 && r.has(results.OpEncode) && r.has(results.OpDecode) {
		codec := stats.Mean(total).Center
		accounted := codec
		if x.Hash != nil {
			accounted += x.Hash.Center
		}
		rest := k.Each.plus(-accounted)
		k.Codec, k.Accounted, k.Transport = &codec, &accounted, &rest
	}
	if b.options.Rate > 0 && r.Group != results.GroupFlink {
		if cores := k.Each.times(stats.Cores(1, b.options.Rate)); finite(cores.Lo) && finite(cores.Hi) {
			k.Cores = &cores
		}
	}
}

// has reports whether op was measured for r.
func (r *Row) has(op string) bool {
	return slices.ContainsFunc(r.Ops, func(c Cost) bool { return c.Op == op })
}
