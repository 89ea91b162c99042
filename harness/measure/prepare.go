package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

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
		if err == nil {
			err = r.warmTwin(ctx, j)
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

// warmTwin has the twin of j do what j has done, if its program stays: what a program was asked before decides how its JIT compiler
// translates.
func (r *run) warmTwin(ctx context.Context, j *job) error {
	i := slices.IndexFunc(r.jobs, func(k *job) bool { return k.cell == j.cell.Twin() })
	if i < 0 || r.Stays == nil || !r.Stays(j.cell) {
		return nil
	}
	for _, mode := range []Mode{Prove, Calibrate} {
		if _, err := r.prepare(ctx, r.jobs[i], Request{Mode: mode}); err != nil {
			return err
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
