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
)

// A stateQuestion is what state is asked for.
type stateQuestion struct {
	subject
	key, userKey, kind, codec, format, profile string
	elements, maxParallelism                   int
	ttl, window                                bool
	own
	seed, records uint64
}

func newState() *cobra.Command {
	q := &stateQuestion{}
	var kinds strings.Builder
	for _, k := range state.Kinds {
		fmt.Fprintf(&kinds, "  %-12s %s\n", k.Kind, k.Doc)
	}
	cmd := &cobra.Command{
		Use:   "state",
		Short: "say how many bytes Flink's keyed state takes in RocksDB",
		Long: `State encodes generated records, or your own, as a keyed state holds them and prints the bytes of an entry, part by
part, and of a million keys. The record is the value, the element, the map's value or the accumulator.

Kinds:
` + kinds.String() + `
Not counted: the 8 bytes of sequence number that RocksDB adds to each entry, its blocks, filters and log; nor what
compression takes off. The HashMap state backend holds objects, and serializes in snapshots only.

` + keyHelp + `

` + ownHelp,
		Example: `  wirecost state --stream orders.Order --kind value
  wirecost state --schema order.avsc --key customer --kind list --elements 20 --ttl
  wirecost state --schema order.avsc --key customer --kind map --user-key id --codec flink-avro
  wirecost state --input changes.avro --key 'after.id|before.id'`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.run(cmd) },
	}
	q.subject.bind(cmd, "")
	f := cmd.Flags()
	f.StringVar(&q.kind, "kind", "value", "kind of state: `KIND` value, list, map, reducing, aggregating, timer")
	f.StringVar(&q.key, "key", "", "key: `PATH[|PATH][,PATH]` of fields (default the schema's keyBy, or its first field fit for one); it is null in no record")
	f.StringVar(&q.userKey, "user-key", "", "field that is the key of a map state: `PATH`")
	f.StringVar(&q.codec, "codec", "pojo", "one of Flink's formats: the value's serializer")
	f.IntVar(&q.elements, "elements", 1, "elements of a list, or entries of a map, for each key")
	f.BoolVar(&q.ttl, "ttl", false, "the state has a time to live")
	f.BoolVar(&q.window, "window", false, "the state is in a time window, which is its namespace")
	f.IntVar(&q.maxParallelism, "max-parallelism", 128, "key groups: above 128 they take two bytes")
	f.StringVar(&q.format, "format", "text", "`FORM` text, json")
	f.StringVar(&q.profile, "profile", "", "external profile `FILE` of the records")
	q.bindHints(cmd)
	q.own.bind(cmd, "profile", "no-hints")
	f.Uint64Var(&q.seed, "seed", 1, "seed of the records")
	f.Uint64Var(&q.records, "records", harness.DefaultRecords, "how many records the bytes are a mean of")
	completes(cmd, "kind", listKinds)
	completesList(cmd, "key", 0, listKeys(q.load))
	completes(cmd, "user-key", listScalars(q.load))
	completes(cmd, "codec", listFlink)
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// stateForms are the values of --format.
var stateForms = map[string]func(*keyedstate.Report, io.Writer) error{"text": (*keyedstate.Report).Text, "json": (*keyedstate.Report).JSON}

// check refuses what makes no sense together.
func (q *stateQuestion) check() error {
	kind := state.Kind(q.kind)
	switch {
	case stateForms[q.format] == nil:
		return fmt.Errorf("--format %q: there are text and json", q.format)
	case !slices.ContainsFunc(state.Kinds, func(k state.KindDoc) bool { return k.Kind == kind }):
		return fmt.Errorf("--kind %q: there are value, list, map, reducing, aggregating and timer", q.kind)
	case (kind == state.Map) != (q.userKey != ""):
		return errors.New("--kind map and --user-key go together")
	case q.elements < 1 || q.elements > 1<<16:
		return fmt.Errorf("--elements %d: from 1 to %d", q.elements, 1<<16)
	case q.elements > 1 && kind != state.List && kind != state.Map:
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
	if err := cmp.Or(q.check(), q.own.check(cmd)); err != nil {
		return err
	}
	format, err := q.serializer()
	if err != nil {
		return err
	}
	cfg := keyedstate.Config{
		Kind: state.Kind(q.kind), Format: format, Line: lineOf(format), UserKey: q.userKey, Elements: q.elements,
		MaxParallelism: q.maxParallelism, TTL: q.ttl, Window: q.window, Seed: q.seed, Records: q.records,
	}
	if q.key != "" {
		cfg.Key = strings.Split(q.key, ",")
	}
	of := q.generated
	if q.own.given() {
		of = q.drawn
	}
	r, err := of(cmd, cfg)
	if err != nil {
		return err
	}
	return stateForms[q.format](r, cmd.OutOrStdout())
}

// generated reports on generated records.
func (q *stateQuestion) generated(cmd *cobra.Command, cfg keyedstate.Config) (*keyedstate.Report, error) {
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
	return keyedstate.Of(plan, cfg)
}

// drawn reports on the user's records.
func (q *stateQuestion) drawn(cmd *cobra.Command, cfg keyedstate.Config) (*keyedstate.Report, error) {
	d := harness.Drawing{Most: int(q.records), Seed: q.seed, Key: cfg.Key, Keyed: true}
	if q.userKey != "" {
		d.There = []string{q.userKey}
	}
	s, err := q.own.set(cmd, &q.subject, d)
	if err != nil {
		return nil, err
	}
	set, err := s.Set()
	if err != nil {
		return nil, err
	}
	cfg.Key = s.Key
	return keyedstate.OfSet(set, cfg)
}

// serializer returns the format that --codec names.
func (q *stateQuestion) serializer() (codecs.Format, error) {
	f, err := all.Find(q.codec)
	switch {
	case err != nil:
		return codecs.Format{}, err
	case len(f) != 1 || !f[0].Flink:
		return codecs.Format{}, fmt.Errorf("--codec %s: choose one of Flink's formats, which its state is written in", q.codec)
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
