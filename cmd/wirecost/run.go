package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/protobuf"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/jvm"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/report"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/near"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
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

// plan turns the flags into a plan.
func (m *measurement) plan(cmd *cobra.Command) (*harness.Plan, error) {
	if err := cmp.Or(m.class.choose(cmd, m), m.chooseRuntimes(cmd), m.check(cmd), m.own.check(cmd)); err != nil {
		return nil, err
	}
	var s *schemas.Schema
	var reader *sample.Reader
	codecs, err := m.codecNames(cmd)
	if err := cmp.Or(err, m.class.check(m, codecs)); err != nil {
		return nil, err
	}
	if err := m.class.read(cmd, &m.subject); err != nil {
		return nil, err
	}
	if m.own.given() {
		var in io.Closer
		if reader, in, err = m.own.open(cmd, &m.subject); err == nil {
			s = reader.Schema
			defer in.Close()
		}
	} else {
		s, err = m.choose()
	}
	if err != nil {
		return nil, err
	}
	p := &harness.Plan{
		Lab:     lab(),
		Facts:   results.Facts{CommandLine: strings.Join(os.Args, " "), Class: m.class.name},
		Measure: measure.Config{Rounds: m.rounds, Budget: m.budget, Seed: m.seed, Ref: m.ref},
		Duet:    m.duet != "",
	}
	for _, r := range m.times {
		p.Runtimes = append(p.Runtimes, r.Name)
	}
	p.Codecs = m.dynamic(cmd, s, codecs)
	if err := m.checkRef(s, p.Codecs); err != nil {
		return nil, err
	}
	if err := m.chooseOps(p); err != nil {
		return nil, err
	}
	var subject *harness.Subject
	if reader != nil {
		subject, err = m.drawn(cmd, reader, p)
	} else {
		subject, err = m.records(cmd, s, p)
	}
	m.class.of(subject)
	p.Subjects = []*harness.Subject{subject}
	return p, err
}

// dynamic puts the codec that needs no generated code in the place of protobuf, where the schema has none. Its row says what
// it is by its name.
func (m *measurement) dynamic(cmd *cobra.Command, s *schemas.Schema, names []string) []string {
	i := slices.Index(names, protobuf.Format.Name)
	if i < 0 || s.Message != nil || m.ref == protobuf.Format.Name {
		return names
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: %s needs generated code, which built-in streams have: %s stands in its place, and is slower\n",
		protobuf.Format.Name, protobuf.Dynamic.Name)
	names = slices.Delete(slices.Clone(names), i, i+1)
	if !slices.Contains(names, protobuf.Dynamic.Name) {
		names = slices.Insert(names, i, protobuf.Dynamic.Name)
	}
	return names
}

// lab is everything that this program can measure.
func lab() harness.Lab {
	return harness.Lab{Formats: slices.Concat(all.Formats, all.Released), Exchanges: exchange.All, Runtimes: runtimes, Stream: streams.Get}
}

// runtimes lists whose implementations can be timed.
var runtimes = []harness.Runtime{harness.Go, jvm.Flink2, jvm.Flink1, jvm.Flink2Mixed, jvm.Flink1Mixed}

// chooseRuntimes reads --runtime, and what follows from it where the user does not say otherwise.
func (m *measurement) chooseRuntimes(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	for name := range strings.SplitSeq(m.runtimes, ",") {
		name = strings.TrimSpace(name)
		i := slices.IndexFunc(runtimes, func(r harness.Runtime) bool { return r.Name == name })
		if i < 0 {
			all, _ := listRuntimes()
			return fmt.Errorf("--runtime: unknown runtime %q: %s", name, near.Hint(name, names(all)))
		}
		if slices.ContainsFunc(m.times, func(r harness.Runtime) bool { return r.Name == name }) {
			continue
		}
		m.times = append(m.times, runtimes[i])
		if name == harness.Go.Name {
			continue
		}
		if !given("budget") {
			m.budget += flinkBudget
		}
		if !given("codec") && !given("duet") && !m.class.given() {
			m.codecs += map[bool]string{true: flinkCodecs, false: flink1Codecs}[strings.HasPrefix(name, jvm.Flink2.Name)]
		}
	}
	switch {
	case m.duet != "" && (len(m.times) > 1 || !m.inGo()):
		return errors.New("--duet measures two codecs of runtime go: leave --runtime out")
	case m.inDepth && (len(m.times) > 1 || !m.inGo()):
		return errors.New("keyby measures runtime go: those of Flink have no exchange here")
	case m.layouts > 0 && !m.inGo():
		return errors.New("--layouts are those of runtime go, which --runtime leaves out")
	}
	return nil
}

