package measure

import (
	"context"
	"errors"
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
	Refs   map[string]string       // Ref of a runtime, where that is another
	Stays  func(results.Cell) bool // whether the Worker's program of a cell stays: that of its twin is warmed up before the rounds, too. nil: none does
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
