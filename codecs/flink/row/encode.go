package row

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// kindBits are the bits before those of the fields in a mask. They are the RowKind, its low bit first, and 00 for +I,
// the only one that is written here. Bits are packed from the high one of a byte down, and those at the end are 0.
const kindBits = 2

// Flags say whether a value is there. Those of an array of objects are the other way round.
const (
	notNull = 0
	isNull  = 1
	absent  = 0
	present = 1
)

func (c *codec) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// checked notes the error of an append, if there is one.
func (c *codec) checked(dst []byte, err error) []byte {
	if err != nil {
		c.fail(err)
	}
	return dst
}

// record writes the mask and the fields of the record at r. The common types are here, and not behind a call.
func (c *codec) record(dst []byte, l *layout, r access.Ref) []byte {
	start := len(dst)
	dst = appendMask(dst, l.mask)
	for i := range l.steps {
		s := &l.steps[i]
		v := r.At(s.off)
		switch s.form {
		case long:
			dst = dataio.AppendLong(dst, v.Long())
			continue
		case integer:
			dst = dataio.AppendInt(dst, v.Int())
			continue
		case double:
			dst = dataio.AppendDouble(dst, v.Double())
			continue
		case text:
			dst = dataio.AppendString(dst, v.Text())
			continue
		case boolean:
			dst = dataio.AppendBool(dst, v.Bool())
			continue
		case maskOnly:
			dst = appendMask(dst, s.node.layout.mask)
			continue
		case pointer:
			if v = v.Deref(); v.Nil() {
				dst[start+s.at] |= s.bit
				continue
			}
			dst = c.value(dst, s.node, v)
		case masked:
			v, null := c.load(s.node, v)
			if null {
				dst[start+s.at] |= s.bit
			} else {
				dst = c.value(dst, s.node, v)
			}
		case bare:
			dst = c.bare(dst, s.node, v)
		case list:
			dst = c.elements(dst, s.node, v)
		case stringArray:
			dst = c.checked(s.node.t.AppendStrings(dst, v))
		case kryoForm:
			dst = c.checked(s.node.kryo.Append(dst, v))
		case scalar:
			dst = c.checked(s.node.t.AppendScalar(dst, v))
		default:
			dst = c.value(dst, s.node, v)
		}
		if c.err != nil {
			c.err = fmt.Errorf("%s: %w", s.name, c.err)
			return dst
		}
	}
	return dst
}

// appendMask appends a mask of n bytes that says that nothing is null.
func appendMask(dst []byte, n int) []byte {
	switch n {
	case 0:
		return dst
	case 1:
		return append(dst, 0)
	case 2:
		return append(dst, 0, 0)
	}
	for range n {
		dst = append(dst, 0)
	}
	return dst
}

// load returns the value of n at r, or that it is null. Of an Object it is the place itself: which branch it is, is
// Kryo's to find.
func (c *codec) load(n *node, r access.Ref) (v access.Ref, null bool) {
	switch {
	case n.plain:
		return r, false
	case n.form == void:
		return r, true
	case n.t.Class == javatype.Object:
		return r, r.Any() == nil && n.null != ""
	}
	v, err := n.t.LoadNull(r)
	if err != nil {
		c.fail(err)
	}
	return v, v.Nil()
}

// bare writes the value at r, with null in the form that its serializer has.
func (c *codec) bare(dst []byte, n *node, r access.Ref) []byte {
	v, null := c.load(n, r)
	if null {
		return append(dst, n.null...)
	}
	return c.value(dst, n, v)
}

// flagged writes flag null, or the other flag and the value at r.
func (c *codec) flagged(dst []byte, n *node, r access.Ref, null byte) []byte {
	v, none := c.load(n, r)
	if none {
		return append(dst, null)
	}
	return c.value(append(dst, null^1), n, v)
}

// value writes the value at v, which is not null.
func (c *codec) value(dst []byte, n *node, v access.Ref) []byte {
	switch n.form {
	case integer:
		return dataio.AppendInt(dst, v.Int())
	case long:
		return dataio.AppendLong(dst, v.Long())
	case double:
		return dataio.AppendDouble(dst, v.Double())
	case text:
		return dataio.AppendString(dst, v.Text())
	case localDate:
		return appendDate(dst, int64(v.Int()))
	case localTime:
		nano, err := n.t.NanosAt(v)
		return c.checked(appendTime(dst, nano), err)
	case localDateTime:
		day, nano := n.t.SplitDateTime(v.Long())
		return appendTime(appendDate(dst, day), nano)
	case primArray:
		return c.checked(n.t.AppendPrimitives(dst, v))
	case stringArray:
		return c.checked(n.t.AppendStrings(dst, v))
	case nullableList:
		return c.elements(append(dst, notNull), n, v)
	case list, objectArray:
		return c.elements(dst, n, v)
	case mapForm:
		return c.entries(dst, n, v)
	case record:
		return c.record(dst, n.layout, v)
	case kryoForm:
		return c.checked(n.kryo.Append(dst, v))
	}
	return c.checked(n.t.AppendScalar(dst, v))
}

// elements writes the number and the elements of a list or of an array of objects. Strings and records are here, and not
// behind a call.
func (c *codec) elements(dst []byte, n *node, v access.Ref) []byte {
	first, count := v.Slice()
	dst = dataio.AppendInt(dst, int32(count))
	strings, records := n.form == list && n.elem.plain && n.elem.form == text, n.form != nullableList && n.elem.plain && n.elem.form == record
	for i := range count {
		r := first.At(uintptr(i) * n.size)
		switch {
		case strings:
			dst = dataio.AppendString(dst, r.Text())
			continue
		case records:
			if n.form == objectArray {
				dst = append(dst, present)
			}
			dst = c.record(dst, n.elem.layout, r)
		default:
			dst = c.element(dst, n, r)
		}
		if c.err != nil {
			c.err = fmt.Errorf("[%d]: %w", i, c.err)
			return dst
		}
	}
	return dst
}

// element writes the element of n at r.
func (c *codec) element(dst []byte, n *node, r access.Ref) []byte {
	switch n.form {
	case list:
		return c.bare(dst, n.elem, r)
	case nullableList:
		return c.wrapped(dst, n.elem, r)
	}
	return c.flagged(dst, n.elem, r, absent)
}

// wrapped writes the value at r as NullableSerializer.wrap does, which does not wrap what is a NullableSerializer already: the
// flag that a nullable list has is then the only one.
func (c *codec) wrapped(dst []byte, n *node, r access.Ref) []byte {
	if n.form != nullableList {
		return c.flagged(dst, n, r, isNull)
	}
	v, null := c.load(n, r)
	if null {
		return append(dst, isNull)
	}
	return c.value(dst, n, v)
}

// entries writes a map in the order of a HashMap. Keys have no flag, values have one.
func (c *codec) entries(dst []byte, n *node, v access.Ref) []byte {
	n.maps.Load(n.t.Value, v)
	dst = dataio.AppendInt(dst, int32(n.maps.Len()))
	for i := range n.maps.Len() {
		key, r := n.maps.Entry(i)
		dst = c.flagged(dataio.AppendString(dst, key), n.elem, r, isNull)
		if c.err != nil {
			c.err = fmt.Errorf("{%s}: %w", key, c.err)
			return dst
		}
	}
	return dst
}
