package pojo

import (
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/internal/plural"
)

// Dissect cuts a record into the parts that Flink's serializers make it of.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) {
	var d dissector
	d.r.Reset(src)
	err := d.record(c.root)
	return d.cut.Done(len(src), err)
}

// A dissector walks over a record and cuts it.
type dissector struct {
	r     dataio.Reader
	cut   codecs.Cutter
	depth dataio.Depth
}

// part makes a part of what has been read since the last.
func (d *dissector) part(role codecs.Role, text string) { d.cut.Cut(d.r.Offset(), role, text) }

// record cuts the flags and the fields of a record.
func (d *dissector) record(n *node) error {
	flags, err := d.r.Byte()
	switch {
	case err != nil:
		return err
	case flags == isNull:
		return fmt.Errorf("a %s is null", n.t.Name)
	case flags != noSubclass:
		return n.subclass(&d.r, flags)
	}
	d.part(codecs.Flag, "no subclass: "+n.t.Name)
	if err := d.depth.Enter(); err != nil {
		return err
	}
	for i := range n.fields {
		f := &n.fields[i]
		if err := d.cut.Field(f.name, func() error { return d.nullable(f.node) }); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	d.depth.Leave()
	return nil
}

// null cuts the byte that says whether something is null, where 01 means that it is.
func (d *dissector) null(what string) (bool, error) {
	null, err := d.r.Bool()
	if err == nil {
		d.part(codecs.Null, what+yesNo(null))
	}
	return null, err
}

func yesNo(yes bool) string {
	if yes {
		return ": yes"
	}
	return ": no"
}

// nullable cuts a null flag and, unless it is set, the value.
func (d *dissector) nullable(n *node) error {
	null, err := d.null("null")
	switch {
	case err != nil:
		return err
	case null:
		return n.t.CheckNull()
	}
	return d.value(n)
}

// value cuts a value that is not null.
func (d *dissector) value(n *node) error {
	switch n.form {
	case kryoForm:
		return d.kryo(n)
	case void:
		return errors.New("a Void that is not null")
	case pojoForm:
		return d.record(n)
	case list:
		return d.list(n)
	case mapForm:
		return d.entries(n)
	case primArray:
		return d.array(n, n.elem.t.LeastScalar(), d.scalar)
	case stringArray:
		return d.array(n, n.elem.t.LeastScalar(), d.stringOrNull)
	case genericArray:
		return d.array(n, n.elem.leastFlagged(), d.element)
	}
	return d.scalar(n)
}

// scalar cuts a value that has no parts with paths.
func (d *dissector) scalar(n *node) error {
	return n.t.DissectScalar(&d.r, d.valuePart)
}

// valuePart makes a part of a value, or of its length.
func (d *dissector) valuePart(length bool, text string) {
	role := codecs.Value
	if length {
		role = codecs.Length
	}
	d.part(role, text)
}

// kryo cuts a value of a generic type, a Kryo record of its own.
func (d *dissector) kryo(n *node) error {
	used, err := n.kryo.Dissect(&d.cut, d.r.Rest())
	d.r.Skip(used)
	return err
}

// list cuts a NullableList. That it is there, a flag before has said already.
func (d *dissector) list(n *node) error {
	if err := d.there("list"); err != nil {
		return err
	}
	return d.array(n, n.elem.leastFlagged(), d.nullable)
}

// there cuts the flag of a collection that cannot be null.
func (d *dissector) there(what string) error {
	null, err := d.null("null " + what)
	if err == nil && null {
		err = errors.New("a collection that is there and null")
	}
	return err
}

// array cuts the number of elements, which take least bytes each, and the elements.
func (d *dissector) array(n *node, least int, element func(*node) error) error {
	count, err := d.r.Count(least)
	if err != nil {
		return err
	}
	d.part(codecs.Length, plural.Count(count, "element"))
	for i := range count {
		if err := d.cut.Element(i, func() error { return element(n.elem) }); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// stringOrNull cuts an element of a String[]: null is a length of its own.
func (d *dissector) stringOrNull(n *node) error {
	if n.plain || !d.r.Accept(0) {
		return d.scalar(n)
	}
	d.part(codecs.Null, "null: yes")
	return n.t.CheckNull()
}

// element cuts an element of a generic array, whose flag is 01 if it is there.
func (d *dissector) element(n *node) error {
	there, err := d.r.Bool()
	if err != nil {
		return err
	}
	d.part(codecs.Null, "null"+yesNo(!there))
	if !there {
		return n.t.CheckNull()
	}
	return d.value(n)
}

// entries cuts a NullableMap.
func (d *dissector) entries(n *node) error {
	if err := d.there("map"); err != nil {
		return err
	}
	count, err := d.r.Count(2 + n.elem.leastFlagged())
	if err != nil {
		return err
	}
	d.part(codecs.Length, plural.Count(count, "key"))
	seen := map[string]bool{}
	for range count {
		key, err := d.peekKey()
		if err == nil && seen[key] {
			err = fmt.Errorf("key %.40q stands twice", key)
		}
		if err != nil {
			return err
		}
		seen[key] = true
		if err := d.cut.Key(func() error { return d.key(key) }); err != nil {
			return err
		}
		if err := d.cut.Entry(key, func() error { return d.nullable(n.elem) }); err != nil {
			return fmt.Errorf("{%.40s}: %w", key, err)
		}
	}
	return nil
}

// peekKey returns the key that comes next, which its own path has in it, and does not read it.
func (d *dissector) peekKey() (string, error) {
	begin := d.r.Offset()
	defer d.r.Seek(begin)
	null, err := d.r.Bool()
	if err == nil && null {
		err = errors.New("a map's key is null")
	}
	if err != nil {
		return "", err
	}
	return d.r.String()
}

// key cuts a key that peekKey has found to be one.
func (d *dissector) key(key string) error {
	if _, err := d.null("null key"); err != nil {
		return err
	}
	_, err := javatype.DissectString(&d.r, d.valuePart)
	return err
}
