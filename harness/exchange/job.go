package exchange

import (
	"context"
	"errors"
	"fmt"
	"sync"
)

// A Job is running: its subtasks wait for records.
type Job struct {
	cfg     Config
	end     *ending
	sources []chan order
	sinks   []*sink
	starts  []func()       // what the stages run
	counts  []func() int64 // bytes of records that each stage has sent
	sent    []func() int64 // bytes of everything, of stages that know
	arrived chan struct{}
	done    sync.WaitGroup
}

// An order tells a source to send the records of indices first, first+step, … below n of an endless repetition of the
// ring, and then a mark.
type order struct {
	first, step, n int
	stop           bool
}

// Start makes the subtasks of a job and starts them. They end with Stop, and before it when ctx is done or one of them fails.
func Start(ctx context.Context, cfg Config) (*Job, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	j := &Job{cfg: cfg, end: newEnding(ctx), arrived: make(chan struct{}, cfg.Parallelism)}
	outs := make([]Collector, cfg.Parallelism)
	for i := range outs {
		s := &sink{arrived: j.arrived}
		j.sinks = append(j.sinks, s)
		outs[i] = s
	}
	if err := j.connect(outs); err != nil {
		j.end.cancel(errEnded)
		return nil, err
	}
	return j, nil
}

// connect puts the stages before outs, and the sources before them, and starts all of them.
func (j *Job) connect(outs []Collector) (err error) {
	for n := j.cfg.Keybys; n > 0; n-- {
		if outs, err = j.stage(n, outs); err != nil {
			return err
		}
	}
	for _, run := range j.starts {
		j.done.Go(run)
	}
	j.source(outs)
	return nil
}

// stage puts exchange n and a counting operator before each of outs, and returns where the exchange collects.
func (j *Job) stage(n int, outs []Collector) ([]Collector, error) {
	s := &Stage{Config: j.cfg, Number: n, job: j}
	if n%2 == 0 && j.cfg.Other != nil {
		s.Config.Key = j.cfg.Other
	}
	for _, out := range outs {
		s.Outs = append(s.Outs, &Operator{out: out})
	}
	return j.cfg.Exchange.Connect(s)
}

// source starts the subtasks that send.
func (j *Job) source(outs []Collector) {
	for _, out := range outs {
		orders := make(chan order)
		j.sources = append(j.sources, orders)
		j.done.Go(func() {
			for o := range orders {
				j.send(o, out)
			}
		})
	}
}

// send does what o says. A job that has ended sends no more, at the latest when the ring is through.
func (j *Job) send(o order, out Collector) {
	ring := j.cfg.Records
	at := o.first % len(ring)
	for i := o.first; i < o.n; i += o.step {
		if err := out.Collect(ring[at], int64(i)); err != nil {
			j.end.fail(err)
			return
		}
		if at += o.step; at < len(ring) {
			continue
		}
		for at >= len(ring) { // not %: a division costs as much as the rest of the loop
			at -= len(ring)
		}
		if j.end.Err() != nil {
			return
		}
	}
	out.Mark(o.stop)
}

// Move sends n records, taken in turn from the ring, and waits until all have arrived. It returns the bytes that went
// over all exchanges since the job began to move. After an error, which is a *Fault where a record of a channel is to blame
// or was held up, the job can only be stopped.
func (j *Job) Move(n int) (wire int64, err error) {
	if err := j.end.reason(); err != nil {
		return 0, err // records may still move
	}
	before, sent := j.received(), j.wire()
	if err := j.order(n, false); err != nil {
		return 0, err
	}
	if got := j.received() - before; got != n {
		return 0, fmt.Errorf("%d of %d records arrived", got, n)
	}
	return j.wire() - sent, nil
}

// order has the sources send n records and waits for the marks behind them, or for the end of the job.
func (j *Job) order(n int, stop bool) error {
	if err := j.end.reason(); err != nil {
		return err // marks of an order before it may not have been taken
	}
	for i, s := range j.sources {
		select {
		case s <- order{first: i, step: len(j.sources), n: n, stop: stop}:
		case <-j.end.Done():
			return j.end.reason()
		}
	}
	for range j.cfg.Parallelism {
		select {
		case <-j.arrived:
		case <-j.end.Done():
			return j.end.reason()
		}
	}
	return nil
}

// received returns the number of records that the sinks have counted. It must not be called while records move.
func (j *Job) received() int {
	n := 0
	for _, s := range j.sinks {
		n += s.n
	}
	return n
}

// wire returns the bytes sent over all exchanges. It must not be called while records move.
func (j *Job) wire() int64 { return total(j.counts) }

// Sent returns what went over all exchanges so far, batches and all; false where they do not know. It must not be called while
// records move.
func (j *Job) Sent() (int64, bool) { return total(j.sent), len(j.sent) > 0 }

func total(counts []func() int64) int64 {
	var sum int64
	for _, n := range counts {
		sum += n()
	}
	return sum
}

// Stop ends the subtasks and waits for them. It returns what ended the job before, nil if nothing has.
func (j *Job) Stop() error {
	if j.sources == nil {
		return errors.New("the job was stopped before")
	}
	err := j.order(0, true)
	for _, s := range j.sources {
		close(s)
	}
	j.sources = nil
	j.done.Wait()
	j.end.cancel(errEnded)
	return err
}

// A sink counts what arrives.
type sink struct {
	n       int
	arrived chan<- struct{}
}

// Collect counts a record.
func (s *sink) Collect(any, int64) error {
	s.n++
	return nil
}

// Mark says that everything has arrived.
func (s *sink) Mark(bool) { s.arrived <- struct{}{} }
