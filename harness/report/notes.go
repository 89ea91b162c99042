package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/plural"
)

// name says which table t is.
func (t *Table) name() string {
	s := said(t.Schema, mostValue)
	if t.Runtime != "" {
		s += ", runtime " + called(t.Runtime)
	}
	if t.several && t.Exchange != nil {
		s += ", exchange " + called(t.Exchange.Kind)
	}
	return s
}

// head says what the numbers of t are about.
func (t *Table) head() string {
	s := t.name()
	if t.Records > 0 {
		s += ": " + plural.Count(t.Records, "record")
	}
	if t.Rounds > 0 {
		s += ", " + plural.Count(t.Rounds, "round")
	}
	return s
}

// gaveUpNote says what the run did without, and for what.
func gaveUpNote(what string) string { return "Given up " + said(what, mostReason) }

// precision says what the run tells apart, "" if it has nothing to say it by.
func (t *Table) precision() string {
	if len(t.Resolution) == 0 {
		if t.Rounds > 0 && t.Rounds < results.MinRounds {
			return fmt.Sprintf("no intervals: %s, they need %d", plural.Count(t.Rounds, "round"), results.MinRounds)
		}
		return ""
	}
	var parts []string
	for _, r := range t.Resolution {
		parts = append(parts, fmt.Sprintf("±%s (%s)", percent(r.Spread), called(r.What)))
	}
	return fmt.Sprintf("%s against itself tells apart %s", called(t.Ref), strings.Join(parts, ", "))
}

// ranking says what is to be read beside the ranks.
func (t *Table) ranking() []string {
	var lines []string
	for _, x := range t.Ties {
		lines = append(lines, fmt.Sprintf("%s tie by %s; %s.", listOf(x.Codecs), t.RankedBy, x.apart()))
	}
	switch n := len(t.Unranked); {
	case n == 1:
		lines = append(lines, called(t.Unranked[0])+" has no numbers: ranks are among the others.")
	case n > 1:
		lines = append(lines, listOf(t.Unranked)+" have no numbers: ranks are among the others.")
	}
	return lines
}

// apart says which ops tell the codecs of x apart.
func (x Tie) apart() string {
	var parts []string
	for _, a := range x.Apart {
		s := fmt.Sprintf("by %s %s is ahead", called(a.Op), called(a.Ahead))
		if len(x.Codecs) > 2 {
			s += " of " + listOf(a.Of)
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, ", ")
}

// exchangeNote says what a keyBy of this run is.
func (t *Table) exchangeNote() string {
	x := t.Exchange
	s := fmt.Sprintf("One more %s: exchange %s", x.what(), called(x.Kind))
	if x.Key != "" && x.Partitioner == "keyBy" {
		s += ", key " + said(x.Key, mostValue)
	}
	if x.Keys != "" {
		s += " from " + said(x.Keys, mostValue)
	}
	if x.Framing > 0 {
		s += fmt.Sprintf(", %s B of framing a record", whole(x.Framing))
	}
	return s + fmt.Sprintf("; slope over %s keyBys.", numbers(x.Keybys))
}

// unlinear says what each keyBy costs with codecs whose price has no single number.
func (t *Table) unlinear() []string {
	var lines []string
	for _, r := range t.all() {
		if r.Keyby == nil || r.Keyby.Linear {
			continue
		}
		name := called(r.Codec)
		if r.Group == results.GroupFlink {
			name += " (time of " + t.timeOf() + ")"
		}
		lines = append(lines, fmt.Sprintf("%s is not linear: %s.", name, steps(r.Keyby.Steps)))
	}
	return lines
}

// steps lists what N keyBys cost.
func steps(steps []Step) string {
	var parts []string
	for _, s := range steps {
		parts = append(parts, fmt.Sprintf("%s for %s", nanos(s.CPU.Center), plural.Count(s.Keybys, "keyBy")))
	}
	return strings.Join(parts, ", ")
}

// parts names what is known of the price of a keyBy.
func (x *Exchange) parts() []string {
	parts := []string{results.OpEncode, results.OpDecode}
	if x.Hash != nil {
		parts = append(parts, results.OpHash)
	}
	return parts
}

func numbers(ns []int) string {
	words := make([]string, len(ns))
	for i, n := range ns {
		words[i] = fmt.Sprint(n)
	}
	return listOf(words)
}

// partNotes say what the parts of a price are: the rest, what the exchange itself costs, and what of that finds the channel
// of a record.
func (x *Exchange) partNotes() []string {
	notes := []string{"transport: what " + listOf(x.parts()) + " do not account for"}
	if x.Overhead != nil {
		notes = append(notes, fmt.Sprintf(
			"exchange itself (framing, key group, hand-over; %s's keyBy less its encode and decode): %s a record",
			called(x.floor), x.Overhead.text(nanos)))
	}
	if x.Hash != nil {
		notes = append(notes, fmt.Sprintf(
			"hash, a part of every keyBy (read the key, its Java hash, key group, channel): %s a record",
			withHalf(nanos(x.Hash.Center), *x.Hash)))
	}
	return notes
}

// without are the rows without numbers; codecs that lack the same for the same reason share one.
func (t *Table) without() []string {
	var lines []string
	for i, m := range t.Missing {
		same := func(x Missing) bool { return x.What == m.What && x.Kind == m.Kind && x.Reason == m.Reason }
		if slices.IndexFunc(t.Missing, same) < i {
			continue
		}
		var names []string
		for _, x := range t.Missing {
			if same(x) {
				names = append(names, called(x.Codec))
			}
		}
		lines = append(lines, m.line(strings.Join(names, ", ")))
	}
	return lines
}

// line says why there are no numbers of names.
func (m Missing) line(names string) string {
	return fmt.Sprintf("%s (%s): %s: %s", names, m.What, m.verb(), said(m.Reason, mostReason))
}

// verb says what became of a row without numbers.
func (m Missing) verb() string {
	switch m.Kind {
	case results.NotCarried:
		return "not carried"
	case results.Unmeasured:
		return "not measured"
	}
	return "FAILED"
}