// inGo reports whether runtime go is among those of --runtime.
func (m *measurement) inGo() bool {
	return slices.ContainsFunc(m.times, func(r harness.Runtime) bool { return r.Name == harness.Go.Name })
}

// mostRounds is more than anybody waits for.
const mostRounds = 1_000_000

// check refuses what no plan can make sense of.
func (m *measurement) check(cmd *cobra.Command) error {
	given := cmd.Flags().Changed
	switch {
	case given("rounds") && (m.rounds < 1 || m.rounds > mostRounds):
		return fmt.Errorf("--rounds %d: from 1 to %d", m.rounds, mostRounds)
	case m.budget <= 0:
		return fmt.Errorf("--budget %v: above 0", m.budget)
	case m.layouts < 0:
		return fmt.Errorf("--layouts %d: from 2", m.layouts)
	case m.ring == 0 || m.ring > 1<<20:
		return fmt.Errorf("--records %d: from 1 to %d", m.ring, 1<<20)
	case m.out == "-" || given("out") && isOutput(m.out, cmd.OutOrStdout()):
		return fmt.Errorf("--out %s: standard output has the report already: name a file", m.out)
	case m.layouts == 1:
		return errors.New("--layouts 1 is the one layout that every run has: name 2 or more")
	case given("rate") && !isRate(m.rate):
		return fmt.Errorf("--rate %v: it is a number of records a second, above 0", m.rate)
	case given("per-core") && !isRate(m.perCore):
		return fmt.Errorf("--per-core %v: it is a number of records a second, above 0", m.perCore)
	}
	return nil
}

// isRate reports whether a rate prices anything: NaN and the infinities, which a flag may say, do not.
func isRate(rate float64) bool { return rate > 0 && !math.IsInf(rate, 1) }

// checkRef refuses a reference that is not among the codecs called names, or that cannot carry s: no ratio would refer to it.
func (m *measurement) checkRef(s *schemas.Schema, names []string) error {
	if m.ref == "" {
		return nil
	}
	for _, f := range lab().Formats {
		if f.Name != m.ref || !slices.Contains(names, f.Name) {
			continue
		}
		if _, err := f.New(s); err != nil {
			return fmt.Errorf("--ref %s: the codec cannot carry %s, so nothing can be compared with it: %w", m.ref, s.Name, err)
		}
		return nil
	}
	return fmt.Errorf("--ref %q is not among the codecs measured: %s", m.ref, near.Hint(m.ref, names))
}

func (m *measurement) choose() (*schemas.Schema, error) {
	if m.schema == nil && m.stream == "" {
		m.stream = defaultStream
	}
	return m.load()
}

// codecNames returns the codecs that a runtime of the run has, and says which of those asked for none has.
func (m *measurement) codecNames(cmd *cobra.Command) ([]string, error) {
	list := m.codecs
	if m.duet != "" {
		list = m.duet
	}
	find := all.Find
	if len(m.times) > 1 || !m.inGo() {
		find = all.FindReleased
	}
	formats, err := find(list)
	if err != nil {
		return nil, err
	}
	var names, without []string
	for _, f := range formats {
		if slices.ContainsFunc(m.times, func(r harness.Runtime) bool { return r.Has(f) }) {
			names = append(names, f.Name)
		} else {
			without = append(without, f.Name)
		}
	}
	if m.duet != "" && len(formats) != 2 {
		return nil, fmt.Errorf("--duet %s: name two codecs", m.duet)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("--runtime %s has none of the codecs %s", m.runtimes, strings.Join(without, ", "))
	}
	if len(without) > 0 && cmd.Flags().Changed("codec") {
		fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: --runtime %s leaves out %s\n", m.runtimes, strings.Join(without, ", "))
	}
	return names, nil
}

