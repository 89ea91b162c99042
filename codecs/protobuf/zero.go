package protobuf

import (
	"errors"
	"fmt"
	"math"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

var errNegativeZero = errors.New("vtprotobuf loses negative zero")

// A zeroChecker finds negative zeros where vtprotobuf leaves them out, since they equal zero: in plain fields. The other
// codecs look at the bits, as protobuf wants it.
type zeroChecker map[*access.Type]bool // whether values of a type can hold some

// newZeroChecker returns a checker for values of type t, nil if none is needed.
func newZeroChecker(t *access.Type) zeroChecker {
	z := zeroChecker{}
	for n := -1; n < len(z); { // recursive types need another look
		n = len(z)
		z.note(t, map[*access.Type]bool{})
	}
	if !z[t] {
		return nil
	}
	return z
}

// note notes which of t and the types below it can hold negative zeros in plain fields.
func (z zeroChecker) note(t *access.Type, seen map[*access.Type]bool) bool {
	if seen[t] {
		return z[t]
	}
	seen[t] = true
	holds := false
	for _, f := range t.Fields {
		holds = z.note(f.Type, seen) || isFloat(f.Type) || holds
	}
	for _, b := range t.Branches {
		holds = z.note(b, seen) || holds
	}
	if t.Elem != nil {
		holds = z.note(t.Elem, seen) || holds
	}
	if holds {
		z[t] = true
	}
	return holds
}

func isFloat(t *access.Type) bool { return t.Kind == schemas.Float || t.Kind == schemas.Double }

// check reports a negative zero in the value of type t at r.
func (z zeroChecker) check(t *access.Type, r access.Ref) error {
	if !z[t] {
		return nil
	}
	switch t.Kind {
	case schemas.Record:
		return z.checkRecord(t, r)
	case schemas.Union:
		if i, v := t.Branch(r); i >= 0 && i != t.Null {
			return z.check(t.Branches[i], v)
		}
	case schemas.Array:
		first, n := r.Slice()
		for i := range n {
			if err := z.check(t.Elem, first.At(uintptr(i)*t.Elem.Size)); err != nil {
				return at(fmt.Sprintf("[%d]", i), err)
			}
		}
	case schemas.Map:
		var e access.Entries
		e.Load(t, r)
		for i, key := range e.Keys {
			if err := z.check(t.Elem, e.Value(i)); err != nil {
				return at(fmt.Sprintf("{%s}", key), err)
			}
		}
	}
	return nil
}

func (z zeroChecker) checkRecord(t *access.Type, r access.Ref) error {
	if t.Form == access.Box {
		r, t = t.Unbox(r), t.Elem
	}
	if r.Nil() {
		return nil
	}
	for _, f := range t.Fields {
		v := r.At(f.Offset)
		if f.Type.Kind == schemas.Float && v.Float() == 0 && math.Signbit(float64(v.Float())) ||
			f.Type.Kind == schemas.Double && v.Double() == 0 && math.Signbit(v.Double()) {
			return at(f.Name, errNegativeZero)
		}
		if err := z.check(f.Type, v); err != nil {
			return at(f.Name, err)
		}
	}
	return nil
}
