package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
)

// A Route says how often and by which key records are sent. The zero Route is no exchange at all.
type Route struct {
	Keybys         int      // exchanges between source and sink
	Key            []string // paths of its fields; nil means the subject's
	OtherKey       []string // those of every second exchange; nil means the same
	Partitioner    string   // one of exchange.Partitioners; "" means by the key
	Parallelism    int      // subtasks of an operator; 0 means 2
	MaxParallelism int      // key groups; 0 means Flink's default for the parallelism
	Timestamps     bool     // records carry one, as Flink's sources set
}

func routeOf(r measure.Request) Route {
	route := routeIn(r.Data)
	route.Keybys = r.Keybys
	return route
}

// routeIn is the way that d says, without the number of keyBys.
func routeIn(d measure.Data) Route {
	return Route{Key: d.Key, OtherKey: d.OtherKey, Partitioner: d.Partitioner, Parallelism: d.Parallelism,
		MaxParallelism: d.MaxParallelism, Timestamps: d.Timestamps}
}

// config is what all jobs along a route have in common.
func (r Route) config(x exchange.Exchange, records []any) (exchange.Config, error) {
	p, err := partitioner(r.Partitioner)
	return exchange.Config{Exchange: x, Partitioner: p, Keybys: r.Keybys, Parallelism: r.Parallelism, MaxParallelism: r.MaxParallelism,
		NoTimestamps: !r.Timestamps, Records: records}, err
}

// partitioner returns the partitioner called name.
func partitioner(name string) (exchange.Partitioner, error) {
	if name == "" {
		return exchange.KeyBy, nil
	}
	i := slices.IndexFunc(exchange.Partitioners, func(p exchange.Partitioner) bool { return p.Name == name })
	if i < 0 {
		return exchange.Partitioner{}, fmt.Errorf("partitioner %q is unknown", name)
	}
	return exchange.Partitioners[i], nil
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

// keyOn returns the paths of the key of an exchange, the first of which is 0.
func (r Route) keyOn(s *Subject, hop int) ([]string, error) {
	if hop%2 == 1 && r.OtherKey != nil {
		return r.OtherKey, nil
	}
	return r.key(s)
}

// subtasks returns the parallelism and the number of key groups, defaults filled in.
func (r Route) subtasks() (parallelism, groups int) {
	parallelism = cmp.Or(r.Parallelism, exchange.DefaultParallelism)
	return parallelism, cmp.Or(r.MaxParallelism, keygroup.DefaultMaxParallelism(parallelism))
}

// Chain returns the task of stages whose exchange x has no bytes. The native record is the schema's struct; each counts as
// one.
func (s *Subject) Chain(x exchange.Exchange, r Route) (*measure.Task, error) {
	cfg, err := r.config(x, s.Records)
	if err != nil {
		return nil, err
	}
	j, err := exchange.Start(context.Background(), cfg)
	if err != nil {
		return nil, err
	}
	work := func(n int) (int64, error) {
		_, err := j.Move(n)
		return int64(n), err
	}
	return &measure.Task{Work: work, Ring: len(s.Records), Set: int64(len(s.Records)), NoBytes: true, Close: j.Stop}, nil
}

// config is what jobs with b's codec have in common along a route over x.
func (b *Bound) config(x exchange.Exchange, r Route) (exchange.Config, error) {
	cfg, err := r.config(x, b.Natives)
	if err != nil {
		return cfg, err
	}
	cfg.Aliases = b.Format.Aliases
	cfg.New = func() (codecs.Codec, error) {
		c, err := b.Format.New(b.Subject.Schema)
		if err != nil {
			return nil, err
		}
		return codecs.Trusted(c), nil // the records are those that were encoded and proved
	}
	cfg.NewRecord = b.fresh()
	if !cfg.Partitioner.Keyed {
		return cfg, nil
	}
	key, err := r.key(b.Subject)
	if err != nil {
		return cfg, err
	}
	cfg.Key = func() (exchange.KeyHash, error) { return keyOf(b.Codec, b.Subject, key) }
	if r.OtherKey != nil {
		cfg.Other = func() (exchange.KeyHash, error) { return keyOf(b.Codec, b.Subject, r.OtherKey) }
	}
	return cfg, nil
}

// Move returns the task of an exchange. What went over one exchange, framing taken off, is the records' encodings.
func (b *Bound) Move(x exchange.Exchange, r Route) (*measure.Task, error) {
	cfg, err := b.config(x, r)
	if err != nil {
		return nil, err
	}
	j, err := exchange.Start(context.Background(), cfg)
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
	task := &measure.Task{
		Prove: b.Prove, Work: work, Ring: len(b.Natives), Set: b.Set, Close: j.Stop,
		Wire: func() int64 { return carried },
	}
	if _, known := j.Sent(); known {
		task.Sent = func() int64 {
			sent, _ := j.Sent()
			return sent / int64(max(r.Keybys, 1))
		}
	}
	return task, nil
}

// Part returns the task of one of the parts of exchange x, which is called op.
func (b *Bound) Part(x exchange.Exchange, op Op, r Route) (*measure.Task, error) {
	i := slices.IndexFunc(x.Parts, func(p exchange.Part) bool { return p.Name == string(op) })
	if i < 0 {
		return nil, fmt.Errorf("exchange %s has no part %q", x.Name, op)
	}
	cfg, err := b.config(x, r)
	if err != nil {
		return nil, err
	}
	move, stop, err := x.Parts[i].Open(context.Background(), cfg)
	if err != nil {
		return nil, err
	}
	framing := int64(cfg.Framing())
	work := func(n int) (int64, error) {
		wire, err := move(n)
		return wire - int64(n)*framing, err
	}
	return &measure.Task{Prove: b.Prove, Work: work, Ring: len(b.Natives), Set: b.Set, Close: stop}, nil
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
	parallelism, groups := r.subtasks()
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
