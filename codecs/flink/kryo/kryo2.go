package kryo

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// This file has what Kryo 2.24, of Flink 1.20, does otherwise than Kryo 5.6: fixed widths are big-endian, enums are
// tracked, collections have a plain count and no shortcut for elements of one class, a null takes the type arguments of arrays
// in arrays away, a UUID is two varints, and the classes of java.time are written field by field.

func (e *encoder) fixed16(dst []byte, v uint16) []byte {
	if e.old {
		return binary.BigEndian.AppendUint16(dst, v)
	}
	return binary.LittleEndian.AppendUint16(dst, v)
}

func (e *encoder) fixed32(dst []byte, v uint32) []byte {
	if e.old {
		return binary.BigEndian.AppendUint32(dst, v)
	}
	return binary.LittleEndian.AppendUint32(dst, v)
}

func (e *encoder) fixed64(dst []byte, v uint64) []byte {
	if e.old {
		return binary.BigEndian.AppendUint64(dst, v)
	}
	return binary.LittleEndian.AppendUint64(dst, v)
}

func (d *decoder) order() binary.ByteOrder {
	if d.old {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// mapSize writes the number of a map's entries.
func (e *encoder) mapSize(dst []byte, n int) []byte {
	if e.old {
		return dataio.AppendLeb(dst, uint32(n))
	}
	return dataio.AppendLeb(dst, uint32(n)+1)
}

func (d *decoder) mapSize() (uint32, error) {
	n, err := d.Leb()
	switch {
	case err != nil || d.old:
		return n, err
	case n == 0:
		return 0, errors.New("the map is null")
	}
	return n - 1, nil
}

// constant writes an enum constant that is tracked: the JDK has one object for each.
func (e *encoder) constant(dst []byte, n *node, v access.Ref) []byte {
	i := n.ordinal(v)
	if i < 0 {
		return e.enum(dst, n, v)
	}
	if id := n.constants[i]; id > 0 {
		return dataio.AppendLeb(dst, uint32(id-1)+2)
	}
	e.refs++
	n.constants[i] = e.refs
	e.used = append(e.used, n.constants)
	return dataio.AppendLeb(append(dst, 1), uint32(i)+1)
}

// list2 writes an ArrayList.
func (e *encoder) list2(dst []byte, n *node, first access.Ref, count int) []byte {
	dst = dataio.AppendLeb(dst, uint32(count))
	for i := range count {
		r := n.value.element(first, i)
		if n.known {
			dst = e.presentOrNull(dst, n.value, r)
		} else {
			dst = e.classOrNull(dst, n.value, r)
		}
	}
	return dst
}

func (d *decoder) readList2(n *node, v access.Ref) error {
	count, err := d.Leb()
	if err != nil {
		return err
	}
	if err := d.owe(count, n.value.least); err != nil {
		return err
	}
	first := n.t.Value.MakeSlice(v, int(count))
	if n.known {
		return d.each(n.value, first, int(count), d.present)
	}
	return d.each(n.value, first, int(count), d.classAndObject)
}

// Arrays in an array lose their type arguments at the first of them that is null: Kryo takes those that the serializer of
// their class was handed away with it. Node.bare is what they are from there on.

// presentIn returns what reads the elements of array n one by one, whose class is known.
func (d *decoder) presentIn(n *node) func(*node, access.Ref) error {
	if n.bare == nil {
		return d.present
	}
	null := false
	return func(el *node, r access.Ref) error {
		if null {
			el = n.bare
		}
		null = null || d.atNull()
		return d.present(el, r)
	}
}

// presentIn returns what cuts the elements of array n one by one, whose class is known.
func (d *dissector) presentIn(n *node) func(*node) error {
	if n.bare == nil {
		return d.present
	}
	null := false
	return func(el *node) error {
		if null {
			el = n.bare
		}
		null = null || d.in.atNull()
		return d.present(el)
	}
}

// atNull reports whether the next byte stands for null.
func (d *decoder) atNull() bool {
	rest := d.Rest()
	return len(rest) > 0 && rest[0] == idNull
}

// logical2 writes a value of a class of the JDK.
func (e *encoder) logical2(dst []byte, n *node, v access.Ref) []byte {
	switch n.class {
	case javatype.Instant:
		sec, nanos := n.t.SplitTime(v.Long())
		return appendVarLong(appendVarInt(dst, zigzag(nanos)), zigzagLong(sec))
	case javatype.SQLTimestamp:
		_, nanos := n.t.SplitTime(v.Long())
		return appendVarInt(appendVarLong(dst, v.Long()), nanos)
	case javatype.LocalDate:
		return appendDate2(dst, int64(v.Int()))
	case javatype.LocalTime:
		return appendTime2(dst, e.nanoOfDay(n, v))
	case javatype.LocalDateTime:
		day, nano := n.t.SplitDateTime(v.Long())
		e.refs++
		return e.timeOf(appendDate2(append(dst, 1), day), nano)
	case javatype.UUID:
		msb, lsb := e.uuid(v)
		return appendVarLong(appendVarLong(dst, zigzagLong(int64(msb))), zigzagLong(int64(lsb)))
	}
	return e.sameLogical(dst, n, v)
}

// timeOf writes the LocalTime of a LocalDateTime, an object of its own.
func (e *encoder) timeOf(dst []byte, nano int64) []byte {
	if shared := e.sharedTime(nano); shared != nil {
		if *shared > 0 {
			return dataio.AppendLeb(dst, uint32(*shared-1)+2)
		}
		*shared, e.shares = e.refs+1, true
	}
	e.refs++
	return appendTime2(append(dst, 1), nano)
}

// appendDate2 writes the fields of a LocalDate: day, month, year.
func appendDate2(dst []byte, day int64) []byte {
	year, month, dayOfMonth := javatype.Day(day)
	return appendVarInt(append(dst, 0, byte(dayOfMonth), 0, byte(month)), zigzag(int32(year)))
}

// appendTime2 writes the fields of a LocalTime: hour, minute, nano, second.
func appendTime2(dst []byte, nanoOfDay int64) []byte {
	hour, minute, second, nano := javatype.Clock(nanoOfDay)
	return append(appendVarInt(append(dst, byte(hour), byte(minute)), zigzag(int32(nano))), byte(second))
}

// readLogical2 undoes logical2 into the value at v.
func (d *decoder) readLogical2(n *node, v access.Ref) error {
	switch n.class {
	case javatype.Instant:
		return d.readInstant2(n, v)
	case javatype.SQLTimestamp:
		return d.readTimestamp2(n, v)
	case javatype.LocalDate:
		day, err := d.readDate2()
		if err != nil {
			return err
		}
		return javatype.SetDay(v, day)
	case javatype.LocalTime:
		nano, err := d.readTime2()
		if err != nil {
			return err
		}
		return n.t.SetNanos(v, nano)
	case javatype.LocalDateTime:
		return d.readDateTime2(n, v)
	case javatype.UUID:
		msb, err := d.varLong()
		if err != nil {
			return err
		}
		lsb, err := d.varLong()
		v.SetText(javatype.FormatUUID(uint64(unzigzagLong(msb)), uint64(unzigzagLong(lsb))))
		return err
	}
	return d.readSameLogical(n, v)
}

func (d *decoder) readInstant2(n *node, v access.Ref) error {
	nanos, err := d.varInt()
	if err != nil {
		return err
	}
	sec, err := d.varLong()
	if err != nil {
		return err
	}
	units, err := n.t.JoinTime(unzigzagLong(sec), unzigzag(nanos))
	v.SetLong(units)
	return err
}

func (d *decoder) readTimestamp2(n *node, v access.Ref) error {
	ms, err := d.varLong()
	if err != nil {
		return err
	}
	nanos, err := d.varInt()
	if err != nil {
		return err
	}
	if _, want := n.t.SplitTime(ms); want != nanos {
		return fmt.Errorf("%d nanoseconds do not fit %d milliseconds", nanos, ms)
	}
	v.SetLong(ms)
	return nil
}

func (d *decoder) readDate2() (int64, error) {
	b, err := d.Take(4)
	if err != nil {
		return 0, err
	}
	year, err := d.varInt()
	if err != nil {
		return 0, err
	}
	return javatype.EpochDay(int(unzigzag(year)), int(binary.BigEndian.Uint16(b[2:])), int(binary.BigEndian.Uint16(b)))
}

func (d *decoder) readTime2() (int64, error) {
	b, err := d.Take(2)
	if err != nil {
		return 0, err
	}
	nano, err := d.varInt()
	if err != nil {
		return 0, err
	}
	second, err := d.Byte()
	if err != nil {
		return 0, err
	}
	return javatype.NanoOfDay(int(b[0]), int(b[1]), int(second), int(unzigzag(nano)))
}

// A part is what a LocalDateTime is made of: objects of their own, which references may name.
type part uint8

const (
	noPart part = iota
	datePart
	timePart
)

func (d *decoder) readDateTime2(n *node, v access.Ref) error {
	day, err := d.readPart(datePart, d.readDate2)
	if err != nil {
		return err
	}
	nano, err := d.readPart(timePart, d.readTime2)
	if err != nil {
		return err
	}
	return n.t.SetDateTime(v, day, nano)
}

// readPart reads a part with its mark: a new one, or a reference to one or to a value of its class.
func (d *decoder) readPart(p part, read func() (int64, error)) (int64, error) {
	mark, err := d.Leb()
	switch {
	case err != nil:
		return 0, err
	case mark == 0:
		return 0, errors.New("a part of a LocalDateTime is null")
	case mark > 1:
		return d.partAt(p, mark)
	}
	i := d.hold(nil)
	num, err := read()
	d.held[i].part, d.held[i].num = p, num
	return num, err
}

func (d *decoder) partAt(p part, mark uint32) (int64, error) {
	o, err := d.named(mark)
	switch {
	case err != nil:
		return 0, err
	case o.part == p:
		return o.num, nil
	case p == datePart && o.n != nil && o.n.class == javatype.LocalDate && !o.at.Nil():
		return int64(o.at.Int()), nil
	case p == timePart && o.n != nil && o.n.class == javatype.LocalTime && !o.at.Nil():
		return o.n.t.NanosAt(o.at)
	}
	return 0, fmt.Errorf("reference to object %d, which is no part of a LocalDateTime", mark-2)
}

// referToPart copies a part of a LocalDateTime to v.
func (d *decoder) referToPart(n *node, v access.Ref, o object) error {
	switch {
	case o.part == timePart && n.class == javatype.LocalTime:
		return n.t.SetNanos(v, o.num)
	case o.part == datePart && n.class == javatype.LocalDate:
		return javatype.SetDay(v, o.num)
	}
	return fmt.Errorf("reference to a part of a LocalDateTime, which is no %s", n.t.JavaName())
}
