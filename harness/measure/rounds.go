package measure

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

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
