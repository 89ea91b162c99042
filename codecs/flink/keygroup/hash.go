package keygroup

import (
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// ErrKey is wrapped by the errors of values that cannot be a key, in Flink either.
var ErrKey = errors.New("cannot be a key")

// A hashFunc returns the Java hashCode of a scalar that is not null, as the class that Flink users have for its type.
type hashFunc func(v access.Value) (int32, error)

// hashOf returns the hash of values of type n, a scalar or a union of one, with or without null. javaClass is that of the field
// around it, which wins over the type's own. Enums hash by identity in Java and arrays and records are refused: none of
// them can be a key.
func hashOf(n *schemas.Node, javaClass string) (hashFunc, error) {
	if b, ok := n.Nullable(); ok {
		n = b
	} else if n.Kind == schemas.Union && len(n.Branches) == 1 {
		n = n.Branches[0]
	}
	if javaClass == "" {
		javaClass = n.JavaClass
	}
	if h := scalarHash(n, javaClass); h != nil {
		return h, nil
	}
	return nil, fmt.Errorf("%s %w in Flink", n.BranchName(), ErrKey)
}

func scalarHash(n *schemas.Node, javaClass string) hashFunc {
	switch n.Logical {
	case schemas.Decimal:
		return func(v access.Value) (int32, error) { return Decimal(v.Text, n.Scale), nil }
	case schemas.UUID:
		return func(v access.Value) (int32, error) { return UUID(v.Text) }
	case schemas.Date:
		return func(v access.Value) (int32, error) { return Date(int64(v.Num)), nil }
	case schemas.TimeMillis:
		return func(v access.Value) (int32, error) { return Long(int64(v.Num) * 1e6), nil }
	case schemas.TimeMicros:
		return func(v access.Value) (int32, error) { return Long(int64(v.Num) * 1e3), nil }
	case schemas.TimestampMillis:
		if javaClass == "java.util.Date" || javaClass == "java.sql.Timestamp" {
			return hashLong
		}
		return func(v access.Value) (int32, error) { return Instant(split(int64(v.Num), 1e3)), nil }
	case schemas.TimestampMicros:
		return func(v access.Value) (int32, error) { return Instant(split(int64(v.Num), 1e6)), nil }
	case schemas.LocalTimestampMillis:
		return func(v access.Value) (int32, error) { return DateTime(split(int64(v.Num), 1e3)), nil }
	case schemas.LocalTimestampMicros:
		return func(v access.Value) (int32, error) { return DateTime(split(int64(v.Num), 1e6)), nil }
	}
	switch n.Kind {
	case schemas.Boolean:
		return func(v access.Value) (int32, error) { return Boolean(v.Num != 0), nil }
	case schemas.Int:
		return func(v access.Value) (int32, error) { return int32(v.Num), nil }
	case schemas.Long:
		return hashLong
	case schemas.Float:
		return func(v access.Value) (int32, error) { return Float(math.Float32frombits(uint32(v.Num))), nil }
	case schemas.Double:
		return func(v access.Value) (int32, error) { return Double(math.Float64frombits(v.Num)), nil }
	case schemas.String:
		return func(v access.Value) (int32, error) { return javatype.Hash(v.Text), nil }
	}
	return nil
}

func hashLong(v access.Value) (int32, error) { return Long(int64(v.Num)), nil }

// split returns the seconds and nanoseconds of v units since the epoch, of which per make a second.
func split(v, per int64) (sec, nanos int64) {
	sec = v / per
	if v%per < 0 {
		sec--
	}
	return sec, (v - sec*per) * (1e9 / per)
}

// Boolean is Boolean.hashCode.
func Boolean(v bool) int32 {
	if v {
		return 1231
	}
	return 1237
}

// Long is Long.hashCode: -1 and 0 hash alike.
func Long(v int64) int32 { return int32(v ^ int64(uint64(v)>>32)) }

// Float is Float.hashCode.
func Float(v float32) int32 {
	if v != v {
		return 0x7fc00000
	}
	return int32(math.Float32bits(v))
}

// Double is Double.hashCode.
func Double(v float64) int32 {
	if v != v {
		return 0x7ff80000
	}
	return Long(int64(math.Float64bits(v)))
}

// UUID is UUID.hashCode of its text, which must be canonical.
func UUID(text string) (int32, error) {
	msb, lsb, err := javatype.ParseUUID(text)
	return Long(int64(msb ^ lsb)), err
}

// Decimal is BigDecimal.hashCode of a decimal's bytes, in big-endian two's complement.
func Decimal(b string, scale int) int32 {
	v := new(big.Int).SetBytes([]byte(b))
	if len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return BigDecimal(v, scale)
}

// BigDecimal is BigDecimal.hashCode of v, without its point, and scale, which may be negative.
func BigDecimal(v *big.Int, scale int) int32 {
	if v.IsInt64() && v.Int64() != math.MinInt64 {
		a := new(big.Int).Abs(v).Uint64()
		h := int32(a>>32)*31 + int32(a)
		return 31*int32(v.Sign())*h + int32(scale)
	}
	var h int32
	mag := new(big.Int).Abs(v).Bytes()
	for len(mag)%4 != 0 {
		mag = append([]byte{0}, mag...)
	}
	for i := 0; i < len(mag); i += 4 {
		h = 31*h + int32(uint32(mag[i])<<24|uint32(mag[i+1])<<16|uint32(mag[i+2])<<8|uint32(mag[i+3]))
	}
	return 31*h*int32(v.Sign()) + int32(scale)
}

// Instant is Instant.hashCode.
func Instant(sec, nanos int64) int32 { return Long(sec) + 51*int32(nanos) }

// Date is LocalDate.hashCode of a day since the epoch.
func Date(day int64) int32 {
	y, month, dayOfMonth := javatype.Day(day)
	year := int32(y)
	return year&^0x7ff ^ (year<<11 + int32(month)<<6 + int32(dayOfMonth))
}

// DateTime is LocalDateTime.hashCode of the instant read in UTC.
func DateTime(sec, nanos int64) int32 {
	day := sec / javatype.SecondsPerDay
	if sec%javatype.SecondsPerDay < 0 {
		day--
	}
	return Date(day) ^ Long((sec-day*javatype.SecondsPerDay)*1e9+nanos)
}

// Tuple is the hashCode of a TupleN from those of its fields.
func Tuple(hashes ...int32) int32 {
	h := hashes[0]
	for _, x := range hashes[1:] {
		h = 31*h + x
	}
	return h
}
