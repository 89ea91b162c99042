package avro

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A form is how a library lays out values that have no Go type of their own: a record and a map are a map[string]any, an
// array is a []any, null is nil.
type form struct {
	ints  bool         // an int is an int, not an int32
	bare  bool         // a union of primitives is its value, not a map from the branch's name to it
	place reflect.Type // of a general union in a struct, where it always is such a map
	null  reflect.Type // of a null in a struct

	namespace string // of types without one, as the library has been told: see schemas.Schema.Qualified
}

var (
	hambaForm = form{ints: true, bare: true, place: mapType, null: reflect.TypeFor[struct{}]()}
	twmbForm  = form{place: reflect.TypeFor[any](), null: reflect.TypeFor[any]()}
)

// in returns f for a library that has been told that types without a namespace are in one.
func (f form) in(namespace string) form {
	f.namespace = namespace
	return f
}

// nameOf returns the name that the library has for branch n of a union.
func (f form) nameOf(n *schemas.Node) string {
	if f.namespace == "" || !n.Kind.Named() || strings.Contains(n.Name, ".") {
		return n.BranchName()
	}
	return f.namespace + "." + n.Name
}

// value returns the value of type t at r in form f.
func (f form) value(t *access.Type, r access.Ref) (any, error) {
	switch t.Kind {
	case schemas.Null:
		return nil, nil
	case schemas.Int:
		if f.ints {
			return int(r.Int()), nil
		}
		return r.Int(), nil
	case schemas.Bytes:
		return append([]byte{}, r.Bytes()...), nil
	case schemas.Record:
		return f.record(t, r)
	case schemas.Union:
		return f.union(t, r)
	case schemas.Array:
		return f.array(t, r)
	case schemas.Map:
		return f.entries(t, r)
	}
	return t.Value(r).Interface(), nil
}

func (f form) record(t *access.Type, r access.Ref) (map[string]any, error) {
	if t.Form == access.Box {
		if r = t.Unbox(r); r.Nil() {
			return nil, fmt.Errorf("the place of a %s holds none", t.Node.Name)
		}
		t = t.Elem
	}
	m := make(map[string]any, len(t.Fields))
	for _, field := range t.Fields {
		v, err := f.value(field.Type, r.At(field.Offset))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", field.Name, err)
		}
		m[field.Name] = v
	}
	return m, nil
}

func (f form) union(t *access.Type, r access.Ref) (any, error) {
	name, v, err := f.branchOf(t, r)
	if err != nil || name == "" || f.isBare(t.Node) {
		return v, err
	}
	return map[string]any{name: v}, nil
}

// branchOf returns the name of the branch that union t holds at r, "" for null, and its value.
func (f form) branchOf(t *access.Type, r access.Ref) (string, any, error) {
	i, b := t.Branch(r)
	switch {
	case i < 0:
		return "", nil, fmt.Errorf("the union holds a %T, which is none of its branches", r.Any())
	case i == t.Null:
		return "", nil, nil
	}
	v, err := f.value(t.Branches[i], b)
	return f.nameOf(t.Node.Branches[i]), v, err
}

// isBare reports whether a value of union n stands without its branch's name.
func (f form) isBare(n *schemas.Node) bool {
	if !f.bare {
		return false
	}
	for _, b := range n.Branches {
		if b.Kind > schemas.String {
			return false
		}
	}
	return true
}

func (f form) array(t *access.Type, r access.Ref) ([]any, error) {
	first, n := r.Slice()
	list := make([]any, n)
	for i := range n {
		v, err := f.value(t.Elem, first.At(uintptr(i)*t.Elem.Size))
		if err != nil {
			return nil, fmt.Errorf("[%d]: %w", i, err)
		}
		list[i] = v
	}
	return list, nil
}

func (f form) entries(t *access.Type, r access.Ref) (map[string]any, error) {
	var e access.Entries
	e.Load(t, r)
	m := make(map[string]any, e.Len())
	for i, key := range e.Keys {
		v, err := f.value(t.Elem, e.Value(i))
		if err != nil {
			return nil, fmt.Errorf("{%s}: %w", key, err)
		}
		m[key] = v
	}
	return m, nil
}

// field returns the scalar at the end of way, which begins in record m. A record on the way that is null makes it null.
func (f form) field(way []access.Field, m map[string]any) (access.Value, error) {
	for i, at := range way {
		v := m[at.Name]
		t := at.Type
		if t.Kind == schemas.Union {
			i, inner, err := f.branch(t, v)
			if err != nil || i == t.Null {
				return access.Value{}, err
			}
			t, v = t.Branches[i], inner
		}
		if i == len(way)-1 {
			return scalar(t.Node, reflect.ValueOf(v))
		}
		m, _ = v.(map[string]any)
	}
	return access.Value{}, nil
}
