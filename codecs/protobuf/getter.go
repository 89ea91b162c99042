package protobuf

import (
	"fmt"
	"math"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// getter returns a function that reads the scalar at a path of record fields from a message.
func (m *message) getter(path string) (func(any) (access.Value, error), error) {
	if _, err := access.Getter(m.typ, path); err != nil {
		return nil, err
	}
	var way []protoreflect.FieldDescriptor
	names := strings.Split(path, ".")
	at := m
	for _, name := range names[:len(names)-1] {
		s := at.slot(name)
		way, at = append(way, s.field), s.value.message
	}
	end := at.slot(names[len(names)-1])
	desc := m.desc
	return func(v any) (access.Value, error) {
		pm, ok := v.(proto.Message)
		if !ok {
			return access.Value{}, fmt.Errorf("a %T is no message of %s", v, desc.FullName())
		}
		r := pm.ProtoReflect()
		if r.Descriptor() != desc {
			return access.Value{}, fmt.Errorf("a %T is no message of %s", v, desc.FullName())
		}
		for _, f := range way {
			if !r.Has(f) {
				return access.Value{}, nil
			}
			r = r.Get(f).Message()
		}
		return end.get(r)
	}, nil
}

// slot returns the slot of the record's field called name.
func (m *message) slot(name string) *slot {
	for i := range m.typ.Fields {
		if m.typ.Fields[i].Name == name {
			return &m.slots[i]
		}
	}
	return nil // the path was checked
}

// get reads the scalar that s is in m.
func (s *slot) get(m protoreflect.Message) (access.Value, error) {
	switch s.Form {
	case protomap.Plain:
		return scalarOf(s.value.typ.Node, m.Get(s.field))
	case protomap.Optional:
		if m.Has(s.field) {
			return scalarOf(s.value.typ.Node, m.Get(s.field))
		}
	case protomap.OneOf:
		for i, f := range s.fields {
			if f != nil && m.Has(f) {
				return scalarOf(s.cases[i].typ.Node, m.Get(f))
			}
		}
	}
	return access.Value{}, nil
}

func scalarOf(n *schemas.Node, x protoreflect.Value) (access.Value, error) {
	v := access.Value{Node: n}
	switch n.Kind {
	case schemas.Boolean:
		if x.Bool() {
			v.Num = 1
		}
	case schemas.Int, schemas.Long:
		v.Num = uint64(x.Int())
	case schemas.Float:
		v.Num = uint64(math.Float32bits(float32(x.Float())))
	case schemas.Double:
		v.Num = math.Float64bits(x.Float())
	case schemas.String:
		v.Text = x.String()
	case schemas.Bytes, schemas.Fixed:
		return access.TextValue(n, x.Bytes()), nil
	case schemas.Enum:
		i := int(x.Enum())
		if i < 0 || i >= len(n.Symbols) {
			return v, fmt.Errorf("%d is no number of %s", i, n.Name)
		}
		v.Text = n.Symbols[i]
	default:
		return v, fmt.Errorf("%s has no single value", n.BranchName())
	}
	return v, nil
}
