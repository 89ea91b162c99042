package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/records"
)

// A stateQuestion is what state is asked for.
type stateQuestion struct {
	subject
	key, userKey, kind, codec, format, profile string
	elements, maxParallelism                   int
	ttl, window                                bool
	seed, records                              uint64
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
		Long: `State encodes generated records as a keyed state holds them and prints the bytes of an entry, part by part, and of a
million keys. The record is the value, the element, the map's value or the accumulator.

Kinds:
` + kinds.String() + `
Not counted: the 8 bytes of sequence number that RocksDB adds to each entry, its blocks, filters and log; nor what
compression takes off. The HashMap state backend holds objects, and serializes in snapshots only.`,
		Example: `  wirecost state --stream orders.Order --kind value
  wirecost state --schema order.avsc --key customer --kind list --elements 20 --ttl
  wirecost state --schema order.avsc --key customer --kind map --user-key id --codec flink-avro`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return q.run(cmd) },
	}
	q.subject.bind(cmd, "")
	f := cmd.Flags()
	f.StringVar(&q.kind, "kind", "value", "kind of state: `KIND` value, list, map, reducing, aggregating, timer")
	f.StringVar(&q.key, "key", "", "key: `PATH[,PATH]` of fields (default the schema's keyBy, or its first field fit for one)")
	f.StringVar(&q.userKey, "user-key", "", "field that is the key of a map state: `PATH`")
	f.StringVar(&q.codec, "codec", "pojo", "one of Flink's formats: the value's serializer")
	f.IntVar(&q.elements, "elements", 1, "elements of a list, or entries of a map, for each key")
	f.BoolVar(&q.ttl, "ttl", false, "the state has a time to live")
	f.BoolVar(&q.window, "window", false, "the state is in a time window, which is its namespace")
	f.IntVar(&q.maxParallelism, "max-parallelism", 128, "key groups: above 128 they take two bytes")
	f.StringVar(&q.format, "format", "text", "`FORM` text, json")
	f.StringVar(&q.profile, "profile", "", "external profile `FILE` of the records")
	f.Uint64Var(&q.seed, "seed", 1, "seed of the records")
	f.Uint64Var(&q.records, "records", harness.DefaultRecords, "how many records the bytes are a mean of")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json"}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// stateForms are the values of --format.
var stateForms = map[string]func(*stateAnswer, io.Writer) error{"text": (*stateAnswer).text, "json": (*stateAnswer).json}

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
		return fmt.Errorf("--elements is of a list or a map, not of a %s state", kind)
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
	if err := q.check(); err != nil {
		return err
	}
	s, err := q.load()
	if err != nil {
		return err
	}
	plan, err := q.compile(cmd, s, q.profile)
	if err != nil {
		return err
	}
	format, err := q.serializer()
	if err != nil {
		return err
	}
	p, err := openPipe(s, format.Name)
	if err != nil {
		return err
	}
	a, err := q.answer(plan, p, format.Name)
	if err != nil {
		return err
	}
	return stateForms[q.format](a, cmd.OutOrStdout())
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

// A stateAnswer is what a state takes, in mean bytes.
type stateAnswer struct {
	Schema   string      `json:"schema"`
	Kind     state.Kind  `json:"kind"`
	Codec    string      `json:"codec"`
	Key      string      `json:"key"`
	KeyType  string      `json:"key-type"`
	Records  int         `json:"records"`
	Elements int         `json:"elements"`
	Parts    []statePart `json:"parts"`
	Entry    float64     `json:"B/entry"`
	Entries  int         `json:"entries/key"`
	Million  float64     `json:"B/million-keys"`
}

// A statePart is one part of an entry.
type statePart struct {
	Of    string  `json:"of"` // key or value
	Name  string  `json:"name"`
	Bytes float64 `json:"B/entry"`
}

