package access

import (
	"reflect"
	"slices"
)

// Entries holds a copy of the entries of a map, in no order until sorted. It may be used again, for another map of the
// same type without allocation.
type Entries struct {
	Keys   []string
	typ    *Type
	values reflect.Value // a slice of the map's value type
	first  Ref
	iter   reflect.MapIter
	key    reflect.Value
	at     []int32 // where in values the entry of each key is
}

// Load makes e the entries of the map of type t at r.
func (e *Entries) Load(t *Type, r Ref) {
	m := t.Value(r)
	n := m.Len()
	e.prepare(t, n)
	if n == 0 {
		return
	}
	e.iter.Reset(m)
	for i := 0; e.iter.Next(); i++ {
		e.key.SetIterKey(&e.iter)
		e.Keys = append(e.Keys, e.key.String())
		e.at = append(e.at, int32(i))
		e.values.Index(i).SetIterValue(&e.iter)
	}
	e.iter.Reset(reflect.Value{})
	e.key.SetZero()
}

// prepare makes room for n entries of maps of type t.
func (e *Entries) prepare(t *Type, n int) {
	if e.typ != t {
		e.typ = t
		e.values = reflect.New(reflect.SliceOf(t.Elem.Go)).Elem()
		e.key = reflect.New(reflect.TypeFor[string]()).Elem()
	}
	e.Keys, e.at = e.Keys[:0], e.at[:0]
	e.values.Clear()
	e.values.SetLen(0)
	e.values.Grow(n)
	e.values.SetLen(n)
	e.first = Ref{e.values.UnsafePointer()}
}

// Len returns the number of entries.
func (e *Entries) Len() int { return len(e.Keys) }

// Value returns the address of the copy of the value that belongs to Keys[i].
func (e *Entries) Value(i int) Ref { return e.first.At(uintptr(e.at[i]) * e.typ.Elem.Size) }

// Less reports whether key i comes before key j; Swap exchanges two entries. With Len they make Entries fit package
// sort, in ascending order of the keys' bytes.
func (e *Entries) Less(i, j int) bool { return e.Keys[i] < e.Keys[j] }

// Swap exchanges entries i and j.
func (e *Entries) Swap(i, j int) {
	e.Keys[i], e.Keys[j] = e.Keys[j], e.Keys[i]
	e.at[i], e.at[j] = e.at[j], e.at[i]
}

// find returns the value that belongs to key, Nil if there is none.
func (e *Entries) find(key string) Ref {
	if i := slices.Index(e.Keys, key); i >= 0 {
		return e.Value(i)
	}
	return Ref{}
}

// MakeMap puts an empty map with room for n entries at r.
func (t *Type) MakeMap(r Ref, n int) { t.Value(r).Set(reflect.MakeMapWithSize(t.Go, n)) }

// Put copies the value at v, of type t.Elem, into the map at r and reports whether the key is new.
func (t *Type) Put(r Ref, key string, v Ref) bool {
	m := t.Value(r)
	n := m.Len()
	m.SetMapIndex(reflect.ValueOf(key), t.Elem.Value(v))
	return m.Len() > n
}

// MapLen returns the number of entries of the map of type t at r.
func (t *Type) MapLen(r Ref) int { return t.Value(r).Len() }

// The types of maps that ClearMap clears without reflection.
var (
	anysType    = reflect.TypeFor[map[string]any]()
	stringsType = reflect.TypeFor[map[string]string]()
	longsType   = reflect.TypeFor[map[string]int64]()
)

// ClearMap removes all entries of the map of type t at r, which keeps its memory.
func (t *Type) ClearMap(r Ref) {
	switch {
	case r.Deref().Nil(): // a map is a pointer
	case t.Go == anysType:
		clear(*(*map[string]any)(r.p))
	case t.Go == stringsType:
		clear(*(*map[string]string)(r.p))
	case t.Go == longsType:
		clear(*(*map[string]int64)(r.p))
	default:
		t.Value(r).Clear()
	}
}
