package kryo

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// A decoder reads values. What it remembers of a top-level value is forgotten before the next.
type decoder struct {
	reader
	names [][]byte // of classes, by name id, as written; they belong to the source
	// objects are those that a reference may name, by its id: of a string the offset of its bytes, of any other the
	// complement of its index in held. Most are strings that nothing refers to, and a table of numbers costs them least.
	objects []int
	held    []object
	depth   dataio.Depth
	deepest dataio.Depth // of what is being read, references included
	owed    int          // bytes that announced elements which are not read yet would take
	copied  int          // bytes that the objects take which references have named so far
	most    int          // what copied may be
	old     bool         // the bytes are those of Kryo 2.24: see kryo2.go
}

// An object is one that a reference may name: a string that one did name, or of another class.
type object struct {
	n    *node      // nil of a string, and of a part
	at   access.Ref // where its value is; Nil while it is being read
	text string
	part part // of a LocalDateTime, which has no place
	num  int64

	size   int          // bytes that it takes where no reference stands for it
	height dataio.Depth // how deep it nests
}

// hold gives an object that is no string its reference id, and returns its index in held.
func (d *decoder) hold(n *node) int {
	i := len(d.held)
	d.objects = append(d.objects, ^i)
	d.held = append(d.held, object{n: n})
	return i
}

// named returns the object that mark names, finished or not.
func (d *decoder) named(mark uint32) (object, error) {
	id := int64(mark) - 2
	if id < 0 || id >= int64(len(d.objects)) {
		return object{}, fmt.Errorf("reference to object %d, and there are %d", id, len(d.objects))
	}
	if i := d.objects[id]; i < 0 {
		return d.held[^i], nil
	}
	s, err := d.stringAt(d.objects[id])
	o := object{text: s, size: len(s)}
	d.objects[id] = ^len(d.held)
	d.held = append(d.held, o)
	return o, err
}

// A span is an object that is being read.
type span struct {
	held    int          // its index in held
	from    int          // bytes read before it, with those that references stand for
	deepest dataio.Depth // of what is around it
}

// begin gives an object that is no string its reference id.
func (d *decoder) begin(n *node) span {
	s := span{d.hold(n), d.Offset() + d.copied, d.deepest}
	d.deepest = d.depth
	return s
}

// end keeps the object that begin began, at v.
func (d *decoder) end(s span, v access.Ref) {
	o := &d.held[s.held]
	o.at, o.size, o.height = v, d.Offset()+d.copied-s.from, d.deepest-d.depth
	d.deepest = max(d.deepest, s.deepest)
}

// copies allows for one more place of object o. A record in which each object holds the one before twice would be
// written, or printed, in exponentially many bytes; and one in which each holds the one before nests as deep as it is long.
func (d *decoder) copies(o object) error {
	d.copied += o.size
	if d.copied > d.most {
		return fmt.Errorf("references stand for more than %d bytes", d.most)
	}
	d.deepest = max(d.deepest, d.depth+o.height)
	if d.deepest > dataio.MaxDepth {
		return dataio.ErrDepth
	}
	return nil
}

// stringAt reads the string at an offset that has been read before.
func (d *decoder) stringAt(off int) (string, error) {
	next := d.Offset()
	d.Seek(off)
	s, err := d.string()
	d.Seek(next)
	return s, err
}

// A class is what stands before an object: null, an id, or a name.
type class struct {
	id   uint32
	name []byte
}

// top reads a value with its class into the place at r.
func (d *decoder) top(n *node, r access.Ref) error {
	d.names, d.objects, d.held = d.names[:0], d.objects[:0], d.held[:0]
	d.depth, d.deepest, d.owed, d.copied = 0, 0, 0, 0
	d.most = 64 * (d.Left() + 1024)
	return d.classAndObject(n, r)
}

func (d *decoder) class() (class, error) {
	id, err := d.Leb()
	if err != nil || id != idByName {
		return class{id: id}, err
	}
	nameID, err := d.Leb()
	if err != nil {
		return class{}, err
	}
	switch {
	case int(nameID) < len(d.names):
		return class{idByName, d.names[nameID]}, nil
	case int(nameID) > len(d.names):
		return class{}, fmt.Errorf("class name %d is used before name %d", nameID, len(d.names))
	}
	name, err := d.short()
	if err == nil && name == nil {
		if name, err = d.longName(); err != nil {
			return class{}, err
		}
	}
	d.names = append(d.names, name)
	return class{idByName, name}, err
}

