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

// A Verdict answers one of the questions that a table is read for.
type Verdict struct {
	Of     string   `json:"of"`               // ofBytes, ofCPU or ofKeyby
	Codecs []string `json:"codecs,omitempty"` // the cheapest, and those not told apart from it; none: there is no verdict
	Next   string   `json:"next,omitempty"`   // the cheapest of the others
	Text   string   `json:"text"`             // the same in words, with the figures
}

// What verdicts are of.
const (
	ofBytes = "bytes"
	ofCPU   = "cpu"
	ofKeyby = "keyby"
)

// title is what stands before the text of a verdict on t.
func (t *Table) title(v Verdict) string {
	switch v.Of {
	case ofBytes:
		return "Bytes"
	case ofCPU:
		return "CPU"
	}
	if t.Exchange == nil {
		return "One more keyBy"
	}
	return "One more " + t.Exchange.what()
}

// verdicts answers what t has numbers for. The floor is no codec that one could choose. Flink's formats take part where
// bytes are compared, which are Flink's own, and nowhere else.
func (b *builder) verdicts(t *Table) []Verdict {
	verdicts := []Verdict{bytesVerdict(t), b.cpuVerdict(t), b.keybyVerdict(t)}
	if cpu, keyby := &verdicts[1], &verdicts[2]; keyby.Text == cpu.Text && keyby.Text != "" {
		keyby.Text = "no verdict, as for CPU"
	}
	return slices.DeleteFunc(verdicts, func(v Verdict) bool { return v.Text == "" })
}

// choosable returns the rows that are compared by time.
func (t *Table) choosable() []Row {
	return slices.DeleteFunc(slices.Clone(t.Rows), func(r Row) bool { return r.Group != "" })
}

// bytesVerdict says which codec is smallest.
func bytesVerdict(t *Table) Verdict {
	rows := slices.DeleteFunc(append(t.choosable(), t.Flink...), func(r Row) bool { return r.Size == nil })
	if len(rows) == 0 {
		return Verdict{}
	}
	slices.SortStableFunc(rows, func(x, y Row) int { return cmp.Compare(*x.Size, *y.Size) })
	n := 1
	for n < len(rows) && equalSizes(*rows[n].Size, *rows[0].Size) {
		n++
	}
	v := Verdict{Of: ofBytes, Codecs: codecsOf(rows[:n]), Text: smallest(rows, n)}
	if n < len(rows) {
		v.Next = rows[n].Codec
	}
	return v
}

// equalSizes compares means of bytes, which may come from different sums.
func equalSizes(x, y float64) bool { return math.Abs(x-y) <= 1e-9*math.Abs(y) }

// smallest is the verdict on rows, smallest first, of which the first n are equal.
func smallest(rows []Row, n int) string {
	if len(rows) == 1 {
		return fmt.Sprintf("%s B a record with %s", tenths(*rows[0].Size), marked(rows[0]))
	}
	s := marked(rows[0]) + " is"
	if n > 1 {
		s = listOf(codecsOf(rows[:n])) + " are"
	}
	s += fmt.Sprintf(" smallest, %s B a record", tenths(*rows[0].Size))
	if n < len(rows) {
		s += fmt.Sprintf("; next is %s, %s B", marked(rows[n]), tenths(*rows[n].Size))
	}
	return s
}

func codecsOf(rows []Row) []string {
	var names []string
	for _, r := range rows {
		names = append(names, r.Codec)
	}
	return names
}

// A contest is what a verdict on time is found from.
type contest struct {
	rows   []Row // cheapest first
	tied   int   // so many of the first are not told apart
	rounds int   // below results.MinRounds, nothing is
	cost   func(Row) string
	span   func([]Row) string // what several cost
	of     string             // behind the cost of the first: what it is of
	next   func(Row) string   // what the next costs
}

// verdict says who wins.
func (c contest) verdict(of string) Verdict {
	first, last := c.rows[0], c.rows[len(c.rows)-1]
	switch {
	case len(c.rows) == 1:
		return Verdict{Of: of, Text: fmt.Sprintf("%s%s with %s", c.cost(first), c.of, called(first.Codec))}
	case c.rounds < results.MinRounds:
		return Verdict{Of: of, Text: fmt.Sprintf("%s%s with %s, %s with %s; not ranked: %s, and intervals need %d",
			c.cost(first), c.of, called(first.Codec), c.cost(last), called(last.Codec), plural.Count(c.rounds, "round"), results.MinRounds)}
	}
	v := Verdict{Of: of, Codecs: codecsOf(c.rows[:c.tied])}
	if c.tied > 1 {
		v.Text = fmt.Sprintf("%s are cheapest and not told apart, %s%s", listOf(v.Codecs), c.span(c.rows[:c.tied]), c.of)
	} else {
		v.Text = fmt.Sprintf("%s is cheapest, %s%s", called(first.Codec), c.cost(first), c.of)
	}
	if c.tied < len(c.rows) {
		next := c.rows[c.tied]
		v.Next = next.Codec
		v.Text += fmt.Sprintf("; next is %s, %s", called(next.Codec), c.next(next))
	}
	return v
}

