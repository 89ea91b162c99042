package flinktest

import (
	"encoding/binary"
	"math"
	"slices"
	"unicode/utf16"
)

// writeKryo writes a record as a KryoSerializer of its class does, with classes registered.
func writeKryo(root *class, record any, old bool, classes []string) ([]byte, error) {
	return kryoOf(root, root, record, old, classes), nil
}

// fixedIDs are the registrations of Kryo and of Flink, by runtime class.
var fixedIDs = map[string]uint64{
	"java.lang.Integer": 0, "java.lang.String": 1, "java.lang.Float": 2, "java.lang.Boolean": 3, "java.lang.Byte": 4, "java.lang.Short": 6,
	"java.lang.Long": 7, "java.lang.Double": 8, "java.sql.Timestamp": 79, "java.util.UUID": 82,
}

// kryoOf writes value v of class c, which stands at a place of class place: that of the serializer.
func kryoOf(place, c *class, v any, old bool, classes []string) []byte {
	k := &kryo{old: old, ids: map[string]uint64{}, names: map[string]int{}, shared: map[string]int{}}
	for name, id := range fixedIDs {
		k.ids[name] = id
	}
	next := uint64(85)
	if _, ok := k.ids[place.declared()]; !ok {
		k.ids[place.declared()] = next // of an interface it is never seen
		next++
	}
	for _, name := range classes {
		if _, ok := k.ids[name]; !ok {
			k.ids[name] = next
			next++
		}
	}
	if c == nil {
		return []byte{0}
	}
	k.classAndObject(c, v, false)
	return k.out
}

// A kryo writes one value with all that is in it. Generics says of a value that the type arguments of its declared type are
// known to its serializer.
type kryo struct {
	output
	old    bool
	ids    map[string]uint64 // of registered classes
	names  map[string]int    // ids of the names that have been written
	refs   int               // objects that have a reference id
	shared map[string]int    // reference ids of objects that the JDK shares
}

// classAndObject writes the class of a value, and the value.
func (k *kryo) classAndObject(c *class, v any, generics bool) {
	k.class(c.runtime())
	k.object(c, v, generics)
}

// classOrNull is classAndObject of a place, whose value may be null.
func (k *kryo) classOrNull(place *class, v any, generics bool) {
	c, x := place.resolve(v)
	if c == nil {
		k.raw(0)
		return
	}
	k.classAndObject(c, x, generics && c == place)
}

func (k *kryo) class(name string) {
	if id, ok := k.ids[name]; ok {
		k.leb(id + 2)
		return
	}
	k.raw(1)
	if id, ok := k.names[name]; ok {
		k.leb(uint64(id))
		return
	}
	k.leb(uint64(len(k.names)))
	k.names[name] = len(k.names)
	if k.old || len(name) < 2 || !ascii(name) {
		k.str(name)
		return
	}
	k.raw([]byte(name)...)
	k.out[len(k.out)-1] |= 0x80
}

func ascii(s string) bool {
	return !slices.ContainsFunc([]byte(s), func(b byte) bool { return b >= 0x80 })
}

// str writes what Output.writeString does.
func (k *kryo) str(s string) {
	most := 32
	if k.old {
		most = 63
	}
	if len(s) >= 2 && len(s) <= most && ascii(s) {
		k.raw([]byte(s)...)
		k.out[len(k.out)-1] |= 0x80
		return
	}
	units := utf16.Encode([]rune(s))
	k.flagged(true, uint64(len(units))+1)
	for _, u := range units {
		switch {
		case u < 0x80:
			k.raw(byte(u))
		case u < 0x800:
			k.raw(0xc0|byte(u>>6), 0x80|byte(u&0x3f))
		default:
			k.raw(0xe0|byte(u>>12), 0x80|byte(u>>6&0x3f), 0x80|byte(u&0x3f))
		}
	}
}

// flagged writes a number with a flag: bit 7 the flag, bit 6 more, 6 bits, and then 7 a byte.
func (k *kryo) flagged(flag bool, v uint64) {
	b := byte(v & 0x3f)
	if flag {
		b |= 0x80
	}
	if v >= 0x40 {
		k.raw(b | 0x40)
		k.leb(v >> 6)
		return
	}
	k.raw(b)
}

func (k *kryo) varInt(v int32)    { k.leb(uint64(uint32(v))) }
func (k *kryo) zigzag(v int32)    { k.varInt(v<<1 ^ v>>31) }
func (k *kryo) zigzag64(v int64)  { k.varLong(v<<1 ^ v>>63) }
func (k *kryo) fixed(b ...byte)   { k.raw(k.ordered(b)...) }
func (k *kryo) fixed64(v uint64)  { k.fixed(binary.BigEndian.AppendUint64(nil, v)...) }
func (k *kryo) float(bits uint32) { k.fixed(binary.BigEndian.AppendUint32(nil, bits)...) }

