package protobuf

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// A message says how the struct of a record, or what a wrapper is around, and a message correspond.
type message struct {
	typ   *access.Type
	desc  protoreflect.MessageDescriptor
	slots []slot
}

// A slot says the same of one place. Offset is that of the place in the record.
type slot struct {
	*protomap.Slot
	offset uintptr
	typ    *access.Type                   // of the place
	coll   *access.Type                   // of the array or map, which may be optional
	field  protoreflect.FieldDescriptor   // nil for Nothing and OneOf
	oneof  protoreflect.OneofDescriptor   // nil but for OneOf
	value  value                          // Plain, Optional, an element, a map's value
	cases  []value                        // of a OneOf, by branch
	fields []protoreflect.FieldDescriptor // of the cases
}

// A value says it of a single value.
type value struct {
	typ     *access.Type
	message *message // nil for scalars
}

// newPlan returns how structs of type t and messages described by desc correspond.
func newPlan(s *schemas.Schema, t *access.Type, desc protoreflect.MessageDescriptor) (*message, error) {
	p := planner{done: map[*protomap.Message]*message{}}
	plan := p.message(protomap.Of(s, "").Root, t, desc)
	if p.missing != "" {
		return nil, fmt.Errorf("%s: the message %s has no field for %s: it was generated from another schema", s.Name, desc.FullName(), p.missing)
	}
	return plan, nil
}

type planner struct {
	done    map[*protomap.Message]*message
	missing string
}

func (p *planner) message(pm *protomap.Message, t *access.Type, desc protoreflect.MessageDescriptor) *message {
	if m := p.done[pm]; m != nil {
		return m
	}
	if t.Form == access.Box {
		t = t.Elem
	}
	m := &message{typ: t, desc: desc, slots: make([]slot, len(pm.Slots))}
	p.done[pm] = m
	for i := range pm.Slots {
		s := &m.slots[i]
		s.Slot, s.typ = &pm.Slots[i], t
		if pm.Record != nil {
			s.typ, s.offset = t.Fields[i].Type, t.Fields[i].Offset
		}
		p.slot(s, desc)
	}
	return m
}

func (p *planner) slot(s *slot, desc protoreflect.MessageDescriptor) {
	_, nullable := s.Node.Nullable()
	held := s.typ
	if nullable {
		held = s.typ.Elem
	}
	switch s.Form {
	case protomap.Plain, protomap.Optional:
		s.field = p.field(desc, s.Name, s.Number)
		s.value = p.value(s.Value, held, s.field)
	case protomap.Repeated:
		s.coll, s.field = held, p.field(desc, s.Name, s.Number)
		s.value = p.value(s.Value, held.Elem, s.field)
	case protomap.Map:
		s.coll, s.field = held, p.field(desc, s.Name, s.Number)
		if s.field != nil && s.field.IsMap() {
			s.value = p.value(s.Value, held.Elem, s.field.MapValue())
		}
	case protomap.OneOf:
		s.cases = make([]value, len(s.Cases))
		s.fields = make([]protoreflect.FieldDescriptor, len(s.Cases))
		for i, c := range s.Cases {
			if c.Name == "" {
				continue
			}
			s.fields[i] = p.field(desc, c.Name, c.Number)
			s.cases[i] = p.value(c.Value, s.typ.Branches[i], s.fields[i])
			if s.fields[i] != nil {
				s.oneof = s.fields[i].ContainingOneof()
			}
		}
	}
}

// field returns the field of desc with a number; it notes if there is none.
func (p *planner) field(desc protoreflect.MessageDescriptor, name string, number int32) protoreflect.FieldDescriptor {
	f := desc.Fields().ByNumber(protoreflect.FieldNumber(number))
	if f == nil || string(f.Name()) != name {
		p.missing = name
		return nil
	}
	return f
}

func (p *planner) value(v protomap.Value, t *access.Type, f protoreflect.FieldDescriptor) value {
	if v.Message == nil || f == nil || f.Message() == nil {
		return value{typ: t}
	}
	return value{t, p.message(v.Message, t, f.Message())}
}
