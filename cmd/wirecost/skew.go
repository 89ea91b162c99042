package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/keys"
	"github.com/wirecost/wirecost/harness/report"
	"github.com/wirecost/wirecost/harness/skew"
)

// A skewQuestion is what skew is asked for.
type skewQuestion struct {
	subject
	own
	page
	keys, keyType, key, format, profile string
	parallelism, maxParallelism         int
	remap                               bool
	seed, records                       uint64
}

// mostSkewRecords is the largest number of records whose keys are counted.
const mostSkewRecords = 1 << 24

func newSkew() *cobra.Command {
	q := &skewQuestion{}
	cmd := &cobra.Command{
		Use:   "skew",
		Short: "say how evenly a keyBy spreads keys over subtasks, and which keys would reach each",
		Long: `Skew computes where Flink's keyBy sends keys: Java hash, key group, subtask, exactly as Flink does. It shows the load
of each subtask and of its key groups, which subtasks are idle, and what other numbers of subtasks and of key groups
would give. Nothing is measured: the shares are exact.

The keys are those of your own records in --input, of generated records of --stream or --schema, or of --keys:
  0..11             consecutive integers, both ends included
  zipf(1.1,100000)  integers from 0, integer r as often as (r+1)^-1.1
  hot(0.3,1000)     integers from 0, of which 0 has 0.3 of the records and the others as much each
  FILE              a key on each line, or - for standard input; memory is that of the distinct ones

Integers are of type long; lines of a file are, too, if every one is an integer, and of type string otherwise.
--key-type names another type. A long and an int hash alike from 0 on; as strings they hash otherwise.

--remap prints, for each subtask, the least integer key that Flink sends exactly there, each proved: give records such a
key, and p kinds of records have p subtasks to themselves. The text, JSON, Java or Go holds for one parallelism and max
parallelism.

` + keyHelp + `

` + ownHelp + `
Here every record of the file counts.`,
		Example: `  wirecost skew --keys 0..11 --parallelism 12
  wirecost skew --keys keys.txt --key-type string --parallelism 12 --max-parallelism 720
  wirecost skew --schema order.avsc --key customer --parallelism 8
  wirecost skew --input orders.avro --key customer --parallelism 8
  wirecost skew --remap --parallelism 12 --format java > Remap.java`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.run(cmd) },
	}
	q.subject.bind(cmd, "")
	f := cmd.Flags()
	f.StringVar(&q.keys, "keys", "", "`KEYS`: 0..11, zipf(1.1,100000), hot(0.3,1000), or a file with a key on each line")
	f.StringVar(&q.keyType, "key-type", "", "`TYPE` of --keys: long, int, string, ... (default long, or string if a line is no integer)")
	f.IntVar(&q.parallelism, "parallelism", 0, "subtasks behind the keyBy")
	f.IntVar(&q.maxParallelism, "max-parallelism", 0, "key groups (default Flink's for the parallelism: 1.5 times that, rounded up to a power of two, at least 128)")
	f.StringVar(&q.key, "key", "", "key of records: `PATH[|PATH][,PATH]` of fields (default the schema's keyBy, or its first field fit for one)")
	f.StringVar(&q.profile, "profile", "", "external profile `FILE` of the records")
	q.bindHints(cmd)
	f.Uint64Var(&q.seed, "seed", 1, "seed of the records")
	f.Uint64Var(&q.records, "records", 100_000, "how many records to count the keys of")
	f.BoolVar(&q.remap, "remap", false, "print a key for each subtask instead")
	f.StringVar(&q.format, "format", "text", "`FORM` text, md, json; with --remap text, json, java, go")
	q.page.bind(f, "every subtask in the text, however many there are")
	ofRecords := []string{"stream", "schema", "type", "key", "profile", "no-hints", "seed", "records"}
	q.own.bind(cmd, "keys", "profile", "no-hints", "seed", "records", "remap")
	exclusive(cmd, "keys", ofRecords...)
	exclusive(cmd, "remap", append(ofRecords, "keys", "key-type", "width", "wide")...)
	cmd.MarkFlagRequired("parallelism")
	completesList(cmd, "key", 0, listKeys(q.load))
	completes(cmd, "key-type", listKeyTypes)
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "md", "json", "java", "go"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// remapForms are the values of --format with --remap.
var remapForms = map[string]func(*skew.Remap, io.Writer) error{
	"text": (*skew.Remap).Text, "json": (*skew.Remap).JSON, "java": (*skew.Remap).Java, "go": (*skew.Remap).Go,
}

