package kryo

import (
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// This file has how a dissector cuts the values that consist of several parts.

// text cuts a string that is not null: its length, if it has one, and its characters.
func (d *dissector) text() error {
	begin := d.in.Offset()
	s, err := d.in.string()
	if err != nil {
		return err
	}
	end := d.in.Offset()
	d.in.Seek(begin)
	if d.in.Rest()[0] >= 0x80 {
		_, units, err := d.in.flagged()
		if err != nil {
			return err
		}
		d.part(codecs.Length, plural.Count(int(units)-1, "character"))
	}
	d.in.Seek(end)
	d.part(codecs.Value, access.ScalarJSON(schemas.String, 0, s))
	return nil
}

// counted cuts bytes, or a decimal, which have been read from begin on.
func (d *dissector) counted(n *node, begin int, text string) error {
	end := d.in.Offset()
	d.in.Seek(begin)
	count, err := d.in.Leb()
	if err != nil {
		return err
	}
	d.part(codecs.Length, plural.Count(int(count)-1, "byte"))
	d.in.Skip(int(count) - 1)
	d.part(codecs.Value, text)
	d.in.Seek(end)
	if n.class == javatype.BigDecimal {
		d.part(codecs.Value, fmt.Sprintf("scale %d", n.t.Value.Node.Scale))
	}
	return nil
}

// dateTime2 cuts a LocalDateTime of Kryo 2.24, an object of two others, and puts it at v.
func (d *dissector) dateTime2(n *node, v access.Ref) error {
	var day, nano int64
	err := d.cut.Field("date", func() (err error) {
		day, err = d.partOf(datePart, d.in.readDate2, access.DateText)
		return err
	})
	if err != nil {
		return err
	}
	err = d.cut.Field("time", func() (err error) {
		nano, err = d.partOf(timePart, d.in.readTime2, access.ClockText)
		return err
	})
	if err != nil {
		return err
	}
	return n.t.SetDateTime(v, day, nano)
}

// partOf cuts a part of a LocalDateTime.
func (d *dissector) partOf(p part, read func() (int64, error), text func(int64) string) (int64, error) {
	begin, mark := d.in.Offset(), d.nextObject()
	num, err := d.in.readPart(p, read)
	if err != nil {
		return 0, err
	}
	end := d.in.Offset()
	d.in.Seek(begin)
	id, err := d.in.Leb()
	if id > 1 {
		mark = fmt.Sprintf("object %d again: %s", id-2, text(num))
	}
	d.part(codecs.Flag, mark)
	d.in.Seek(end)
	d.part(codecs.Value, text(num))
	return num, err
}

// composite cuts the fields, elements or entries of a value.
func (d *dissector) composite(n *node) error {
	if err := d.in.depth.Enter(); err != nil {
		return err
	}
	var err error
	switch n.class {
	case javatype.Pojo:
		err = d.fields(n)
	case javatype.List:
		err = d.list(n)
	case javatype.Map:
		err = d.entries(n)
	default:
		err = d.array(n)
	}
	d.in.depth.Leave()
	return err
}

func (d *dissector) fields(n *node) error {
	for i := range n.fields {
		f := &n.fields[i]
		if err := d.cut.Field(f.name, func() error { return d.field(f.node) }); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// each cuts elements one by one.
func (d *dissector) each(el *node, count uint32, element func(*node) error) error {
	for i := range int(count) {
		if err := d.cut.Element(i, func() error { return element(el) }); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// list cuts an ArrayList. Its header of Kryo 5.6 says how elements follow.
func (d *dissector) list(n *node) error {
	if d.in.old {
		return d.list2(n)
	}
	flag, count, err := d.in.flagged()
	if err == nil && count == 0 {
		err = errors.New("the list is null")
	}
	if err != nil {
		return err
	}
	count--
	if n.known || !flag { // else they may all be null, in no bytes
		if err := d.in.room(count); err != nil {
			return err
		}
	}
	d.part(codecs.Length, plural.Count(int(count), "element")+n.flagText(count, flag))
	switch {
	case count == 0:
		return nil
	case n.known && flag:
		return d.each(n.value, count, d.present)
	case n.known:
		return d.each(n.value, count, d.object)
	case !flag:
		return d.each(n.value, count, d.classAndObject)
	}
	return d.sameClass(n.value, count)
}

// flagText says what the flag in the header of list n means.
func (n *node) flagText(count uint32, flag bool) string {
	switch {
	case count == 0:
		return ""
	case n.known && flag:
		return ", some of them null"
	case n.known:
		return ", none of them null"
	case flag:
		return ", of one class"
	}
	return ", each with its class"
}

// sameClass cuts elements behind the one class that they have.
func (d *dissector) sameClass(el *node, count uint32) error {
	c, err := d.class(el, "null elements: all")
	switch {
	case err != nil:
		return err
	case c.id == idNull:
		return el.t.CheckNull()
	}
	if err := d.in.room(count); err != nil {
		return err
	}
	hasNull, err := d.in.Bool()
	if err != nil {
		return err
	}
	if !hasNull {
		d.part(codecs.Null, "null elements: no")
		return d.each(el, count, func(el *node) error { return d.ofClass(c, el) })
	}
	d.part(codecs.Null, "null elements: yes")
	return d.each(el, count, func(el *node) error { return d.ofClassOrNull(c, el) })
}

// ofClassOrNull cuts an element of class c that may be null.
func (d *dissector) ofClassOrNull(c class, el *node) error {
	if d.in.Accept(idNull) {
		d.part(codecs.Null, "null: yes")
		return el.t.CheckNull()
	}
	if n := el.ofClass(c); n != nil && !n.tracked {
		if !d.in.Accept(1) {
			return fmt.Errorf("no mark of a %s that is there", n.t.JavaName())
		}
		d.part(codecs.Null, "null: no")
	}
	return d.ofClass(c, el)
}

// list2 cuts an ArrayList of Kryo 2.24.
func (d *dissector) list2(n *node) error {
	count, err := d.in.Leb()
	if err != nil {
		return err
	}
	if err := d.in.room(count); err != nil {
		return err
	}
	d.part(codecs.Length, plural.Count(int(count), "element"))
	if n.known {
		return d.each(n.value, count, d.present)
	}
	return d.each(n.value, count, d.classAndObject)
}

// array cuts a Java array.
func (d *dissector) array(n *node) error {
	count, err := d.in.Leb()
	if err == nil && count == 0 {
		err = errors.New("the array is null")
	}
	if err != nil {
		return err
	}
	count--
	if err := d.in.room(count); err != nil {
		return err
	}
	d.part(codecs.Length, plural.Count(int(count), "element"))
	switch el := n.value; {
	case el.t.Primitive():
		return d.each(el, count, d.payload)
	case n.known:
		return d.each(el, count, d.presentIn(n))
	default:
		return d.each(el, count, d.classAndObject)
	}
}

// entries cuts a HashMap.
func (d *dissector) entries(n *node) error {
	count, err := d.in.mapSize()
	if err != nil {
		return err
	}
	if err := d.in.room(count); err != nil {
		return err
	}
	d.part(codecs.Length, plural.Count(int(count), "key"))
	seen := map[string]bool{}
	for range count {
		key, err := d.peekKey(n)
		if err == nil && seen[key] {
			err = fmt.Errorf("key %.40q stands twice", key)
		}
		if err != nil {
			return err
		}
		seen[key] = true
		if err := d.cut.Key(func() error { return d.key(n) }); err != nil {
			return err
		}
		if err := d.cut.Entry(key, func() error { return d.entry(n) }); err != nil {
			return fmt.Errorf("{%.40s}: %w", key, err)
		}
	}
	return nil
}

// peekKey returns the key that comes next, which its own path has in it, and does not read it.
func (d *dissector) peekKey(n *node) (string, error) {
	begin, objects := d.in.Offset(), len(d.in.objects)
	key, err := d.in.readKey(n)
	d.in.Seek(begin)
	d.in.objects = d.in.objects[:objects]
	return key, err
}

// entry cuts a key's value.
func (d *dissector) entry(n *node) error {
	if n.known {
		return d.present(n.value)
	}
	return d.classAndObject(n.value)
}

// key cuts a key that peekKey has found to be one.
func (d *dissector) key(n *node) error {
	if !n.keyed {
		c, err := d.in.class()
		if err != nil {
			return err
		}
		d.part(codecs.ClassName, fmt.Sprintf("%d java.lang.String", c.id-2))
	}
	mark, err := d.in.Leb()
	switch {
	case err != nil:
		return err
	case mark > 1:
		d.part(codecs.Flag, fmt.Sprintf("object %d again", mark-2))
		return nil
	}
	d.part(codecs.Flag, d.nextObject())
	return d.freshText()
}