// ordered turns big-endian bytes around for Kryo 5.
func (k *kryo) ordered(b []byte) []byte {
	if !k.old {
		slices.Reverse(b)
	}
	return b
}

// varLong writes 7 bits a byte, at most eight of them, and the rest in a ninth.
func (k *kryo) varLong(v int64) {
	u := uint64(v)
	for range 8 {
		if u < 0x80 {
			break
		}
		k.raw(byte(u) | 0x80)
		u >>= 7
	}
	k.raw(byte(u))
}

// tracked reports whether objects of c have reference ids.
func (k *kryo) tracked(c *class) bool { return !c.wrapper() && (k.old || c.kind != "enum") }

// sharedObject returns what names the one object that the JDK has for a value, "" if it makes a new one each time.
func (k *kryo) sharedObject(c *class, v any) string {
	switch {
	case c.kind == "enum":
		return c.name + " " + v.(string)
	case c.kind == "Instant" && integer(v) == 0:
		return "epoch"
	case c.kind == "LocalTime":
		return sharedHour(c.nanoOfDay(v))
	}
	return ""
}

func sharedHour(nano int64) string {
	if nano%3600e9 != 0 {
		return ""
	}
	return "hour " + string(rune('a'+nano/3600e9))
}

// object writes a value that is not null, of a known class.
func (k *kryo) object(c *class, v any, generics bool) {
	if k.tracked(c) && k.seen(k.sharedObject(c, v)) {
		return
	}
	k.payload(c, v, generics)
}

// seen writes the mark of a tracked object: a reference if it was there before, which it reports.
func (k *kryo) seen(shared string) bool {
	if id, ok := k.shared[shared]; ok && shared != "" {
		k.leb(uint64(id) + 2)
		return true
	}
	k.shared[shared] = k.refs
	k.refs++
	k.raw(1)
	return false
}

// orNull writes a value of a place whose class is known.
func (k *kryo) orNull(place *class, v any, generics bool) {
	c, x := place.resolve(v)
	switch {
	case c == nil:
		k.raw(0)
		return
	case !k.tracked(c):
		k.raw(1)
	}
	k.object(c, x, generics)
}

// final is Kryo.isFinal: of an array it asks the innermost element.
func final(c *class) bool {
	switch c.kind {
	case "record", "List", "Map", "Object", "Date", "Timestamp", "BigDecimal":
		return false
	case "array":
		return final(c.elem)
	}
	return true
}

// payload writes a value without anything before it.
func (k *kryo) payload(c *class, v any, generics bool) {
	switch c.kind {
	case "record":
		for _, f := range c.body.byName() {
			k.field(f.is, v.(*object).get(f.name))
		}
	case "List":
		k.list(c.elem, v.([]any), generics)
	case "Map":
		k.hashMap(c.elem, v.(*object), generics)
	case "array":
		k.array(c.elem, v.([]any), generics)
	default:
		k.value(c, v)
	}
}

// field writes a field of a record, whose declared type hands its type arguments on.
func (k *kryo) field(place *class, v any) {
	switch {
	case place.primitive():
		c, x := place.resolve(v)
		k.payload(c, x, false)
	case final(place):
		k.orNull(place, v, true)
	default:
		k.classOrNull(place, v, true)
	}
}

func (k *kryo) list(elem *class, list []any, generics bool) {
	known, handed := generics && final(elem), generics && !k.old
	switch {
	case k.old:
		k.leb(uint64(len(list)))
		k.elements(elem, list, known, handed)
		return
	case len(list) == 0:
		k.raw(1)
		return
	}
	hasNull, classes := false, map[string]bool{}
	for _, v := range list {
		if c, _ := elem.resolve(v); c == nil {
			hasNull = true
		} else {
			classes[c.runtime()] = true
		}
	}
	switch {
	case known:
		k.flagged(hasNull, uint64(len(list))+1)
	case len(classes) > 1:
		k.flagged(false, uint64(len(list))+1)
		k.elements(elem, list, false, handed)
		return
	default:
		k.flagged(true, uint64(len(list))+1)
		if len(classes) == 0 {
			k.raw(0)
			return
		}
		for name := range classes {
			k.class(name)
		}
		k.flag(hasNull)
	}
	for _, v := range list {
		c, x := elem.resolve(v)
		if hasNull {
			k.orNull(elem, v, handed && c == elem)
		} else {
			k.object(c, x, handed && c == elem)
		}
	}
}

