// Package rowdata is what Flink's RowDataSerializer writes: the serializer of all rows of the Table API and SQL, for the
// row that has a column per field of the record.
//
// A row is u32 (big-endian) size and as many bytes of BinaryRowData, in which everything is little-endian:
//
//	row    := kind (00: an insert), null bits from bit 8 on, zeros to a multiple of 8; slot (8 bytes) per field; variable part
//	array  := i32 n, null bits in words of 4 bytes, n elements of 1, 2, 4 or 8 bytes, zeros to a multiple of 8; variable part
//	map    := i32 size of the keys, array of keys, array of values
//
// Null is a bit, the lowest of a byte first, and a slot of zeros. What is fixed in width lies in its slot or element, the
// rest in the variable part, in the order of the fields, each padded to a multiple of 8 with zeros. Its slot is u32 size
// and u32 offset from the beginning of the row or array.
//
//	boolean, tinyint 1 byte     smallint 2 bytes      int, float, date, time 4 bytes      bigint, double 8 bytes
//	string, bytes, fixed        up to 7 bytes in the slot with 80 + length behind them, else in the variable part
//	decimal                     up to 18 digits an i64; else 16 bytes in the variable part, big-endian, used from the front
//	timestamp                   millis an i64; micros u32 nanosecond of the millisecond and offset of an i64
//	array, map, row             in the variable part
//
// A record is a ROW, an enum a STRING of its symbols, a uuid a STRING, a time of day TIME with milliseconds. General
// unions, null and records inside themselves have no SQL type. Nulls are in the form of generic rows; the planner's code
// reserves room for those of long decimals and of timestamps with micros. Source: BinaryRowData, BinaryRowWriter and
// BinaryArrayWriter of flink-table, the same in 1.20 and 2.3.0.
//
// Text must be UTF-8 to be read; how it is written is not looked at.
package rowdata

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is Flink's RowDataSerializer of the record as a row of SQL.
var Format = codecs.Format{
	Name: "rowdata", Doc: "Flink SQL: the record as a RowData, in binary rows", Flink: true, Loses: []codecs.Loss{codecs.Micros}, New: open,
}

func open(s *schemas.Schema) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	c := compiler{rows: map[*javatype.Record]*row{}}
	root, err := c.row(javatype.Of(t).Record)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	return &codec{typ: t, root: root}, nil
}

type codec struct {
	typ  *access.Type
	root *row
	err  error // of encoding, the first
}

// prefix are the bytes of the size before a row.
const prefix = 4

// Append appends the record.
func (c *codec) Append(dst []byte, v any) ([]byte, error) {
	r, err := c.typ.Ref(v)
	if err != nil {
		return dst, err
	}
	c.err = nil
	start := len(dst)
	dst = c.row(append(dst, 0, 0, 0, 0), c.root, r)
	size := len(dst) - start - prefix
	if size > math.MaxInt32 && c.err == nil {
		c.err = fmt.Errorf("a row of %d bytes, more than an int counts", size)
	}
	binary.BigEndian.PutUint32(dst[start:], uint32(size))
	return dst, c.err
}

// Decode reads a record. Each field is overwritten, so that nothing of a used record shows.
func (c *codec) Decode(src []byte, v any) error {
	r, err := c.typ.Ref(v)
	if err != nil {
		return err
	}
	if len(src) < prefix {
		return dataio.ErrShort
	}
	size, src := uint64(binary.BigEndian.Uint32(src)), src[prefix:]
	switch left := uint64(len(src)); {
	case size > left:
		return fmt.Errorf("%w: a row of %d bytes and %d are left", dataio.ErrShort, size, left)
	case size < left:
		return fmt.Errorf("%d bytes: %w", left-size, codecs.ErrTrailing)
	}
	return c.root.read(src, r)
}
