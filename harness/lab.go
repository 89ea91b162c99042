package harness

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// A Lab is what can be measured: literal lists, each in the order reports show it.
type Lab struct {
	Formats   []codecs.Format
	Exchanges []exchange.Exchange
	Runtimes  []Runtime
	Stream    func(name string) (*schemas.Schema, error)
}

// A Runtime says whose implementation is timed.
type Runtime struct {
	Name string // runtime=<Name> in results
	Doc  string // one line for `wirecost list`
	// Worker measures its cells; those of an exchange that names a program of its own are that program's. nil means a process
	// for each request.
	Worker measure.Worker
	// Command is the program of such a process in a round, with its arguments. nil means this program with the argument
	// "worker".
	Command func(round int) []string
	// Start begins a session of programs that answer more than one request, in the place of Worker and Command. Its error is a
	// fact about each cell of the runtime.
	Start func(Session) (Staying, error)
	// Carries reports whether the runtime has a codec. nil: it has all that are not Released.
	Carries func(codec string) bool
	// Ops are those of codec cells that it has. nil: Ops, and exchanges.
	Ops []Op
}

// Go is this program: our implementation of a format, whoever's format it is, or the Go library that it names.
var Go = Runtime{Name: "go", Doc: "this program's implementation of a format, or the Go library that it names"}

// Has reports whether r has a codec.
func (r Runtime) Has(f codecs.Format) bool {
	if r.Carries == nil {
		return !f.Released
	}
	return r.Carries(f.Name)
}

// has reports whether r has an op of a codec.
func (r Runtime) has(f codecs.Format, op Op) bool {
	ops := r.Ops
	if ops == nil {
		ops = Ops
	}
	return r.Has(f) && slices.Contains(ops, op)
}

// moves reports whether r has exchanges.
func (r Runtime) moves() bool { return r.Ops == nil }

// A Session is what a runtime of such programs has to know of a run.
type Session struct {
	Core     measure.Core // that of the run
	Lab      Lab
	Subjects []*Subject
}

// A Staying is the worker of a Session.
type Staying interface {
	measure.Worker
	// Fact says what was measured, and how; limits are what kept it from being measured as it should.
	Fact() (fact results.RuntimeFact, limits []string)
	// Close ends its programs.
	Close() error
}

// format returns the format called name.
func (l Lab) format(name string) (codecs.Format, error) {
	i := slices.IndexFunc(l.Formats, func(f codecs.Format) bool { return f.Name == name })
	if i < 0 {
		return codecs.Format{}, fmt.Errorf("codec %q is unknown", name)
	}
	return l.Formats[i], nil
}

// exchange returns the exchange called name.
func (l Lab) exchange(name string) (exchange.Exchange, error) {
	i := slices.IndexFunc(l.Exchanges, func(x exchange.Exchange) bool { return x.Name == name })
	if i < 0 {
		return exchange.Exchange{}, fmt.Errorf("exchange %q is unknown", name)
	}
	return l.Exchanges[i], nil
}

// runtime returns the runtime called name.
func (l Lab) runtime(name string) (Runtime, error) {
	i := slices.IndexFunc(l.Runtimes, func(r Runtime) bool { return r.Name == name })
	if i < 0 {
		return Runtime{}, fmt.Errorf("runtime %q is unknown", name)
	}
	return l.Runtimes[i], nil
}

// schema returns the schema that d names.
func (l Lab) schema(d measure.Data) (*schemas.Schema, error) {
	if d.Stream != "" {
		return l.Stream(d.Stream)
	}
	s, err := schemas.Parse("schema", []byte(d.Text), d.Type)
	if err != nil {
		return nil, err
	}
	return s.In(d.Dir), nil
}

// Subject makes the records that d describes.
func (l Lab) Subject(d measure.Data) (*Subject, error) {
	s, err := l.schema(d)
	if err != nil {
		return nil, err
	}
	if d.Path != "" {
		return stored(s, d)
	}
	plan, err := described(d).Compile(s)
	if err != nil {
		return nil, err
	}
	return Generate(plan, d)
}

// described returns what d says of its records beside their schema.
func described(d measure.Data) records.Config {
	return records.Config{External: []byte(d.Profile), Hints: d.Hints}
}

// Open prepares the cell of a request in the process that measures it. The error of a codec that cannot carry the schema
// or a value of its records is a measure.NotCarried.
func (l Lab) Open(r measure.Request) (*measure.Task, error) {
	s, err := l.Subject(r.Data)
	if err != nil {
		return nil, err
	}
	if r.IsHash() {
		return s.Hash(routeOf(r))
	}
	var x exchange.Exchange
	if r.IsExchange() {
		if x, err = l.exchange(r.Exchange); err != nil {
			return nil, err
		}
		if !x.Encodes {
			return s.Chain(x, routeOf(r))
		}
	}
	f, err := l.format(r.Codec)
	if err != nil {
		return nil, err
	}
	b, err := Bind(f, s)
	if err != nil {
		return nil, err
	}
	switch {
	case r.IsPart():
		return b.Part(x, Op(r.Op), routeOf(r))
	case r.IsExchange():
		return b.Move(x, routeOf(r))
	}
	return b.Task(Op(r.Op))
}

// workers hands each request to the worker that its cell's exchange and runtime name.
type workers struct {
	Lab
	core    measure.Core       // of those that are a process for each request
	staying map[string]Staying // by runtime
	refused map[string]error   // why a runtime has none
}

// newWorkers starts the sessions of the runtimes of p; close ends them.
func (p *Plan) newWorkers(core measure.Core) workers {
	w := workers{p.Lab, core, map[string]Staying{}, map[string]error{}}
	for _, name := range p.Runtimes {
		r, err := p.Lab.runtime(name)
		if err != nil || r.Start == nil {
			continue // check has reported the error
		}
		if s, err := r.Start(Session{core, p.Lab, p.Subjects}); err != nil {
			w.refused[name] = err
		} else {
			w.staying[name] = s
		}
	}
	return w
}

func (w workers) close() error {
	var errs []error
	for _, s := range w.staying {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// facts returns what the sessions say of themselves, in the order of the lab.
func (w workers) facts() results.Facts {
	var f results.Facts
	for _, r := range w.Runtimes {
		if s := w.staying[r.Name]; s != nil {
			fact, limits := s.Fact()
			f.Runtimes, f.Limits = append(f.Runtimes, fact), append(f.Limits, limits...)
		}
	}
	return f
}

func (w workers) Do(ctx context.Context, r measure.Request) (results.Sample, error) {
	worker, err := w.worker(r.Cell)
	if err != nil {
		return results.Sample{}, err
	}
	return worker.Do(ctx, r)
}

func (w workers) worker(c results.Cell) (measure.Worker, error) {
	if c.IsExchange() {
		x, err := w.exchange(c.Exchange)
		if err != nil {
			return nil, err
		}
		if x.Program != nil {
			return &measure.Process{Core: w.core, Command: func(int) []string { return x.Program }}, nil
		}
	}
	if err := w.refused[c.Runtime]; err != nil {
		return nil, err
	}
	if s := w.staying[c.Runtime]; s != nil {
		return s, nil
	}
	r, err := w.runtime(c.Runtime)
	if err != nil {
		return nil, err
	}
	if r.Worker != nil {
		return r.Worker, nil
	}
	return &measure.Process{Core: w.core, Command: r.Command}, nil
}
