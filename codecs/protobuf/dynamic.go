package protobuf

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// Dynamic is the Go implementation of protobuf with messages made from a descriptor, as programs use that learn the
// schema when they run.
//
// Note: it encodes with Deterministic. A dynamic message keeps its fields in a Go map, so that without it even the order
// of fields is random, and no two encodings of a record are equal.
var Dynamic = codecs.Format{
	Name:    "protobuf-dynamic",
	Doc:     "google.golang.org/protobuf, dynamicpb: messages made at run time, much slower than generated ones",
	Module:  goProtobuf,
	Loses:   []codecs.Loss{codecs.NullEmpty},
	Sparse:  true,
	Inexact: true, // what is sorted is pooled
	New:     openDynamic,
}

type dynamicCodec struct {
	schema *schemas.Schema
	typ    *access.Type
	desc   protoreflect.MessageDescriptor
	plan   *message
}

func openDynamic(s *schemas.Schema) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	f := protomap.Of(s, "")
	file, err := protodesc.NewFile(f.Descriptor(), nil)
	if err != nil {
		return nil, fmt.Errorf("%s: %v: %w", s.Name, err, schemas.ErrUnsupported)
	}
	desc := file.Messages().ByName(protoreflect.Name(f.Root.Name))
	plan, err := newPlan(s, t, desc)
	if err != nil {
		return nil, err
	}
	return &dynamicCodec{s, t, desc, plan}, nil
}

// message returns v as the message that it must be. One made by another codec of the schema has a descriptor of its own,
// and will do: the subtasks of an exchange have a codec each.
func (c *dynamicCodec) message(v any) (*dynamicpb.Message, error) {
	m, ok := v.(*dynamicpb.Message)
	if !ok || m == nil || m.Descriptor().FullName() != c.desc.FullName() {
		return nil, fmt.Errorf("a message of %s is a *dynamicpb.Message of %s, not a %T", c.schema.Name, c.desc.FullName(), v)
	}
	return m, nil
}

// own returns v as a message that was made by c, whose fields c can therefore set and get.
func (c *dynamicCodec) own(v any) (*dynamicpb.Message, error) {
	m, err := c.message(v)
	if err == nil && m.Descriptor() != c.desc {
		err = fmt.Errorf("a message of %s that another codec made", c.schema.Name)
	}
	return m, err
}

func (c *dynamicCodec) Append(dst []byte, v any) ([]byte, error) {
	m, err := c.message(v)
	if err != nil {
		return dst, err
	}
	out, err := proto.MarshalOptions{Deterministic: true}.MarshalAppend(dst, m)
	if err != nil {
		return dst, err
	}
	return out, nil
}

// Decode reads src into v.
//
// Note: the library panics on an entry of a map with a second key that is no string ("cannot convert nil to map key", in
// v1.36.12). Generated messages do not go that way.
func (c *dynamicCodec) Decode(src []byte, v any) (err error) {
	m, err := c.message(v)
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the library panics: %v", p)
		}
	}()
	return proto.Unmarshal(src, m)
}

// NewRecord returns an empty message.
func (c *dynamicCodec) NewRecord() any { return dynamicpb.NewMessage(c.desc) }

// FromStruct fills message dst from a struct.
func (c *dynamicCodec) FromStruct(dst, src any) error {
	m, err := c.own(dst)
	if err != nil {
		return err
	}
	r, err := c.typ.Ref(src)
	if err != nil {
		return err
	}
	proto.Reset(m)
	return c.plan.fill(m, r)
}

// ToStruct fills a struct from message src.
func (c *dynamicCodec) ToStruct(dst, src any) error {
	m, err := c.own(src)
	if err != nil {
		return err
	}
	r, err := c.typ.Ref(dst)
	if err != nil {
		return err
	}
	return c.plan.read(r, m)
}

// Field returns a function that reads the scalar at a path of a message.
func (c *dynamicCodec) Field(path string) (func(any) (access.Value, error), error) {
	return c.plan.getter(path)
}
