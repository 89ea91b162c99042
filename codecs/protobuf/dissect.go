package protobuf

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/protomap"
	"google.golang.org/protobuf/encoding/protowire"
)

// Dissect cuts src as [codecs.Dissector] says. It refuses numbers of fields that protobuf does not have, which vtprotobuf
// passes.
func (c *converter) Dissect(src []byte) ([]codecs.Part, error) { return dissect(c.plan, src) }

// Dissect cuts src as [codecs.Dissector] says.
func (c *dynamicCodec) Dissect(src []byte) ([]codecs.Part, error) { return dissect(c.plan, src) }

func dissect(plan *message, src []byte) ([]codecs.Part, error) {
	d := dissector{src: src}
	return d.Done(len(src), d.message(plan, len(src)))
}

// A dissector cuts messages along a plan.
type dissector struct {
	codecs.Cutter
	src []byte
}

// A wired is a field as it stands in a message: a tag up to begin, and then a value up to end.
type wired struct {
	number     protowire.Number
	typ        protowire.Type
	begin, end int
}

// next looks at the field that comes next in a message that ends at end.
func (d *dissector) next(end int) (wired, error) {
	at := d.At()
	number, typ, n := protowire.ConsumeTag(d.src[at:end])
	if n < 0 {
		return wired{}, protowire.ParseError(n)
	}
	size := protowire.ConsumeFieldValue(number, typ, d.src[at+n:end])
	if size < 0 {
		return wired{}, protowire.ParseError(size)
	}
	return wired{number, typ, at + n, at + n + size}, nil
}

func (d *dissector) tag(w wired, name string) {
	d.Cut(w.begin, codecs.FieldName, fmt.Sprintf("%s = %d", name, w.number))
}

// unknown cuts a field that the message does not have, or has with another type.
func (d *dissector) unknown(w wired) {
	d.tag(w, "unknown")
	d.Cut(w.end, codecs.Value, "unknown")
}

// message cuts the fields of m up to end.
func (d *dissector) message(m *message, end int) error {
	seen := map[*slot]int{} // elements of each list
	for d.At() < end {
		w, err := d.next(end)
		if err != nil {
			return err
		}
		f, ok := m.find(w)
		switch {
		case !ok:
			d.unknown(w)
		case m.typ.Kind == schemas.Record:
			err = d.Field(m.typ.Fields[f.index].Name, func() error { return d.field(w, f, seen) })
		default: // a wrapper
			err = d.field(w, f, seen)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// A found is what a plan says of a field.
type found struct {
	index int
	slot  *slot
	value *value
	name  string // in protobuf
}

// find returns what m says of w.
func (m *message) find(w wired) (found, bool) {
	for i := range m.slots {
		s := &m.slots[i]
		if s.field != nil && s.field.Number() == w.number {
			return found{i, s, &s.value, s.Name}, s.takes(w.typ)
		}
		for j, f := range s.fields {
			if f != nil && f.Number() == w.number {
				return found{i, s, &s.cases[j], s.Cases[j].Name}, w.typ == s.cases[j].wire()
			}
		}
	}
	return found{}, false
}

// takes reports whether the field of s, which is no oneof, can be of type typ.
func (s *slot) takes(typ protowire.Type) bool {
	return s.Form == protomap.Map && typ == protowire.BytesType || s.Form != protomap.Map && typ == s.value.wire() || s.packed(typ)
}

// packed reports whether a field of type typ holds all elements of a list.
func (s *slot) packed(typ protowire.Type) bool {
	return s.Form == protomap.Repeated && typ == protowire.BytesType && s.value.wire() != typ
}

// wire returns the type that v has on the wire.
func (v *value) wire() protowire.Type {
	if v.message != nil {
		return protowire.BytesType
	}
	switch v.typ.Kind {
	case schemas.Boolean, schemas.Int, schemas.Long, schemas.Enum:
		return protowire.VarintType
	case schemas.Float:
		return protowire.Fixed32Type
	case schemas.Double:
		return protowire.Fixed64Type
	}
	return protowire.BytesType
}

func (d *dissector) field(w wired, f found, seen map[*slot]int) error {
	switch {
	case f.slot.packed(w.typ):
		d.tag(w, f.name)
		return d.packed(w, f, seen)
	case f.slot.Form == protomap.Repeated:
		i := seen[f.slot]
		seen[f.slot]++
		return d.Element(i, func() error {
			d.tag(w, f.name)
			return d.value(f.value, w.end)
		})
	case f.slot.Form == protomap.Map:
		d.tag(w, f.name)
		d.length(w.end)
		return d.entry(f.value, w.end)
	}
	d.tag(w, f.name)
	return d.value(f.value, w.end)
}

// length cuts the length in front of what ends at end, and returns that.
func (d *dissector) length(end int) string {
	b, _ := protowire.ConsumeBytes(d.src[d.At():end])
	d.Cut(end-len(b), codecs.Length, plural.Count(len(b), "byte"))
	return string(b)
}

// packed cuts the elements of a list that stand in one field.
func (d *dissector) packed(w wired, f found, seen map[*slot]int) error {
	d.length(w.end)
	for d.At() < w.end {
		n := protowire.ConsumeFieldValue(w.number, f.value.wire(), d.src[d.At():w.end])
		if n < 0 {
			return protowire.ParseError(n)
		}
		i := seen[f.slot]
		seen[f.slot]++
		if err := d.Element(i, func() error { return d.value(f.value, d.At()+n) }); err != nil {
			return err
		}
	}
	return nil
}

// keyType is the type of a map's keys.
var keyType = &schemas.Node{Kind: schemas.String}

// entry cuts an entry of a map, a message with a key and a value of v. Either may be missing.
func (d *dissector) entry(v *value, end int) error {
	key := ""
	for d.At() < end {
		w, err := d.next(end)
		if err != nil {
			return err
		}
		switch {
		case w.number == 1 && w.typ == protowire.BytesType:
			err = d.Key(func() error {
				d.tag(w, "key")
				key = d.text(keyType, w.end)
				return nil
			})
		case w.number == 2 && w.typ == v.wire():
			err = d.Entry(key, func() error {
				d.tag(w, "value")
				return d.value(v, w.end)
			})
		default:
			d.unknown(w)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// text cuts a string or bytes up to end.
func (d *dissector) text(n *schemas.Node, end int) string {
	said := d.length(end)
	d.Cut(end, codecs.Value, access.ScalarText(n, 0, said))
	return said
}

// value cuts a value that ends at end.
func (d *dissector) value(v *value, end int) error {
	src := d.src[d.At():end]
	var num uint64
	switch v.wire() {
	case protowire.BytesType:
		if v.message == nil {
			d.text(v.typ.Node, end)
			return nil
		}
		d.length(end)
		return d.message(v.message, end)
	case protowire.VarintType:
		num, _ = protowire.ConsumeVarint(src)
	case protowire.Fixed32Type:
		n, _ := protowire.ConsumeFixed32(src)
		num = uint64(n)
	case protowire.Fixed64Type:
		num, _ = protowire.ConsumeFixed64(src)
	}
	d.Cut(end, codecs.Value, numberText(v.typ.Node, num))
	return nil
}

// numberText returns what num says as a value of n.
func numberText(n *schemas.Node, num uint64) string {
	switch n.Kind {
	case schemas.Int:
		num = uint64(int64(int32(num)))
	case schemas.Enum:
		if i := int32(num); i >= 0 && int(i) < len(n.Symbols) {
			return access.ScalarJSON(n.Kind, 0, n.Symbols[i])
		}
		return fmt.Sprint(int32(num))
	}
	return access.ScalarText(n, num, "")
}
