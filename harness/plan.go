// Package harness measures what a record costs: codecs against schemas, op by op, and what each further keyBy adds.
//
// A [Plan] says what is measured. [Plan.Run] lays it out as cells, has each sampled in a worker process (package
// measure), and writes the results. [Lab.Open] is the inside of such a worker: it makes the records (package records),
// binds the codec, proves the round trip, and returns the loop that is timed. Workloads hold no clock, and the clock
// holds no workload: this package is where the two meet.
//
// The harness is handed its codecs and streams; it knows the name of none.
package harness

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/schemas"
)

// A Lab is what can be measured.
type Lab struct {
	Formats []codecs.Format
	Stream  func(name string) (*schemas.Schema, error)
}

// A Plan says what is measured.
type Plan struct {
	Lab      Lab
	Subjects []measure.Data // what Lab.Subject takes; Key, Parallelism and the rest concern the exchanges
	Codecs   []string       // names of Formats, in the order of reports
	Ops      []Op           // of codec cells
	Exchange exchange.Kind  // what a keyBy is; "" measures none
	Keybys   []int          // numbers of keyBys between which the price of one is a slope
	Procs    int            // GOMAXPROCS of exchange cells; 0 means all processors
	Measure  measure.Config
	Duet     bool           // the two Codecs run at once on one core; Measure.Rounds is then the number of pairs, 0 means 16
	Layout   string         // of the workers' code: "random K"; "" means one binary, fixed
	Facts    []measure.Fact // what else is good to know of the run, such as the command line
	Worker   measure.Worker // nil means this program with the argument "worker"
	Clock    measure.Clock  // the zero Clock is the system's
}

// runtimeGo is the runtime of everything measured here: our implementation of a format, whoever's format it is.
const runtimeGo = "go"

// format returns the format called name.
func (l Lab) format(name string) (codecs.Format, error) {
	i := slices.IndexFunc(l.Formats, func(f codecs.Format) bool { return f.Name == name })
	if i < 0 {
		return codecs.Format{}, fmt.Errorf("codec %q is unknown", name)
	}
	return l.Formats[i], nil
}

// cells returns the cells of the plan for one subject. A codec that cannot be opened has its cells all the same: its
// worker says why.
func (p *Plan) cells(s *Subject) ([]measure.Cell, error) {
	var cells []measure.Cell
	for _, op := range p.Ops {
		for _, name := range p.Codecs {
			f, err := p.Lab.format(name)
			if err != nil {
				return nil, err
			}
			if op == Convert && !converts(f, s.Schema) {
				continue
			}
			cells = append(cells, measure.Cell{Schema: s.Schema.Name, Codec: name, Runtime: runtimeGo, Op: string(op), Procs: 1})
		}
	}
	return append(cells, p.exchanges(s.Schema.Name)...), nil
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

// exchanges returns the cells of a schema's keyBys, and that of the hashing which is a part of each. With none there is no
// exchange, whatever its kind: that cell is the chain's alone.
func (p *Plan) exchanges(schema string) []measure.Cell {
	if p.Exchange == "" {
		return nil
	}
	var cells []measure.Cell
	cell := measure.Cell{Schema: schema, Codec: measure.NoCodec, Runtime: runtimeGo, Op: string(Move), Exchange: string(exchange.Chain), Procs: p.procs()}
	for _, n := range p.Keybys {
		cell.Keybys = n
		cells = append(cells, cell)
	}
	cells = append(cells, measure.Cell{Schema: schema, Codec: measure.NoCodec, Runtime: runtimeGo, Op: string(Hash), Procs: 1})
	for _, name := range p.Codecs {
		for _, n := range p.Keybys {
			if n == 0 {
				continue
			}
			cell.Codec, cell.Exchange, cell.Keybys = name, string(p.Exchange), n
			cells = append(cells, cell)
		}
	}
	return cells
}

func (p *Plan) procs() int {
	if p.Procs > 0 {
		return p.Procs
	}
	return measure.Processors()
}

func (p *Plan) check() error {
	switch {
	case len(p.Subjects) == 0 || len(p.Codecs) == 0:
		return errors.New("a run needs a schema and a codec")
	case len(p.Ops) == 0 && p.Exchange == "":
		return errors.New("a run needs an op or an exchange")
	case p.Duet && (len(p.Codecs) != 2 || len(p.Subjects) != 1 || p.Exchange != ""):
		return errors.New("a duet is two codecs on one schema, without an exchange")
	case p.Exchange == exchange.Chain:
		return errors.New("exchange chain is what others are compared with: choose another")
	case p.Exchange != "" && len(p.Keybys) < 2:
		return errors.New("the price of a keyBy needs two numbers of keyBys")
	}
	return nil
}
