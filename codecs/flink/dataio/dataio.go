// Package dataio is the primitive layer below Flink's serializers: DataOutputSerializer and StringValue of Flink, the
// same in 1.20 to 2.3. Multi-byte values are big-endian; every NaN is written as Java's canonical one.
//
// Writing is appending to a slice. Reading is a [Reader] that trusts nothing: no length is believed before as much input
// is seen to be left.
package dataio

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf16"
	"unicode/utf8"
)

// ErrShort is wrapped by errors that say: the input ends within a value.
var ErrShort = errors.New("the input ends within a value")

// AppendBool appends a boolean, 00 or 01.
func AppendBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, 1)
	}
	return append(dst, 0)
}

// AppendInt appends an int.
func AppendInt(dst []byte, v int32) []byte { return binary.BigEndian.AppendUint32(dst, uint32(v)) }

// AppendLong appends a long.
func AppendLong(dst []byte, v int64) []byte { return binary.BigEndian.AppendUint64(dst, uint64(v)) }

// AppendFloat appends a float.
func AppendFloat(dst []byte, v float32) []byte {
	return binary.BigEndian.AppendUint32(dst, FloatBits(v))
}

// AppendDouble appends a double.
func AppendDouble(dst []byte, v float64) []byte {
	return binary.BigEndian.AppendUint64(dst, DoubleBits(v))
}

// FloatBits is Float.floatToIntBits.
func FloatBits(v float32) uint32 {
	if v != v {
		return 0x7fc00000
	}
	return math.Float32bits(v)
}

// DoubleBits is Double.doubleToLongBits.
func DoubleBits(v float64) uint64 {
	if v != v {
		return 0x7ff8000000000000
	}
	return math.Float64bits(v)
}

// AppendLeb appends an unsigned LEB128 number: 7 bits a byte, the low ones first.
func AppendLeb(dst []byte, v uint32) []byte {
	for v >= 0x80 {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v))
}

// AppendString appends a string that is not null, as StringValue.writeString does: the number of UTF-16 units plus one,
// and each unit, in LEB128. Null is the single byte 00.
func AppendString(dst []byte, s string) []byte {
	switch n := len(s); {
	case n >= 0x7f:
	case n > 8:
		if IsASCII(s) {
			return append(append(dst, byte(n)+1), s...)
		}
	case n >= 4:
		if lo, hi := Halves(s); (lo|hi)&highHalf == 0 {
			return AppendHalves(append(dst, byte(n)+1), lo, hi, n)
		}
	case n == 3:
		if a, b, c := s[0], s[1], s[2]; a|b|c < 0x80 {
			return append(dst, 4, a, b, c)
		}
	}
	return appendAny(dst, s)
}

// AppendMarked appends a byte and a string: together they need to look for room only once.
func AppendMarked(dst []byte, mark byte, s string) []byte {
	switch n := len(s); {
	case n >= 0x7f:
	case n > 8:
		if IsASCII(s) {
			return append(append(dst, mark, byte(n)+1), s...)
		}
	case n >= 4:
		if lo, hi := Halves(s); (lo|hi)&highHalf == 0 {
			return AppendHalves(append(dst, mark, byte(n)+1), lo, hi, n)
		}
	case n == 3:
		if a, b, c := s[0], s[1], s[2]; a|b|c < 0x80 {
			return append(dst, mark, 4, a, b, c)
		}
	}
	return appendAny(append(dst, mark), s)
}

// Halves returns the first four and the last four bytes of s, which has 4 to 8 of them, the first byte lowest. Short
// strings are most of many records, and two halves cost less than the call of a copy.
func Halves(s string) (lo, hi uint32) { return half(s, 0), half(s, len(s)-4) }

// AppendHalves appends n bytes, of 4 to 8, whose Halves are lo and hi.
func AppendHalves(dst []byte, lo, hi uint32, n int) []byte {
	dst = binary.LittleEndian.AppendUint32(dst, lo)
	return binary.LittleEndian.AppendUint32(dst[:len(dst)+n-8], hi)
}

// highBits are the bits that no ASCII byte has.
const (
	highBits = 0x8080808080808080
	highHalf = 0x80808080
)