// elements writes each element as a known class or null, or with its class.
func (k *kryo) elements(elem *class, list []any, known, generics bool) {
	for _, v := range list {
		if known {
			k.orNull(elem, v, generics)
		} else {
			k.classOrNull(elem, v, generics)
		}
	}
}

func (k *kryo) hashMap(value *class, m *object, generics bool) {
	n := uint64(len(m.keys))
	if !k.old {
		n++
	}
	k.leb(n)
	text := &class{kind: "String", size: -1}
	for _, key := range hashMap(m) {
		k.elements(text, []any{key}, generics, false)
		k.elements(value, []any{m.values[key]}, generics && final(value), generics && !k.old)
	}
}

// array writes an array. Every array class is final, whatever its elements.
func (k *kryo) array(elem *class, list []any, generics bool) {
	k.leb(uint64(len(list)) + 1)
	if elem.primitive() {
		for _, v := range list {
			c, x := elem.resolve(v)
			k.payload(c, x, false)
		}
		return
	}
	known, handed := elem.kind == "array" || final(elem), generics && k.old
	for _, v := range list {
		k.elements(elem, []any{v}, known, handed)
		if v == nil && known { // Kryo 2.24 takes the type arguments away with it
			handed = false
		}
	}
}

// value writes a value of a class without parts.
func (k *kryo) value(c *class, v any) {
	switch c.kind {
	case "boolean":
		k.flag(v.(bool))
	case "byte":
		k.raw(byte(integer(v)))
	case "short":
		k.fixed(binary.BigEndian.AppendUint16(nil, uint16(integer(v)))...)
	case "int":
		k.zigzag(int32(integer(v)))
	case "long":
		k.zigzag64(integer(v))
	case "float":
		k.float(math.Float32bits(float32(real(v, 32))))
	case "double":
		k.fixed64(math.Float64bits(real(v, 64)))
	case "String":
		k.str(v.(string))
	case "byte[]":
		k.bytes(latin(v))
	case "enum":
		k.leb(uint64(slices.Index(c.symbols, v.(string))) + 1)
	case "BigDecimal":
		k.bytes(unscaled(v))
		k.zigzag(int32(c.scale))
	case "Date":
		k.varLong(integer(v))
	case "UUID":
		k.uuid(v)
	default:
		k.temporal(c, v)
	}
}

func (k *kryo) bytes(b []byte) {
	k.leb(uint64(len(b)) + 1)
	k.raw(b...)
}

func (k *kryo) uuid(v any) {
	msb, lsb := uuid(v)
	if k.old {
		k.zigzag64(int64(msb))
		k.zigzag64(int64(lsb))
		return
	}
	k.fixed64(msb)
	k.fixed64(lsb)
}

func (k *kryo) temporal(c *class, v any) {
	switch c.kind {
	case "Timestamp":
		_, nano := c.time(v)
		ms := integer(v)
		if !k.old {
			ms -= nano / 1000000
		}
		k.varLong(ms)
		k.varInt(int32(nano))
	case "Instant":
		sec, nano := c.time(v)
		if k.old {
			k.zigzag(int32(nano))
			k.zigzag64(sec)
			return
		}
		k.varLong(sec)
		k.varInt(int32(nano))
	case "LocalDate":
		k.date(integer(v))
	case "LocalTime":
		k.clock(c.nanoOfDay(v))
	case "LocalDateTime":
		day, nano := c.dateTime(v)
		if !k.old {
			k.date(day)
			k.clock(nano)
			return
		}
		k.seen("") // the fields date and time, each an object of a final class
		k.date(day)
		if !k.seen(sharedHour(nano)) {
			k.clock(nano)
		}
	default:
		panic(c.kind)
	}
}

func (k *kryo) date(day int64) {
	y, m, d := civil(day)
	if k.old { // the fields day, month and year
		k.raw(0, byte(d), 0, byte(m))
		k.zigzag(int32(y))
		return
	}
	k.varInt(int32(y))
	k.raw(byte(m), byte(d))
}

func (k *kryo) clock(nano int64) {
	h, m, s, n := byte(nano/3600e9), byte(nano/60e9%60), byte(nano/1e9%60), int32(nano%1e9)
	switch {
	case k.old: // the fields hour, minute, nano and second
		k.raw(h, m)
		k.zigzag(n)
		k.raw(s)
	case n != 0:
		k.raw(h, m, s)
		k.varInt(n)
	case s != 0:
		k.raw(h, m, ^s)
	case m != 0:
		k.raw(h, ^m)
	default:
		k.raw(^h)
	}
}
