package pojo

import (
	"fmt"
	"math"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// readRecord reads the flags and the fields of a record into r.
func (c *codec) readRecord(n *node, r access.Ref) error {
	flags, err := c.r.Byte()
	switch {
	case err != nil:
		return err
	case flags == isNull:
		return fmt.Errorf("a %s is null", n.t.Name)
	case flags != noSubclass:
		return n.subclass(&c.r, flags)
	}
	if err := c.depth.Enter(); err != nil {
		return err
	}
	for i := range n.fields {
		f := &n.fields[i]
		if err := c.readField(f.node, r.At(f.off)); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	c.depth.Leave()
	return nil
}

// subclass is the error of flags that announce an object of another class than the declared one. It names what they do.
func (n *node) subclass(r *dataio.Reader, flags byte) error {
	switch flags {
	case isSubclass:
		size, err := r.Short()
		if err != nil {
			return err
		}
		name, err := r.Take(int(uint16(size)))
		if err != nil {
			return err
		}
		return fmt.Errorf("class %q where a %s is expected", name, n.t.Name)
	case isTagged:
		tag, err := r.Byte()
		if err != nil {
			return err
		}
		return fmt.Errorf("registered subclass %d where a %s is expected", tag, n.t.Name)
	}
	return fmt.Errorf("%#02x are no flags of a %s", flags, n.t.Name)
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
	case scalar:
		return n.t.ReadScalar(&c.r, r)
	case stringArray:
		return n.t.ReadStrings(&c.r, r)
	case genericArray:
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
	case boolean:
		x, err := c.r.Bool()
		v.SetBool(x)
		return err
	case double:
		x, err := c.r.Long()
		v.SetDouble(math.Float64frombits(uint64(x)))
		return err
	case pojoForm:
		return c.readRecord(n, v)
	case list:
		return c.readList(n, v)
	case mapForm:
		return c.readMap(n, v)
	case genericArray:
		return c.readArray(n, v)
	case primArray:
		return n.t.ReadPrimitives(&c.r, v)
	case stringArray:
		return n.t.ReadStrings(&c.r, v)
	}
	return n.t.ReadScalar(&c.r, v)
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
	return javatype.ReadEntries(n.t.Value, v, count, c.readKey, func(r access.Ref) error { return c.readNullable(n.elem, r) })
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

// readArray undoes array.
func (c *codec) readArray(n *node, v access.Ref) error {
	count, err := c.r.Count(n.elem.leastFlagged())
	if err != nil {
		return err
	}
	first := n.t.Value.MakeSlice(v, count)
	for i := range count {
		if err := c.readElement(n.elem, first.At(uintptr(i)*n.size)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// readElement reads an element of a generic array.
func (c *codec) readElement(n *node, r access.Ref) error {
	there, err := c.r.Bool()
	if err != nil {
		return err
	}
	switch {
	case !there:
		return n.t.StoreNull(r)
	case n.form == pojoForm && n.plain:
		return c.readRecord(n, r)
	}
	return c.readPresent(n, r)
}