// cpuVerdict says which codec takes least time for the ops that rank.
func (b *builder) cpuVerdict(t *Table) Verdict {
	rows := slices.DeleteFunc(t.choosable(), func(r Row) bool { return len(b.total(r.Codec)) == 0 })
	switch {
	case len(t.Ops) == 0:
		return Verdict{}
	case len(rows) == 0 && len(t.choosable()) > 0:
		return Verdict{Of: ofCPU, Text: "no verdict: no codec has all of " + listOf(b.rankedOps())}
	case len(rows) == 0:
		return Verdict{Of: ofCPU, Text: t.noTimes(func(r Row) bool { return len(r.Ops) > 0 })}
	}
	cost := func(r Row) float64 { return stats.Mean(b.total(r.Codec)).Center }
	return contest{
		rows: rows, rounds: t.Rounds,
		tied: len(slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Rank != 1 })),
		cost: func(r Row) string { return nanos(cost(r)) },
		span: func(tied []Row) string { return Range{cost(tied[0]), cost(tied[len(tied)-1])}.text(nanos) },
		of:   " a record to " + doing(b.rankedOps()),
		next: func(r Row) string {
			ratio := estimate(stats.Ratio(b.total(r.Codec), b.total(rows[0].Codec)))
			return withHalf(factor(ratio.Center)+" times that", ratio)
		},
	}.verdict(ofCPU)
}

// doing says what ops do with a record.
func doing(ops []string) string {
	verbs := slices.Clone(ops)
	for i, op := range verbs {
		if op == results.OpDecodeReuse {
			verbs[i] = "decode into a used one"
		}
	}
	return listOf(verbs)
}

// keybyVerdict says with which codec one more keyBy is cheapest, with which it is dearest, and what it costs.
func (b *builder) keybyVerdict(t *Table) Verdict {
	rows := b.cheapestFirst(t.priced())
	if len(rows) == 0 {
		return Verdict{Of: ofKeyby, Text: t.noTimes(func(r Row) bool { return r.Keyby != nil })}
	}
	v := contest{
		rows: rows, rounds: len(rows[0].Keyby.slopes), tied: b.tiedKeybys(rows),
		cost: priceOf, span: spanOf, of: " a record", next: priceOf,
	}.verdict(ofKeyby)
	if last := rows[len(rows)-1]; v.Next != "" && v.Next != last.Codec {
		v.Text += fmt.Sprintf("; %s is dearest, %s", called(last.Codec), priceOf(last))
	}
	if failed := b.failed([]string{results.OpMove}); len(failed) > 0 {
		v.Text += fmt.Sprintf(" (no numbers of %s)", listOf(failed))
	}
	return v
}

// priced returns the choosable rows with a price, cheapest first.
func (t *Table) priced() []Row {
	rows := slices.DeleteFunc(t.choosable(), func(r Row) bool { return r.Keyby == nil })
	slices.SortStableFunc(rows, byPrice)
	return rows
}

// byPrice puts rows with a price in order.
func byPrice(x, y Row) int {
	return cmp.Or(cmp.Compare(x.Keyby.mean(), y.Keyby.mean()), strings.Compare(x.Codec, y.Codec))
}

// mean is the price that rows are in order of.
func (k *Keyby) mean() float64 { return stats.Mean(k.slopes).Center }

// cheapestFirst returns priced rows in the order of their ranks.
func (b *builder) cheapestFirst(rows []Row) []Row {
	var out []Row
	for _, p := range b.keybyPlaces(rows) {
		out = append(out, rows[p.Cell])
	}
	return out
}

// tiedKeybys returns how many of the first of rows, which are in the order of their ranks, share the first.
func (b *builder) tiedKeybys(rows []Row) int {
	n := 0
	for _, p := range b.keybyPlaces(rows) {
		if p.Rank == 1 {
			n++
		}
	}
	return n
}

func (b *builder) keybyPlaces(rows []Row) []stats.Place {
	var costs [][]float64
	for _, r := range rows {
		costs = append(costs, r.Keyby.slopes)
	}
	return places(costs, b.fixed)
}

// priceOf is what a keyBy costs with the codec of r.
func priceOf(r Row) string {
	s := r.Keyby.Each.text(nanos)
	if r.Keyby.Linear {
		s = withHalf(s, r.Keyby.CPU)
	}
	return s + " and " + bytesOf(r.Keyby.Wire)
}

// spanOf is from where to where prices go.
func spanOf(rows []Row) string {
	each := rows[0].Keyby.Each
	wire := Range{rows[0].Keyby.Wire, rows[0].Keyby.Wire}
	for _, r := range rows {
		each = Range{min(each.Lo, r.Keyby.Each.Lo), max(each.Hi, r.Keyby.Each.Hi)}
		wire = Range{min(wire.Lo, r.Keyby.Wire), max(wire.Hi, r.Keyby.Wire)}
	}
	return each.text(nanos) + " and " + wire.text(bytesOf)
}
