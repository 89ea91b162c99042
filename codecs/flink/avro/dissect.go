package avro

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Dissect cuts a record into the parts that Flink's encoder makes it of.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) {
	var d dissector
	d.in.r.Reset(src)
	err := d.record(c.root)
	return d.cut.Done(len(src), err)
}

// A dissector walks over a record and cuts it.
type dissector struct {
	in  codec // reads what needs no record, and keeps the limits
	cut codecs.Cutter
}

// part makes a part of what has been read since the last.
func (d *dissector) part(role codecs.Role, text string) { d.cut.Cut(d.in.r.Offset(), role, text) }

// record cuts the fields of a record. Those of no bytes have no steps.
func (d *dissector) record(n *node) error {
	if err := d.in.depth.Enter(); err != nil {
		return err
	}
	for i := range n.steps {
		s := &n.steps[i]
		if err := d.at(s.name, func() error { return d.value(s.node) }); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	d.in.depth.Leave()
	return nil
}

// at makes f cut what the name of a step says: a field, behind the records that it is in.
func (d *dissector) at(name string, f func() error) error {
	name, in, nested := strings.Cut(name, ": ")
	if !nested {
		return d.cut.Field(name, f)
	}
	return d.cut.Field(name, func() error { return d.at(in, f) })
}

// value cuts a value.
func (d *dissector) value(n *node) error {
	switch n.form {
	case nothing:
		return nil
	case record:
		return d.record(n)
	case box:
		return d.record(n.elem)
	case pointer, union:
		return d.union(n)
	case array:
		return d.array(n)
	case mapForm:
		return d.entries(n)
	case text, byteString:
		_, err := d.sized(n.t.Node)
		return err
	}
	return d.scalar(n)
}

// scalar cuts a value of a fixed width.
func (d *dissector) scalar(n *node) error {
	v := n.t.Alloc()
	if err := d.in.read(n, v); err != nil {
		return err
	}
	d.part(codecs.Value, access.TextAt(n.t, v))
	return nil
}

// sized cuts a string or bytes, and returns them.
func (d *dissector) sized(n *schemas.Node) (string, error) {
	b, err := d.in.sized()
	if err == nil && n.Kind == schemas.String && !utf8.Valid(b) {
		err = errUTF8
	}
	if err != nil {
		return "", err
	}
	d.cut.Cut(d.in.r.Offset()-len(b), codecs.Length, plural.Count(len(b), "byte"))
	d.part(codecs.Value, access.ScalarText(n, 0, string(b)))
	return string(b), nil
}

// union cuts the index of a branch and its value. Where the other branch is null, the index says no more than that there
// is a value.
func (d *dissector) union(n *node) error {
	branches := n.t.Node.Branches
	i, err := d.in.readBranch(len(branches))
	if err != nil {
		return err
	}
	role := codecs.Flag
	if _, ok := n.t.Node.Nullable(); ok {
		role = codecs.Null
	}
	d.part(role, fmt.Sprintf("branch %d %s", i, branches[i].BranchName()))
	switch {
	case n.form == union:
		return d.value(n.branches[i])
	case i == n.null:
		return nil
	}
	return d.value(n.elem)
}

// array cuts the number of items and the items. Those of no bytes have no parts.
func (d *dissector) array(n *node) error {
	count, err := d.count(n.elem.least)
	if err != nil {
		return err
	}
	for i := 0; i < count && n.elem.least > 0; i++ {
		d.in.owed -= n.elem.least
		if err := d.cut.Element(i, func() error { return d.value(n.elem) }); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return d.end(count)
}

// count cuts the number of the items of an array or a map, which take at least so many bytes each.
func (d *dissector) count(least int) (int, error) {
	count, err := d.in.readCount(least)
	if err == nil {
		d.part(codecs.Length, plural.Count(count, "element"))
	}
	return count, err
}

// end cuts what stands behind items.
func (d *dissector) end(count int) error {
	err := d.in.readEnd(count)
	if err == nil {
		d.part(codecs.Layout, "no more blocks")
	}
	return err
}

// keyType is the type of a map's keys.
var keyType = &schemas.Node{Kind: schemas.String}

// entries cuts a map.
func (d *dissector) entries(n *node) error {
	least := 4 + n.elem.least
	count, err := d.count(least)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for range count {
		d.in.owed -= least
		var key string
		err := d.cut.Key(func() (err error) {
			key, err = d.sized(keyType)
			return err
		})
		if err == nil && seen[key] {
			err = fmt.Errorf("key %.40q stands twice", key)
		}
		if err != nil {
			return err
		}
		seen[key] = true
		if err := d.cut.Entry(key, func() error { return d.value(n.elem) }); err != nil {
			return fmt.Errorf("{%.40s}: %w", key, err)
		}
	}
	return d.end(count)
}
