// Package pojo is what Flink's PojoSerializer writes: the serializer of every class that meets Flink's conditions for a
// POJO, and the one a user should want before Avro.
//
// A record is 02 and its fields in the order of their names, each behind a null flag, primitives too. Flink 2.x knows
// List and Map of plain classes (FLIP-398); LocalDate, LocalTime, LocalDateTime, UUID, Object and collections of
// collections fall back to Kryo, each value a Kryo record of its own. Source: PojoSerializer, TypeExtractor and the
// serializers of flink-core 2.3.0.
package pojo

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is Flink 2.x's PojoSerializer of the record.
var Format = codecs.Format{
	Name: "pojo", Doc: "Flink 2.x: the record as a POJO, with Kryo for the fields that Flink has no serializer for", Flink: true, New: open,
}

// Flink1 is Flink 1.20's PojoSerializer, which leaves each List and Map to Kryo.
var Flink1 = codecs.Format{
	Name: "pojo-flink1", Doc: "Flink 1.20: the record as a POJO, with Kryo for lists, maps and other fields that Flink has no serializer for", Flink: true, New: openFlink1,
}

func open(s *schemas.Schema) (codecs.Codec, error) { return Open(s, javatype.Flink2) }

func openFlink1(s *schemas.Schema) (codecs.Codec, error) { return Open(s, javatype.Flink1) }

// Open returns the PojoSerializer that a line of Flink creates, with classes that the user has registered with Kryo, for
// the fields that fall back to it, in the order of their registration.
func Open(s *schemas.Schema, line javatype.Line, registered ...string) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	if len(s.Root.Fields) == 0 {
		return nil, fmt.Errorf("%s: a class without fields is no POJO: %w", s.Root.Name, schemas.ErrUnsupported)
	}
	class := javatype.Of(t)
	if err := class.CheckUnions(); err != nil {
		return nil, err
	}
	n, err := newCompiler(line, s.Recursive(), registered).node(class)
	if err != nil {
		return nil, err
	}
	return &codec{typ: t, root: n}, nil
}

type codec struct {
	typ   *access.Type
	root  *node
	err   error // of encoding, the first
	r     dataio.Reader
	depth dataio.Depth // of the record that is being decoded
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
	c.depth = 0
	if err := c.readRecord(c.root, r); err != nil {
		return err
	}
	if n := c.r.Left(); n > 0 {
		return fmt.Errorf("%d bytes: %w", n, codecs.ErrTrailing)
	}
	return nil
}
