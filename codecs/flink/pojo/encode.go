package pojo

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// What stands before a record, a field and an element.
const (
	noSubclass = 2 // the flags of a record of the declared class
	isNull     = 1
	notNull    = 0
	present    = 1 // of an element of a generic array, where 00 is null
)

func (c *codec) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// record writes the flags and the fields of the record at r.
func (c *codec) record(dst []byte, n *node, r access.Ref) []byte {
	dst = append(dst, noSubclass)
	for i := range n.fields {
		f := &n.fields[i]
		v := r.At(f.off)
		if !f.node.plain {
			dst = c.nullable(dst, f.node, v)
		} else {
			// The common types are here, and not behind a call.
			switch f.node.form {
			case long:
				dst = append(dst, notNull)
				dst = binary.BigEndian.AppendUint64(dst, uint64(v.Long()))
			case integer:
				dst = append(dst, notNull)
				dst = binary.BigEndian.AppendUint32(dst, uint32(v.Int()))
			case text:
				dst = dataio.AppendString(append(dst, notNull), v.Text())
			default:
				dst = c.value(append(dst, notNull), f.node, v)
			}
		}
		if c.err != nil {
			c.err = fmt.Errorf("%s: %w", f.name, c.err)
			return dst
		}
	}
	return dst
}

// nullable writes a null flag, and the value at r unless it is null.
func (c *codec) nullable(dst []byte, n *node, r access.Ref) []byte {
	v, null, err := n.load(r)
	switch {
	case err != nil:
		c.fail(err)
	case null:
		return append(dst, isNull)
	}
	return c.value(append(dst, notNull), n, v)
}

// value writes the value at v, which is not null.
func (c *codec) value(dst []byte, n *node, v access.Ref) []byte {
	switch n.form {
	case boolean:
		return dataio.AppendBool(dst, v.Bool())
	case byteForm, short:
		return c.narrow(dst, n, v.Int())
	case integer:
		return dataio.AppendInt(dst, v.Int())
	case long, utilDate:
		return dataio.AppendLong(dst, v.Long())
	case float:
		return dataio.AppendFloat(dst, v.Float())
	case double:
		return dataio.AppendDouble(dst, v.Double())
	case text:
		return dataio.AppendString(dst, v.Text())
	case byteArray:
		b := n.bytes(v)
		return append(dataio.AppendInt(dst, int32(len(b))), b...)
	case enum:
		i := slices.Index(n.symbols, v.Text())
		if i < 0 {
			c.fail(fmt.Errorf("%q is no symbol of %s", v.Text(), n.t.Name))
		}
		return dataio.AppendInt(dst, int32(i))
	case pojoForm:
		return c.record(dst, n, v)
	case list:
		return c.list(append(dst, notNull), n.elem, v)
	case mapForm:
		return c.entries(append(dst, notNull), n, v)
	case primArray, stringArray, genericArray:
		return c.array(dst, n, v)
	case instant:
		sec, nanos := n.t.SplitTime(v.Long())
		return dataio.AppendInt(dataio.AppendLong(dst, sec), nanos)
	case sqlTimestamp:
		_, nanos := n.t.SplitTime(v.Long())
		return dataio.AppendInt(dataio.AppendLong(dst, v.Long()), nanos)
	case bigDecimal:
		return c.decimal(dst, n, v)
	}
	dst, err := n.kryo.Append(dst, v)
	if err != nil {
		c.fail(err)
	}
	return dst
}

func (n *node) bytes(v access.Ref) []byte {
	if n.t.Value.Kind == schemas.Fixed {
		return v.Fixed(n.t.Value.Node.Size)
	}
	return v.Bytes()
}

func (c *codec) narrow(dst []byte, n *node, v int32) []byte {
	if err := javatype.Narrow(n.t.Class, v); err != nil {
		c.fail(err)
	}
	if n.form == byteForm {
		return append(dst, byte(v))
	}
	return binary.BigEndian.AppendUint16(dst, uint16(v))
}

// decimal writes BigInteger's length plus 4, its bytes, and the scale. The short forms of 0, 1 and 10 are for the JDK's
// own constants, which a decimal that came from bytes never is.
func (c *codec) decimal(dst []byte, n *node, v access.Ref) []byte {
	b := javatype.Minimal(n.bytes(v))
	dst = append(dataio.AppendInt(dst, int32(len(b)+4)), b...)
	return dataio.AppendInt(dst, int32(n.t.Value.Node.Scale))
}

// list writes the elements of a NullableList, each behind its null flag.
func (c *codec) list(dst []byte, el *node, v access.Ref) []byte {
	first, count := v.Slice()
	dst = dataio.AppendInt(dst, int32(count))
	for i := range count {
		r := first.At(uintptr(i) * el.t.Slot.Size)
		if el.plain {
			dst = c.value(append(dst, notNull), el, r)
			continue
		}
		dst = c.nullable(dst, el, r)
	}
	return dst
}

// entries writes a NullableMap in the order of a HashMap: keys and values each behind a null flag.
func (c *codec) entries(dst []byte, n *node, v access.Ref) []byte {
	m := n.maps.Load(n.t.Value, v)
	defer n.maps.Done()
	dst = dataio.AppendInt(dst, int32(m.Len()))
	for i := range m.Len() {
		key, r := m.Entry(i)
		dst = dataio.AppendString(append(dst, notNull), key)
		dst = c.nullable(dst, n.elem, r)
	}
	return dst
}

func (c *codec) array(dst []byte, n *node, v access.Ref) []byte {
	first, count := v.Slice()
	dst = dataio.AppendInt(dst, int32(count))
	size := n.elem.t.Slot.Size
	if n.elem.plain {
		return c.plainArray(dst, n, first, count)
	}
	for i := range count {
		r := first.At(uintptr(i) * size)
		x, null, err := n.elem.load(r)
		switch {
		case err != nil:
			c.fail(err)
		case null: // 00 is a string that is null, and an element that is not there
			dst = append(dst, 0)
		case n.form == genericArray:
			dst = c.value(append(dst, present), n.elem, x)
		default:
			dst = c.value(dst, n.elem, x)
		}
	}
	return dst
}

// plainArray writes elements that cannot be null.
func (c *codec) plainArray(dst []byte, n *node, first access.Ref, count int) []byte {
	size := n.elem.t.Slot.Size
	for i := range count {
		r := first.At(uintptr(i) * size)
		switch n.form {
		case stringArray:
			dst = dataio.AppendString(dst, r.Text())
			continue
		case genericArray:
			dst = append(dst, present)
		}
		if n.elem.form == pojoForm {
			dst = c.record(dst, n.elem, r)
		} else {
			dst = c.value(dst, n.elem, r)
		}
	}
	return dst
}
