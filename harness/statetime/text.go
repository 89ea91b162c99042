package statetime

import (
	"fmt"
	"io"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/internal/grid"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/internal/terminal"
)

// width is that of a page of text, whatever the terminal's.
const width = 80

// A form is how a report is written.
type form struct {
	escaped func(string) string
	heading func(string) string // of a table
	table   func(*grid.Grid) string
	line    func(string) string // of what is said of the tables
}

// Text writes r for a terminal or a log, in 80 columns.
func (r *Report) Text(w io.Writer) error {
	return r.write(w, form{
		escape.Text, func(h string) string { return h + "\n" }, (*grid.Grid).Text,
		func(l string) string { return strings.Join(terminal.Wrap(l, width, "", "  ", false), "\n") },
	})
}

// Markdown writes r with tables of Markdown.
func (r *Report) Markdown(w io.Writer) error {
	return r.write(w, form{
		escape.Markdown, func(h string) string { return "**" + h + "**\n\n" }, func(g *grid.Grid) string { return g.Markdown(escape.Markdown) },
		func(l string) string { return "* " + l },
	})
}

// write writes the head, a table for each codec and what is to be said of them.
func (r *Report) write(w io.Writer, f form) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, key %s (%s), runtime %s: %s", f.escaped(r.Schema), f.escaped(r.Key), f.escaped(r.KeyType), r.Runtime, plural.Count(r.Records, "record"))
	if r.Rounds > 0 {
		fmt.Fprintf(&b, ", %s", plural.Count(r.Rounds, "round"))
	}
	b.WriteString("\n\n")
	for rows := range r.byCodec() {
		b.WriteString(f.heading(rows[0].Codec+": CPU time of an access in ns") + f.table(gridOf(rows)) + "\n")
	}
	for _, l := range r.lines() {
		b.WriteString(f.line(f.escaped(l)) + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// byCodec yields the rows of one codec after the other, those that have something to show.
func (r *Report) byCodec() iter.Seq[[]Row] {
	return func(yield func([]Row) bool) {
		for begin, end := 0, 0; begin < len(r.Rows); begin = end {
			for end < len(r.Rows) && r.Rows[end].Codec == r.Rows[begin].Codec {
				end++
			}
			rows := r.Rows[begin:end]
			shown := slices.ContainsFunc(rows, func(row Row) bool { return row.Bytes > 0 || row.Heap.CPU != nil || row.RocksDB.CPU != nil })
			if shown && !yield(rows) {
				return
			}
		}
	}
}

func gridOf(rows []Row) *grid.Grid {
	g := &grid.Grid{Left: 1}
	g.Add("access", "at", "TTL", "B/entry", "heap", "±", "RocksDB", "±", "flush")
	for _, row := range rows {
		at, ttl, bytes := "", "", "-"
		if row.Length > 0 {
			at = fmt.Sprint(row.Length)
		}
		if row.TTL {
			ttl = "yes"
		}
		if row.Bytes > 0 {
			bytes = fmt.Sprintf("%.1f", row.Bytes)
		}
		background := "-"
		if row.RocksDB.Background != nil {
			background = fmt.Sprintf("%.0f", *row.RocksDB.Background)
		}
		calls, _, _ := strings.Cut(row.Access, ";") // what follows is said once, of the column at
		heap, rocksdb := row.Heap.words(), row.RocksDB.words()
		g.Add(strings.Replace(calls, "State.", ".", 1), at, ttl, bytes, heap[0], heap[1], rocksdb[0], rocksdb[1], background)
	}
	return g
}

// words are the time, and half its interval.
func (t Time) words() [2]string {
	if t.CPU == nil {
		return [2]string{"-", ""}
	}
	half := ""
	if t.Interval != nil {
		half = percent((t.Interval.Hi - t.Interval.Lo) / 2 / *t.CPU)
	}
	digits := 0
	if *t.CPU < 100 {
		digits = 1
	}
	return [2]string{fmt.Sprintf("%.*f", digits, *t.CPU), half}
}

func percent(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) }

// lines are what there is to say below the table.
func (r *Report) lines() []string {
	if !r.Measured() {
		return r.missing()
	}
	var lines []string
	for _, v := range r.Verdicts {
		lines = append(lines, v.String())
	}
	lines = append(lines, r.resolutions()...)
	lines = append(lines,
		fmt.Sprintf("an access is of one record, setting its key included; of %d keys of type long, in a shuffled order", r.Keys),
		"at: so many records of a key are added, then read (get) and cleared; B/entry: in RocksDB, when they are all there",
		"RocksDB: a sample fills and flushes a memtable, and its time has that of the threads that flush and compact, which flush says ("+r.background()+")",
		"heap: HashMapStateBackend, which holds the records themselves, and serializes in snapshots only")
	if r.Fact != "" {
		lines = append(lines, r.Fact)
	}
	return append(append(lines, r.Limits...), r.missing()...)
}

// background says whether the time of RocksDB's threads is known.
func (r *Report) background() string {
	if slices.ContainsFunc(r.Rows, func(row Row) bool { return row.RocksDB.CPU != nil && row.RocksDB.Background == nil }) {
		return "which this system does not say: it is left out"
	}
	return "of each four flushes, as a rule, one compacts"
}

// resolutions says what the run tells apart, by backend.
func (r *Report) resolutions() []string {
	var lines []string
	for _, of := range []struct {
		name string
		time func(Row) Time
	}{{"on the heap", func(row Row) Time { return row.Heap }}, {"in RocksDB", func(row Row) Time { return row.RocksDB }}} {
		var all []float64
		for _, row := range r.Rows {
			if t := of.time(row); t.Resolution != nil {
				all = append(all, *t.Resolution)
			}
		}
		if len(all) > 0 {
			slices.Sort(all)
			lines = append(lines, fmt.Sprintf("this run tells apart ±%s %s (%s against itself, in another JVM: the median of its accesses; ±%s at worst)",
				percent(all[len(all)/2]), of.name, r.Twice, percent(all[len(all)-1])))
		}
	}
	return lines
}

// missing says for each reason what has no time.
func (r *Report) missing() []string {
	var reasons []string
	where := map[string][]string{}
	for _, row := range r.Rows {
		for _, t := range []struct {
			backend string
			Time
		}{{"on the heap", row.Heap}, {"in RocksDB", row.RocksDB}} {
			if t.Missing == "" {
				continue
			}
			if where[t.Missing] == nil {
				reasons = append(reasons, t.Missing)
			}
			if one := row.Codec + " " + t.backend; !slices.Contains(where[t.Missing], one) {
				where[t.Missing] = append(where[t.Missing], one)
			}
		}
	}
	var lines []string
	for _, reason := range reasons {
		lines = append(lines, fmt.Sprintf("not measured: %s: %s", strings.Join(where[reason], ", "), reason))
	}
	return lines
}

// Measured reports whether any access has a time.
func (r *Report) Measured() bool {
	return slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Heap.CPU != nil || row.RocksDB.CPU != nil })
}

