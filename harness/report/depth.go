package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
	"github.com/wirecost/wirecost/internal/plural"
)

// netty is what a buffer carries between two task managers besides its records: the frame of a BufferResponse of Flink 2.x
// (1.20 has 4 bytes less), in front of at most 32 KiB. The 29 bytes of an AddCredit go the other way.
const (
	nettyHeader = 47
	segment     = 32 << 10
)

// offPrice is how far the parts of a price may be from the whole before the report says so.
const offPrice = 0.1

// depth fills in what r's price is made of, and what else one more keyBy takes.
func (b *builder) depth(cells, crossing []results.Cell, r *Row) {
	k := r.Keyby
	k.Headers = k.Wire * nettyHeader / segment
	// What was sent is a number of its own in each sample; the first stands for all.
	if k.Sent = b.anyExact(results.Cell.IsKeyby, r.Codec, results.UnitSent); k.Sent != nil {
		k.Headers = *k.Sent - k.Wire
	}
	b.allocations(cells, r)
	b.collecting(cells, r)
	b.cross(crossing, r)
	b.parts(r)
}

// allocations divides what most keyBys allocate by their number: counts are rounded down to whole allocations an operation.
func (b *builder) allocations(cells []results.Cell, r *Row) {
	var most *results.Cell
	for _, c := range cells {
		if c.Codec == r.Codec && c.Keybys > 0 && (most == nil || c.Keybys > most.Keybys) {
			most = &c
		}
	}
	if most == nil {
		return
	}
	each := func(unit string) *float64 {
		v := b.exact(*most, unit)
		if v != nil {
			*v /= float64(most.Keybys)
		}
		return v
	}
	r.Keyby.Allocs, r.Keyby.Bytes = each(results.UnitAllocs), each(results.UnitBytes)
}

// collecting finds the share of a price that collects garbage. Chained operators make none.
func (b *builder) collecting(cells []results.Cell, r *Row) {
	points := []stats.Point{}
	for _, c := range cells {
		if gc := b.gc[c]; c.Codec == r.Codec && len(gc) > 0 {
			points = append(points, stats.Point{N: c.Keybys, Kind: gc, Chain: make([]float64, len(gc))})
		}
	}
	if len(points) == 0 {
		return
	}
	if !slices.ContainsFunc(points, func(p stats.Point) bool { return p.N == 0 }) {
		none := make([]float64, len(points[0].Kind))
		points = append(points, stats.Point{N: 0, Kind: none, Chain: none})
	}
	price, err := stats.Slope(points)
	if whole := r.Keyby.mean(); err == nil && whole > 0 && finite(price.Center/whole) {
		share := min(max(price.Center/whole, 0), 1)
		r.Keyby.GC = &share
	}
}

// cross finds what crossing from core to core adds to a price.
func (b *builder) cross(cells []results.Cell, r *Row) {
	price, err := b.price(cells, r.Codec, b.cpu)
	if err != nil {
		return // not measured there, or with too few numbers of keyBys
	}
	i := slices.IndexFunc(cells, func(c results.Cell) bool { return c.Codec == r.Codec })
	adds := make([]float64, min(len(price.ByRound), len(r.Keyby.slopes)))
	for round := range adds {
		adds[round] = price.ByRound[round] - r.Keyby.slopes[round]
	}
	r.Keyby.Crossing = &Crossing{Cores: cells[i].Procs, CPU: estimate(price.Summary), Adds: estimate(stats.Mean(adds))}
}

// parts puts the parts of a price together, if all of them were measured.
func (b *builder) parts(r *Row) {
	write, over, read := b.part(r, results.OpWrite), b.part(r, results.OpHandOver), b.part(r, results.OpRead)
	encode, decode := b.series(results.OpEncode, r.Codec), b.series(results.OpDecode, r.Codec)
	if write == nil || over == nil || read == nil || encode == nil || decode == nil {
		return
	}
	sum := make([]float64, min(len(write), len(over), len(read)))
	for round := range sum {
		sum[round] = write[round] + over[round] + read[round]
	}
	center := func(xs []float64) float64 { return stats.Mean(xs).Center }
	p := &Parts{Encode: center(encode), HandOver: center(over), Decode: center(decode),
		Sum: estimate(stats.Mean(sum)), OfWhole: estimate(stats.Ratio(sum, r.Keyby.slopes))}
	p.Route = center(write) + center(read) - p.Encode - p.Decode
	r.Keyby.Parts = p
}

