// Package harness measures what a record costs: codecs against schemas, op by op, and what each further keyBy adds.
//
// A [Plan] says what is measured. [Plan.Run] lays it out as cells, has each sampled in a worker process (package
// measure), and writes the results. [Lab.Open] is the inside of such a worker: it makes the records (package records),
// binds the codec, proves the round trip, and returns the loop that is timed. Workloads hold no clock, and the clock
// holds no workload: this package is where the two meet.
//
// The harness is handed its codecs, exchanges, runtimes and streams; it knows the name of none.
package harness

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/schemas"
)

// DefaultKeybys returns the numbers of keyBys through which the price of one is fitted.
func DefaultKeybys() []int { return []int{0, 1, 2, 3} }

// A Plan says what is measured.
type Plan struct {
	Lab       Lab
	Subjects  []*Subject     // made by Generate, so that a worker can make them again
	Codecs    []string       // names of Formats, in the order of reports
	Runtimes  []string       // whose implementations are timed; nil means the first of the Lab
	Ops       []Op           // of codec cells
	Exchanges []string       // what a keyBy is; nil measures none
	Keybys    []int          // numbers of keyBys between which the price of one is a slope; nil means DefaultKeybys
	Sink      int            // partitions of a sink behind the exchanges; 0: nothing is said of one
	Parts     bool           // each exchange is taken apart, too, where it can be
	Crossing  []string       // Codecs whose keyBys are measured on several cores, too; nil means the one that others refer to
	Procs     int            // cores of these cells; 0 means all that this process may use. With 1 there are no such cells
	Measure   measure.Config // Ref "" means avro, or the first codec that carries the schema
	Duet      bool           // the two Codecs run at once on one core; Measure.Rounds is then the number of pairs
	Layout    string         // of the workers' code: "random K"; "" means one binary, fixed
	Facts     results.Facts  // what else is good to know of the run, such as the command line
	Clock     measure.Clock  // the zero Clock is the system's
}

// withDefaults returns p with what is not said filled in.
func (p Plan) withDefaults() *Plan {
	if p.Runtimes == nil && len(p.Lab.Runtimes) > 0 {
		p.Runtimes = []string{p.Lab.Runtimes[0].Name}
	}
	if p.Keybys == nil {
		p.Keybys = DefaultKeybys()
	}
	p.Procs = cmp.Or(p.Procs, runtime.GOMAXPROCS(0))
	if p.Clock.Wall == nil {
		p.Clock = measure.System()
	}
	p.Layout = cmp.Or(p.Layout, results.LayoutFixed)
	return &p
}

func (p *Plan) check() error {
	switch {
	case len(p.Subjects) == 0 || len(p.Codecs) == 0:
		return errors.New("a run needs a schema and a codec")
	case len(p.Ops) == 0 && len(p.Exchanges) == 0:
		return errors.New("a run needs an op or an exchange")
	case p.Duet && (len(p.Codecs) != 2 || len(p.Subjects) != 1 || len(p.Exchanges) > 0):
		return errors.New("a duet is two codecs on one schema, without an exchange")
	case len(p.Exchanges) > 0 && len(p.Keybys) < 2:
		return errors.New("the price of a keyBy needs two numbers of keyBys")
	}
	return errors.Join(p.checkNames(), p.checkSubjects())
}

// checkNames looks up every name.
func (p *Plan) checkNames() error {
	for _, name := range p.Codecs {
		if _, err := p.Lab.format(name); err != nil {
			return err
		}
	}
	for _, name := range p.Crossing {
		if !slices.Contains(p.Codecs, name) {
			return fmt.Errorf("codec %q, whose keyBys are to cross cores, is not measured", name)
		}
	}
	for _, name := range p.Runtimes {
		if _, err := p.Lab.runtime(name); err != nil {
			return err
		}
	}
	for _, name := range p.Exchanges {
		x, err := p.Lab.exchange(name)
		if err != nil {
			return err
		}
		if !x.Encodes {
			return fmt.Errorf("exchange %s is what others are compared with: choose another", name)
		}
	}
	return nil
}

