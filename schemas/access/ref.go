// Package access reads and writes the values of a record by their place in memory, without reflection per field.
//
// A [Type] says how values of a schema node lie in a Go struct, and a [Ref] is the address of one. With them the
// generator fills records, codecs of formats we own encode and decode them, and the harness compares them ([Diff]),
// whether the struct was declared or made at run time. The package also holds the two forms of a record that no codec
// owns: canonical Avro bytes ([AppendAvro]) and Avro's JSON encoding ([AppendJSON], [ParseJSON]).
//
// This is the one package that uses unsafe. It is sound because a Ref is only ever made from a pointer to a whole
// record, is moved only by offsets that reflect gave for the very type the record has, and keeps the record alive. The
// typed methods read what the Type at that offset says; a caller that asks for another type than the Type's is wrong,
// as with any wrong type assertion, but is not stopped.
package access

import "unsafe"

// A Ref is the address of a value inside a record. The zero Ref addresses nothing and stands for null.
type Ref struct{ p unsafe.Pointer }

// Nil reports whether r addresses nothing.
func (r Ref) Nil() bool { return r.p == nil }

// At returns the address off bytes behind r.
func (r Ref) At(off uintptr) Ref { return Ref{unsafe.Add(r.p, off)} }

// Bool reads a boolean.
func (r Ref) Bool() bool { return *(*bool)(r.p) }

// Int reads an int.
func (r Ref) Int() int32 { return *(*int32)(r.p) }

// Long reads a long.
func (r Ref) Long() int64 { return *(*int64)(r.p) }

// Float reads a float.
func (r Ref) Float() float32 { return *(*float32)(r.p) }

// Double reads a double.
func (r Ref) Double() float64 { return *(*float64)(r.p) }

// Text reads a string or an enum's symbol.
func (r Ref) Text() string { return *(*string)(r.p) }

// Bytes reads bytes, which are the record's own.
func (r Ref) Bytes() []byte { return *(*[]byte)(r.p) }

// Fixed returns the n bytes of a fixed in place.
func (r Ref) Fixed(n int) []byte { return unsafe.Slice((*byte)(r.p), n) }

// SetBool writes a boolean.
func (r Ref) SetBool(v bool) { *(*bool)(r.p) = v }

// SetInt writes an int.
func (r Ref) SetInt(v int32) { *(*int32)(r.p) = v }

// SetLong writes a long.
func (r Ref) SetLong(v int64) { *(*int64)(r.p) = v }

// SetFloat writes a float.
func (r Ref) SetFloat(v float32) { *(*float32)(r.p) = v }

// SetDouble writes a double.
func (r Ref) SetDouble(v float64) { *(*float64)(r.p) = v }

// SetText writes a string or an enum's symbol.
func (r Ref) SetText(v string) { *(*string)(r.p) = v }

// SetBytes writes bytes, which then belong to the record.
func (r Ref) SetBytes(v []byte) { *(*[]byte)(r.p) = v }

// A sliceHeader is how Go lays out a slice, whatever its elements.
type sliceHeader struct {
	data     unsafe.Pointer
	len, cap int
}

// Slice reads an array: the address of its first element and their number. Elements lie Type.Elem.Size apart.
func (r Ref) Slice() (first Ref, n int) {
	h := (*sliceHeader)(r.p)
	return Ref{h.data}, h.len
}

// Zero makes n words of memory at r zero, and as many in each of count places that lie stride bytes apart.
// pointers has the offset of each of the words that is a pointer, and of no other.
func (r Ref) Zero(n int, pointers []uintptr, count int, stride uintptr) {
	for i := range uintptr(count) {
		p := unsafe.Add(r.p, i*stride)
		for _, off := range pointers {
			*(*unsafe.Pointer)(unsafe.Add(p, off)) = nil
		}
		zeroWords(p, n)
	}
}

// zeroWords makes n words at p zero, four at a time: the runtime's way takes 20 ns for any number. Pointers among them are
// nil.
//
// Note: not as pointers. While it marks, the collector looks up each pointer that is written over: for an order of eight
// lines that took 50 ns, and a number that is the address of memory it has given back ends the process.
func zeroWords(p unsafe.Pointer, n int) {
	type four [4]uintptr
	for ; n > 4; n -= 4 {
		*(*four)(p) = four{}
		p = unsafe.Add(p, unsafe.Sizeof(four{}))
	}
	switch n {
	case 4:
		*(*four)(p) = four{}
	case 3:
		*(*[3]uintptr)(p) = [3]uintptr{}
	case 2:
		*(*[2]uintptr)(p) = [2]uintptr{}
	case 1:
		*(*uintptr)(p) = 0
	}
}

// Room returns how many elements the array at r has memory for.
func (r Ref) Room() int { return (*sliceHeader)(r.p).cap }

// Truncate leaves the array at r without elements, but with its memory, and so each of count arrays that lie stride bytes
// apart.
func (r Ref) Truncate(count int, stride uintptr) {
	for i := range uintptr(count) {
		(*sliceHeader)(unsafe.Add(r.p, i*stride)).len = 0
	}
}

// Deref follows the pointer of an [Optional]. The result is Nil for null.
func (r Ref) Deref() Ref { return Ref{*(*unsafe.Pointer)(r.p)} }

// Any reads a union that is an any.
func (r Ref) Any() any { return *(*any)(r.p) }

// SetAny writes a union that is an any.
func (r Ref) SetAny(v any) { *(*any)(r.p) = v }

// An eface is how Go lays out an any: the dynamic type, and the value if that is a pointer, or its address.
type eface struct{ typ, data unsafe.Pointer }

// wordOf returns the type word that an any holding x has.
func wordOf(x any) unsafe.Pointer { return (*eface)(unsafe.Pointer(&x)).typ }

// bytesAsString returns b as a string that shares its memory.
func bytesAsString(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
