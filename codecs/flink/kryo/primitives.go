package kryo

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
)

// appendVarInt appends the bits of v: 7 a byte, so that negative numbers take 5.
func appendVarInt(dst []byte, v int32) []byte { return dataio.AppendLeb(dst, uint32(v)) }

// appendVarLong appends the bits of v: 7 a byte in eight bytes at most, and 8 in the ninth.
func appendVarLong(dst []byte, v int64) []byte {
	u := uint64(v)
	for range 8 {
		if u < 0x80 {
			return append(dst, byte(u))
		}
		dst = append(dst, byte(u)|0x80)
		u >>= 7
	}
	return append(dst, byte(u))
}

func zigzag(v int32) int32     { return v<<1 ^ v>>31 }
func zigzagLong(v int64) int64 { return v<<1 ^ v>>63 }
func unzigzag(v int32) int32   { return int32(uint32(v)>>1) ^ -(v & 1) }
func unzigzagLong(v int64) int64 {
	return int64(uint64(v)>>1) ^ -(v & 1)
}

// appendFlagged appends a number with a flag: bit 7 the flag, bit 6 says there is more, 6 bits of the number, and then 7 a
// byte.
func appendFlagged(dst []byte, flag bool, v uint32) []byte {
	b := byte(v & 0x3f)
	if flag {
		b |= 0x80
	}
	if v < 0x40 {
		return append(dst, b)
	}
	return dataio.AppendLeb(append(dst, b|0x40), v>>6)
}

// The longest ASCII strings that are written without their length, by Kryo 5.6 and by 2.24.
const (
	shortASCII  = 32
	shortASCII2 = 63
)

// appendString appends a string as Output.writeString does: ASCII of 2 to limit bytes with bit 7 set on its last one, other
// strings behind their length in UTF-16 units, each unit in 1 to 3 bytes.
func appendString(dst []byte, s string, limit int) []byte {
	if len(s) < 2 || len(s) > limit || !dataio.IsASCII(s) {
		return appendLongString(dst, s)
	}
	dst = append(dst, s...)
	dst[len(dst)-1] |= 0x80
	return dst
}

// appendFresh appends the mark of an object that was not seen before, and a string: what appendString does, with a shorter
// way for short strings, which most of a record is.
func appendFresh(dst []byte, s string, limit int) []byte {
	switch n := len(s); {
	case n > 8:
	case n >= 4:
		if lo, hi := dataio.Halves(s); (lo|hi)&0x80808080 == 0 {
			return dataio.AppendHalves(append(dst, 1), lo, hi|0x80<<24, n)
		}
	case n == 3:
		if a, b, c := s[0], s[1], s[2]; a|b|c < 0x80 {
			return append(dst, 1, a, b, c|0x80)
		}
	}
	return appendString(append(dst, 1), s, limit)
}

// appendLongString appends a string with its length, whatever that is.
func appendLongString(dst []byte, s string) []byte {
	n := dataio.ASCII(s)
	if n < len(s) {
		dst = appendFlagged(dst, true, uint32(n+dataio.Units(s[n:]))+1)
		return appendUnits(append(dst, s[:n]...), s[n:])
	}
	return append(appendFlagged(dst, true, uint32(n)+1), s...)
}

func appendUnits(dst []byte, s string) []byte {
	for _, r := range s {
		if r < 0x10000 {
			dst = appendUnit(dst, r)
			continue
		}
		hi, lo := utf16.EncodeRune(r)
		dst = appendUnit(appendUnit(dst, hi), lo)
	}
	return dst
}

func appendUnit(dst []byte, c rune) []byte {
	switch {
	case c < 0x80:
		return append(dst, byte(c))
	case c < 0x800:
		return append(dst, 0xc0|byte(c>>6), 0x80|byte(c&0x3f))
	}
	return append(dst, 0xe0|byte(c>>12), 0x80|byte(c>>6&0x3f), 0x80|byte(c&0x3f))
}

// className returns the name of a class as Kryo 5.6 writes it: ASCII of any length with bit 7 set on its last byte.
func className(s string) []byte {
	if len(s) < 2 || dataio.ASCII(s) < len(s) {
		return appendString(nil, s, shortASCII)
	}
	b := []byte(s)
	b[len(b)-1] |= 0x80
	return b
}