// longName reads a class name that is written with its length, as those of one character are.
func (d *decoder) longName() ([]byte, error) {
	s, err := d.string()
	return className(s), err
}

// is reports whether c is the class of n.
func (c class) is(n *node) bool {
	return c.id == n.id && (c.id != idByName || bytes.Equal(c.name, n.short))
}

// unknown is the error of a class that cannot stand where n is.
func (c class) unknown(n *node) error {
	if c.id == idByName {
		name := bytes.Clone(c.name)
		if len(name) > 0 {
			name[len(name)-1] &= 0x7f
		}
		return fmt.Errorf("class %.100q where a %s is expected", name, n.t.JavaName())
	}
	return fmt.Errorf("class id %d where a %s is expected", int64(c.id)-2, n.t.JavaName())
}

// classAndObject reads a class and its object into the place at r.
func (d *decoder) classAndObject(n *node, r access.Ref) error {
	c, err := d.class()
	if err != nil {
		return err
	}
	if c.id == idNull {
		return n.t.StoreNull(r)
	}
	return d.ofClass(c, n, r)
}

// ofClass reads an object of class c, which is not null, into the place of n at r.
func (d *decoder) ofClass(c class, n *node, r access.Ref) error {
	if n.class != javatype.Object {
		if !c.is(n) || n.class == javatype.Void {
			return c.unknown(n)
		}
		return d.known(n, r)
	}
	for i, b := range n.branches {
		switch {
		case b == nil || b == n.millis || !c.is(b):
		case b == n.micros:
			return d.timeOfDay(n, r, i)
		default:
			return d.object(b, n.t.StoreBranch(r, i))
		}
	}
	return c.unknown(n)
}

// timeOfDay reads a LocalTime into the place at r of a union that has milliseconds and, as branch micros, microseconds.
func (d *decoder) timeOfDay(n *node, r access.Ref, micros int) error {
	v := n.t.StoreBranch(r, micros)
	if err := d.object(n.micros, v); err != nil {
		return err
	}
	if us := v.Long(); us%1000 == 0 {
		n.t.StoreBranch(r, slices.Index(n.branches, n.millis)).SetInt(int32(us / 1000))
	}
	return nil
}

// field reads a field of a record into the place at r.
func (d *decoder) field(n *node, r access.Ref) error {
	switch {
	case n.t.Primitive():
		return d.primitive(n, r)
	case n.final:
		return d.present(n, r)
	}
	return d.classAndObject(n, r)
}

// primitive reads a value of a primitive into the place at r.
func (d *decoder) primitive(n *node, r access.Ref) error { return d.payload(n, n.t.Store(r)) }

// present reads a value whose class is known, or null, into the place at r.
func (d *decoder) present(n *node, r access.Ref) error {
	mark, err := d.Leb()
	if err != nil {
		return err
	}
	switch {
	case mark == 0:
		return n.t.StoreNull(r)
	case n.class == javatype.Void:
		return errors.New("a Void that is not null")
	case mark == 1:
		return d.fresh(n, n.t.Store(r))
	case !n.tracked:
		return fmt.Errorf("%#02x is no mark of null", mark)
	}
	return d.reference(n, n.t.Store(r), mark)
}

// known reads a value that is not null into the place at r.
func (d *decoder) known(n *node, r access.Ref) error {
	if n.class == javatype.Void {
		return errors.New("a Void that is not null")
	}
	return d.object(n, n.t.Store(r))
}

// object reads a value that is not null into v.
func (d *decoder) object(n *node, v access.Ref) error {
	if !n.tracked {
		return d.payload(n, v)
	}
	mark, err := d.Leb()
	switch {
	case err != nil:
		return err
	case mark == 0:
		return fmt.Errorf("null for a %s that is never null", n.t.JavaName())
	case mark == 1:
		return d.fresh(n, v)
	}
	return d.reference(n, v, mark)
}

// fresh reads an object that was not seen before, and gives it its reference id.
func (d *decoder) fresh(n *node, v access.Ref) error {
	if !n.tracked {
		return d.payload(n, v)
	}
	if n.class == javatype.String {
		return d.freshText(v)
	}
	s := d.begin(n)
	err := d.payload(n, v)
	d.end(s, v)
	return err
}

