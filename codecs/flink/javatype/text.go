package javatype

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/wirecost/wirecost/schemas/access"
)

// Text returns the value at v, of a class that has no parts, for people: times and decimals as Java prints them, any other
// as JSON has it.
func (t *Type) Text(v access.Ref) string {
	switch t.Class {
	case Instant, UtilDate, SQLTimestamp:
		sec, nanos := t.SplitTime(v.Long())
		return time.Unix(sec, int64(nanos)).UTC().Format(time.RFC3339Nano)
	case LocalDateTime:
		day, nano := t.SplitDateTime(v.Long())
		return DateText(day) + "T" + ClockText(nano)
	case LocalDate:
		return DateText(int64(v.Int()))
	case LocalTime:
		return t.clockAt(v)
	case BigDecimal:
		return decimalText(t.BytesAt(v), t.Value.Node.Scale)
	}
	text, err := access.AppendJSON(nil, t.Value, v)
	if err != nil {
		return strconv.Quote(v.Text())
	}
	return string(text)
}

// DateText returns the date of a day since the epoch.
func DateText(day int64) string { return time.Unix(day*SecondsPerDay, 0).UTC().Format(time.DateOnly) }

// ClockText returns a time of day in nanoseconds.
func ClockText(nanoOfDay int64) string {
	return time.Unix(0, nanoOfDay).UTC().Format("15:04:05.999999999")
}

func (t *Type) clockAt(v access.Ref) string {
	nano, err := t.NanosAt(v)
	if err != nil {
		return err.Error()
	}
	return ClockText(nano)
}

// longDecimal is from how many bytes or places on a decimal is not spelled out: to print one takes more than linear time.
const longDecimal = 100

// decimalText returns a number in big-endian two's complement with scale digits behind the point.
func decimalText(b []byte, scale int) string {
	if len(b) > longDecimal || scale > longDecimal {
		return fmt.Sprintf("a decimal of %s", Amount(len(b), "byte"))
	}
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	digits, sign := new(big.Int).Abs(n).String(), ""
	if n.Sign() < 0 {
		sign = "-"
	}
	if scale <= 0 {
		return sign + digits
	}
	if short := scale + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - scale
	return sign + digits[:point] + "." + digits[point:]
}

// Amount returns a number of things, whose name takes an s where they are not one.
func Amount(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