// part returns the CPU time by round of a part of the exchange with r's codec.
func (b *builder) part(r *Row, op string) []float64 {
	for _, c := range b.pick(results.Cell.IsPart) {
		if c.Codec == r.Codec && c.Op == op {
			return b.cpu[c]
		}
	}
	return nil
}

// off reports whether the parts do not add up to the whole.
func (p *Parts) off() bool {
	return p.OfWhole.Center != 0 && p.OfWhole.Center < 1-offPrice || p.OfWhole.Center > 1+offPrice
}

// prices is the table of what one more keyBy takes with the codecs in rows, whole.
func (t *Table) prices(rows []Row) *grid {
	g := t.keybyGrid(rows)
	g.addKeyby(t)
	g.add(column{head: []string{"±"}, level: levelMust}, func(r Row) cell { return cell{text: halfOf(r.Keyby.CPU)} })
	crossing := keybyUnit(g.rows, func(k *Keyby) Range { return k.crossing() })
	for i, r := range g.rows {
		if r.Keyby.Crossing == nil {
			continue
		}
		head := []string{fmt.Sprintf("on %d", g.rows[i].Keyby.Crossing.Cores), "cores, " + crossing.name}
		g.add(column{head: head, level: levelMust}, func(r Row) cell {
			if r.Keyby.Crossing == nil {
				return cell{text: none}
			}
			return cell{text: r.Keyby.crossing().in(crossing)}
		})
		break
	}
	g.add(column{head: []string{"GC"}, level: levelMust}, func(r Row) cell {
		if r.Keyby.GC == nil {
			return cell{text: none}
		}
		return cell{text: percent(*r.Keyby.GC)}
	})
	g.add(column{head: []string{"allocs"}, level: levelMust}, func(r Row) cell { return cell{text: someOf(r.Keyby.Allocs)} })
	g.add(column{head: []string{"B"}, level: levelMust}, func(r Row) cell { return cell{text: someOf(r.Keyby.Bytes)} })
	return g
}

// crossing is what k costs on several cores, as a range of one number.
func (k *Keyby) crossing() Range {
	if k.Crossing == nil {
		return Range{}
	}
	return Range{k.Crossing.CPU.Center, k.Crossing.CPU.Center}
}

// halfOf is half of an interval as a share.
func halfOf(e Estimate) string {
	if h, ok := e.half(); ok {
		return percent(math.Abs(h))
	}
	return none
}

// someOf is a number that need not be whole.
func someOf(v *float64) string {
	switch {
	case v == nil:
		return none
	case *v == math.Trunc(*v):
		return whole(*v)
	}
	return tenths(*v)
}

// keybyGrid begins a table of those of rows that have a price, in order of that.
func (t *Table) keybyGrid(rows []Row) *grid {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Keyby == nil })
	slices.SortStableFunc(rows, func(x, y Row) int { return cmp.Or(cmp.Compare(floorFirst(x), floorFirst(y)), byPrice(x, y)) })
	g := &grid{rows: rows}
	g.add(column{head: []string{"codec"}, left: true, name: true}, func(r Row) cell { return cell{text: r.name()} })
	g.add(column{head: []string{"time of"}, left: true}, func(Row) cell { return cell{text: t.timeOf()} })
	return g
}

// composition is the table of what one more keyBy is made of. It is empty if none was taken apart.
func (t *Table) composition(rows []Row) *grid {
	g := t.keybyGrid(slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Keyby == nil || r.Keyby.Parts == nil }))
	u := keybyUnit(g.rows, func(k *Keyby) Range { return Range{k.Parts.Sum.Center, k.Parts.Sum.Center} })
	for _, part := range []struct {
		head []string
		of   func(*Parts) float64
	}{
		{[]string{"encode"}, func(p *Parts) float64 { return p.Encode }},
		{[]string{"framing,", "routing"}, func(p *Parts) float64 { return p.Route }},
		{[]string{"hand-over"}, func(p *Parts) float64 { return p.HandOver }},
		{[]string{"decode"}, func(p *Parts) float64 { return p.Decode }},
		{[]string{"sum, " + u.name}, func(p *Parts) float64 { return p.Sum.Center }},
	} {
		g.add(column{head: part.head, level: levelMust}, func(r Row) cell { return cell{text: u.number(part.of(r.Keyby.Parts))} })
	}
	g.add(column{head: []string{"of the", "whole"}, level: levelMust}, func(r Row) cell {
		if r.Keyby.Parts.OfWhole.Center == 0 {
			return cell{text: none}
		}
		return cell{text: fmt.Sprintf("%.0f %%", 100*r.Keyby.Parts.OfWhole.Center)}
	})
	return g
}