// freshText is fresh for a string.
func (d *decoder) freshText(v access.Ref) error {
	d.objects = append(d.objects, d.Offset())
	s, err := d.string()
	v.SetText(s)
	return err
}

// reference copies the object that mark names to v.
func (d *decoder) reference(n *node, v access.Ref, mark uint32) error {
	o, err := d.named(mark)
	if err == nil {
		err = d.copies(o)
	}
	switch {
	case err != nil:
		return err
	case o.part != noPart:
		return d.referToPart(n, v, o)
	case o.n == nil && n.class == javatype.String:
		v.SetText(o.text)
	case o.n == nil || o.at.Nil() || o.n.class != n.class:
		return fmt.Errorf("reference to object %d, which is no finished %s", mark-2, n.t.JavaName())
	case o.n.t.Value == n.t.Value:
		n.t.Value.Copy(v, o.at)
	default:
		return d.convert(n, v, o)
	}
	return nil
}

// convert copies an object of the same class that is kept in another form, to v.
func (d *decoder) convert(n *node, v access.Ref, o object) error {
	switch n.class {
	case javatype.Bytes:
		return n.t.SetBytes(v, o.n.bytes(o.at))
	case javatype.Enum:
		if o.n.t.Name == n.t.Name {
			v.SetText(o.at.Text())
			return nil
		}
	case javatype.BigDecimal:
		return n.t.SetDecimal(v, o.n.t.BytesAt(o.at), int32(o.n.t.Value.Node.Scale))
	case javatype.Instant:
		units, err := n.t.JoinTime(o.n.t.SplitTime(o.at.Long()))
		v.SetLong(units)
		return err
	case javatype.LocalTime:
		nano, err := o.n.t.NanosAt(o.at)
		if err != nil {
			return err
		}
		return n.t.SetNanos(v, nano)
	}
	return fmt.Errorf("reference to a %s from a place of another type", n.t.JavaName())
}

// payload reads the value at v.
func (d *decoder) payload(n *node, v access.Ref) error {
	switch n.class {
	case javatype.Boolean:
		b, err := d.Bool()
		v.SetBool(b)
		return err
	case javatype.Byte, javatype.Short:
		return d.readNarrow(n, v)
	case javatype.Int:
		x, err := d.varInt()
		v.SetInt(unzigzag(x))
		return err
	case javatype.Long:
		x, err := d.varLong()
		v.SetLong(unzigzagLong(x))
		return err
	case javatype.Float:
		b, err := d.Take(4)
		if err == nil {
			v.SetFloat(math.Float32frombits(d.order().Uint32(b)))
		}
		return err
	case javatype.Double:
		b, err := d.Take(8)
		if err == nil {
			v.SetDouble(math.Float64frombits(d.order().Uint64(b)))
		}
		return err
	case javatype.String:
		s, err := d.string()
		v.SetText(s)
		return err
	case javatype.Bytes:
		return d.readBytes(n, v)
	case javatype.Enum:
		return d.readEnum(n, v)
	case javatype.Pojo, javatype.List, javatype.Map, javatype.Array:
		return d.composite(n, v)
	}
	return d.readLogical(n, v)
}

// enter goes one deeper.
func (d *decoder) enter() error {
	err := d.depth.Enter()
	d.deepest = max(d.deepest, d.depth)
	return err
}

func (d *decoder) composite(n *node, v access.Ref) error {
	if err := d.enter(); err != nil {
		return err
	}
	var err error
	switch n.class {
	case javatype.Pojo:
		err = d.readFields(n, v)
	case javatype.List:
		err = d.readList(n, v)
	case javatype.Map:
		err = d.readMap(n, v)
	default:
		err = d.readArray(n, v)
	}
	d.depth.Leave()
	return err
}

