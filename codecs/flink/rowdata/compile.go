package rowdata

import (
	"fmt"
	"math/bits"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A form is how a column's values are written.
type form uint8

const (
	boolean form = iota
	tinyint
	smallint
	integer // INT and DATE
	bigint  // BIGINT and TIMESTAMP(3)
	float
	double
	timeMillis   // TIME of an int, in milliseconds
	timeMicros   // TIME of a long, in microseconds
	smallDecimal // DECIMAL of up to 18 digits
	largeDecimal
	micros // TIMESTAMP(6)
	text
	enum
	binaries // BYTES and BINARY(n)
	array
	mapForm
	rowForm
	// Of a step only:
	pointer // any form, behind a pointer that is nil for null
	other   // any form, in another union
)

// widthOf are the bytes of a form's values in an array.
var widthOf = [...]int{
	boolean: 1, tinyint: 1, smallint: 2, integer: 4, bigint: 8, float: 4, double: 8, timeMillis: 4, timeMicros: 4, smallDecimal: 8,
	largeDecimal: 8, micros: 8, text: 8, enum: 8, binaries: 8, array: 8, mapForm: 8, rowForm: 8,
}

// A column is the type of a field, or of the elements of an array or a map.
type column struct {
	t     *javatype.Type
	form  form
	plain bool // the value lies at its place and cannot be null
	width int  // in an array
	least int  // bytes of the smallest value in the variable part, padding included; 0 if it can be null
	limit wide // of a decimal: 10 to the power of its precision
	row   *row // of a ROW
	elem  *column
	size  uintptr // of an array: how far apart its elements lie
	maps  javatype.EntriesStack
}

// A row is a record as a ROW.
type row struct {
	blank []byte // null bits and slots, all zero
	head  int    // bytes of the null bits
	steps []step
	least int // bytes of the smallest one
}

// A step writes or reads one field.
type step struct {
	form form
	off  uintptr // of the value in the record
	slot int     // offset in the row
	null int     // the byte of the null bit
	bit  byte    // that bit in it
	col  *column
	name string // for errors
}

// A compiler makes columns; rows holds those of records, nil for those that are not finished.
type compiler struct{ rows map[*javatype.Record]*row }

func unsupported(why string, args ...any) error {
	return fmt.Errorf(why+": %w", append(args, schemas.ErrUnsupported)...)
}

// row returns the ROW of a record, whose columns are in the order of the schema.
func (c compiler) row(rec *javatype.Record) (*row, error) {
	if r, ok := c.rows[rec]; ok {
		if r == nil {
			return nil, unsupported("a %s inside itself has no SQL type", rec.Name)
		}
		return r, nil
	}
	c.rows[rec] = nil
	fields := rec.Type.Fields
	head := (len(fields) + 63 + 8) / 64 * 8
	r := &row{head: head, blank: make([]byte, head+8*len(fields)), least: head + 8*len(fields)}
	for i, f := range fields {
		col, err := c.column(typeOf(rec, f.Name))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		r.least = min(r.least+col.least, maxLeast)
		r.steps = append(r.steps, step{col.stepForm(), f.Offset, head + 8*i, (8 + i) / 8, 1 << (i % 8), col, f.Name})
	}
	c.rows[rec] = r
	return r, nil
}

// stepForm returns the form of a step that writes a field.
func (col *column) stepForm() form {
	switch {
	case col.plain:
		return col.form
	case col.t.Slot.Form == access.Optional:
		return pointer
	}
	return other
}

// typeOf returns the type of a field, which is there. Fields of a class are in another order than those of the schema.
func typeOf(rec *javatype.Record, name string) *javatype.Type {
	for _, f := range rec.Fields {
		if f.Name == name {
			return f.Type
		}
	}
	return nil
}

func (c compiler) column(t *javatype.Type) (*column, error) {
	f, err := formOf(t)
	if err != nil {
		return nil, err
	}
	col := &column{t: t, form: f, plain: t.Plain(), width: widthOf[f]}
	switch f {
	case rowForm:
		col.row, err = c.row(t.Record)
	case array, mapForm:
		col.elem, err = c.column(t.Elem)
		col.size = t.Value.Elem.Size
	case smallDecimal, largeDecimal:
		col.limit = power10(t.Value.Node.Precision)
	}
	if err == nil && col.plain {
		col.least = col.leastVariable()
	}
	return col, err
}

// maxLeast bounds what is counted of a smallest value, so that no product with a number of elements overflows.
const maxLeast = 1 << 30

// leastVariable returns what least is, of a value that is not null.
func (col *column) leastVariable() int {
	switch col.form {
	case rowForm:
		return col.row.least
	case array:
		return round8(arrayHead(0))
	case mapForm:
		return round8(4 + 2*round8(arrayHead(0)))
	case largeDecimal:
		return largeSize
	case micros:
		return 8
	case binaries:
		if size, _ := col.t.FixedSize(); size > maxInline {
			return round8(size)
		}
	}
	return 0
}

// formOf returns the form of a type, and why it has no SQL type if it has none.
func formOf(t *javatype.Type) (form, error) {
	switch t.Class {
	case javatype.Object:
		return 0, unsupported("a general union has no SQL type")
	case javatype.Void:
		return 0, unsupported("null has no SQL type")
	case javatype.Bytes:
		if size, ok := t.FixedSize(); ok && size == 0 {
			return 0, unsupported("a fixed of no bytes has no SQL type")
		}
		return binaries, nil
	case javatype.BigDecimal:
		return decimalForm(t.Value.Node.Precision)
	case javatype.Instant, javatype.LocalDateTime:
		if t.Units == 1e6 {
			return micros, nil
		}
		return bigint, nil
	case javatype.LocalTime:
		if t.Value.Kind == schemas.Int {
			return timeMillis, nil
		}
		return timeMicros, nil
	}
	return formOfClass[t.Class], nil
}

// formOfClass has the classes that have one form.
var formOfClass = [...]form{
	javatype.Boolean: boolean, javatype.Byte: tinyint, javatype.Short: smallint, javatype.Int: integer, javatype.Long: bigint,
	javatype.Float: float, javatype.Double: double, javatype.String: text, javatype.UUID: text, javatype.Enum: enum,
	javatype.Pojo: rowForm, javatype.List: array, javatype.Array: array, javatype.Map: mapForm, javatype.LocalDate: integer,
	javatype.UtilDate: bigint, javatype.SQLTimestamp: bigint,
}

const (
	maxCompact   = 18 // digits of a decimal in 8 bytes
	maxPrecision = 38 // digits of any decimal
)

func decimalForm(precision int) (form, error) {
	switch {
	case precision > maxPrecision:
		return 0, unsupported("a decimal of %d digits has no SQL type, which go to %d", precision, maxPrecision)
	case precision > maxCompact:
		return largeDecimal, nil
	}
	return smallDecimal, nil
}

// load returns the value of the column at r, or whether it is null. A place that holds neither is an error.
func (col *column) load(r access.Ref) (v access.Ref, null bool, err error) {
	if col.plain {
		return r, false, nil
	}
	v = col.t.Load(r)
	if v.Nil() && !col.t.Nullable() {
		err = fmt.Errorf("there is no %s", col.t.JavaName())
	}
	return v, v.Nil(), err
}

// store returns the address at which a value of the column is to be put, for a place at r.
func (col *column) store(r access.Ref) access.Ref {
	if col.plain {
		return r
	}
	return col.t.Store(r)
}

// A wide is a two's complement of 128 bits.
type wide struct{ hi, lo uint64 }

// power10 returns 10 to the power of p, which is at most 38.
func power10(p int) wide {
	x := wide{0, 1}
	for range p {
		hi, lo := bits.Mul64(x.lo, 10)
		x = wide{x.hi*10 + hi, lo}
	}
	return x
}

// wideOf returns the number that up to 16 big-endian bytes say.
func wideOf(b []byte) wide {
	sign := uint64(int64(int8(b[0])) >> 63)
	x := wide{sign, sign}
	for _, c := range b {
		x = wide{x.hi<<8 | x.lo>>56, x.lo<<8 | uint64(c)}
	}
	return x
}

// within reports whether x lies between -limit and limit, both left out.
func (x wide) within(limit wide) bool {
	if int64(x.hi) < 0 {
		lo, borrow := bits.Sub64(0, x.lo, 0)
		hi, _ := bits.Sub64(0, x.hi, borrow)
		x = wide{hi, lo}
	}
	return x.hi < limit.hi || x.hi == limit.hi && x.lo < limit.lo
}
