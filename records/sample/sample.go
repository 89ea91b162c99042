// Package sample reads the records that users have: JSON lines, Avro object container files, and records framed as
// Confluent's serializers write them.
//
// [NewReader] recognises which of them a stream is by its first bytes, and [Reader.Next] reads a record at a time. What is
// held in memory is one line, one framed record or one block of a container, each of at most 16 MiB, be it compressed or
// not; so a decompression bomb, or a line without an end, is an error and no memory. Every error names the place. [Draw]
// keeps records drawn evenly from all of a stream.
package sample

import (
	"errors"
	"fmt"
	"io"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// MaxUnit is how many bytes a line, a framed record, or a block of a container may have, compressed or not. Java's writers
// end a block after 64 kB, fastavro after 16 kB.
const MaxUnit = 16 << 20

// A Config says how a stream is read.
type Config struct {
	Name string // of the stream, in errors
	// Schema is that of the records. A container has one of its own, with which it must agree: the annotations are those of
	// Schema. nil means the container's, and nothing else can be read.
	Schema *schemas.Schema
	// SkipBad is behind how many bad records, or bad blocks of a container, reading goes on. A bad record in a block hides
	// those behind it in that block.
	SkipBad int
}

// A Reader reads records. It is not for concurrent use.
type Reader struct {
	Schema *schemas.Schema
	Type   *access.Type
	Form   string // "JSON lines", "Avro container file" or "framed records"

	cfg     Config
	units   units
	read    int64
	skipped []error
	failed  error
}

// Units are the records of one form of a stream.
type units interface {
	// next makes the record at r the next one, and returns io.EOF behind the last. An error that is no *fault is the end.
	next(r access.Ref) error
	// place names the record read last.
	place() string
}

// A fault is an error of the place it names, behind which reading can go on.
type fault struct{ err error }

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// faultAt returns a fault at a place.
func faultAt(place string, err error) error { return &fault{fmt.Errorf("%s: %w", place, err)} }

// Next makes v, a pointer to a struct of r.Type, the next record, and returns io.EOF behind the last one. A stream of no
// record at all is an error. v may be used again: it shares no memory with what is read.
func (r *Reader) Next(v any) error {
	ref, err := r.Type.Ref(v)
	if err != nil {
		return err
	}
	for r.failed == nil {
		if err = r.units.next(ref); err == nil {
			r.read++
			return nil
		}
		r.note(err)
	}
	return r.failed
}

// note takes an error of units: it is skipped, or the end.
func (r *Reader) note(err error) {
	bad := (*fault)(nil)
	switch {
	case err == io.EOF && r.read > 0:
		r.failed = err
	case err == io.EOF && len(r.skipped) > 0:
		r.failed = fmt.Errorf("%s has no good record; the first bad one: %w", r.cfg.Name, r.skipped[0])
	case err == io.EOF:
		r.failed = fmt.Errorf("%s has no records", r.cfg.Name)
	case !errors.As(err, &bad) || len(r.skipped) == r.cfg.SkipBad:
		r.failed = err
		if n := len(r.skipped); n > 0 {
			r.failed = fmt.Errorf("%w (and %d bad before it)", err, n)
		}
	default:
		r.skipped = append(r.skipped, err)
	}
}

// Place says where the record stands that Next has read last.
func (r *Reader) Place() string { return r.units.place() }

// Read returns the number of records that Next has read.
func (r *Reader) Read() int64 { return r.read }

// Skipped returns what was bad and has been skipped, in order.
func (r *Reader) Skipped() []error { return r.skipped }
