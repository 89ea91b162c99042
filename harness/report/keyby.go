package report

import (
	"cmp"
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
	k.Linear = price.Linear
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
		notes = append(notes, fmt.Sprintf("%s: no price of one more keyBy with %s: %s", b.schema, listOf(b.refused[reason]), reason))
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
		cores := k.Each.times(stats.Cores(1, b.options.Rate))
		k.Cores = &cores
	}
}

// has reports whether op was measured for r.
func (r *Row) has(op string) bool {
	return slices.ContainsFunc(r.Ops, func(c Cost) bool { return c.Op == op })
}

// sentences say in words what the table says in numbers.
func (b *builder) sentences(t *Table) []string {
	rows := slices.DeleteFunc(slices.Clone(t.Rows), func(r Row) bool { return r.Keyby == nil || r.Group != "" })
	if len(rows) == 0 {
		return b.unpriced(t)
	}
	slices.SortStableFunc(rows, func(x, y Row) int { return cmp.Compare(y.Keyby.Each.Hi, x.Keyby.Each.Hi) })
	dear, cheap := rows[0], rows[len(rows)-1]
	s := fmt.Sprintf("one more keyBy costs %s", priceOf(dear))
	if dear.Codec != cheap.Codec {
		s += ", " + priceOf(cheap)
	}
	if rate := b.options.Rate; rate > 0 {
		s += fmt.Sprintf("; at --rate %.0f that is %s", rate, atRate(dear, cheap, rate))
	}
	out := []string{s}
	if per := b.options.PerCore; per > 0 {
		out = append(out, perCore(rows, per))
	}
	return out
}

// unpriced says why there is no answer to --rate and --per-core where only Flink's formats and the floor were measured.
func (b *builder) unpriced(t *Table) []string {
	if b.options.Rate == 0 && b.options.PerCore == 0 || !slices.ContainsFunc(t.Flink, func(r Row) bool { return r.Keyby != nil }) {
		return nil
	}
	return []string{"--rate and --per-core: no cores follow from the time that this Go implementation of a Flink format takes"}
}

func priceOf(r Row) string {
	return fmt.Sprintf("%s and %s with %s", r.Keyby.Each.text(nanos), bytesOf(r.Keyby.Wire), r.Codec)
}

func atRate(dear, cheap Row, rate float64) string {
	mega := func(r Row) float64 { return r.Keyby.Wire * rate / 1e6 }
	if dear.Codec == cheap.Codec {
		return fmt.Sprintf("%s cores and %.0f MB/s", dear.Keyby.Cores.text(short), mega(dear))
	}
	return fmt.Sprintf("%s against %s cores and %.0f against %.0f MB/s",
		dear.Keyby.Cores.text(short), cheap.Keyby.Cores.text(short), mega(dear), mega(cheap))
}

// perCore relates prices, dearest first, to what a record costs the user's job now.
func perCore(rows []Row, per float64) string {
	today := 1e9 / per
	share := func(r Row) string { return r.Keyby.Each.times(100/today).text(short) + " % with " + r.Codec }
	s := fmt.Sprintf("at --per-core %.0f your record costs %s today; one more keyBy adds %s", per, nanos(today), share(rows[0]))
	if last := rows[len(rows)-1]; last.Codec != rows[0].Codec {
		s += ", " + share(last)
	}
	return s
}
