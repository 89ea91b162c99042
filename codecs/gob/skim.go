package gob

import (
	"errors"
	"fmt"
	"math"
	"math/bits"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

// maxDepth is how deep records inside themselves may nest, as in encoding/json.
const maxDepth = 10_000

var (
	errDeep  = fmt.Errorf("nested more than %d deep", maxDepth)
	errType  = errors.New("the record is of another type")
	errRange = errors.New("a number is out of its type's range")
)

// A skim passes over the bytes of a type without making anything of them, and refuses what gob refuses. Gob believes the number of a map's entries,
// makes an interface hold any type that the process has registered, and nests until the stack is at its end; so every
// record is skimmed first.
type skim struct {
	kind     schemas.Kind
	size     int                // of a fixed
	parts    []*skim            // fields, the one type of elements or values, or the branch of a nullable union
	branches map[string]*branch // of a union that is an interface, by the name that gob sends
}

// A branch is one type that an interface may hold.
type branch struct {
	id   uint64 // of its type, as it is sent
	skim *skim
}

// record reports whether src is a record of ts, with definitions of types before and in it only if they are among defs.
func (ts *types) record(src []byte, defs [][]byte) error {
	in := reader{after: src, defs: defs}
	if err := in.message(); err != nil {
		return err
	}
	id, err := in.typeID()
	if err == nil && id != ts.id {
		err = errType
	}
	if err == nil {
		err = in.value(ts.skim, 0)
	}
	if err == nil && len(in.src)+len(in.after) > 0 {
		err = codecs.ErrTrailing
	}
	return err
}

// value passes a value of type s.
func (in *reader) value(s *skim, depth int) error {
	switch s.kind {
	case schemas.String, schemas.Bytes, schemas.Enum:
		_, err := in.text()
		return err
	case schemas.Fixed:
		n, err := in.count(1)
		if err == nil && n != s.size {
			err = errType
		}
		for ; n > 0 && err == nil; n-- {
			err = in.byte()
		}
		return err
	case schemas.Int:
		return in.int()
	case schemas.Float:
		return in.float()
	case schemas.Array, schemas.Map:
		return in.elements(s, depth)
	case schemas.Record:
		return in.fields(s, depth)
	case schemas.Union:
		if s.branches == nil {
			return in.value(s.parts[0], depth)
		}
		return in.held(s, depth)
	}
	_, err := in.uint() // booleans and all numbers are integers
	return err
}

// int passes an integer of 32 bits, which has its sign in the lowest.
func (in *reader) int() error {
	n, err := in.uint()
	if err == nil && n > math.MaxUint32 {
		err = errRange
	}
	return err
}

// byte passes an integer of 8 bits.
func (in *reader) byte() error {
	n, err := in.uint()
	if err == nil && n > math.MaxUint8 {
		err = errRange
	}
	return err
}

// float passes a float, which is sent as a double.
func (in *reader) float() error {
	n, err := in.uint()
	f := math.Abs(math.Float64frombits(bits.ReverseBytes64(n)))
	if err == nil && f > math.MaxFloat32 && f <= math.MaxFloat64 {
		err = errRange
	}
	return err
}

func (in *reader) elements(s *skim, depth int) error {
	least := 1
	if s.kind == schemas.Map {
		least = 2
	}
	n, err := in.count(least)
	for ; n > 0 && err == nil; n-- {
		if s.kind == schemas.Map {
			_, err = in.text()
		}
		if err == nil {
			err = in.value(s.parts[0], depth)
		}
	}
	return err
}

// fields passes the fields of a record, each with the distance to it from the field before, up to a distance of 0.
func (in *reader) fields(s *skim, depth int) error {
	if depth++; depth > maxDepth {
		return errDeep
	}
	for field := uint64(0); ; {
		delta, err := in.uint()
		if err != nil || delta == 0 {
			return err
		}
		if delta > uint64(len(s.parts))-field {
			return errType
		}
		field += delta
		if err := in.value(s.parts[field-1], depth); err != nil {
			return err
		}
	}
}

// held passes what an interface holds: the name and the number of its type, its length, which gob does not look at
// either, and its value, which has a 0 in front unless it is a record.
func (in *reader) held(s *skim, depth int) error {
	name, err := in.text()
	if err != nil || len(name) == 0 {
		return err
	}
	b := s.branches[string(name)]
	if b == nil {
		return errType
	}
	id, err := in.typeID()
	if err == nil && id != b.id {
		err = errType
	}
	if err == nil {
		_, err = in.uint()
	}
	if err == nil && b.skim.kind != schemas.Record {
		var zero uint64
		if zero, err = in.uint(); zero != 0 {
			err = errType
		}
	}
	if err != nil {
		return err
	}
	return in.value(b.skim, depth)
}
