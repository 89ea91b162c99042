package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
)

// A Tie is a rank that codecs share, and an op that tells them apart nevertheless.
type Tie struct {
	Rank   int      `json:"rank"`
	Codecs []string `json:"codecs"`
	Apart  []Apart  `json:"apart"`
}

// An Apart says who of a Tie is ahead in one op, and of which others it clearly is.
type Apart struct {
	Op    string   `json:"op"`
	Ahead string   `json:"ahead"`
	Of    []string `json:"of"`
}

// A costing is what rows are put in order by.
type costing struct {
	by string                 // in words
	of func(Row) []float64    // CPU time by round, empty if the row lacks a part of it
	at func(Row) (ns float64) // what is known of it
}

// rankedOps returns the ops whose sum ranks codecs: encode and decode, once each; others only if neither was measured.
func (b *builder) rankedOps() []string {
	ops := b.ops()
	if slices.Contains(ops, results.OpEncode) || slices.Contains(ops, results.OpDecode) {
		ops = slices.DeleteFunc(ops, func(op string) bool { return op != results.OpEncode && op != results.OpDecode })
	}
	return ops
}

// totals ranks by the sum of ops.
func (b *builder) totals() costing {
	ops := b.rankedOps()
	known := func(r Row) (ns float64) {
		for _, c := range r.Ops {
			if slices.Contains(ops, c.Op) {
				ns += c.CPU.Center
			}
		}
		return ns
	}
	return costing{by: strings.Join(ops, " + "), of: func(r Row) []float64 { return b.total(r.Codec) }, at: known}
}

// prices ranks by what one more keyBy costs.
func prices() costing {
	return costing{
		by: "one more keyBy",
		of: func(r Row) []float64 {
			if r.Keyby == nil {
				return nil
			}
			return r.Keyby.slopes
		},
		at: func(r Row) float64 {
			if r.Keyby == nil {
				return 0
			}
			return r.Keyby.Each.Hi
		},
	}
}

