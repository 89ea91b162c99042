// Package kryo is what Flink's KryoSerializer writes: records of classes that no serializer of Flink's own takes, the
// silent fallback that most engineers meet in production.
//
// The bytes are those of Flink 2.x with Kryo 5.6, and those of Flink 1.20 with Kryo 2.24, which differ in what the file
// kryo2.go has, in generics and in the length of short strings: references on, registration not required, class names written
// out the first time they occur in a record, Flink's registrations (ids 73 to 84) present and the record's own class as 85.
// Every object of a record is its own, so that back references occur only where the JDK shares one: an Instant at the epoch,
// a LocalTime on the hour, and in 1.20 the constants of an enum. Value by value the package also serves the serializers of
// POJOs, Rows and tuples, which fall back to it.
package kryo

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is Flink 2.x's KryoSerializer of the record, with nothing registered by the user.
var Format = codecs.Format{
	Name: "kryo", Doc: "Flink 2.x: the record as a generic type, Kryo 5.6 with nothing registered", Flink: true, New: open,
}

// Registered is Format with the schema's records and enums registered with Kryo, in the order of their definitions.
var Registered = codecs.Format{
	Name: "kryo-registered", Doc: "Flink 2.x: the record as a generic type, Kryo 5.6 with its classes registered", Flink: true, New: openRegistered,
}

// Flink1 is what Format is in Flink 1.20, which has Kryo 2.24.
var Flink1 = codecs.Format{
	Name: "kryo-flink1", Doc: "Flink 1.20: the record as a generic type, Kryo 2.24 with nothing registered", Flink: true, New: openFlink1,
}

// Flink1Registered is what Registered is in Flink 1.20.
var Flink1Registered = codecs.Format{
	Name: "kryo-flink1-registered", Doc: "Flink 1.20: the record as a generic type, Kryo 2.24 with its classes registered", Flink: true, New: openFlink1Registered,
}

func open(s *schemas.Schema) (codecs.Codec, error) { return Open(s, javatype.Flink2) }

func openRegistered(s *schemas.Schema) (codecs.Codec, error) {
	return Open(s, javatype.Flink2, javatype.Classes(s.Root)...)
}

func openFlink1(s *schemas.Schema) (codecs.Codec, error) { return Open(s, javatype.Flink1) }

func openFlink1Registered(s *schemas.Schema) (codecs.Codec, error) {
	return Open(s, javatype.Flink1, javatype.Classes(s.Root)...)
}

// Open returns the KryoSerializer that a line of Flink creates for the record, with classes that the user has registered, in the
// order of their registration.
func Open(s *schemas.Schema, line javatype.Line, classes ...string) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	class := javatype.Of(t)
	if err := class.CheckUnions(); err != nil {
		return nil, err
	}
	if err := Check(class, line); err != nil {
		return nil, err
	}
	return &codec{typ: t, Serializer: New(class, line, classes...)}, nil
}

// Check returns an error, which wraps schemas.ErrUnsupported, if a line of Flink cannot read back what it writes of t: what that
// is depends on the records before, so that there are no bytes to call Flink's.
func Check(t *javatype.Type, line javatype.Line) error {
	if class := t.StaleGenerics(); line == javatype.Flink1 && class != "" {
		return fmt.Errorf("%s: %w", javatype.StaleText(class), schemas.ErrUnsupported)
	}
	return nil
}

// A codec is the serializer of a whole record.
type codec struct {
	typ *access.Type
	*Serializer
}

// Append appends the record with its class.
func (c *codec) Append(dst []byte, v any) ([]byte, error) {
	r, err := c.typ.Ref(v)
	if err != nil {
		return dst, err
	}
	return c.Serializer.Append(dst, r)
}

// Decode reads a record. Each field is overwritten, so that nothing of a used record shows.
func (c *codec) Decode(src []byte, v any) error {
	r, err := c.typ.Ref(v)
	if err != nil {
		return err
	}
	n, err := c.Serializer.Decode(src, r)
	if err == nil && n < len(src) {
		err = fmt.Errorf("%d bytes: %w", len(src)-n, codecs.ErrTrailing)
	}
	return err
}

// A Serializer is a KryoSerializer, created for one type. It keeps scratch space: not for concurrent use.
type Serializer struct {
	root *node
	enc  encoder
	dec  decoder
}

// New returns the KryoSerializer that a line of Flink creates for t, with classes registered by the user in their order.
func New(t *javatype.Type, line javatype.Line, classes ...string) *Serializer {
	c := newCompiler(t, line, classes)
	s := &Serializer{root: c.node(t, false)}
	s.enc.names, s.enc.limit = make([]int32, len(c.numbers)), shortASCII
	if line == javatype.Flink1 {
		s.enc.old, s.enc.limit, s.dec.old = true, shortASCII2, true
	}
	return s
}

// Append appends the value at v, Nil for null; of an Object the place that holds it.
func (s *Serializer) Append(dst []byte, v access.Ref) ([]byte, error) {
	dst = s.enc.top(dst, s.root, v)
	return dst, s.enc.err
}

// Decode reads a value from the beginning of src into the place at r, and returns how many bytes it took.
func (s *Serializer) Decode(src []byte, r access.Ref) (int, error) {
	s.dec.Reset(src)
	err := s.dec.top(s.root, r)
	return s.dec.Offset(), err
}