func (p *Plan) checkSubjects() error {
	for _, s := range p.Subjects {
		if s.Data.Records == 0 {
			return fmt.Errorf("%s: a worker cannot make these records again", s.Name())
		}
		part, err := partitioner(s.Data.Partitioner)
		switch {
		case len(p.Exchanges) == 0:
		case err != nil:
			return err
		case part.Keyed && s.Key == nil:
			return fmt.Errorf("%s: no field of the schema can be a key", s.Name())
		}
	}
	return nil
}

// data is what the workers are told of subject s.
func (p *Plan) data(s *Subject) measure.Data {
	d := s.Data
	if len(p.Exchanges) == 0 {
		return d
	}
	d.Key = s.Key
	d.Parallelism, d.MaxParallelism = routeIn(d).subtasks()
	d.Segment = exchange.Segment
	return d
}

// cells returns the cells of the plan for one subject. A codec that cannot be opened has its cells all the same: its
// worker says why.
func (p *Plan) cells(s *Subject) ([]results.Cell, error) {
	var cells []results.Cell
	for _, whose := range p.Runtimes {
		runtime, err := p.Lab.runtime(whose)
		if err != nil {
			return nil, err
		}
		for _, op := range p.Ops {
			for _, name := range p.Codecs {
				f, err := p.Lab.format(name)
				if err != nil {
					return nil, err
				}
				if !runtime.has(f, op) || op == Convert && !converts(f, s.Schema) {
					continue
				}
				cells = append(cells, results.Cell{Schema: s.Name(), Codec: name, Runtime: whose, Op: string(op), Procs: 1})
			}
		}
		if !runtime.moves() {
			continue
		}
		keybys, err := p.keybys(s, runtime)
		if err != nil {
			return nil, err
		}
		cells = append(cells, keybys...)
	}
	return cells, nil
}

// converts reports whether f's native record differs from the struct of schema s, or cannot be had.
func converts(f codecs.Format, s *schemas.Schema) bool {
	c, err := f.New(s)
	if err != nil {
		return true
	}
	_, ok := c.(codecs.Converter)
	return ok
}

// keybys returns the cells of a schema's keyBys, and those of what is a part of each. With none there is no exchange,
// whichever is asked for: that cell is that of the operators alone.
func (p *Plan) keybys(s *Subject, runtime Runtime) ([]results.Cell, error) {
	codecs := p.codecsOf(runtime)
	if len(p.Exchanges) == 0 || len(codecs) == 0 {
		return nil, nil
	}
	whose := runtime.Name
	i := slices.IndexFunc(p.Lab.Exchanges, func(x exchange.Exchange) bool { return !x.Encodes })
	if i < 0 {
		return nil, errors.New("there is no exchange without bytes, which the others are compared with")
	}
	part, err := partitioner(s.Data.Partitioner)
	if err != nil {
		return nil, err
	}
	chain := results.Cell{Schema: s.Name(), Codec: results.NoCodec, Runtime: whose, Op: string(Move), Exchange: p.Lab.Exchanges[i].Name, Procs: 1}
	cells := moves(chain, p.Keybys)
	if part.Keyed {
		cells = append(cells, results.Cell{Schema: s.Name(), Codec: results.NoCodec, Runtime: whose, Op: string(Hash), Procs: 1})
	}
	crossing, few := p.crossing(), fewKeybys(p.Keybys)
	if len(crossing) > 0 {
		chain.Procs = p.Procs
		cells = append(cells, moves(chain, few)...)
	}
	for _, name := range p.Exchanges {
		x, err := p.Lab.exchange(name)
		if err != nil {
			return nil, err
		}
		for _, codec := range codecs {
			c := results.Cell{Schema: s.Name(), Codec: codec, Runtime: whose, Op: string(Move), Exchange: name, Procs: 1}
			cells = append(cells, moves(c, some(p.Keybys))...)
			if slices.Contains(crossing, codec) {
				c.Procs = p.Procs
				cells = append(cells, moves(c, some(few))...)
			}
			cells = append(cells, p.parts(x, c)...)
		}
	}
	return cells, nil
}

