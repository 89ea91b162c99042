package kryo

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// An encoder writes values. What it remembers of a top-level value is forgotten before the next.
type encoder struct {
	refs  int32   // objects that have a reference id
	names []int32 // by number of a class: its name id plus 1, 0 before its first use
	named int32   // name ids given
	// The JDK hands out one object for each whole hour of a LocalTime, and for Instant.EPOCH: their reference ids plus 1.
	hours  [24]int32
	epoch  int32
	shares bool      // some of them is set
	old    bool      // the bytes are those of Kryo 2.24: see kryo2.go
	limit  int       // the longest string that is written without its length
	used   [][]int32 // constants of enums that have a reference id
	err    error     // the first
}

// top writes a value with its class, as Kryo.writeClassAndObject does. A Nil v is null; of an Object v is the place that holds
// it.
func (e *encoder) top(dst []byte, n *node, v access.Ref) []byte {
	e.refs, e.err = 0, nil
	if e.shares || e.named > 0 || len(e.used) > 0 {
		e.forget()
	}
	switch {
	case n.class == javatype.Object:
		return e.object(dst, n, v)
	case v.Nil():
		return append(dst, idNull)
	}
	return e.classAndObject(dst, n, v)
}

// forget drops what the encoder remembers of the value before.
func (e *encoder) forget() {
	e.epoch, e.hours, e.shares = 0, [24]int32{}, false
	clear(e.names)
	e.named = 0
	for _, c := range e.used {
		clear(c)
	}
	e.used = e.used[:0]
}

func (e *encoder) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// field writes a field of a record, at r.
func (e *encoder) field(dst []byte, n *node, r access.Ref) []byte {
	if n.class == javatype.Object {
		return e.object(dst, n, r)
	}
	v := r
	if !n.plain {
		var err error
		switch v, err = n.t.LoadNull(r); {
		case err != nil:
			e.fail(err)
			return dst
		case v.Nil():
			return append(dst, idNull)
		}
	}
	switch {
	case n.t.Primitive():
		return e.payload(dst, n, v)
	case n.class == javatype.Void:
		return append(dst, idNull)
	case n.final:
		return e.present(dst, n, v)
	}
	return e.classAndObject(dst, n, v)
}

// object writes what an Object holds at r, with its class.
func (e *encoder) object(dst []byte, n *node, r access.Ref) []byte {
	i, v := n.t.Slot.Branch(r)
	if i < 0 {
		e.fail(fmt.Errorf("the union holds a %T, which is none of its branches", r.Any()))
		return dst
	}
	if err := n.checkTime(i, v); err != nil {
		e.fail(err)
		return dst
	}
	switch b := n.branches[i]; {
	case b == nil:
		return append(dst, idNull)
	case b.class == javatype.String:
		return e.text(append(dst, byte(b.id)), v.Text())
	default:
		return e.classAndObject(dst, b, v)
	}
}

// checkTime returns an error if the value at v, of branch i of an Object, would come back as another branch: a time of day in
// microseconds that is a whole number of milliseconds, where both are branches.
func (n *node) checkTime(i int, v access.Ref) error {
	if n.micros == nil || n.branches[i] != n.micros || v.Long()%1000 != 0 {
		return nil
	}
	return fmt.Errorf("%d microseconds of a day would come back as milliseconds: both branches of the union are java.time.LocalTime", v.Long())
}

// text writes a string that is not null: no two share identity.
func (e *encoder) text(dst []byte, s string) []byte {
	e.refs++
	return appendFresh(dst, s, e.limit)
}

// classAndObject writes the class of the value at v, and the value.
func (e *encoder) classAndObject(dst []byte, n *node, v access.Ref) []byte {
	return e.known(e.class(dst, n), n, v)
}

func (e *encoder) class(dst []byte, n *node) []byte {
	switch {
	case n.id < 0x80 && n.id != idByName:
		return append(dst, byte(n.id))
	case n.id != idByName:
		return dataio.AppendLeb(dst, n.id)
	}
	dst = append(dst, idByName)
	if id := e.names[n.number]; id > 0 {
		return dataio.AppendLeb(dst, uint32(id-1))
	}
	dst = dataio.AppendLeb(dst, uint32(e.named))
	e.named++
	e.names[n.number] = e.named
	return append(dst, n.name...)
}

