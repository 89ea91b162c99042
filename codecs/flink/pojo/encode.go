package pojo

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/schemas/access"
)

// What stands before a record, a field and an element.
const (
	noSubclass = 2 // the flags of a record of the declared class
	isSubclass = 4 // and of one of another class, whose name follows; no schema has any
	isTagged   = 8 // or whose number among those registered follows
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
	return c.fields(append(dst, noSubclass), n, r)
}

// fields writes the fields of the record at r. The common types are here, and not behind a call.
func (c *codec) fields(dst []byte, n *node, r access.Ref) []byte {
	for i := range n.steps {
		s := &n.steps[i]
		v := r.At(s.off)
		switch s.form {
		case long:
			dst = appendLongField(dst, v.Long())
			continue
		case integer:
			dst = appendIntField(dst, v.Int())
			continue
		case double:
			dst = appendLongField(dst, int64(dataio.DoubleBits(v.Double())))
			continue
		case text:
			dst = dataio.AppendMarked(dst, notNull, v.Text())
			continue
		case boolean:
			dst = dataio.AppendBool(append(dst, notNull), v.Bool())
			continue
		case flagsOnly:
			dst = append(dst, notNull, noSubclass)
			continue
		case pointer:
			dst = c.pointer(dst, s.node, v.Deref())
		case object:
			dst = c.object(dst, s.node, v)
		case nullable:
			dst = c.nullable(dst, s.node, v)
		case list:
			dst = c.list(append(dst, notNull, notNull), s.node, v)
		case scalar:
			dst = c.checked(s.node.t.AppendScalar(append(dst, notNull), v))
		case stringArray:
			dst = c.checked(s.node.t.AppendStrings(append(dst, notNull), v))
		case genericArray:
			dst = c.array(append(dst, notNull), s.node, v)
		default:
			dst = c.value(append(dst, notNull), s.node, v)
		}
		if c.err != nil {
			c.err = fmt.Errorf("%s: %w", s.name, c.err)
			return dst
		}
	}
	return dst
}

// pointer writes a null flag, and the value at v unless that is Nil.
func (c *codec) pointer(dst []byte, n *node, v access.Ref) []byte {
	switch {
	case v.Nil():
		return append(dst, isNull)
	case n.form == text:
		return dataio.AppendMarked(dst, notNull, v.Text())
	}
	return c.value(append(dst, notNull), n, v)
}

// appendLongField appends a null flag that is not set, and 8 bytes: one append, since each looks whether there is room.
func appendLongField(dst []byte, v int64) []byte {
	return append(dst, notNull, byte(v>>56), byte(v>>48), byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// appendIntField is appendLongField with 4 bytes.
func appendIntField(dst []byte, v int32) []byte {
	return append(dst, notNull, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
}

// nullable writes a null flag, and the value at r unless it is null.
func (c *codec) nullable(dst []byte, n *node, r access.Ref) []byte {
	if n.object { // which branch it is, is Kryo's to find
		return c.object(dst, n, r)
	}
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
	case integer:
		return dataio.AppendInt(dst, v.Int())
	case long:
		return dataio.AppendLong(dst, v.Long())
	case double:
		return dataio.AppendDouble(dst, v.Double())
	case text:
		return dataio.AppendString(dst, v.Text())
	case pojoForm:
		return c.record(dst, n, v)
	case list:
		return c.list(append(dst, notNull), n, v)
	case mapForm:
		return c.entries(append(dst, notNull), n, v)
	case primArray:
		return c.checked(n.t.AppendPrimitives(dst, v))
	case stringArray:
		return c.checked(n.t.AppendStrings(dst, v))
	case genericArray:
		return c.array(dst, n, v)
	case kryoForm:
		return c.kryo(dst, n, v)
	}
	return c.checked(n.t.AppendScalar(dst, v))
}

// checked notes the error of an append, if there is one.
func (c *codec) checked(dst []byte, err error) []byte {
	if err != nil {
		c.fail(err)
	}
	return dst
}

// object writes a null flag and what the Object at r holds.
func (c *codec) object(dst []byte, n *node, r access.Ref) []byte {
	if r.Any() == nil && n.t.Slot.Null >= 0 {
		return append(dst, isNull)
	}
	return c.kryo(append(dst, notNull), n, r)
}

// kryo writes a value of a generic type; of an Object v is the place that holds it.
func (c *codec) kryo(dst []byte, n *node, v access.Ref) []byte {
	return c.checked(n.kryo.Append(dst, v))
}

// list writes the elements of a NullableList, each behind its null flag.
func (c *codec) list(dst []byte, n *node, v access.Ref) []byte {
	el := n.elem
	first, count := v.Slice()
	dst = dataio.AppendInt(dst, int32(count))
	for i := range count {
		r := first.At(uintptr(i) * n.size)
		switch {
		case !el.plain:
			dst = c.nullable(dst, el, r)
		case el.form == text:
			dst = dataio.AppendMarked(dst, notNull, r.Text())
		case el.form == pojoForm:
			dst = c.fields(append(dst, notNull, noSubclass), el, r)
		default:
			dst = c.value(append(dst, notNull), el, r)
		}
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
		dst = dataio.AppendMarked(dst, notNull, key)
		dst = c.nullable(dst, n.elem, r)
	}
	return dst
}

// array writes the elements of a generic array, each behind a flag that says whether it is there.
func (c *codec) array(dst []byte, n *node, v access.Ref) []byte {
	el := n.elem
	first, count := v.Slice()
	dst = dataio.AppendInt(dst, int32(count))
	if el.plain && el.form == pojoForm {
		for i := range count {
			dst = c.fields(append(dst, present, noSubclass), el, first.At(uintptr(i)*n.size))
		}
		return dst
	}
	for i := range count {
		x, null, err := el.load(first.At(uintptr(i) * n.size))
		switch {
		case err != nil:
			c.fail(err)
		case null:
			dst = append(dst, 0)
		default:
			dst = c.value(append(dst, present), el, x)
		}
	}
	return dst
}
