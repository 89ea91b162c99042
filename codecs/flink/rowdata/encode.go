package rowdata

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

var le = binary.LittleEndian

func (c *codec) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// row writes the record at v. The common types are here, and not behind a call.
func (c *codec) row(dst []byte, r *row, v access.Ref) []byte {
	base := len(dst)
	dst = append(dst, r.blank...)
	steps := r.steps
	for i := range steps {
		s := &steps[i]
		at, x := base+s.slot, v.At(s.off)
		switch s.form {
		case bigint:
			le.PutUint64(dst[at:], uint64(x.Long()))
			continue
		case integer:
			le.PutUint32(dst[at:], uint32(x.Int()))
			continue
		case double:
			le.PutUint64(dst[at:], math.Float64bits(x.Double()))
			continue
		case boolean:
			if x.Bool() {
				dst[at] = 1
			}
			continue
		case text:
			dst = putText(dst, base, at, x.Text())
			continue
		case pointer:
			if x = x.Deref(); x.Nil() {
				dst[base+s.null] |= s.bit
				continue
			}
			if s.col.form == text {
				dst = putText(dst, base, at, x.Text())
				continue
			}
			dst = c.put(dst, base, at, s.col, x)
		case binaries:
			dst = putBytes(dst, base, at, s.col.bytes(x))
			continue
		case enum:
			dst = c.symbol(dst, base, at, s.col, x.Text())
		case rowForm:
			dst = finish(c.row(dst, s.col.row, x), base, at, len(dst))
		case array:
			first, n := x.Slice()
			dst = finish(c.array(dst, s.col.elem, first, n, s.col.size), base, at, len(dst))
		case other:
			dst = c.putField(dst, base, s, x)
		default:
			dst = c.put(dst, base, at, s.col, x)
		}
		if c.err != nil {
			c.err = fmt.Errorf("%s: %w", s.name, c.err)
			return dst
		}
	}
	return dst
}

// putField writes the field at r of the row at base, if it is not null.
func (c *codec) putField(dst []byte, base int, s *step, r access.Ref) []byte {
	v, null := c.load(s.col, r)
	if null {
		dst[base+s.null] |= s.bit
		return dst
	}
	return c.put(dst, base, base+s.slot, s.col, v)
}

// load returns the value of a column at r, or whether there is none.
func (c *codec) load(col *column, r access.Ref) (access.Ref, bool) {
	v, null, err := col.load(r)
	if err != nil {
		c.fail(err)
	}
	return v, null
}

// put writes the value at v to offset at of dst, which is zero there, and behind dst. Base is where the row or the array
// around it begins.
func (c *codec) put(dst []byte, base, at int, col *column, v access.Ref) []byte {
	switch col.form {
	case boolean:
		if v.Bool() {
			dst[at] = 1
		}
	case tinyint:
		dst[at] = byte(c.narrow(col, v.Int()))
	case smallint:
		le.PutUint16(dst[at:], uint16(c.narrow(col, v.Int())))
	case integer:
		le.PutUint32(dst[at:], uint32(v.Int()))
	case bigint:
		le.PutUint64(dst[at:], uint64(v.Long()))
	case float:
		le.PutUint32(dst[at:], math.Float32bits(v.Float()))
	case double:
		le.PutUint64(dst[at:], math.Float64bits(v.Double()))
	case text:
		return putText(dst, base, at, v.Text())
	case rowForm:
		return finish(c.row(dst, col.row, v), base, at, len(dst))
	case array:
		first, n := v.Slice()
		return finish(c.array(dst, col.elem, first, n, col.size), base, at, len(dst))
	default:
		return c.putOther(dst, base, at, col, v)
	}
	return dst
}

