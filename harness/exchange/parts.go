package exchange

import (
	"context"
	"errors"
)

// localParts take Local apart. Each works alone on the records, or on the buffers, of one subtask; what is left out is the
// waiting for each other, and that the caches hold what all of them need at once.
var localParts = []Part{
	{Name: "write", Doc: "key, channel, encode and frame, into buffers that nobody reads", Open: openWrite},
	{Name: "hand-over", Doc: "as many buffers from subtask to subtask, with nothing in them", Open: openHandOver},
	{Name: "read", Doc: "find the records in buffers, and decode them", Open: openRead},
}

// nothing stops nothing.
func nothing() error { return nil }

// openWrite prepares a writer whose buffers come back at once.
func openWrite(_ context.Context, cfg Config) (func(int) (int64, error), func() error, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, nil, err
	}
	w, err := newWriter(cfg, 0)
	if err != nil {
		return nil, nil, err
	}
	for to := range w.lanes {
		w.lanes[to].deliver = func(b *buffer) error {
			b.recycle()
			return nil
		}
	}
	return func(n int) (int64, error) { return w.ring(cfg.Records, n) }, nothing, nil
}

// ring writes n records, taken in turn, and a mark.
func (w *writer) ring(records []any, n int) (wire int64, err error) {
	before, at := w.bytes, 0
	for i := range n {
		if err := w.Collect(records[at], int64(i)); err != nil {
			return 0, err
		}
		if at++; at == len(records) {
			at = 0
		}
	}
	w.Mark(false)
	return w.bytes - before, nil
}

// openRead prepares a reader of the buffers that a writer fills with the records once. Its channels are told apart as
// those of so many writers would be.
func openRead(_ context.Context, cfg Config) (func(int) (int64, error), func() error, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, nil, err
	}
	filled, wire, err := fillBuffers(cfg)
	if err != nil {
		return nil, nil, err
	}
	codec, err := cfg.New()
	if err != nil {
		return nil, nil, err
	}
	s := &sink{}
	r := newReader(cfg, codec, 0, &Operator{out: s})
	work := func(n int) (int64, error) {
		want, rings := s.n+n, n/len(cfg.Records)
		for range rings {
			for _, b := range filled {
				if err := r.read(b); err != nil {
					return 0, err
				}
			}
		}
		if s.n != want {
			return 0, errors.New("not all records are in the buffers")
		}
		return wire * int64(rings), nil
	}
	return work, nothing, nil
}

// fillBuffers returns the buffers of the records of cfg, and how many bytes are in them.
func fillBuffers(cfg Config) (filled []*buffer, wire int64, err error) {
	w, err := newWriter(cfg, 0)
	if err != nil {
		return nil, 0, err
	}
	for to := range w.lanes {
		w.lanes[to].deliver = func(b *buffer) error {
			filled = append(filled, &buffer{data: append([]byte(nil), b.data...), from: to, mark: b.mark})
			b.recycle()
			return nil
		}
	}
	wire, err = w.ring(cfg.Records, len(cfg.Records))
	return filled, wire, err
}

// bare hands over buffers with nothing in them: a record stands for a whole one.
var bare = Exchange{Name: "bare", Connect: func(s *Stage) ([]Collector, error) {
	gates := make([]chan *buffer, len(s.Outs))
	for i, out := range s.Outs {
		gates[i] = make(chan *buffer, len(s.Outs))
		g := gate{in: gates[i], writers: len(s.Outs), out: out, read: func(b *buffer) error {
			if b.mark {
				return nil
			}
			return out.Collect(nil, 0)
		}}
		s.Go(func() { g.run(s) })
	}
	ins := make([]Collector, len(s.Outs))
	for i := range ins {
		b := &bareWriter{writer: writer{subtask: i, held: -1, pool: newPool(s.Config.Buffers, i), lanes: make([]lane, len(gates))}}
		b.join(s)
		for to, g := range gates {
			b.lanes[to].deliver = deliverTo(s, g)
			b.lanes[to].use(b.pool.get(), to)
		}
		ins[i] = b
	}
	return ins, nil
}}

// A bareWriter hands over a buffer for each record, to each channel in turn.
type bareWriter struct {
	writer
	next int
}

// Collect hands over a buffer.
func (w *bareWriter) Collect(any, int64) error {
	to := w.next
	if w.next++; w.next == len(w.lanes) {
		w.next = 0
	}
	return w.turn(to)
}

// openHandOver prepares a job that hands over as many buffers as the records fill.
func openHandOver(ctx context.Context, cfg Config) (func(int) (int64, error), func() error, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, nil, err
	}
	_, ring, err := fillBuffers(cfg)
	if err != nil {
		return nil, nil, err
	}
	j, err := Start(ctx, Config{Exchange: bare, Keybys: 1, Parallelism: cfg.Parallelism, Buffers: cfg.Buffers, Records: []any{nil}})
	if err != nil {
		return nil, nil, err
	}
	over := int64(0) // bytes that have not filled a buffer yet
	work := func(n int) (int64, error) {
		wire := ring * int64(n/len(cfg.Records))
		over += wire
		buffers := over / Segment
		over -= buffers * Segment
		_, err := j.Move(int(buffers))
		return wire, err
	}
	return work, j.Stop, nil
}
