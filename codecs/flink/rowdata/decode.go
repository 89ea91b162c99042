package rowdata

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

var (
	errUTF8    = errors.New("a string is not UTF-8")
	errNull    = errors.New("a null has a value")
	errPadding = errors.New("padding that is not zero")
)

// A part is a row or an array of the input. What is in its variable part lies in the order of the fields, without gaps:
// so no byte is read twice, and what is read is no more than the input.
type part struct {
	b    []byte
	next int // where in b the next value of the variable part begins
}

// take returns the next size bytes of the variable part, which a slot says to lie at off, and passes over their padding.
func (p *part) take(size, off int) ([]byte, error) {
	left := len(p.b) - p.next
	if off != p.next || size < 0 || round8(size) > left {
		return nil, fmt.Errorf("%d bytes at %d, where %d are left from %d on", size, off, left, p.next)
	}
	p.next += round8(size)
	if used := size % 8; used != 0 && le.Uint64(p.b[p.next-8:])>>(8*used) != 0 {
		return nil, errPadding
	}
	return p.b[off : off+size], nil
}

// done reports an error if there is something behind the variable part.
func (p *part) done() error {
	if n := len(p.b) - p.next; n > 0 {
		return fmt.Errorf("%d bytes are left in it", n)
	}
	return nil
}

// slot returns the two halves of a slot.
func slot(b []byte) (size, off int) {
	x := le.Uint64(b)
	return int(uint32(x)), int(x >> 32)
}

// nested returns what a slot points to.
func (p *part) nested(b []byte) ([]byte, error) {
	size, off := slot(b)
	return p.take(size, off)
}

// text returns the bytes of a string or of bytes.
func (p *part) text(b []byte) ([]byte, error) {
	x := le.Uint64(b)
	if mark := byte(x >> 56); mark >= inlineMark {
		n := int(mark &^ inlineMark)
		if n > maxInline || x<<8>>8>>(8*n) != 0 {
			return nil, fmt.Errorf("%x is no text in a slot", b)
		}
		return b[:n], nil
	}
	size := int(uint32(x))
	if size <= maxInline {
		return nil, fmt.Errorf("a text of %d bytes that is not in its slot", size)
	}
	return p.take(size, int(x>>32))
}

func (p *part) string(b []byte) (string, error) {
	b, err := p.text(b)
	if err == nil && !utf8.Valid(b) {
		err = errUTF8
	}
	return string(b), err
}

// unused reports whether the bits of b from bit n on are zero.
func unused(b []byte, n int) bool {
	if n%8 != 0 && b[n/8]>>(n%8) != 0 {
		return false
	}
	for _, x := range b[min((n+7)/8, len(b)):] {
		if x != 0 {
			return false
		}
	}
	return true
}

