package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// A legend explains the signs that stand in the tables of a report, each once, and only those that do.
type legend struct {
	r     *Report
	heads []string
	cells []string
	loses bool // a name has the mark of what its codec does not keep
	bars  bool
}

// see takes note of columns that are shown.
func (l *legend) see(s sheet) {
	for _, c := range s.columns {
		l.heads = append(l.heads, c.title())
		l.bars = l.bars || c.bars && s.bar > 0
		for _, x := range c.cells {
			if c.name {
				l.loses = l.loses || strings.HasSuffix(x.text, lossMark)
				continue
			}
			l.cells = append(l.cells, x.text)
		}
	}
}

// lines explain the signs.
func (l *legend) lines() []fact {
	var out []fact
	explain := func(occurs bool, sign, text string) {
		if occurs {
			out = append(out, fact{sign, text})
		}
	}
	by := l.rankedBy()
	explain(by != "" && slices.Contains(l.heads, "rank"), "rank", "by "+by)
	explain(slices.Contains(l.cells, "floor"), "floor", "what the harness itself costs, no codec to choose")
	explain(slices.Contains(l.heads, "B/record"), "B/record", "bytes of an encoded record, mean of the set, exact")
	explain(l.bars, "bar", "share of the largest number of its column, from 0")
	explain(l.head("× "), "×", "ratio to that codec, paired by round")
	explain(l.ranked(), "±", "half of the 95 % interval")
	explain(l.cell(strings.HasPrefix, "~"), "~", "not told apart from that codec"+l.layout())
	explain(l.cell(strings.HasSuffix, "="), "=", "a shared rank: not told apart"+l.layout())
	explain(l.cell(strings.Contains, "–"), "–", "from–to: not linear, each keyBy costs otherwise")
	explain(slices.Contains(l.heads, "allocs"), "allocs, B", "allocations, and bytes allocated, of one operation")
	explain(l.loses, "*", "does not keep "+l.losses())
	explain(slices.Contains(l.cells, none), none, "no number")
	return out
}

// head reports whether the head of a column begins with a sign.
func (l *legend) head(sign string) bool {
	return slices.ContainsFunc(l.heads, func(h string) bool { return strings.HasPrefix(h, sign) })
}

// cell reports whether a cell has a sign where at says.
func (l *legend) cell(at func(s, sign string) bool, sign string) bool {
	return slices.ContainsFunc(l.cells, func(s string) bool { return at(s, sign) })
}

// rankedBy says what ranks are by, "" if there are none.
func (l *legend) rankedBy() string {
	var by []string
	for _, t := range l.r.Tables {
		if slices.ContainsFunc(t.Rows, func(r Row) bool { return r.Rank > 0 }) {
			by = append(by, t.RankedBy)
		}
	}
	return strings.Join(unique(by), " or ")
}

// ranked reports whether there are intervals.
func (l *legend) ranked() bool {
	return slices.ContainsFunc(l.r.Tables, func(t Table) bool { return t.Rounds >= results.MinRounds })
}

// layout says what one binary does to ties.
func (l *legend) layout() string {
	if l.r.fixed {
		return "; in one binary, 0.9 to 1.1 is a tie"
	}
	return ""
}

// lossText is what a declared loss means, in words.
var lossText = map[string]string{
	"Branch":    "which branch of a union a value was",
	"NullZero":  "null apart from the zero value",
	"NullEmpty": "null apart from an empty array or map",
	"Micros":    "microseconds of a time of day",
}

// losses says what codecs do not keep, and which.
func (l *legend) losses() string {
	var losses []string
	codecs := map[string][]string{}
	for _, t := range l.r.Tables {
		for _, r := range t.all() {
			for _, x := range r.Loses {
				losses = append(losses, x)
				codecs[x] = append(codecs[x], r.Codec)
			}
		}
	}
	var parts []string
	for _, x := range unique(losses) {
		text := called(x)
		if known := lossText[x]; known != "" {
			text = known + " (" + text + ")"
		}
		parts = append(parts, fmt.Sprintf("%s: %s", text, listOf(unique(codecs[x]))))
	}
	return strings.Join(parts, "; ")
}
