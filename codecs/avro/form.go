package avro

import (
	"fmt"
	"reflect"

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
}

var (
	hambaForm = form{ints: true, bare: true, place: mapType, null: reflect.TypeFor[struct{}]()}
	twmbForm  = form{place: reflect.TypeFor[any](), null: reflect.TypeFor[any]()}
)

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
	return t.Node.Branches[i].BranchName(), v, err
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

// set makes the value of type t at r, which is zero, what v says.
func (f form) set(t *access.Type, r access.Ref, v any) error {
	switch t.Kind {
	case schemas.Null:
		return nil
	case schemas.Record:
		return f.setRecord(t, r, v)
	case schemas.Union:
		return f.setUnion(t, r, v)
	case schemas.Array:
		return f.setArray(t, r, v)
	case schemas.Map:
		return f.setEntries(t, r, v)
	}
	return setScalar(t, r, v)
}

func setScalar(t *access.Type, r access.Ref, v any) error {
	switch v := v.(type) {
	case bool:
		if t.Kind == schemas.Boolean {
			r.SetBool(v)
			return nil
		}
	case int:
		if t.Kind == schemas.Int {
			r.SetInt(int32(v))
			return nil
		}
	case int32:
		if t.Kind == schemas.Int {
			r.SetInt(v)
			return nil
		}
	case int64:
		if t.Kind == schemas.Long {
			r.SetLong(v)
			return nil
		}
	case float32:
		if t.Kind == schemas.Float {
			r.SetFloat(v)
			return nil
		}
	case float64:
		if t.Kind == schemas.Double {
			r.SetDouble(v)
			return nil
		}
	case string:
		if t.Kind == schemas.String || t.Kind == schemas.Enum {
			r.SetText(v)
			return nil
		}
	case []byte:
		if t.Kind == schemas.Bytes {
			r.SetBytes(append([]byte{}, v...))
			return nil
		}
	}
	if got := reflect.ValueOf(v); t.Kind == schemas.Fixed && got.IsValid() && isBytes(got.Type()) && got.Len() == t.Node.Size {
		reflect.Copy(t.Value(r), got)
		return nil
	}
	return wrongValue(t, v)
}

func isBytes(t reflect.Type) bool {
	return (t.Kind() == reflect.Array || t.Kind() == reflect.Slice) && t.Elem().Kind() == reflect.Uint8
}

func wrongValue(t *access.Type, v any) error {
	return fmt.Errorf("a %s is a %T", t.Node.BranchName(), v)
}

func (f form) setRecord(t *access.Type, r access.Ref, v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return wrongValue(t, v)
	}
	if t.Form == access.Box {
		r, t = t.MakeBox(r), t.Elem
	}
	for _, field := range t.Fields {
		if err := f.set(field.Type, r.At(field.Offset), m[field.Name]); err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return nil
}

func (f form) setUnion(t *access.Type, r access.Ref, v any) error {
	i, inner, err := f.branch(t, v)
	if err != nil {
		return err
	}
	return f.setBranch(t, r, i, inner)
}

func (f form) setBranch(t *access.Type, r access.Ref, i int, v any) error {
	b := t.SetBranch(r, i)
	if b.Nil() {
		return nil
	}
	return f.set(t.Branches[i], b, v)
}

// branch returns which branch of union t the value v is, and the value without its name.
func (f form) branch(t *access.Type, v any) (int, any, error) {
	if v == nil && t.Null >= 0 {
		return t.Null, nil, nil
	}
	if !f.isBare(t.Node) {
		m, _ := v.(map[string]any)
		return named(t, m)
	}
	kind := kindOf(v)
	for i, b := range t.Node.Branches {
		if b.Kind == kind && kind != schemas.Null {
			return i, v, nil
		}
	}
	return 0, nil, wrongValue(t, v)
}

// named returns which branch of union t is named in m, and its value. No name is null.
func named(t *access.Type, m map[string]any) (int, any, error) {
	if len(m) == 0 && t.Null >= 0 {
		return t.Null, nil, nil
	}
	for i, b := range t.Node.Branches {
		if v, ok := m[b.BranchName()]; ok && len(m) == 1 {
			return i, v, nil
		}
	}
	return 0, nil, wrongValue(t, m)
}

// kindOf returns the primitive type that hamba decodes as v.
func kindOf(v any) schemas.Kind {
	switch v.(type) {
	case bool:
		return schemas.Boolean
	case int, int32:
		return schemas.Int
	case int64:
		return schemas.Long
	case float32:
		return schemas.Float
	case float64:
		return schemas.Double
	case string:
		return schemas.String
	case []byte:
		return schemas.Bytes
	}
	return schemas.Null
}

func (f form) setArray(t *access.Type, r access.Ref, v any) error {
	list, ok := v.([]any)
	if !ok && v != nil {
		return wrongValue(t, v)
	}
	first := t.MakeSlice(r, len(list))
	for i, v := range list {
		if err := f.set(t.Elem, first.At(uintptr(i)*t.Elem.Size), v); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

func (f form) setEntries(t *access.Type, r access.Ref, v any) error {
	m, ok := v.(map[string]any)
	if !ok && v != nil {
		return wrongValue(t, v)
	}
	t.MakeMap(r, len(m))
	for key, v := range m {
		elem := t.Elem.Alloc()
		if err := f.set(t.Elem, elem, v); err != nil {
			return fmt.Errorf("{%s}: %w", key, err)
		}
		t.Put(r, key, elem)
	}
	return nil
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