func (d *decoder) readFields(n *node, r access.Ref) error {
	for i := range n.fields {
		f := &n.fields[i]
		if err := d.readField(f, r.At(f.off)); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return nil
}

// readField is field with the common classes in it, and not behind calls.
func (d *decoder) readField(f *fieldNode, v access.Ref) error {
	switch f.way {
	case number:
		x, err := d.varLong()
		v.SetLong(unzigzagLong(x))
		return err
	case small:
		x, err := d.varInt()
		v.SetInt(unzigzag(x))
		return err
	case text:
		return d.readText(f.node, v)
	case record:
		return d.readRecord(f.node, v)
	}
	return d.field(f.node, v)
}

// readText reads a string that is never null, with its mark.
func (d *decoder) readText(n *node, v access.Ref) error {
	if !d.Accept(1) {
		return d.present(n, v)
	}
	return d.freshText(v)
}

// readRecord reads a record that is never null, with its class and its mark.
func (d *decoder) readRecord(n *node, v access.Ref) error {
	c, err := d.class()
	switch {
	case err != nil:
		return err
	case c.id == idNull:
		return n.t.StoreNull(v)
	case !c.is(n):
		return c.unknown(n)
	}
	return d.marked(n, v)
}

// marked reads a record of a known class with its mark.
func (d *decoder) marked(n *node, v access.Ref) error {
	if !d.Accept(1) {
		return d.object(n, v)
	}
	s := d.begin(n)
	if err := d.enter(); err != nil {
		return err
	}
	err := d.readFields(n, v)
	d.depth.Leave()
	d.end(s, v)
	return err
}

func (d *decoder) readNarrow(n *node, v access.Ref) error {
	if n.class == javatype.Byte {
		b, err := d.Byte()
		v.SetInt(int32(int8(b)))
		return err
	}
	b, err := d.Take(2)
	if err == nil {
		v.SetInt(int32(int16(d.order().Uint16(b))))
	}
	return err
}

// countedBytes reads bytes behind their number plus 1. They belong to the source.
func (d *decoder) countedBytes() ([]byte, error) {
	n, err := d.Leb()
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, errors.New("the bytes are null")
	}
	return d.Take(int(n - 1))
}

func (d *decoder) readBytes(n *node, v access.Ref) error {
	b, err := d.countedBytes()
	if err != nil {
		return err
	}
	return n.t.SetBytes(v, b)
}

func (d *decoder) readEnum(n *node, v access.Ref) error {
	i, err := d.Leb()
	if err == nil && (i == 0 || int(i) > len(n.symbols)) {
		err = fmt.Errorf("%s has no constant %d", n.t.Name, int64(i)-1)
	}
	if err == nil {
		v.SetText(n.symbols[i-1])
	}
	return err
}

// room checks that count elements of at least a byte each can follow.
func (d *decoder) room(count uint32) error {
	if int64(count) > int64(d.Left()) {
		return fmt.Errorf("%w: %d elements are announced and %d bytes are left", dataio.ErrShort, count, d.Left())
	}
	return nil
}

// believed is how many bytes of elements a byte of input may announce: a reference takes one or two, whatever it names.
const believed = 32

// owe is room of elements that take least bytes each where no reference stands for them, and owes their bytes: what is
// announced at all depths together must be left, references allowed for.
func (d *decoder) owe(count uint32, least int) error {
	if err := d.room(count); err != nil {
		return err
	}
	if sum := int64(d.owed) + int64(count)*int64(least); sum > believed*int64(d.Left()) {
		return fmt.Errorf("%w: %d elements are announced, with those around them %d bytes, and %d are left", dataio.ErrShort, count, sum, d.Left())
	}
	d.owed += int(count) * least
	return nil
}

// maxNulls is how long a list of nothing but nulls may be. It takes as many bytes however long it is.
const maxNulls = 256

func (d *decoder) readList(n *node, v access.Ref) error {
	if d.old {
		return d.readList2(n, v)
	}
	flag, count, err := d.flagged()
	if err != nil {
		return err
	}
	if count == 0 {
		return errors.New("the list is null")
	}
	count--
	if flag && !n.known && count > 0 && count <= maxNulls && d.Accept(idNull) { // all of them
		d.owed += int(count) * n.value.least
		first := n.t.Value.MakeSlice(v, int(count))
		return d.each(n.value, first, int(count), func(el *node, r access.Ref) error { return el.t.StoreNull(r) })
	}
	if err := d.owe(count, n.value.least); err != nil {
		return err
	}
	first := n.t.Value.MakeSlice(v, int(count))
	switch {
	case count == 0:
		return nil
	case n.known:
		return d.elements(n.value, first, int(count), class{}, flag)
	case !flag:
		return d.each(n.value, first, int(count), d.classAndObject)
	}
	c, err := d.class()
	if err != nil {
		return err
	}
	if c.id == idNull {
		return fmt.Errorf("a list of %d nulls, of which at most %d are believed", count, maxNulls)
	}
	hasNull, err := d.Bool()
	if err != nil {
		return err
	}
	return d.elements(n.value, first, int(count), c, hasNull)
}

