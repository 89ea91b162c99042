package protobuf

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

// Kryo is what Flink writes of a message that protoc generates for Java, where the class is registered with chill-protobuf's
// ProtobufSerializer, as Flink's documentation has it: the message behind its class, a mark and its length, the same in 1.20 and 2.x.
//
//	57        the class: 2 more than its id, 85, the first behind those that Flink registers itself
//	01        an object that did not occur before
//	varint    how many bytes the message takes
//
// Source: KryoSerializer of flink-core, Kryo's writeClassAndObject, and ProtobufSerializer of chill-protobuf 0.7.6.
var Kryo = codecs.Format{
	Name:   "kryo-protobuf",
	Doc:    "Flink's own runtimes only: a message that protoc generates, registered with Kryo and chill-protobuf; sizes that it remembers are not counted again",
	Module: goProtobuf,
	Flink:  true, Released: true, Sparse: true,
	Loses: []codecs.Loss{codecs.NullEmpty},
	New:   openKryo,
}

// envelope is what stands before the length.
var envelope = []byte{85 + 2, 1}

var errEnvelope = errors.New("no message of the class that Flink registers first")

// A kryoCodec wraps messages that are made at run time.
type kryoCodec struct{ *dynamicCodec }

func openKryo(s *schemas.Schema) (codecs.Codec, error) {
	c, err := openDynamic(s)
	if err != nil {
		return nil, err
	}
	return kryoCodec{c.(*dynamicCodec)}, nil
}

func (c kryoCodec) Append(dst []byte, v any) ([]byte, error) {
	message, err := c.dynamicCodec.Append(nil, v)
	if err != nil {
		return dst, err
	}
	message = numbered(nil, message, c.desc)
	dst = binary.AppendUvarint(append(dst, envelope...), uint64(len(message)))
	return append(dst, message...), nil
}

func (c kryoCodec) Decode(src []byte, v any) error {
	rest, ok := bytes.CutPrefix(src, envelope)
	if !ok {
		return errEnvelope
	}
	n, used := binary.Uvarint(rest)
	if used <= 0 || n > math.MaxInt32 || len(binary.AppendUvarint(nil, n)) != used {
		return errors.New("the length of the message is no varint of Kryo's")
	}
	if rest = rest[used:]; n != uint64(len(rest)) {
		return fmt.Errorf("a message of %d bytes, and %d are left", n, len(rest))
	}
	return c.dynamicCodec.Decode(rest, v)
}

// numbered appends a message with its fields in the order of their numbers, as Java writes them; the Go library writes those of a
// oneof behind the others.
func numbered(dst, message []byte, desc protoreflect.MessageDescriptor) []byte {
	type field struct {
		number protowire.Number
		bytes  []byte
	}
	var fields []field
	for len(message) > 0 {
		number, wire, n := protowire.ConsumeTag(message)
		size := n + protowire.ConsumeFieldValue(number, wire, message[n:])
		f := field{number, message[:size]}
		if fd := desc.Fields().ByNumber(number); fd.Message() != nil {
			content, _ := protowire.ConsumeBytes(message[n:])
			f.bytes = protowire.AppendBytes(protowire.AppendTag(nil, number, wire), numbered(nil, content, fd.Message()))
		}
		fields, message = append(fields, f), message[size:]
	}
	slices.SortStableFunc(fields, func(a, b field) int { return cmp.Compare(a.number, b.number) })
	for _, f := range fields {
		dst = append(dst, f.bytes...)
	}
	return dst
}
