package avro

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/schemas/access"
)

func (c *codec) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// record writes the fields of the record at r.
func (c *codec) record(dst []byte, n *node, r access.Ref) []byte {
	return c.records(dst, n, r, 1)
}

// records writes the fields of so many records, which lie side by side from r on. The common types are here, and not
// behind a call, and so is the loop over the records of an array.
func (c *codec) records(dst []byte, n *node, r access.Ref, count int) []byte {
	runs := n.runs
	for k := range uintptr(count) {
		off := k * n.size
		for i := range runs {
			s := &runs[i]
			v := r.At(off + s.off)
			switch s.form {
			case long:
				for k := range s.count {
					dst = dataio.AppendLong(dst, v.At(8*k).Long())
				}
				continue
			case integer:
				for k := range s.count {
					dst = dataio.AppendInt(dst, v.At(4*k).Int())
				}
				continue
			case text:
				for k := range s.count {
					dst = appendText(dst, v.At(textSize*k).Text())
				}
				continue
			case double:
				dst = dataio.AppendDouble(dst, v.Double())
				continue
			case boolean:
				dst = dataio.AppendBool(dst, v.Bool())
				continue
			case byteString:
				dst = appendBytes(dst, v.Bytes())
				continue
			case pointer:
				if v = v.Deref(); v.Nil() {
					dst = dataio.AppendInt(dst, int32(s.node.null))
					continue
				}
				dst = c.pointer(dst, s.node, v)
			case array:
				dst = c.array(dst, s.node, v)
			default:
				dst = c.value(dst, s.node, v)
			}
			if c.err != nil {
				c.err = fmt.Errorf("%s: %w", s.name, c.err)
				return dst
			}
		}
	}
	return dst
}

// appendText appends a length of 4 bytes and s.
func appendText(dst []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
}

// appendBytes is appendText of bytes.
func appendBytes(dst, b []byte) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(b))), b...)
}

// value writes the value at v.
func (c *codec) value(dst []byte, n *node, v access.Ref) []byte {
	switch n.form {
	case boolean:
		return dataio.AppendBool(dst, v.Bool())
	case integer:
		return dataio.AppendInt(dst, v.Int())
	case long:
		return dataio.AppendLong(dst, v.Long())
	case float:
		return dataio.AppendFloat(dst, v.Float())
	case double:
		return dataio.AppendDouble(dst, v.Double())
	case text:
		return appendText(dst, v.Text())
	case byteString:
		return appendBytes(dst, v.Bytes())
	case fixed:
		return append(dst, v.Fixed(n.fixed)...)
	case sized:
		return appendBytes(dst, v.Fixed(n.fixed))
	case decimal:
		return appendText(dst, n.decimalText(v))
	case lone:
		_, v := n.t.Branch(v)
		return c.value(dst, n.branches[0], v)
	case enum:
		return c.symbol(dst, n, v.Text())
	case array:
		return c.array(dst, n, v)
	case mapForm:
		return c.entries(dst, n, v)
	case record:
		return c.record(dst, n, v)
	case box:
		return c.box(dst, n, v)
	case pointer:
		return c.pointer(dst, n, v.Deref())
	case union:
		return c.union(dst, n, v)
	}
	return dst // null
}

func (c *codec) symbol(dst []byte, n *node, s string) []byte {
	i := slices.Index(n.symbols, s)
	if i < 0 {
		c.fail(fmt.Errorf("%q is no symbol of %s", s, n.t.Node.Name))
	}
	return dataio.AppendInt(dst, int32(i))
}

// pointer writes the branch, and the value at v unless that is Nil.
func (c *codec) pointer(dst []byte, n *node, v access.Ref) []byte {
	if v.Nil() {
		return dataio.AppendInt(dst, int32(n.null))
	}
	return c.value(dataio.AppendInt(dst, int32(1-n.null)), n.elem, v)
}

func (c *codec) union(dst []byte, n *node, r access.Ref) []byte {
	i, v := n.t.Branch(r)
	if i < 0 {
		c.fail(fmt.Errorf("the union holds a %T, which is none of its branches", r.Any()))
		return dst
	}
	return c.value(dataio.AppendInt(dst, int32(i)), n.branches[i], v)
}

func (c *codec) box(dst []byte, n *node, r access.Ref) []byte {
	v := n.t.Unbox(r)
	if v.Nil() {
		c.fail(fmt.Errorf("the place of a %s holds none", n.t.Node.Name))
		return dst
	}
	return c.record(dst, n.elem, v)
}

func (c *codec) array(dst []byte, n *node, r access.Ref) []byte {
	first, count := r.Slice()
	switch {
	case count == 0:
		return append(dst, 0)
	case n.elem.least == 0:
		return c.empties(dst, count)
	}
	dst = dataio.AppendLeb(dst, uint32(count))
	switch n.elem.form {
	case text:
		for i := range uintptr(count) {
			dst = appendText(dst, first.At(i*textSize).Text())
		}
	case record:
		dst = c.records(dst, n.elem, first, count)
	default:
		for i := 0; i < count && c.err == nil; i++ {
			dst = c.value(dst, n.elem, first.At(uintptr(i)*n.size))
		}
	}
	return append(dst, 0)
}

// maxEmpty bounds the elements of an array whose elements take no bytes, which the input does not bound.
const maxEmpty = 1 << 20

// empties writes elements that take no bytes.
func (c *codec) empties(dst []byte, count int) []byte {
	if count > maxEmpty {
		c.fail(fmt.Errorf("%d elements that take no bytes, more than %d", count, maxEmpty))
	}
	return append(dataio.AppendLeb(dst, uint32(count)), 0)
}

// entries writes a map in the order of a HashMap.
func (c *codec) entries(dst []byte, n *node, r access.Ref) []byte {
	m := n.maps.Load(n.t, r)
	defer n.maps.Done()
	if m.Len() == 0 {
		return append(dst, 0)
	}
	dst = dataio.AppendLeb(dst, uint32(m.Len()))
	for i := 0; i < m.Len() && c.err == nil; i++ {
		key, v := m.Entry(i)
		dst = c.value(appendText(dst, key), n.elem, v)
	}
	return append(dst, 0)
}
