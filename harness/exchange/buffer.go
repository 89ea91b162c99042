package exchange

// Segment is the size of a buffer: Flink's taskmanager.memory.segment-size.
const Segment = 32 << 10

// A buffer is one segment on its way from a writer to a reader.
type buffer struct {
	data []byte // what is filled
	from int    // subtask that wrote it
	mark bool   // everything before a mark stands in this buffer and the ones before
	stop bool   // nothing follows
	home chan<- *buffer
}

func (b *buffer) recycle() { b.home <- b }

// A pool holds the buffers of one writer. A writer that has used all of them waits for its readers, as in Flink. The
// buffer that came back last is used first: its memory is in the cache.
type pool struct {
	free []*buffer
	back chan *buffer
}

// newPool returns the buffers that a writer to n channels has in Flink: 2 for each and 8 more.
func newPool(n, from int) *pool {
	p := &pool{back: make(chan *buffer, 2*n+8)}
	for range cap(p.back) {
		p.free = append(p.free, &buffer{data: make([]byte, 0, Segment), from: from, home: p.back})
	}
	return p
}

func (p *pool) get() *buffer {
	for len(p.back) > 0 {
		p.free = append(p.free, <-p.back)
	}
	if len(p.free) == 0 {
		p.free = append(p.free, <-p.back)
	}
	last := len(p.free) - 1
	b := p.free[last]
	p.free = p.free[:last]
	b.data, b.mark, b.stop = b.data[:0], false, false
	return b
}
