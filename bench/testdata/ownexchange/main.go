// Command ownexchange is the worker of an exchange that this module brings: wirecost run starts it for each cell that names
// the exchange. It speaks the protocol of all workers, JSON lines on standard input and output.
package main

import (
	"encoding/binary"
	"fmt"
	"os"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/schemas/streams"
)

// Post hands over each record in an envelope of its own, behind its length.
var Post = exchange.Exchange{
	Name:    "post",
	Doc:     "an envelope for each record",
	Encodes: true,
	Framing: func(exchange.Config) int { return 4 },
	Connect: connect,
}

func main() {
	lab := harness.Lab{Formats: all.Formats, Exchanges: []exchange.Exchange{exchange.Chain, Post}, Runtimes: []harness.Runtime{harness.Go}, Stream: streams.Get}
	if err := measure.Serve(os.Stdin, os.Stdout, measure.System(), lab.Open); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// An envelope holds a record, or a mark.
type envelope struct {
	text      []byte // behind its length; nil for a mark
	timestamp int64
	stop      bool
}

// connect has a reader before each operator, and a writer to all readers for each subtask before them.
func connect(s *exchange.Stage) ([]exchange.Collector, error) {
	boxes := make([]chan envelope, len(s.Outs))
	for i, out := range s.Outs {
		codec, err := s.Config.New()
		if err != nil {
			return nil, err
		}
		boxes[i] = make(chan envelope, 64)
		r := &reader{stage: s, codec: codec, box: boxes[i], out: out, writers: len(s.Outs)}
		s.Go(r.run)
	}
	ins := make([]exchange.Collector, len(s.Outs))
	for i := range ins {
		codec, err := s.Config.New()
		if err != nil {
			return nil, err
		}
		route, err := s.Config.Route(i)
		if err != nil {
			return nil, err
		}
		w := &writer{stage: s, codec: codec, route: route, boxes: boxes}
		s.Count(func() int64 { return w.sent })
		ins[i] = w
	}
	return ins, nil
}

type writer struct {
	stage *exchange.Stage
	codec codecs.Codec
	route func(any) (int, error)
	boxes []chan envelope
	sent  int64
}

// Collect posts a record to the subtask that the partitioner says.
func (w *writer) Collect(record any, timestamp int64) error {
	to, err := w.route(record)
	if err != nil {
		return err
	}
	text, err := w.codec.Append(make([]byte, 4), record)
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint32(text, uint32(len(text)-4))
	w.sent += int64(len(text))
	w.post(to, envelope{text: text, timestamp: timestamp})
	return nil
}

// Mark posts a mark to every subtask.
func (w *writer) Mark(stop bool) {
	for to := range w.boxes {
		w.post(to, envelope{stop: stop})
	}
}

// post puts e into a box, unless the job has ended.
func (w *writer) post(to int, e envelope) {
	select {
	case w.boxes[to] <- e:
	case <-w.stage.Context().Done():
	}
}

type reader struct {
	stage   *exchange.Stage
	codec   codecs.Codec
	box     chan envelope
	out     *exchange.Operator
	writers int
}

// run hands records on until every writer has said stop, or the job has ended.
func (r *reader) run() {
	for marks := 0; ; {
		var e envelope
		select {
		case e = <-r.box:
		case <-r.stage.Context().Done():
			return
		}
		if e.text != nil {
			if err := r.open(e); err != nil {
				r.stage.Fail(err)
			}
			continue
		}
		if marks++; marks < r.writers {
			continue
		}
		marks = 0
		r.out.Mark(e.stop)
		if e.stop {
			return
		}
	}
}

func (r *reader) open(e envelope) error {
	record := r.stage.Config.NewRecord()
	if err := r.codec.Decode(e.text[4:], record); err != nil {
		return err
	}
	return r.out.Collect(record, e.timestamp)
}
