package flinktest

import (
	"fmt"
	"strings"
)

// writeRow writes a record as a Row or a tuple of explicit types.
func writeRow(root *class, record any, old, tuple bool) ([]byte, error) {
	r := &row{old: old, tuple: tuple}
	if err := r.check(root, nil); err != nil {
		return nil, err
	}
	r.record(root, record.(*object))
	return r.out, nil
}

type row struct {
	output
	old, tuple bool
}

// nulls are what serializers that have a form for null write for it.
var nulls = map[string]string{
	"String": "\x00", "Void": "\x00", "UUID": "\x00", "Object": "\x00", "BigDecimal": "\x00\x00\x00\x00", "Date": "\x80\x00\x00\x00\x00\x00\x00\x00",
	"Instant": "\x80\x00\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00", "LocalDate": "\x80\x00\x00\x00\x80\x00",
	"LocalTime": "\x80\x80\x00\x80\x00\x00\x00", "LocalDateTime": "\x80\x00\x00\x00\x80\x00\x80\x80\x00\x80\x00\x00\x00",
}

// check reports why there is no type information of c, within the records in open.
func (r *row) check(c *class, open []string) error {
	switch c.kind {
	case "List":
		if r.old && r.wraps(c) {
			return fmt.Errorf("%w: an element of %s cannot be null", errUnsupported, c.kind)
		}
		return r.check(c.elem, open)
	case "Map", "array":
		return r.check(c.elem, open)
	case "record":
		n := len(c.body.fields)
		if count(open, c.name) > 0 || r.tuple && (n == 0 || n > 25) {
			return fmt.Errorf("%w: %s", errUnsupported, c.name)
		}
		for _, f := range c.body.fields {
			if r.tuple && f.is.nullable && nulls[f.is.kind] == "" {
				return fmt.Errorf("%w: %s.%s cannot be null", errUnsupported, c.name, f.name)
			}
			if err := r.check(f.is, with(open, c.name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// wraps reports whether List c is one of nullable elements, whose serializers have no form for null.
func (r *row) wraps(c *class) bool {
	return c.kind == "List" && c.elem.nullable && nulls[c.elem.kind] == ""
}

// record writes the mask of a Row and the fields, in the order of the schema.
func (r *row) record(c *class, v *object) {
	if !r.tuple {
		bits := "00" // +I
		for _, f := range c.body.fields {
			if x, _ := f.is.resolve(v.get(f.name)); x == nil {
				bits += "1"
			} else {
				bits += "0"
			}
		}
		bits += strings.Repeat("0", (8-len(bits)%8)%8)
		for ; bits != ""; bits = bits[8:] {
			b := byte(0)
			for _, bit := range bits[:8] {
				b = b<<1 | byte(bit-'0')
			}
			r.raw(b)
		}
	}
	for _, f := range c.body.fields {
		if x, _ := f.is.resolve(v.get(f.name)); x != nil || r.tuple {
			r.value(f.is, v.get(f.name))
		}
	}
}

// value writes what the serializer of c makes of a value, null included where it has a form.
func (r *row) value(c *class, v any) {
	x, value := c.resolve(v)
	switch {
	case r.wraps(c): // a NullableSerializer
		r.flag(x == nil)
		if x != nil {
			r.list(c.elem, value.([]any))
		}
	case x == nil:
		r.raw([]byte(nulls[c.kind])...)
	case c.kind == "Object", c.kind == "UUID":
		r.raw(kryoOf(c, x, value, r.old, nil)...)
	case c.kind == "record":
		r.record(c, value.(*object))
	case c.kind == "List":
		list := value.([]any)
		r.u32(int64(len(list)))
		for _, e := range list {
			r.value(c.elem, e)
		}
	case c.kind == "Map":
		r.entries(c.elem, value.(*object))
	case c.kind == "array":
		r.array(c.elem, value.([]any))
	default:
		r.scalar(x, value)
	}
}

// list writes elements that NullableSerializer.wrap makes nullable, which it leaves alone if they are already.
func (r *row) list(elem *class, list []any) {
	r.u32(int64(len(list)))
	for _, e := range list {
		x, _ := elem.resolve(e)
		if !r.wraps(elem) {
			r.flag(x == nil)
		}
		if x != nil || r.wraps(elem) {
			r.value(elem, e)
		}
	}
}

func (r *row) entries(value *class, m *object) {
	r.u32(int64(len(m.keys)))
	for _, key := range hashMap(m) {
		r.str(key)
		x, _ := value.resolve(m.values[key])
		r.flag(x == nil)
		if x != nil {
			r.value(value, m.values[key])
		}
	}
}

func (r *row) array(elem *class, list []any) {
	r.u32(int64(len(list)))
	for _, e := range list {
		x, value := elem.resolve(e)
		switch {
		case elem.primitive():
			r.scalar(x, value)
		case elem.kind == "String":
			r.value(elem, e)
		default:
			r.flag(x != nil)
			if x != nil {
				r.value(elem, e)
			}
		}
	}
}
