package protobuf

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// at puts where in front of err's place.
func at(where string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", where, err)
}

// fill fills the empty message dst from what is at r.
func (m *message) fill(dst protoreflect.Message, r access.Ref) error {
	for i := range m.slots {
		s := &m.slots[i]
		if err := s.fill(dst, r.At(s.offset)); err != nil {
			return at(s.Name, err)
		}
	}
	return nil
}

func (s *slot) fill(dst protoreflect.Message, r access.Ref) error {
	switch s.Form {
	case protomap.Plain:
		return s.value.set(dst, s.field, r)
	case protomap.Optional:
		if i, v := s.typ.Branch(r); i != s.typ.Null {
			return s.value.set(dst, s.field, v)
		}
	case protomap.OneOf:
		i, v := s.typ.Branch(r)
		switch {
		case i < 0:
			return fmt.Errorf("a %T is none of the union's branches", r.Any())
		case i != s.typ.Null:
			return s.cases[i].set(dst, s.fields[i], v)
		}
	case protomap.Repeated, protomap.Map:
		if s.coll != s.typ {
			i, v := s.typ.Branch(r)
			if i == s.typ.Null {
				return nil
			}
			r = v
		}
		if s.Form == protomap.Repeated {
			return s.fillList(dst, r)
		}
		return s.fillMap(dst, r)
	}
	return nil
}

func (s *slot) fillList(dst protoreflect.Message, r access.Ref) error {
	first, n := r.Slice()
	if n == 0 {
		return nil
	}
	list := dst.Mutable(s.field).List()
	for i := range n {
		v, err := s.value.of(first.At(uintptr(i)*s.coll.Elem.Size), list.NewElement)
		if err != nil {
			return at(fmt.Sprintf("[%d]", i), err)
		}
		list.Append(v)
	}
	return nil
}

func (s *slot) fillMap(dst protoreflect.Message, r access.Ref) error {
	var e access.Entries
	e.Load(s.coll, r)
	if e.Len() == 0 {
		return nil
	}
	entries := dst.Mutable(s.field).Map()
	for i, key := range e.Keys {
		v, err := s.value.of(e.Value(i), entries.NewValue)
		if err != nil {
			return at(fmt.Sprintf("{%s}", key), err)
		}
		entries.Set(protoreflect.ValueOfString(key).MapKey(), v)
	}
	return nil
}

// set sets a field of dst to what is at r.
func (v *value) set(dst protoreflect.Message, field protoreflect.FieldDescriptor, r access.Ref) error {
	x, err := v.of(r, func() protoreflect.Value { return dst.NewField(field) })
	if err != nil {
		return err
	}
	dst.Set(field, x)
	return nil
}

// of returns what is at r as protobuf has it. Fresh makes an empty message.
func (v *value) of(r access.Ref, fresh func() protoreflect.Value) (protoreflect.Value, error) {
	if v.message == nil {
		return scalar(v.typ, r)
	}
	if r = v.typ.Unbox(r); r.Nil() {
		return protoreflect.Value{}, errors.New("the place of a record holds none")
	}
	x := fresh()
	return x, v.message.fill(x.Message(), r)
}

func scalar(t *access.Type, r access.Ref) (protoreflect.Value, error) {
	switch t.Kind {
	case schemas.Boolean:
		return protoreflect.ValueOfBool(r.Bool()), nil
	case schemas.Int:
		return protoreflect.ValueOfInt32(r.Int()), nil
	case schemas.Long:
		return protoreflect.ValueOfInt64(r.Long()), nil
	case schemas.Float:
		return protoreflect.ValueOfFloat32(r.Float()), nil
	case schemas.Double:
		return protoreflect.ValueOfFloat64(r.Double()), nil
	case schemas.String:
		return protoreflect.ValueOfString(r.Text()), nil
	case schemas.Bytes:
		return protoreflect.ValueOfBytes(bytes.Clone(r.Bytes())), nil
	case schemas.Fixed:
		return protoreflect.ValueOfBytes(bytes.Clone(r.Fixed(t.Node.Size))), nil
	}
	i := slices.Index(t.Node.Symbols, r.Text())
	if i < 0 {
		return protoreflect.Value{}, fmt.Errorf("%q is no symbol of %s", r.Text(), t.Node.Name)
	}
	return protoreflect.ValueOfEnum(protoreflect.EnumNumber(i)), nil
}
