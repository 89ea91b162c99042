package protomap

import (
	"strings"

	"github.com/wirecost/wirecost/schemas"
)

// Of returns the protobuf form of s. Its protobuf package is the full name of the root record in lower case, or the
// name given.
func Of(s *schemas.Schema, protoPackage string) *File {
	if protoPackage == "" {
		protoPackage = strings.ToLower(s.Root.Name)
	}
	f := &File{Package: protoPackage, Path: strings.ReplaceAll(protoPackage, ".", "/") + ".proto"}
	b := &builder{file: f, names: fileScope(), messages: map[*schemas.Node]*Message{}, enums: map[*schemas.Node]*Enum{}}
	f.Root = b.record(s.Root)
	return f
}

// A builder makes a File. It has one message for each record and each place that needs a wrapper.
type builder struct {
	file     *File
	names    scope // of the file: messages, enums and, as protobuf has it, the values of enums
	messages map[*schemas.Node]*Message
	enums    map[*schemas.Node]*Enum
}

func (b *builder) message(n, record *schemas.Node, name string) *Message {
	m := &Message{Name: b.names.unique(name), Record: record}
	b.messages[n] = m
	b.file.Messages = append(b.file.Messages, m)
	return m
}

func (b *builder) record(n *schemas.Node) *Message {
	n = n.Record()
	if m := b.messages[n]; m != nil {
		return m
	}
	m := b.message(n, n, typeName(simple(n.Name)))
	s := &slots{builder: b, message: m, names: messageScope(), next: 1}
	for _, f := range n.Fields {
		s.add(f.Name, f.Type)
	}
	return m
}

// wrapper returns the message around n, which stands where protobuf wants a single value.
func (b *builder) wrapper(n *schemas.Node, name string) *Message {
	if m := b.messages[n]; m != nil {
		return m
	}
	m := b.message(n, nil, name)
	content := "value"
	switch n.Kind {
	case schemas.Array:
		content = "items"
	case schemas.Map:
		content = "entries"
	}
	(&slots{builder: b, message: m, names: messageScope(), next: 1}).add(content, n)
	return m
}

func (b *builder) enum(n *schemas.Node) *Enum {
	if e := b.enums[n]; e != nil {
		return e
	}
	name := simple(n.Name)
	e := &Enum{Name: b.names.unique(typeName(name)), Node: n}
	for _, symbol := range n.Symbols {
		e.Values = append(e.Values, b.names.unique(strings.ToUpper(snake(name))+"_"+symbol))
	}
	b.enums[n] = e
	b.file.Enums = append(b.file.Enums, e)
	return e
}

// value returns the form of a single value of n. Hint is the name of a wrapper, if one is needed.
func (b *builder) value(n *schemas.Node, hint string) Value {
	v := Value{Node: n}
	switch n.Kind {
	case schemas.Record:
		v.Message = b.record(n)
	case schemas.Enum:
		v.Enum = b.enum(n)
	case schemas.Union, schemas.Array, schemas.Map, schemas.Null:
		v.Message = b.wrapper(n, hint)
	}
	return v
}

// slots adds slots to a message.
type slots struct {
	*builder
	message *Message
	names   scope
	next    int32 // number
}

// The numbers that protobuf keeps for itself.
const firstReserved, lastReserved = 19000, 19999

// number takes the next field number.
func (s *slots) number() int32 {
	if s.next == firstReserved {
		s.next = lastReserved + 1
	}
	s.next++
	return s.next - 1
}

// add adds the slot of n, which the schema calls name.
func (s *slots) add(name string, n *schemas.Node) {
	i := len(s.message.Slots)
	s.message.Slots = append(s.message.Slots, Slot{})
	slot := Slot{Node: n, Form: formOf(n)}
	hint := s.message.Name + camel(name)
	held, nullable := n.Nullable()
	if !nullable {
		held = n
	}
	switch slot.Form {
	case Nothing:
		s.number()
	case Plain, Optional:
		slot.Name, slot.Number = s.names.unique(name), s.number()
		slot.Value = s.value(held, hint)
	case Repeated:
		slot.Name, slot.Number = s.names.unique(name), s.number()
		slot.Value = s.value(held.Items, hint+"Item")
	case Map:
		slot.Name, slot.Number = s.mapName(name), s.number()
		slot.Entry = camel(slot.Name) + "Entry"
		slot.Value = s.value(held.Items, hint+"Value")
	case OneOf:
		slot.Name = s.names.unique(name)
		slot.Cases = s.cases(n, slot.Name, hint)
	}
	s.message.Slots[i] = slot
}

// mapName takes a name for a map so that the message of its entries, whose name follows from it, has one to itself too.
func (s *slots) mapName(name string) string {
	for {
		got := s.names.unique(name)
		if entry := camel(got) + "Entry"; !s.names.has(entry) {
			s.names.unique(entry)
			return got
		}
	}
}

func (s *slots) cases(n *schemas.Node, name, hint string) []Case {
	cases := make([]Case, len(n.Branches))
	for i, b := range n.Branches {
		if b.Kind == schemas.Null {
			continue
		}
		branch := snake(simple(b.BranchName()))
		cases[i] = Case{s.names.unique(name + "_" + branch), s.number(), s.value(b, hint+camel(branch))}
	}
	return cases
}

func formOf(n *schemas.Node) Form {
	switch n.Kind {
	case schemas.Null:
		return Nothing
	case schemas.Array:
		return Repeated
	case schemas.Map:
		return Map
	case schemas.Union:
		return formOfUnion(n)
	}
	return Plain
}

func formOfUnion(n *schemas.Node) Form {
	if b, ok := n.Nullable(); ok {
		if f := formOf(b); f != Plain {
			return f
		}
		return Optional
	}
	if len(n.Branches) == 0 || len(n.Branches) == 1 && n.NullBranch() == 0 {
		return Nothing
	}
	return OneOf
}
