package exchange

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// A Fault is what went wrong with a record on a channel, which ended the job.
type Fault struct {
	Stage  int // number of the exchange, from 1 at the source
	From   int // subtask that sent the record; -1: all of them, and no record
	To     int // subtask that it was sent to; -1: not known yet
	Record int // number of the record on its channel, or among those of the sender if To is not known; from 1
	Err    error
}

func (f *Fault) Error() string {
	switch {
	case f.From < 0:
		return fmt.Sprintf("keyBy %d, channels to %d: %v", f.Stage, f.To, f.Err)
	case f.To < 0:
		return fmt.Sprintf("keyBy %d, subtask %d, record %d: %v", f.Stage, f.From, f.Record, f.Err)
	}
	return fmt.Sprintf("keyBy %d, channel %d to %d, record %d: %v", f.Stage, f.From, f.To, f.Record, f.Err)
}

// Unwrap returns what went wrong.
func (f *Fault) Unwrap() error { return f.Err }

// errEnded is what a subtask gets when its job has ended, for reasons that are known elsewhere.
var errEnded = errors.New("the job has ended")

// An ending is how a job ends before its time: by the first fault, or by the context it was started with. Its context is what
// subtasks wait beside everything else that they wait for.
type ending struct {
	context.Context
	cancel context.CancelCauseFunc

	mu      sync.Mutex // of the fault, and of where the writers are held up
	fault   error
	writers []*writer // of all stages, the last one first
}

func newEnding(ctx context.Context) *ending {
	e := &ending{}
	e.Context, e.cancel = context.WithCancelCause(ctx)
	return e
}

// fail ends the job with err, unless it has ended.
func (e *ending) fail(err error) {
	if errors.Is(err, errEnded) {
		return
	}
	e.mu.Lock()
	if e.fault == nil && e.Err() == nil {
		e.fault = err
	}
	e.mu.Unlock()
	e.cancel(err)
}

// hold notes that w waits for a buffer for a channel, or -1: that it waits no more.
func (e *ending) hold(w *writer, to int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	w.held = to
}

// reason says why the job has ended, nil if it has not. Where the context ended it, that is where it was held up: in the last
// stage in which a subtask waited for buffers, since those before it wait for that one.
func (e *ending) reason() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.Err() == nil:
		return nil
	case e.fault != nil:
		return e.fault
	}
	for _, w := range e.writers {
		if w.held >= 0 {
			n, of := w.pool.under(w.held)
			return w.fault(w.held, fmt.Errorf("waited for a buffer, of which subtask %d has %d of %d: %w", w.held, n, of, context.Cause(e)))
		}
	}
	return fmt.Errorf("records were on their way: %w", context.Cause(e))
}
