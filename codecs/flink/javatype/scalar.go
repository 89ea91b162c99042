package javatype

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// The scalars are the classes whose values have no parts and which TypeExtractor gives a serializer of Flink's own:
//
//	Boolean to Double   1, 1, 2, 4, 8, 4, 8 bytes           String        StringValue.writeString
//	Bytes               u32 n, n bytes                      Enum          i32 ordinal
//	Instant             i64 second, i32 nanosecond          UtilDate      i64 millisecond
//	SQLTimestamp        i64 millisecond, i32 nanosecond of the second
//	BigDecimal          u32 n+4, the n bytes of the unscaled value, i32 scale
//
// Source: org.apache.flink.api.common.typeutils.base of flink-core, the same in 1.20 to 2.3.

// leastScalar are the bytes of the smallest value of a scalar that is not null.
var leastScalar = [...]int{
	Boolean: 1, Byte: 1, Short: 2, Int: 4, Long: 8, Float: 4, Double: 8, String: 1, Bytes: 4, Enum: 4,
	Instant: 12, UtilDate: 8, SQLTimestamp: 12, BigDecimal: 8,
}

// LeastScalar returns the bytes of the smallest value of scalar t that is not null.
func (t *Type) LeastScalar() int {
	if size, ok := t.FixedSize(); ok && t.Class == Bytes {
		return 4 + size
	}
	return leastScalar[t.Class]
}

// errNullDate is of a time that Flink writes as it writes null, so that it would come back as null.
var errNullDate = errors.New("a date of -2^63 milliseconds is what Flink writes for null")

// AppendScalar appends the value at v, which is not null, of scalar t.
func (t *Type) AppendScalar(dst []byte, v access.Ref) ([]byte, error) {
	switch t.Class {
	case Boolean:
		return dataio.AppendBool(dst, v.Bool()), nil
	case Byte:
		return append(dst, byte(v.Int())), Narrow(Byte, v.Int())
	case Short:
		return binary.BigEndian.AppendUint16(dst, uint16(v.Int())), Narrow(Short, v.Int())
	case Int:
		return dataio.AppendInt(dst, v.Int()), nil
	case Long:
		return dataio.AppendLong(dst, v.Long()), nil
	case Float:
		return dataio.AppendFloat(dst, v.Float()), nil
	case Double:
		return dataio.AppendDouble(dst, v.Double()), nil
	case String:
		return dataio.AppendString(dst, v.Text()), nil
	case Bytes:
		b := t.BytesAt(v)
		return append(dataio.AppendInt(dst, int32(len(b))), b...), nil
	case Enum:
		return t.appendEnum(dst, v.Text())
	case Instant:
		sec, nanos := t.SplitTime(v.Long())
		return dataio.AppendInt(dataio.AppendLong(dst, sec), nanos), nil
	case UtilDate, SQLTimestamp:
		return t.appendDate(dst, v.Long())
	case BigDecimal:
		return t.appendDecimal(dst, v), nil
	}
	return dst, fmt.Errorf("a %s is no scalar", t.JavaName())
}

// BytesAt returns the bytes at v, of bytes or a fixed. They belong to the record.
func (t *Type) BytesAt(v access.Ref) []byte {
	if t.Value.Kind == schemas.Fixed {
		return v.Fixed(t.Value.Node.Size)
	}
	return v.Bytes()
}

func (t *Type) appendEnum(dst []byte, symbol string) ([]byte, error) {
	i := slices.Index(t.Value.Node.Symbols, symbol)
	if i < 0 {
		return dst, fmt.Errorf("%q is no symbol of %s", symbol, t.Name)
	}
	return dataio.AppendInt(dst, int32(i)), nil
}

// appendDate appends a java.util.Date or java.sql.Timestamp.
func (t *Type) appendDate(dst []byte, ms int64) ([]byte, error) {
	if ms == math.MinInt64 {
		return dst, errNullDate
	}
	dst = dataio.AppendLong(dst, ms)
	if t.Class == UtilDate {
		return dst, nil
	}
	_, nanos := t.SplitTime(ms)
	return dataio.AppendInt(dst, nanos), nil
}

