package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/harness"
)

// An explanation is what explain is asked for.
type explanation struct {
	subject
	flink, format, profile string
	noGeneric              bool
	seed, records          uint64
}

func newExplain() *cobra.Command {
	e := &explanation{}
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "say which serializer Flink chooses for each field, what falls back to Kryo, and why",
		Long: `Explain shows, for each field of a record, the Java type that Flink users have for it, the serializer that Flink 1.20 and
2.x choose when the record's class is a POJO, and the bytes it writes, as a mean over generated records. Fields that fall
back to Kryo are listed with the reason and with the remedies that work, and what each saves in bytes.

A schema cannot show whether your class is a POJO at all: it must be public, with a public no-argument constructor, each
field public or with getter and setter, and neither readObject nor writeObject. One field that fails this makes the whole
class Kryo: see wirecost encode --codec kryo.

--no-generic-types is for CI: the exit status is 2 if any field falls back to Kryo in a line that is shown, as a job with
pipeline.generic-types: false would throw, or if Flink 2.x cannot type the record at all. The often-quoted pipeline.auto-type-registration does nothing for a DataStream
job: only the old DataSet API ever registered nested types by itself, and Flink 2.0 removed the option.`,
		Example: `  wirecost explain --stream orders.Order
  wirecost explain --schema order.avsc --flink 2 --no-generic-types
  wirecost explain --schema order.avsc --format tsv`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.run(cmd) },
	}
	e.subject.bind(cmd, "")
	f := cmd.Flags()
	f.StringVar(&e.flink, "flink", "", "show one line of Flink: `LINE` 1 (1.20) or 2 (2.x) (default both)")
	f.StringVar(&e.format, "format", "text", "`FORM` text, md, json, tsv (both lines, without bytes)")
	f.BoolVar(&e.noGeneric, "no-generic-types", false, "exit with status 2 if a field falls back to Kryo")
	f.StringVar(&e.profile, "profile", "", "external profile `FILE` of the records")
	f.Uint64Var(&e.seed, "seed", 1, "seed of the records")
	f.Uint64Var(&e.records, "records", harness.DefaultRecords, "how many records the bytes are a mean of")
	cmd.RegisterFlagCompletionFunc("flink", cobra.FixedCompletions([]string{"1", "2"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "md", "json", "tsv"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// A flinkLine is a line of Flink releases as the user knows it.
type flinkLine struct {
	line javatype.Line
	name string // in text
	key  string // in JSON and on the command line
}

var flinkLines = []flinkLine{{javatype.Flink1, "1.20", "1"}, {javatype.Flink2, "2.x", "2"}}

func (e *explanation) lines() ([]flinkLine, error) {
	switch {
	case e.flink == "":
		return flinkLines, nil
	case e.format == "tsv":
		return nil, errors.New("--format tsv has both lines: leave out --flink")
	}
	for _, l := range flinkLines {
		if l.key == e.flink {
			return []flinkLine{l}, nil
		}
	}
	return nil, fmt.Errorf("--flink %q: there are 1 (1.20) and 2 (2.x)", e.flink)
}

// explainers are the values of --format.
var explainers = map[string]func(*explained, io.Writer) error{
	"text": (*explained).text, "md": (*explained).markdown, "json": (*explained).json, "tsv": (*explained).tsv,
}

func (e *explanation) run(cmd *cobra.Command) error {
	print := explainers[e.format]
	if print == nil {
		return fmt.Errorf("--format %q: there are text, md, json and tsv", e.format)
	}
	lines, err := e.lines()
	if err != nil {
		return err
	}
	if e.records == 0 || e.records > 1<<20 {
		return fmt.Errorf("--records %d: from 1 to %d", e.records, 1<<20)
	}
	s, err := e.load()
	if err != nil {
		return err
	}
	plan, err := e.compile(cmd, s, e.profile)
	if err != nil {
		return err
	}
	x, err := newExplained(plan, lines, e.seed, e.records)
	if err != nil {
		return err
	}
	if err := print(x, cmd.OutOrStdout()); err != nil {
		return err
	}
	if why := x.forbidden(); e.noGeneric && why != "" {
		return status{exitRegression, fmt.Errorf("%s, and --no-generic-types forbids it", why)}
	}
	return nil
}

// pojoConditions is what a schema cannot show.
const pojoConditions = `All of this holds if the class meets Flink's conditions for a POJO, which a schema cannot show: public, with a public
no-argument constructor, each field public or with getter and setter, no readObject or writeObject. If not, the whole
record is Kryo.`

func (x *explained) text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: what Flink makes of each field; bytes are the mean of %s\n\n", x.Schema, codecs.Count(x.Records, "record"))
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range x.table() {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	t.Flush()
	for _, n := range x.Notes {
		fmt.Fprintf(&b, "\n%s\n", n)
	}
	for _, f := range x.Fallbacks {
		fmt.Fprintf(&b, "\nKRYO %s (Flink %s): %s\n", f.Path, f.line.name, f.Reason)
		for _, r := range f.Remedies {
			fmt.Fprintf(&b, "  remedy: %s%s\n", r.Text, r.saving())
		}
	}
	for _, f := range x.Faults {
		fmt.Fprintf(&b, "\nFLINK FAULT %s (%s): %s\n", f.Path, f.Versions, f.Text)
	}
	fmt.Fprintf(&b, "\n%s\n%s\n", x.summary(), pojoConditions)
	return write(w, &b)
}

// write sends what was made of a report.
func write(w io.Writer, b *strings.Builder) error {
	_, err := io.WriteString(w, b.String())
	return err
}

// table is the head and the rows of fields.
func (x *explained) table() [][]string {
	head := []string{"field", "Java type"}
	for _, l := range x.lines {
		head = append(head, "Flink "+l.name, "B")
	}
	rows := [][]string{head}
	for _, f := range x.Fields {
		row := []string{f.Path, f.Java}
		for _, l := range x.lines {
			row = append(row, f.chosen(l)...)
		}
		rows = append(rows, row)
	}
	return rows
}

func (x *explained) markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", x.Schema)
	for i, row := range x.table() {
		fmt.Fprintf(&b, "| %s |\n", strings.ReplaceAll(strings.Join(row, " | "), "<", "&lt;"))
		if i == 0 {
			fmt.Fprintf(&b, "|---|---|%s\n", strings.Repeat("---|--:|", len(x.lines)))
		}
	}
	b.WriteString("\n")
	for _, n := range x.Notes {
		fmt.Fprintf(&b, "- %s\n", n)
	}
	for _, f := range x.Fallbacks {
		fmt.Fprintf(&b, "- **Kryo** `%s` (%s): %s\n", f.Path, f.line.name, f.Reason)
		for _, r := range f.Remedies {
			fmt.Fprintf(&b, "  - %s%s\n", r.Text, r.saving())
		}
	}
	for _, f := range x.Faults {
		fmt.Fprintf(&b, "- **Flink fault** `%s` (%s): %s\n", f.Path, f.Versions, f.Text)
	}
	fmt.Fprintf(&b, "- %s\n- %s\n", x.summary(), strings.ReplaceAll(pojoConditions, "\n", " "))
	return write(w, &b)
}

func (x *explained) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(x)
}

// tsv has the columns of the tables that released Flink wrote.
func (x *explained) tsv(w io.Writer) error {
	if x.untyped != nil {
		return x.untyped
	}
	var b strings.Builder
	b.WriteString("path\tjava\tflink1_info\tflink1_serializer\tflink1_kryo\tflink2_info\tflink2_serializer\tflink2_kryo\n")
	for _, f := range x.Fields {
		cells := []string{f.Path, f.Java}
		for _, l := range flinkLines {
			c := cmp.Or(f.Flink[l.key], &choice{Info: "-", Serializer: "-"})
			kryo := "-"
			if c.Kryo {
				kryo = "KRYO"
			}
			cells = append(cells, c.Info, c.Serializer, kryo)
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	return write(w, &b)
}