func (q *skewQuestion) run(cmd *cobra.Command) error {
	cfg := skew.Config{Parallelism: q.parallelism, MaxParallelism: q.maxParallelism}
	if cmd.Flags().Changed("max-parallelism") && q.maxParallelism == 0 {
		return errors.New("--max-parallelism 0: leave it out for Flink's default")
	}
	if q.remap {
		return q.printRemap(cmd, cfg)
	}
	print := q.forms(cmd)[q.format]
	switch {
	case print == nil:
		return fmt.Errorf("--format %q: there are text, md and json, and java and go of --remap", q.format)
	case q.keyType != "" && q.keys == "":
		return errors.New("--key-type is of --keys: the fields of records have their own")
	case q.records == 0 || q.records > mostSkewRecords:
		return fmt.Errorf("--records %d: from 1 to %d", q.records, mostSkewRecords)
	}
	if err := cmp.Or(q.page.check(cmd.Flags()), q.own.check(cmd)); err != nil {
		return err
	}
	if err := cfg.Check(); err != nil {
		return err
	}
	k, err := q.read(cmd)
	if err != nil {
		return err
	}
	r, err := skew.Of(k, cfg)
	if err != nil {
		return err
	}
	return print(r, cmd.OutOrStdout())
}

// forms returns the values of --format without --remap.
func (q *skewQuestion) forms(cmd *cobra.Command) map[string]func(*skew.Report, io.Writer) error {
	return map[string]func(*skew.Report, io.Writer) error{
		"md": (*skew.Report).Markdown, "json": (*skew.Report).JSON,
		"text": func(r *skew.Report, w io.Writer) error {
			o := q.page.options(cmd.OutOrStdout())
			return r.Text(w, skew.Page{Width: cmp.Or(o.Width, report.DefaultWidth), Wide: o.Wide, ASCII: o.ASCII})
		},
	}
}

func (q *skewQuestion) printRemap(cmd *cobra.Command, cfg skew.Config) error {
	print := remapForms[q.format]
	if print == nil {
		return fmt.Errorf("--format %q: with --remap there are text, json, java and go", q.format)
	}
	r, err := skew.RemapOf(cfg)
	if err != nil {
		return err
	}
	return print(r, cmd.OutOrStdout())
}

// read returns the keys that the flags choose.
func (q *skewQuestion) read(cmd *cobra.Command) (*keys.Keys, error) {
	if q.keys == "" {
		return q.ofRecords(cmd)
	}
	var typ *keys.Type
	if q.keyType != "" {
		t, err := keys.TypeOf(q.keyType)
		if err != nil {
			return nil, fmt.Errorf("--key-type: %w", err)
		}
		typ = &t
	}
	k, err := keys.Parse(q.keys, typ)
	if !errors.Is(err, keys.ErrNone) {
		return k, err
	}
	in, name, openErr := input(cmd, q.keys)
	switch {
	case errors.Is(openErr, fs.ErrNotExist): // it may have been meant as one
		return nil, fmt.Errorf("--keys: %w, and %s is %w", openErr, q.keys, err)
	case openErr != nil:
		return nil, openErr
	}
	defer in.Close()
	return keys.Read(name, in, typ)
}

// ofRecords returns the keys of records: the user's, or generated ones.
func (q *skewQuestion) ofRecords(cmd *cobra.Command) (*keys.Keys, error) {
	if q.own.given() {
		return q.ofOwn(cmd)
	}
	if q.schema == nil && q.stream == "" {
		return nil, errors.New("choose the keys with --keys, or records with --input FILE, --schema FILE or --stream NAME")
	}
	s, err := q.load()
	if err != nil {
		return nil, err
	}
	plan, err := q.compile(cmd, s, q.profile)
	if err != nil {
		return nil, err
	}
	paths := strings.Split(q.key, ",")
	if q.key == "" {
		if paths, err = harness.FirstKey(plan); err != nil {
			return nil, err
		}
	}
	return keys.OfPlan(plan, paths, q.seed, q.records)
}

// ofOwn returns the keys of the user's records.
func (q *skewQuestion) ofOwn(cmd *cobra.Command) (*keys.Keys, error) {
	r, in, err := q.own.open(cmd, &q.subject)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	var chosen []string
	if q.key != "" {
		chosen = strings.Split(q.key, ",")
	}
	paths, list, err := harness.Each(r, chosen, cmd.Context().Err)
	if err != nil {
		return nil, err
	}
	k, err := keys.OfRecords(r.Type, paths, list)
	q.own.noteSkipped(cmd, r)
	return k, err
}
