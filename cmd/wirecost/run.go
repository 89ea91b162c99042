package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/report"
	"github.com/wirecost/wirecost/harness/results"
)

// What run measures when nothing is said.
const (
	defaultStream = "nexmark.Bid"
	defaultCodecs = "memcpy,avro,protobuf,msgpack,json,pojo,kryo"
	defaultOps    = "encode,decode,move"
	defaultBudget = 60 * time.Second

	flinkCodecs  = ",kryo-registered,flink-avro,row,rowdata"     // more with runtime flink2,
	flink1Codecs = ",pojo-flink1,kryo-flink1,flink-avro,rowdata" // and with flink1
	flinkBudget  = 3 * time.Minute                               // more with each: a JVM warms up for seconds in each cell of each round
)

// A measurement is what run is asked for.
type measurement struct {
	subject
	codecs, ops, key, profile, runtimes string
	ref, duet, out, format              string
	rate, perCore                       float64
	noTimestamps                        bool
	budget                              time.Duration
	rounds, layouts                     int
	seed, ring                          uint64
	undo                                *cleanups
	drop                                func() // takes away the file of records for the workers; nil if there is none
	own
	class   class
	way     // of the keyBys
	inDepth bool
	times   []harness.Runtime // those of --runtime
	page
}

// A way is how records travel, where that is not as usual. Only keyby has flags for it.
type way struct {
	otherKey, keys, partitioner string
	parallelism, maxParallelism int
}

func newRun(undo *cleanups) *cobra.Command {
	m := &measurement{undo: undo}
	cmd := &cobra.Command{
		Use:   "run",
		Short: "measure what a record costs in each codec, and what one more keyBy costs",
		Long: `Run generates records of your schema, proves that each codec gives them back, and measures bytes, CPU time and
allocations of each, and the price of one more keyBy: key, key group, encode, frame, hand over, decode. Each sample is a
process of its own; codecs that are compared run side by side in rounds, and every ratio has its 95 % interval.

Times are CPU time of the Go implementations. Flink's formats (pojo, kryo) have Flink's bytes; their times say nothing of
Flink's own, which --runtime go,flink2 measures beside them, in a table of its own: the released serializers in a JVM, each
proof of which compares Flink's bytes with ours. It needs wirecost flink build, once. A codec that cannot carry the schema
is a row that says why. The exit status is 1 if a proof failed.

` + ownHelp + `
They are measured as they are: B/record is exactly their mean.

` + classHelp + `

` + keyHelp,
		Example: `  wirecost run
  wirecost run --schema order.avsc --rate 250000
  wirecost run --stream orders.Order --codec 'avro*,protobuf*' --ops all --budget 3m
  wirecost run --codec avro,msgpack --rounds 20 --out results.txt
  wirecost run --input orders.avro
  wirecost run --schema envelope.avsc --input changes.jsonl --key 'after.id|before.id'
  wirecost run --schema order.avsc --runtime go,flink2 --rate 250000
  wirecost run --class com.acme.Order --classpath app.jar --input orders.jsonl`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return m.run(cmd, m.plan) },
	}
	m.bind(cmd)
	f := cmd.Flags()
	f.StringVar(&m.ops, "ops", defaultOps, "`LIST` of encode, decode, decode-reuse, convert, copy (Flink's runtimes), and move (the keyBy, with the op hash that is a part of it), or all")
	f.StringVar(&m.duet, "duet", "", "measure two codecs at once on one core: `A,B`; tells apart what rounds cannot, above all with --layouts; --rounds are its pairs (default 16)")
	m.class.bind(cmd, "stream", "profile", "no-hints", "key", "duet", "layouts")
	exclusive(cmd, "duet", "codec", "ref", "budget") // its number of pairs is fixed
	completesList(cmd, "duet", 2, listCodecs)
	completesList(cmd, "ops", 0, listOps)
	return cmd
}

