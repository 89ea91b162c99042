package memcpy

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

var order = binary.LittleEndian

// appendValue appends the image of the value of type t at r.
func appendValue(dst []byte, t *access.Type, r access.Ref) ([]byte, error) {
	switch t.Kind {
	case schemas.Boolean:
		if r.Bool() {
			return append(dst, 1), nil
		}
		return append(dst, 0), nil
	case schemas.Int:
		return order.AppendUint32(dst, uint32(r.Int())), nil
	case schemas.Long:
		return order.AppendUint64(dst, uint64(r.Long())), nil
	case schemas.Float:
		return order.AppendUint32(dst, math.Float32bits(r.Float())), nil
	case schemas.Double:
		return order.AppendUint64(dst, math.Float64bits(r.Double())), nil
	case schemas.String:
		return appendText(dst, r.Text())
	case schemas.Bytes:
		return appendText(dst, r.Bytes())
	case schemas.Fixed:
		return append(dst, r.Fixed(t.Node.Size)...), nil
	case schemas.Enum:
		i := slices.Index(t.Node.Symbols, r.Text())
		if i < 0 {
			return dst, fmt.Errorf("%q is no symbol of %s", r.Text(), t.Node.Name)
		}
		return order.AppendUint32(dst, uint32(i)), nil
	case schemas.Record:
		return appendRecord(dst, t, r)
	case schemas.Union:
		return appendUnion(dst, t, r)
	case schemas.Array:
		return appendArray(dst, t, r)
	case schemas.Map:
		return appendMap(dst, t, r)
	}
	return dst, nil // null
}

// appendCount appends a length or count.
func appendCount(dst []byte, n int) ([]byte, error) {
	if uint64(n) > math.MaxUint32 {
		return dst, fmt.Errorf("a length of %d does not fit into 32 bits", n)
	}
	return order.AppendUint32(dst, uint32(n)), nil
}

func appendText[T string | []byte](dst []byte, s T) ([]byte, error) {
	dst, err := appendCount(dst, len(s))
	return append(dst, s...), err
}

func appendRecord(dst []byte, t *access.Type, r access.Ref) ([]byte, error) {
	if t.Form == access.Box {
		if r = t.Unbox(r); r.Nil() {
			return dst, fmt.Errorf("the place of a %s holds none", t.Node.Name)
		}
		t = t.Elem
	}
	var err error
	for _, f := range t.Fields {
		if dst, err = appendValue(dst, f.Type, r.At(f.Offset)); err != nil {
			return dst, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return dst, nil
}

// wide reports whether the index of a branch of union t does not fit into a byte.
func wide(t *access.Type) bool { return len(t.Branches) > 256 }

func appendUnion(dst []byte, t *access.Type, r access.Ref) ([]byte, error) {
	i, v := t.Branch(r)
	if i < 0 {
		return dst, fmt.Errorf("the union holds a %T, which is none of its branches", r.Any())
	}
	if wide(t) {
		dst = order.AppendUint32(dst, uint32(i))
	} else {
		dst = append(dst, byte(i))
	}
	return appendValue(dst, t.Branches[i], v)
}

func appendArray(dst []byte, t *access.Type, r access.Ref) ([]byte, error) {
	first, n := r.Slice()
	dst, err := appendCount(dst, n)
	for i := 0; i < n && err == nil; i++ {
		if dst, err = appendValue(dst, t.Elem, first.At(uintptr(i)*t.Elem.Size)); err != nil {
			err = fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return dst, err
}

func appendMap(dst []byte, t *access.Type, r access.Ref) ([]byte, error) {
	var e access.Entries
	e.Load(t, r)
	sort.Sort(&e)
	dst, err := appendCount(dst, e.Len())
	for i := 0; i < e.Len() && err == nil; i++ {
		if dst, err = appendText(dst, e.Keys[i]); err != nil {
			break
		}
		if dst, err = appendValue(dst, t.Elem, e.Value(i)); err != nil {
			err = fmt.Errorf("{%s}: %w", e.Keys[i], err)
		}
	}
	return dst, err
}
