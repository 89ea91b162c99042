package exchange

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
)

// Local is what Flink does between subtasks inside one JVM: records are encoded into 32 KiB buffers, each behind its length
// and a tag, and whole buffers are handed to the goroutine of the subtask that the key chose.
//
// In Flink's layout (RecordWriter, StreamElementSerializer, BufferWritingResultPartition of Flink 1.20 to 2.3) a record
// is u32 length, u8 tag, [i64 timestamp], value, big-endian, back to back; a record that does not fit goes on in the
// next buffer, inside its length too. Tag 0 has a timestamp, which the sources of Flink set by default, tag 1 none.
var Local = Exchange{
	Name:    "local",
	Doc:     "subtasks in one process: encode into 32 KiB buffers, hand them over, decode; what Flink does inside one JVM",
	Encodes: true,
	Framing: localFraming,
	Connect: local,
}

// Tags of stream elements, as Flink's StreamElementSerializer writes them.
const (
	tagWithTimestamp    = 0
	tagWithoutTimestamp = 1
)

// localFraming is a length, a tag, and a timestamp if there is one.
func localFraming(c Config) int {
	if c.NoTimestamps {
		return 4 + 1
	}
	return 4 + 1 + 8
}

// local connects a reader to each operator, and a writer to all readers for each subtask before them.
func local(s *Stage) ([]Collector, error) {
	gates := make([]chan *buffer, len(s.Outs))
	for i, out := range s.Outs {
		codec, err := s.Config.New()
		if err != nil {
			return nil, err
		}
		gates[i] = make(chan *buffer, len(s.Outs))
		r := &reader{stage: s, codec: codec, in: gates[i], out: out, partial: make([][]byte, len(s.Outs)),
			aliases: s.Config.Aliases, newRecord: s.Config.NewRecord}
		s.Go(r.run)
	}
	ins := make([]Collector, len(s.Outs))
	for i := range ins {
		w, err := newWriter(s.Config, i, gates)
		if err != nil {
			return nil, err
		}
		s.Count(func() int64 { return w.bytes })
		ins[i] = w
	}
	return ins, nil
}

// A writer encodes the records of one subtask into buffers, one per channel.
type writer struct {
	codec        codecs.Codec
	key          KeyHash
	pool         *pool
	lanes        []lane // by channel
	max          int
	channels     []uint16 // by key group
	head         int      // bytes before a value
	noTimestamps bool
	largest      int    // value so far
	scratch      []byte // a record that may not fit its buffer
	bytes        int64
}

// A lane is one channel of a writer: the buffer that is open, and where it goes when it is full. What is filled of it is
// kept here, one step nearer than in the buffer.
type lane struct {
	data []byte
	open *buffer
	gate chan<- *buffer
}

func newWriter(cfg Config, subtask int, gates []chan *buffer) (*writer, error) {
	codec, err := cfg.New()
	if err != nil {
		return nil, err
	}
	key, err := cfg.Key()
	if err != nil {
		return nil, err
	}
	w := &writer{
		codec: codec, key: key, pool: newPool(len(gates), subtask), lanes: make([]lane, len(gates)), max: cfg.MaxParallelism,
		channels: keygroup.Channels(cfg.Parallelism, cfg.MaxParallelism), head: cfg.Framing(), noTimestamps: cfg.NoTimestamps,
	}
	for i := range w.lanes {
		l := &w.lanes[i]
		l.gate = gates[i]
		l.use(w.pool.get())
	}
	return w, nil
}

// use opens b, which is empty.
func (l *lane) use(b *buffer) { l.open, l.data = b, b.data }

// send hands the open buffer over.
func (l *lane) send() {
	l.open.data = l.data
	l.gate <- l.open
}

// Collect encodes record straight into the buffer of its channel, if the largest record so far would fit there.
func (w *writer) Collect(record any, timestamp int64) error {
	hash, err := w.key(record)
	if err != nil {
		return err
	}
	l := &w.lanes[w.channels[keygroup.Group(hash, w.max)]]
	begin := len(l.data)
	if cap(l.data)-begin < w.head+w.largest {
		return w.span(l, record, timestamp)
	}
	out, err := w.codec.Append(l.data[:begin+w.head], record)
	if err != nil {
		return err
	}
	w.frame(out[begin:], timestamp)
	w.largest = max(w.largest, len(out)-begin-w.head)
	if cap(out) != cap(l.data) { // the record outgrew the segment, and so is somewhere else
		w.put(l, out[begin:])
		return nil
	}
	w.bytes += int64(len(out) - begin)
	l.data = l.data[:len(out)] // not l.data = out, which is the same and has a write barrier
	return nil
}

