package cbor

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// The major types.
const (
	unsigned = iota
	negative
	byteString
	textString
	array
	dict
	tag
	simple
)

// A head is what a data item begins with.
type head struct {
	major byte
	info  byte   // the five bits beside the major type
	arg   uint64 // the number, length, count or bits that info stands for or says the width of
	size  int
}

// endless reports whether h is of a length that a break ends.
func (h head) endless() bool { return h.info == 31 }

// headOf returns the head of src, which is well-formed.
func headOf(src []byte) head {
	h := head{major: src[0] >> 5, info: src[0] & 31, size: 1}
	switch h.info {
	case 24:
		h.arg, h.size = uint64(src[1]), 2
	case 25:
		h.arg, h.size = uint64(binary.BigEndian.Uint16(src[1:])), 3
	case 26:
		h.arg, h.size = uint64(binary.BigEndian.Uint32(src[1:])), 5
	case 27:
		h.arg, h.size = binary.BigEndian.Uint64(src[1:]), 9
	default:
		h.arg = uint64(h.info)
	}
	return h
}

// A dissector cuts a data item that is well-formed.
type dissector struct {
	codecs.Cutter
	src []byte
}

// Dissect cuts src as [codecs.Dissector] says.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) {
	d := dissector{src: src}
	err := c.dec.Wellformed(src)
	if err == nil {
		err = d.value(codecs.UntaggedOf(c.typ.Node))
	}
	return d.Done(len(src), err)
}

func (d *dissector) head() head { return headOf(d.src[d.At():]) }

func (d *dissector) value(u codecs.Untagged) error {
	h := d.head()
	end := d.At() + h.size
	switch h.major {
	case unsigned, negative:
		d.Cut(end, codecs.Value, integerText(u, h))
	case byteString, textString:
		d.text(u, h)
	case array:
		return d.array(u, h)
	case dict:
		return d.dict(u, h)
	case tag:
		d.Cut(end, codecs.Flag, fmt.Sprintf("tag %d", h.arg))
		return d.value(u)
	default:
		d.Cut(end, roleOf(h), simpleText(h))
	}
	return nil
}

// integerText returns what an integer says, which may be more than 64 bits hold.
func integerText(u codecs.Untagged, h head) string {
	switch {
	case h.arg <= math.MaxInt64 && h.major == unsigned:
		return u.Text(schemas.Long, h.arg, "")
	case h.arg <= math.MaxInt64:
		return u.Text(schemas.Long, ^h.arg, "")
	case h.major == unsigned:
		return strconv.FormatUint(h.arg, 10)
	case h.arg == math.MaxUint64:
		return "-18446744073709551616"
	}
	return "-" + strconv.FormatUint(h.arg+1, 10)
}

// roleOf returns the role of a simple value: 22 is null, 23 undefined.
func roleOf(h head) codecs.Role {
	if h.arg == 22 || h.arg == 23 {
		return codecs.Null
	}
	return codecs.Value
}

func simpleText(h head) string {
	switch h.info {
	case 20, 21:
		return access.ScalarJSON(schemas.Boolean, uint64(h.info-20), "")
	case 22:
		return "null"
	case 23:
		return "undefined"
	case 25:
		return access.ScalarJSON(schemas.Float, uint64(math.Float32bits(half(uint16(h.arg)))), "")
	case 26:
		return access.ScalarJSON(schemas.Float, h.arg, "")
	case 27:
		return access.ScalarJSON(schemas.Double, h.arg, "")
	}
	return fmt.Sprintf("simple value %d", h.arg)
}

// half returns the float that has the 16 bits.
func half(bits uint16) float32 {
	exp, frac := int(bits>>10&31), float64(bits&0x3ff)
	f := math.Ldexp(1024+frac, exp-25)
	switch {
	case exp == 0:
		f = math.Ldexp(frac, -24)
	case exp == 31 && frac == 0:
		f = math.Inf(1)
	case exp == 31:
		f = math.NaN()
	}
	if bits>>15 == 1 {
		f = -f
	}
	return float32(f)
}

// text cuts a string, which may come in chunks.
func (d *dissector) text(u codecs.Untagged, h head) {
	if !h.endless() {
		d.chunk(u, h, codecs.Value)
		return
	}
	d.Cut(d.At()+1, codecs.Length, "chunks")
	for !d.ended() {
		d.chunk(nil, d.head(), codecs.Value)
	}
}

// chunk cuts a string of a known length.
func (d *dissector) chunk(u codecs.Untagged, h head, role codecs.Role) {
	kind, begin := schemas.String, d.At()+h.size
	if h.major == byteString {
		kind = schemas.Bytes
	}
	end := begin + int(h.arg)
	said := string(d.src[begin:end])
	if role == codecs.Value {
		said = u.Text(kind, 0, said)
	}
	d.Cut(begin, codecs.Length, plural.Count(end-begin, "byte"))
	d.Cut(end, role, said)
}

// ended cuts a break, if one comes next.
func (d *dissector) ended() bool {
	if d.src[d.At()] != 0xff {
		return false
	}
	d.Cut(d.At()+1, codecs.Layout, "break")
	return true
}

// members cuts the head of an array or a map and calls member for each.
func (d *dissector) members(h head, name string, member func(i int) error) error {
	if h.endless() {
		d.Cut(d.At()+h.size, codecs.Length, name+"s up to a break")
	} else {
		d.Cut(d.At()+h.size, codecs.Length, plural.Count(int(h.arg), name))
	}
	for i := 0; h.endless() && !d.ended() || !h.endless() && i < int(h.arg); i++ {
		if err := member(i); err != nil {
			return err
		}
	}
	return nil
}

func (d *dissector) array(u codecs.Untagged, h head) error {
	items := u.Items(schemas.Array)
	return d.members(h, "element", func(i int) error {
		return d.Element(i, func() error { return d.value(items) })
	})
}

// dict cuts the fields of a record, or the entries of a map.
func (d *dissector) dict(u codecs.Untagged, h head) error {
	return d.members(h, "pair", func(int) error { return d.pair(u) })
}

// pair cuts a field, an entry of a map, or a field that the schema does not have, which a decoder passes.
func (d *dissector) pair(u codecs.Untagged) error {
	h, key := d.head(), ""
	named := h.major == textString && !h.endless()
	if named {
		begin := d.At() + h.size
		key = string(d.src[begin : begin+int(h.arg)])
	}
	name, field := u.Field(key, true)
	value := func() error {
		d.chunk(nil, h, codecs.FieldName)
		return d.value(field)
	}
	switch {
	case named && name != "":
		return d.Field(name, value)
	case named && !u.Is(schemas.Map):
		return d.Entry(key, value)
	}
	if err := d.Key(func() error { return d.value(nil) }); err != nil {
		return err
	}
	return d.Entry(key, func() error { return d.value(u.Items(schemas.Map)) })
}
