package harness

import (
	"errors"
	"fmt"
	"math/bits"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// DefaultRecords is the number of distinct records in a ring.
const DefaultRecords = 1024

// Schema returns the schema that d names.
func (l Lab) schema(d measure.Data) (*schemas.Schema, error) {
	if d.Stream != "" {
		return l.Stream(d.Stream)
	}
	return schemas.Parse("schema", []byte(d.Text), d.Type)
}

// Subject makes the records that d describes.
func (l Lab) Subject(d measure.Data) (*Subject, error) {
	s, err := l.schema(d)
	if err != nil {
		return nil, err
	}
	s.Dir = d.Dir
	plan, err := records.Compile(s, []byte(d.Profile))
	if err != nil {
		return nil, err
	}
	if bits.OnesCount(uint(d.Records)) != 1 {
		return nil, fmt.Errorf("%d records: want a power of two", d.Records)
	}
	gen := plan.Generator(d.Seed)
	sub := &Subject{Schema: s, Type: plan.Type, Records: make([]any, d.Records)}
	for i := range sub.Records {
		sub.Records[i] = gen.New(uint64(d.First) + uint64(i))
	}
	return sub, nil
}

// A notCarried error is the measure.ErrNotCarried that err is.
type notCarried struct{ err error }

func (e notCarried) Error() string        { return e.err.Error() }
func (e notCarried) Is(target error) bool { return target == measure.ErrNotCarried }

// Open prepares the cell of a request in the process that measures it.
func (l Lab) Open(r measure.Request) (*measure.Task, error) {
	task, err := l.open(r)
	if no := (refused{}); errors.As(err, &no) {
		return nil, notCarried{no.err}
	}
	return task, err
}

func (l Lab) open(r measure.Request) (*measure.Task, error) {
	s, err := l.Subject(r.Data)
	if err != nil {
		return nil, err
	}
	if r.IsExchange() && exchange.Kind(r.Exchange) == exchange.Chain {
		return chain(s, r)
	}
	if r.IsHash() {
		return hash(s, r)
	}
	f, err := l.format(r.Codec)
	if err != nil {
		return nil, err
	}
	b, err := Bind(f, s)
	if err != nil {
		return nil, err
	}
	if r.IsExchange() {
		return b.move(r)
	}
	work, err := b.Work(Op(r.Op))
	if err != nil {
		return nil, err
	}
	return &measure.Task{Prove: b.Prove, Work: work, Ring: len(s.Records), Set: b.Set}, nil
}

// chain returns the task of stages without an exchange. The native record is the schema's struct; each counts as one.
func chain(s *Subject, r measure.Request) (*measure.Task, error) {
	cfg := exchange.Config{Kind: exchange.Chain, Keybys: r.Keybys, Parallelism: r.Parallelism, MaxParallelism: r.MaxParallelism, Records: s.Records}
	j, err := exchange.Start(cfg)
	if err != nil {
		return nil, err
	}
	work := func(n int) (int64, error) {
		_, err := j.Move(n)
		return int64(n), err
	}
	return &measure.Task{Work: work, Ring: len(s.Records), Set: int64(len(s.Records)), NoBytes: true, Close: j.Stop}, nil
}

// move returns the task of an exchange. What went over one exchange, framing taken off, is the records' encodings.
func (b *Bound) move(r measure.Request) (*measure.Task, error) {
	cfg := exchange.Config{
		Kind: exchange.Kind(r.Exchange), Keybys: r.Keybys, Parallelism: r.Parallelism, MaxParallelism: r.MaxParallelism,
		NoTimestamps: !r.Timestamps, Records: b.Natives, Aliases: b.Format.Aliases,
		New:       func() (codecs.Codec, error) { return b.Format.New(b.Subject.Schema) },
		NewRecord: b.fresh(),
		Key:       func() (exchange.KeyHash, error) { return keyOf(b.Codec, b.Subject, r.Key) },
	}
	j, err := exchange.Start(cfg)
	if err != nil {
		return nil, err
	}
	var carried int64
	work := func(n int) (int64, error) {
		wire, err := j.Move(n)
		wire /= int64(max(r.Keybys, 1))
		carried += wire
		return wire - int64(n*cfg.Overhead()), err
	}
	return &measure.Task{
		Prove: b.Prove, Work: work, Ring: len(b.Natives), Set: b.Set, Close: j.Stop,
		Wire: func() int64 { return carried },
	}, nil
}
