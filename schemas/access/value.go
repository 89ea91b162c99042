package access

import (
	"fmt"
	"math"
	"strings"

	"github.com/wirecost/wirecost/schemas"
)

// A Value is one scalar of a record: what a key is made of.
type Value struct {
	Node *schemas.Node // its type, not null; the zero Value, with a nil Node, is null
	Num  uint64        // of a boolean 0 or 1, int and long the value, float and double the bits
	Text string        // of a string or enum, and the bytes of bytes and fixed; it may share the record's memory
}

// valueAt reads the value of type t at r, which may be a union.
func valueAt(t *Type, r Ref) (Value, error) {
	v := Value{Node: t.Node}
	switch t.Kind {
	case schemas.Union:
		i, b := t.Branch(r)
		switch {
		case i == t.Null:
			return Value{}, nil
		case i < 0:
			return Value{}, fmt.Errorf("the union holds a %T", r.Any())
		}
		return valueAt(t.Branches[i], b)
	case schemas.Null:
		return Value{}, nil
	case schemas.Boolean:
		if r.Bool() {
			v.Num = 1
		}
	case schemas.Int:
		v.Num = uint64(int64(r.Int()))
	case schemas.Long:
		v.Num = uint64(r.Long())
	case schemas.Float:
		v.Num = uint64(math.Float32bits(r.Float()))
	case schemas.Double:
		v.Num = math.Float64bits(r.Double())
	case schemas.String, schemas.Enum:
		v.Text = r.Text()
	case schemas.Bytes:
		v.Text = bytesAsString(r.Bytes())
	case schemas.Fixed:
		v.Text = bytesAsString(r.Fixed(t.Node.Size))
	default:
		return v, fmt.Errorf("%s has no single value", t.Node.BranchName())
	}
	return v, nil
}

// Alternatives returns the paths in one such as "after.id|before.id", whose value is that at the first of them that is not
// null: what a record of a change of data has as its key.
func Alternatives(path string) []string { return strings.Split(path, "|") }

// Getter returns a function that reads the scalar at a path of record fields, such as "metric.name", or at the first of
// several [Alternatives] that is not null. A record on the way that is null makes the value null. A path that does not
// exist, or ends in a record, array or map, is an error.
func Getter(t *Type, path string) (func(Ref) (Value, error), error) {
	var gets []func(Ref) (Value, error)
	for _, one := range Alternatives(path) {
		get, err := getter(t, one)
		if err != nil {
			return nil, err
		}
		gets = append(gets, get)
	}
	if len(gets) == 1 {
		return gets[0], nil
	}
	return func(r Ref) (v Value, err error) {
		for _, get := range gets {
			if v, err = get(r); v.Node != nil || err != nil {
				break
			}
		}
		return v, err
	}, nil
}

func getter(t *Type, path string) (func(Ref) (Value, error), error) {
	end, way, err := t.Find(path)
	if err != nil {
		return nil, err
	}
	if inner := end.Elem; end.Form == Optional || end.Form == OptionalBox {
		end = inner
	}
	if !end.Kind.Scalar() && end.Kind != schemas.Union {
		return nil, fmt.Errorf("field %s is %s and has no single value", path, end.Kind.Noun())
	}
	return func(r Ref) (Value, error) {
		for i, f := range way {
			r = r.At(f.Offset)
			if i == len(way)-1 {
				break
			}
			if r = f.Type.follow(r); r.Nil() {
				return Value{}, nil
			}
		}
		return valueAt(way[len(way)-1].Type, r)
	}, nil
}

// follow returns the record at r, Nil if it is null.
func (t *Type) follow(r Ref) Ref {
	switch t.Form {
	case Optional:
		return r.Deref()
	case OptionalBox, Box:
		return unbox(t.Elem, r)
	}
	return r
}
