package report

import (
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/plural"
)

// head says what the numbers of t are about.
func (t *Table) head() string {
	s := t.Schema
	if t.Runtime != "" {
		s += ", runtime " + t.Runtime
	}
	if t.Records > 0 {
		s += ": " + plural.Count(t.Records, "record")
	}
	if t.Rounds > 0 {
		s += ", " + plural.Count(t.Rounds, "round")
	}
	return s
}

// precision says what the run tells apart.
func (t *Table) precision() string {
	if len(t.Resolution) == 0 {
		if t.Rounds > 0 && t.Rounds < results.MinRounds {
			return fmt.Sprintf("No intervals: they need %d rounds.", results.MinRounds)
		}
		return ""
	}
	var parts []string
	for _, r := range t.Resolution {
		parts = append(parts, fmt.Sprintf("±%s (%s)", percent(r.Spread), r.What))
	}
	return fmt.Sprintf("%s against itself: this run tells apart %s.", t.Ref, strings.Join(parts, ", "))
}

// legend explains the marks that stand in t's tables.
func (t *Table) legend(fixed bool) []string {
	var lines []string
	if t.anyTie() {
		s := "~ and =: not told apart"
		if fixed {
			s += "; in one binary (layout: fixed) ratios from 0.9 to 1.1 count as ties"
		}
		lines = append(lines, s+".")
	}
	for _, r := range append(append([]Row{}, t.Rows...), t.Flink...) {
		if len(r.Loses) > 0 {
			lines = append(lines, fmt.Sprintf("* %s does not keep: %s.", r.Codec, strings.Join(lossTexts(r.Loses), ", ")))
		}
	}
	return lines
}

func (t *Table) anyTie() bool {
	for _, r := range t.Rows {
		if r.Tied {
			return true
		}
		for _, c := range r.Ops {
			if c.Tie {
				return true
			}
		}
	}
	return false
}

// lossText is what a declared loss means, in words.
var lossText = map[string]string{
	"Branch":    "which branch of a union a value was (Branch)",
	"NullZero":  "null apart from the zero value (NullZero)",
	"NullEmpty": "null apart from an empty array or map (NullEmpty)",
	"Micros":    "microseconds of a time of day (Micros)",
}

func lossTexts(losses []string) []string {
	var out []string
	for _, l := range losses {
		if s := lossText[l]; s != "" {
			l = s
		}
		out = append(out, l)
	}
	return out
}

// flinkNote stands above the block of Flink's formats.
const flinkNote = "Flink's formats: the bytes are Flink's; the times, marked (Go), are this Go implementation's and say nothing of Flink's own."

// flinkKeybyNote stands above the prices of Flink's formats.
const flinkKeybyNote = "One more keyBy in Flink's formats, with the times of this Go implementation, marked (Go):"

// goTimes says the same in JSON, in each row.
const goTimes = "of this Go implementation, not Flink's"

// exchangeNote says what a keyBy of this run is.
func (t *Table) exchangeNote() string {
	x := t.Exchange
	s := fmt.Sprintf("One more keyBy: exchange %s", x.Kind)
	if x.Key != "" {
		s += ", key " + x.Key
	}
	if x.Framing > 0 {
		s += fmt.Sprintf(", %.0f B of framing a record", x.Framing)
	}
	s += fmt.Sprintf("; slope over %s keyBys", numbers(x.Keybys))
	return s + "; transport is what " + listOf(x.parts()) + " do not account for."
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

// overheadNotes say what the exchange itself costs, and what of that finds the channel of a record.
func (x *Exchange) overheadNotes() []string {
	var notes []string
	if x.Overhead != nil {
		notes = append(notes, fmt.Sprintf("exchange itself (framing, key group, hand-over; %s's keyBy less its encode and decode): %s a record",
			x.floor, x.Overhead.text(nanos)))
	}
	if x.Hash != nil {
		notes = append(notes, fmt.Sprintf("hash, a part of every keyBy (read the key, its Java hash, key group, channel): %s a record", withHalf(nanos(x.Hash.Center), *x.Hash)))
	}
	return notes
}

// line says why a row has no numbers.
func (m Missing) line() string {
	verb := "not carried"
	if m.Failed {
		verb = "FAILED"
	}
	return fmt.Sprintf("%s (%s): %s: %s", m.Codec, m.What, verb, m.Reason)
}
