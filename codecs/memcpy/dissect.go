package memcpy

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A dissector cuts what a reader has read.
type dissector struct {
	codecs.Cutter
	in reader
}

// Dissect cuts src as [codecs.Dissector] says.
func (c codec) Dissect(src []byte) ([]codecs.Part, error) {
	d := dissector{in: reader{src: src, least: c.least}}
	return d.Done(len(src), d.value(c.typ))
}

// cut cuts what was read since the last part.
func (d *dissector) cut(role codecs.Role, text string) error {
	if d.in.err == nil {
		d.Cut(d.in.at, role, text)
	}
	return d.in.err
}

func (d *dissector) value(t *access.Type) error {
	switch t.Kind {
	case schemas.Record:
		return d.record(t)
	case schemas.Union:
		return d.union(t)
	case schemas.Array:
		return d.array(t)
	case schemas.Map:
		return d.entries(t)
	case schemas.String, schemas.Bytes:
		_, err := d.text(t.Node)
		return err
	}
	v := d.in.scalar(t)
	return d.cut(codecs.Value, access.ScalarText(t.Node, v.Num, v.Text))
}

// text cuts a string or bytes and returns it.
func (d *dissector) text(n *schemas.Node) (string, error) {
	size := d.in.u32()
	if err := d.cut(codecs.Length, plural.Count(size, "byte")); err != nil {
		return "", err
	}
	said := string(d.in.next(size))
	return said, d.cut(codecs.Value, access.ScalarText(n, 0, said))
}

func (d *dissector) record(t *access.Type) error {
	if t.Form == access.Box {
		t = t.Elem
	}
	for _, f := range t.Fields {
		if err := d.Field(f.Name, func() error { return d.value(f.Type) }); err != nil {
			return err
		}
	}
	return nil
}

func (d *dissector) union(t *access.Type) error {
	i := d.in.branch(t)
	if d.in.err != nil {
		return d.in.err
	}
	role := codecs.Flag
	if _, ok := t.Node.Nullable(); ok {
		role = codecs.Null
	}
	if err := d.cut(role, fmt.Sprintf("branch %d %s", i, t.Node.Branches[i].BranchName())); err != nil {
		return err
	}
	return d.value(t.Branches[i])
}

// array cuts an array. Elements of no bytes have no parts.
func (d *dissector) array(t *access.Type) error {
	n := d.in.elements(t)
	err := d.cut(codecs.Length, plural.Count(n, "element"))
	for i := 0; i < n && err == nil; i++ {
		at := d.in.at
		if err = d.Element(i, func() error { return d.value(t.Elem) }); d.in.at == at {
			break
		}
	}
	return err
}

func (d *dissector) entries(t *access.Type) error {
	n := d.in.pairs(t)
	err := d.cut(codecs.Length, plural.Count(n, "pair"))
	for ; n > 0 && err == nil; n-- {
		err = d.entry(t)
	}
	return err
}

// keyType is the type of a map's keys.
var keyType = &schemas.Node{Kind: schemas.String}

func (d *dissector) entry(t *access.Type) error {
	key := ""
	err := d.Key(func() (err error) {
		key, err = d.text(keyType)
		return err
	})
	if err != nil {
		return err
	}
	return d.Entry(key, func() error { return d.value(t.Elem) })
}
