package report

import (
	"slices"

	"github.com/wirecost/wirecost/harness/results"
)

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
			out = append(out, Missing{Codec: x.Cell.Codec, Kind: x.Kind, Failed: x.Kind == results.Failed, Reason: x.Reason})
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
