package kryo

import (
	"errors"
	"fmt"
	"math"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// Dissect cuts a record into the parts that Kryo makes it of.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) {
	var cut codecs.Cutter
	_, err := c.Serializer.Dissect(&cut, src)
	return cut.Done(len(src), err)
}

// Dissect cuts the value that src begins with, whose first byte is that of the next part, and returns how many bytes it
// took.
// References are not counted: nothing is put where they stand.
func (s *Serializer) Dissect(cut *codecs.Cutter, src []byte) (int, error) {
	d := dissector{in: decoder{old: s.dec.old, most: math.MaxInt}, cut: cut, base: cut.At(), finished: map[int]bool{}}
	d.in.Reset(src)
	err := d.classAndObject(s.root)
	return d.in.Offset(), err
}

// A dissector walks over a value and cuts it. It keeps of it what a reference may name: scalars, each in memory of its own,
// and of objects with parts that they have been read.
type dissector struct {
	in       decoder // reads scalars, and knows classes and objects by their numbers
	cut      *codecs.Cutter
	base     int          // where the value begins, for the cutter
	finished map[int]bool // reference ids of objects with parts that have been read
}

// part makes a part of what has been read since the last.
func (d *dissector) part(role codecs.Role, text string) {
	d.cut.Cut(d.base+d.in.Offset(), role, text)
}

// classAndObject cuts a class and its object.
func (d *dissector) classAndObject(n *node) error {
	c, err := d.class(n, "null: yes")
	switch {
	case err != nil:
		return err
	case c.id == idNull:
		return n.t.CheckNull()
	}
	return d.ofClass(c, n)
}

// class cuts what stands before an object where n is: null, which has a text, or a class, which may be none that can stand
// there.
func (d *dissector) class(n *node, null string) (class, error) {
	begin, names := d.in.Offset(), len(d.in.names)
	c, err := d.in.class()
	switch {
	case err != nil:
		return c, err
	case c.id == idNull:
		d.part(codecs.Null, null)
	case c.id != idByName:
		d.part(codecs.ClassName, fmt.Sprintf("%d %s", c.id-2, c.runtimeName(n)))
	case len(d.in.names) > names:
		d.part(codecs.ClassName, fmt.Sprintf("new name %d: %s", names, c.runtimeName(n)))
	default:
		d.part(codecs.ClassName, fmt.Sprintf("name %d: %s", d.nameID(begin), c.runtimeName(n)))
	}
	return c, nil
}

// nameID returns the number of the name of a class that has been read from an offset.
func (d *dissector) nameID(begin int) uint32 {
	end := d.in.Offset()
	d.in.Seek(begin)
	defer d.in.Seek(end)
	if _, err := d.in.Leb(); err != nil {
		return 0
	}
	id, _ := d.in.Leb()
	return id
}

// runtimeName returns the name of c if it can stand where n is.
func (c class) runtimeName(n *node) string {
	if b := n.ofClass(c); b != nil && c.is(b) {
		return b.t.RuntimeName()
	}
	return "not of the schema"
}

// ofClass cuts an object of class c, which is not null, where n is.
func (d *dissector) ofClass(c class, n *node) error {
	b := n.ofClass(c)
	if b == nil || !c.is(b) {
		return c.unknown(n)
	}
	return d.object(b)
}

// field cuts a field of a record.
func (d *dissector) field(n *node) error {
	switch {
	case n.t.Primitive():
		return d.payload(n)
	case n.final:
		return d.present(n)
	}
	return d.classAndObject(n)
}

var errVoid = errors.New("a Void that is not null")

// present cuts a value whose class is known, or null.
func (d *dissector) present(n *node) error {
	mark, err := d.in.Leb()
	switch {
	case err != nil:
		return err
	case mark == 0:
		d.part(codecs.Null, "null: yes")
		return n.t.CheckNull()
	case n.class == javatype.Void:
		return errVoid
	case n.tracked:
		return d.marked(n, mark)
	case mark > 1:
		return fmt.Errorf("%#02x is no mark of null", mark)
	}
	d.part(codecs.Null, "null: no")
	return d.payload(n)
}

