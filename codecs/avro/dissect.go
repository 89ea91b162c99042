package avro

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Dissect cuts src as [codecs.Dissector] says.
func (c *structCodec) Dissect(src []byte) ([]codecs.Part, error) { return dissect(c.typ.Node, src) }

// Dissect cuts src as [codecs.Dissector] says.
func (c *genericCodec) Dissect(src []byte) ([]codecs.Part, error) { return dissect(c.typ.Node, src) }

// Dissect cuts src as [codecs.Dissector] says.
func (c *taggedCodec) Dissect(src []byte) ([]codecs.Part, error) { return dissect(c.typ.Node, src) }

// Dissect cuts src as [codecs.Dissector] says.
func (c *twmbStruct) Dissect(src []byte) ([]codecs.Part, error) { return dissect(c.typ.Node, src) }

// A dissector cuts what a skimmer passes. The schema's nodes give the names, their skims the limits.
type dissector struct {
	codecs.Cutter
	in skimmer
}

func dissect(root *schemas.Node, src []byte) ([]codecs.Part, error) {
	d := dissector{in: skimmer{src: src}}
	return d.Done(len(src), d.value(root, skimOf(root)))
}

// cut cuts what was passed since the last part.
func (d *dissector) cut(role codecs.Role, text string) error {
	if d.in.err == nil {
		d.Cut(d.in.at, role, text)
	}
	return d.in.err
}

func (d *dissector) value(n *schemas.Node, s *skim) error {
	switch n.Kind {
	case schemas.Record:
		return d.record(n.Record(), s)
	case schemas.Union:
		return d.union(n, s)
	case schemas.Array, schemas.Map:
		return d.blocks(n, s)
	case schemas.String, schemas.Bytes:
		return d.text(n)
	}
	begin := d.in.at
	d.in.value(s)
	if d.in.err != nil {
		return d.in.err
	}
	return d.cut(codecs.Value, scalarText(n, d.in.src[begin:d.in.at]))
}

// scalarText returns what src, a value of n that was passed, says.
func scalarText(n *schemas.Node, src []byte) string {
	var num uint64
	switch n.Kind {
	case schemas.Boolean:
		num = uint64(src[0])
	case schemas.Float:
		num = uint64(binary.LittleEndian.Uint32(src))
	case schemas.Double:
		num = binary.LittleEndian.Uint64(src)
	case schemas.Int, schemas.Enum:
		num = uint64((&skimmer{src: src}).int())
	case schemas.Long:
		num = uint64((&skimmer{src: src}).long())
	}
	if n.Kind == schemas.Enum {
		return access.ScalarJSON(n.Kind, 0, n.Symbols[num])
	}
	return access.ScalarText(n, num, string(src))
}

// text cuts a string or bytes.
func (d *dissector) text(n *schemas.Node) error {
	size := d.in.long()
	if err := d.cut(codecs.Length, plural.Count(size, "byte")); err != nil {
		return err
	}
	begin := d.in.at
	d.in.skip(size)
	return d.cut(codecs.Value, access.ScalarText(n, 0, string(d.in.src[begin:d.in.at])))
}

func (d *dissector) record(n *schemas.Node, s *skim) error {
	for i, f := range n.Fields {
		if err := d.Field(f.Name, func() error { return d.value(f.Type, s.parts[i]) }); err != nil {
			return err
		}
	}
	return nil
}

func (d *dissector) union(n *schemas.Node, s *skim) error {
	i := d.in.index(s)
	if d.in.err != nil {
		return d.in.err
	}
	role := codecs.Flag
	if _, ok := n.Nullable(); ok {
		role = codecs.Null
	}
	d.Cut(d.in.at, role, fmt.Sprintf("branch %d %s", i, n.Branches[i].BranchName()))
	return d.value(n.Branches[i], s.parts[i])
}

// blocks cuts the blocks of an array or a map. Elements of no bytes have no parts, and are only counted.
func (d *dissector) blocks(n *schemas.Node, s *skim) error {
	least := s.parts[0].least
	if n.Kind == schemas.Map {
		least++
	}
	for i := 0; ; {
		count, err := d.block(i == 0)
		if err != nil || count == 0 {
			return err
		}
		if least == 0 {
			if d.in.pass(count); d.in.err != nil {
				return d.in.err
			}
			continue
		}
		if count > (len(d.in.src)-d.in.at)/least {
			return errTruncated
		}
		for ; count > 0; count-- {
			if err := d.element(n, s.parts[0], i); err != nil {
				return err
			}
			i++
		}
	}
}

// block cuts the head of a block, whose count may be negative and then has the block's size behind it.
func (d *dissector) block(first bool) (int, error) {
	n := d.in.long()
	switch {
	case n == 0 && !first:
		return 0, d.cut(codecs.Layout, "no more blocks")
	case n >= 0:
		return n, d.cut(codecs.Length, plural.Count(n, "element"))
	case n == math.MinInt:
		return 0, errTruncated
	}
	if err := d.cut(codecs.Length, plural.Count(-n, "element")+", with their size"); err != nil {
		return 0, err
	}
	return -n, d.cut(codecs.Length, plural.Count(d.in.long(), "byte"))
}

func (d *dissector) element(n *schemas.Node, s *skim, i int) error {
	if n.Kind == schemas.Array {
		return d.Element(i, func() error { return d.value(n.Items, s) })
	}
	begin := d.in.at
	if err := d.Key(func() error { return d.text(key) }); err != nil {
		return err
	}
	return d.Entry(d.keyAt(begin), func() error { return d.value(n.Items, s) })
}

// key is the type of a map's keys.
var key = &schemas.Node{Kind: schemas.String}

// keyAt returns the key that was passed from begin.
func (d *dissector) keyAt(begin int) string {
	in := skimmer{src: d.in.src[:d.in.at], at: begin}
	in.long()
	return string(in.src[in.at:])
}