// present writes a value where null is possible and its class is known.
func (e *encoder) present(dst []byte, n *node, v access.Ref) []byte {
	if !n.tracked {
		dst = append(dst, 1)
	}
	return e.known(dst, n, v)
}

// known writes a value that is not null and whose class is known: a reference mark if it is tracked, and the payload.
func (e *encoder) known(dst []byte, n *node, v access.Ref) []byte {
	if !n.tracked {
		return e.payload(dst, n, v)
	}
	switch n.class {
	case javatype.String:
		return e.text(dst, v.Text())
	case javatype.Pojo:
		return e.record(dst, n, v)
	case javatype.Enum:
		return e.constant(dst, n, v)
	case javatype.Instant, javatype.LocalTime:
		if shared := e.shared(n, v); shared != nil {
			if *shared > 0 {
				return dataio.AppendLeb(dst, uint32(*shared-1)+2)
			}
			*shared, e.shares = e.refs+1, true
		}
	}
	e.refs++
	return e.payload(append(dst, 1), n, v)
}

// shared returns where the reference id is kept of the one object that the JDK has for the value at v, if it has one.
func (e *encoder) shared(n *node, v access.Ref) *int32 {
	if n.class == javatype.Instant {
		if v.Long() == 0 {
			return &e.epoch
		}
		return nil
	}
	nano, err := n.t.NanosAt(v)
	if err != nil {
		return nil
	}
	return e.sharedTime(nano)
}

// sharedTime is shared of a time of day.
func (e *encoder) sharedTime(nano int64) *int32 {
	if nano%3600e9 != 0 {
		return nil
	}
	return &e.hours[nano/3600e9]
}

// fields writes the fields of the record at r.
func (e *encoder) fields(dst []byte, n *node, r access.Ref) []byte {
	for i := range n.fields {
		f := &n.fields[i]
		v := r.At(f.off)
		switch f.way {
		case number:
			dst = appendVarLong(dst, zigzagLong(v.Long()))
			continue
		case small:
			dst = appendVarInt(dst, zigzag(v.Int()))
			continue
		case flag:
			dst = dataio.AppendBool(dst, v.Bool())
			continue
		case real:
			dst = binary.LittleEndian.AppendUint64(dst, dataio.DoubleBits(v.Double()))
			continue
		case text:
			dst = e.text(dst, v.Text())
			continue
		case pointer:
			dst = e.pointer(dst, f.node, v.Deref())
		case record:
			dst = e.record(e.class(dst, f.node), f.node, v)
		case list:
			e.refs++
			dst = e.list(append(e.class(dst, f.node), 1), f.node, v)
		case enum:
			dst = e.enum(append(dst, 1), f.node, v)
		default:
			dst = e.field(dst, f.node, v)
		}
		if e.err != nil {
			e.err = fmt.Errorf("%s: %w", f.name, e.err)
			return dst
		}
	}
	return dst
}

// pointer writes what a pointer at v points to, or null.
func (e *encoder) pointer(dst []byte, n *node, v access.Ref) []byte {
	switch {
	case v.Nil():
		return append(dst, idNull)
	case n.class == javatype.String:
		return e.text(dst, v.Text())
	case n.final:
		return e.present(dst, n, v)
	}
	return e.classAndObject(dst, n, v)
}

// record writes a record that is not null and whose class is known.
func (e *encoder) record(dst []byte, n *node, r access.Ref) []byte {
	e.refs++
	return e.fields(append(dst, 1), n, r)
}

