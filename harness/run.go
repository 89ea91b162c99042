package harness

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

// An Observer follows a run. Each field may be nil.
type Observer struct {
	Schedule func(measure.Schedule) error
	Progress func(measure.Progress)
}

// Run measures p and writes the results to out as they come, in the Go benchmark format. An interrupted run has written
// what was complete, and returns the context's error.
func (p *Plan) Run(ctx context.Context, out io.Writer, seen Observer) error {
	p = p.withDefaults()
	if err := p.check(); err != nil {
		return err
	}
	cells, schemas, err := p.layOut()
	if err != nil {
		return err
	}
	core, busy := measure.TakeCore()
	defer core.Release()
	w, err := results.NewWriter(out, p.header())
	if err != nil {
		return err
	}
	if err := p.preface(w, schemas, busy); err != nil {
		return err
	}
	sink := measure.Sink{
		Fail:     w.Fail,
		Sample:   func(_ int, s results.Sample) error { return w.Sample(s) },
		Short:    func(reason string) error { return w.Facts(results.Facts{Limits: []string{reason}}) },
		Progress: seen.Progress,
		Schedule: func(s measure.Schedule) error {
			if seen.Schedule == nil {
				return w.Facts(results.Facts{GaveUp: s.Loss()})
			}
			return cmp.Or(w.Facts(results.Facts{GaveUp: s.Loss()}), seen.Schedule(s))
		},
	}
	workers := p.newWorkers(core)
	defer workers.close()
	before := measure.ReadLoad()
	err = p.measure(ctx, workers, cells, sink)
	after := measure.ReadLoad()
	facts := workers.facts()
	facts.LoadAfter, facts.Steal = after.Average, after.StealSince(before)
	return cmp.Or(err, w.Facts(facts), workers.close())
}

// layOut returns the cells of p, and what the file says of their schemas.
func (p *Plan) layOut() (cells []results.Cell, facts []results.SchemaFact, err error) {
	for _, s := range p.Subjects {
		fact, err := s.Fact()
		if err != nil {
			return nil, nil, err
		}
		more, err := p.cells(s)
		if err != nil {
			return nil, nil, err
		}
		cells, facts = append(cells, more...), append(facts, fact)
	}
	if len(cells) == 0 {
		return nil, nil, fmt.Errorf("nothing to measure: %s take the schema's struct as it is, and convert nothing", strings.Join(p.Codecs, ", "))
	}
	return cells, facts, nil
}

// measure takes the samples.
func (p *Plan) measure(ctx context.Context, workers workers, cells []results.Cell, sink measure.Sink) error {
	data := map[string]measure.Data{}
	for _, s := range p.Subjects {
		data[s.Name()] = p.data(s)
	}
	r := measure.Runner{Config: p.Measure, Clock: p.Clock, Worker: workers, Sink: sink,
		Data: func(c results.Cell) measure.Data { return data[c.Schema] }}
	if !p.Duet {
		r.Refs = p.references()
		return r.Run(ctx, cells)
	}
	pairs := couples(cells)
	if len(pairs) == 0 {
		return errors.New("the two codecs have no op in common")
	}
	return r.Duet(ctx, pairs)
}

// Failed returns the first proof or sample of f that failed, as an error. A codec that cannot carry a schema is none.
func Failed(f *results.File) error {
	i := slices.IndexFunc(f.Failures, func(x results.Failure) bool { return x.Kind == results.Failed })
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%s: %s", f.Failures[i].Cell, f.Failures[i].Reason)
}
