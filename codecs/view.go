package codecs

import (
	"fmt"
	"reflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A View shows records to a library that would write null as a struct of no fields, which is its Go type. Where the schema
// has a null that is no branch of a union, a record is shown as one of a twin type, with another such struct in its place
// that has the library's methods.
type View struct {
	typ  *access.Type
	twin reflect.Type // nil if the record is shown as it is
}

// NewView returns the View of records of s, which are of type t, with null in place of struct{}.
func NewView(s *schemas.Schema, t *access.Type, null reflect.Type) (View, error) {
	if !Holds(s.Root, schemas.Null) {
		return View{typ: t}, nil
	}
	if path := InUnion(s, schemas.Null); path != "" {
		return View{}, fmt.Errorf("%s: %s: a null inside what a union holds would be written as a struct without fields: %w", s.Name, path, schemas.ErrUnsupported)
	}
	if s.Recursive() {
		return View{}, fmt.Errorf("%s: a null in a record inside itself would be written as a struct without fields: %w", s.Name, schemas.ErrUnsupported)
	}
	return View{t, twinOf(t, null)}, nil
}

// Of returns what the library is to see of the record that v points to, a pointer too. It fails if v is no record of the
// View's type.
func (w View) Of(v any) (any, error) {
	r, err := w.typ.Ref(v)
	if err != nil || w.twin == nil {
		return v, err
	}
	return w.typ.As(r, w.twin), nil
}

func twinOf(t *access.Type, null reflect.Type) reflect.Type {
	switch {
	case t.Kind == schemas.Null:
		return null
	case t.Form == access.Optional:
		return reflect.PointerTo(twinOf(t.Elem, null))
	case t.Kind == schemas.Array:
		return reflect.SliceOf(twinOf(t.Elem, null))
	case t.Kind == schemas.Map:
		return reflect.MapOf(t.Go.Key(), twinOf(t.Elem, null))
	case t.Kind == schemas.Record && Holds(t.Node, schemas.Null):
		return structTwin(t, null)
	}
	return t.Go
}

func structTwin(t *access.Type, null reflect.Type) reflect.Type {
	fields := make([]reflect.StructField, t.Go.NumField())
	for i := range fields {
		f := t.Go.Field(i)
		fields[i] = reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag}
	}
	for _, f := range t.Fields {
		fields[f.Schema.Index].Type = twinOf(f.Type, null)
	}
	return reflect.StructOf(fields)
}