// chooseOps puts the ops of --ops into p.
func (m *measurement) chooseOps(p *harness.Plan) error {
	for name := range strings.SplitSeq(m.ops, ",") {
		op := harness.Op(strings.TrimSpace(name))
		switch {
		case op == "all":
			p.Ops = append(slices.Clone(harness.Ops), harness.Copy)
			p.Exchanges = []string{exchange.Local.Name}
		case op == harness.Move:
			p.Exchanges = []string{exchange.Local.Name}
		case !slices.Contains(harness.Ops, op) && op != harness.Copy:
			return fmt.Errorf("--ops: unknown op %q: %s", op, near.Hint(string(op), names(ops)))
		case !slices.Contains(p.Ops, op):
			p.Ops = append(p.Ops, op)
		}
	}
	if m.duet != "" && len(p.Exchanges) > 0 {
		if m.ops != defaultOps {
			return errors.New("--duet compares codecs on one core: leave move out of --ops")
		}
		p.Exchanges = nil
	}
	if !m.inGo() {
		if m.ops != defaultOps && len(p.Exchanges) > 0 && m.ops != "all" {
			return fmt.Errorf("--ops move is of runtime go, which --runtime %s leaves out", m.runtimes)
		}
		p.Exchanges = nil
	}
	if len(m.times) == 1 && m.inGo() && len(p.Ops) == 1 && p.Ops[0] == harness.Copy && len(p.Exchanges) == 0 {
		return errors.New("--ops copy is of Flink's runtimes: add one to --runtime")
	}
	if len(p.Exchanges) == 0 && (m.key != "" || m.noTimestamps) {
		return errors.New("--key and --no-timestamps concern the keyBy: add move to --ops")
	}
	if m.inGo() && len(p.Exchanges) == 0 && (m.rate > 0 || m.perCore > 0) {
		return errors.New("--rate and --per-core price a keyBy: add move to --ops")
	}
	return nil
}

// What a ring takes at most, in bytes of Avro: more than the caches hold tells nothing new, and costs the budget.
const (
	defaultSet = 2 << 20 // unless --records says how many
	largestSet = 1 << 30
)

// records makes the records that are measured, and says how they travel. Where no field can be a key and the user did not ask
// for keyBys, p has none.
func (m *measurement) records(cmd *cobra.Command, s *schemas.Schema, p *harness.Plan) (*harness.Subject, error) {
	d := m.data(s)
	source, err := m.compile(cmd, s, m.profile)
	if err != nil {
		return nil, err
	}
	d.Profile, d.Hints = string(source.External), source.Hints
	if d.Records, err = m.size(cmd, source); err != nil {
		return nil, err
	}
	if len(p.Exchanges) > 0 {
		if err := m.route(cmd, source, p, &d); err != nil {
			return nil, err
		}
	}
	return harness.Generate(source, d)
}

// data says which schema records are of, and with which seed.
func (m *measurement) data(s *schemas.Schema) measure.Data {
	if m.stream != "" {
		return measure.Data{Seed: m.seed, Stream: m.stream}
	}
	return measure.Data{Seed: m.seed, Text: s.Text, Type: s.Name, Dir: s.Dir}
}

