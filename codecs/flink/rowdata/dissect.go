package rowdata

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Dissect cuts a record into the parts that binary rows have. What lies in the variable part of a row or an array comes
// behind all its slots.
func (c *codec) Dissect(src []byte) ([]codecs.Part, error) {
	var d dissector
	err := d.record(c.root, src)
	return d.cut.Done(len(src), err)
}

// A dissector walks over a record and cuts it.
type dissector struct{ cut codecs.Cutter }

// part makes a part of the next n bytes.
func (d *dissector) part(n int, role codecs.Role, text string) { d.cut.Cut(d.cut.At()+n, role, text) }

// padding makes a part of the next n bytes, which have been found to be zero.
func (d *dissector) padding(n int) { d.part(n, codecs.Layout, "padding") }

// record cuts the size of a row and the row.
func (d *dissector) record(r *row, src []byte) error {
	if len(src) < prefix {
		return dataio.ErrShort
	}
	size, src := uint64(binary.BigEndian.Uint32(src)), src[prefix:]
	if left := uint64(len(src)); size > left {
		return fmt.Errorf("%w: a row of %d bytes and %d are left", dataio.ErrShort, size, left)
	}
	d.part(prefix, codecs.Length, plural.Count(int(size), "byte"))
	return d.row(r, src[:size])
}