func (c *codec) putOther(dst []byte, base, at int, col *column, v access.Ref) []byte {
	start := len(dst)
	switch col.form {
	case timeMillis:
		le.PutUint32(dst[at:], c.timeOfDay(col, int64(v.Int())))
	case timeMicros:
		le.PutUint32(dst[at:], c.timeOfDay(col, v.Long()))
	case smallDecimal:
		x, _ := c.decimal(col, v)
		le.PutUint64(dst[at:], x.lo)
	case largeDecimal:
		return c.largeDecimal(dst, base, at, col, v)
	case micros:
		return putMicros(dst, base, at, v.Long())
	case enum:
		return c.symbol(dst, base, at, col, v.Text())
	case binaries:
		return putBytes(dst, base, at, col.bytes(v))
	case mapForm:
		dst = c.entries(dst, col, v)
		size := len(dst) - start
		return blank(finish(dst, base, at, start), round8(size)-size)
	}
	return dst
}

// symbol writes the symbol of an enum.
func (c *codec) symbol(dst []byte, base, at int, col *column, s string) []byte {
	if !slices.Contains(col.t.Value.Node.Symbols, s) {
		c.fail(fmt.Errorf("%q is no symbol of %s", s, col.t.Name))
	}
	return putText(dst, base, at, s)
}

// bytes returns the bytes at v, which belong to the record.
func (col *column) bytes(v access.Ref) []byte {
	if size, ok := col.t.FixedSize(); ok {
		return v.Fixed(size)
	}
	return v.Bytes()
}

func (c *codec) narrow(col *column, v int32) int32 {
	if err := javatype.Narrow(col.t.Class, v); err != nil {
		c.fail(err)
	}
	return v
}

// timeOfDay returns the millisecond of day of v units.
func (c *codec) timeOfDay(col *column, v int64) uint32 {
	nanos, err := col.t.CheckNanoOfDay(v)
	if err != nil {
		c.fail(err)
	}
	return uint32(nanos / 1e6)
}

// decimal returns the unscaled value of the decimal at v and its bytes, of which there are as few as it takes. Flink
// makes null of one that has more digits than its type, even where null is not allowed.
func (c *codec) decimal(col *column, v access.Ref) (wide, []byte) {
	b := javatype.Minimal(col.bytes(v))
	if len(b) <= 16 {
		if x := wideOf(b); x.within(col.limit) {
			return x, b
		}
	}
	c.fail(fmt.Errorf("%x is a decimal of more than %d digits", b, col.t.Value.Node.Precision))
	return wide{}, nil
}

// largeSize are the bytes that a decimal of more than 18 digits takes in the variable part.
const largeSize = 16

func (c *codec) largeDecimal(dst []byte, base, at int, col *column, v access.Ref) []byte {
	_, b := c.decimal(col, v)
	putSlot(dst, at, len(b), len(dst)-base)
	start := len(dst)
	dst = blank(dst, largeSize)
	copy(dst[start:], b)
	return dst
}

// putMicros writes a TIMESTAMP(6): the nanosecond of the millisecond, and the millisecond in the variable part.
func putMicros(dst []byte, base, at int, v int64) []byte {
	milli, micro := v/1000, v%1000
	if micro < 0 {
		milli, micro = milli-1, micro+1000
	}
	putSlot(dst, at, int(micro*1000), len(dst)-base)
	return le.AppendUint64(dst, uint64(milli))
}

// putSlot writes a size and an offset.
func putSlot(dst []byte, at, size, offset int) {
	le.PutUint64(dst[at:], uint64(uint32(size))|uint64(offset)<<32)
}

// finish writes the slot of what was appended from start on.
func finish(dst []byte, base, at, start int) []byte {
	putSlot(dst, at, len(dst)-start, start-base)
	return dst
}

// round8 returns the least multiple of 8 that is not below n.
func round8(n int) int { return (n + 7) &^ 7 }

// blank appends n zeros.
func blank(dst []byte, n int) []byte {
	end := len(dst) + n
	if end > cap(dst) {
		dst = slices.Grow(dst, n)
	}
	clear(dst[len(dst):end])
	return dst[:end]
}

const (
	maxInline  = 7    // bytes that lie in a slot
	inlineMark = 0x80 // plus their number: the last byte of the slot
)

