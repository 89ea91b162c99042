package exchange

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs"
)

// A reader decodes what all writers send to one subtask, each record into a fresh one.
type reader struct {
	stage   int
	subtask int
	codec   codecs.Codec
	out     Collector
	partial [][]byte // by writer: the beginning of a record whose end is in the next buffer
	records []int    // by writer, so far

	aliases   bool
	newRecord func() any
}

func newReader(cfg Config, codec codecs.Codec, subtask int, out Collector) *reader {
	return &reader{subtask: subtask, codec: codec, out: out, aliases: cfg.Aliases, newRecord: cfg.NewRecord,
		partial: make([][]byte, cfg.Parallelism), records: make([]int, cfg.Parallelism)}
}

// read decodes the records in b. An error is a *Fault, unless it came from behind the reader.
func (r *reader) read(b *buffer) error {
	data, err := r.elements(b)
	if err == nil {
		r.partial[b.from] = append(r.partial[b.from], data...)
		if p := r.partial[b.from]; b.mark && len(p) > 0 {
			r.records[b.from]++
			err = truncated(p)
		}
	}
	if err == nil {
		return nil
	}
	return r.fault(b.from, err)
}

// fault says what went wrong with the last record of a writer, unless it went wrong behind the reader.
func (r *reader) fault(from int, err error) error {
	var behind *Fault
	if errors.Is(err, errEnded) || errors.As(err, &behind) {
		return err
	}
	return &Fault{Stage: r.stage, From: from, To: r.subtask, Record: r.records[from], Err: err}
}

// truncated says what there is of a record that nothing more comes of.
func truncated(p []byte) error {
	if len(p) < 4 {
		return fmt.Errorf("truncated: %d of the 4 bytes of its length", len(p))
	}
	return fmt.Errorf("truncated: %d of %d bytes", len(p)-4, binary.BigEndian.Uint32(p))
}

// elements decodes the records that end in b, and returns the bytes behind them.
func (r *reader) elements(b *buffer) ([]byte, error) {
	data := b.data
	if p := r.partial[b.from]; len(p) > 0 {
		var err error
		if data, err = r.finish(b.from, p, data); err != nil {
			return nil, err
		}
	}
	for len(data) >= 4 {
		n, err := r.length(b.from, data)
		if err != nil {
			return nil, err
		}
		if len(data)-4 < n {
			break
		}
		if err := r.element(b.from, data[4:4+n]); err != nil {
			return nil, err
		}
		data = data[4+n:]
	}
	return data, nil
}

// length reads how many bytes follow in an element of a writer.
func (r *reader) length(from int, data []byte) (int, error) {
	n := binary.BigEndian.Uint32(data)
	if n > mostElement {
		r.records[from]++
		return 0, fmt.Errorf("a length of %d bytes, of at most %d", n, mostElement)
	}
	return int(n), nil
}

// finish completes the record that p begins and data goes on with, and returns what is left of data.
func (r *reader) finish(from int, p, data []byte) ([]byte, error) {
	p, data = fill(p, data, 4)
	if len(p) >= 4 {
		n, err := r.length(from, p)
		if err != nil {
			return nil, err
		}
		if p, data = fill(p, data, 4+n); len(p) == 4+n {
			r.partial[from] = p[:0]
			return data, r.element(from, p[4:])
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
func (r *reader) element(from int, e []byte) error {
	r.records[from]++
	if len(e) == 0 {
		return errors.New("a stream element of no bytes")
	}
	var timestamp int64
	value := e[1:]
	switch {
	case e[0] == tagWithTimestamp && len(e) < 9:
		return fmt.Errorf("a stream element of %d bytes, with a timestamp", len(e))
	case e[0] == tagWithTimestamp:
		timestamp, value = int64(binary.BigEndian.Uint64(value)), e[9:]
	case e[0] != tagWithoutTimestamp:
		return fmt.Errorf("a stream element with tag %d, which is no record", e[0])
	}
	if r.aliases {
		value = slices.Clone(value)
	}
	record := r.newRecord()
	if err := r.codec.Decode(value, record); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	return r.out.Collect(record, timestamp)
}
