package row

import (
	"errors"
	"fmt"
	"math"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// readRecord reads the mask and the fields of a record into r. No record is inside itself but in what Kryo reads, so that no
// input nests deeper than its schema.
func (c *codec) readRecord(l *layout, r access.Ref) error {
	mask, err := c.readMask(l)
	if err != nil {
		return err
	}
	for i := range l.steps {
		s := &l.steps[i]
		if err := c.readStep(s, mask, r.At(s.off)); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// readStep reads a field into the place at r. The common types are here, and not behind calls.
func (c *codec) readStep(s *step, mask []byte, r access.Ref) error {
	switch s.form {
	case long:
		x, err := c.r.Long()
		r.SetLong(x)
		return err
	case integer:
		x, err := c.r.Int()
		r.SetInt(x)
		return err
	case text:
		x, err := c.r.String()
		r.SetText(x)
		return err
	case maskOnly:
		_, err := c.readMask(s.node.layout)
		return err
	case pointer, masked:
		if mask[s.at]&s.bit != 0 {
			return s.node.t.StoreNull(r)
		}
		return c.readPresent(s.node, r)
	case bare:
		return c.readBare(s.node, r)
	}
	return c.readPresent(s.node, r)
}

// readMask reads the mask of a record. It belongs to the source.
func (c *codec) readMask(l *layout) ([]byte, error) {
	mask, err := c.r.Take(l.mask)
	if err != nil {
		return nil, err
	}
	for i, b := range mask {
		if b&^l.free[i] != 0 {
			return nil, l.maskError(mask, i)
		}
	}
	return mask, nil
}

// maskError says what is wrong with byte at of a mask.
func (l *layout) maskError(mask []byte, at int) error {
	if kind := mask[0] >> (8 - kindBits); kind != 0 {
		return fmt.Errorf("mask %x of a %s: the RowKind is not +I", mask, l.name)
	}
	return fmt.Errorf("mask %x of a %s: bits %#02x of byte %d belong to no field that may be null", mask, l.name, mask[at]&^l.free[at], at)
}

// readBare reads a value, of which null has the form that its serializer has, into the place at r.
func (c *codec) readBare(n *node, r access.Ref) error {
	if k := len(n.null); k > 0 {
		if rest := c.r.Rest(); len(rest) >= k && string(rest[:k]) == n.null {
			c.r.Skip(k)
			return n.t.StoreNull(r)
		}
	}
	return c.readPresent(n, r)
}

// readFlagged reads flag null, or the other flag and a value, into the place at r.
func (c *codec) readFlagged(n *node, r access.Ref, null bool) error {
	flag, err := c.r.Bool()
	if err != nil {
		return err
	}
	if flag == null {
		return n.t.StoreNull(r)
	}
	return c.readPresent(n, r)
}

// readPresent reads a value that is not null into the place at r.
func (c *codec) readPresent(n *node, r access.Ref) error {
	switch {
	case n.form == kryoForm:
		return c.readKryo(n, r)
	case n.form == void:
		return errors.New("a Void that is not null")
	case n.plain:
		return c.read(n, r)
	}
	return c.read(n, n.t.Store(r))
}

// readKryo reads a value of a generic type, which finds its own place.
func (c *codec) readKryo(n *node, r access.Ref) error {
	src := c.r.Rest()
	if len(src) > 0 && src[0] == 0 {
		return fmt.Errorf("null for a %s that is not", n.t.JavaName())
	}
	used, err := n.kryo.Decode(src, r)
	if err != nil {
		return err
	}
	_, err = c.r.Take(used)
	return err
}

// read reads the value at v.
func (c *codec) read(n *node, v access.Ref) error {
	switch n.form {
	case long:
		x, err := c.r.Long()
		v.SetLong(x)
		return err
	case integer:
		x, err := c.r.Int()
		v.SetInt(x)
		return err
	case text:
		s, err := c.r.String()
		v.SetText(s)
		return err
	case double:
		x, err := c.r.Long()
		v.SetDouble(math.Float64frombits(uint64(x)))
		return err
	case record:
		return c.readRecord(n.layout, v)
	case list, objectArray:
		return c.readElements(n, v)
	case nullableList:
		return c.readNullableList(n, v)
	case mapForm:
		return c.readMap(n, v)
	case primArray:
		return n.t.ReadPrimitives(&c.r, v)
	case stringArray:
		return n.t.ReadStrings(&c.r, v)
	case localDate, localTime, localDateTime:
		return c.readTime(n, v)
	}
	return n.t.ReadScalar(&c.r, v)
}

// readTime reads a LocalDate, LocalTime or LocalDateTime.
func (c *codec) readTime(n *node, v access.Ref) (err error) {
	var day, nano int64
	if n.form != localTime {
		if day, err = readDate(&c.r); err != nil {
			return err
		}
	}
	if n.form != localDate {
		if nano, err = readTime(&c.r); err != nil {
			return err
		}
	}
	switch n.form {
	case localDate:
		return javatype.SetDay(v, day)
	case localTime:
		return n.t.SetNanos(v, nano)
	}
	return n.t.SetDateTime(v, day, nano)
}

func (c *codec) readNullableList(n *node, v access.Ref) error {
	null, err := c.r.Bool()
	if err != nil {
		return err
	}
	if null {
		return errors.New("a list that is there and null")
	}
	return c.readElements(n, v)
}

// readElements reads the number and the elements of a list or of an array of objects.
func (c *codec) readElements(n *node, v access.Ref) error {
	least := n.elem.leastFlagged()
	if n.form == list {
		least = n.elem.leastBare()
	}
	count, err := c.r.Count(least)
	if err != nil {
		return err
	}
	first := n.t.Value.MakeSlice(v, count)
	for i := range count {
		if err := c.readElement(n, first.At(uintptr(i)*n.size)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// readElement reads an element of n into the place at r.
func (c *codec) readElement(n *node, r access.Ref) error {
	switch n.form {
	case list:
		return c.readBare(n.elem, r)
	case nullableList:
		return c.readWrapped(n.elem, r)
	}
	return c.readFlagged(n.elem, r, false)
}

// readWrapped undoes wrapped.
func (c *codec) readWrapped(n *node, r access.Ref) error {
	switch {
	case n.form != nullableList:
		return c.readFlagged(n, r, true)
	case c.r.Accept(isNull):
		return n.t.StoreNull(r)
	}
	return c.readPresent(n, r)
}

func (c *codec) readMap(n *node, v access.Ref) error {
	count, err := c.r.Count(1 + n.elem.leastFlagged())
	if err != nil {
		return err
	}
	return javatype.ReadEntries(n.t.Value, v, count, c.r.String, func(r access.Ref) error { return c.readFlagged(n.elem, r, true) })
}