// traffic is the table of the bytes that one more keyBy sends for each record.
func (t *Table) traffic(rows []Row) *grid {
	g := t.keybyGrid(rows)
	number := func(head []string, of func(Row) (float64, bool)) {
		g.add(column{head: head, level: levelMust}, func(r Row) cell {
			v, ok := of(r)
			if !ok {
				return cell{text: none}
			}
			return cell{text: tenths(v)}
		})
	}
	number([]string{"value"}, func(r Row) (float64, bool) {
		if r.Size == nil {
			return 0, false
		}
		return *r.Size, true
	})
	number([]string{"framing"}, func(Row) (float64, bool) { return t.Exchange.Framing, t.Exchange.Framing > 0 })
	number([]string{"wire"}, func(r Row) (float64, bool) { return r.Keyby.Wire, true })
	if t.Exchange.Route == nil || t.Exchange.Parallelism == 0 {
		return g
	}
	g.add(column{head: []string{"sent"}, level: levelMust}, func(r Row) cell { return cell{text: someOf(r.Keyby.Sent)} })
	g.add(column{head: []string{"header"}, level: levelMust}, func(r Row) cell { return cell{text: short(r.Keyby.Headers)} })
	for _, hop := range t.Exchange.hops() {
		number([]string{"network,", hop.name}, func(r Row) (float64, bool) { return hop.away * (r.Keyby.Wire + r.Keyby.Headers), true })
	}
	return g
}

// A hop is one more exchange behind another, and the share of the records that it sends to other subtasks.
type hop struct {
	name string
	away float64
}

// hops are the exchanges that one could add behind the first.
func (x *Exchange) hops() []hop {
	switch {
	case x.Brokered:
		return []hop{{"to brokers", 1}}
	case x.Partitioner != "keyBy":
		return []hop{{x.what(), x.Route.Away[1]}}
	case x.OtherKey != "":
		return []hop{{"same key", 0}, {"other key", x.Route.Away[1]}}
	}
	return []hop{{"same key", x.Route.Away[1]}, {"another key", 1 - 1/float64(x.Parallelism)}}
}

// what is what one exchange is called.
func (x *Exchange) what() string { return called(x.Partitioner) }

// partsNotes say of which codecs the parts do not add up to the whole.
func (t *Table) partsNotes() []string {
	var off []string
	for _, r := range t.all() {
		if r.Keyby != nil && r.Keyby.Parts != nil && r.Keyby.Parts.off() {
			off = append(off, r.Codec)
		}
	}
	notes := []string{"Each part is measured without the others; the sum is theirs, and the whole is the price above."}
	if len(off) > 0 {
		notes = append(notes, fmt.Sprintf("The parts of %s are more than %.0f %% off the whole: alone they find in the cache what they share it for together.",
			listOf(off), 100*offPrice))
	}
	return notes
}

