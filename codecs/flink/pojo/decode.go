package pojo

import (
	"fmt"
	"math"

	"github.com/wirecost/wirecost/schemas/access"
)

// maxDepth bounds the nesting of a record.
const maxDepth = 1000

var errDepth = fmt.Errorf("nested more than %d deep", maxDepth)

// readRecord reads the flags and the fields of a record into r.
func (c *codec) readRecord(n *node, r access.Ref) error {
	flags, err := c.r.Byte()
	switch {
	case err != nil:
		return err
	case flags == isNull:
		return fmt.Errorf("a %s is null", n.t.Name)
	case flags != noSubclass:
		return fmt.Errorf("flags %#02x of a %s: a subclass, which the schema has none of", flags, n.t.Name)
	}
	if c.depth++; c.depth > maxDepth {
		return errDepth
	}
	for i := range n.fields {
		f := &n.fields[i]
		if err := c.readField(f.node, r.At(f.off)); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	c.depth--
	return nil
}

// readField is readNullable with the common types in it, and not behind calls.
func (c *codec) readField(n *node, r access.Ref) error {
	if !n.plain {
		return c.readNullable(n, r)
	}
	flag, err := c.r.Byte()
	if err != nil {
		return err
	}
	if flag != notNull {
		return c.notPresent(n, r, flag)
	}
	switch n.form {
	case long:
		x, err := c.r.Long()
		r.SetLong(x)
		return err
	case integer:
		x, err := c.r.Int()
		r.SetInt(x)
		return err
	case text:
		s, err := c.r.String()
		r.SetText(s)
		return err
	case stringArray, genericArray:
		return c.readArray(n, r)
	case kryoForm:
		return c.readKryo(n, r)
	}
	return c.read(n, r)
}

// notPresent takes a null flag that is not 00.
func (c *codec) notPresent(n *node, r access.Ref, flag byte) error {
	if flag != isNull {
		return fmt.Errorf("%#02x is no null flag", flag)
	}
	return n.t.StoreNull(r)
}

// readNullable reads a null flag and, unless it is set, the value, into the place at r.
func (c *codec) readNullable(n *node, r access.Ref) error {
	null, err := c.r.Bool()
	if err != nil {
		return err
	}
	if null {
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
		return fmt.Errorf("a Void that is not null")
	case n.plain:
		return c.read(n, r)
	}
	return c.read(n, n.t.Store(r))
}

// readKryo reads a value of a generic type, which finds its own place.
func (c *codec) readKryo(n *node, r access.Ref) error {
	src, err := c.r.Peek(c.r.Left())
	if err != nil {
		return err
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
	case long, utilDate:
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
	case boolean:
		x, err := c.r.Bool()
		v.SetBool(x)
		return err
	case byteForm:
		x, err := c.r.Byte()
		v.SetInt(int32(int8(x)))
		return err
	case short:
		x, err := c.r.Short()
		v.SetInt(int32(x))
		return err
	case float:
		x, err := c.r.Int()
		v.SetFloat(math.Float32frombits(uint32(x)))
		return err
	case double:
		x, err := c.r.Long()
		v.SetDouble(math.Float64frombits(uint64(x)))
		return err
	case pojoForm:
		return c.readRecord(n, v)
	}
	return c.readOther(n, v)
}

func (c *codec) readOther(n *node, v access.Ref) error {
	switch n.form {
	case byteArray:
		b, err := c.readBytes(0)
		if err != nil {
			return err
		}
		return n.t.SetBytes(v, b)
	case enum:
		i, err := c.r.Int()
		if err != nil {
			return err
		}
		if i < 0 || int(i) >= len(n.symbols) {
			return fmt.Errorf("%s has no constant %d", n.t.Name, i)
		}
		v.SetText(n.symbols[i])
		return nil
	case list:
		return c.readList(n, v)
	case mapForm:
		return c.readMap(n, v)
	case instant:
		return c.readInstant(n, v)
	case sqlTimestamp:
		return c.readTimestamp(n, v)
	case bigDecimal:
		b, err := c.readBytes(4)
		if err != nil {
			return err
		}
		scale, err := c.r.Int()
		if err != nil {
			return err
		}
		return n.t.SetDecimal(v, b, scale)
	}
	return c.readArray(n, v)
}

// readBytes reads bytes behind their number, to which more was added. They belong to the source.
func (c *codec) readBytes(more int) ([]byte, error) {
	n, err := c.r.Int()
	if err != nil {
		return nil, err
	}
	if int(n) < more {
		return nil, fmt.Errorf("%d is no length here", n)
	}
	return c.r.Take(int(n) - more)
}

func (c *codec) readInstant(n *node, v access.Ref) error {
	sec, err := c.r.Long()
	if err != nil {
		return err
	}
	nanos, err := c.r.Int()
	if err != nil {
		return err
	}
	units, err := n.t.JoinTime(sec, nanos)
	v.SetLong(units)
	return err
}

func (c *codec) readTimestamp(n *node, v access.Ref) error {
	ms, err := c.r.Long()
	if err != nil {
		return err
	}
	nanos, err := c.r.Int()
	if err != nil {
		return err
	}
	if _, want := n.t.SplitTime(ms); want != nanos {
		return fmt.Errorf("%d nanoseconds do not fit %d milliseconds", nanos, ms)
	}
	v.SetLong(ms)
	return nil
}

// isNotNull reads the flag of a collection in a field, which has been found there by another flag before.
func (c *codec) isNotNull() error {
	null, err := c.r.Bool()
	if err == nil && null {
		err = fmt.Errorf("a collection that is there and null")
	}
	return err
}

func (c *codec) readList(n *node, v access.Ref) error {
	if err := c.isNotNull(); err != nil {
		return err
	}
	count, err := c.r.Count(n.elem.leastFlagged())
	if err != nil {
		return err
	}
	first := n.t.Value.MakeSlice(v, count)
	for i := range count {
		if err := c.readField(n.elem, first.At(uintptr(i)*n.size)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

func (c *codec) readMap(n *node, v access.Ref) error {
	if err := c.isNotNull(); err != nil {
		return err
	}
	count, err := c.r.Count(2 + n.elem.leastFlagged())
	if err != nil {
		return err
	}
	n.t.Value.MakeMap(v, count)
	value := n.elem.t.Slot
	r := value.Alloc()
	for range count {
		key, err := c.readKey()
		if err != nil {
			return err
		}
		value.Clear(r)
		if err := c.readNullable(n.elem, r); err != nil {
			return fmt.Errorf("{%s}: %w", key, err)
		}
		if !n.t.Value.Put(v, key, r) {
			return fmt.Errorf("key %q stands twice", key)
		}
	}
	return nil
}

func (c *codec) readKey() (string, error) {
	null, err := c.r.Bool()
	if err == nil && null {
		err = fmt.Errorf("a map's key is null")
	}
	if err != nil {
		return "", err
	}
	return c.r.String()
}

func (c *codec) readArray(n *node, v access.Ref) error {
	count, err := c.r.Count(n.leastElement())
	if err != nil {
		return err
	}
	first := n.t.Value.MakeSlice(v, count)
	if n.form == stringArray && n.elem.plain {
		return c.readStrings(first, count, n.size)
	}
	for i := range count {
		if err := c.readElement(n, first.At(uintptr(i)*n.size)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// readStrings reads the elements of a String[] that holds no null.
func (c *codec) readStrings(first access.Ref, count int, size uintptr) error {
	for i := range count {
		s, err := c.r.String()
		if err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
		first.At(uintptr(i) * size).SetText(s)
	}
	return nil
}

// leastElement returns the bytes of the smallest element of array n.
func (n *node) leastElement() int {
	switch n.form {
	case primArray, stringArray:
		return n.elem.least
	}
	return n.elem.leastFlagged()
}

func (c *codec) readElement(n *node, r access.Ref) error {
	switch n.form {
	case primArray:
		return c.read(n.elem, r)
	case stringArray:
		s, null, err := c.r.NullString()
		if err != nil {
			return err
		}
		if null {
			return n.elem.t.StoreNull(r)
		}
		n.elem.t.Store(r).SetText(s)
		return nil
	}
	there, err := c.r.Bool()
	if err != nil {
		return err
	}
	switch {
	case !there:
		return n.elem.t.StoreNull(r)
	case n.elem.form == pojoForm && n.elem.plain:
		return c.readRecord(n.elem, r)
	}
	return c.readPresent(n.elem, r)
}
