package sample

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/wirecost/wirecost/schemas/access"
)

// Frames are records as Confluent's serializers write them into the value of a Kafka message: a zero byte, the schema's id as
// a big-endian u32, and Avro binary. Before each stands the length of all that as a big-endian u32, as in encode's form raw.
//
// https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
type frames struct {
	in   *input
	name string
	typ  *access.Type

	buf   []byte
	n     int    // of the record read last, from 1
	at    int64  // where it begins
	id    uint32 // of the schema of all records
	known bool
}

func (f *frames) place() string { return fmt.Sprintf("%s: record %d at byte %d", f.name, f.n, f.at) }

func (f *frames) next(r access.Ref) error {
	begin := f.in.at
	var head [4]byte
	switch _, err := io.ReadFull(f.in, head[:]); {
	case err == io.EOF:
		return err
	case err != nil:
		return fmt.Errorf("%s: record %d at byte %d: the length before it: %w", f.name, f.n+1, begin, early(err))
	}
	f.n, f.at = f.n+1, begin
	n := binary.BigEndian.Uint32(head[:])
	if n > MaxUnit {
		return fmt.Errorf("%s: its length is given as %d bytes, more than %d MB", f.place(), n, MaxUnit>>20)
	}
	var err error
	if f.buf, err = f.in.take(f.buf, int(n)); err != nil {
		return fmt.Errorf("%s: %d of its %d bytes: %w", f.place(), len(f.buf), n, err)
	}
	if err := f.frame(f.buf, r); err != nil {
		return faultAt(f.place(), err)
	}
	return nil
}

// frame reads one frame.
func (f *frames) frame(b []byte, r access.Ref) error {
	switch {
	case len(b) < 5:
		return fmt.Errorf("%d bytes, fewer than the magic byte and the schema id", len(b))
	case b[0] != 0:
		return fmt.Errorf("it begins with %#02x, not with Confluent's magic byte 0", b[0])
	}
	id := binary.BigEndian.Uint32(b[1:])
	if f.known && id != f.id {
		return fmt.Errorf("mixed schemas: it has the schema id %d, and the records before it have %d: measure the records of one schema at a time", id, f.id)
	}
	rest, err := access.ReadAvro(f.typ, b[5:], r)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("%s behind a record of the schema", left(len(rest)))
	}
	if err == nil {
		f.id, f.known = id, true
	}
	return err
}

// left says how many bytes are left.
func left(n int) string {
	if n == 1 {
		return "1 byte is left"
	}
	return fmt.Sprintf("%d bytes are left", n)
}
