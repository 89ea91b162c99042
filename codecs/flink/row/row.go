// Package row is what Flink's RowSerializer and TupleSerializer write: the records of users who give Flink explicit type
// information, Types.ROW or Types.TUPLE with Types.LIST, Types.LOCAL_DATE and so on, in place of a class.
//
// A Row is a mask, one bit for each field that is null behind two for the RowKind, and then the fields that are not, in
// the order of the schema. A tuple is its fields and nothing else: null has a form in some serializers and none in
// others. Records within records are Rows and tuples too; UUID and Object have no serializer of Flink's own and fall
// back to Kryo, each value a Kryo record of its own, in which records are classes again. Source: RowSerializer,
// TupleSerializer and the packages typeutils.base and typeutils.runtime of flink-core 2.3.0.
package row

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is Flink 2.x's RowSerializer of the record.
var Format = codecs.Format{
	Name: "row", Doc: "Flink 2.x: the record as a Row of explicit types, with a mask of its nulls", Flink: true, New: open,
}

// Flink1 is Flink 1.20's RowSerializer, with its older Kryo and without NullableListTypeInfo.
var Flink1 = codecs.Format{
	Name: "row-flink1", Doc: "Flink 1.20: the record as a Row of explicit types, with a mask of its nulls", Flink: true, New: openFlink1,
}

// Tuple is Flink 2.x's TupleSerializer of the record.
var Tuple = codecs.Format{
	Name: "tuple", Doc: "Flink 2.x: the record as a Tuple of up to 25 fields, with no byte but theirs", Flink: true, New: openTuple,
}

// TupleFlink1 is Flink 1.20's TupleSerializer, with its older Kryo and without NullableListTypeInfo.
var TupleFlink1 = codecs.Format{
	Name: "tuple-flink1", Doc: "Flink 1.20: the record as a Tuple of up to 25 fields, with no byte but theirs", Flink: true, New: openTupleFlink1,
}

func open(s *schemas.Schema) (codecs.Codec, error) { return bind(s, javatype.Flink2, false) }

func openFlink1(s *schemas.Schema) (codecs.Codec, error) { return bind(s, javatype.Flink1, false) }

func openTuple(s *schemas.Schema) (codecs.Codec, error) { return bind(s, javatype.Flink2, true) }

func openTupleFlink1(s *schemas.Schema) (codecs.Codec, error) { return bind(s, javatype.Flink1, true) }

func bind(s *schemas.Schema, line javatype.Line, tuple bool) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	class := javatype.Of(t)
	if err := class.CheckUnions(); err != nil {
		return nil, err
	}
	l, err := newCompiler(line, tuple, class.Name).layout(class.Record)
	if err != nil {
		return nil, err
	}
	return &codec{typ: t, root: l}, nil
}

type codec struct {
	typ  *access.Type
	root *layout
	err  error // of encoding, the first
	r    dataio.Reader
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
	if err := c.readRecord(c.root, r); err != nil {
		return err
	}
	if n := c.r.Left(); n > 0 {
		return fmt.Errorf("%d bytes: %w", n, codecs.ErrTrailing)
	}
	return nil
}
