package exchange

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs"
)

// Tags of stream elements, as Flink's StreamElementSerializer writes them.
const (
	tagWithTimestamp    = 0
	tagWithoutTimestamp = 1
)

// mostElement bounds what stands behind a length: a tag, a timestamp and a value.
const mostElement = 1 << 30

// A writer encodes the records of one subtask into buffers, one per channel.
type writer struct {
	stage   int
	subtask int
	end     *ending // of the job
	codec   codecs.Codec
	route   func(record any) (int, error)
	pool    *pool
	held    int    // channel for which it waits for a buffer, -1: none; the ending's to read
	lanes   []lane // by channel

	head         int // bytes before a value
	noTimestamps bool
	largest      int    // value so far
	scratch      []byte // a record that may not fit its buffer
	bytes        int64
}

// A lane is one channel of a writer: the buffer that is open, and where it goes when it is full. What is filled of it is
// kept here, one step nearer than in the buffer.
type lane struct {
	data    []byte
	open    *buffer
	records int
	deliver func(*buffer) error // hands a buffer over
}

// newWriter returns the writer of a subtask. Its lanes deliver to nowhere yet.
func newWriter(cfg Config, subtask int) (*writer, error) {
	codec, err := cfg.New()
	if err != nil {
		return nil, err
	}
	route, err := cfg.Route(subtask)
	if err != nil {
		return nil, err
	}
	w := &writer{subtask: subtask, codec: codec, route: route, held: -1, pool: newPool(cfg.Buffers, subtask),
		lanes: make([]lane, cfg.Parallelism), head: cfg.Framing(), noTimestamps: cfg.NoTimestamps}
	for to := range w.lanes {
		w.lanes[to].use(w.pool.get(), to)
	}
	return w, nil
}

// join makes w one of a stage.
func (w *writer) join(s *Stage) {
	w.stage, w.end = s.Number, s.job.end
	w.end.writers = append(w.end.writers, w)
}

// use opens b, which is empty.
func (l *lane) use(b *buffer, to int) {
	b.to = to
	l.open, l.data = b, b.data
}

// Collect encodes record straight into the buffer of its channel, if the largest record so far would fit there.
func (w *writer) Collect(record any, timestamp int64) error {
	to, err := w.route(record)
	if err != nil {
		return w.lost(err)
	}
	l := &w.lanes[to]
	l.records++
	begin := len(l.data)
	if cap(l.data)-begin < w.head+w.largest {
		return w.span(to, record, timestamp)
	}
	out, err := w.codec.Append(l.data[:begin+w.head], record)
	if err != nil {
		return w.fault(to, fmt.Errorf("encode: %w", err))
	}
	w.frame(out[begin:], timestamp)
	w.largest = max(w.largest, len(out)-begin-w.head)
	if cap(out) != cap(l.data) { // the record outgrew the segment, and so is somewhere else
		return w.put(to, out[begin:])
	}
	w.bytes += int64(len(out) - begin)
	l.data = l.data[:len(out)] // not l.data = out, which is the same and has a write barrier
	return nil
}

// span encodes record beside the buffers and copies it into as many as it takes.
func (w *writer) span(to int, record any, timestamp int64) error {
	w.scratch = slices.Grow(w.scratch[:0], w.head)[:w.head]
	out, err := w.codec.Append(w.scratch, record)
	if err != nil {
		return w.fault(to, fmt.Errorf("encode: %w", err))
	}
	w.frame(out, timestamp)
	w.largest = max(w.largest, len(out)-w.head)
	w.scratch = out
	return w.put(to, out)
}

// frame fills in what stands before the value in element.
func (w *writer) frame(element []byte, timestamp int64) {
	binary.BigEndian.PutUint32(element, uint32(len(element)-4))
	if w.noTimestamps {
		element[4] = tagWithoutTimestamp
		return
	}
	element[4] = tagWithTimestamp
	binary.BigEndian.PutUint64(element[5:], uint64(timestamp))
}

// put copies a framed record into the buffers of a channel.
func (w *writer) put(to int, element []byte) error {
	if len(element)-4 > mostElement {
		return w.fault(to, fmt.Errorf("it takes %d bytes, of at most %d", len(element)-4, mostElement))
	}
	w.bytes += int64(len(element))
	l := &w.lanes[to]
	for {
		n := min(len(element), cap(l.data)-len(l.data))
		l.data = append(l.data, element[:n]...)
		if element = element[n:]; len(element) == 0 {
			return nil
		}
		if err := w.turn(to); err != nil {
			return err
		}
	}
}

// turn hands the open buffer of a channel over and opens another.
func (w *writer) turn(to int) error {
	if err := w.send(to); err != nil {
		return err
	}
	return w.reopen(to)
}

// send hands the open buffer of a channel over.
func (w *writer) send(to int) error {
	l := &w.lanes[to]
	l.open.data = l.data
	return l.deliver(l.open)
}

// reopen opens a buffer for a channel. If all are under way, the writer waits until one is back, or the job has ended.
func (w *writer) reopen(to int) error {
	b := w.pool.get()
	if b == nil {
		w.end.hold(w, to)
		select {
		case b = <-w.pool.back:
		case <-w.end.Done():
			return errEnded
		}
		w.end.hold(w, -1)
	}
	w.lanes[to].use(b.empty(), to)
	return nil
}

// Mark hands over every open buffer.
func (w *writer) Mark(stop bool) {
	for to := range w.lanes {
		l := &w.lanes[to]
		l.open.mark, l.open.stop = true, stop
		if w.send(to) != nil || !stop && w.reopen(to) != nil {
			return // the job has ended
		}
	}
}

// fault says that the last record of a channel could not be sent.
func (w *writer) fault(to int, err error) error {
	return &Fault{Stage: w.stage, From: w.subtask, To: to, Record: w.lanes[to].records, Err: err}
}

// lost says that a record has no channel.
func (w *writer) lost(err error) error {
	n := 1
	for _, l := range w.lanes {
		n += l.records
	}
	return &Fault{Stage: w.stage, From: w.subtask, To: -1, Record: n, Err: err}
}
