package avro

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

var errUTF8 = errors.New("a string is not UTF-8")

// readRecord reads the fields of a record into r.
func (c *codec) readRecord(n *node, r access.Ref) error {
	if err := c.depth.Enter(); err != nil {
		return err
	}
	for i := range n.steps {
		s := &n.steps[i]
		if err := c.readField(s, r.At(s.off)); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	c.depth.Leave()
	return nil
}

// readField is read with the common types in it, and not behind calls.
func (c *codec) readField(s *step, v access.Ref) error {
	switch s.form {
	case long:
		x, err := c.r.Long()
		v.SetLong(x)
		return err
	case integer:
		x, err := c.r.Int()
		v.SetInt(x)
		return err
	case text:
		x, err := c.text()
		v.SetText(x)
		return err
	case pointer:
		return c.readPointer(s.node, v)
	}
	return c.read(s.node, v)
}

// sized reads bytes behind their length. They belong to the source.
func (c *codec) sized() ([]byte, error) {
	rest := c.r.Rest()
	if len(rest) < 4 {
		return nil, dataio.ErrShort
	}
	n := int(int32(binary.BigEndian.Uint32(rest)))
	if n < 0 || n > len(rest)-4 {
		return nil, fmt.Errorf("%w: %d bytes are announced and %d are left", dataio.ErrShort, n, len(rest)-4)
	}
	c.r.Skip(4 + n)
	return rest[4 : 4+n], nil
}

func (c *codec) text() (string, error) {
	b, err := c.sized()
	if err == nil && !utf8.Valid(b) {
		err = errUTF8
	}
	return string(b), err
}

// read reads a value to v.
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
		x, err := c.text()
		v.SetText(x)
		return err
	case boolean:
		x, err := c.r.Bool()
		v.SetBool(x)
		return err
	case float:
		x, err := c.r.Int()
		v.SetFloat(math.Float32frombits(uint32(x)))
		return err
	case double:
		x, err := c.r.Long()
		v.SetDouble(math.Float64frombits(uint64(x)))
		return err
	case record:
		return c.readRecord(n, v)
	case nothing:
		return nil
	}
	return c.readOther(n, v)
}

func (c *codec) readOther(n *node, v access.Ref) error {
	switch n.form {
	case byteString:
		b, err := c.sized()
		v.SetBytes(append(make([]byte, 0, len(b)), b...))
		return err
	case fixed:
		b, err := c.r.Take(n.fixed)
		copy(v.Fixed(n.fixed), b)
		return err
	case sized:
		b, err := c.sized()
		if err == nil && len(b) != n.fixed {
			err = fmt.Errorf("%d bytes, and a fixed has %d", len(b), n.fixed)
		}
		copy(v.Fixed(n.fixed), b)
		return err
	case decimal:
		text, err := c.text()
		if err != nil {
			return err
		}
		return n.readDecimal(v, text)
	case lone:
		return c.read(n.branches[0], n.t.SetBranch(v, 0))
	case enum:
		return c.readSymbol(n, v)
	case array:
		return c.readArray(n, v)
	case mapForm:
		return c.readMap(n, v)
	case box:
		return c.readRecord(n.elem, n.t.MakeBox(v))
	case pointer:
		return c.readPointer(n, v)
	}
	return c.readUnion(n, v)
}

func (c *codec) readSymbol(n *node, v access.Ref) error {
	i, err := c.r.Int()
	if err != nil {
		return err
	}
	if i < 0 || int(i) >= len(n.symbols) {
		return fmt.Errorf("%s has no symbol %d", n.t.Node.Name, i)
	}
	v.SetText(n.symbols[i])
	return nil
}

// readBranch reads which of so many branches a union is.
func (c *codec) readBranch(branches int) (int, error) {
	i, err := c.r.Int()
	if err == nil && (i < 0 || int(i) >= branches) {
		err = fmt.Errorf("a union of %d branches has no branch %d", branches, i)
	}
	return int(i), err
}

func (c *codec) readPointer(n *node, r access.Ref) error {
	i, err := c.readBranch(2)
	if err != nil {
		return err
	}
	if i == n.null {
		n.t.SetBranch(r, n.t.Null)
		return nil
	}
	return c.read(n.elem, n.t.SetBranch(r, 1-n.t.Null))
}

func (c *codec) readUnion(n *node, r access.Ref) error {
	i, err := c.readBranch(len(n.branches))
	if err != nil {
		return err
	}
	return c.read(n.branches[i], n.t.SetBranch(r, i))
}

// readCount reads the number of items of an array or a map, each of which takes at least so many bytes, and owes their
// bytes: what is announced at all depths together must be left.
func (c *codec) readCount(least int) (int, error) {
	at := c.r.Offset()
	u, err := c.r.Leb()
	if err != nil {
		return 0, err
	}
	count, used := int(u), c.r.Offset()-at
	switch {
	case used > 1 && u>>(7*(used-1)) == 0:
		return 0, fmt.Errorf("the count %d takes %d bytes, more than it needs", count, used)
	case count > math.MaxInt32 || least == 0 && count > maxEmpty:
		return 0, fmt.Errorf("%d items are too many", count)
	case count*least+c.owed > c.r.Left():
		return 0, fmt.Errorf("%w: %d items are announced and %d bytes are left", dataio.ErrShort, count, c.r.Left())
	}
	c.owed += count * least
	return count, nil
}

// readEnd reads what stands behind the items of an array or a map: the count of a next block, which there is none of.
func (c *codec) readEnd(count int) error {
	if count == 0 || c.r.Accept(0) {
		return nil
	}
	return fmt.Errorf("no 00 behind %d items", count)
}

func (c *codec) readArray(n *node, v access.Ref) error {
	el := n.elem
	count, err := c.readCount(el.least)
	if err != nil {
		return err
	}
	first := n.t.MakeSlice(v, count)
	if el.least == 0 {
		return c.readEnd(count)
	}
	for i := range count {
		c.owed -= el.least
		if err := c.read(el, first.At(uintptr(i)*n.size)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return c.readEnd(count)
}

func (c *codec) readMap(n *node, v access.Ref) error {
	least := 4 + n.elem.least
	count, err := c.readCount(least)
	if err != nil {
		return err
	}
	if count == 0 {
		n.t.MakeMap(v, 0)
		return nil
	}
	key := func() (string, error) {
		c.owed -= least
		return c.key()
	}
	if err := javatype.ReadEntries(n.t, v, count, key, func(r access.Ref) error { return c.read(n.elem, r) }); err != nil {
		return err
	}
	return c.readEnd(count)
}

func (c *codec) key() (string, error) {
	key, err := c.text()
	if err != nil {
		return "", fmt.Errorf("a key: %w", err)
	}
	return key, nil
}