// payload writes the value at v without anything before it.
func (e *encoder) payload(dst []byte, n *node, v access.Ref) []byte {
	switch n.class {
	case javatype.Boolean:
		return dataio.AppendBool(dst, v.Bool())
	case javatype.Byte, javatype.Short:
		return e.narrow(dst, n, v.Int())
	case javatype.Int:
		return appendVarInt(dst, zigzag(v.Int()))
	case javatype.Long:
		return appendVarLong(dst, zigzagLong(v.Long()))
	case javatype.Float:
		return e.fixed32(dst, dataio.FloatBits(v.Float()))
	case javatype.Double:
		return e.fixed64(dst, dataio.DoubleBits(v.Double()))
	case javatype.String:
		return appendString(dst, v.Text(), e.limit)
	case javatype.Bytes:
		b := n.bytes(v)
		return append(dataio.AppendLeb(dst, uint32(len(b))+1), b...)
	case javatype.Enum:
		return e.enum(dst, n, v)
	case javatype.Pojo:
		return e.fields(dst, n, v)
	case javatype.List:
		return e.list(dst, n, v)
	case javatype.Map:
		return e.entries(dst, n, v)
	case javatype.Array:
		return e.array(dst, n, v)
	}
	return e.logical(dst, n, v)
}

// bytes returns the bytes of byte[] at v.
func (n *node) bytes(v access.Ref) []byte {
	if n.fixed >= 0 {
		return v.Fixed(n.fixed)
	}
	return v.Bytes()
}

func (e *encoder) narrow(dst []byte, n *node, v int32) []byte {
	if err := javatype.Narrow(n.class, v); err != nil {
		e.fail(err)
	}
	if n.class == javatype.Byte {
		return append(dst, byte(v))
	}
	return e.fixed16(dst, uint16(v))
}

func (e *encoder) enum(dst []byte, n *node, v access.Ref) []byte {
	i := n.ordinal(v)
	if i < 0 {
		e.fail(fmt.Errorf("%q is no symbol of %s", v.Text(), n.t.Name))
	}
	return dataio.AppendLeb(dst, uint32(i)+1)
}

// ordinal returns which constant the enum at v is, or -1.
func (n *node) ordinal(v access.Ref) int { return slices.Index(n.symbols, v.Text()) }

// element returns the address of element i of a list or array at first, Nil if it is null; of an Object the place that holds
// it.
func (n *node) element(first access.Ref, i int) access.Ref {
	r := first.At(uintptr(i) * n.t.Slot.Size)
	if n.plain || n.class == javatype.Object {
		return r
	}
	return n.t.Load(r)
}

// resolve returns of which class the element at r is: n, or the branch of an Object, nil for null; and where its value is. R is
// what element returns.
func (n *node) resolve(r access.Ref) (*node, access.Ref, error) {
	if n.class == javatype.Void {
		return nil, access.Ref{}, nil
	}
	if n.class != javatype.Object {
		if r.Nil() && !n.t.Nullable() {
			return nil, r, fmt.Errorf("there is no %s", n.t.JavaName())
		}
		if r.Nil() {
			return nil, r, nil
		}
		return n, r, nil
	}
	i, v := n.t.Slot.Branch(r)
	if i < 0 {
		return nil, v, fmt.Errorf("the union holds a %T, which is none of its branches", r.Any())
	}
	return n.branches[i], v, n.checkTime(i, v)
}

// list writes an ArrayList: its header says how many elements there are, and whether they are of one class or, where that is
// known, whether one is null.
func (e *encoder) list(dst []byte, n *node, v access.Ref) []byte {
	first, count := v.Slice()
	switch {
	case e.old:
		return e.list2(dst, n, first, count)
	case count == 0:
		return append(dst, 1)
	}
	el := n.value
	class, mixed, hasNull := e.survey(el, first, count)
	if n.known {
		dst = appendFlagged(dst, hasNull, uint32(count)+1)
		return e.elements(dst, el, first, count, hasNull)
	}
	dst = appendFlagged(dst, !mixed, uint32(count)+1)
	switch {
	case mixed:
		for i := range count {
			dst = e.classOrNull(dst, el, el.element(first, i))
		}
		return dst
	case class == nil: // all of them null
		return append(dst, idNull)
	}
	dst = dataio.AppendBool(e.class(dst, class), hasNull)
	return e.elements(dst, el, first, count, hasNull)
}

// survey returns the class of the elements that are not null, or mixed, and whether one is null.
func (e *encoder) survey(el *node, first access.Ref, count int) (class *node, mixed, hasNull bool) {
	if el.plain && el.class != javatype.Void {
		return el, false, false
	}
	for i := range count {
		x, _, err := el.resolve(el.element(first, i))
		switch {
		case err != nil:
			e.fail(err)
		case x == nil:
			hasNull = true
		case class != nil && class != x && !class.sameClass(x):
			mixed = true
		default:
			class = x
		}
	}
	return class, mixed, hasNull
}

