package harness

import (
	"cmp"
	"errors"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
)

// A Route says how often and by which key records are sent. The zero Route is no exchange at all.
type Route struct {
	Keybys         int      // exchanges between source and sink
	Key            []string // paths of its fields; nil means the subject's
	Parallelism    int      // subtasks of an operator; 0 means 2
	MaxParallelism int      // key groups; 0 means Flink's default for the parallelism
	Timestamps     bool     // records carry one, as Flink's sources set
}

func routeOf(r measure.Request) Route {
	return Route{Keybys: r.Keybys, Key: r.Key, Parallelism: r.Parallelism, MaxParallelism: r.MaxParallelism, Timestamps: r.Timestamps}
}

// config is what all jobs along a route have in common.
func (r Route) config(x exchange.Exchange, records []any) exchange.Config {
	return exchange.Config{Exchange: x, Keybys: r.Keybys, Parallelism: r.Parallelism, MaxParallelism: r.MaxParallelism,
		NoTimestamps: !r.Timestamps, Records: records}
}

// key returns the paths of r's key for records of s.
func (r Route) key(s *Subject) ([]string, error) {
	if r.Key != nil {
		return r.Key, nil
	}
	if s.Key == nil {
		return nil, errors.New("no field of the schema can be a key")
	}
	return s.Key, nil
}

// Chain returns the task of stages whose exchange x has no bytes. The native record is the schema's struct; each counts as
// one.
func (s *Subject) Chain(x exchange.Exchange, r Route) (*measure.Task, error) {
	j, err := exchange.Start(r.config(x, s.Records))
	if err != nil {
		return nil, err
	}
	work := func(n int) (int64, error) {
		_, err := j.Move(n)
		return int64(n), err
	}
	return &measure.Task{Work: work, Ring: len(s.Records), Set: int64(len(s.Records)), NoBytes: true, Close: j.Stop}, nil
}

// Move returns the task of an exchange. What went over one exchange, framing taken off, is the records' encodings.
func (b *Bound) Move(x exchange.Exchange, r Route) (*measure.Task, error) {
	key, err := r.key(b.Subject)
	if err != nil {
		return nil, err
	}
	cfg := r.config(x, b.Natives)
	cfg.Aliases = b.Format.Aliases
	cfg.New = func() (codecs.Codec, error) {
		c, err := b.Format.New(b.Subject.Schema)
		if err != nil {
			return nil, err
		}
		return codecs.Trusted(c), nil // the records are those that were encoded and proved
	}
	cfg.NewRecord = b.fresh()
	cfg.Key = func() (exchange.KeyHash, error) { return keyOf(b.Codec, b.Subject, key) }
	j, err := exchange.Start(cfg)
	if err != nil {
		return nil, err
	}
	framing := int64(cfg.Framing())
	var carried int64
	work := func(n int) (int64, error) {
		wire, err := j.Move(n)
		wire /= int64(max(r.Keybys, 1))
		carried += wire
		return wire - int64(n)*framing, err
	}
	return &measure.Task{
		Prove: b.Prove, Work: work, Ring: len(b.Natives), Set: b.Set, Close: j.Stop,
		Wire: func() int64 { return carried },
	}, nil
}

// A hashing finds the channels of records, as a writer of an exchange does before it encodes.
type hashing struct {
	records  []any // pointers to the schema's Go struct
	key      exchange.KeyHash
	channels []uint16 // by key group
}

// Hash returns the task of the op Hash: read the key, its Java hash, key group, channel. The records are the schema's
// structs, and the lengths that the ops of codecs sum up are channels here.
func (s *Subject) Hash(r Route) (*measure.Task, error) {
	paths, err := r.key(s)
	if err != nil {
		return nil, err
	}
	key, err := keygroup.StructHasher(s.Type, paths)
	if err != nil {
		return nil, err
	}
	parallelism := cmp.Or(r.Parallelism, exchange.DefaultParallelism)
	groups := cmp.Or(r.MaxParallelism, keygroup.DefaultMaxParallelism(parallelism))
	h := &hashing{records: s.Records, key: key, channels: keygroup.Channels(parallelism, groups)}
	set, err := h.work(len(s.Records))
	if err != nil {
		return nil, err
	}
	return &measure.Task{Work: h.work, Ring: len(s.Records), Set: set, NoBytes: true}, nil
}

// work finds n channels, and returns their sum.
func (h *hashing) work(n int) (sum int64, err error) {
	groups := len(h.channels)
	for i := 0; n > 0; n-- {
		hash, err := h.key(h.records[i])
		if err != nil {
			return sum, err
		}
		sum += int64(h.channels[keygroup.Group(hash, groups)])
		if i++; i == len(h.records) {
			i = 0
		}
	}
	return sum, nil
}
