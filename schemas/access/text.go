package access

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/wirecost/wirecost/schemas"
)

// ScalarText returns a scalar of type n for people, made of num and text as a [Value] has them: a decimal as a number with its
// scale, dates and times in ISO 8601, and any other as ScalarJSON has it; so is what is no value of its logical type, as 25
// hours are no time of day.
func ScalarText(n *schemas.Node, num uint64, text string) string {
	v := int64(num)
	switch n.Logical {
	case schemas.Decimal:
		return decimalText(text, n.Scale)
	case schemas.Date:
		if v == int64(int32(v)) {
			return DateText(v)
		}
	case schemas.TimeMillis, schemas.TimeMicros:
		if unit := nanosOf(n.Logical); v >= 0 && v < nanosPerDay/unit {
			return ClockText(v * unit)
		}
	case schemas.TimestampMillis, schemas.TimestampMicros, schemas.TimestampNanos:
		return instant(v, nanosOf(n.Logical)).Format(time.RFC3339Nano)
	case schemas.LocalTimestampMillis, schemas.LocalTimestampMicros, schemas.LocalTimestampNanos:
		return instant(v, nanosOf(n.Logical)).Format(localTimestamp)
	}
	return ScalarJSON(n.Kind, num, text)
}

// TextAt is ScalarText of the value of type t at r. A value that has parts is in Avro's JSON encoding.
func TextAt(t *Type, r Ref) string {
	if v, err := valueAt(t, r); err == nil && v.Node != nil {
		return ScalarText(v.Node, v.Num, v.Text)
	}
	text, err := AppendJSON(nil, t, r)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

const (
	clock          = "15:04:05.999999999"
	localTimestamp = time.DateOnly + "T" + clock
	nanosPerDay    = 24 * int64(time.Hour)
)

// nanosOf returns how many nanoseconds the unit of a time has.
func nanosOf(l schemas.Logical) int64 {
	switch l {
	case schemas.TimeMicros, schemas.TimestampMicros, schemas.LocalTimestampMicros:
		return int64(time.Microsecond)
	case schemas.TimestampNanos, schemas.LocalTimestampNanos:
		return 1
	}
	return int64(time.Millisecond)
}

// instant returns the time that is v units of nanoseconds from the epoch.
func instant(v, nanos int64) time.Time {
	units := int64(time.Second) / nanos // in a second
	return time.Unix(v/units, v%units*nanos).UTC()
}

// DateText returns the date of a day since the epoch.
func DateText(day int64) string {
	return time.Unix(day*int64(24*time.Hour/time.Second), 0).UTC().Format(time.DateOnly)
}

// ClockText returns a time of day in nanoseconds.
func ClockText(nanoOfDay int64) string { return time.Unix(0, nanoOfDay).UTC().Format(clock) }

// longDecimal is from how many bytes or places on a decimal is not spelled out: to print one takes more than linear time.
const longDecimal = 100

// decimalText returns a number in big-endian two's complement with scale digits behind the point.
func decimalText(b string, scale int) string {
	if len(b) > longDecimal || scale > longDecimal {
		return fmt.Sprintf("a decimal of %d bytes", len(b))
	}
	n := new(big.Int).SetBytes([]byte(b))
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
