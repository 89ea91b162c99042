package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/keyedstate"
	"github.com/wirecost/wirecost/records"
)

// A stateQuestion is what state is asked for.
type stateQuestion struct {
	subject
	key, userKey, kind, codec, format, profile string
	elements, maxParallelism                   int
	ttl, window                                bool
	own
	seed, records uint64
	timing
}

func newState(undo *cleanups) *cobra.Command {
	q := &stateQuestion{timing: timing{undo: undo}}
	var kinds strings.Builder
	for _, k := range state.Kinds {
		fmt.Fprintf(&kinds, "  %-12s %s\n", k.Kind, k.Doc)
	}
	cmd := &cobra.Command{
		Use:   "state",
		Short: "say how many bytes Flink's keyed state takes in RocksDB, and what its accesses cost",
		Long: `State encodes generated records, or your own, as a keyed state holds them and prints the bytes of an entry, part by
part, and of a million keys. The record is the value, the element, the map's value or the accumulator.

Kinds:
` + kinds.String() + `
Not counted: the 8 bytes of sequence number that RocksDB adds to each entry, its blocks, filters and log; nor what
compression takes off. The HashMap state backend holds objects, and serializes in snapshots only.

With --runtime flink2 or flink1 the released backends are measured, too, without a cluster: what an access to a value,
list or reducing state costs for each record, on the heap and in RocksDB, beside the bytes of its entry. --kind and
--elements narrow it down to one kind, and to one length of list; --ttl measures without and with a time to live.
Times are of consecutive longs as keys, whatever the key of the bytes is. It needs a JDK 17 and wirecost flink build,
once, and takes some minutes, and some hundred MB for temporary files.

` + keyHelp + `

` + ownHelp,
		Example: `  wirecost state --stream orders.Order --kind value
  wirecost state --schema order.avsc --key customer --kind list --elements 20 --ttl
  wirecost state --schema order.avsc --key customer --kind map --user-key id --codec flink-avro
  wirecost state --input changes.avro --key 'after.id|before.id'
  wirecost state --stream nexmark.Bid --runtime flink2 --codec pojo,kryo`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.run(cmd) },
	}
	q.subject.bind(cmd, "")
	f := cmd.Flags()
	f.StringVar(&q.kind, "kind", "value", "kind of state: `KIND` value, list, map, reducing, aggregating, timer")
	f.StringVar(&q.key, "key", "", "key: `PATH[|PATH][,PATH]` of fields (default the schema's keyBy, or its first field fit for one); it is null in no record")
	f.StringVar(&q.userKey, "user-key", "", "field that is the key of a map state: `PATH`")
	f.StringVar(&q.codec, "codec", "", "one of Flink's formats, or with --runtime a `LIST` of them: the value's serializer (default pojo, or pojo-flink1)")
	f.IntVar(&q.elements, "elements", 1, "elements of a list, or entries of a map, for each key")
	f.BoolVar(&q.ttl, "ttl", false, "the state has a time to live")
	f.BoolVar(&q.window, "window", false, "the state is in a time window, which is its namespace")
	f.IntVar(&q.maxParallelism, "max-parallelism", 128, "key groups: above 128 they take two bytes")
	f.StringVar(&q.format, "format", "text", "`FORM` text, json; with --runtime md, too")
	q.timing.bind(f)
	f.StringVar(&q.profile, "profile", "", "external profile `FILE` of the records")
	q.bindHints(cmd)
	q.own.bind(cmd, "profile", "no-hints")
	f.Uint64Var(&q.seed, "seed", 1, "seed of the records")
	f.Uint64Var(&q.records, "records", harness.DefaultRecords, "how many records the bytes are a mean of")
	completes(cmd, "kind", listKinds)
	completesList(cmd, "key", 0, listKeys(q.load))
	completes(cmd, "user-key", listScalars(q.load))
	completesList(cmd, "codec", 0, listFlink)
	completes(cmd, "runtime", listStateRuntimes)
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "md"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// stateForms are the values of --format.
var stateForms = map[string]func(*keyedstate.Report, io.Writer) error{"text": (*keyedstate.Report).Text, "json": (*keyedstate.Report).JSON}

