package measure

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A Config says how cells are measured. The zero Config is the default.
type Config struct {
	Rounds    int           // passes over all cells; 0 means as many as Budget allows, or 20 without one
	Budget    time.Duration // wall time of the whole run; 0 means no limit. Ignored when Rounds is set
	MinRounds int           // a Budget that allows fewer is refused; 0 means 6
	Slice     time.Duration // CPU time of a sample, at least; 0 means 60ms
	Seed      uint64        // of the order of cells
	Ref       string        // codec that runs twice in each block; "" means avro
}

func (c Config) withDefaults() Config {
	c.MinRounds = orDefault(c.MinRounds, MinRounds)
	c.Slice = orDefault(c.Slice, 60*time.Millisecond)
	c.Ref = orDefault(c.Ref, "avro")
	if c.Budget == 0 {
		c.Rounds = orDefault(c.Rounds, 20)
	}
	return c
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// A Failure is a row without numbers: a cell that was not measured, or not to the end.
type Failure struct {
	Cell       Cell
	Reason     string // one line
	NotCarried bool   // the codec cannot carry the schema, which is no fault
}

// A Sink takes what a run finds, when it finds it: what it has taken is kept when the run is interrupted. An error of
// a Sink ends the run. Each field may be nil.
type Sink struct {
	Fail     func(Failure) error                  // before or during the rounds; the cell has no further samples
	Plan     func(Plan) error                     // once, before the counters and the first round
	Sample   func(round int, sample Sample) error // the next sample of its cell: one a round, from round 0 on
	Progress func(Progress)                       // before each request to a worker
}

// Progress says how far a run is.
type Progress struct {
	Mode        Mode
	Cell        Cell          // about to be measured
	Round       int           // from 0; Time only
	Done, Total int           // requests of this mode, over all rounds
	Left        time.Duration // until the end of the run, estimated; 0 before there is a Plan
}

// A Runner measures cells, each sample in a worker of its own.
type Runner struct {
	Config
	Clock  Clock // its Wall; the time of samples is the workers' business
	Worker Worker
	Data   func(Cell) Data // the records of a cell's schema, and how they travel
	Sink   Sink
}

// Run proves, calibrates, plans, counts and times cells: see the package comment. It returns the context's error when
// interrupted, a *BudgetError when too few rounds fit, and nil when cells failed: those are rows.
func (r *Runner) Run(ctx context.Context, cells []Cell) error {
	jobs, err := r.jobs(cells)
	if err != nil {
		return err
	}
	run := &run{Runner: r, cfg: r.Config.withDefaults(), start: r.Clock.Wall(), jobs: jobs}
	for _, phase := range []func(context.Context) error{run.prove, run.drop, run.calibrate, run.plan, run.count, run.rounds} {
		if err := phase(ctx); err != nil {
			return errors.Join(err, run.interrupted(ctx))
		}
	}
	return nil
}

// A run is one call of Run.
type run struct {
	*Runner
	cfg   Config        // with defaults
	start time.Duration // wall clock
	jobs  []*job
	todo  Plan
	left  time.Duration // estimated
}

// prove has each (schema, codec, runtime) proved once. Jobs that share a failed proof fail with it.
func (r *run) prove(ctx context.Context) error {
	type subject struct{ schema, codec, runtime string }
	proofs := map[subject][]*job{}
	var order []subject
	for _, j := range originals(r.jobs) {
		s := subject{j.cell.Schema, j.cell.Codec, j.cell.Runtime}
		if proofs[s] == nil {
			order = append(order, s)
		}
		proofs[s] = append(proofs[s], j)
	}
	for i, s := range order {
		first := proofs[s][0]
		answer, err := r.ask(ctx, first, Request{Mode: Prove}, i, len(order))
		for _, j := range proofs[s] {
			if err := r.note(ctx, j, Prove, err); err != nil {
				return err
			}
			j.sizes = pick(answer, UnitSize, UnitSet)
		}
	}
	return nil
}

// drop leaves out cells without a codec in blocks that no codec is left in: there is nothing to take them off from.
func (r *run) drop(context.Context) error {
	left, had := map[Block]bool{}, map[Block]bool{}
	for _, j := range r.jobs {
		if j.cell.Codec != NoCodec {
			had[j.cell.Block()] = true
			left[j.cell.Block()] = left[j.cell.Block()] || !j.failed
		}
	}
	for _, j := range r.jobs {
		if b := j.cell.Block(); j.cell.Codec == NoCodec && had[b] && !left[b] {
			j.failed = true
		}
	}
	return nil
}

// calibrate fixes the number of operations of each cell's samples, and estimates how long one takes.
func (r *run) calibrate(ctx context.Context) error {
	jobs := originals(r.jobs)
	for i, j := range jobs {
		start := r.Clock.Wall()
		answer, err := r.ask(ctx, j, Request{Mode: Calibrate}, i, len(jobs))
		elapsed := r.Clock.Wall() - start
		if err == nil {
			err = j.calibrated(answer, elapsed, r.cfg.Slice)
		}
		if err := r.note(ctx, j, Calibrate, err); err != nil {
			return err
		}
	}
	return nil
}

// plan turns the budget into a number of rounds.
func (r *run) plan(context.Context) error {
	jobs := alive(r.jobs)
	p := Plan{Rounds: r.cfg.Rounds, Spent: r.Clock.Wall() - r.start}
	for _, j := range jobs {
		p.Cells = append(p.Cells, Planned{j.cell, j.n, j.wall})
		p.Round += j.wall + j.wall/margin
		if !j.cell.IsTwin() {
			p.Count += counters * j.count
		}
	}
	if p.Rounds == 0 {
		p.Rounds = p.fit(r.cfg.Budget)
		if p.Rounds < r.cfg.MinRounds && len(jobs) > 0 {
			return p.refuse(r.cfg.Budget, r.cfg.MinRounds)
		}
	}
	r.todo, r.left = p, p.Total()-p.Spent
	if r.Sink.Plan == nil {
		return nil
	}
	return r.Sink.Plan(p)
}

// count takes what three processes of each cell allocate, and keeps the least: some runs count a few bytes too many.
func (r *run) count(ctx context.Context) error {
	jobs := originals(r.jobs)
	for i, j := range jobs {
		for k := range counters {
			answer, err := r.ask(ctx, j, Request{Mode: Count}, counters*i+k, counters*len(jobs))
			r.left = max(0, r.left-j.count)
			if err := r.note(ctx, j, Count, err); err != nil {
				return err
			}
			if j.failed {
				break
			}
			j.counts = least(j.counts, pick(answer, UnitBytes, UnitAllocs))
		}
	}
	return nil
}

// rounds takes one sample of each cell a round, what is compared side by side in time.
func (r *run) rounds(ctx context.Context) error {
	blocks := blocksOf(alive(r.jobs))
	rng := newRand(r.cfg.Seed, pcgOrder)
	total := r.todo.Rounds * len(r.todo.Cells)
	for round := range r.todo.Rounds {
		for i, j := range shuffled(rng, blocks) {
			r.left = max(0, r.left-j.wall)
			if j.failed {
				continue
			}
			if err := r.sample(ctx, j, round, round*len(r.todo.Cells)+i, total); err != nil {
				return err
			}
		}
	}
	return nil
}

// sample takes one sample and hands it over.
func (r *run) sample(ctx context.Context, j *job, round, done, total int) error {
	answer, err := r.ask(ctx, j, Request{Mode: Time, N: j.n, Round: round}, done, total)
	if err == nil {
		err = j.check(answer)
	}
	if err := r.note(ctx, j, Time, err); err != nil || j.failed || r.Sink.Sample == nil {
		return err
	}
	values := pick(answer, UnitWall, UnitCPU)
	values = append(values, j.counts...)
	values = append(values, pick(answer, UnitSize, UnitSet, UnitWire)...)
	j.timed = true
	return r.Sink.Sample(round, Sample{j.cell, j.n, values})
}

// ask sends one request for j. A twin asks for its original: the worker does not know that it runs twice.
func (r *run) ask(ctx context.Context, j *job, q Request, done, total int) (Sample, error) {
	if err := ctx.Err(); err != nil {
		return Sample{}, err
	}
	if r.Sink.Progress != nil {
		r.Sink.Progress(Progress{q.Mode, j.cell, q.Round, done, total, r.left})
	}
	q.Cell, q.Data = j.cell.Original(), j.data
	answer, err := r.Worker.Do(ctx, q)
	if err == nil && answer.Cell != q.Cell {
		err = fmt.Errorf("the worker answered for %s", answer.Cell)
	}
	if err == nil {
		err = answer.sane()
	}
	return answer, err
}

// note turns an error about a cell into its row, and returns those that are about the run.
func (r *run) note(ctx context.Context, j *job, m Mode, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return ctx.Err() // a killed worker says nothing about its cell
	}
	if errors.Is(err, ErrStart) {
		return err
	}
	if errors.Is(err, ErrNotCarried) {
		return r.fail(j, oneLine(err.Error()), true)
	}
	return r.fail(j, string(m)+": "+oneLine(err.Error()), false)
}

// interrupted makes rows of the cells that the context has kept from a first sample: a missing row would be a gap.
func (r *run) interrupted(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	for _, j := range originals(r.jobs) {
		if j.timed {
			continue
		}
		if err := r.fail(j, "interrupted before its first sample", false); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) fail(j *job, reason string, notCarried bool) error {
	j.failed = true
	if r.Sink.Fail == nil {
		return nil
	}
	return r.Sink.Fail(Failure{j.cell.Original(), reason, notCarried})
}