// crossingNotes say what crossing from core to core adds, with each codec of which that was measured.
func (t *Table) crossingNotes() []string {
	var parts []string
	cores := 0
	for _, r := range t.all() {
		if k := r.Keyby; k != nil && k.Crossing != nil {
			cores = k.Crossing.Cores
			parts = append(parts, fmt.Sprintf("%s with %s", span(k.Crossing.Adds), called(r.Codec)))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("The price is that of one core. Crossing from core to core, on %d of them, adds %s.", cores, strings.Join(parts, ", "))}
}

// span is an estimate of what may be nothing: its interval, or the number alone where there is none.
func span(e Estimate) string {
	if e.Lo == nil {
		return nanos(e.Center)
	}
	return Range{*e.Lo, *e.Hi}.text(nanos)
}

// trafficNotes say where the records of one more exchange go, and what that means.
func (t *Table) trafficNotes(rate float64) []string {
	x := t.Exchange
	if x.Route == nil || x.Parallelism == 0 {
		return nil
	}
	var notes []string
	switch {
	case x.Brokered:
		notes = append(notes, "Every record goes to the brokers, and from there to its subtask, whichever its key; sent is what one run sent, batches and all.")
	case x.Partitioner != "keyBy":
		notes = append(notes, fmt.Sprintf("One more %s sends %s of the records to other subtasks.", x.what(), percent(x.Route.Away[1])))
	case x.OtherKey != "":
		notes = append(notes, fmt.Sprintf("Every second keyBy is on %s: it sends %s of the records to other subtasks.", said(x.OtherKey, mostValue), percent(x.Route.Away[1])))
	default:
		notes = append(notes, fmt.Sprintf("A further keyBy on the same key sends every record to the subtask it is already on: no network, and the codec is paid "+
			"all the same. One on another key sends %d of %d records to other subtasks.", x.Parallelism-1, x.Parallelism))
	}
	if !x.Brokered {
		notes = append(notes, fmt.Sprintf("network is a mean over all records, between as many task managers as subtasks, with %d B of header for each buffer of 32 KiB.", nettyHeader))
	}
	if rows := t.priced(); rate > 0 && len(rows) > 0 {
		last := x.hops()[len(x.hops())-1]
		var parts []string
		for _, r := range ends(rows) {
			parts = append(parts, fmt.Sprintf("%s MB/s with %s", short(last.away*(r.Keyby.Wire+r.Keyby.Headers)*rate/1e6), called(r.Codec)))
		}
		notes = append(notes, fmt.Sprintf("At --rate %s that is, by %s, %s over the network.", plain(rate), last.name, strings.Join(parts, ", ")))
	}
	return append(notes, x.slowest())
}

// slowest says how uneven the load is.
func (x *Exchange) slowest() string {
	busiest := max(x.Route.Busiest[0], x.Route.Busiest[1])
	return fmt.Sprintf("The slowest of %s has %s of the records, %s times its share: the job is as fast as it is.",
		plural.Count(x.Parallelism, "subtask"), percent(busiest), factor(busiest*float64(x.Parallelism)))
}

// sinkNotes say what the keyBy saves a sink, and for how much.
func (t *Table) sinkNotes() []string {
	x := t.Exchange
	if x.Sink == nil || x.Parallelism == 0 {
		return nil
	}
	s := x.Sink
	notes := []string{fmt.Sprintf("A sink of %s: without a keyBy on the partition each of %s has up to %d files open, %d in all; with it %s, %d in all.",
		plural.Count(s.Partitions, "partition"), plural.Count(x.Parallelism, "subtask"), s.Partitions, s.Partitions*x.Parallelism,
		fromTo(s.Least, s.Most), s.Partitions)}
	var parts []string
	for _, r := range ends(t.priced()) {
		parts = append(parts, fmt.Sprintf("%s a record with %s", priceOf(r), called(r.Codec)))
	}
	if len(parts) > 0 {
		notes = append(notes, fmt.Sprintf("That keyBy costs %s.", strings.Join(parts, ", ")))
	}
	return notes
}

func fromTo(least, most int) string {
	if least == most {
		return fmt.Sprint(most)
	}
	return fmt.Sprintf("%d to %d", least, most)
}

// A chapter of a report on keyBys: what stands above it, its tables, and what stands below.
type chapter struct {
	title string
	grid  func(rows []Row) *grid
	notes []string
}

// chapters are what the report on keyBys says of a table.
func (t *Table) chapters(rate float64) []chapter {
	return []chapter{
		{fmt.Sprintf("One more %s, whole:", t.Exchange.what()), t.prices, slices.Concat([]string{t.exchangeNote()}, t.unlinear(), t.crossingNotes())},
		{"What it is made of:", t.composition, t.partsNotes()},
		{"What it sends, in bytes a record:", t.traffic, slices.Concat(t.trafficNotes(rate), t.sinkNotes())},
	}
}

// only returns those of a table's verdicts that a report on keyBys shows.
func (o Options) only(verdicts []Verdict) []Verdict {
	if !o.Keybys {
		return verdicts
	}
	return slices.DeleteFunc(slices.Clone(verdicts), func(v Verdict) bool { return v.Of != ofKeyby })
}
