package gob

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A dissector cuts what a reader has read.
type dissector struct {
	codecs.Cutter
	in    reader
	size  int // of all there is to read
	types *types
}

// Dissect cuts src as [codecs.Dissector] says.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) {
	return c.types.dissect(c.typ.Node, src, nil)
}

// Dissect cuts src as [codecs.Dissector] says. The definition of a type is one part.
func (c *freshCodec) Dissect(src []byte) ([]codecs.Part, error) {
	return c.types.dissect(c.typ.Node, src, c.types.defs)
}

// dissect cuts src, a record of root, in which definitions of types stand only if they are among defs.
func (ts *types) dissect(root *schemas.Node, src []byte, defs [][]byte) ([]codecs.Part, error) {
	d := dissector{in: reader{after: src, defs: defs}, size: len(src), types: ts}
	err := d.message()
	if err == nil {
		err = d.typeID(ts.id)
	}
	if err == nil {
		err = d.value(root, ts.skim)
	}
	return d.Done(len(src), err)
}

// cut cuts what was read since the last part.
func (d *dissector) cut(role codecs.Role, text string) {
	d.Cut(d.size-len(d.in.src)-len(d.in.after), role, text)
}

// message begins the next message and cuts its length.
func (d *dissector) message() error {
	err := d.in.message()
	if err == nil {
		d.cut(codecs.Length, plural.Count(len(d.in.src), "byte"))
	}
	return err
}

// length cuts a length, or a number of parts that take least bytes each.
func (d *dissector) length(least int, name string) (int, error) {
	n, err := d.in.count(least)
	if err == nil {
		d.cut(codecs.Length, plural.Count(n, name))
	}
	return n, err
}

// typeID cuts the number of a type, which must be want, and the definitions before it, as [reader.typeID] reads them.
func (d *dissector) typeID(want uint64) error {
	for {
		before := d.in.src
		id, err := d.in.uint()
		if err != nil {
			return err
		}
		if id&1 == 0 {
			d.cut(codecs.ClassName, fmt.Sprintf("type %d", id>>1))
			if id != want {
				return errType
			}
			return nil
		}
		rest := d.in.define(before)
		if rest == nil {
			return errType
		}
		d.in.src = rest
		d.cut(codecs.ClassName, fmt.Sprintf("definition of type %d", id>>1+1))
		if err := d.behind(); err != nil {
			return err
		}
	}
}

// behind cuts what is behind a definition: the length of the next message or, within a value, of what follows.
func (d *dissector) behind() error {
	if len(d.in.src) == 0 {
		return d.message()
	}
	return d.ignored()
}

// ignored cuts a length that gob does not look at.
func (d *dissector) ignored() error {
	n, err := d.in.uint()
	if err == nil {
		d.cut(codecs.Length, fmt.Sprint(n, " bytes"))
	}
	return err
}

func (d *dissector) value(n *schemas.Node, s *skim) error {
	n = n.Record()
	switch n.Kind {
	case schemas.String, schemas.Bytes, schemas.Enum:
		return d.text(n)
	case schemas.Fixed:
		return d.fixed(n)
	case schemas.Array:
		return d.array(n, s)
	case schemas.Map:
		return d.entries(n, s)
	case schemas.Record:
		return d.fields(n, s)
	case schemas.Union:
		if b, ok := n.Nullable(); ok {
			return d.value(b, s.parts[0])
		}
		return d.held(n, s)
	}
	num, err := d.in.uint()
	if err == nil {
		d.cut(codecs.Value, numberText(n, num))
	}
	return err
}

// numberText returns what num says: an integer has its sign in the lowest bit, a float its bytes in reverse, and is a
// double.
func numberText(n *schemas.Node, num uint64) string {
	switch n.Kind {
	case schemas.Int, schemas.Long:
		num = num>>1 ^ -(num & 1)
	case schemas.Float:
		f := math.Float64frombits(bits.ReverseBytes64(num))
		num = uint64(math.Float32bits(float32(f)))
	case schemas.Double:
		num = bits.ReverseBytes64(num)
	}
	return access.ScalarText(n, num, "")
}