// drawn draws the records that are measured from the user's, and puts them into a file for the workers.
func (m *measurement) drawn(cmd *cobra.Command, r *sample.Reader, p *harness.Plan) (*harness.Subject, error) {
	data := m.data(r.Schema)
	keyed := m.keyed(&data) && len(p.Exchanges) > 0
	d := harness.Drawing{Most: int(m.ring), Seed: m.seed, Keyed: keyed && m.mustMove(cmd)}
	if !cmd.Flags().Changed("records") {
		d.Bytes = defaultSet
	}
	if m.key != "" {
		d.Key = strings.Split(m.key, ",")
	}
	if m.otherKey != "" {
		data.OtherKey = strings.Split(m.otherKey, ",")
		d.There = data.OtherKey
		if err := harness.CheckKey(r.Schema, data.OtherKey); err != nil {
			return nil, err
		}
	}
	s, err := m.own.draw(cmd, r, d)
	if err != nil {
		return nil, err
	}
	if keyed {
		if data.Key = s.Key; s.Key == nil {
			m.leaveOut(cmd, p, s.NoKey())
		}
	}
	file, err := os.CreateTemp("", "wirecost-records-")
	if err != nil {
		return nil, err
	}
	m.drop = m.undo.add(func() { os.Remove(file.Name()) })
	data.Path = file.Name()
	_, err = s.WriteTo(file)
	if err = cmp.Or(err, file.Close()); err != nil {
		return nil, err
	}
	return s.Subject(m.own.name, data)
}

// mustMove reports whether the user asked for keyBys.
func (m *measurement) mustMove(cmd *cobra.Command) bool {
	return m.inDepth || cmd.Flags().Changed("ops") || m.rate > 0 || m.perCore > 0
}

// leaveOut leaves the keyBys out of p.
func (m *measurement) leaveOut(cmd *cobra.Command, p *harness.Plan, why error) {
	fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: keyBys are left out: %v\n", why)
	p.Exchanges = nil
}

// size returns the number of records in the ring, and says if it is another than was asked for.
func (m *measurement) size(cmd *cobra.Command, source *records.Source) (int, error) {
	asked := 1 << bits.Len64(m.ring-1)
	limit := int64(defaultSet)
	if cmd.Flags().Changed("records") {
		limit = largestSet
	}
	n, mean, err := harness.FitRecords(source, m.seed, asked, limit)
	switch {
	case err != nil:
		return 0, err
	case n < asked && limit == largestSet:
		return 0, fmt.Errorf("--records %d: a record takes %.0f bytes, and a set of at most %d: measure %d of them", asked, mean, int64(largestSet), n)
	case n < asked:
		fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: a record takes %.0f bytes: %d of them are measured, in turn, for %d (--records says how many)\n", mean, n, asked)
	case uint64(n) != m.ring:
		fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: --records %d rounded up to %d, a power of two\n", m.ring, n)
	}
	return n, nil
}

// keyed says how records travel, but for the key, and reports whether they go by one.
func (m *measurement) keyed(d *measure.Data) bool {
	d.Timestamps, d.Parallelism, d.MaxParallelism = !m.noTimestamps, m.parallelism, m.maxParallelism
	if m.partitioner != "" && m.partitioner != exchange.KeyBy.Name {
		d.Partitioner = m.partitioner
		return false
	}
	return true
}

// route says by which key records travel. The default run does without keyBys where there is none.
func (m *measurement) route(cmd *cobra.Command, source *records.Source, p *harness.Plan, d *measure.Data) error {
	if !m.keyed(d) {
		return nil
	}
	if m.otherKey != "" {
		d.OtherKey = strings.Split(m.otherKey, ",")
		if err := harness.CheckKey(source.Schema, d.OtherKey); err != nil {
			return err
		}
	}
	d.Keys = m.keys
	if m.key != "" {
		d.Key = strings.Split(m.key, ",")
		return harness.CheckKey(source.Schema, d.Key)
	}
	key, err := harness.FirstKey(source)
	switch {
	case err == nil:
		d.Key = key
		return nil
	case !errors.Is(err, harness.ErrNoKey) || m.mustMove(cmd):
		return err
	}
	m.leaveOut(cmd, p, err)
	return nil
}
