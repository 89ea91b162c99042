package avro

import (
	"fmt"
	"reflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

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
		return f.named(t, m)
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
func (f form) named(t *access.Type, m map[string]any) (int, any, error) {
	if len(m) == 0 && t.Null >= 0 {
		return t.Null, nil, nil
	}
	for i, b := range t.Node.Branches {
		if v, ok := m[f.nameOf(b)]; ok && len(m) == 1 {
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
