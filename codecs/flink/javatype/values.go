package javatype

import (
	"errors"
	"fmt"
	"math"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// SecondsPerDay is the number of seconds of a day of java.time.
const SecondsPerDay = 86400

// SplitTime returns the seconds and nanoseconds of v units since the epoch, rounding down.
func (t *Type) SplitTime(v int64) (sec int64, nanos int32) {
	sec, rest := floorDiv(v, t.Units)
	return sec, int32(rest * (1e9 / t.Units))
}

// JoinTime undoes SplitTime. Nanoseconds that no unit holds, and times that do not fit 64 bits, are errors.
func (t *Type) JoinTime(sec int64, nanos int32) (int64, error) {
	each := int32(1e9 / t.Units)
	if nanos < 0 || nanos > 999999999 || nanos%each != 0 {
		return 0, fmt.Errorf("%d nanoseconds do not fit a time of %d units a second", nanos, t.Units)
	}
	v := sec*t.Units + int64(nanos/each)
	if s, n := t.SplitTime(v); s != sec || n != nanos {
		return 0, fmt.Errorf("%d seconds do not fit a time of 64 bits", sec)
	}
	return v, nil
}

// Years are counted here from a 1 March, so that a leap day is the last of its year, in eras of 400 years, whose days are
// always as many.
const (
	daysOfEra   = 146097
	epochOfEras = 719468 // days from 1 March of year 0 to the epoch
)

// Day returns the date of a day since the epoch, in the proleptic Gregorian calendar. Package time has no promise for the
// 292 million years of a long of milliseconds.
func Day(day int64) (year, month, dayOfMonth int) {
	era, dayOfEra := floorDiv(day+epochOfEras, daysOfEra)
	yearOfEra := (dayOfEra - dayOfEra/1460 + dayOfEra/36524 - dayOfEra/146096) / 365
	dayOfYear := dayOfEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	m := (5*dayOfYear + 2) / 153 // from March on
	year, month, dayOfMonth = int(era*400+yearOfEra), int(m)+3, int(dayOfYear-(153*m+2)/5)+1
	if month > 12 {
		year, month = year+1, month-12
	}
	return year, month, dayOfMonth
}

// floorDiv returns x divided by y, which is positive, rounded down, and what is left.
func floorDiv(x, y int64) (quotient, rest int64) {
	quotient, rest = x/y, x%y
	if rest < 0 {
		quotient, rest = quotient-1, rest+y
	}
	return quotient, rest
}

// ErrDate is returned for a date that does not exist or does not fit.
var ErrDate = errors.New("no such date")

// maxYear is that of LocalDate.MAX. That of MIN is as far from year 0.
const maxYear = 999999999

// EpochDay undoes Day.
func EpochDay(year, month, day int) (int64, error) {
	if month < 1 || month > 12 || day < 1 || day > 31 || year < -maxYear || year > maxYear {
		return 0, ErrDate
	}
	y, m := int64(year), int64(month)-3
	if m < 0 {
		y, m = y-1, m+12
	}
	era, yearOfEra := floorDiv(y, 400)
	n := era*daysOfEra + 365*yearOfEra + yearOfEra/4 - yearOfEra/100 + (153*m+2)/5 + int64(day) - 1 - epochOfEras
	if y, m, d := Day(n); y != year || m != month || d != day {
		return 0, ErrDate
	}
	return n, nil
}

// SetDay puts the LocalDate of a day since the epoch at v, which has 32 bits for it.
func SetDay(v access.Ref, day int64) error {
	v.SetInt(int32(day))
	if day != int64(int32(day)) {
		return ErrDate
	}
	return nil
}

// ErrTime is returned for a time of day that does not exist.
var ErrTime = errors.New("no such time of day")

// Clock returns the parts of a time of day in nanoseconds.
func Clock(nanoOfDay int64) (hour, minute, second, nano int) {
	sec := int(nanoOfDay / 1e9)
	return sec / 3600, sec / 60 % 60, sec % 60, int(nanoOfDay % 1e9)
}

// NanoOfDay undoes Clock.
func NanoOfDay(hour, minute, second, nano int) (int64, error) {
	if hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || nano < 0 || nano > 999999999 {
		return 0, ErrTime
	}
	return int64(hour*3600+minute*60+second)*1e9 + int64(nano), nil
}

// CheckNanoOfDay says whether a LocalTime has v units of day, as nanoseconds.
func (t *Type) CheckNanoOfDay(v int64) (int64, error) {
	if v < 0 || v >= SecondsPerDay*t.Units {
		return 0, fmt.Errorf("%d is no time of day", v)
	}
	return v * (1e9 / t.Units), nil
}

// UnitsOfDay undoes CheckNanoOfDay.
func (t *Type) UnitsOfDay(nano int64) (int64, error) {
	each := int64(1e9 / t.Units)
	if nano%each != 0 {
		return 0, fmt.Errorf("%d nanoseconds do not fit a time of %d units a second", nano, t.Units)
	}
	return nano / each, nil
}

// NanosAt returns the LocalTime at v, of a time of day of any unit, in nanoseconds.
func (t *Type) NanosAt(v access.Ref) (int64, error) {
	if t.Value.Kind == schemas.Int {
		return t.CheckNanoOfDay(int64(v.Int()))
	}
	return t.CheckNanoOfDay(v.Long())
}

// SetNanos undoes NanosAt.
func (t *Type) SetNanos(v access.Ref, nano int64) error {
	units, err := t.UnitsOfDay(nano)
	if t.Value.Kind == schemas.Int {
		v.SetInt(int32(units))
	} else {
		v.SetLong(units)
	}
	return err
}

// SplitDateTime returns the day since the epoch and the nanosecond of the day of a LocalDateTime of v units.
func (t *Type) SplitDateTime(v int64) (day, nano int64) {
	sec, nanos := t.SplitTime(v)
	day, secondOfDay := floorDiv(sec, SecondsPerDay)
	return day, secondOfDay*1e9 + int64(nanos)
}

// SetDateTime puts the LocalDateTime that SplitDateTime takes apart at v.
func (t *Type) SetDateTime(v access.Ref, day, nano int64) error {
	units, err := t.JoinTime(day*SecondsPerDay+nano/1e9, int32(nano%1e9))
	v.SetLong(units)
	return err
}

// Minimal returns b, in big-endian two's complement, without bytes that say nothing, as BigInteger.toByteArray does.
func Minimal(b []byte) []byte {
	if len(b) == 0 {
		return []byte{0}
	}
	for len(b) > 1 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:]
	}
	return b
}