// answer encodes entries. A list takes the elements of a key from consecutive records.
func (q *stateQuestion) answer(plan *records.Plan, p *codecs.Pipe, codec string) (*stateAnswer, error) {
	key, userKey, err := q.keyers(plan, codec)
	if err != nil {
		return nil, err
	}
	a := &stateAnswer{Schema: plan.Schema.Name, Kind: state.Kind(q.kind), Codec: codec, Key: q.key, KeyType: key.JavaNames(),
		Records: int(q.records), Elements: q.elements, Entries: 1}
	perEntry := q.elements
	if a.Kind == state.Map {
		a.Entries, perEntry = q.elements, 1
	}
	gen := plan.Generator(q.seed)
	var sum state.Size
	for i := range q.records {
		e := state.Entry{Kind: a.Kind, MaxParallelism: q.maxParallelism, Namespace: state.Void(), TTL: q.ttl}
		if q.window {
			e.Namespace = state.Window(0, 0)
		}
		record := gen.New(i)
		hash := int32(0)
		if e.Key, hash, err = key.Key(record); err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
		e.Group = keygroup.Group(hash, q.maxParallelism)
		if userKey != nil {
			u, _, err := userKey.Key(record)
			if err != nil {
				return nil, fmt.Errorf("record %d: user %w", i, err)
			}
			e.UserKey = u.Bytes
		}
		for n := range perEntry {
			b, err := p.Encode(gen.New(i + uint64(n)))
			if err != nil {
				return nil, fmt.Errorf("record %d: %w", i, err)
			}
			e.Values = append(e.Values, slices.Clone(b))
		}
		_, _, size, err := e.Append(nil, nil)
		if err != nil {
			return nil, err
		}
		add(&sum, size)
	}
	a.parts(sum, float64(q.records))
	return a, nil
}

// keyers returns what serializes the state's key and, of a map, the user's.
func (q *stateQuestion) keyers(plan *records.Plan, codec string) (key, userKey *state.Keyer, err error) {
	line := javatype.Flink2
	if strings.Contains(codec, "-flink1") {
		line = javatype.Flink1
	}
	if q.key == "" {
		paths := harness.FirstKey(plan)
		if paths == nil {
			return nil, nil, errors.New("no field of the schema can be a key")
		}
		q.key = strings.Join(paths, ",")
	}
	if key, err = state.NewKeyer(plan.Type, line, strings.Split(q.key, ",")); err != nil {
		return nil, nil, err
	}
	if q.userKey != "" {
		userKey, err = state.NewUserKeyer(plan.Type, line, q.userKey)
	}
	return key, userKey, err
}

func add(sum *state.Size, s state.Size) {
	sum.Group += s.Group
	sum.Key += s.Key
	sum.Lengths += s.Lengths
	sum.Namespace += s.Namespace
	sum.UserKey += s.UserKey
	sum.Null += s.Null
	sum.TTL += s.TTL
	sum.Delimiters += s.Delimiters
	sum.Value += s.Value
	sum.Timestamp += s.Timestamp
}

// parts fills in the means of n entries.
func (a *stateAnswer) parts(sum state.Size, n float64) {
	for _, p := range []struct {
		of, name string
		bytes    int
	}{
		{"key", "key group", sum.Group}, {"key", "timestamp", sum.Timestamp}, {"key", "key", sum.Key}, {"key", "namespace", sum.Namespace},
		{"key", "lengths", sum.Lengths}, {"key", "user key", sum.UserKey},
		{"value", "null", sum.Null}, {"value", "last access", sum.TTL}, {"value", "record", sum.Value}, {"value", "delimiters", sum.Delimiters},
	} {
		if p.bytes > 0 {
			a.Parts = append(a.Parts, statePart{p.of, p.name, float64(p.bytes) / n})
			a.Entry += float64(p.bytes) / n
		}
	}
	a.Million = a.Entry * float64(a.Entries) * 1e6
}

func (a *stateAnswer) text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in a %s state, key %s (%s), codec %s; mean of %s\n\n", a.Schema, a.Kind, a.Key, a.KeyType, a.Codec, codecs.Count(a.Records, "record"))
	for _, p := range a.Parts {
		fmt.Fprintf(&b, "%-5s  %-11s  %8.1f B\n", p.Of, p.Name, p.Bytes)
	}
	fmt.Fprintf(&b, "%-5s  %-11s  %8.1f B\n", "entry", "", a.Entry)
	each := ""
	if a.Entries > 1 {
		each = fmt.Sprintf(" with %d entries each", a.Entries)
	}
	fmt.Fprintf(&b, "\na million keys%s: %.0f MB before compression\n", each, a.Million/1e6)
	_, err := io.WriteString(w, b.String())
	return err
}

func (a *stateAnswer) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(a)
}