// String says it in a sentence.
func (v Verdict) String() string {
	where := v.Codec + ", " + map[string]string{Heap: "heap", RocksDB: "RocksDB"}[v.Backend]
	if v.TTL {
		where += " with TTL"
	}
	var each []string
	for _, l := range v.Lengths {
		text := fmt.Sprintf("%.2f", l.Ratio)
		if l.Interval != nil {
			text += " ±" + percent(math.Sqrt(l.Interval.Hi/l.Interval.Lo)-1)
		}
		each = append(each, fmt.Sprintf("%s at %d", text, l.Length))
	}
	ratios := fmt.Sprintf("(times the cost of ListState: %s)", strings.Join(each, ", "))
	switch {
	case v.Resolution == nil:
		return fmt.Sprintf("%s: ReducingState against ListState: too few rounds for a verdict %s", where, ratios)
	case v.From > 0 && v.From == v.Lengths[0].Length:
		return fmt.Sprintf("%s: ReducingState beats ListState at every length %s", where, ratios)
	case v.From > 0:
		return fmt.Sprintf("%s: ReducingState beats ListState from length %d on %s", where, v.From, ratios)
	case v.Cheaper:
		return fmt.Sprintf("%s: ReducingState beats ListState at some lengths, but not at the longest %s", where, ratios)
	case v.Dearer:
		return fmt.Sprintf("%s: ReducingState does not beat ListState up to length %d %s", where, v.Lengths[len(v.Lengths)-1].Length, ratios)
	}
	return fmt.Sprintf("%s: ReducingState against ListState: no difference seen (resolution ±%s) %s", where, percent(*v.Resolution), ratios)
}
