package exchange

// Segment is the size of a buffer: Flink's taskmanager.memory.segment-size.
const Segment = 32 << 10

// A buffer is one segment on its way from a writer to a reader.
type buffer struct {
	data []byte // what is filled
	from int    // subtask that wrote it
	mark bool   // everything before a mark stands in this buffer and the ones before
	stop bool   // nothing follows
	pool pool
}

// A pool holds the free buffers of one writer. A writer that has used all of them waits for its readers, as in Flink.
type pool chan *buffer

// newPool returns the buffers that a writer to n channels has in Flink: 2 for each and 8 more.
func newPool(n, from int) pool {
	p := make(pool, 2*n+8)
	for range cap(p) {
		p <- &buffer{data: make([]byte, 0, Segment), from: from, pool: p}
	}
	return p
}

func (p pool) get() *buffer {
	b := <-p
	b.data, b.mark, b.stop = b.data[:0], false, false
	return b
}

func (b *buffer) recycle() { b.pool <- b }