// Narrow says whether v fits class c, a byte or a short.
func Narrow(c Class, v int32) error {
	switch {
	case c == Byte && (v < math.MinInt8 || v > math.MaxInt8), c == Short && (v < math.MinInt16 || v > math.MaxInt16):
		return fmt.Errorf("%d is no %s", v, names[c][0])
	}
	return nil
}

// ParseUUID reads the text of a UUID, which must be canonical: lower case, 8-4-4-4-12.
func ParseUUID(s string) (msb, lsb uint64, err error) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return 0, 0, fmt.Errorf("%q is no canonical UUID", s)
	}
	n := 0
	for i := range len(s) {
		c := s[i]
		if c == '-' && (i == 8 || i == 13 || i == 18 || i == 23) {
			continue
		}
		var d uint64
		switch {
		case c >= '0' && c <= '9':
			d = uint64(c - '0')
		case c >= 'a' && c <= 'f':
			d = uint64(c-'a') + 10
		default:
			return 0, 0, fmt.Errorf("%q is no canonical UUID", s)
		}
		if n < 16 {
			msb = msb<<4 | d
		} else {
			lsb = lsb<<4 | d
		}
		n++
	}
	return msb, lsb, nil
}

// FormatUUID undoes ParseUUID.
func FormatUUID(msb, lsb uint64) string {
	const hex = "0123456789abcdef"
	var b [36]byte
	n := 0
	for i := range b {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			b[i] = '-'
			continue
		}
		w := msb
		if n >= 16 {
			w = lsb
		}
		b[i] = hex[w>>(60-4*(n%16))&15]
		n++
	}
	return string(b[:])
}

// SetDecimal puts a decimal at v from the bytes of its unscaled value, which it copies. A scale that is not the schema's,
// and a value that does not fit a fixed, are errors.
func (t *Type) SetDecimal(v access.Ref, b []byte, scale int32) error {
	n := t.Value.Node
	if int(scale) != n.Scale {
		return fmt.Errorf("a decimal of scale %d, the schema says %d", scale, n.Scale)
	}
	if b = Minimal(b); n.Kind == schemas.Bytes {
		v.SetBytes(append([]byte(nil), b...))
		return nil
	}
	if len(b) > n.Size {
		return fmt.Errorf("a decimal of %d bytes, the schema has %d", len(b), n.Size)
	}
	f := v.Fixed(n.Size)
	for i := range f {
		f[i] = byte(int8(b[0]) >> 7)
	}
	copy(f[n.Size-len(b):], b)
	return nil
}

// SetBytes puts a copy of b at v, which is bytes or a fixed of that size.
func (t *Type) SetBytes(v access.Ref, b []byte) error {
	n := t.Value.Node
	if n.Kind != schemas.Fixed {
		v.SetBytes(append(make([]byte, 0, len(b)), b...))
		return nil
	}
	if len(b) != n.Size {
		return fmt.Errorf("%d bytes for a fixed of %d", len(b), n.Size)
	}
	copy(v.Fixed(n.Size), b)
	return nil
}
