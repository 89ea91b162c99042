package harness

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/report"
)

// An Observer follows a run. Each field may be nil.
type Observer struct {
	Plan     func(measure.Plan) error
	Progress func(measure.Progress)
}

// Run measures p and writes the results to out as they come, in the Go benchmark format. An interrupted run has written
// what was complete, and returns the context's error.
func (p *Plan) Run(ctx context.Context, out io.Writer, seen Observer) error {
	if err := p.check(); err != nil {
		return err
	}
	run, err := p.prepare()
	if err != nil {
		return err
	}
	w, err := measure.NewWriter(out, p.header())
	if err != nil {
		return err
	}
	if err := p.preface(w, append(p.codecFacts(), run.keys...), run.facts); err != nil {
		return err
	}
	sink := measure.Sink{
		Fail:     w.Fail,
		Sample:   func(_ int, s measure.Sample) error { return w.Sample(s) },
		Plan:     seen.Plan,
		Progress: seen.Progress,
	}
	before := measure.ReadLoad()
	err = p.measure(ctx, run, sink)
	after := measure.ReadLoad()
	return firstError(err, w.Fact("load after", after.Average), w.Fact("steal", after.StealSince(before)))
}

// A layout is a plan's cells, and what the file says of their schemas.
type layout struct {
	cells []measure.Cell
	facts []measure.SchemaFact
	keys  []measure.Fact
	data  map[string]measure.Data // by schema
}

func (p *Plan) prepare() (*layout, error) {
	run := &layout{data: map[string]measure.Data{}}
	for _, d := range p.Subjects {
		s, err := p.Lab.Subject(d)
		if err != nil {
			return nil, err
		}
		fact, err := s.Fact(d)
		if err != nil {
			return nil, err
		}
		cells, err := p.cells(s)
		if err != nil {
			return nil, err
		}
		run.cells, run.facts, run.data[s.Schema.Name] = append(run.cells, cells...), append(run.facts, fact), d
		if p.Exchange != "" {
			run.keys = append(run.keys, measure.Fact{Key: "key " + s.Schema.Name, Value: strings.Join(d.Key, ",")})
		}
	}
	if len(run.cells) == 0 {
		return nil, fmt.Errorf("nothing to measure: %s take the schema's struct as it is, and convert nothing", strings.Join(p.Codecs, ", "))
	}
	return run, nil
}

// measure takes the samples.
func (p *Plan) measure(ctx context.Context, run *layout, sink measure.Sink) error {
	clock, worker := p.Clock, p.Worker
	if clock.Wall == nil {
		clock = measure.System()
	}
	if worker == nil {
		worker = &measure.Process{}
	}
	if p.Duet {
		d := duet{worker: worker, data: p.Subjects[0], sink: sink, clock: clock, pairs: cmp.Or(p.Measure.Rounds, duetPairs)}
		return d.run(ctx, couples(run.cells))
	}
	r := measure.Runner{Config: p.Measure, Clock: clock, Worker: worker, Sink: sink, Data: func(c measure.Cell) measure.Data { return run.data[c.Schema] }}
	return r.Run(ctx, run.cells)
}

// couples returns the cells of a duet, two by two: the ops that both codecs have. A plan lists all codecs of an op before
// the next op.
func couples(cells []measure.Cell) [][2]measure.Cell {
	var out [][2]measure.Cell
	for i := 0; i+1 < len(cells); i++ {
		if cells[i].Op == cells[i+1].Op {
			out = append(out, [2]measure.Cell{cells[i], cells[i+1]})
			i++
		}
	}
	return out
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// preface writes what is known before the first sample.
func (p *Plan) preface(w *measure.Writer, facts []measure.Fact, schemas []measure.SchemaFact) error {
	facts = append(facts, p.Facts...)
	facts = append(facts, measure.Fact{Key: "wirecost", Value: version()}, measure.Fact{Key: "commit", Value: commit()},
		measure.Fact{Key: "date", Value: time.Now().UTC().Format(time.RFC3339)}, measure.Fact{Key: "load before", Value: measure.ReadLoad().Average})
	for _, limit := range measure.Limits() {
		facts = append(facts, report.LimitFact(limit))
	}
	for _, f := range facts {
		if err := w.Fact(f.Key, f.Value); err != nil {
			return err
		}
	}
	for _, s := range schemas {
		if err := w.Schema(s); err != nil {
			return err
		}
	}
	return nil
}

// header returns what must be equal for two files to be comparable.
func (p *Plan) header() []measure.Fact {
	d := p.Subjects[0]
	facts := append(measure.Machine(), measure.Fact{Key: "layout", Value: cmp.Or(p.Layout, "fixed")}, measure.Fact{Key: "seed", Value: strconv.FormatUint(d.Seed, 10)})
	if p.Exchange == "" {
		return facts
	}
	timestamps := "none"
	if d.Timestamps {
		timestamps = "set"
	}
	return append(facts, measure.Fact{Key: "key", Value: p.key()}, measure.Fact{Key: "keys", Value: "records"}, // those of the records
		measure.Fact{Key: "parallelism", Value: strconv.Itoa(d.Parallelism)},
		measure.Fact{Key: "max-parallelism", Value: strconv.Itoa(d.MaxParallelism)},
		measure.Fact{Key: "timestamps", Value: timestamps}, measure.Fact{Key: "segment", Value: strconv.Itoa(d.Segment)})
}

// key returns the key of the exchanges, of several schemas each with its name.
func (p *Plan) key() string {
	if len(p.Subjects) == 1 {
		return strings.Join(p.Subjects[0].Key, ",")
	}
	var keys []string
	for _, d := range p.Subjects {
		keys = append(keys, cmp.Or(d.Stream, d.Type)+"="+strings.Join(d.Key, ","))
	}
	return strings.Join(keys, " ")
}

// codecFacts says of each codec which library it is and what it loses.
func (p *Plan) codecFacts() []measure.Fact {
	versions := moduleVersions()
	var facts []measure.Fact
	for _, name := range p.Codecs {
		f, err := p.Lab.format(name)
		if err != nil {
			continue // cells has reported it
		}
		var losses []string
		for _, l := range f.Loses {
			losses = append(losses, l.String())
		}
		facts = append(facts, report.CodecFact(name, groupOf(f), f.Module, versions[f.Module], losses))
	}
	return facts
}

// groupOf returns the group of the report that f stands in.
func groupOf(f codecs.Format) string {
	switch {
	case f.Floor:
		return report.GroupFloor
	case f.Flink:
		return report.GroupFlink
	}
	return ""
}

// moduleVersions returns the version of each module in this program.
func moduleVersions() map[string]string {
	versions := map[string]string{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	for _, m := range info.Deps {
		versions[m.Path] = m.Version
	}
	versions["std"] = info.GoVersion
	return versions
}

// version returns the version of this program.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}

// commit returns the revision of the source that this program was built from.
func commit() string {
	revision, dirty := "unknown", ""
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return revision
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = " with changes"
		}
	}
	return revision + dirty
}

// Failed returns the first proof or sample of f that failed, as an error. A codec that cannot carry a schema is none.
func Failed(f *measure.File) error {
	i := slices.IndexFunc(f.Failures, func(x measure.Failure) bool { return !x.NotCarried })
	if i < 0 {
		return nil
	}
	return fmt.Errorf("%s: %s", f.Failures[i].Cell, f.Failures[i].Reason)
}
