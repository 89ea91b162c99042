package report

import (
	"fmt"
	"maps"
	"math"
	"slices"

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
	cells := b.pick(results.Cell.IsKeyby)
	if len(cells) == 0 {
		return nil
	}
	x := &Exchange{Kind: b.key.exchange, Rounds: b.rounds[cells[0].Block()], Key: b.file.Facts.Key(b.schema)}
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
		if r.Group == results.GroupFloor && r.Keyby.Codec != nil {
			rest := r.Keyby.Each.plus(-*r.Keyby.Codec)
			x.Overhead, x.floor = &rest, r.Codec
		}
	}
	x.Keybys = keybys(cells)
	return x
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
	var points []stats.Point
	k := &Keyby{}
	for _, c := range cells {
		if c.Codec != r.Codec {
			continue
		}
		points = append(points, stats.Point{N: c.Keybys, Kind: b.cpu[c], Chain: b.chain(c, c.Keybys)})
		if v := b.exact(c, results.UnitWire); v != nil {
			k.Wire = *v
		}
	}
	if len(points) == 0 {
		return nil
	}
	if none := b.chain(cells[0], 0); !slices.ContainsFunc(points, func(p stats.Point) bool { return p.N == 0 }) {
		// With no keyBy there is no exchange to tell apart from a chain.
		points = append(points, stats.Point{N: 0, Kind: none, Chain: none})
	}
	price, err := stats.Slope(points)
	if err != nil {
		b.refused[err.Error()] = append(b.refused[err.Error()], r.Codec)
		return nil
	}
	k.Linear, k.slopes = price.Linear, price.ByRound
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
