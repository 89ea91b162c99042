package access

import (
	"encoding/base64"
	"fmt"
	"math"
	"reflect"

	"github.com/wirecost/wirecost/schemas"
)

// loose compares the value of branch t at want with what came back of it from a format that writes no branch: an any
// of whatever Go type the format's library chose.
func (d differ) loose(t *Type, want Ref, got any) error {
	if d.looseScalar(t, want, reflect.ValueOf(got)) {
		return nil
	}
	if p := reflect.ValueOf(got); p.Kind() == reflect.Pointer && !p.IsNil() {
		return d.loose(t, want, p.Elem().Interface())
	}
	switch t.Kind {
	case schemas.Array:
		return d.looseArray(t, want, reflect.ValueOf(got))
	case schemas.Map:
		return d.looseMap(t, want, reflect.ValueOf(got))
	case schemas.Record:
		return d.looseRecord(t, want, reflect.ValueOf(got))
	case schemas.Union:
		return d.looseUnion(t, want, got)
	}
	return fmt.Errorf("got %v (%T), want %s %v", got, got, t.Kind, t.Value(want))
}

func (d differ) looseUnion(t *Type, want Ref, got any) error {
	i, w := t.Branch(want)
	if i == t.Null || i < 0 {
		if got == nil {
			return nil
		}
		return differs(nil, got)
	}
	if got == nil {
		if d.empty(t, i, w) {
			return nil
		}
		return differs(t.Branches[i].Value(w), nil)
	}
	return d.loose(t.Branches[i], w, got)
}

func (d differ) looseScalar(t *Type, want Ref, got reflect.Value) bool {
	switch t.Kind {
	case schemas.Null:
		return !got.IsValid()
	case schemas.Boolean:
		return got.Kind() == reflect.Bool && got.Bool() == want.Bool()
	case schemas.Int:
		return sameNumber(int64(want.Int()), float64(want.Int()), got)
	case schemas.Long:
		return sameNumber(want.Long(), float64(want.Long()), got)
	case schemas.Float:
		return sameFloat(float64(want.Float()), got) || got.CanFloat() && float32(got.Float()) == want.Float()
	case schemas.Double:
		return sameFloat(want.Double(), got)
	case schemas.String, schemas.Enum:
		return got.Kind() == reflect.String && got.String() == want.Text()
	case schemas.Bytes:
		return sameBytes(want.Bytes(), got)
	case schemas.Fixed:
		return sameBytes(want.Fixed(t.Node.Size), got)
	}
	return false
}

// sameNumber reports whether got is the integer v, whose float64 is f. A format without integers may give back that, if it
// is v: beyond 2^53 it is for some.
func sameNumber(v int64, f float64, got reflect.Value) bool {
	switch {
	case got.CanInt():
		return got.Int() == v
	case got.CanUint():
		return v >= 0 && got.Uint() == uint64(v)
	}
	return got.CanFloat() && got.Float() == f && f < 1<<63 && int64(f) == v
}

func sameFloat(f float64, got reflect.Value) bool {
	switch {
	case got.CanFloat():
		return math.Float64bits(got.Float()) == math.Float64bits(f) || isNaN(f) && isNaN(got.Float())
	case got.CanInt():
		return float64(got.Int()) == f
	}
	return got.CanUint() && float64(got.Uint()) == f
}

// sameBytes reports whether got is b as bytes, as text, as base64 text or as a list of numbers.
func sameBytes(b []byte, got reflect.Value) bool {
	switch got.Kind() {
	case reflect.String:
		return got.String() == string(b) || got.String() == base64.StdEncoding.EncodeToString(b)
	case reflect.Slice, reflect.Array:
		if got.Len() != len(b) {
			return false
		}
		for i, c := range b {
			if !sameNumber(int64(c), float64(c), concrete(got.Index(i))) {
				return false
			}
		}
		return true
	}
	return false
}

// concrete returns what interface v holds.
func concrete(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Interface {
		return v.Elem()
	}
	return v
}

// asAny returns what v holds; a nil pointer is null.
func asAny(v reflect.Value) any {
	if v = concrete(v); !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	return v.Interface()
}

func (d differ) looseArray(t *Type, want Ref, got reflect.Value) error {
	first, n := want.Slice()
	if k := got.Kind(); k != reflect.Slice && k != reflect.Array || got.Len() != n {
		return fmt.Errorf("got %v, want an array of %d", got, n)
	}
	for i := range n {
		if err := d.looseOrNull(t.Elem, first.At(uintptr(i)*t.Elem.Size), asAny(got.Index(i))); err != nil {
			return at(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func (d differ) looseMap(t *Type, want Ref, got reflect.Value) error {
	if got.Kind() != reflect.Map || got.Len() != t.MapLen(want) {
		return fmt.Errorf("got %v, want a map of %d", got, t.MapLen(want))
	}
	var e Entries
	e.Load(t, want)
	for i, key := range e.Keys {
		v, ok := mapIndex(got, key)
		if !ok {
			return fmt.Errorf("entry %q is missing", key)
		}
		if err := d.looseOrNull(t.Elem, e.Value(i), v); err != nil {
			return at(fmt.Sprintf("{%s}", key), err)
		}
	}
	return nil
}

// looseRecord compares a record with a map by field name, with a list by position, or with a struct by position.
func (d differ) looseRecord(t *Type, want Ref, got reflect.Value) error {
	want = t.Unbox(want)
	if t.Form == Box {
		t = t.Elem
	}
	for i, f := range t.Fields {
		v, ok := part(got, f.Name, i, len(t.Fields))
		if !ok {
			return fmt.Errorf("field %s is missing in %v", f.Name, got)
		}
		if err := d.looseOrNull(f.Type, want.At(f.Offset), v); err != nil {
			return at(f.Name, err)
		}
	}
	return nil
}

func (d differ) looseOrNull(t *Type, want Ref, got any) error {
	if got == nil && t.Kind != schemas.Union && t.Kind != schemas.Null {
		if v := t.Value(want); v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
			return compare(v.Len(), 0)
		}
		return differs(t.Value(want), nil)
	}
	return d.loose(t, want, got)
}

func mapIndex(m reflect.Value, key string) (any, bool) {
	k := reflect.ValueOf(key)
	if kind := m.Type().Key().Kind(); kind != reflect.Interface && kind != reflect.String {
		return nil, false
	}
	v := m.MapIndex(k.Convert(m.Type().Key()))
	if !v.IsValid() {
		return nil, false
	}
	return asAny(v), true
}

// part returns field i of n, called name, of what a record came back as.
func part(v reflect.Value, name string, i, n int) (any, bool) {
	switch v.Kind() {
	case reflect.Map:
		if v.Len() != n {
			return nil, false
		}
		return mapIndex(v, name)
	case reflect.Slice:
		if v.Len() != n {
			return nil, false
		}
		return asAny(v.Index(i)), true
	case reflect.Struct:
		if v.NumField() != n || !v.Field(i).CanInterface() { // a time.Time, say
			return nil, false
		}
		return asAny(v.Field(i)), true
	}
	return nil, false
}