// bind adds the flags of everything that measures.
func (m *measurement) bind(cmd *cobra.Command) {
	m.subject.bind(cmd, "")
	f := cmd.Flags()
	f.Lookup("stream").Usage += " (default " + defaultStream + ")"
	f.StringVar(&m.codecs, "codec", defaultCodecs, "codecs: a `LIST` of names and globs, or all")
	f.StringVar(&m.key, "key", "", "key of the keyBy: `PATH[|PATH][,PATH]` of fields (default the schema's keyBy, or its first field fit for one); it is null in no record")
	f.Float64Var(&m.rate, "rate", 0, "your records a second: prices in cores and MB/s")
	f.Float64Var(&m.perCore, "per-core", 0, "records a second that one core of your job handles now: prices as a share of it")
	f.BoolVar(&m.noTimestamps, "no-timestamps", false, "leave out the 8 bytes of timestamp that Flink's sources set on each record")
	f.StringVar(&m.runtimes, "runtime", harness.Go.Name, "whose implementations are timed: a `LIST` of go, flink2, flink1, flink2-mixed, flink1-mixed, each with a table of its own")
	f.DurationVar(&m.budget, "budget", defaultBudget, "wall time of the run, turned into a number of rounds before the start; 3m more by default for each of Flink's runtimes")
	f.IntVar(&m.rounds, "rounds", 0, "this many rounds instead of a budget; below 6 there are no intervals")
	f.StringVar(&m.ref, "ref", "", "`CODEC` that ratios refer to (default avro, or the first that carries the schema)")
	f.IntVar(&m.layouts, "layouts", 0, "link the worker `K` times, 2 or more, with different code layouts (needs Go and a checkout)")
	f.StringVar(&m.out, "out", "", "also write the results to `FILE`, in Go benchmark format")
	f.StringVar(&m.format, "format", "text", "form of the report: `FORM` text, md, json")
	m.page.bind(f, "every column in the text: ratios, intervals, allocations, what a keyBy is made of")
	f.StringVar(&m.profile, "profile", "", "external profile `FILE` of the records")
	m.bindHints(cmd)
	m.own.bind(cmd, "profile", "no-hints")
	f.Uint64Var(&m.seed, "seed", 1, "seed of the records and of the order of cells")
	f.Uint64Var(&m.ring, "records", harness.DefaultRecords, "distinct records: generated ones rounded up to a power of two, of --input at most so many")
	exclusive(cmd, "budget", "rounds")
	completesList(cmd, "codec", 0, listCodecPatterns)
	completesList(cmd, "key", 0, listKeys(m.choose))
	completes(cmd, "ref", m.listRefs)
	completesList(cmd, "runtime", 0, listRuntimes)
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "md", "json"}, cobra.ShellCompDirectiveNoFileComp))
}

// keyHelp is what help says of --key.
const keyHelp = `A key is one path of fields, or several with commas between. Of paths with | between, such as 'after.id|before.id', the
first is taken that is not null: what a change of data has as its key. Flink refuses a null key when it runs: generated
records have none, and one in --input is an error that names the record.`

// forms are the values of --format.
var forms = map[string]func(*report.Report, io.Writer) error{
	"text": (*report.Report).Text,
	"md":   (*report.Report).Markdown,
	"json": (*report.Report).JSON,
}

// run measures what planned returns, and prints the report.
func (m *measurement) run(cmd *cobra.Command, planned func(*cobra.Command) (*harness.Plan, error)) error {
	form := forms[m.format]
	if form == nil {
		return fmt.Errorf("--format %q: there are text, md and json", m.format)
	}
	if err := m.page.check(cmd.Flags()); err != nil {
		return err
	}
	plan, err := planned(cmd)
	if m.drop != nil {
		defer m.drop()
	}
	if err != nil {
		return err
	}
	if m.layouts > 0 {
		cleanup, err := m.link(cmd, plan)
		defer cleanup()
		if err != nil {
			return err
		}
	}
	var measured bytes.Buffer
	err = m.measure(cmd, plan, &measured)
	if be := (*measure.BudgetError)(nil); errors.As(err, &be) {
		return fmt.Errorf("%w; or force a number of rounds with --rounds, without intervals below %d", err, results.MinRounds)
	}
	printed := m.print(cmd, &measured, form) // whatever ended the run: what is complete was paid for
	if errors.Is(printed, report.ErrEmpty) && err != nil {
		printed = nil
	}
	return cmp.Or(err, printed)
}

// measure runs the plan and writes what it measures to measured and to the file of --out.
func (m *measurement) measure(cmd *cobra.Command, plan *harness.Plan, measured *bytes.Buffer) (err error) {
	progress := newProgress(cmd.ErrOrStderr())
	defer m.undo.add(progress.close)()
	seen := harness.Observer{Progress: progress.step, Schedule: func(s measure.Schedule) error {
		err := progress.schedule(s)
		if loss := s.Loss(); loss != "" && err == nil {
			_, err = fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: %s\n", loss)
		}
		return err
	}}
	if m.out == "" {
		return plan.Run(cmd.Context(), io.MultiWriter(measured, progress), seen)
	}
	file, err := openOut(m.out)
	if err != nil {
		return err
	}
	m.undo.add(func() { file.Close() })
	defer func() { err = cmp.Or(err, file.Close()) }()
	said := seen.Schedule
	seen.Schedule = func(s measure.Schedule) error { return cmp.Or(said(s), file.begin()) }
	return plan.Run(cmd.Context(), io.MultiWriter(measured, progress, file), seen)
}

// print writes the report of what was measured. A failed proof is an error of its own.
func (m *measurement) print(cmd *cobra.Command, measured io.Reader, form func(*report.Report, io.Writer) error) error {
	file, err := results.Read(measured, "results")
	if err != nil {
		return err
	}
	o := m.page.options(cmd.OutOrStdout())
	o.Ref, o.Rate, o.PerCore, o.Keybys = m.ref, m.rate, m.perCore, m.inDepth
	r, err := report.New(file, o)
	if err == nil {
		err = form(r, cmd.OutOrStdout())
	}
	if err == nil && cmd.Context().Err() == nil {
		err = harness.Failed(file)
	}
	if err == nil && len(file.Samples) == 0 {
		err = errors.New("nothing was measured: the rows say why")
	}
	return err
}