// each reads elements one by one, whose bytes are owed.
func (d *decoder) each(el *node, first access.Ref, count int, read func(*node, access.Ref) error) error {
	for i := range count {
		d.owed -= el.least
		if err := read(el, first.At(uintptr(i)*el.t.Slot.Size)); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

// elements reads elements of one class: c, or if that is null the one that el says.
func (d *decoder) elements(el *node, first access.Ref, count int, c class, hasNull bool) error {
	switch {
	case !el.plain || hasNull || c.id != idNull && !c.is(el):
	case el.class == javatype.String:
		return d.each(el, first, count, d.readText)
	case el.class == javatype.Pojo:
		return d.each(el, first, count, d.marked)
	}
	return d.each(el, first, count, func(el *node, r access.Ref) error {
		if c.id != idNull {
			return d.elementOfClass(c, el, r, hasNull)
		}
		if hasNull {
			return d.present(el, r)
		}
		return d.known(el, r)
	})
}

func (d *decoder) elementOfClass(c class, el *node, r access.Ref, hasNull bool) error {
	if !hasNull {
		return d.ofClass(c, el, r)
	}
	if d.Accept(idNull) {
		return el.t.StoreNull(r)
	}
	if n := el.ofClass(c); n != nil && !n.tracked && !d.Accept(1) {
		return fmt.Errorf("no mark of a %s that is there", n.t.JavaName())
	}
	return d.ofClass(c, el, r)
}

// ofClass returns n, or the branch of an Object, if its class is c.
func (n *node) ofClass(c class) *node {
	if n.class != javatype.Object {
		return n
	}
	for _, b := range n.branches {
		if b != nil && b != n.millis && c.is(b) {
			return b
		}
	}
	return nil
}

func (d *decoder) readMap(n *node, v access.Ref) error {
	count, err := d.mapSize()
	if err != nil {
		return err
	}
	least := leastKey + n.value.least
	if err := d.owe(count, least); err != nil {
		return err
	}
	n.t.Value.MakeMap(v, int(count))
	value := n.value.t.Slot
	for range count {
		d.owed -= least
		key, err := d.readKey(n)
		if err != nil {
			return err
		}
		// A place of its own for each, since later references may name what is there.
		r := value.Alloc()
		if n.known {
			err = d.present(n.value, r)
		} else {
			err = d.classAndObject(n.value, r)
		}
		if err != nil {
			return fmt.Errorf("{%.40s}: %w", key, err)
		}
		if !n.t.Value.Put(v, key, r) {
			return fmt.Errorf("key %.40q stands twice", key)
		}
	}
	return nil
}

// readKey reads the key of a map, a string.
func (d *decoder) readKey(n *node) (string, error) {
	if !n.keyed {
		c, err := d.class()
		if err != nil || c.id != registered[javatype.String] {
			return "", errors.Join(errors.New("a map's key is no String"), err)
		}
	}
	mark, err := d.Leb()
	if err != nil {
		return "", err
	}
	switch {
	case mark == 0:
		return "", errors.New("a map's key is null")
	case mark > 1:
		return d.keyReference(mark)
	}
	d.objects = append(d.objects, d.Offset())
	return d.string()
}

func (d *decoder) keyReference(mark uint32) (string, error) {
	o, err := d.named(mark)
	if err == nil && (o.n != nil || o.part != noPart) {
		err = fmt.Errorf("reference to object %d, which is no String", mark-2)
	}
	if err == nil {
		err = d.copies(o)
	}
	return o.text, err
}

func (d *decoder) readArray(n *node, v access.Ref) error {
	count, err := d.Leb()
	if err != nil {
		return err
	}
	if count == 0 {
		return errors.New("the array is null")
	}
	count--
	if err := d.owe(count, n.value.least); err != nil {
		return err
	}
	first := n.t.Value.MakeSlice(v, int(count))
	switch el := n.value; {
	case el.t.Primitive():
		return d.each(el, first, int(count), d.primitive)
	case el.class == javatype.String && el.plain:
		return d.each(el, first, int(count), d.readText)
	case el.class == javatype.Pojo && el.plain:
		return d.each(el, first, int(count), d.readRecord)
	case n.known:
		return d.each(el, first, int(count), d.presentIn(n))
	default:
		return d.each(el, first, int(count), d.classAndObject)
	}
}
