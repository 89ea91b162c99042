package avro

import (
	"fmt"
	"reflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A shape is a type of the schema beside the Go type that a taggedCodec has in its place.
type shape struct {
	typ    *access.Type
	native reflect.Type
	same   bool     // the two are one: no general union is inside
	parts  []*shape // fields, or the one type of elements, values or what a pointer points to
}

func shapeOf(t *access.Type, f form, seen map[*access.Type]*shape) *shape {
	if s := seen[t]; s != nil {
		return s
	}
	s := &shape{typ: t, native: t.Go, same: true}
	seen[t] = s
	switch {
	case t.Form == access.Dynamic:
		s.native, s.same = f.place, false
	case t.Kind == schemas.Null:
		s.native, s.same = f.null, f.null == t.Go
	case t.Form == access.Optional:
		s.add(t.Elem, f, seen)
		s.wrap(reflect.PointerTo)
	case t.Kind == schemas.Array:
		s.add(t.Elem, f, seen)
		s.wrap(reflect.SliceOf)
	case t.Kind == schemas.Map:
		s.add(t.Elem, f, seen)
		s.wrap(func(elem reflect.Type) reflect.Type { return reflect.MapOf(reflect.TypeFor[string](), elem) })
	case t.Kind == schemas.Record:
		s.record(f, seen)
	}
	return s
}

func (s *shape) add(t *access.Type, f form, seen map[*access.Type]*shape) {
	part := shapeOf(t, f, seen)
	s.parts = append(s.parts, part)
	s.same = s.same && part.same
}

func (s *shape) wrap(in func(reflect.Type) reflect.Type) {
	if s.parts[0].native != s.parts[0].typ.Go {
		s.native = in(s.parts[0].native)
	}
}

func (s *shape) record(f form, seen map[*access.Type]*shape) {
	for _, field := range s.typ.Fields {
		s.add(field.Type, f, seen)
	}
	fields, changed := make([]reflect.StructField, s.typ.Go.NumField()), false
	for i := range fields {
		f := s.typ.Go.Field(i)
		fields[i] = reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag}
	}
	for i, f := range s.typ.Fields {
		changed = changed || s.parts[i].native != f.Type.Go
		fields[f.Schema.Index].Type = s.parts[i].native
	}
	if changed {
		s.native = reflect.StructOf(fields)
	}
}

// from makes dst, which is zero, what the schema's value at r says in the forms of f. What has no union inside it
// shares the memory of r.
func (s *shape) from(f form, dst reflect.Value, r access.Ref) error {
	switch {
	case s.same:
		dst.Set(s.typ.Value(r))
		return nil
	case s.typ.Kind == schemas.Null:
		return nil
	case s.typ.Form == access.Dynamic:
		return s.fromUnion(f, dst, r)
	case s.typ.Form == access.Optional:
		if r = r.Deref(); r.Nil() {
			return nil
		}
		dst.Set(reflect.New(s.parts[0].native))
		return s.parts[0].from(f, dst.Elem(), r)
	case s.typ.Kind == schemas.Array:
		return s.fromArray(f, dst, r)
	case s.typ.Kind == schemas.Map:
		return s.fromMap(f, dst, r)
	}
	for i, field := range s.typ.Fields {
		if err := s.parts[i].from(f, dst.Field(field.Schema.Index), r.At(field.Offset)); err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return nil
}

func (s *shape) fromUnion(f form, dst reflect.Value, r access.Ref) error {
	name, v, err := f.branchOf(s.typ, r)
	if err == nil && name != "" {
		dst.Set(reflect.ValueOf(map[string]any{name: v}))
	}
	return err
}

func (s *shape) fromArray(f form, dst reflect.Value, r access.Ref) error {
	first, n := r.Slice()
	dst.Set(reflect.MakeSlice(s.native, n, n))
	for i := range n {
		if err := s.parts[0].from(f, dst.Index(i), first.At(uintptr(i)*s.typ.Elem.Size)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

func (s *shape) fromMap(f form, dst reflect.Value, r access.Ref) error {
	var e access.Entries
	e.Load(s.typ, r)
	dst.Set(reflect.MakeMapWithSize(s.native, e.Len()))
	for i, key := range e.Keys {
		v := reflect.New(s.native.Elem()).Elem()
		if err := s.parts[0].from(f, v, e.Value(i)); err != nil {
			return fmt.Errorf("{%s}: %w", key, err)
		}
		dst.SetMapIndex(reflect.ValueOf(key), v)
	}
	return nil
}

// to makes the schema's value at r, which is zero, what src says in the forms of f.
func (s *shape) to(f form, r access.Ref, src reflect.Value) error {
	switch {
	case s.same:
		s.typ.Value(r).Set(src)
		return nil
	case s.typ.Kind == schemas.Null:
		return nil
	case s.typ.Form == access.Dynamic:
		return s.toUnion(f, r, src)
	case s.typ.Form == access.Optional:
		if src.IsNil() {
			return nil
		}
		return s.parts[0].to(f, s.typ.SetBranch(r, 1-s.typ.Null), src.Elem())
	case s.typ.Kind == schemas.Array:
		return s.toArray(f, r, src)
	case s.typ.Kind == schemas.Map:
		return s.toMap(f, r, src)
	}
	for i, field := range s.typ.Fields {
		if err := s.parts[i].to(f, r.At(field.Offset), src.Field(field.Schema.Index)); err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return nil
}

func (s *shape) toUnion(f form, r access.Ref, src reflect.Value) error {
	m, _ := src.Interface().(map[string]any)
	i, v, err := f.named(s.typ, m)
	if err != nil {
		return err
	}
	return f.setBranch(s.typ, r, i, v)
}

func (s *shape) toArray(f form, r access.Ref, src reflect.Value) error {
	first := s.typ.MakeSlice(r, src.Len())
	for i := range src.Len() {
		if err := s.parts[0].to(f, first.At(uintptr(i)*s.typ.Elem.Size), src.Index(i)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

func (s *shape) toMap(f form, r access.Ref, src reflect.Value) error {
	s.typ.MakeMap(r, src.Len())
	for it := src.MapRange(); it.Next(); {
		v := s.typ.Elem.Alloc()
		if err := s.parts[0].to(f, v, it.Value()); err != nil {
			return fmt.Errorf("{%s}: %w", it.Key(), err)
		}
		s.typ.Put(r, it.Key().String(), v)
	}
	return nil
}