// elements writes elements of one class, which stands before them all or is known.
func (e *encoder) elements(dst []byte, el *node, first access.Ref, count int, hasNull bool) []byte {
	switch {
	case !el.plain || el.class == javatype.Void:
	case el.class == javatype.String:
		for i := range count {
			dst = e.text(dst, first.At(uintptr(i)*el.t.Slot.Size).Text())
		}
		return dst
	default:
		for i := range count {
			dst = e.known(dst, el, first.At(uintptr(i)*el.t.Slot.Size))
		}
		return dst
	}
	for i := range count {
		x, v, err := el.resolve(el.element(first, i))
		switch {
		case err != nil:
			e.fail(err)
		case x == nil:
			dst = append(dst, idNull)
		case hasNull:
			dst = e.present(dst, x, v)
		default:
			dst = e.known(dst, x, v)
		}
	}
	return dst
}

// classOrNull writes the element at r with its class, or null.
func (e *encoder) classOrNull(dst []byte, n *node, r access.Ref) []byte {
	x, v, err := n.resolve(r)
	switch {
	case err != nil:
		e.fail(err)
		return dst
	case x == nil:
		return append(dst, idNull)
	}
	return e.classAndObject(dst, x, v)
}

// presentOrNull writes the element at r, whose class is known, or null.
func (e *encoder) presentOrNull(dst []byte, n *node, r access.Ref) []byte {
	x, v, err := n.resolve(r)
	switch {
	case err != nil:
		e.fail(err)
		return dst
	case x == nil:
		return append(dst, idNull)
	}
	return e.present(dst, x, v)
}

// primitive writes a primitive at r, which is Nil where a union holds none.
func (e *encoder) primitive(dst []byte, n *node, r access.Ref) []byte {
	if x, _, err := n.resolve(r); x == nil {
		e.fail(err)
		return dst
	}
	return e.payload(dst, n, r)
}

// entries writes a HashMap, in its order.
func (e *encoder) entries(dst []byte, n *node, v access.Ref) []byte {
	m := n.maps.Load(n.t.Value, v)
	defer n.maps.Done()
	dst = e.mapSize(dst, m.Len())
	for i := range m.Len() {
		key, r := m.Entry(i)
		if !n.keyed {
			dst = dataio.AppendLeb(dst, registered[javatype.String])
		}
		dst = e.text(dst, key)
		value := n.value.element(r, 0)
		if n.known {
			dst = e.presentOrNull(dst, n.value, value)
		} else {
			dst = e.classOrNull(dst, n.value, value)
		}
	}
	return dst
}

// array writes a Java array.
func (e *encoder) array(dst []byte, n *node, v access.Ref) []byte {
	first, count := v.Slice()
	dst = dataio.AppendLeb(dst, uint32(count)+1)
	el := n.value
	if el.plain && el.class != javatype.Void {
		return e.plainArray(dst, n, first, count)
	}
	for i := range count {
		r := el.element(first, i)
		switch {
		case el.t.Primitive():
			dst = e.primitive(dst, el, r)
		case n.known:
			dst = e.presentOrNull(dst, el, r)
		default:
			dst = e.classOrNull(dst, el, r)
		}
		if n.bare != nil && r.Nil() {
			el = n.bare
		}
	}
	return dst
}

// plainArray writes elements that cannot be null.
func (e *encoder) plainArray(dst []byte, n *node, first access.Ref, count int) []byte {
	el := n.value
	switch {
	case el.class == javatype.String:
		for i := range count {
			dst = e.text(dst, first.At(uintptr(i)*n.size).Text())
		}
		return dst
	case el.class == javatype.Pojo:
		for i := range count {
			dst = e.record(e.class(dst, el), el, first.At(uintptr(i)*n.size))
		}
		return dst
	}
	for i := range count {
		r := first.At(uintptr(i) * n.size)
		switch {
		case el.t.Primitive():
			dst = e.payload(dst, el, r)
		case n.known:
			dst = e.present(dst, el, r)
		default:
			dst = e.classAndObject(dst, el, r)
		}
	}
	return dst
}
