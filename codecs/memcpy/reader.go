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
	maxEmpty = 1 << 20 // elements that take no bytes, of all arrays of an image
)

var (
	errTruncated = errors.New("the image ends within a value")
	errNoScalar  = errors.New("the field has no single value")
	errDeep      = fmt.Errorf("nested more than %d deep", maxDepth)
)

// A reader reads an image that may be anything. After an error it reads zeros.
type reader struct {
	src     []byte
	at      int
	depth   int
	least   map[*access.Type]int // bytes that a value of each type takes at least
	claimed int                  // bytes that all elements and entries counted so far take at least
	empty   int                  // elements counted so far that take no bytes
	err     error
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

func (in *reader) word() uint32 { return order.Uint32(in.next(4)) }

// u32 reads a length, a count or an index.
func (in *reader) u32() int {
	n := int(in.word())
	if n < 0 { // where an int has 32 bits
		in.fail(errTruncated)
		return 0
	}
	return n
}

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
		r.SetInt(int32(in.word()))
	case schemas.Long:
		r.SetLong(int64(order.Uint64(in.next(8))))
	case schemas.Float:
		r.SetFloat(math.Float32frombits(in.word()))
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
	if in.err == nil && in.least[t.Branches[i]] > len(in.src)-in.at {
		in.fail(errTruncated) // before there is memory for it
	}
	if in.err != nil {
		return
	}
	if v := t.SetBranch(r, i); !v.Nil() {
		in.value(t.Branches[i], v)
	}
}

// count reads the number of elements, each of least bytes or more. No byte belongs to two of them, so all counts of an
// image share its length: arrays inside each other could else promise the same bytes over and over.
func (in *reader) count(least int) int {
	n := in.u32()
	if least == 0 {
		if in.empty += min(n, maxEmpty+1); in.empty > maxEmpty {
			in.fail(errTruncated)
			return 0
		}
		return n
	}
	if n > (len(in.src)-max(in.at, in.claimed))/least {
		in.fail(errTruncated)
		return 0
	}
	in.claimed += n * least
	return n
}

// elements reads the number of elements of array t.
func (in *reader) elements(t *access.Type) int {
	return in.count(in.least[t.Elem])
}

func (in *reader) array(t *access.Type, r access.Ref) {
	n := in.elements(t)
	if in.err != nil {
		return
	}
	first := t.MakeSlice(r, n)
	if in.least[t.Elem] == 0 {
		return // nothing is to be read
	}
	for i := 0; i < n && in.err == nil; i++ {
		in.value(t.Elem, first.At(uintptr(i)*t.Elem.Size))
	}
}

// pairs reads the number of entries of map t, each of which has the length of its key in front.
func (in *reader) pairs(t *access.Type) int {
	return in.count(4 + in.least[t.Elem])
}

func (in *reader) entries(t *access.Type, r access.Ref) {
	n := in.pairs(t)
	if in.err != nil {
		return
	}
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

// leasts returns how many bytes values of each type below t take at least. A record inside itself takes what is known
// of it so far, which is too little, and so needs another look; one that is directly inside itself needs no end of them.
func leasts(t *access.Type) map[*access.Type]int {
	known := map[*access.Type]int{}
	for range 8 {
		learn(t, known, map[*access.Type]bool{})
	}
	return known
}

func learn(t *access.Type, known map[*access.Type]int, seen map[*access.Type]bool) {
	if seen[t] {
		return
	}
	seen[t] = true
	if t.Elem != nil {
		learn(t.Elem, known, seen)
	}
	for _, b := range t.Branches {
		learn(b, known, seen)
	}
	sum := 0
	for _, f := range t.Fields {
		learn(f.Type, known, seen)
		sum += known[f.Type]
	}
	switch w, ok := width(t); {
	case ok:
		sum = w
	case t.Kind == schemas.Union:
		sum = 1
	case t.Form == access.Box:
		sum = known[t.Elem]
	case t.Kind != schemas.Record:
		sum = 4 // a length
	}
	known[t] = sum
}