// appendDecimal appends a BigDecimal in its long form. The short forms of the unscaled values 0, 1 and 10 are for the
// JDK's own constants, which that of a decimal that came from bytes never is.
func (t *Type) appendDecimal(dst []byte, v access.Ref) []byte {
	b := Minimal(t.BytesAt(v))
	dst = append(dataio.AppendInt(dst, int32(len(b)+4)), b...)
	return dataio.AppendInt(dst, int32(t.Value.Node.Scale))
}

// ReadScalar undoes AppendScalar into the value at v. Null is an error, and so are other bytes than Flink writes.
func (t *Type) ReadScalar(r *dataio.Reader, v access.Ref) error {
	switch t.Class {
	case Bytes:
		return t.readBytes(r, v)
	case Enum:
		return t.readEnum(r, v)
	case Instant:
		return t.readInstant(r, v)
	case UtilDate, SQLTimestamp:
		return t.readDate(r, v)
	case BigDecimal:
		return t.readDecimal(r, v)
	}
	return t.readBasic(r, v)
}

// readBasic is ReadScalar of a String and of what is a primitive, or a wrapper of one.
func (t *Type) readBasic(r *dataio.Reader, v access.Ref) error {
	switch t.Class {
	case Boolean:
		x, err := r.Bool()
		v.SetBool(x)
		return err
	case Byte:
		x, err := r.Byte()
		v.SetInt(int32(int8(x)))
		return err
	case Short:
		x, err := r.Short()
		v.SetInt(int32(x))
		return err
	case Int:
		x, err := r.Int()
		v.SetInt(x)
		return err
	case Long:
		x, err := r.Long()
		v.SetLong(x)
		return err
	case Float:
		x, err := r.Int()
		v.SetFloat(math.Float32frombits(uint32(x)))
		return err
	case Double:
		x, err := r.Long()
		v.SetDouble(math.Float64frombits(uint64(x)))
		return err
	case String:
		s, err := r.String()
		v.SetText(s)
		return err
	}
	return fmt.Errorf("a %s is no scalar", t.JavaName())
}

func (t *Type) readBytes(r *dataio.Reader, v access.Ref) error {
	n, err := r.Int()
	if err != nil {
		return err
	}
	b, err := r.Take(int(n))
	if err != nil {
		return err
	}
	return t.SetBytes(v, b)
}

func (t *Type) readEnum(r *dataio.Reader, v access.Ref) error {
	i, err := r.Int()
	if err != nil {
		return err
	}
	symbols := t.Value.Node.Symbols
	if i < 0 || int(i) >= len(symbols) {
		return fmt.Errorf("%s has no constant %d", t.Name, i)
	}
	v.SetText(symbols[i])
	return nil
}

func (t *Type) readInstant(r *dataio.Reader, v access.Ref) error {
	sec, err := r.Long()
	if err != nil {
		return err
	}
	nanos, err := r.Int()
	if err != nil {
		return err
	}
	units, err := t.JoinTime(sec, nanos)
	v.SetLong(units)
	return err
}

// readDate undoes appendDate.
func (t *Type) readDate(r *dataio.Reader, v access.Ref) error {
	ms, err := r.Long()
	if err != nil {
		return err
	}
	v.SetLong(ms)
	switch {
	case ms == math.MinInt64:
		return errNullDate
	case t.Class == UtilDate:
		return nil
	}
	nanos, err := r.Int()
	if _, want := t.SplitTime(ms); err == nil && want != nanos {
		err = fmt.Errorf("%d nanoseconds do not fit %d milliseconds", nanos, ms)
	}
	return err
}

// constants are the unscaled values of the short forms, by what is written for them.
var constants = [...]byte{1: 0, 2: 1, 3: 10}

// readDecimal reads a BigDecimal in any form.
func (t *Type) readDecimal(r *dataio.Reader, v access.Ref) error {
	n, err := r.Int()
	if err != nil {
		return err
	}
	var b []byte
	switch {
	case n >= 1 && n <= 3:
		b = constants[n : n+1]
	case n < 5:
		return fmt.Errorf("%d is no length of a BigInteger", n)
	default:
		if b, err = r.Take(int(n) - 4); err != nil {
			return err
		}
	}
	scale, err := r.Int()
	if err != nil {
		return err
	}
	return t.SetDecimal(v, b, scale)
}
