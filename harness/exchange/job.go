package exchange

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

// A Job is running: its subtasks wait for records.
type Job struct {
	cfg     Config
	sources []chan order
	sinks   []*sink
	starts  []func()       // what the stages run
	counts  []func() int64 // bytes that each stage has sent
	arrived chan struct{}
	done    sync.WaitGroup
	failure failure
}

// An order tells a source to send the records of indices first, first+step, … below n of an endless repetition of the
// ring, and then a mark.
type order struct {
	first, step, n int
	stop           bool
}

// A failure keeps the first error of any subtask. Subtasks go on after it, dropping records, so that marks still arrive.
type failure struct {
	set  atomic.Bool
	once sync.Once
	err  error
}

func (f *failure) fail(err error) {
	f.once.Do(func() {
		f.err = err
		f.set.Store(true)
	})
}

// Start makes the subtasks of a job and starts them.
func Start(cfg Config) (*Job, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	j := &Job{cfg: cfg, arrived: make(chan struct{}, cfg.Parallelism)}
	outs := make([]Collector, cfg.Parallelism)
	for i := range outs {
		s := &sink{arrived: j.arrived}
		j.sinks = append(j.sinks, s)
		outs[i] = s
	}
	for range cfg.Keybys {
		if outs, err = j.stage(outs); err != nil {
			return nil, err
		}
	}
	for _, run := range j.starts {
		j.done.Go(run)
	}
	j.source(outs)
	return j, nil
}

// stage puts an exchange and a counting operator before each of outs, and returns where the exchange collects.
func (j *Job) stage(outs []Collector) ([]Collector, error) {
	s := &Stage{Config: j.cfg, job: j}
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

func (j *Job) send(o order, out Collector) {
	ring := j.cfg.Records
	at := o.first % len(ring)
	for i := o.first; i < o.n; i += o.step {
		if err := out.Collect(ring[at], int64(i)); err != nil {
			j.failure.fail(err)
			break
		}
		for at += o.step; at >= len(ring); { // not %: a division costs as much as the rest of the loop
			at -= len(ring)
		}
	}
	out.Mark(o.stop)
}

// Move sends n records, taken in turn from the ring, and waits until all have arrived. It returns the bytes that went
// over all exchanges since the job began to move.
func (j *Job) Move(n int) (wire int64, err error) {
	before, sent := j.received(), j.wire()
	j.order(n, false)
	if j.failure.set.Load() {
		return 0, j.failure.err
	}
	if got := j.received() - before; got != n {
		return 0, fmt.Errorf("%d of %d records arrived", got, n)
	}
	return j.wire() - sent, nil
}

// order has the sources send n records and waits for the marks behind them.
func (j *Job) order(n int, stop bool) {
	for i, s := range j.sources {
		s <- order{first: i, step: len(j.sources), n: n, stop: stop}
	}
	for range j.sinks {
		<-j.arrived
	}
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
func (j *Job) wire() int64 {
	var sum int64
	for _, n := range j.counts {
		sum += n()
	}
	return sum
}

// Stop ends the subtasks.
func (j *Job) Stop() error {
	if j.sources == nil {
		return errors.New("the job was stopped before")
	}
	j.order(0, true)
	for _, s := range j.sources {
		close(s)
	}
	j.sources = nil
	j.done.Wait()
	return j.failure.err
}

// A sink counts what arrives.
type sink struct {
	n       int
	arrived chan struct{}
}

// Collect counts a record.
func (s *sink) Collect(any, int64) error {
	s.n++
	return nil
}

// Mark says that everything has arrived.
func (s *sink) Mark(bool) { s.arrived <- struct{}{} }