// read reads row b to the record at v.
func (r *row) read(b []byte, v access.Ref) error {
	switch {
	case len(b) < len(r.blank):
		return fmt.Errorf("%w: a row of %d columns in %d bytes", dataio.ErrShort, len(r.steps), len(b))
	case b[0] != 0:
		return fmt.Errorf("a row of kind %d, no insert", b[0])
	case !unused(b[:r.head], 8+len(r.steps)):
		return errNull
	}
	p := part{b, len(r.blank)}
	for i := range r.steps {
		s := &r.steps[i]
		if err := s.read(&p, v.At(s.off)); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return p.done()
}

// read reads a field to v. The common types are here, and not behind calls.
func (s *step) read(p *part, v access.Ref) error {
	b := p.b[s.slot : s.slot+8]
	x := le.Uint64(b)
	switch {
	case p.b[s.null]&s.bit != 0:
		if x != 0 {
			return errNull
		}
		return s.col.t.StoreNull(v)
	case s.form >= pointer:
		v = s.col.t.Store(v)
	}
	switch s.col.form {
	case bigint:
		v.SetLong(int64(x))
		return nil
	case text:
		str, err := p.string(b)
		v.SetText(str)
		return err
	}
	if s.col.width < 8 && x>>(8*s.col.width) != 0 {
		return errPadding
	}
	return s.col.read(p, b, v)
}

// read reads the value in slot or element b to v.
func (col *column) read(p *part, b []byte, v access.Ref) error {
	switch col.form {
	case bigint:
		v.SetLong(int64(le.Uint64(b)))
	case integer:
		v.SetInt(int32(le.Uint32(b)))
	case text:
		s, err := p.string(b)
		v.SetText(s)
		return err
	case double:
		v.SetDouble(math.Float64frombits(le.Uint64(b)))
	case float:
		v.SetFloat(math.Float32frombits(le.Uint32(b)))
	case boolean:
		if b[0] > 1 {
			return fmt.Errorf("%#02x is no boolean", b[0])
		}
		v.SetBool(b[0] == 1)
	case tinyint:
		v.SetInt(int32(int8(b[0])))
	case smallint:
		v.SetInt(int32(int16(le.Uint16(b))))
	case rowForm:
		in, err := p.nested(b)
		if err != nil {
			return err
		}
		return col.row.read(in, v)
	default:
		return col.readOther(p, b, v)
	}
	return nil
}

func (col *column) readOther(p *part, b []byte, v access.Ref) error {
	switch col.form {
	case enum:
		return col.readSymbol(p, b, v)
	case binaries:
		x, err := p.text(b)
		if err != nil {
			return err
		}
		return col.t.SetBytes(v, x)
	case array, mapForm:
		in, err := p.nested(b)
		if err != nil {
			return err
		}
		if col.form == mapForm {
			return col.readMap(in, v)
		}
		return col.readArray(in, v)
	case micros:
		return readMicros(p, b, v)
	case smallDecimal:
		x := le.Uint64(b)
		return col.setDecimal(v, wide{uint64(int64(x) >> 63), x})
	case largeDecimal:
		return col.readLarge(p, b, v)
	}
	return col.readTime(int64(int32(le.Uint32(b))), v)
}

func (col *column) readSymbol(p *part, b []byte, v access.Ref) error {
	x, err := p.text(b)
	if err != nil {
		return err
	}
	for _, s := range col.t.Value.Node.Symbols {
		if s == string(x) {
			v.SetText(s)
			return nil
		}
	}
	return fmt.Errorf("%s has no symbol %q", col.t.Name, x)
}

// readTime puts a time of day at v, from its milliseconds.
func (col *column) readTime(milli int64, v access.Ref) error {
	if milli < 0 || milli >= javatype.SecondsPerDay*1000 {
		return fmt.Errorf("%d is no time of day", milli)
	}
	if col.form == timeMillis {
		v.SetInt(int32(milli))
	} else {
		v.SetLong(milli * 1000)
	}
	return nil
}

func readMicros(p *part, b []byte, v access.Ref) error {
	nanos, off := slot(b)
	x, err := p.take(8, off)
	if err != nil {
		return err
	}
	if nanos > 999_000 || nanos%1000 != 0 {
		return fmt.Errorf("%d nanoseconds of a millisecond do not fit microseconds", nanos)
	}
	milli := int64(le.Uint64(x))
	if milli < math.MinInt64/1000-1 || milli > math.MaxInt64/1000 {
		return fmt.Errorf("%d milliseconds do not fit microseconds", milli)
	}
	sum := milli*1000 + int64(nanos)/1000
	if sum>>63 != milli>>63 { // it wrapped around
		return fmt.Errorf("%d milliseconds do not fit microseconds", milli)
	}
	v.SetLong(sum)
	return nil
}

// setDecimal puts a decimal at v.
func (col *column) setDecimal(v access.Ref, x wide) error {
	if !x.within(col.limit) {
		return fmt.Errorf("a decimal of more than %d digits", col.t.Value.Node.Precision)
	}
	var b [largeSize]byte
	for i := range 8 {
		b[i], b[8+i] = byte(x.hi>>(56-8*i)), byte(x.lo>>(56-8*i))
	}
	return col.t.SetDecimal(v, b[:], int32(col.t.Value.Node.Scale))
}

func (col *column) readLarge(p *part, b []byte, v access.Ref) error {
	size, off := slot(b)
	x, err := p.take(largeSize, off)
	if err != nil {
		return err
	}
	if size < 1 || size > largeSize || len(javatype.Minimal(x[:size])) != size {
		return fmt.Errorf("%x is no decimal of %d bytes", x, size)
	}
	if !unused(x, 8*size) {
		return errPadding
	}
	return col.setDecimal(v, wideOf(x[:size]))
}

// An elements is an array of the input: n elements of so many bytes, the first at offset at.
type elements struct {
	part
	n, width, at int
}

// newElements takes array b apart. An element has width bytes, and at least so many in the variable part: what is made for
// them in memory is bounded by the input.
func newElements(b []byte, width, least int) (elements, error) {
	if len(b) < 4 {
		return elements{}, fmt.Errorf("%w: an array of %d bytes", dataio.ErrShort, len(b))
	}
	n := int(int32(le.Uint32(b)))
	if n < 0 || n > len(b) || round8(arrayHead(n)+n*width) > len(b) {
		return elements{}, fmt.Errorf("%w: %d elements in %d bytes", dataio.ErrShort, n, len(b))
	}
	head := arrayHead(n)
	end := head + n*width
	e := elements{part{b, round8(end)}, n, width, head}
	switch {
	case !unused(b[4:head], n):
		return e, errNull
	case !unused(b[:e.next], 8*end):
		return e, errPadding
	case n*least > len(b)-e.next:
		return e, fmt.Errorf("%w: %d elements of at least %d bytes each, and %d are left", dataio.ErrShort, n, least, len(b)-e.next)
	}
	return e, nil
}

// null reports whether element i is null.
func (e *elements) null(i int) bool { return e.b[4+i/8]>>(i%8)&1 != 0 }

// element returns element i.
func (e *elements) element(i int) []byte { return e.b[e.at+i*e.width : e.at+(i+1)*e.width] }

// read reads element i, of column el, to the place at r.
func (e *elements) read(el *column, i int, r access.Ref) error {
	b := e.element(i)
	if !e.null(i) {
		return el.read(&e.part, b, el.store(r))
	}
	if !unused(b, 0) {
		return errNull
	}
	return el.t.StoreNull(r)
}

func (col *column) readArray(b []byte, v access.Ref) error {
	e, err := newElements(b, col.elem.width, col.elem.least)
	if err != nil {
		return err
	}
	first := col.t.Value.MakeSlice(v, e.n)
	for i := range e.n {
		if err := e.read(col.elem, i, first.At(uintptr(i)*col.size)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return e.done()
}

// parts returns the keys and the values of map b.
func (col *column) parts(b []byte) (keys, values elements, err error) {
	if len(b) < 4 {
		return keys, values, fmt.Errorf("%w: a map of %d bytes", dataio.ErrShort, len(b))
	}
	size, b := int64(le.Uint32(b)), b[4:]
	if size > int64(len(b)) {
		return keys, values, fmt.Errorf("%w: %d bytes of keys in %d", dataio.ErrShort, size, len(b))
	}
	if keys, err = newElements(b[:size], widthOf[text], 0); err != nil {
		return keys, values, fmt.Errorf("the keys: %w", err)
	}
	if values, err = newElements(b[size:], col.elem.width, col.elem.least); err == nil && values.n != keys.n {
		err = fmt.Errorf("%d keys and %d values", keys.n, values.n)
	}
	return keys, values, err
}

func (col *column) readMap(b []byte, v access.Ref) error {
	keys, values, err := col.parts(b)
	if err != nil {
		return err
	}
	m := col.t.Value
	m.MakeMap(v, keys.n)
	if keys.n > 0 {
		if err := col.readEntries(&keys, &values, v); err != nil {
			return err
		}
	}
	return errors.Join(keys.done(), values.done())
}

func (col *column) readEntries(keys, values *elements, v access.Ref) error {
	value := col.elem.t.Slot.Alloc()
	for i := range keys.n {
		if keys.null(i) {
			return errors.New("a map's key is null")
		}
		key, err := keys.string(keys.element(i))
		if err != nil {
			return fmt.Errorf("a key: %w", err)
		}
		if err := values.read(col.elem, i, value); err != nil {
			return fmt.Errorf("{%s}: %w", key, err)
		}
		if !col.t.Value.Put(v, key, value) {
			return fmt.Errorf("key %q stands twice", key)
		}
	}
	return nil
}