// total returns the CPU time by round of a codec's ranked ops together, empty if it lacks one of them.
func (b *builder) total(codec string) []float64 {
	var sum []float64
	for i, op := range b.rankedOps() {
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

// rank puts rows into t in order of cost, Flink's formats apart.
func (b *builder) rank(t *Table, rows []Row) {
	var flink []Row
	rows = slices.DeleteFunc(rows, func(r Row) bool {
		if r.Group == results.GroupFlink {
			r.Times = t.flinkTimes()
			flink = append(flink, r)
		}
		return r.Group == results.GroupFlink
	})
	by := b.totals()
	if len(t.Ops) == 0 {
		by = prices()
	}
	t.RankedBy = by.by
	t.Rows, t.Flink = b.sorted(rows, by, t.Rounds >= results.MinRounds), b.sorted(flink, by, false)
	t.Ties = b.ties(t.Rows)
	t.Unranked = b.unranked(t)
}

// sorted returns rows with the floor first and the others by cost, ranked if rank says so; those that lack a part of the
// cost come last.
func (b *builder) sorted(rows []Row, by costing, rank bool) []Row {
	floor, others, partly := []Row{}, []Row{}, []Row{}
	var costs [][]float64
	for _, r := range rows {
		switch cost := by.of(r); {
		case r.Group == results.GroupFloor:
			floor = append(floor, r)
		case len(cost) == 0:
			partly = append(partly, r)
		default:
			others, costs = append(others, r), append(costs, cost)
		}
	}
	inOrder := func(x, y Row) int {
		return cmp.Or(cmp.Compare(by.at(x), by.at(y)), strings.Compare(x.Codec, y.Codec))
	}
	slices.SortFunc(floor, inOrder)
	slices.SortFunc(partly, inOrder)
	out := floor
	for _, p := range places(costs, b.fixed) {
		r := others[p.Cell]
		if rank {
			r.Rank, r.Tied = p.Rank, p.Tied
		}
		out = append(out, r)
	}
	return append(out, partly...)
}

// places puts costs in order and ranks them. The slope of a price near 0 may be below it in some rounds, and then has no
// logarithm to compare by.
func places(costs [][]float64, fixed bool) []stats.Place {
	for _, c := range costs {
		if slices.Min(c) <= 0 {
			return placesByMean(costs, fixed)
		}
	}
	return stats.Rank(costs, fixed)
}

// placesByMean ranks as stats.Rank does, but by means and what they differ by.
func placesByMean(costs [][]float64, fixed bool) []stats.Place {
	out := make([]stats.Place, len(costs))
	for i, c := range costs {
		out[i] = stats.Place{Cell: i, Mean: stats.Mean(c).Center}
	}
	slices.SortStableFunc(out, func(x, y stats.Place) int { return cmp.Compare(x.Mean, y.Mean) })
	for i := range out {
		out[i].Rank = i + 1
		if i == 0 || toldApart(costs[out[i].Cell], costs[out[i-1].Cell], fixed) {
			continue
		}
		out[i].Rank, out[i].Tied, out[i-1].Tied = out[i-1].Rank, true, true
	}
	return out
}

// toldApart reports whether two costs, paired by round, differ as far as this run can tell.
func toldApart(x, y []float64, fixed bool) bool {
	diffs := make([]float64, min(len(x), len(y)))
	for r := range diffs {
		diffs[r] = x[r] - y[r]
	}
	ratio := stats.Mean(x).Center / stats.Mean(y).Center
	return stats.Mean(diffs).Excludes(0) && !stats.Tie(stats.Summary{Center: ratio, Lo: ratio, Hi: ratio}, fixed)
}

// ties returns the shared ranks of rows for which a single op has a clear order.
func (b *builder) ties(rows []Row) []Tie {
	var out []Tie
	ops := b.rankedOps()
	if len(ops) < 2 {
		return nil
	}
	for rank := 1; rank <= len(rows); rank++ {
		t := Tie{Rank: rank}
		for _, r := range rows {
			if r.Rank == rank && r.Tied {
				t.Codecs = append(t.Codecs, r.Codec)
			}
		}
		for _, op := range ops {
			if ahead, of := b.ahead(t.Codecs, op); len(of) > 0 {
				t.Apart = append(t.Apart, Apart{op, ahead, of})
			}
		}
		if len(t.Apart) > 0 {
			out = append(out, t)
		}
	}
	return out
}

// ahead returns the codec that is cheapest in an op, and those of codecs that are told apart from it.
func (b *builder) ahead(codecs []string, op string) (first string, of []string) {
	var costs [][]float64
	for _, c := range codecs {
		costs = append(costs, b.series(op, c))
	}
	order := places(costs, b.fixed)
	for _, p := range order {
		ratio := stats.Ratio(costs[p.Cell], costs[order[0].Cell])
		if ratio.Bounded() && !stats.Tie(ratio, b.fixed) {
			of = append(of, codecs[p.Cell])
		}
	}
	if len(of) > 0 {
		first = codecs[order[0].Cell]
	}
	return first, of
}

// unranked returns the codecs that failed in one of the costs that t ranks by, in the order of their rows.
func (b *builder) unranked(t *Table) []string {
	ops := b.rankedOps()
	if len(t.Ops) == 0 {
		ops = []string{results.OpMove}
	}
	if !slices.ContainsFunc(t.Rows, func(r Row) bool { return r.Rank > 0 }) {
		return nil
	}
	return b.failed(ops)
}

// failed returns the codecs, Flink's formats and the floor apart, that have no numbers of one of ops and could have some.
func (b *builder) failed(ops []string) []string {
	var out []string
	for _, x := range b.file.Failures {
		c := x.Cell
		could := b.has(c) && c.Codec != results.NoCodec && !c.IsTwin() && b.group(c.Codec) == "" && x.Kind != results.NotCarried
		if could && slices.Contains(ops, c.Op) {
			out = append(out, c.Codec)
		}
	}
	return unique(out)
}
