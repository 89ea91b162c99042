// Package keyedstate says how many bytes the records of a schema take as Flink's keyed state in RocksDB, part by part: the
// mean over generated records. The bytes of one entry are those of codecs/flink/state.
//
// [Of] finds out, and the functions of one file each print: text.go, json.go.
package keyedstate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/records"
)

// A Config says which state holds the records.
type Config struct {
	Kind           state.Kind    // "" means value
	Format         codecs.Format // the value's serializer
	Line           javatype.Line // of Flink, which chooses the key's serializer
	Key            []string      // paths of the fields that are the key
	UserKey        string        // path of the field that is the key of a map state
	Elements       int           // of a list, or entries of a map, for each key: consecutive records; 0 means 1
	MaxParallelism int           // key groups; 0 means 128
	TTL            bool          // values have a time to live
	Window         bool          // a time window is the namespace
	Seed           uint64        // of the records
	Records        uint64        // how many keys the bytes are a mean of
}

// A Report is what a state takes, in mean bytes.
type Report struct {
	Schema   string     `json:"schema"`
	Kind     state.Kind `json:"kind"`
	Codec    string     `json:"codec"`
	Key      string     `json:"key"`
	KeyType  string     `json:"key-type"`
	Records  int        `json:"records"`
	Elements int        `json:"elements"`
	Parts    []Part     `json:"parts"`
	Entry    float64    `json:"B/entry"`
	Entries  int        `json:"entries/key"`
	Million  float64    `json:"B/million-keys"`
}

// A Part is one part of an entry.
type Part struct {
	Of    string  `json:"of"` // key or value
	Name  string  `json:"name"`
	Bytes float64 `json:"B/entry"`
}

// Of generates records of a plan, as cfg says, in which no key is null, and encodes them.
func Of(plan *records.Source, cfg Config) (*Report, error) {
	set, err := Set(plan, cfg)
	if err != nil {
		return nil, err
	}
	return OfSet(set, cfg)
}

// Set generates records of a plan, as cfg says, in which no key is null.
func Set(plan *records.Source, cfg Config) (*records.Set, error) {
	plan, err := plan.Keyed(cfg.keys()) // Flink refuses a null key when it runs
	if err != nil {
		return nil, err
	}
	return plan.Set(cfg.Seed, cfg.Records), nil
}

// keys returns all paths that must not be null.
func (c Config) keys() []string {
	if c.UserKey == "" {
		return c.Key
	}
	return append(slices.Clip(c.Key), c.UserKey)
}

// OfSet encodes records as the state's entries.
func OfSet(set *records.Set, cfg Config) (*Report, error) {
	if set.Records == 0 {
		return nil, errors.New("no records: there is no mean of none")
	}
	cfg.Kind, cfg.Elements, cfg.MaxParallelism = cmp.Or(cfg.Kind, state.Value), cmp.Or(cfg.Elements, 1), cmp.Or(cfg.MaxParallelism, 128)
	w, err := newWriter(set, cfg)
	if err != nil {
		return nil, err
	}
	var sum state.Size
	for i := range set.Records {
		size, err := w.entry(i)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
		add(&sum, size)
	}
	r := &Report{Schema: set.Schema.Name, Kind: cfg.Kind, Codec: cfg.Format.Name, Key: strings.Join(cfg.Key, ","), KeyType: w.key.JavaNames(),
		Records: int(set.Records), Elements: cfg.Elements, Entries: 1}
	if cfg.Kind == state.Map {
		r.Entries = cfg.Elements
	}
	r.fill(sum)
	return r, nil
}

// A writer encodes entries.
type writer struct {
	cfg     Config
	set     *records.Set
	pipe    *codecs.Pipe
	key     *state.Keyer
	userKey *state.Keyer // nil but of a map
}

func newWriter(set *records.Set, cfg Config) (w *writer, err error) {
	w = &writer{cfg: cfg, set: set}
	if w.pipe, err = codecs.Open(cfg.Format, set.Schema); err != nil {
		return nil, err
	}
	if w.key, err = state.NewKeyer(set.Type, cfg.Line, cfg.Key); err != nil {
		return nil, err
	}
	if cfg.UserKey != "" {
		w.userKey, err = state.NewUserKeyer(set.Type, cfg.Line, cfg.UserKey)
	}
	return w, err
}

// entry returns what the entry of record i takes. Of a map it is one of the entries of a key.
func (w *writer) entry(i uint64) (state.Size, error) {
	e := state.Entry{Kind: w.cfg.Kind, MaxParallelism: w.cfg.MaxParallelism, Namespace: state.Void(), TTL: w.cfg.TTL}
	if w.cfg.Window {
		e.Namespace = state.Window(0, 0)
	}
	if err := w.fillKeys(&e, w.set.At(i)); err != nil {
		return state.Size{}, err
	}
	values := w.cfg.Elements
	if e.Kind == state.Map {
		values = 1
	}
	for n := range values {
		b, err := w.pipe.Encode(w.set.At(i + uint64(n)))
		if err != nil {
			return state.Size{}, err
		}
		e.Values = append(e.Values, slices.Clone(b))
	}
	_, _, size, err := e.Append(nil, nil)
	return size, err
}

// fillKeys gives e the keys of a record, and its key group.
func (w *writer) fillKeys(e *state.Entry, record any) error {
	key, hash, err := w.key.Key(record)
	if err != nil {
		return err
	}
	e.Key, e.Group = key, keygroup.Group(hash, w.cfg.MaxParallelism)
	if w.userKey == nil {
		return nil
	}
	user, _, err := w.userKey.Key(record)
	if err != nil {
		return fmt.Errorf("user %w", err)
	}
	e.UserKey = user.Bytes
	return nil
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

// fill fills in the means of the report's entries, of which sum is the sum.
func (r *Report) fill(sum state.Size) {
	for _, p := range []struct {
		of, name string
		bytes    int
	}{
		{"key", "key group", sum.Group}, {"key", "timestamp", sum.Timestamp}, {"key", "key", sum.Key}, {"key", "namespace", sum.Namespace},
		{"key", "lengths", sum.Lengths}, {"key", "user key", sum.UserKey},
		{"value", "null", sum.Null}, {"value", "last access", sum.TTL}, {"value", "record", sum.Value}, {"value", "delimiters", sum.Delimiters},
	} {
		if p.bytes > 0 {
			mean := float64(p.bytes) / float64(r.Records)
			r.Parts = append(r.Parts, Part{p.of, p.name, mean})
			r.Entry += mean
		}
	}
	r.Million = r.Entry * float64(r.Entries) * 1e6
}
