package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/avro"
	flinkavro "github.com/wirecost/wirecost/codecs/flink/avro"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/explain"
	"github.com/wirecost/wirecost/harness/jvm"
	"github.com/wirecost/wirecost/records"
)

// An explanation is what explain is asked for.
type explanation struct {
	subject
	flink, format, profile string
	noGeneric              bool
	class                  string   // of the user
	classpath              []string // where it is
	own
	seed, records uint64
}

func newExplain() *cobra.Command {
	e := &explanation{}
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "say which serializer Flink chooses for each field, what falls back to Kryo, and why",
		Long: `Explain shows, for each field of a record, the Java type that Flink users have for it, the serializer that Flink 1.20
and 2.x choose when the record's class is a POJO, and the bytes it writes, as a mean over generated records or your own.
Fields that fall back to Kryo are listed with the reason and with the remedies that work, and what each saves in bytes.
A record that Flink 2.x cannot type at all, and throws StackOverflowError for, is explained by what 1.20 does with it.

A schema cannot show whether your class is a POJO at all: it must be public, with a public no-argument constructor, each
field public or with getter and setter, and neither readObject nor writeObject. One field that fails this makes the
whole class Kryo. --class asks the released TypeExtractor about your own class, in the jars and folders of
--classpath, and says which condition fails; it needs wirecost flink build, once.

` + ownHelp + `

--no-generic-types is for CI: the exit status is 2 if any field falls back to Kryo in a line that is shown, as a job
with pipeline.generic-types: false would throw, or if Flink 2.x cannot type the record at all. The often-quoted
pipeline.auto-type-registration does nothing for a DataStream job: only the old DataSet API ever registered nested types
by itself, and Flink 2.0 removed the option.`,
		Example: `  wirecost explain --stream orders.Order
  wirecost explain --schema order.avsc --flink 2 --no-generic-types
  wirecost explain --schema order.avsc --format tsv
  wirecost explain --class com.acme.Order --classpath app.jar --no-generic-types
  wirecost explain --input orders.avro`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.run(cmd) },
	}
	e.subject.bind(cmd, "")
	f := cmd.Flags()
	f.StringVar(&e.flink, "flink", "", "show one line of Flink: `LINE` 1 (1.20) or 2 (2.x) (default both)")
	f.StringVar(&e.format, "format", "text", "`FORM` text, md, json, tsv (both lines, without bytes)")
	f.BoolVar(&e.noGeneric, "no-generic-types", false, "exit with status 2 if a field falls back to Kryo")
	f.StringVar(&e.profile, "profile", "", "external profile `FILE` of the records")
	e.bindHints(cmd)
	e.own.bind(cmd, "profile", "no-hints")
	f.Uint64Var(&e.seed, "seed", 1, "seed of the records")
	f.Uint64Var(&e.records, "records", harness.DefaultRecords, "how many records the bytes are a mean of")
	f.StringVar(&e.class, "class", "", "your own Java `CLASS`, in the place of a schema")
	f.StringSliceVar(&e.classpath, "classpath", nil, "`LIST` of jars and folders, separated by commas, that --class needs")
	exclusive(cmd, "class", "schema", "type", "stream", "profile", "seed", "records")
	cmd.RegisterFlagCompletionFunc("flink", cobra.FixedCompletions([]string{"1", "2"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "md", "json", "tsv"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (e *explanation) lines() ([]explain.Line, error) {
	switch {
	case e.flink == "":
		return explain.Lines, nil
	case e.format == "tsv":
		return nil, errors.New("--format tsv has both lines: leave out --flink")
	}
	for _, l := range explain.Lines {
		if l.Key == e.flink {
			return []explain.Line{l}, nil
		}
	}
	return nil, fmt.Errorf("--flink %q: there are 1 (1.20) and 2 (2.x)", e.flink)
}

// explainForms are the values of --format.
var explainForms = map[string]func(*explain.Report, io.Writer) error{
	"text": (*explain.Report).Text, "md": (*explain.Report).Markdown, "json": (*explain.Report).JSON, "tsv": (*explain.Report).TSV,
}

// set returns the records that are explained: the user's, or generated ones.
func (e *explanation) set(cmd *cobra.Command) (*records.Set, error) {
	if err := e.own.check(cmd); err != nil {
		return nil, err
	}
	if e.own.given() {
		s, err := e.own.set(cmd, &e.subject, harness.Drawing{Most: int(e.records), Seed: e.seed})
		if err != nil {
			return nil, err
		}
		return s.Set()
	}
	s, err := e.load()
	if err != nil {
		return nil, err
	}
	plan, err := e.compile(cmd, s, e.profile)
	if err != nil {
		return nil, err
	}
	return plan.Set(e.seed, e.records), nil
}

func (e *explanation) run(cmd *cobra.Command) error {
	print := explainForms[e.format]
	if print == nil {
		return fmt.Errorf("--format %q: there are text, md, json and tsv", e.format)
	}
	lines, err := e.lines()
	if err != nil {
		return err
	}
	if e.class != "" {
		return e.extract(cmd, lines)
	}
	if len(e.classpath) > 0 {
		return errors.New("--classpath needs --class")
	}
	if e.records == 0 || e.records > 1<<20 {
		return fmt.Errorf("--records %d: from 1 to %d", e.records, 1<<20)
	}
	set, err := e.set(cmd)
	if err != nil {
		return err
	}
	cfg := explainConfig()
	cfg.Lines = lines
	r, err := explain.OfSet(set, cfg)
	if err != nil {
		return err
	}
	if err := print(r, cmd.OutOrStdout()); err != nil {
		return err
	}
	if why := r.Forbidden(); e.noGeneric && why != "" {
		return status{exitRegression, fmt.Errorf("%s, and --no-generic-types forbids it", why)}
	}
	return nil
}

// extract asks the released Flink about a class.
func (e *explanation) extract(cmd *cobra.Command, lines []explain.Line) error {
	if e.format != "text" && e.format != "json" {
		return fmt.Errorf("--format %s: of a --class there are text and json", e.format)
	}
	var runtimes []string
	for _, l := range lines {
		runtimes = append(runtimes, "flink"+l.Key)
	}
	all, err := jvm.Extract(cmd.Context(), e.class, e.classpath, runtimes...)
	if err != nil {
		return fmt.Errorf("--class %s: %w", e.class, err)
	}
	if e.format == "json" {
		err = jvm.ExtractionsJSON(cmd.OutOrStdout(), all)
	} else {
		err = jvm.ExtractionsText(cmd.OutOrStdout(), all)
	}
	if err != nil {
		return err
	}
	for _, x := range all {
		if why := x.Forbidden(); e.noGeneric && why != "" {
			return status{exitRegression, fmt.Errorf("%s, and --no-generic-types forbids it", why)}
		}
	}
	if all[0].Error != "" && len(all[0].Choices) == 0 && all[len(all)-1].Error != "" {
		return fmt.Errorf("--class %s: %s", e.class, all[0].Error)
	}
	return nil
}

// explainConfig has the codecs that Flink's choices are explained with.
func explainConfig() explain.Config {
	return explain.Config{
		Formats:      all.Formats,
		POJO:         map[javatype.Line]codecs.Format{javatype.Flink1: pojo.Flink1, javatype.Flink2: pojo.Format},
		Register:     pojo.Open,
		Kryo:         map[javatype.Line]codecs.Format{javatype.Flink1: kryo.Flink1, javatype.Flink2: kryo.Format},
		RegisterKryo: kryo.Open,
		FlinkAvro:    flinkavro.Format, Avro: avro.Format,
	}
}