// row cuts row b.
func (d *dissector) row(r *row, b []byte) error {
	if err := r.check(b); err != nil {
		return err
	}
	d.part(1, codecs.Flag, "+I")
	d.part(r.head-1, codecs.Null, "null: "+r.nulls(b))
	p := part{b, len(r.blank)}
	for i := range r.steps {
		s := &r.steps[i]
		if err := d.cut.Field(s.name, func() error { return d.field(s, &p) }); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	for i := range r.steps {
		s := &r.steps[i]
		if s.isNull(b) {
			continue
		}
		if err := d.cut.Field(s.name, func() error { return d.outside(s.col, &p, s.in(b)) }); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return p.done()
}

// check reports what is wrong with the length and the head of row b.
func (r *row) check(b []byte) error {
	switch {
	case len(b) < len(r.blank):
		return fmt.Errorf("%w: a row of %d columns in %d bytes", dataio.ErrShort, len(r.steps), len(b))
	case b[0] != 0:
		return fmt.Errorf("a row of kind %d, no insert", b[0])
	case !unused(b[:r.head], 8+len(r.steps)):
		return errNull
	}
	return nil
}

// nulls names the fields of row b that are null.
func (r *row) nulls(b []byte) string {
	var names []string
	for i := range r.steps {
		if s := &r.steps[i]; s.isNull(b) {
			names = append(names, s.name)
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}

// isNull reports whether the field is null in row b.
func (s *step) isNull(b []byte) bool { return b[s.null]&s.bit != 0 }

// in returns the field's slot in row b.
func (s *step) in(b []byte) []byte { return b[s.slot : s.slot+8] }

// field cuts the slot of a field of row p.
func (d *dissector) field(s *step, p *part) error {
	b := s.in(p.b)
	if s.isNull(p.b) {
		return d.null(s.col, b)
	}
	if !unused(b, 8*s.col.width) {
		return errPadding
	}
	if err := d.slot(s.col, p, b); err != nil {
		return err
	}
	d.padding(8 - s.col.width)
	return nil
}

// null cuts slot or element b of a null, which has no use.
func (d *dissector) null(col *column, b []byte) error {
	if !unused(b, 0) {
		return errNull
	}
	if err := col.t.CheckNull(); err != nil {
		return err
	}
	d.part(len(b), codecs.Layout, "unused: null")
	return nil
}

// slot cuts slot or element b of p: a value, or where it is.
func (d *dissector) slot(col *column, p *part, b []byte) error {
	if col.inSlot(b) {
		return d.inside(col, p, b)
	}
	size, off := slot(b)
	if col.form == micros {
		d.part(4, codecs.Value, plural.Count(size, "nanosecond")+" of the millisecond")
		d.part(4, codecs.Layout, fmt.Sprintf("the millisecond at %d", off))
	} else {
		d.part(8, codecs.Layout, fmt.Sprintf("%s at %d", plural.Count(size, "byte"), off))
	}
	return nil
}

// inSlot reports whether the whole value of slot or element b lies in it.
func (col *column) inSlot(b []byte) bool {
	switch col.form {
	case rowForm, array, mapForm, largeDecimal, micros:
		return false
	}
	return !col.texts() || b[maxInline] >= inlineMark
}

// texts reports whether values of up to 7 bytes lie in the slot, behind which their number stands.
func (col *column) texts() bool { return col.form == text || col.form == enum || col.form == binaries }

// inside cuts a value that lies in slot or element b of p.
func (d *dissector) inside(col *column, p *part, b []byte) error {
	text, err := col.value(p, b)
	if err != nil {
		return err
	}
	if !col.texts() {
		d.part(col.width, codecs.Value, text)
		return nil
	}
	n := int(b[maxInline] &^ inlineMark)
	d.part(n, codecs.Value, text)
	d.padding(maxInline - n)
	d.part(1, codecs.Length, plural.Count(n, "byte"))
	return nil
}

// value reads the value of slot or element b of p, and returns what it says.
func (col *column) value(p *part, b []byte) (string, error) {
	if col.form == text {
		s, err := p.string(b)
		return access.ScalarJSON(schemas.String, 0, s), err
	}
	v := col.t.Value.Alloc()
	if err := col.read(p, b, v); err != nil {
		return "", err
	}
	return col.t.Text(v), nil
}

// outside cuts what slot or element b has in the variable part of p, where p is.
func (d *dissector) outside(col *column, p *part, b []byte) error {
	if col.inSlot(b) {
		return nil
	}
	size, begin := 8, p.next // 8 of micros
	if col.form != micros {
		size, _ = slot(b)
	}
	if err := d.far(col, p, b, size); err != nil {
		return err
	}
	d.padding(p.next - begin - size)
	return nil
}

// far cuts the size bytes that slot or element b points to.
func (d *dissector) far(col *column, p *part, b []byte, size int) error {
	switch col.form {
	case rowForm, array, mapForm:
		in, err := p.nested(b)
		if err != nil {
			return err
		}
		return d.nested(col, in)
	}
	text, err := col.value(p, b)
	if err != nil {
		return err
	}
	d.part(size, codecs.Value, text)
	return nil
}

// nested cuts row, array or map b.
func (d *dissector) nested(col *column, b []byte) error {
	switch col.form {
	case rowForm:
		return d.row(col.row, b)
	case mapForm:
		return d.entries(col, b)
	}
	e, err := newElements(b, col.elem.width, col.elem.least)
	if err != nil {
		return err
	}
	return d.elements(col.elem, &e, "element", func(i int, f func() error) error {
		if err := d.cut.Element(i, f); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
		return nil
	})
}

// elements cuts an array of col, whose elements have names; within makes a function cut element i.
func (d *dissector) elements(col *column, e *elements, name string, within func(i int, f func() error) error) error {
	d.part(4, codecs.Length, plural.Count(e.n, name))
	d.part(e.at-4, codecs.Null, fmt.Sprintf("null: %d of %d", e.nulls(), e.n))
	for i := range e.n {
		if err := within(i, func() error { return d.element(col, e, i) }); err != nil {
			return err
		}
	}
	d.padding(e.next - e.at - e.n*e.width)
	for i := range e.n {
		if e.null(i) {
			continue
		}
		if err := within(i, func() error { return d.outside(col, &e.part, e.element(i)) }); err != nil {
			return err
		}
	}
	return e.done()
}

// nulls returns how many elements are null.
func (e *elements) nulls() int {
	n := 0
	for i := range e.n {
		if e.null(i) {
			n++
		}
	}
	return n
}

// element cuts the slot of element i.
func (d *dissector) element(col *column, e *elements, i int) error {
	b := e.element(i)
	if e.null(i) {
		return d.null(col, b)
	}
	return d.slot(col, &e.part, b)
}

// entries cuts map b, which has all keys before all values.
func (d *dissector) entries(col *column, b []byte) error {
	keys, values, err := col.parts(b)
	if err != nil {
		return err
	}
	names, err := keys.names()
	if err != nil {
		return err
	}
	d.part(4, codecs.Length, plural.Count(len(keys.b), "byte")+" of keys")
	key := column{form: text, width: widthOf[text]}
	err = d.elements(&key, &keys, "key", func(_ int, f func() error) error { return d.cut.Key(f) })
	if err != nil {
		return err
	}
	return d.elements(col.elem, &values, "value", func(i int, f func() error) error {
		if err := d.cut.Entry(names[i], f); err != nil {
			return fmt.Errorf("{%.40s}: %w", names[i], err)
		}
		return nil
	})
}

// names returns the keys of a map, none of which is null or stands twice. It does not pass over them.
func (e elements) names() ([]string, error) {
	names, seen := make([]string, e.n), map[string]bool{}
	for i := range names {
		if e.null(i) {
			return nil, errors.New("a map's key is null")
		}
		name, err := e.string(e.element(i))
		switch {
		case err != nil:
			return nil, fmt.Errorf("a key: %w", err)
		case seen[name]:
			return nil, fmt.Errorf("key %.40q stands twice", name)
		}
		names[i], seen[name] = name, true
	}
	return names, nil
}
