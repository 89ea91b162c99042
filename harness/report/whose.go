package report

import (
	"fmt"

	"github.com/wirecost/wirecost/harness/results"
)

// goRuntime is the runtime whose times are those of this repository's Go. Flink's formats are timed in it as well, and that
// says nothing of Flink: their tables and what is said of them name whose time it is.
const goRuntime = "go"

// timeOf names whose the times of t are.
func (t *Table) timeOf() string {
	if t.inGo() {
		return "Go"
	}
	return called(t.runtime)
}

// inGo reports whether t's times are those of Go.
func (t *Table) inGo() bool { return t.runtime == goRuntime || t.runtime == "" }

// whoseNote stands above a table of Flink's own time.
func (t *Table) whoseNote() string {
	if !t.home || len(t.Rows) == 0 {
		return ""
	}
	return "Flink's own serializers, in a JVM: ranks and ratios are among these rows, and no time of Go compares with them."
}

// flinkNote stands above the table of Flink's formats.
func (t *Table) flinkNote() string {
	if t.inGo() {
		return "Flink's formats: the bytes are Flink's; the times are this Go implementation's and say nothing of Flink's own."
	}
	return "Flink's formats: the bytes are Flink's, the times those of runtime " + t.timeOf() + "."
}

// flinkAgain stands above the tables of Flink's formats, of which i were before.
func (t *Table) flinkAgain(i int) string {
	if i == 0 {
		return t.flinkNote()
	}
	return "The same in Flink's formats, in the time of " + t.timeOf() + ":"
}

// flinkKeybyNote stands above the prices of Flink's formats.
func (t *Table) flinkKeybyNote() string {
	return "One more keyBy in Flink's formats, in the time of " + t.timeOf() + ":"
}

// flinkTimes says the same in JSON, in each row.
func (t *Table) flinkTimes() string {
	if t.inGo() {
		return "of this Go implementation, not Flink's"
	}
	return "of runtime " + t.runtime
}

// noTimes says why there is no verdict where only Flink's formats have times, those that timed says.
func (t *Table) noTimes(timed func(Row) bool) string {
	var flink []Row
	for _, r := range t.Flink {
		if timed(r) {
			flink = append(flink, r)
		}
	}
	if len(flink) == 0 {
		return ""
	}
	what := "are formats of Flink"
	if len(flink) == 1 {
		what = "is a format of Flink"
	}
	s := fmt.Sprintf("no verdict: %s %s", listOf(codecsOf(flink)), what)
	if t.inGo() {
		s += ", and the time is this Go implementation's, not Flink's"
	}
	return s
}

// unpriced says why there is no answer to --rate and --per-core where only Flink's formats and the floor were measured.
func (t *Table) unpriced(flink []Row) string {
	return fmt.Sprintf("--rate and --per-core: no cores follow from the time that %s takes for a format of Flink (%s).",
		t.timeOf(), listOf(codecsOf(flink)))
}

// divided says whose time the figures before it are made of, and which codecs they leave out.
func (t *Table) divided(flink []Row) string {
	s := fmt.Sprintf(". This is CPU time of %s", t.timeOf())
	if len(flink) == 0 {
		return s + "."
	}
	s += "; it leaves out " + listOf(codecsOf(flink))
	if t.inGo() {
		s += ", since Flink's own time is another"
	}
	return s + "."
}

// marked is a codec's name, and whether the format is Flink's.
func marked(r Row) string {
	if r.Group == results.GroupFlink {
		return called(r.Codec) + " (Flink's)"
	}
	return called(r.Codec)
}
