package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// A Config says how cells are measured. The zero Config is the default.
type Config struct {
	Rounds    int           // passes over all cells; 0 means as many as Budget allows, or 20 without one
	Budget    time.Duration // wall time of the whole run, which ends before 1.25 times it; 0 means no limit. Ignored when Rounds is set
	MinRounds int           // other things are given up before rounds are fewer; 0 means 6
	Slice     time.Duration // CPU time of a sample, at least; 0 means 60ms
	Seed      uint64        // of the order of cells
	Ref       string        // codec that runs twice in each block; "" means none
}

func (c Config) withDefaults() Config {
	c.MinRounds = orDefault(c.MinRounds, results.MinRounds)
	c.Slice = orDefault(c.Slice, 60*time.Millisecond)
	if c.Rounds > 0 {
		c.Budget = 0
	} else if c.Budget == 0 {
		c.Rounds = 20
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

// A Sink takes what a run finds, when it finds it: what it has taken is kept when the run is interrupted. An error of
// a Sink ends the run. Each field may be nil.
type Sink struct {
	Fail     func(results.Failure) error                  // before or during the rounds; the cell has no further samples
	Schedule func(Schedule) error                         // once, before the counters and the first round
	Sample   func(round int, sample results.Sample) error // the next sample of its cell: one a round, from round 0 on
	Short    func(reason string) error                    // the run ends before its last round, and why
	Progress func(Progress)                               // before each request to a worker
}

// Progress says how far a run is.
type Progress struct {
	Mode        Mode
	Cell        results.Cell  // about to be measured
	Round       int           // from 0; Time only
	Done, Total int           // requests of this mode, over all rounds
	Left        time.Duration // until the end of the run, estimated; 0 before there is a Plan
}

// A Runner measures cells, each sample in a worker of its own.
type Runner struct {
	Config
	Clock  Clock // its Wall; the time of samples is the workers' business
	Worker Worker
	Data   func(results.Cell) Data // the records of a cell's schema, and how they travel
	Sink   Sink

	timeout func(context.Context, time.Duration) (context.Context, context.CancelFunc) // of invented clocks; nil: the real one
}

// Run proves, calibrates, schedules, counts and times cells in rounds: see the package comment. It returns the context's
// error when interrupted, a *BudgetError when not one round fits, and nil when cells failed: those are rows.
func (r *Runner) Run(ctx context.Context, cells []results.Cell) error {
	cfg := r.Config.withDefaults()
	jobs, err := r.jobs(cells, cfg.Ref)
	if err != nil {
		return err
	}
	return r.run(ctx, cfg, jobs)
}

func (r *Runner) run(ctx context.Context, cfg Config, jobs []*job) error {
	run := &run{Runner: r, cfg: cfg, start: r.Clock.Wall(), limit: time.Duration(limitShare * float64(cfg.Budget)), jobs: jobs}
	for _, phase := range []func(context.Context) error{run.prove, run.calibrate, run.schedule, run.count, run.rounds} {
		if err := phase(ctx); err != nil {
			return errors.Join(err, run.interrupted(ctx))
		}
	}
	return nil
}

// A run is one call of Run or Duet.
type run struct {
	*Runner
	cfg   Config        // with defaults
	start time.Duration // wall clock
	limit time.Duration // wall time at which the run ends; 0: it does not
	jobs  []*job
	todo  Schedule
	left  time.Duration // estimated
}

// prove has each (schema, codec, runtime) proved once. Jobs that share a failed proof fail with it.
func (r *run) prove(ctx context.Context) error {
	proofs := map[subject][]*job{}
	var order []subject
	for _, j := range originals(r.jobs) {
		s := j.subject()
		if proofs[s] == nil {
			order = append(order, s)
		}
		proofs[s] = append(proofs[s], j)
	}
	defer r.drop()
	for i, s := range order {
		first := proofs[s][0]
		r.progress(first, Request{Mode: Prove}, i, len(order))
		start := r.Clock.Wall()
		answer, err := r.prepare(ctx, first, Request{Mode: Prove})
		elapsed := r.Clock.Wall() - start
		for _, j := range proofs[s] {
			j.proof = elapsed
			if err := r.note(ctx, j, Prove, err); err != nil {
				return err
			}
			j.sizes = answer.Pick(results.UnitSize, results.UnitSet)
		}
	}
	return nil
}

// prepare asks for a proof or a calibration, which have a share of the budget.
func (r *run) prepare(ctx context.Context, j *job, q Request) (results.Sample, error) {
	if r.prepared() {
		return results.Sample{}, fmt.Errorf("%w: proofs and calibrations used up their share of the budget of %v", errLate, r.cfg.Budget)
	}
	short, cancel := r.within(ctx, requestShare)
	defer cancel()
	answer, err := r.ask(short, j, q)
	if err != nil && context.Cause(short) == errLate {
		return answer, fmt.Errorf("%w: it took more than %v of a budget of %v", errLate, time.Duration(requestShare*float64(r.cfg.Budget)), r.cfg.Budget)
	}
	return answer, err
}

// drop leaves out cells without a codec in blocks that no codec is left in: there is nothing to take them off from.
func (r *run) drop() {
	left, had := map[results.Block]bool{}, map[results.Block]bool{}
	for _, j := range r.jobs {
		if j.cell.Codec != results.NoCodec {
			had[j.cell.Block()] = true
			left[j.cell.Block()] = left[j.cell.Block()] || !j.failed
		}
	}
	for _, j := range r.jobs {
		if b := j.cell.Block(); j.cell.Codec == results.NoCodec && had[b] && !left[b] {
			j.failed = true
		}
	}
}

// calibrate finds how long an operation of each cell takes, and an estimate of its sample. Of the exchange cells of a codec
// the one with the fewest keyBys stands for the others, which take as many times as long. With a budget the codecs whose
// proofs were quick come first, and the time that is short is short for the others.
func (r *run) calibrate(ctx context.Context) error {
	jobs := originals(r.jobs)
	if r.limit > 0 {
		slices.SortStableFunc(jobs, func(a, b *job) int { return cmp.Compare(a.proof, b.proof) })
	}
	fewest := map[results.Cell]*job{}
	slow := map[subject]error{}
	for i, j := range jobs {
		if j.failed { // with its partner
			continue
		}
		if err := slow[j.subject()]; err != nil {
			if err := r.note(ctx, j, Calibrate, err); err != nil {
				return err
			}
			continue
		}
		key := j.cell
		key.Keybys = 0
		if base := fewest[key]; base != nil && j.cell.IsKeyby() {
			j.scale(base)
			continue
		}
		start := r.Clock.Wall()
		r.progress(j, Request{Mode: Calibrate}, i, len(jobs))
		answer, err := r.prepare(ctx, j, Request{Mode: Calibrate})
		elapsed := r.Clock.Wall() - start
		if err == nil {
			err = j.calibrated(answer, elapsed, r.cfg.Slice)
		}
		if errors.Is(err, errLate) {
			slow[j.subject()] = err // its other cells would be no faster
		}
		if err := r.note(ctx, j, Calibrate, err); err != nil {
			return err
		}
		if !j.failed {
			fewest[key] = j
		}
	}
	return nil
}

// count takes what processes of each cell allocate, and keeps the least of three: some runs count a few bytes too many.
func (r *run) count(ctx context.Context) error {
	jobs := originals(r.jobs)
	done, total := 0, 0
	for _, j := range jobs {
		total += max(0, j.counters-j.counted)
	}
	for _, j := range jobs {
		for j.counted < j.counters && !j.failed && !r.late() {
			r.progress(j, Request{Mode: Count}, done, total)
			answer, err := r.asked(ctx, j, Request{Mode: Count})
			done++
			r.left = max(0, r.left-j.count)
			if err := r.note(ctx, j, Count, err); err != nil {
				return err
			}
			j.took(answer)
		}
	}
	return nil
}

// asked asks for what may take until the limit of the run.
func (r *run) asked(ctx context.Context, j *job, q Request) (results.Sample, error) {
	if r.late() {
		return results.Sample{}, errLate
	}
	short, cancel := r.within(ctx, limitShare)
	defer cancel()
	answer, err := r.ask(short, j, q)
	if err != nil && context.Cause(short) == errLate {
		return answer, errLate
	}
	return answer, err
}

// rounds takes one sample of each cell a round, what is compared side by side in time. At the limit the run ends with the
// rounds that are complete; a machine that has become faster has more of them than planned. How many there are depends on the
// clock alone.
func (r *run) rounds(ctx context.Context) error {
	blocks := blocksOf(turnsOf(alive(r.jobs)))
	rng := rand.New(rand.NewPCG(r.cfg.Seed, pcgOrder))
	var last time.Duration // wall time of the round before
	for round := 0; round < r.todo.Rounds || r.spare(last); round++ {
		r.todo.Rounds = max(r.todo.Rounds, round+1)
		begin := r.elapsed()
		if r.limit > 0 && begin+last > r.limit {
			return r.short(round)
		}
		err := r.round(ctx, round, shuffled(rng, blocks))
		if errors.Is(err, errLate) {
			return r.short(round)
		}
		if err != nil {
			return err
		}
		last = r.elapsed() - begin
	}
	return nil
}

// spare reports whether the budget has room for another round, which takes so long.
func (r *run) spare(round time.Duration) bool {
	return r.limit > 0 && r.elapsed()+round <= time.Duration(spareShare*float64(r.cfg.Budget)) && len(r.todo.Cells) > 0
}

// round takes one sample of each cell.
func (r *run) round(ctx context.Context, round int, turns []turn) error {
	done, total := round*len(r.todo.Cells), r.todo.Rounds*len(r.todo.Cells)
	for _, t := range turns {
		if !t[0].failed {
			if err := r.sample(ctx, t, round, done, total); err != nil {
				return err
			}
		}
		r.left = max(0, r.left-t.wall())
		done += len(t)
	}
	return nil
}

// short ends a run at its limit, after some complete rounds. Cells without a first sample are rows.
func (r *run) short(rounds int) error {
	if err := r.unmeasured(fmt.Sprintf("the budget of %v was over before its first sample", r.cfg.Budget)); err != nil {
		return err
	}
	if r.Sink.Short == nil {
		return nil
	}
	return r.Sink.Short(fmt.Sprintf("the machine became slower: %d of %d rounds fitted into the budget of %v",
		rounds, r.todo.Rounds, r.cfg.Budget))
}

// sample takes one sample of each cell of a turn, all at once, and hands them over: all or, where one failed, none.
func (r *run) sample(ctx context.Context, t turn, round, done, total int) error {
	r.progress(t[0], Request{Mode: Time, Round: round}, done, total)
	answers, errs := make([]results.Sample, len(t)), make([]error, len(t))
	var ended sync.WaitGroup
	for k := range t {
		k := (k + round) % len(t) // none is always the first
		ended.Go(func() { answers[k], errs[k] = r.time(ctx, t[k], round) })
	}
	ended.Wait()
	if err := errors.Join(errs...); errors.Is(err, errLate) {
		return err
	}
	for k, err := range errs {
		if err := r.note(ctx, t[k], Time, err); err != nil {
			return err
		}
	}
	if t[0].failed || r.Sink.Sample == nil {
		return nil
	}
	for k, j := range t {
		j.timed = true
		if err := r.Sink.Sample(round, j.sampled(answers[k])); err != nil {
			return err
		}
	}
	return nil
}

// time asks for one timed sample.
func (r *run) time(ctx context.Context, j *job, round int) (results.Sample, error) {
	answer, err := r.asked(ctx, j, Request{Mode: Time, N: j.n, Round: round})
	if err == nil {
		err = j.check(answer)
	}
	return answer, err
}

// progress says which request comes next.
func (r *run) progress(j *job, q Request, done, total int) {
	if r.Sink.Progress != nil {
		r.Sink.Progress(Progress{q.Mode, j.cell, q.Round, done, total, r.left})
	}
}

// ask sends one request for j. A twin asks for its original: the worker does not know that it runs twice.
func (r *run) ask(ctx context.Context, j *job, q Request) (results.Sample, error) {
	if err := ctx.Err(); err != nil {
		return results.Sample{}, err
	}
	q.Cell, q.Data = j.cell.Original(), j.data
	answer, err := r.Worker.Do(ctx, q)
	if err == nil && answer.Cell != q.Cell {
		err = fmt.Errorf("the worker answered for %s", answer.Cell)
	}
	if err == nil {
		err = answer.Check()
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
		return r.fail(j, results.OneLine(err.Error()), results.NotCarried)
	}
	if errors.Is(err, errLate) {
		return r.fail(j, string(m)+": "+results.OneLine(err.Error()), results.Unmeasured)
	}
	return r.fail(j, string(m)+": "+results.OneLine(err.Error()), results.Failed)
}

// interrupted makes rows of the cells that the context has kept from a first sample: a missing row would be a gap.
func (r *run) interrupted(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return r.unmeasured("interrupted before its first sample")
}

// unmeasured makes rows of the cells without a sample.
func (r *run) unmeasured(reason string) error {
	for _, j := range originals(r.jobs) {
		if j.timed {
			continue
		}
		if err := r.fail(j, reason, results.Unmeasured); err != nil {
			return err
		}
	}
	return nil
}

// fail makes a row of j. Its partners have no further samples, and those that had none are rows too.
func (r *run) fail(j *job, reason string, kind results.FailureKind) error {
	if j.failed {
		return nil // with its partner: the row is there
	}
	err := r.row(j, reason, kind)
	for _, p := range j.partners {
		if p.failed {
			continue
		}
		if p.failed = true; !p.timed && err == nil {
			err = r.row(p, fmt.Sprintf("left out: %s, which it was to be compared with, has no numbers", j.cell.Original().Codec), kind)
		}
	}
	return err
}

func (r *run) row(j *job, reason string, kind results.FailureKind) error {
	j.failed = true
	if r.Sink.Fail == nil {
		return nil
	}
	return r.Sink.Fail(results.Failure{Cell: j.cell.Original(), Reason: reason, Kind: kind})
}
