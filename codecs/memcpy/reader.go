package memcpy

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const (
	maxDepth = 10_000  // of records inside themselves
	maxEmpty = 1 << 20 // elements of an array whose elements take no bytes
)

var (
	errTruncated = errors.New("the image ends within a value")
	errNoScalar  = errors.New("the field has no single value")
	errDeep      = fmt.Errorf("nested more than %d deep", maxDepth)
)

// A reader reads an image that may be anything. After an error it reads zeros.
type reader struct {
	src   []byte
	at    int
	depth int
	least map[*access.Type]int // bytes that a value of each type takes at least
	err   error
}

func (in *reader) fail(err error) {
	if in.err == nil {
		in.err = err
	}
}

// zeros is what a reader gives after its end.
var zeros [8]byte

// next returns the next n bytes.
func (in *reader) next(n int) []byte {
	if in.err != nil || n > len(in.src)-in.at {
		in.fail(errTruncated)
		if n <= len(zeros) {
			return zeros[:n]
		}
		return nil
	}
	in.at += n
	return in.src[in.at-n : in.at]
}

func (in *reader) u32() int { return int(order.Uint32(in.next(4))) }

// text returns the bytes of a string or bytes in place.
func (in *reader) text() []byte { return in.next(in.u32()) }

func (in *reader) str() string {
	b := in.text()
	if !utf8.Valid(b) {
		in.fail(errors.New("a string is not UTF-8"))
	}
	return string(b)
}

// value reads a value of type t to r, which holds the zero value.
func (in *reader) value(t *access.Type, r access.Ref) {
	switch t.Kind {
	case schemas.Boolean:
		b := in.next(1)[0]
		if b > 1 {
			in.fail(fmt.Errorf("byte %#x is no boolean", b))
		}
		r.SetBool(b == 1)
	case schemas.Int:
		r.SetInt(int32(in.u32()))
	case schemas.Long:
		r.SetLong(int64(order.Uint64(in.next(8))))
	case schemas.Float:
		r.SetFloat(math.Float32frombits(order.Uint32(in.next(4))))
	case schemas.Double:
		r.SetDouble(math.Float64frombits(order.Uint64(in.next(8))))
	case schemas.String:
		r.SetText(in.str())
	case schemas.Bytes:
		r.SetBytes(append([]byte{}, in.text()...))
	case schemas.Fixed:
		copy(r.Fixed(t.Node.Size), in.next(t.Node.Size))
	case schemas.Enum:
		r.SetText(in.symbol(t))
	case schemas.Record:
		in.record(t, r)
	case schemas.Union:
		in.union(t, r)
	case schemas.Array:
		in.array(t, r)
	case schemas.Map:
		in.entries(t, r)
	}
}

func (in *reader) symbol(t *access.Type) string {
	i := in.u32()
	if i >= len(t.Node.Symbols) {
		in.fail(fmt.Errorf("%s has no symbol %d", t.Node.Name, i))
		return ""
	}
	return t.Node.Symbols[i]
}

func (in *reader) record(t *access.Type, r access.Ref) {
	if in.depth++; in.depth > maxDepth {
		in.fail(errDeep)
	}
	if in.err != nil {
		return
	}
	if t.Form == access.Box {
		r, t = t.MakeBox(r), t.Elem
	}
	for _, f := range t.Fields {
		in.value(f.Type, r.At(f.Offset))
	}
	in.depth--
}

// branch reads the index of a branch of union t.
func (in *reader) branch(t *access.Type) int {
	i := 0
	if wide(t) {
		i = in.u32()
	} else {
		i = int(in.next(1)[0])
	}
	if i >= len(t.Branches) {
		in.fail(fmt.Errorf("the union has no branch %d", i))
	}
	return i
}

func (in *reader) union(t *access.Type, r access.Ref) {
	i := in.branch(t)
	if in.err != nil {
		return
	}
	if v := t.SetBranch(r, i); !v.Nil() {
		in.value(t.Branches[i], v)
	}
}

// count reads the number of elements, each of least bytes or more.
func (in *reader) count(least int) int {
	n := in.u32()
	room := maxEmpty
	if least > 0 {
		room = (len(in.src) - in.at) / least
	}
	if n > room {
		in.fail(errTruncated)
		return 0
	}
	return n
}

// elements reads the number of elements of array t.
func (in *reader) elements(t *access.Type) int {
	elem := t.Elem
	if elem.Form == access.Box {
		elem = elem.Elem
	}
	return in.count(in.least[elem])
}

func (in *reader) array(t *access.Type, r access.Ref) {
	n := in.elements(t)
	if in.err != nil {
		return
	}
	first := t.MakeSlice(r, n)
	for i := 0; i < n && in.err == nil; i++ {
		in.value(t.Elem, first.At(uintptr(i)*t.Elem.Size))
	}
}

func (in *reader) entries(t *access.Type, r access.Ref) {
	n := in.count(4)
	t.MakeMap(r, n)
	last := ""
	for i := 0; i < n && in.err == nil; i++ {
		key := in.str()
		if i > 0 && key <= last {
			in.fail(fmt.Errorf("map key %q does not come after %q", key, last))
		}
		last = key
		v := t.Elem.Alloc()
		in.value(t.Elem, v)
		t.Put(r, key, v)
	}
}

// leasts returns how many bytes values of each type below t take at least.
func leasts(t *access.Type, seen map[*access.Type]int) map[*access.Type]int {
	if _, ok := seen[t]; ok {
		return seen
	}
	seen[t] = 0 // for a record inside itself, until it is known
	if t.Elem != nil {
		leasts(t.Elem, seen)
	}
	for _, b := range t.Branches {
		leasts(b, seen)
	}
	sum := 0
	for _, f := range t.Fields {
		sum += leasts(f.Type, seen)[f.Type]
	}
	switch w, ok := width(t); {
	case ok:
		sum = w
	case t.Kind == schemas.Union:
		sum = 1
	case t.Kind != schemas.Record:
		sum = 4 // a length
	}
	seen[t] = sum
	return seen
}
