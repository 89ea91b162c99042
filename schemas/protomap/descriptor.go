package protomap

import (
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/wirecost/wirecost/schemas"
)

var scalars = map[schemas.Kind]descriptorpb.FieldDescriptorProto_Type{
	schemas.Boolean: descriptorpb.FieldDescriptorProto_TYPE_BOOL,
	schemas.Int:     descriptorpb.FieldDescriptorProto_TYPE_INT32,
	schemas.Long:    descriptorpb.FieldDescriptorProto_TYPE_INT64,
	schemas.Float:   descriptorpb.FieldDescriptorProto_TYPE_FLOAT,
	schemas.Double:  descriptorpb.FieldDescriptorProto_TYPE_DOUBLE,
	schemas.Bytes:   descriptorpb.FieldDescriptorProto_TYPE_BYTES,
	schemas.Fixed:   descriptorpb.FieldDescriptorProto_TYPE_BYTES,
	schemas.String:  descriptorpb.FieldDescriptorProto_TYPE_STRING,
}

// Descriptor returns f as protoc would describe it.
func (f *File) Descriptor() *descriptorpb.FileDescriptorProto {
	d := &descriptorpb.FileDescriptorProto{Name: &f.Path, Package: &f.Package, Syntax: proto.String("proto3")}
	for _, m := range f.Messages {
		d.MessageType = append(d.MessageType, f.describe(m))
	}
	for _, e := range f.Enums {
		ed := &descriptorpb.EnumDescriptorProto{Name: &e.Name}
		for i, v := range e.Values {
			ed.Value = append(ed.Value, &descriptorpb.EnumValueDescriptorProto{Name: &v, Number: proto.Int32(int32(i))})
		}
		d.EnumType = append(d.EnumType, ed)
	}
	return d
}

// A describer makes the descriptor of a message. Oneofs that stand for optional come behind the others.
type describer struct {
	file     *File
	message  *descriptorpb.DescriptorProto
	optional []*descriptorpb.FieldDescriptorProto
	taken    map[string]bool
}

func (f *File) describe(m *Message) *descriptorpb.DescriptorProto {
	d := &describer{f, &descriptorpb.DescriptorProto{Name: &m.Name}, nil, map[string]bool{}}
	for i := range m.Slots {
		d.slot(m, &m.Slots[i])
	}
	for _, field := range d.optional {
		d.synthetic(field)
	}
	return d.message
}

func (d *describer) slot(m *Message, s *Slot) {
	switch s.Form {
	case Plain:
		d.field(s.Name, s.Number, s.Value)
	case Optional:
		field := d.field(s.Name, s.Number, s.Value)
		field.Proto3Optional = proto.Bool(true)
		d.optional = append(d.optional, field)
	case Repeated:
		d.field(s.Name, s.Number, s.Value).Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	case Map:
		d.mapField(m, s)
	case OneOf:
		d.taken[s.Name] = true
		d.message.OneofDecl = append(d.message.OneofDecl, &descriptorpb.OneofDescriptorProto{Name: &s.Name})
		for _, c := range s.Cases {
			if c.Name != "" {
				d.field(c.Name, c.Number, c.Value).OneofIndex = proto.Int32(int32(len(d.message.OneofDecl) - 1))
			}
		}
	}
}

// field adds a field for a single value.
func (d *describer) field(name string, number int32, v Value) *descriptorpb.FieldDescriptorProto {
	field := d.file.field(name, number, v)
	d.message.Field = append(d.message.Field, field)
	d.taken[name] = true
	return field
}

func (f *File) field(name string, number int32, v Value) *descriptorpb.FieldDescriptorProto {
	field := &descriptorpb.FieldDescriptorProto{Name: &name, Number: &number, Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()}
	switch {
	case v.Message != nil:
		field.Type = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum()
		field.TypeName = proto.String("." + f.Package + "." + v.Message.Name)
	case v.Enum != nil:
		field.Type = descriptorpb.FieldDescriptorProto_TYPE_ENUM.Enum()
		field.TypeName = proto.String("." + f.Package + "." + v.Enum.Name)
	default:
		field.Type = scalars[v.Node.Kind].Enum()
	}
	return field
}

func (d *describer) mapField(m *Message, s *Slot) {
	key := &Value{Node: &schemas.Node{Kind: schemas.String}}
	d.message.NestedType = append(d.message.NestedType, &descriptorpb.DescriptorProto{
		Name:    &s.Entry,
		Field:   []*descriptorpb.FieldDescriptorProto{d.file.field("key", 1, *key), d.file.field("value", 2, s.Value)},
		Options: &descriptorpb.MessageOptions{MapEntry: proto.Bool(true)},
	})
	field := d.field(s.Name, s.Number, s.Value)
	field.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
	field.Type = descriptorpb.FieldDescriptorProto_TYPE_MESSAGE.Enum()
	field.TypeName = proto.String("." + d.file.Package + "." + m.Name + "." + s.Entry)
	d.taken[s.Entry] = true
}

// synthetic adds the oneof that protobuf's descriptors have for an optional field, named as protoc names it.
func (d *describer) synthetic(field *descriptorpb.FieldDescriptorProto) {
	name := "_" + field.GetName()
	for d.taken[name] {
		name = "X" + name
	}
	d.taken[name] = true
	field.OneofIndex = proto.Int32(int32(len(d.message.OneofDecl)))
	d.message.OneofDecl = append(d.message.OneofDecl, &descriptorpb.OneofDescriptorProto{Name: &name})
}
