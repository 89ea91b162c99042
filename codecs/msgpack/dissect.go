package msgpack

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A dissector cuts a value that was scanned, so that no head or length leads behind its end.
type dissector struct {
	codecs.Cutter
	src []byte
}

// Dissect cuts src as [codecs.Dissector] says.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) { return dissect(c.typ.Node, src) }

// Dissect cuts src as [codecs.Dissector] says.
func (c *msgpCodec) Dissect(src []byte) ([]codecs.Part, error) { return dissect(c.typ.Node, src) }

func dissect(root *schemas.Node, src []byte) ([]codecs.Part, error) {
	d := dissector{src: src}
	err := scan(src)
	if err == nil {
		err = d.value(codecs.UntaggedOf(root))
	}
	return d.Done(len(src), err)
}

// A kind is what a value is by its first byte.
type kind uint8

const (
	scalar kind = iota
	null
	text
	binaries
	list
	dict
)

func kindOf(c byte) kind {
	switch {
	case c == 0xc0:
		return null
	case c >= 0xa0 && c <= 0xbf || c >= 0xd9 && c <= 0xdb:
		return text
	case c >= 0xc4 && c <= 0xc6:
		return binaries
	case c >= 0x90 && c <= 0x9f || c == 0xdc || c == 0xdd:
		return list
	case c >= 0x80 && c <= 0x8f || c == 0xde || c == 0xdf:
		return dict
	}
	return scalar
}

func (d *dissector) value(u codecs.Untagged) error {
	src := d.src[d.At():]
	size, children, err := head(src)
	if err != nil {
		return err
	}
	end := d.At() + size
	switch kindOf(src[0]) {
	case null:
		d.Cut(end, codecs.Null, "null")
	case text, binaries:
		d.text(u, end)
	case list:
		d.Cut(end, codecs.Length, plural.Count(children, "element"))
		return d.list(u, children)
	case dict:
		d.Cut(end, codecs.Length, plural.Count(children/2, "pair"))
		return d.dict(u, children/2)
	default:
		d.Cut(end, codecs.Value, scalarText(u, src))
	}
	return nil
}

// scalarText returns what the boolean or number that src begins with says.
func scalarText(u codecs.Untagged, src []byte) string {
	switch c := src[0]; c {
	case 0xc2, 0xc3:
		return access.ScalarJSON(schemas.Boolean, uint64(c-0xc2), "")
	case 0xca:
		return access.ScalarJSON(schemas.Float, uint64(binary.BigEndian.Uint32(src[1:])), "")
	case 0xcb:
		return access.ScalarJSON(schemas.Double, binary.BigEndian.Uint64(src[1:]), "")
	case 0xcc, 0xcd, 0xce, 0xcf:
		n := number(src)
		if n > math.MaxInt64 {
			return fmt.Sprint(n)
		}
		return u.Text(schemas.Long, n, "")
	case 0xd0, 0xd1, 0xd2, 0xd3:
		unused := 64 - 8*(len(numberBytes(src)))
		return u.Text(schemas.Long, uint64(int64(number(src)<<unused)>>unused), "")
	default: // a small integer
		return u.Text(schemas.Long, uint64(int64(int8(c))), "")
	}
}

// numberBytes returns the bytes of the number that src begins with.
func numberBytes(src []byte) []byte { return src[1:numberSizes[src[0]-0xca]] }

func number(src []byte) uint64 {
	var n uint64
	for _, b := range numberBytes(src) {
		n = n<<8 | uint64(b)
	}
	return n
}

// text cuts a string or bytes up to end.
func (d *dissector) text(u codecs.Untagged, end int) {
	k := schemas.String
	if kindOf(d.src[d.At()]) == binaries {
		k = schemas.Bytes
	}
	said := d.head(end)
	d.Cut(end, codecs.Value, u.Text(k, 0, said))
}

// head cuts the head of a string or bytes and returns what is said behind it, up to end.
func (d *dissector) head(end int) string {
	begin := d.At() + headSize(d.src[d.At()])
	d.Cut(begin, codecs.Length, plural.Count(end-begin, "byte"))
	return string(d.src[begin:end])
}

// headSize returns how many bytes c and the length behind it take, c being the first of a string or of bytes.
func headSize(c byte) int {
	switch {
	case c >= 0xd9:
		return 1 + 1<<(c-0xd9)
	case c >= 0xc4:
		return 1 + 1<<(c-0xc4)
	}
	return 1
}

// list cuts elements, which may be the fields of a record.
func (d *dissector) list(u codecs.Untagged, n int) error {
	items := u.Items(schemas.Array)
	for i := range n {
		name, field := u.FieldAt(i)
		var err error
		if name != "" && items == nil {
			err = d.Field(name, func() error { return d.value(field) })
		} else {
			err = d.Element(i, func() error { return d.value(items) })
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// dict cuts the fields of a record, or entries.
func (d *dissector) dict(u codecs.Untagged, n int) error {
	for range n {
		if err := d.entry(u); err != nil {
			return err
		}
	}
	return nil
}

// entry cuts a field, an entry of a map, or a field that the schema does not have, which a decoder passes.
func (d *dissector) entry(u codecs.Untagged) error {
	key, end, err := d.key()
	if err != nil {
		return err
	}
	name, field := u.Field(key, false)
	value := func() error {
		d.head(end)
		d.Cut(end, codecs.FieldName, key)
		return d.value(field)
	}
	switch {
	case end > 0 && name != "":
		return d.Field(name, value)
	case end > 0 && !u.Is(schemas.Map):
		return d.Entry(key, value)
	}
	if err := d.Key(func() error { return d.value(nil) }); err != nil {
		return err
	}
	return d.Entry(key, func() error { return d.value(u.Items(schemas.Map)) })
}

// key returns the text that comes next and its end, 0 if the next value is no text.
func (d *dissector) key() (key string, end int, err error) {
	src := d.src[d.At():]
	size, _, err := head(src)
	if k := kindOf(src[0]); err != nil || k != text && k != binaries {
		return "", 0, err
	}
	return string(src[headSize(src[0]):size]), d.At() + size, nil
}