// codecsOf returns the Codecs that a runtime has.
func (p *Plan) codecsOf(r Runtime) []string {
	return slices.DeleteFunc(slices.Clone(p.Codecs), func(name string) bool {
		f, err := p.Lab.format(name)
		return err != nil || !r.Has(f)
	})
}

// crossing returns the codecs whose keyBys are measured on several cores, too.
func (p *Plan) crossing() []string {
	switch {
	case p.Procs < 2:
		return nil
	case p.Crossing == nil:
		return []string{cmp.Or(p.Measure.Ref, p.reference(Go))}
	}
	return p.Crossing
}

// some returns those of some numbers of keyBys that are not 0.
func some(keybys []int) []int {
	return slices.DeleteFunc(slices.Clone(keybys), func(n int) bool { return n == 0 })
}

// moves returns c with each of some numbers of keyBys.
func moves(c results.Cell, keybys []int) []results.Cell {
	var cells []results.Cell
	for _, c.Keybys = range keybys {
		cells = append(cells, c)
	}
	return cells
}

// parts returns the cells of the parts of exchange x with c's codec, none if p does not take it apart.
func (p *Plan) parts(x exchange.Exchange, c results.Cell) []results.Cell {
	var cells []results.Cell
	c.Keybys, c.Procs = 1, 1
	for _, part := range x.Parts {
		if c.Op = part.Name; p.Parts {
			cells = append(cells, c)
		}
	}
	return cells
}

// fewKeybys returns two of some numbers of keyBys: the first, and 2 or else the last.
func fewKeybys(keybys []int) []int {
	i := slices.Index(keybys, 2)
	if i <= 0 {
		i = len(keybys) - 1
	}
	return []int{keybys[0], keybys[i]}
}

// couples returns the cells of a duet, two by two: the ops that both codecs have. A plan lists all codecs of an op before
// the next op.
func couples(cells []results.Cell) [][2]results.Cell {
	var out [][2]results.Cell
	for i := 0; i+1 < len(cells); i++ {
		if cells[i].Op == cells[i+1].Op {
			out = append(out, [2]results.Cell{cells[i], cells[i+1]})
			i++
		}
	}
	return out
}

// defaultRef is the codec that ratios refer to unless a plan says another.
const defaultRef = "avro"

// references returns the codec that runs twice of each runtime: the one asked for, where the runtime has it, or its own.
func (p *Plan) references() map[string]string {
	refs := map[string]string{}
	for _, name := range p.Runtimes {
		r, err := p.Lab.runtime(name)
		if err != nil {
			continue // check has reported it
		}
		if ref := p.Measure.Ref; ref != "" && slices.Contains(p.codecsOf(r), ref) {
			refs[name] = ref
			continue
		}
		refs[name] = p.reference(r)
	}
	return refs
}

// reference returns the codec of a runtime that reports refer to: avro, or else the first one that carries the schema. The floor
// and Flink's formats come last: others are not compared with them. It is "" if the runtime has none.
func (p *Plan) reference(runtime Runtime) string {
	standing := func(f codecs.Format) int {
		_, err := f.New(p.Subjects[0].Schema)
		switch {
		case err != nil:
			return 3
		case f.Floor || f.Flink:
			return 2
		case f.Name != defaultRef:
			return 1
		}
		return 0
	}
	var formats []codecs.Format
	for _, f := range p.Lab.Formats {
		if slices.Contains(p.Codecs, f.Name) && runtime.Has(f) {
			formats = append(formats, f)
		}
	}
	slices.SortStableFunc(formats, func(a, b codecs.Format) int { return cmp.Compare(standing(a), standing(b)) })
	if len(formats) == 0 {
		return ""
	}
	return formats[0].Name
}
