// Package avro is what Flink's AvroSerializer writes: the serializer of Avro's generic and specific records, and of
// POJOs if force-avro asks for it.
//
// It is not Avro binary. Flink gives Avro's DatumWriter an encoder of its own, which writes what Java's DataOutput does:
// fixed width and big-endian, with no schema and no framing.
//
//	null            nothing              int, enum       4 bytes; an enum's is its symbol's index
//	boolean         00 or 01             long            8 bytes
//	float, double   4 or 8 bytes, every NaN being Java's canonical one
//	string, bytes   u32 length, UTF-8 or bytes            fixed(n) n bytes
//	union           u32 branch, value                     record   its fields, in the schema's order
//	array, map      LEB128 count, items or key and value each, 00; an empty one is the 00 alone
//
// Logical types are written as what they stand on, as generic records have them. Source: DataOutputEncoder and
// AvroSerializer of flink-avro, the same in 1.20 and 2.3.0.
//
// Text must be UTF-8 to be read; how it is written is not looked at.
package avro

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is Flink's AvroSerializer of the record as a GenericRecord.
var Format = codecs.Format{
	Name: "flink-avro", Doc: "Flink: the record as an Avro GenericRecord, which Flink writes in a fixed width, not in Avro binary", Flink: true, New: open,
}

// Specific is Flink's AvroSerializer of a class that Avro's compiler generates from the schema: the bytes are those of [Format], and
// the time is not, since what is read is another object.
var Specific = codecs.Format{
	Name: "flink-avro-specific", Doc: "Flink's own runtimes only: the record as a class that Avro generates, with the bytes of flink-avro",
	Flink: true, Released: true, New: open,
}

// Reflect is Flink's AvroSerializer of the record as a POJO, which Flink chooses where pipeline.force-avro is set: see reflect.go.
var Reflect = codecs.Format{
	Name: "flink-avro-reflect", Doc: "Flink's own runtimes only: the record as a POJO that Avro looks into by reflection, with pipeline.force-avro",
	Flink: true, Released: true, New: openReflect,
}

func open(s *schemas.Schema) (codecs.Codec, error) { return bind(s, false) }

func bind(s *schemas.Schema, reflected bool) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	c := compiler{records: map[*access.Type]*node{}, reflected: reflected}
	return &codec{typ: t, root: c.node(t)}, nil
}

type codec struct {
	typ   *access.Type
	root  *node
	err   error // of encoding, the first
	r     dataio.Reader
	depth dataio.Depth // of the record that is being decoded
	owed  int          // bytes that announced items which are not read yet take at least
}

// Append appends the record.
func (c *codec) Append(dst []byte, v any) ([]byte, error) {
	r, err := c.typ.Ref(v)
	if err != nil {
		return dst, err
	}
	c.err = nil
	dst = c.record(dst, c.root, r)
	return dst, c.err
}

// Decode reads a record. Each field is overwritten, so that nothing of a used record shows.
func (c *codec) Decode(src []byte, v any) error {
	r, err := c.typ.Ref(v)
	if err != nil {
		return err
	}
	c.r.Reset(src)
	c.depth, c.owed = 0, 0
	if err := c.readRecord(c.root, r); err != nil {
		return err
	}
	if n := c.r.Left(); n > 0 {
		return fmt.Errorf("%d bytes: %w", n, codecs.ErrTrailing)
	}
	return nil
}
