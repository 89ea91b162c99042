package explain

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/internal/plural"
)

// pojoConditions is what a schema cannot show.
const pojoConditions = `All of this holds if the class meets Flink's conditions for a POJO, which a schema cannot show: public, with a public
no-argument constructor, each field public or with getter and setter, no readObject or writeObject. If not, the whole
record is Kryo.`

// Text writes r for a terminal or a log.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: what Flink makes of each field; bytes are the mean of %s\n\n", r.Schema, plural.Count(r.Records, "record"))
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range r.table() {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	t.Flush()
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	for _, f := range r.Fallbacks {
		fmt.Fprintf(&b, "\nKRYO %s (Flink %s): %s\n", f.Path, f.line.Name, f.Reason)
		for _, remedy := range f.Remedies {
			fmt.Fprintf(&b, "  remedy: %s%s\n", remedy.Text, remedy.saving())
		}
	}
	for _, n := range r.Names {
		fmt.Fprintf(&b, "\nCLASS NAMES %s\n", n.text())
		for _, remedy := range n.Remedies {
			fmt.Fprintf(&b, "  remedy: %s%s\n", remedy.Text, remedy.saving())
		}
	}
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "\nFLINK FAULT %s (%s): %s\n", f.Path, f.Versions, f.Text)
	}
	fmt.Fprintf(&b, "\n%s\n%s\n", r.summary(), pojoConditions)
	_, err := io.WriteString(w, escape.Text(b.String()))
	return err
}

// table is the head and the rows of fields.
func (r *Report) table() [][]string {
	head := []string{"field", "Java type"}
	for _, l := range r.cfg.Lines {
		head = append(head, "Flink "+l.Name, "B")
	}
	rows := [][]string{head}
	for _, f := range r.Fields {
		row := []string{f.Path, f.Java}
		for _, l := range r.cfg.Lines {
			row = append(row, r.chosen(f, l)...)
		}
		rows = append(rows, row)
	}
	return rows
}

// overflow is what a line throws, instead of choosing a serializer for any field, if it cannot type the record.
const overflow = "StackOverflowError"

// chosen is a field's serializer and bytes in a line.
func (r *Report) chosen(f Field, l Line) []string {
	c := f.Flink[l.Key]
	switch {
	case r.untypedIn(l):
		return []string{overflow, "-"}
	case c == nil:
		return []string{"-", "-"}
	}
	name := c.Serializer
	if c.Kryo {
		name = "KRYO"
	}
	if c.Bytes == nil {
		return []string{name, "-"}
	}
	return []string{name, fmt.Sprintf("%.1f", *c.Bytes)}
}

func (r Remedy) saving() string {
	switch {
	case r.Saves == nil:
		return ""
	case *r.Saves < 0:
		return fmt.Sprintf(": costs %.1f B a record more", -*r.Saves)
	}
	time := ""
	if r.Time != nil {
		time = " and about " + duration(*r.Time)
	}
	return fmt.Sprintf(": saves %.1f B%s a record", *r.Saves, time)
}

// summary counts the fallbacks.
func (r *Report) summary() string {
	var counts []string
	for _, l := range r.cfg.Lines {
		counts = append(counts, "Flink "+l.Name+r.counts(l))
	}
	s := strings.Join(counts, "; ") + "."
	if len(r.Fallbacks) > 0 {
		s += r.comparison()
	}
	return s
}

// comparison says what the record takes in formats that never fall back.
func (r *Report) comparison() string {
	var takes []string
	if b, ok := r.Sizes[r.cfg.FlinkAvro.Name]; ok {
		takes = append(takes, fmt.Sprintf("%s, which never falls back, takes %.1f B", r.cfg.FlinkAvro.Name, b))
	}
	if r.avro != nil {
		takes = append(takes, fmt.Sprintf("plain %s %.1f B", r.cfg.Avro.Name, *r.avro))
	}
	if takes == nil {
		return ""
	}
	return " " + strings.Join(takes, "; ") + "."
}

// counts says of how many places a line leaves how many to Kryo, and what the record takes.
func (r *Report) counts(l Line) string {
	if r.untypedIn(l) {
		return " cannot type the record"
	}
	places, kryo := 0, 0
	for _, f := range r.Fields {
		if c := f.Flink[l.Key]; c != nil {
			places++
			if c.Kryo {
				kryo++
			}
		}
	}
	s := fmt.Sprintf(": %d of %d places fall back to Kryo", kryo, places)
	if b, ok := r.Sizes[r.cfg.POJO[l.Line].Name]; ok {
		s += fmt.Sprintf(", %.1f B a record", b)
	}
	return s
}
