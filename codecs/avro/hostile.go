package avro

import (
	"bytes"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// hostile says what hamba cannot stand in an input of one schema. Such inputs are looked through first.
//
// Note: all inputs could be, for 20 to 40 ns a record. But then the figure would be of our reader, and most schemas need
// it for nothing.
type hostile struct {
	skim   *skim
	always bool // hamba's limit on elements is no limit for some array, or what the schema has is harmful in itself
	arrays bool
	least  int // bytes of the smallest array element
}

func newHostile(s *schemas.Schema, t *access.Type) hostile {
	h := hostile{skim: newSkim(s), always: s.Recursive() || harmful(t), least: 1}
	least, largest := arrayElements(t, h.skim)
	if largest > 0 {
		h.arrays, h.least = true, max(least, 1)
		h.always = h.always || least == 0 || largest > maxElement*least
	}
	return h
}

const (
	maxArrays = 16   // arrays in each other, each of which may promise all of an input
	maxValue  = 1024 // bytes of memory of a record or a fixed, which a library makes before it reads it
)

// harmful reports whether types below t let a short input make a library allocate much more than that.
func harmful(t *access.Type) bool {
	seen := map[*access.Type]bool{}
	var visit func(t *access.Type, arrays int) bool
	visit = func(t *access.Type, arrays int) bool {
		if seen[t] {
			return false
		}
		seen[t] = true
		if t.Kind == schemas.Array {
			arrays++
		}
		if arrays > maxArrays || len(seen) > 1 && (t.Kind == schemas.Fixed || t.Kind == schemas.Record) && t.Size > maxValue {
			return true
		}
		for _, f := range t.Fields {
			if visit(f.Type, arrays) {
				return true
			}
		}
		for _, b := range t.Branches {
			if visit(b, arrays) {
				return true
			}
		}
		return t.Elem != nil && visit(t.Elem, arrays)
	}
	return visit(t, 0)
}

// maxElement is how many bytes of memory an array element may take per byte of the smallest element, for the limit on
// elements, which all arrays of a schema share, to be one on memory too.
const maxElement = 128

// elements returns how many elements an array in less than n bytes has at most.
func (h hostile) elements(n int) int {
	if h.always {
		return 1<<31 - 1 // skim has counted
	}
	return n / h.least
}

// huge is in every count of a block that hamba, adding it to the elements before it, takes for a negative one, and then
// reads and writes memory that is not the array's: the least long, whose negation is itself, and all within 2^34 of
// either end. An array has fewer elements than that, since no longer input is read.
var huge = bytes.Repeat([]byte{0xff}, 4)

// short is the length below which inputs with arrays are looked through. hamba's limit on elements is never below that for
// 128 bytes, which allows 128 elements of 128 bytes: more than so few bytes may make it allocate.
const short = 16

// check reports what is wrong with src that hamba would not survive.
func (h hostile) check(src []byte) error {
	if len(src) < h.skim.least {
		return errTruncated // before hamba makes room for a record
	}
	if h.always || h.arrays && (len(src) < short || bytes.Contains(src, huge)) {
		return skimmer{src: src}.whole(h.skim)
	}
	return nil
}

// arrayElements returns the smallest encoding and the largest size in memory of the array elements below t, 0 and 0 if
// there are none.
func arrayElements(t *access.Type, s *skim) (least, largest int) {
	seen := map[*access.Type]bool{}
	var visit func(t *access.Type, s *skim)
	visit = func(t *access.Type, s *skim) {
		if seen[t] {
			return
		}
		seen[t] = true
		if t.Kind == schemas.Array {
			if n := s.parts[0].least; largest == 0 || n < least {
				least = n
			}
			largest = max(largest, int(t.Elem.Size), 1)
		}
		for i, f := range t.Fields {
			visit(f.Type, s.parts[i])
		}
		for i, b := range t.Branches {
			visit(b, s.parts[i])
		}
		if t.Elem != nil && len(t.Branches) == 0 {
			visit(t.Elem, s.parts[0])
		}
	}
	visit(t, s)
	return least, largest
}
