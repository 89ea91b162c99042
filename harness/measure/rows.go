package measure

import (
	"context"
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/harness/results"
)

// progress says which request comes next.
func (r *run) progress(j *job, q Request, done, total int) {
	if r.Sink.Progress != nil {
		r.Sink.Progress(Progress{q.Mode, j.cell, q.Round, done, total, r.left})
	}
}

// ask sends one request for j. A twin asks for its original: the worker need not know that it runs twice.
func (r *run) ask(ctx context.Context, j *job, q Request) (results.Sample, error) {
	if err := ctx.Err(); err != nil {
		return results.Sample{}, err
	}
	q.Cell, q.Data, q.Twin = j.cell.Original(), j.data, j.cell.IsTwin()
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
	if errors.As(err, new(Unmeasured)) {
		return r.fail(j, results.OneLine(err.Error()), results.Unmeasured)
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
