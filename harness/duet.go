package harness

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/wirecost/wirecost/harness/measure"
)

// duetPairs is how often a duet is played, and duetSlice how long, in CPU time of each voice.
const (
	duetPairs = 16
	duetSlice = 100 * time.Millisecond
)

// A duet runs the same op of two codecs at once on one core, where the kernel interleaves them: both see the same noise
// at the same moment, and the ratio of their CPU times tells apart what rounds cannot. See "cells" of package measure
// for what a sample is; here the i-th samples of the two cells are one pair.
type duet struct {
	worker measure.Worker
	data   measure.Data
	sink   measure.Sink
	clock  measure.Clock
	pairs  int
}

// run plays each couple. A run without any has nothing to compare, which is an error.
func (d *duet) run(ctx context.Context, couples [][2]measure.Cell) error {
	if len(couples) == 0 {
		return errors.New("the two codecs have no op in common")
	}
	start := d.clock.Wall()
	plan := measure.Plan{Rounds: d.pairs}
	var voices []voice
	for _, cells := range couples {
		v, err := d.prepare(ctx, cells)
		if err != nil {
			return err
		}
		if v.ready {
			voices = append(voices, v)
			wall := duetSlice * 22 / 10
			plan.Round += wall
			plan.Cells = append(plan.Cells, measure.Planned{Cell: cells[0], N: v.n[0], Wall: wall / 2}, measure.Planned{Cell: cells[1], N: v.n[1], Wall: wall / 2})
		}
	}
	plan.Spent = d.clock.Wall() - start
	if d.sink.Plan != nil {
		if err := d.sink.Plan(plan); err != nil {
			return err
		}
	}
	for i := range d.pairs {
		for k := range voices {
			v := &voices[k]
			if !v.ready {
				continue
			}
			d.progress(v, i*len(voices)+k, d.pairs*len(voices))
			if err := d.pair(ctx, v, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *duet) progress(v *voice, done, total int) {
	if d.sink.Progress != nil {
		d.sink.Progress(measure.Progress{Mode: measure.Time, Cell: v.cells[0], Done: done, Total: total,
			Left: time.Duration(total-done) * 2 * duetSlice})
	}
}

// A voice is an op of both codecs, calibrated.
type voice struct {
	cells [2]measure.Cell
	n     [2]int
	extra [2][]measure.Value // sizes and allocations, which do not need a pair
	ready bool
}

// prepare proves and calibrates the two cells, one after the other. A cell that fails is a row, and not played.
func (d *duet) prepare(ctx context.Context, cells [2]measure.Cell) (voice, error) {
	v := voice{cells: cells, ready: true}
	for i := range v.cells {
		if err := d.note(ctx, &v, i, d.calibrate(ctx, &v, i)); err != nil {
			return v, err
		}
	}
	return v, nil
}

// note turns an error about cell i of v into its row, after which v is not played, and returns those about the run.
func (d *duet) note(ctx context.Context, v *voice, i int, err error) error {
	if err == nil || ctx.Err() != nil || errors.Is(err, measure.ErrStart) {
		return err
	}
	v.ready = false
	return d.sink.Fail(measure.Failure{Cell: v.cells[i], Reason: err.Error(), NotCarried: errors.Is(err, measure.ErrNotCarried)})
}

// ask sends a request and checks the answer.
func (d *duet) ask(ctx context.Context, r measure.Request) (measure.Sample, error) {
	s, err := d.worker.Do(ctx, r)
	if errors.Is(err, measure.ErrNotCarried) {
		return s, err
	}
	if err == nil && s.Cell != r.Cell {
		err = fmt.Errorf("the worker answered for %s", s.Cell)
	}
	timed := r.Mode == measure.Calibrate || r.Mode == measure.Time
	if cpu, ok := s.Value(measure.UnitCPU); err == nil && timed && (!ok || !(cpu > 0) || math.IsInf(cpu, 0)) {
		err = fmt.Errorf("answer %q: want %s above 0", s, measure.UnitCPU)
	}
	if err == nil && r.Mode == measure.Time && s.N != r.N {
		err = fmt.Errorf("timed %d operations, asked for %d", s.N, r.N)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", r.Mode, err)
	}
	return s, err
}

func (d *duet) calibrate(ctx context.Context, v *voice, i int) error {
	answers := map[measure.Mode]measure.Sample{}
	for _, mode := range []measure.Mode{measure.Prove, measure.Count, measure.Calibrate} {
		s, err := d.ask(ctx, measure.Request{Mode: mode, Cell: v.cells[i], Data: d.data})
		if err != nil {
			return err
		}
		answers[mode] = s
	}
	cpu, _ := answers[measure.Calibrate].Value(measure.UnitCPU)
	rings := math.Ceil(float64(duetSlice) / (cpu * float64(d.data.Records)))
	v.n[i] = max(1, int(rings)) * d.data.Records
	v.extra[i] = append(answers[measure.Count].Values, answers[measure.Prove].Values...)
	return nil
}

// pair plays v once, the second voice first if i is odd. Both or none of the cells have a sample of it. With several
// layouts of the worker, i chooses the one that both use.
func (d *duet) pair(ctx context.Context, v *voice, i int) error {
	var answers [2]measure.Sample
	var errs [2]error
	var done sync.WaitGroup
	for k := range 2 {
		k := (k + i) % 2
		done.Go(func() {
			answers[k], errs[k] = d.ask(ctx, measure.Request{Mode: measure.Time, N: v.n[k], Cell: v.cells[k], Data: d.data, Round: i})
		})
	}
	done.Wait()
	for k, err := range errs {
		if err := d.note(ctx, v, k, err); err != nil {
			return err
		}
	}
	if !v.ready {
		return nil
	}
	for k, s := range answers {
		wall, _ := s.Value(measure.UnitWall)
		cpu, _ := s.Value(measure.UnitCPU)
		values := []measure.Value{{Value: wall, Unit: measure.UnitWall}, {Value: cpu, Unit: measure.UnitCPU}}
		if err := d.sink.Sample(i, measure.Sample{Cell: v.cells[k], N: s.N, Values: append(values, v.extra[k]...)}); err != nil {
			return err
		}
	}
	return nil
}