// putText writes a string: up to 7 bytes into the slot, others behind dst.
func putText(dst []byte, base, at int, s string) []byte {
	n := len(s)
	if n <= maxInline {
		le.PutUint64(dst[at:], inline(s)|uint64(inlineMark|n)<<56)
		return dst
	}
	start := len(dst)
	end := start + round8(n)
	if end > cap(dst) {
		dst = slices.Grow(dst, end-start)
	}
	dst = dst[:end]
	putSlot(dst, at, n, start-base)
	le.PutUint64(dst[end-8:], 0)
	copy(dst[start:], s)
	return dst
}

// putBytes is putText of bytes.
func putBytes(dst []byte, base, at int, b []byte) []byte {
	n := len(b)
	if n <= maxInline {
		copy(dst[at:], b)
		dst[at+maxInline] = inlineMark | byte(n)
		return dst
	}
	start := len(dst)
	putSlot(dst, at, n, start-base)
	dst = blank(dst, round8(n))
	copy(dst[start:], b)
	return dst
}

// inline returns up to 7 bytes as a number. It takes some bytes twice.
func inline(s string) uint64 {
	n := len(s)
	switch {
	case n >= 4:
		return half(s) | half(s[n-4:])<<(8*(n-4))
	case n > 0:
		return uint64(s[0]) | uint64(s[n>>1])<<(8*(n>>1)) | uint64(s[n-1])<<(8*(n-1))
	}
	return 0
}

// half returns the first 4 bytes of s as a number; the compiler makes one load of it.
func half(s string) uint64 {
	s = s[:4]
	return uint64(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
}

// arrayHead returns the bytes before the n elements of an array.
func arrayHead(n int) int { return 4 + (n+31)/32*4 }

// newArray appends an array of n elements of so many bytes, all zero, and returns where the first lies.
func newArray(dst []byte, n, width int) (_ []byte, at int) {
	base, head := len(dst), arrayHead(n)
	dst = blank(dst, round8(head+n*width))
	le.PutUint32(dst[base:], uint32(n))
	return dst, base + head
}

// array writes n elements, which lie size apart from first on.
func (c *codec) array(dst []byte, el *column, first access.Ref, n int, size uintptr) []byte {
	base := len(dst)
	dst, at := newArray(dst, n, el.width)
	switch {
	case !el.plain:
	case el.form == text:
		for i := range n {
			dst = putText(dst, base, at+8*i, first.At(uintptr(i)*size).Text())
		}
		return dst
	case el.form == rowForm:
		for i := 0; i < n && c.err == nil; i++ {
			dst = finish(c.row(dst, el.row, first.At(uintptr(i)*size)), base, at+8*i, len(dst))
		}
		return dst
	}
	for i := 0; i < n && c.err == nil; i++ {
		dst = c.element(dst, base, at, i, el, first.At(uintptr(i)*size))
	}
	return dst
}

// element writes the element at r to place i of the array at base, whose first lies at offset at.
func (c *codec) element(dst []byte, base, at, i int, el *column, r access.Ref) []byte {
	v, null := c.load(el, r)
	if null {
		dst[base+4+i/8] |= 1 << (i % 8)
		return dst
	}
	return c.put(dst, base, at+i*el.width, el, v)
}

// entries writes a map in the order of a HashMap.
func (c *codec) entries(dst []byte, col *column, r access.Ref) []byte {
	m := col.maps.Load(col.t.Value, r)
	defer col.maps.Done()
	start, n := len(dst), m.Len()
	dst = blank(dst, 4)
	base := len(dst)
	dst, at := newArray(dst, n, widthOf[text])
	for i := range n {
		key, _ := m.Entry(i)
		dst = putText(dst, base, at+8*i, key)
	}
	le.PutUint32(dst[start:], uint32(len(dst)-base))
	base = len(dst)
	dst, at = newArray(dst, n, col.elem.width)
	for i := 0; i < n && c.err == nil; i++ {
		_, v := m.Entry(i)
		dst = c.element(dst, base, at, i, col.elem, v)
	}
	return dst
}