// A reader reads Kryo's primitives.
type reader struct {
	dataio.Reader
	text []byte // scratch
}

func (r *reader) varInt() (int32, error) {
	v, err := r.Leb()
	return int32(v), err
}

func (r *reader) varLong() (int64, error) {
	var v uint64
	for i := range 9 {
		b, err := r.Byte()
		if err != nil {
			return 0, err
		}
		if i == 8 {
			return int64(v | uint64(b)<<56), nil
		}
		v |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			break
		}
	}
	return int64(v), nil
}

// flagged undoes appendFlagged.
func (r *reader) flagged() (flag bool, v uint32, err error) {
	b, err := r.Byte()
	if err != nil {
		return false, 0, err
	}
	v = uint32(b & 0x3f)
	if b&0x40 != 0 {
		rest, err := r.Leb()
		if err != nil {
			return false, 0, err
		}
		if rest > math.MaxUint32>>6 {
			return false, 0, errors.New("a number is over 32 bits")
		}
		v |= rest << 6
	}
	return b&0x80 != 0, v, nil
}

// errUnfinished is the error of a string without length whose last byte is missing.
var errUnfinished = fmt.Errorf("%w: a string has no last byte", dataio.ErrShort)

// short returns the bytes of a string without length, the last of which has bit 7 set, or nil if it is of another form.
func (r *reader) short() ([]byte, error) {
	rest := r.Rest()
	if len(rest) == 0 || rest[0] >= 0x80 {
		return nil, nil
	}
	n := dataio.ASCIIBytes(rest)
	if n == len(rest) {
		return nil, errUnfinished
	}
	r.Skip(n + 1)
	return rest[:n+1], nil
}

// string reads a string that is not null.
func (r *reader) string() (string, error) {
	rest := r.Rest()
	if len(rest) == 0 || rest[0] >= 0x80 {
		return r.counted()
	}
	n := dataio.ASCIIBytes(rest)
	if n == len(rest) {
		return "", errUnfinished
	}
	r.Skip(n + 1)
	var short [64]byte
	b := append(short[:0], rest[:n+1]...)
	b[n] &= 0x7f
	return string(b), nil
}

// counted reads a string that is written with its length.
func (r *reader) counted() (string, error) {
	_, n, err := r.flagged()
	switch {
	case err != nil:
		return "", err
	case n == 0:
		return "", errors.New("the string is null")
	case int64(n-1) > int64(r.Left()):
		return "", fmt.Errorf("%w: a string of %d characters and %d bytes are left", dataio.ErrShort, n-1, r.Left())
	}
	units := int(n - 1)
	plain := r.Rest()[:units]
	if dataio.ASCIIBytes(plain) < units {
		return r.wide(units)
	}
	r.Skip(units)
	return string(plain), nil
}

func (r *reader) wide(units int) (string, error) {
	r.text = r.text[:0]
	for i := 0; i < units; i++ {
		c, err := r.unit()
		if err != nil {
			return "", err
		}
		if utf16.IsSurrogate(c) {
			lo, err := r.unit()
			if err != nil {
				return "", err
			}
			if c = utf16.DecodeRune(c, lo); c == utf8.RuneError || i+1 == units {
				return "", errors.New("a string has half of a surrogate pair, which Go strings cannot hold")
			}
			i++
		}
		r.text = utf8.AppendRune(r.text, c)
	}
	return string(r.text), nil
}

// unit reads a UTF-16 unit of 1 to 3 bytes.
func (r *reader) unit() (rune, error) {
	b, err := r.Byte()
	if err != nil || b < 0x80 {
		return rune(b), err
	}
	n, c := 1, rune(b&0x1f)
	switch b >> 4 {
	case 0xc, 0xd:
	case 0xe:
		n, c = 2, rune(b&0x0f)
	default:
		return 0, fmt.Errorf("%#02x begins no character", b)
	}
	for range n {
		if b, err = r.Byte(); err != nil {
			return 0, err
		}
		if b>>6 != 2 {
			return 0, fmt.Errorf("%#02x continues no character", b)
		}
		c = c<<6 | rune(b&0x3f)
	}
	return c, nil
}
