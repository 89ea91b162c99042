package exchange

// Local is what Flink does between subtasks inside one JVM: records are encoded into 32 KiB buffers, each behind its length
// and a tag, and whole buffers are handed to the goroutine of the subtask that the partitioner chose. A subtask has so many
// buffers and no more: while all of them are under way it waits, and so do those before it.
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
	Parts:   localParts,
}

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
		r := newReader(s.Config, codec, i, out)
		r.stage = s.Number
		g := gate{in: gates[i], writers: len(s.Outs), out: out, read: r.read}
		s.Go(func() { g.run(s) })
	}
	ins := make([]Collector, len(s.Outs))
	for i := range ins {
		w, err := newWriter(s.Config, i)
		if err != nil {
			return nil, err
		}
		w.join(s)
		for to, g := range gates {
			w.lanes[to].deliver = deliverTo(s, g)
		}
		s.Count(func() int64 { return w.bytes })
		ins[i] = w
	}
	return ins, nil
}

// deliverTo returns what hands a buffer over, unless the job ends.
func deliverTo(s *Stage, gate chan<- *buffer) func(*buffer) error {
	done := s.Context().Done()
	return func(b *buffer) error {
		select {
		case gate <- b:
			return nil
		case <-done:
			return errEnded
		}
	}
}

// A gate is where the buffers of all writers arrive at one subtask.
type gate struct {
	in      <-chan *buffer
	writers int
	out     Collector           // for the marks
	read    func(*buffer) error // does with a buffer what is to be done
}

// run takes buffers until each writer has said stop, or the job ends.
func (g *gate) run(s *Stage) {
	done := s.Context().Done()
	for marks := 0; ; {
		var b *buffer
		select {
		case b = <-g.in:
		case <-done:
			return
		}
		if err := g.read(b); err != nil {
			s.Fail(err)
			return
		}
		mark, stop := b.mark, b.stop
		b.recycle()
		if !mark {
			continue
		}
		if marks++; marks == g.writers {
			marks = 0
			g.out.Mark(stop)
			if stop {
				return
			}
		}
	}
}
