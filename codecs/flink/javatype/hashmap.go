package javatype

import (
	"slices"
	"unicode/utf16"

	"github.com/wirecost/wirecost/schemas/access"
)

// Entries are the entries of a map in the order in which a java.util.HashMap iterates them that was filled with put: by
// bucket. Entries of one bucket are in the order of their keys; Java has them in that of insertion, which a Go map
// forgets. Entries may be used again.
type Entries struct {
	access.Entries
	order []entry
}

type entry struct {
	bucket uint32
	key    string
	at     int
}

// Load makes e the entries of the map of type t at r.
func (e *Entries) Load(t *access.Type, r access.Ref) {
	e.Entries.Load(t, r)
	size := uint32(16)
	for uint32(len(e.Keys)) > size/4*3 {
		size *= 2
	}
	e.order = e.order[:0]
	for i, key := range e.Keys {
		h := uint32(Hash(key))
		e.order = append(e.order, entry{(h ^ h>>16) & (size - 1), key, i})
	}
	slices.SortFunc(e.order, compareBucket)
}

// Entry returns entry i in Java's order.
func (e *Entries) Entry(i int) (key string, value access.Ref) {
	x := e.order[i]
	return x.key, e.Value(x.at)
}

// An EntriesStack keeps Entries of maps of one type that are open at a time: maps within maps of recursive records.
type EntriesStack struct {
	all  []*Entries
	open int
}

// Load returns the entries of the map of type t at r. They are valid until Done.
func (s *EntriesStack) Load(t *access.Type, r access.Ref) *Entries {
	if s.open == len(s.all) {
		s.all = append(s.all, &Entries{})
	}
	e := s.all[s.open]
	s.open++
	e.Load(t, r)
	return e
}

// Done closes what Load opened last.
func (s *EntriesStack) Done() { s.open-- }

// Hash is String.hashCode, over UTF-16 units.
func Hash(s string) int32 {
	var h int32
	for i := range len(s) {
		if s[i] >= 0x80 {
			return hashUnits(s)
		}
		h = 31*h + int32(s[i])
	}
	return h
}

// hashUnits is Hash of a string that is not ASCII.
func hashUnits(s string) int32 {
	var h int32
	for _, r := range s {
		if r < 0x10000 {
			h = 31*h + r
			continue
		}
		hi, lo := utf16.EncodeRune(r)
		h = 31*(31*h+hi) + lo
	}
	return h
}
