package protobuf

import (
	"bytes"
	"errors"
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// read makes what is at r what src says, whatever it was.
func (m *message) read(r access.Ref, src protoreflect.Message) error {
	for i := range m.slots {
		s := &m.slots[i]
		if err := s.read(r.At(s.offset), src); err != nil {
			return at(s.Name, err)
		}
	}
	return nil
}

func (s *slot) read(r access.Ref, src protoreflect.Message) error {
	switch s.Form {
	case protomap.Nothing:
		s.typ.Clear(r)
	case protomap.Plain:
		if s.value.message != nil && !src.Has(s.field) {
			return errors.New("the message is missing")
		}
		return s.value.read(r, src.Get(s.field))
	case protomap.Optional:
		if !src.Has(s.field) {
			s.typ.SetBranch(r, s.typ.Null)
			return nil
		}
		return s.value.read(s.typ.SetBranch(r, 1-s.typ.Null), src.Get(s.field))
	case protomap.OneOf:
		return s.readOneOf(r, src)
	case protomap.Repeated:
		return s.readList(r, src.Get(s.field).List())
	case protomap.Map:
		return s.readMap(r, src.Get(s.field).Map())
	}
	return nil
}

// collection returns the address of the array or map at r, which is to get n members, Nil if it is to be null.
func (s *slot) collection(r access.Ref, n int) access.Ref {
	switch {
	case s.coll == s.typ:
		return r
	case n == 0:
		return s.typ.SetBranch(r, s.typ.Null)
	}
	return s.typ.SetBranch(r, 1-s.typ.Null)
}

func (s *slot) readList(r access.Ref, list protoreflect.List) error {
	if r = s.collection(r, list.Len()); r.Nil() {
		return nil
	}
	first := s.coll.MakeSlice(r, list.Len())
	for i := range list.Len() {
		if err := s.value.read(first.At(uintptr(i)*s.coll.Elem.Size), list.Get(i)); err != nil {
			return at(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func (s *slot) readMap(r access.Ref, entries protoreflect.Map) error {
	if r = s.collection(r, entries.Len()); r.Nil() {
		return nil
	}
	s.coll.MakeMap(r, entries.Len())
	var err error
	entries.Range(func(key protoreflect.MapKey, x protoreflect.Value) bool {
		v := s.coll.Elem.Alloc()
		if err = s.value.read(v, x); err != nil {
			err = at(fmt.Sprintf("{%s}", key.String()), err)
			return false
		}
		s.coll.Put(r, key.String(), v)
		return true
	})
	return err
}

func (s *slot) readOneOf(r access.Ref, src protoreflect.Message) error {
	field := src.WhichOneof(s.oneof)
	if field == nil {
		if s.typ.Null < 0 {
			return errors.New("the union holds no branch")
		}
		s.typ.SetBranch(r, s.typ.Null)
		return nil
	}
	for i, f := range s.fields {
		if f != nil && f.Number() == field.Number() {
			return s.cases[i].read(s.typ.SetBranch(r, i), src.Get(field))
		}
	}
	return nil
}

// read makes what is at r what x says.
func (v *value) read(r access.Ref, x protoreflect.Value) error {
	if v.message == nil {
		return setScalar(v.typ, r, x)
	}
	return v.message.read(v.typ.MakeBox(r), x.Message())
}

func setScalar(t *access.Type, r access.Ref, x protoreflect.Value) error {
	switch t.Kind {
	case schemas.Boolean:
		r.SetBool(x.Bool())
	case schemas.Int:
		r.SetInt(int32(x.Int()))
	case schemas.Long:
		r.SetLong(x.Int())
	case schemas.Float:
		r.SetFloat(float32(x.Float()))
	case schemas.Double:
		r.SetDouble(x.Float())
	case schemas.String:
		r.SetText(x.String())
	case schemas.Bytes:
		r.SetBytes(bytes.Clone(x.Bytes()))
	case schemas.Fixed:
		if n := len(x.Bytes()); n != t.Node.Size {
			return fmt.Errorf("%d bytes for a fixed of %d", n, t.Node.Size)
		}
		copy(r.Fixed(t.Node.Size), x.Bytes())
	case schemas.Enum:
		i := int(x.Enum())
		if i < 0 || i >= len(t.Node.Symbols) {
			return fmt.Errorf("%d is no number of %s", i, t.Node.Name)
		}
		r.SetText(t.Node.Symbols[i])
	}
	return nil
}
