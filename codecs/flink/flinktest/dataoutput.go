package flinktest

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// An output appends to a slice what Java's DataOutput and Flink's scalar serializers write.
type output struct{ out []byte }

func (o *output) raw(b ...byte) { o.out = append(o.out, b...) }
func (o *output) u16(v int64)   { o.out = binary.BigEndian.AppendUint16(o.out, uint16(v)) }
func (o *output) u32(v int64)   { o.out = binary.BigEndian.AppendUint32(o.out, uint32(v)) }
func (o *output) u64(v int64)   { o.out = binary.BigEndian.AppendUint64(o.out, uint64(v)) }

// flag writes 01 or 00.
func (o *output) flag(v bool) {
	if v {
		o.raw(1)
	} else {
		o.raw(0)
	}
}

// leb writes 7 bits a byte, the low ones first.
func (o *output) leb(v uint64) {
	for ; v >= 0x80; v >>= 7 {
		o.raw(byte(v) | 0x80)
	}
	o.raw(byte(v))
}

// str writes what StringValue.writeString does.
func (o *output) str(s string) {
	units := utf16.Encode([]rune(s))
	o.leb(uint64(len(units)) + 1)
	for _, u := range units {
		o.leb(uint64(u))
	}
}

// scalar writes the value of a class that has a serializer without parts.
func (o *output) scalar(c *class, v any) {
	switch c.kind {
	case "boolean":
		o.flag(v.(bool))
	case "byte":
		o.raw(byte(integer(v)))
	case "short":
		o.u16(integer(v))
	case "int":
		o.u32(integer(v))
	case "long", "Date":
		o.u64(integer(v))
	case "float":
		o.u32(int64(math.Float32bits(float32(real(v, 32)))))
	case "double":
		o.u64(int64(math.Float64bits(real(v, 64))))
	case "String":
		o.str(v.(string))
	case "byte[]":
		b := latin(v)
		o.u32(int64(len(b)))
		o.raw(b...)
	case "enum":
		o.u32(int64(slices.Index(c.symbols, v.(string))))
	case "Instant":
		sec, nano := c.time(v)
		o.u64(sec)
		o.u32(nano)
	case "Timestamp":
		_, nano := c.time(v)
		o.u64(integer(v))
		o.u32(nano)
	case "BigDecimal":
		b := unscaled(v)
		o.u32(int64(len(b)) + 4)
		o.raw(b...)
		o.u32(int64(c.scale))
	case "LocalDate":
		o.date(integer(v))
	case "LocalTime":
		o.clock(c.nanoOfDay(v))
	case "LocalDateTime":
		day, nano := c.dateTime(v)
		o.date(day)
		o.clock(nano)
	default:
		panic(c.kind)
	}
}

// date writes what LocalDateSerializer does.
func (o *output) date(day int64) {
	y, m, d := civil(day)
	o.u32(y)
	o.raw(byte(m), byte(d))
}

// clock writes what LocalTimeSerializer does.
func (o *output) clock(nano int64) {
	o.raw(byte(nano/3600e9), byte(nano/60e9%60), byte(nano/1e9%60))
	o.u32(nano % 1e9)
}

// real returns a float or a double, whose NaN is Java's.
func real(v any, bits int) float64 {
	text, ok := v.(string)
	if !ok {
		text = string(v.(json.Number))
	}
	f, err := strconv.ParseFloat(text, bits)
	if err != nil {
		panic(err)
	}
	if f != f {
		return math.Float64frombits(0x7ff8000000000000)
	}
	return f
}

// latin returns bytes, which JSON has as characters.
func latin(v any) []byte {
	var b []byte
	for _, r := range v.(string) {
		b = append(b, byte(r))
	}
	return b
}

// unscaled returns BigInteger.toByteArray of the unscaled value of a decimal.
func unscaled(v any) []byte {
	b := latin(v)
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	for size := 1; ; size++ { // the first size that it fits
		limit := new(big.Int).Lsh(big.NewInt(1), uint(8*size-1))
		if n.Cmp(limit) < 0 && n.Cmp(new(big.Int).Neg(limit)) >= 0 {
			if n.Sign() < 0 {
				n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
			}
			return n.FillBytes(make([]byte, size))
		}
	}
}

// time returns the second and the nanosecond of a time since the epoch.
func (c *class) time(v any) (sec, nano int64) {
	units := big.NewInt(1000)
	if c.micros {
		units = big.NewInt(1000000)
	}
	s, rest := new(big.Int).DivMod(big.NewInt(integer(v)), units, new(big.Int)) // rounds down
	return s.Int64(), rest.Int64() * (1000000000 / units.Int64())
}

// dateTime returns the day and the nanosecond of the day of a LocalDateTime.
func (c *class) dateTime(v any) (day, nano int64) {
	sec, nanos := c.time(v)
	d, rest := new(big.Int).DivMod(big.NewInt(sec), big.NewInt(86400), new(big.Int))
	return d.Int64(), rest.Int64()*1000000000 + nanos
}

func (c *class) nanoOfDay(v any) int64 {
	if c.micros {
		return integer(v) * 1000
	}
	return integer(v) * 1000000
}

// civil returns the date of a day since the epoch: whole cycles of 400 years first, and then year by year, month by month.
func civil(day int64) (year, month, dayOfMonth int64) {
	const cycle = 146097
	year = 1970 + day/cycle*400
	if day %= cycle; day < 0 {
		day, year = day+cycle, year-400
	}
	for ; day >= yearDays(year); year++ {
		day -= yearDays(year)
	}
	for month = 1; day >= monthDays(year, month); month++ {
		day -= monthDays(year, month)
	}
	return year, month, day + 1
}

func leap(year int64) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

func yearDays(year int64) int64 {
	if leap(year) {
		return 366
	}
	return 365
}

func monthDays(year, month int64) int64 {
	if month == 2 && leap(year) {
		return 29
	}
	return int64([]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1])
}

// uuid returns the halves of a UUID's text.
func uuid(v any) (msb, lsb uint64) {
	n, ok := new(big.Int).SetString(strings.ReplaceAll(v.(string), "-", ""), 16)
	if !ok {
		panic(v)
	}
	return new(big.Int).Rsh(n, 64).Uint64(), new(big.Int).And(n, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
}

// hashMap returns the keys of a map in the order in which java.util.HashMap iterates them.
func hashMap(m *object) []string {
	size := uint32(16)
	for float64(len(m.keys)) > 0.75*float64(size) {
		size *= 2
	}
	bucket := func(key string) uint32 {
		h := uint32(0)
		for _, u := range utf16.Encode([]rune(key)) {
			h = 31*h + uint32(u)
		}
		return (h ^ h>>16) & (size - 1)
	}
	keys := slices.Clone(m.keys)
	slices.SortStableFunc(keys, func(a, b string) int { return int(bucket(a)) - int(bucket(b)) })
	return keys
}
