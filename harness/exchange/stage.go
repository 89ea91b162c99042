package exchange

import "context"

// A Stage is one exchange of a job, about to be connected.
type Stage struct {
	Config Config      // of the job, defaults filled in
	Number int         // of the exchange, from 1 at the source
	Outs   []*Operator // the subtasks behind the exchange: each is handed what arrives, by one goroutine

	job *Job
}

// Go runs f in a goroutine, once all stages of the job are connected. It must return after it has handed on a mark that
// says stop, or when the Context is done: the job waits for it.
func (s *Stage) Go(f func()) { s.job.starts = append(s.job.starts, f) }

// Context ends with the job, early if that has failed or was cancelled: whatever the stage waits for, it waits for this too.
func (s *Stage) Context() context.Context { return s.job.end }

// Fail ends the job with err, unless it has ended.
func (s *Stage) Fail(err error) { s.job.end.fail(err) }

// Count has the job add up n, the bytes that went over the exchange so far. It is called when no records move.
func (s *Stage) Count(n func() int64) { s.job.counts = append(s.job.counts, n) }

// Sent has the job add up n, what the exchange has sent of everything so far: with what goes around batches, and compressed.
// An exchange whose Count is all of that has no need of it.
func (s *Stage) Sent(n func() int64) { s.job.sent = append(s.job.sent, n) }

// An Operator is a subtask that does nothing but count, and hand on.
type Operator struct {
	n   int
	out Collector
}

// Collect hands a record on.
func (o *Operator) Collect(record any, timestamp int64) error {
	o.n++
	return o.out.Collect(record, timestamp)
}

// Mark hands a mark on.
func (o *Operator) Mark(stop bool) { o.out.Mark(stop) }
