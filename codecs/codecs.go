// Package codecs says what a codec is. Each format has a package below this one; codecs/all lists them, and
// codecs/codectest proves what they say of themselves.
package codecs

import (
	"errors"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Codec converts records of one schema to bytes and back. It may keep scratch space: not for concurrent use.
//
// Note: there is no Marshal that returns a fresh slice. It would hide an allocation and force a copy into every
// exchange's buffer.
type Codec interface {
	// Append appends the encoding of v to dst and returns the extended slice. It retains neither.
	Append(dst []byte, v any) ([]byte, error)
	// Decode makes v, a zero or a used record, what a fresh one would be after reading src, which must be consumed
	// whole: nothing of a used record shows. It does not retain src unless its Format says Aliases.
	Decode(src []byte, v any) error
}

// A Converter is a Codec whose native record is not the schema's Go struct. The harness converts outside the timed
// loop; the op convert times it, so that nobody pays it unseen.
type Converter interface {
	// NewRecord returns a new, empty native record, a pointer.
	NewRecord() any
	// FromStruct makes the native record dst what the schema's struct src points to says.
	FromStruct(dst, src any) error
	// ToStruct makes the struct that dst points to what the native record src says.
	ToStruct(dst, src any) error
	// Field returns a function that reads the scalar at a path of a native record, as access.Getter does of a struct.
	Field(path string) (func(any) (access.Value, error), error)
}

// A Format is a codec family, bound to a schema by New. Facts about it are data, and each is asserted by codectest.
type Format struct {
	Name    string // codec=<Name> in results; no "/", no trailing "-digits"
	Doc     string // one line for `wirecost list`
	Module  string // import path whose version is recorded, "std" for Go's own, "" for this module
	Aliases bool   // decoded records may share memory with src
	Loses   []Loss // what the format cannot keep
	Floor   bool   // no format but the least there can be: it is shown and not ranked
	Global  bool   // results depend on what the process did before: each cell is measured in a process of its own
	Flink   bool   // a format of Flink's own: the bytes are Flink's, the time is that of this implementation
	Sparse  bool   // a record may leave fields out, so that one of any size can take a byte or two
	// Released says that only the released Flink times the format, and decides what it carries. The codec here makes its bytes, so
	// that Flink's are compared with something.
	Released bool
	// Shuffles says that the entries of a map are written in another order each time: a Go map has none.
	Shuffles bool
	// Inexact says that the bytes which operations allocate, and at times their number, are not the same in every run over
	// the same records: the library cuts texts from slabs, into which more or fewer go as map entries are in order, keeps
	// memory in pools that a collection empties, or makes some ahead. A mean may differ by a byte; so B/op is no exact unit.
	Inexact bool
	// Growth bounds what a decode of hostile input may allocate: at most 4 KiB + c times the input, in bytes. c is 64
	// times the largest ratio, over the schema's types, of a value's size in memory to its least encoding, and no more
	// than Growth if that is not 0. Sparse formats may allocate 8 times the largest value for each byte, if that is more.
	Growth int
	Setup  int                                  // bytes that a decode may allocate beside that, to make anew what others keep
	New    func(*schemas.Schema) (Codec, error) // schemas.ErrUnsupported if the format cannot carry the schema
}

// A Loss is something that a format cannot keep.
type Loss = access.Loss

// The losses that formats declare; package access says what each means.
const (
	Branch    = access.Branch
	NullZero  = access.NullZero
	NullEmpty = access.NullEmpty
	Micros    = access.Micros
)

// ErrTrailing is returned by Decode when bytes are left behind the record.
var ErrTrailing = errors.New("bytes are left behind the record")

// NewRecord returns a new native record of c, a codec of schema type t.
func NewRecord(c Codec, t *access.Type) any {
	if conv, ok := c.(Converter); ok {
		return conv.NewRecord()
	}
	return t.New()
}