// span encodes record beside the buffers and copies it into as many as it takes.
func (w *writer) span(l *lane, record any, timestamp int64) error {
	w.scratch = slices.Grow(w.scratch[:0], w.head)[:w.head]
	out, err := w.codec.Append(w.scratch, record)
	if err != nil {
		return err
	}
	w.frame(out, timestamp)
	w.largest = max(w.largest, len(out)-w.head)
	w.scratch = out
	w.put(l, out)
	return nil
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

// put copies a framed record into the buffers of l.
func (w *writer) put(l *lane, element []byte) {
	w.bytes += int64(len(element))
	for {
		n := min(len(element), cap(l.data)-len(l.data))
		l.data = append(l.data, element[:n]...)
		if element = element[n:]; len(element) == 0 {
			return
		}
		l.send()
		l.use(w.pool.get())
	}
}

// Mark hands over every open buffer.
func (w *writer) Mark(stop bool) {
	for i := range w.lanes {
		l := &w.lanes[i]
		l.open.mark, l.open.stop = true, stop
		l.send()
		if !stop {
			l.use(w.pool.get())
		}
	}
}

// A reader decodes what all writers send to one subtask, each record into a fresh one.
type reader struct {
	stage   *Stage
	codec   codecs.Codec
	in      chan *buffer
	out     *Operator
	partial [][]byte // by writer: the beginning of a record whose end is in the next buffer

	aliases   bool
	newRecord func() any
}

func (r *reader) run() {
	for marks := 0; ; {
		b := <-r.in
		if !r.stage.Failed() {
			if err := r.read(b); err != nil {
				r.stage.Fail(err)
			}
		}
		mark, stop := b.mark, b.stop
		b.recycle()
		if !mark {
			continue
		}
		if marks++; marks == len(r.partial) {
			marks = 0
			r.out.Mark(stop)
			if stop {
				return
			}
		}
	}
}

// read decodes the records in b.
func (r *reader) read(b *buffer) error {
	data := b.data
	if p := r.partial[b.from]; len(p) > 0 {
		var err error
		if data, err = r.finish(b.from, p, data); err != nil {
			return err
		}
	}
	for len(data) >= 4 {
		n := int(binary.BigEndian.Uint32(data))
		if len(data)-4 < n {
			break
		}
		if err := r.element(data[4 : 4+n]); err != nil {
			return err
		}
		data = data[4+n:]
	}
	r.partial[b.from] = append(r.partial[b.from], data...)
	return nil
}

// finish completes the record that p begins and data goes on with, and returns what is left of data.
func (r *reader) finish(from int, p, data []byte) ([]byte, error) {
	p, data = fill(p, data, 4)
	if len(p) >= 4 {
		need := 4 + int(binary.BigEndian.Uint32(p))
		if p, data = fill(p, data, need); len(p) == need {
			r.partial[from] = p[:0]
			return data, r.element(p[4:])
		}
	}
	r.partial[from] = p
	return nil, nil
}

// fill moves bytes from data to p until p has n.
func fill(p, data []byte, n int) (_, rest []byte) {
	n = min(max(n-len(p), 0), len(data))
	return append(p, data[:n]...), data[n:]
}

// element decodes a tag, a timestamp and a value.
func (r *reader) element(e []byte) error {
	if len(e) == 0 {
		return fmt.Errorf("a stream element of no bytes")
	}
	var timestamp int64
	value := e[1:]
	if e[0] == tagWithTimestamp {
		if len(e) < 9 {
			return fmt.Errorf("a stream element of %d bytes, with a timestamp", len(e))
		}
		timestamp, value = int64(binary.BigEndian.Uint64(value)), e[9:]
	}
	if r.aliases {
		value = slices.Clone(value)
	}
	record := r.newRecord()
	if err := r.codec.Decode(value, record); err != nil {
		return err
	}
	return r.out.Collect(record, timestamp)
}
