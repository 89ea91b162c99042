package exchange

// Segment is the size of a buffer: Flink's taskmanager.memory.segment-size.
const Segment = 32 << 10

// A buffer is one segment on its way from a writer to a reader.
type buffer struct {
	data []byte // what is filled
	from int    // subtask that wrote it
	to   int    // channel that it was opened for
	mark bool   // everything before a mark stands in this buffer and the ones before
	stop bool   // nothing follows
	home chan<- *buffer
}

func (b *buffer) recycle() { b.home <- b }

// A pool holds the buffers of one writer. A writer that has used all of them waits for its readers, as in Flink. The
// buffer that came back last is used first: its memory is in the cache.
type pool struct {
	all  []*buffer
	free []*buffer
	back chan *buffer
}

// newPool returns n buffers of subtask from.
func newPool(n, from int) *pool {
	p := &pool{back: make(chan *buffer, n)}
	for range n {
		p.all = append(p.all, &buffer{data: make([]byte, 0, Segment), from: from, home: p.back})
	}
	p.free = append(p.free, p.all...)
	return p
}

// get returns a buffer, nil if all are under way.
func (p *pool) get() *buffer {
	for len(p.back) > 0 {
		p.free = append(p.free, <-p.back)
	}
	if len(p.free) == 0 {
		return nil
	}
	last := len(p.free) - 1
	b := p.free[last]
	p.free = p.free[:last]
	return b
}

// empty returns b with nothing in it.
func (b *buffer) empty() *buffer {
	b.data, b.mark, b.stop = b.data[:0], false, false
	return b
}

// under returns how many buffers are under way to a channel, and how many there are, while the writer has none.
func (p *pool) under(to int) (n, of int) {
	for _, b := range p.all {
		if b.to == to {
			n++
		}
	}
	return n, len(p.all)
}