// word returns bytes i to i+8 of s; the compiler makes one load of it.
func word(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// half is word of 4 bytes.
func half(s string, i int) uint32 {
	s = s[i : i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// IsASCII reports whether s is ASCII. It looks at some bytes twice rather than at each alone.
func IsASCII(s string) bool {
	n := len(s)
	switch {
	case n >= 8:
		bits := word(s, n-8)
		for i := 0; i < n-8; i += 8 {
			bits |= word(s, i)
		}
		return bits&highBits == 0
	case n >= 4:
		return (half(s, 0)|half(s, n-4))&highHalf == 0
	case n > 0:
		return s[0]|s[n>>1]|s[n-1] < 0x80
	}
	return true
}

// appendAny is AppendString without the shorter way.
func appendAny(dst []byte, s string) []byte {
	n := ASCII(s)
	if n < len(s) {
		return appendWide(dst, s, n)
	}
	return append(AppendLeb(dst, uint32(n)+1), s...)
}

// appendWide is AppendString of a string of which only the first n bytes are known to be ASCII.
func appendWide(dst []byte, s string, n int) []byte {
	dst = AppendLeb(dst, uint32(n+Units(s[n:]))+1)
	dst = append(dst, s[:n]...)
	for _, r := range s[n:] {
		switch {
		case r < 0x80:
			dst = append(dst, byte(r))
		case r < 0x10000:
			dst = AppendLeb(dst, uint32(r))
		default:
			hi, lo := utf16.EncodeRune(r)
			dst = AppendLeb(AppendLeb(dst, uint32(hi)), uint32(lo))
		}
	}
	return dst
}

// ASCII returns how many bytes at the beginning of s are ASCII.
func ASCII(s string) int {
	i := 0
	for ; len(s)-i >= 8 && word(s, i)&highBits == 0; i += 8 {
	}
	for ; i < len(s) && s[i] < 0x80; i++ {
	}
	return i
}

// Units returns the number of UTF-16 units of s.
func Units(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x10000 {
			n++
		}
	}
	return n
}

// A Reader reads from a slice. The zero Reader is empty; set it with Reset.
type Reader struct {
	src     []byte
	off     int
	scratch []byte
}

// Reset makes r read src, which it retains until the next Reset.
func (r *Reader) Reset(src []byte) { r.src, r.off = src, 0 }

// Left returns the number of bytes that are left.
func (r *Reader) Left() int { return len(r.src) - r.off }

// Offset returns the number of bytes read.
func (r *Reader) Offset() int { return r.off }

// Take reads n bytes, which belong to the source.
func (r *Reader) Take(n int) ([]byte, error) {
	if n < 0 || n > len(r.src)-r.off {
		return nil, fmt.Errorf("%w: %d bytes are wanted and %d are left", ErrShort, n, r.Left())
	}
	b := r.src[r.off : r.off+n]
	r.off += n
	return b, nil
}

// Byte reads one byte.
func (r *Reader) Byte() (byte, error) {
	if r.off >= len(r.src) {
		return 0, ErrShort
	}
	b := r.src[r.off]
	r.off++
	return b, nil
}

// Accept reads the next byte if it is b, and reports whether it was.
func (r *Reader) Accept(b byte) bool {
	if r.off < len(r.src) && r.src[r.off] == b {
		r.off++
		return true
	}
	return false
}

// Bool reads a boolean, which must be 00 or 01.
func (r *Reader) Bool() (bool, error) {
	b, err := r.Byte()
	if err == nil && b > 1 {
		err = fmt.Errorf("%#02x is no boolean", b)
	}
	return b == 1, err
}

// Short reads a short.
func (r *Reader) Short() (int16, error) {
	b, err := r.Take(2)
	if err != nil {
		return 0, err
	}
	return int16(binary.BigEndian.Uint16(b)), nil
}

// Int reads an int.
func (r *Reader) Int() (int32, error) {
	if len(r.src)-r.off < 4 {
		return 0, ErrShort
	}
	r.off += 4
	return int32(binary.BigEndian.Uint32(r.src[r.off-4:])), nil
}

// Long reads a long.
func (r *Reader) Long() (int64, error) {
	if len(r.src)-r.off < 8 {
		return 0, ErrShort
	}
	r.off += 8
	return int64(binary.BigEndian.Uint64(r.src[r.off-8:])), nil
}

// Count reads the u32 number of elements that take at least least bytes each.
func (r *Reader) Count(least int) (int, error) {
	n, err := r.Int()
	if err == nil && (n < 0 || int64(n)*int64(max(least, 1)) > int64(r.Left())) {
		err = fmt.Errorf("%w: %d elements are announced and %d bytes are left", ErrShort, n, r.Left())
	}
	return int(n), err
}

// Leb reads an unsigned LEB128 number of 32 bits.
func (r *Reader) Leb() (uint32, error) {
	if r.off < len(r.src) && r.src[r.off] < 0x80 {
		r.off++
		return uint32(r.src[r.off-1]), nil
	}
	var v uint64
	for shift := 0; shift < 35; shift += 7 {
		b, err := r.Byte()
		if err != nil {
			return 0, err
		}
		v |= uint64(b&0x7f) << shift
		if b < 0x80 {
			if v > math.MaxUint32 {
				break
			}
			return uint32(v), nil
		}
	}
	return 0, errors.New("a LEB128 number is over 32 bits")
}

// String reads a string. Null is an error: it has its own flag wherever it is legal, or is asked for with NullString.
func (r *Reader) String() (string, error) {
	if rest := r.src[r.off:]; len(rest) > 0 && rest[0]-1 < 0x7f { // up to 126 units: the length is one byte
		if n := int(rest[0]); n <= len(rest) && ASCIIBytes(rest[1:n]) == n-1 {
			r.off += n
			return string(rest[1:n]), nil
		}
	}
	s, null, err := r.NullString()
	if err == nil && null {
		err = errors.New("the string is null")
	}
	return s, err
}

// NullString reads a string that may be null.
func (r *Reader) NullString() (s string, null bool, err error) {
	n, err := r.Leb()
	if err != nil || n == 0 {
		return "", n == 0, err
	}
	units := int(n - 1)
	if units > r.Left() {
		return "", false, fmt.Errorf("%w: a string of %d characters and %d bytes are left", ErrShort, units, r.Left())
	}
	b := r.src[r.off : r.off+units]
	if ascii := ASCIIBytes(b); ascii < units {
		s, err := r.wide(ascii, units)
		return s, false, err
	}
	r.off += units
	return string(b), false, nil
}

// ASCIIBytes returns how many bytes at the beginning of b are ASCII.
func ASCIIBytes(b []byte) int {
	i := 0
	for ; len(b)-i >= 8; i += 8 {
		if binary.LittleEndian.Uint64(b[i:])&highBits != 0 {
			break
		}
	}
	for ; i < len(b) && b[i] < 0x80; i++ {
	}
	return i
}

// wide reads a string of so many units, of which the first ascii ones are ASCII.
func (r *Reader) wide(ascii, units int) (string, error) {
	r.scratch = append(r.scratch[:0], r.src[r.off:r.off+ascii]...)
	r.off += ascii
	for i := ascii; i < units; i++ {
		c, err := r.unit()
		if err != nil {
			return "", err
		}
		if !utf16.IsSurrogate(c) {
			r.scratch = utf8.AppendRune(r.scratch, c)
			continue
		}
		if i++; i == units {
			return "", errSurrogate
		}
		lo, err := r.unit()
		if err != nil {
			return "", err
		}
		pair := utf16.DecodeRune(c, lo)
		if pair == utf8.RuneError {
			return "", errSurrogate
		}
		r.scratch = utf8.AppendRune(r.scratch, pair)
	}
	return string(r.scratch), nil
}

var errSurrogate = errors.New("a string has half of a surrogate pair, which Go strings cannot hold")

func (r *Reader) unit() (rune, error) {
	v, err := r.Leb()
	if err == nil && v > 0xffff {
		err = fmt.Errorf("%#x is no UTF-16 unit", v)
	}
	return rune(v), err
}

// Rest returns the bytes that are left. They belong to the source.
func (r *Reader) Rest() []byte { return r.src[r.off:] }

// Skip passes over n bytes, of which so many must be left.
func (r *Reader) Skip(n int) { r.off += n }

// Seek makes offset off, of the source, the next to read.
func (r *Reader) Seek(off int) { r.off = off }

// Peek returns the next n bytes, which belong to the source, and does not read them.
func (r *Reader) Peek(n int) ([]byte, error) {
	b, err := r.Take(n)
	r.off -= len(b)
	return b, err
}
