package codecs

import (
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Cleaner takes out of a used record what a library would leave in it, and keeps the memory that the library can use
// again: arrays lose their elements but not their room, maps their entries. Wrappers of libraries that decode into what
// they find call it before each decode; on a zero record it costs a few nanoseconds.
type Cleaner struct {
	typ   *access.Type
	whole bool
	holds map[*access.Type]bool // types that hold arrays or maps, or bytes that are to be emptied
}

// NewCleaner returns a Cleaner of records of type t. If whole is set all of a record is cleaned, for libraries that
// leave fields which the input does not mention; else only arrays and maps are, for libraries that overwrite the rest.
func NewCleaner(t *access.Type, whole bool) *Cleaner {
	c := &Cleaner{typ: t, whole: whole, holds: map[*access.Type]bool{}}
	for n := -1; n < len(c.holds); { // recursive types need another look
		n = len(c.holds)
		c.note(t, map[*access.Type]bool{})
	}
	return c
}

// note notes which of t and the types below it hold what is to be cleaned, and reports whether t does.
func (c *Cleaner) note(t *access.Type, seen map[*access.Type]bool) bool {
	if seen[t] {
		return c.holds[t]
	}
	seen[t] = true
	h := t.Kind == schemas.Array || t.Kind == schemas.Map || t.Kind == schemas.Bytes && c.whole
	h = h || t.Form == access.Dynamic // a library may decode into what the any holds
	for _, f := range t.Fields {
		h = c.note(f.Type, seen) || h
	}
	for _, b := range t.Branches {
		h = c.note(b, seen) || h
	}
	if t.Elem != nil {
		c.note(t.Elem, seen)
	}
	if h {
		c.holds[t] = true
	}
	return h
}

// Clean cleans the record that v points to. It fails if v is no record of the Cleaner's type.
func (c *Cleaner) Clean(v any) error {
	r, err := c.typ.Ref(v)
	if err != nil {
		return err
	}
	c.clean(c.typ, r)
	return nil
}

func (c *Cleaner) clean(t *access.Type, r access.Ref) {
	switch {
	case !c.holds[t]:
		if c.whole {
			zero(t, r)
		}
	case t.Kind == schemas.Record && t.Form == access.Plain:
		for i := range t.Fields {
			c.clean(t.Fields[i].Type, r.At(t.Fields[i].Offset))
		}
	case t.Kind == schemas.Bytes:
		r.SetBytes(r.Bytes()[:0])
	case t.Kind == schemas.Array:
		c.empty(t, r)
	case t.Kind == schemas.Map:
		if t.MapLen(r) > 0 {
			t.Value(r).Clear()
		}
	default:
		zero(t, r)
	}
}

// empty cleans all elements that the array at r has room for, since a library may use any of them again as it finds
// them, and leaves none.
func (c *Cleaner) empty(t *access.Type, r access.Ref) {
	v := t.Value(r)
	if v.Cap() == 0 {
		return
	}
	first, _ := r.Slice()
	if c.whole || c.holds[t.Elem] {
		for i := range v.Cap() {
			c.clean(t.Elem, first.At(uintptr(i)*t.Elem.Size))
		}
	}
	v.SetLen(0)
}

// zero makes the value at r the zero value of its type. Scalars go without reflection.
func zero(t *access.Type, r access.Ref) {
	switch t.Kind {
	case schemas.Null:
	case schemas.Boolean:
		r.SetBool(false)
	case schemas.Int:
		r.SetInt(0)
	case schemas.Long:
		r.SetLong(0)
	case schemas.Float:
		r.SetFloat(0)
	case schemas.Double:
		r.SetDouble(0)
	case schemas.String, schemas.Enum:
		r.SetText("")
	default:
		t.Clear(r)
	}
}
