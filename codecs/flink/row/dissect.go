package row

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/internal/plural"
)

// Dissect cuts a record into the parts that Flink's serializers make it of.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) {
	var d dissector
	d.in.r.Reset(src)
	err := d.record(c.root)
	return d.cut.Done(len(src), err)
}

// A dissector walks over a record and cuts it.
type dissector struct {
	in  codec // reads what needs no record
	cut codecs.Cutter
}

// part makes a part of what has been read since the last.
func (d *dissector) part(role codecs.Role, text string) { d.cut.Cut(d.in.r.Offset(), role, text) }

// record cuts the mask and the fields of a record.
func (d *dissector) record(l *layout) error {
	mask, err := d.mask(l)
	if err != nil {
		return err
	}
	for i := range l.steps {
		s := &l.steps[i]
		if err := d.at(s.name, func() error { return d.step(s, mask) }); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
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

// mask cuts the mask of a record. A tuple has none.
func (d *dissector) mask(l *layout) ([]byte, error) {
	mask, err := d.in.readMask(l)
	if err == nil {
		d.part(codecs.Null, "+I, null: "+l.nulls(mask))
	}
	return mask, err
}

// nulls names the fields that a mask says are null.
func (l *layout) nulls(mask []byte) string {
	var names []string
	for i := range l.steps {
		if s := &l.steps[i]; s.null(mask) {
			names = append(names, s.name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// null reports whether a mask says that the field is null.
func (s *step) null(mask []byte) bool {
	return (s.form == pointer || s.form == masked) && mask[s.at]&s.bit != 0
}

// step cuts a field of a record with a mask.
func (d *dissector) step(s *step, mask []byte) error {
	switch {
	case s.null(mask):
		return s.node.t.CheckNull()
	case s.form == maskOnly:
		_, err := d.mask(s.node.layout)
		return err
	case s.form == bare:
		return d.bare(s.node)
	}
	return d.value(s.node)
}

// bare cuts a value, of which null has the form that its serializer has.
func (d *dissector) bare(n *node) error {
	if k := len(n.null); k > 0 && strings.HasPrefix(string(d.peek(k)), n.null) {
		d.in.r.Skip(k)
		d.part(codecs.Null, "null: yes")
		return nil
	}
	return d.value(n)
}

// peek returns the next n bytes, or as many as there are.
func (d *dissector) peek(n int) []byte {
	rest := d.in.r.Rest()
	return rest[:min(n, len(rest))]
}

// flagged cuts flag null, or the other flag and a value.
func (d *dissector) flagged(n *node, null bool) error {
	flag, err := d.in.r.Bool()
	if err != nil {
		return err
	}
	d.part(codecs.Null, "null"+yesNo(flag == null))
	if flag == null {
		return n.t.CheckNull()
	}
	return d.value(n)
}

func yesNo(yes bool) string {
	if yes {
		return ": yes"
	}
	return ": no"
}

// value cuts a value that is not null.
func (d *dissector) value(n *node) error {
	switch n.form {
	case kryoForm:
		return d.kryo(n)
	case void:
		return errors.New("a Void that is not null")
	case record:
		return d.record(n.layout)
	case list, nullableList, objectArray, primArray, stringArray:
		return d.elements(n)
	case mapForm:
		return d.entries(n)
	case localDate, localTime, localDateTime:
		return d.time(n)
	}
	return d.scalar(n)
}

// scalar cuts a value that has no parts with paths.
func (d *dissector) scalar(n *node) error {
	return n.t.DissectScalar(&d.in.r, d.valuePart)
}

// valuePart makes a part of a value, or of its length.
func (d *dissector) valuePart(length bool, text string) {
	role := codecs.Value
	if length {
		role = codecs.Length
	}
	d.part(role, text)
}

// time cuts a LocalDate, LocalTime or LocalDateTime.
func (d *dissector) time(n *node) error {
	v := n.t.Value.Alloc()
	err := d.in.readTime(n, v)
	if err == nil {
		d.part(codecs.Value, n.t.Text(v))
	}
	return err
}

// kryo cuts a value of a generic type, a Kryo record of its own. Null is the mask's or a flag's to say, or has been looked
// for before.
func (d *dissector) kryo(n *node) error {
	src := d.in.r.Rest()
	if len(src) > 0 && src[0] == 0 {
		return fmt.Errorf("null for a %s that is not", n.t.JavaName())
	}
	used, err := n.kryo.Dissect(&d.cut, src)
	d.in.r.Skip(used)
	return err
}

// elements cuts the number and the elements of a list or an array.
func (d *dissector) elements(n *node) error {
	if n.form == nullableList {
		if err := d.there(); err != nil {
			return err
		}
	}
	count, err := d.in.r.Count(n.leastElement())
	if err != nil {
		return err
	}
	d.part(codecs.Length, plural.Count(count, "element"))
	for i := range count {
		if err := d.cut.Element(i, func() error { return d.element(n) }); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// there cuts the flag of a list that cannot be null.
func (d *dissector) there() error {
	null, err := d.in.r.Bool()
	switch {
	case err != nil:
		return err
	case null:
		return errors.New("a list that is there and null")
	}
	d.part(codecs.Null, "null list: no")
	return nil
}

// leastElement returns the bytes of the smallest element of a list or an array.
func (n *node) leastElement() int {
	switch n.form {
	case list:
		return n.elem.leastBare()
	case primArray, stringArray:
		return n.elem.t.LeastScalar()
	}
	return n.elem.leastFlagged()
}

// element cuts an element of n.
func (d *dissector) element(n *node) error {
	switch n.form {
	case primArray:
		return d.scalar(n.elem)
	case list, stringArray:
		return d.bare(n.elem)
	case nullableList:
		return d.wrapped(n.elem)
	}
	return d.flagged(n.elem, false)
}

// wrapped cuts what NullableSerializer.wrap makes of a value.
func (d *dissector) wrapped(n *node) error {
	switch {
	case n.form != nullableList:
		return d.flagged(n, true)
	case d.in.r.Accept(isNull):
		d.part(codecs.Null, "null"+yesNo(true))
		return n.t.CheckNull()
	}
	return d.value(n)
}

// entries cuts a map. Its keys have no flag, its values have one.
func (d *dissector) entries(n *node) error {
	count, err := d.in.r.Count(1 + n.elem.leastFlagged())
	if err != nil {
		return err
	}
	d.part(codecs.Length, plural.Count(count, "key"))
	seen := map[string]bool{}
	for range count {
		var key string
		err := d.cut.Key(func() (err error) {
			key, err = javatype.DissectString(&d.in.r, d.valuePart)
			return err
		})
		if err == nil && seen[key] {
			err = fmt.Errorf("key %.40q stands twice", key)
		}
		if err != nil {
			return err
		}
		seen[key] = true
		if err := d.cut.Entry(key, func() error { return d.flagged(n.elem, true) }); err != nil {
			return fmt.Errorf("{%.40s}: %w", key, err)
		}
	}
	return nil
}
