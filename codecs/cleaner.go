package codecs

import (
	"math/bits"
	"reflect"
	"slices"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Remainder is what a library leaves of a used record that it decodes into.
type Remainder uint8

// The remainders, each with those before it.
const (
	Entries  Remainder = iota // of maps, and what general unions hold, where it may decode into that
	Elements                  // of arrays
	Fields                    // of records, if the bytes do not mention them
	Anything                  // that the bytes say is null
)

// A Cleaner takes out of a used record what a library would leave in it, and keeps the memory that the library can use
// again: arrays lose their elements but not their room, maps their entries. Wrappers of libraries that decode into what
// they find call it before each decode; on a zero record it costs a few nanoseconds, and nothing where the library leaves
// nothing.
type Cleaner struct {
	typ  *access.Type
	root *cleaning
}

// A cleaning is what is to be done to values of a type.
type cleaning struct{ steps []step }

// A step cleans a part of a value.
type step struct {
	do       action
	offset   uintptr
	size     uintptr   // of what is made zero, in bytes or in words, or of an element
	pointers []uintptr // where pointers are in what is made zero, from offset
	typ      *access.Type
	elem     *cleaning // of an array
}

// An action is how a part is cleaned.
type action uint8

const (
	zero     action = iota // bytes without pointers
	zeroAll                // whole words, with pointers
	truncate               // an array or bytes, whose elements need nothing
	empty                  // an array, whose elements are cleaned
	entries                // of a map, which are removed
)

// word is the size of a pointer. What is kept, an array, bytes or a map, begins and ends at a multiple of it, and a type that
// has pointers is some words long: so nothing is lost if what has pointers between is made zero by the word.
const word = bits.UintSize / 8

// NewCleaner returns a Cleaner of records of type t for a library that leaves what is said.
func NewCleaner(t *access.Type, leaves Remainder) *Cleaner {
	return &Cleaner{t, planner{leaves, map[*access.Type]*cleaning{}}.plan(t)}
}

// A planner plans cleanings. It holds those of the types it has met, finished or not: a record may be inside itself.
type planner struct {
	leaves Remainder
	done   map[*access.Type]*cleaning
}

func (p planner) plan(t *access.Type) *cleaning {
	if c := p.done[t]; c != nil {
		return c
	}
	c := &cleaning{}
	p.done[t] = c
	p.add(c, 0, t)
	for i := range c.steps {
		if s := &c.steps[i]; s.do == zeroAll {
			end := (s.offset + s.size + word - 1) / word * word
			s.offset = s.offset / word * word
			s.size = (end - s.offset) / word
			for i := range s.pointers {
				s.pointers[i] -= s.offset
			}
		}
	}
	return c
}

// add adds the steps that clean a value of type t at offset.
func (p planner) add(c *cleaning, offset uintptr, t *access.Type) {
	switch {
	case t.Kind == schemas.Record && t.Form == access.Plain:
		for _, f := range t.Fields {
			p.add(c, offset+f.Offset, f.Type)
		}
	case t.Kind == schemas.Array && p.leftIn(t.Elem) && (p.leaves == Anything || !t.Elem.Kind.Scalar()):
		c.steps = append(c.steps, step{do: empty, offset: offset, typ: t, size: t.Elem.Size, elem: p.plan(t.Elem)})
	case t.Kind == schemas.Array && p.leaves >= Elements, t.Kind == schemas.Bytes && p.leaves >= Fields:
		c.steps = append(c.steps, step{do: truncate, offset: offset})
	case t.Kind == schemas.Map:
		c.steps = append(c.steps, step{do: entries, offset: offset, typ: t})
	case t.Size > 0 && p.leftIn(t):
		c.zero(offset, t)
	}
}

// zero adds a step that makes the value of type t at offset zero, or makes the last one go on: nothing lies between but
// padding.
func (c *cleaning) zero(offset uintptr, t *access.Type) {
	if n := len(c.steps); n == 0 || c.steps[n-1].do > zeroAll {
		c.steps = append(c.steps, step{offset: offset})
	}
	last := &c.steps[len(c.steps)-1]
	last.size = offset + t.Size - last.offset
	if !isFlat(t) {
		last.do = zeroAll
		last.pointers = append(last.pointers, offset+pointerIn(t))
	}
}

// isFlat reports whether values of t hold no pointers.
func isFlat(t *access.Type) bool { return t.Kind < schemas.Bytes || t.Kind == schemas.Fixed }

// pointerIn returns where the pointer is in a value of t, which is a string, a pointer or an any: a type, which is not
// collected, and a pointer.
func pointerIn(t *access.Type) uintptr {
	if t.Go.Kind() == reflect.Interface {
		return word
	}
	return 0
}

// leftIn reports whether the library leaves something in a value of type t.
func (p planner) leftIn(t *access.Type) bool {
	return p.leaves >= Fields && t.Kind != schemas.Null || p.holdsRoom(t, map[*access.Type]bool{})
}

// holdsRoom reports whether a value of type t has a map or a general union in it, or an array that the library leaves.
func (p planner) holdsRoom(t *access.Type, seen map[*access.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	return t.Kind == schemas.Array && p.leaves >= Elements || t.Kind == schemas.Map || t.Form == access.Dynamic ||
		t.Elem != nil && p.holdsRoom(t.Elem, seen) ||
		slices.ContainsFunc(t.Fields, func(f access.Field) bool { return p.holdsRoom(f.Type, seen) })
}

// Clean cleans the record that v points to. It fails if v is no record of the Cleaner's type.
func (c *Cleaner) Clean(v any) error {
	r, err := c.typ.Ref(v)
	if err != nil {
		return err
	}
	c.root.clean(r, 1, 0)
	return nil
}

// clean cleans count values that lie stride bytes apart, the first at r.
func (c *cleaning) clean(r access.Ref, count int, stride uintptr) {
	for i := range c.steps {
		s := &c.steps[i]
		at := r.At(s.offset)
		switch s.do {
		case zeroAll:
			at.Zero(int(s.size), s.pointers, count, stride)
		case truncate:
			at.Truncate(count, stride)
		default:
			for i := range uintptr(count) {
				s.clean(at.At(i * stride))
			}
		}
	}
}

func (s *step) clean(r access.Ref) {
	switch s.do {
	case zero:
		clear(r.Fixed(int(s.size)))
	case empty:
		s.elem.empty(r, s.size)
	case entries:
		s.typ.ClearMap(r)
	}
}

// empty cleans all elements that the array at r has room for, since a library may use any of them again as it finds
// them, and leaves none.
func (c *cleaning) empty(r access.Ref, size uintptr) {
	n := r.Room()
	if n == 0 {
		return
	}
	r.Truncate(1, 0)
	first, _ := r.Slice()
	c.clean(first, n, size)
}