// text cuts a string or bytes.
func (d *dissector) text(n *schemas.Node) error {
	size, err := d.length(1, "byte")
	if err == nil {
		d.skip(size, codecs.Value, access.ScalarText(n, 0, string(d.in.src[:size])))
	}
	return err
}

// skip passes n bytes, which there are, and cuts them.
func (d *dissector) skip(n int, role codecs.Role, text string) {
	d.in.src = d.in.src[n:]
	d.cut(role, text)
}

// fixed cuts a fixed, which is an array of integers to gob.
func (d *dissector) fixed(n *schemas.Node) error {
	count, err := d.length(1, "element")
	if err == nil && count != n.Size {
		err = errType
	}
	said := make([]byte, 0, count)
	for ; count > 0 && err == nil; count-- {
		var b uint64
		b, err = d.in.uint()
		said = append(said, byte(b))
	}
	if err == nil {
		d.cut(codecs.Value, access.ScalarText(n, 0, string(said)))
	}
	return err
}

func (d *dissector) array(n *schemas.Node, s *skim) error {
	count, err := d.length(1, "element")
	for i := 0; i < count && err == nil; i++ {
		err = d.Element(i, func() error { return d.value(n.Items, s.parts[0]) })
	}
	return err
}

func (d *dissector) entries(n *schemas.Node, s *skim) error {
	count, err := d.length(2, "pair")
	for ; count > 0 && err == nil; count-- {
		err = d.entry(n, s)
	}
	return err
}

// keyType is the type of a map's keys.
var keyType = &schemas.Node{Kind: schemas.String}

func (d *dissector) entry(n *schemas.Node, s *skim) error {
	ahead := d.in
	key, err := ahead.text()
	if err != nil {
		return err
	}
	if err := d.Key(func() error { return d.text(keyType) }); err != nil {
		return err
	}
	return d.Entry(string(key), func() error { return d.value(n.Items, s.parts[0]) })
}

// fields cuts the fields of a record, each with the distance to it from the field before, up to a distance of 0.
func (d *dissector) fields(n *schemas.Node, s *skim) error {
	for field := uint64(0); ; {
		delta, err := d.in.uint()
		switch {
		case err != nil:
			return err
		case delta == 0:
			d.cut(codecs.Layout, "end of record")
			return nil
		case delta > uint64(len(s.parts))-field:
			return errType
		}
		field += delta
		f := n.Fields[field-1]
		err = d.Field(f.Name, func() error {
			d.cut(codecs.FieldName, fmt.Sprintf("%s, %d on", f.Name, delta))
			return d.value(f.Type, s.parts[field-1])
		})
		if err != nil {
			return err
		}
	}
}

// held cuts what an interface holds, as [reader.held] reads it.
func (d *dissector) held(n *schemas.Node, s *skim) error {
	size, err := d.in.count(1)
	if err != nil {
		return err
	}
	if size == 0 {
		d.cut(codecs.Null, "null")
		return nil
	}
	d.cut(codecs.Length, plural.Count(size, "byte"))
	name := string(d.in.src[:size])
	d.skip(size, codecs.ClassName, name)
	b := s.branches[name]
	if b == nil {
		return errType
	}
	if err := d.typeID(b.id); err != nil {
		return err
	}
	if err := d.ignored(); err != nil {
		return err
	}
	if b.skim.kind != schemas.Record {
		if err := d.single(); err != nil {
			return err
		}
	}
	return d.value(d.types.branch(n, b), b.skim)
}

// single cuts the 0 in front of a value that is no record.
func (d *dissector) single() error {
	zero, err := d.in.uint()
	if err == nil && zero != 0 {
		err = errType
	}
	if err == nil {
		d.cut(codecs.Layout, "no record")
	}
	return err
}

// branch returns the branch of union n that b is.
func (ts *types) branch(n *schemas.Node, b *branch) *schemas.Node {
	for _, node := range n.Branches {
		if ts.seen[node.Record()] == b.skim {
			return node
		}
	}
	panic("gob: a branch of no union")
}