// check refuses what makes no sense together.
func (q *stateQuestion) check() error {
	kind := state.Kind(q.kind)
	switch {
	case q.runtime == "" && stateForms[q.format] == nil:
		return fmt.Errorf("--format %q: there are text and json", q.format)
	case !slices.ContainsFunc(state.Kinds, func(k state.KindDoc) bool { return k.Kind == kind }):
		return fmt.Errorf("--kind %q: there are value, list, map, reducing, aggregating and timer", q.kind)
	case (kind == state.Map) != (q.userKey != ""):
		return errors.New("--kind map and --user-key go together")
	case q.elements < 1 || q.elements > 1<<16:
		return fmt.Errorf("--elements %d: from 1 to %d", q.elements, 1<<16)
	case q.runtime == "" && q.elements > 1 && kind != state.List && kind != state.Map:
		return fmt.Errorf("--elements is of a list or a map, not of %s", keyedstate.Phrase(kind))
	case q.ttl && kind == state.Timer:
		return errors.New("a timer has no time to live")
	case q.maxParallelism < 1 || q.maxParallelism > 32768:
		return fmt.Errorf("--max-parallelism %d: from 1 to 32768", q.maxParallelism)
	case q.records == 0 || q.records > 1<<20:
		return fmt.Errorf("--records %d: from 1 to %d", q.records, 1<<20)
	}
	return nil
}

func (q *stateQuestion) run(cmd *cobra.Command) error {
	if err := cmp.Or(q.checkTiming(cmd), q.check(), q.own.check(cmd)); err != nil {
		return err
	}
	if q.runtime != "" {
		return q.measure(cmd)
	}
	format, err := serializer(cmp.Or(q.codec, "pojo"))
	if err != nil {
		return err
	}
	cfg := q.config()
	cfg.Format, cfg.Line = format, lineOf(format)
	set, err := q.set(cmd, &cfg)
	if err != nil {
		return err
	}
	r, err := keyedstate.OfSet(set, cfg)
	if err != nil {
		return err
	}
	return stateForms[q.format](r, cmd.OutOrStdout())
}

// config returns what the flags say, but for the format.
func (q *stateQuestion) config() keyedstate.Config {
	cfg := keyedstate.Config{
		Kind: state.Kind(q.kind), UserKey: q.userKey, Elements: q.elements,
		MaxParallelism: q.maxParallelism, TTL: q.ttl, Window: q.window, Seed: q.seed, Records: q.records,
	}
	if q.key != "" {
		cfg.Key = strings.Split(q.key, ",")
	}
	return cfg
}

// set returns the records, generated ones or the user's, and fills in the key.
func (q *stateQuestion) set(cmd *cobra.Command, cfg *keyedstate.Config) (*records.Set, error) {
	if q.own.given() {
		return q.drawn(cmd, cfg)
	}
	return q.generated(cmd, cfg)
}

func (q *stateQuestion) generated(cmd *cobra.Command, cfg *keyedstate.Config) (*records.Set, error) {
	s, err := q.load()
	if err != nil {
		return nil, err
	}
	plan, err := q.compile(cmd, s, q.profile)
	if err != nil {
		return nil, err
	}
	if cfg.Key == nil {
		if cfg.Key, err = harness.FirstKey(plan); err != nil {
			return nil, err
		}
	}
	return keyedstate.Set(plan, *cfg)
}

func (q *stateQuestion) drawn(cmd *cobra.Command, cfg *keyedstate.Config) (*records.Set, error) {
	d := harness.Drawing{Most: int(cfg.Records), Seed: q.seed, Key: cfg.Key, Keyed: true}
	if q.userKey != "" {
		d.There = []string{q.userKey}
	}
	s, err := q.own.set(cmd, &q.subject, d)
	if err != nil {
		return nil, err
	}
	cfg.Key = s.Key
	return s.Set()
}

// serializer returns the format that --codec names.
func serializer(name string) (codecs.Format, error) {
	f, err := all.Find(name)
	switch {
	case err != nil:
		return codecs.Format{}, err
	case len(f) != 1 || !f[0].Flink:
		return codecs.Format{}, fmt.Errorf("--codec %s: choose one of Flink's formats, which its state is written in", name)
	}
	return f[0], nil
}

// lineOf returns the line of Flink that a format's name says.
func lineOf(f codecs.Format) javatype.Line {
	if strings.Contains(f.Name, "-flink1") {
		return javatype.Flink1
	}
	return javatype.Flink2
}
