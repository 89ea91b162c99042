package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/plural"
)

// The standings of a run say which codecs are cheapest so far. They are an io.Writer of results, a line or more at a time.
// No intervals, no ties, no keyBys: those are the report's.
type standings struct {
	cells map[results.Cell]*costs
}

// costs are what the samples of one cell cost so far.
type costs struct {
	rounds int
	logs   float64 // sum of the logarithms of CPU time: means are geometric, as in the report
}

func (c *costs) mean() float64 { return math.Exp(c.logs / float64(c.rounds)) }

// Write takes lines of results. Other lines are none of its business.
func (s *standings) Write(lines []byte) (int, error) {
	for line := range strings.Lines(string(lines)) {
		if !strings.HasPrefix(line, "Benchmark") {
			continue
		}
		if sample, err := results.ParseSample(line); err == nil {
			s.add(sample)
		}
	}
	return len(lines), nil
}

// ranked are the ops whose sum ranks codecs.
var ranked = []string{results.OpEncode, results.OpDecode}

func (s *standings) add(sample results.Sample) {
	c := sample.Cell
	cpu, ok := sample.Value(results.UnitCPU)
	if !ok || cpu <= 0 || c.IsExchange() || c.IsTwin() || !slices.Contains(ranked, c.Op) || !ranks(c.Codec) {
		return
	}
	if s.cells == nil {
		s.cells = map[results.Cell]*costs{}
	}
	if s.cells[c] == nil {
		s.cells[c] = &costs{}
	}
	s.cells[c].rounds++
	s.cells[c].logs += math.Log(cpu)
}

// ranks reports whether codecs are compared with the one called name: not with a floor, nor with Flink's formats, whose
// times are not Flink's.
func ranks(name string) bool {
	for _, f := range all.Formats {
		if f.Name == name {
			return !f.Floor && !f.Flink
		}
	}
	return false
}

// A standing is what one codec costs.
type standing struct {
	codec string
	cpu   float64 // ns, of all ranked ops that are measured
}

// after returns the standings after so many rounds, cheapest first, and the ops they are of. A codec that has not been in
// all rounds, since it failed, has none.
func (s *standings) after(rounds int) (list []standing, ops []string) {
	sums, have := map[string]float64{}, map[string]int{}
	for c, cost := range s.cells {
		if !slices.Contains(ops, c.Op) {
			ops = append(ops, c.Op)
		}
		if cost.rounds >= rounds {
			sums[c.Codec] += cost.mean()
			have[c.Codec]++
		}
	}
	for codec, cpu := range sums {
		if have[codec] == len(ops) {
			list = append(list, standing{codec, cpu})
		}
	}
	slices.SortFunc(list, func(a, b standing) int { return cmp.Or(cmp.Compare(a.cpu, b.cpu), cmp.Compare(a.codec, b.codec)) })
	slices.SortFunc(ops, func(a, b string) int { return cmp.Compare(slices.Index(ranked, a), slices.Index(ranked, b)) })
	return list, ops
}

// mostStandings is how many codecs are shown.
const mostStandings = 5

// lines shows the standings after so many rounds, nil if there are none yet.
func (s *standings) lines(rounds int) []string {
	list, ops := s.after(rounds)
	if rounds == 0 || len(list) == 0 {
		return nil
	}
	var text strings.Builder
	fmt.Fprintf(&text, "after %s, %s:\n", plural.Count(rounds, "round"), strings.Join(ops, " + "))
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', tabwriter.AlignRight)
	for i, st := range list[:min(len(list), mostStandings)] {
		fmt.Fprintf(w, "%d\t%s\t%.0f ns\t\n", i+1, st.codec, st.cpu)
	}
	w.Flush()
	return strings.Split(strings.TrimSuffix(text.String(), "\n"), "\n")
}
