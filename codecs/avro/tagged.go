package avro

import (
	"fmt"
	"math"
	"reflect"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A taggedCodec is a library whose native record is the schema's struct with map[string]any{branch: value} in place of
// each general union.
type taggedCodec struct {
	library
	typ  *access.Type
	root *shape
	form form
}

// A library encodes and decodes whatever native records it is given.
type library interface {
	append(dst []byte, v any) ([]byte, error)
	decode(src []byte, v any) error
	trust(src []byte, v any) error // decode for what the library wrote itself
}

func openTagged(s *schemas.Schema, t *access.Type, lib library, f form) (codecs.Codec, error) {
	if s.Recursive() {
		return nil, fmt.Errorf("%s is recursive and has general unions: no struct can hold it with named branches: %w", s.Name, schemas.ErrUnsupported)
	}
	if err := newSkim(s).refuseEmpty(s); err != nil {
		return nil, err
	}
	return &taggedCodec{lib, t, shapeOf(t, f, map[*access.Type]*shape{}), f}, nil
}

// hasUnions reports whether s has general unions, whose Go type is any.
func hasUnions(s *schemas.Schema) bool {
	return anyUnion(s, func(*schemas.Node) bool { return true })
}

// primitiveUnions reports whether the Go type of what a general union of s holds always tells the branch.
func primitiveUnions(s *schemas.Schema) bool {
	return !anyUnion(s, func(n *schemas.Node) bool {
		for _, b := range n.Branches {
			if b.Kind > schemas.String || b.Kind == schemas.Bytes {
				return true
			}
		}
		return false
	})
}

// hasNulls reports whether s has a null that is no branch of a union.
func hasNulls(s *schemas.Schema) bool {
	branches, nulls := 0, 0
	s.Root.Walk(func(_ string, n *schemas.Node) error {
		if n.Kind == schemas.Union && n.NullBranch() >= 0 {
			branches++
		}
		if n.Kind == schemas.Null {
			nulls++
		}
		return nil
	})
	return nulls > branches
}

// anyUnion reports whether is holds of a general union of s.
func anyUnion(s *schemas.Schema, is func(*schemas.Node) bool) bool {
	found := false
	s.Root.Walk(func(_ string, n *schemas.Node) error {
		if _, nullable := n.Nullable(); n.Kind == schemas.Union && !nullable {
			found = found || is(n)
		}
		return nil
	})
	return found
}

func (c *taggedCodec) Append(dst []byte, v any) ([]byte, error) {
	if p := reflect.TypeOf(v); p == nil || p.Kind() != reflect.Pointer || p.Elem() != c.root.native {
		return dst, wrongType(v, c.root.native)
	}
	return c.append(dst, v)
}

func (c *taggedCodec) Decode(src []byte, v any) error {
	if err := zero(v, c.root.native); err != nil {
		return err
	}
	return c.decode(src, v)
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *taggedCodec) Trusted() codecs.Codec { return trustedTagged{c} }

type trustedTagged struct{ *taggedCodec }

func (c trustedTagged) Append(dst []byte, v any) ([]byte, error) { return c.append(dst, v) }

func (c trustedTagged) Decode(src []byte, v any) error {
	if err := zero(v, c.root.native); err != nil {
		return err
	}
	return c.trust(src, v)
}

func (c *taggedCodec) NewRecord() any { return reflect.New(c.root.native).Interface() }

func (c *taggedCodec) FromStruct(dst, src any) error {
	r, err := c.typ.Ref(src)
	if err != nil {
		return err
	}
	if err := zero(dst, c.root.native); err != nil {
		return err
	}
	return c.root.from(c.form, reflect.ValueOf(dst).Elem(), r)
}

func (c *taggedCodec) ToStruct(dst, src any) error {
	r, err := c.typ.Ref(dst)
	if err != nil {
		return err
	}
	v := reflect.ValueOf(src)
	if v.Kind() != reflect.Pointer || v.Type().Elem() != c.root.native {
		return wrongType(src, c.root.native)
	}
	c.typ.Clear(r)
	return c.root.to(c.form, r, v.Elem())
}

func (c *taggedCodec) Field(path string) (func(any) (access.Value, error), error) {
	if _, err := access.Getter(c.typ, path); err != nil {
		return nil, err
	}
	_, way, err := c.typ.Find(path)
	if err != nil {
		return nil, err
	}
	return func(v any) (access.Value, error) {
		p := reflect.ValueOf(v)
		if p.Kind() != reflect.Pointer || p.Type().Elem() != c.root.native {
			return access.Value{}, wrongType(v, c.root.native)
		}
		return c.form.fieldOf(way, p.Elem())
	}, nil
}

// fieldOf returns the scalar at the end of way, which begins in the native struct at.
func (f form) fieldOf(way []access.Field, at reflect.Value) (access.Value, error) {
	for i, field := range way {
		t, v := field.Type, at.Field(field.Schema.Index)
		switch {
		case t.Form == access.Dynamic:
			m, _ := v.Interface().(map[string]any)
			i, inner, err := f.named(t, m)
			if err != nil || i == t.Null {
				return access.Value{}, err
			}
			return scalar(t.Branches[i].Node, reflect.ValueOf(inner))
		case t.Form == access.Optional && v.IsNil():
			return access.Value{}, nil
		case t.Form == access.Optional:
			t, v = t.Elem, v.Elem()
		}
		if i == len(way)-1 {
			return scalar(t.Node, v)
		}
		at = v
	}
	return access.Value{}, nil
}

// scalar returns v, which is of type n, as a Value.
func scalar(n *schemas.Node, v reflect.Value) (access.Value, error) {
	val := access.Value{Node: n}
	switch {
	case !v.IsValid():
		return access.Value{}, nil
	case v.Kind() == reflect.Bool:
		if v.Bool() {
			val.Num = 1
		}
	case v.CanInt():
		val.Num = uint64(v.Int())
	case v.Kind() == reflect.Float32:
		val.Num = uint64(math.Float32bits(float32(v.Float())))
	case v.Kind() == reflect.Float64:
		val.Num = math.Float64bits(v.Float())
	case v.Kind() == reflect.String:
		val.Text = v.String()
	case v.Kind() == reflect.Slice && isBytes(v.Type()):
		return access.TextValue(n, v.Bytes()), nil
	case v.Kind() == reflect.Array && isBytes(v.Type()):
		b := make([]byte, v.Len())
		reflect.Copy(reflect.ValueOf(b), v)
		return access.TextValue(n, b), nil
	default:
		return access.Value{}, fmt.Errorf("a %s has no single value", n.BranchName())
	}
	return val, nil
}

// zero makes the native record that v points to zero, which must be a t.
func zero(v any, t reflect.Type) error {
	p := reflect.ValueOf(v)
	if p.Kind() != reflect.Pointer || p.Type().Elem() != t || p.IsNil() {
		return wrongType(v, t)
	}
	p.Elem().SetZero()
	return nil
}