// object cuts a value that is not null and whose class is known.
func (d *dissector) object(n *node) error {
	switch {
	case n.class == javatype.Void:
		return errVoid
	case !n.tracked:
		return d.payload(n)
	}
	mark, err := d.in.Leb()
	if err == nil && mark == 0 {
		err = fmt.Errorf("null for a %s that is never null", n.t.JavaName())
	}
	if err != nil {
		return err
	}
	return d.marked(n, mark)
}

// marked cuts the mark of a tracked object, which has been read, and the object unless it is one that was there before.
func (d *dissector) marked(n *node, mark uint32) error {
	if mark > 1 {
		return d.reference(n, mark)
	}
	d.part(codecs.Flag, d.nextObject())
	if n.class == javatype.String {
		return d.freshText()
	}
	id, i := len(d.in.objects), d.in.hold(n)
	if n.composite() {
		err := d.composite(n)
		d.finished[id] = err == nil
		return err
	}
	v, err := d.scalar(n)
	d.in.held[i].at = v
	return err
}

// nextObject says which object begins.
func (d *dissector) nextObject() string { return fmt.Sprintf("new object %d", len(d.in.objects)) }

// reference cuts a mark that names an object.
func (d *dissector) reference(n *node, mark uint32) error {
	text := fmt.Sprintf("object %d again", mark-2)
	if n.composite() {
		if err := d.namesFinished(n, mark); err != nil {
			return err
		}
		d.part(codecs.Flag, text)
		return nil
	}
	v := n.t.Value.Alloc()
	if err := d.in.reference(n, v, mark); err != nil {
		return err
	}
	if n.small() {
		text += ": " + n.t.Text(v)
	}
	d.part(codecs.Flag, text)
	return nil
}

// namesFinished checks that mark names an object with parts, of the type of n, that has been read.
func (d *dissector) namesFinished(n *node, mark uint32) error {
	o, err := d.in.named(mark)
	switch {
	case err != nil:
		return err
	case o.n == nil || o.n.t.Value != n.t.Value || o.n.class != n.class || !d.finished[int(mark)-2]:
		return fmt.Errorf("reference to object %d, which is no finished %s", mark-2, n.t.JavaName())
	}
	return nil
}

// composite reports whether values of n have parts with paths of their own.
func (n *node) composite() bool {
	switch n.class {
	case javatype.Pojo, javatype.List, javatype.Map, javatype.Array:
		return true
	}
	return false
}

// small reports whether the text of a value of n is short whatever it is.
func (n *node) small() bool {
	switch n.class {
	case javatype.String, javatype.Bytes, javatype.BigDecimal:
		return false
	}
	return true
}

// payload cuts the value itself.
func (d *dissector) payload(n *node) error {
	if n.composite() {
		return d.composite(n)
	}
	_, err := d.scalar(n)
	return err
}

// freshText gives a string a reference id, and cuts it.
func (d *dissector) freshText() error {
	d.in.objects = append(d.in.objects, d.in.Offset())
	return d.text()
}

// scalar cuts a value that has no parts with paths, and returns where it is kept.
func (d *dissector) scalar(n *node) (access.Ref, error) {
	v := n.t.Value.Alloc()
	if n.class == javatype.LocalDateTime && d.in.old {
		return v, d.dateTime2(n, v)
	}
	begin := d.in.Offset()
	if err := d.in.payload(n, v); err != nil {
		return v, err
	}
	switch n.class {
	case javatype.Bytes, javatype.BigDecimal:
		return v, d.counted(n, begin, n.t.Text(v))
	}
	d.part(codecs.Value, n.t.Text(v))
	return v, nil
}
