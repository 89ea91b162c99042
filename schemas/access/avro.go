package access

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/wirecost/wirecost/schemas"
)

// AppendAvro appends the canonical bytes of the value at r: Avro binary, arrays and maps in one block without size,
// maps in ascending order of key bytes, floats by their bits. Hashes of data use it; no codec does. It fails only for
// a union or enum that holds no value of its type.
func AppendAvro(dst []byte, t *Type, r Ref) ([]byte, error) {
	switch t.Kind {
	case schemas.Boolean:
		if r.Bool() {
			return append(dst, 1), nil
		}
		return append(dst, 0), nil
	case schemas.Int:
		return binary.AppendVarint(dst, int64(r.Int())), nil
	case schemas.Long:
		return binary.AppendVarint(dst, r.Long()), nil
	case schemas.Float:
		return binary.LittleEndian.AppendUint32(dst, math.Float32bits(r.Float())), nil
	case schemas.Double:
		return binary.LittleEndian.AppendUint64(dst, math.Float64bits(r.Double())), nil
	case schemas.String:
		return append(binary.AppendVarint(dst, int64(len(r.Text()))), r.Text()...), nil
	case schemas.Bytes:
		return append(binary.AppendVarint(dst, int64(len(r.Bytes()))), r.Bytes()...), nil
	case schemas.Fixed:
		return append(dst, r.Fixed(t.Node.Size)...), nil
	case schemas.Enum:
		i := slices.Index(t.Node.Symbols, r.Text())
		if i < 0 {
			return dst, fmt.Errorf("%q is no symbol of %s", r.Text(), t.Node.Name)
		}
		return binary.AppendVarint(dst, int64(i)), nil
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

func appendRecord(dst []byte, t *Type, r Ref) ([]byte, error) {
	if t.Form == Box {
		if r = t.Unbox(r); r.Nil() {
			return dst, fmt.Errorf("the place of a %s holds none", t.Node.Name)
		}
		t = t.Elem
	}
	var err error
	for _, f := range t.Fields {
		if dst, err = AppendAvro(dst, f.Type, r.At(f.Offset)); err != nil {
			return dst, fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return dst, nil
}

func appendUnion(dst []byte, t *Type, r Ref) ([]byte, error) {
	i, v := t.Branch(r)
	if i < 0 {
		return dst, fmt.Errorf("the union holds a %T, which is none of its branches", r.Any())
	}
	dst = binary.AppendVarint(dst, int64(i))
	return AppendAvro(dst, t.Branches[i], v)
}

func appendArray(dst []byte, t *Type, r Ref) ([]byte, error) {
	first, n := r.Slice()
	if n == 0 {
		return append(dst, 0), nil
	}
	dst = binary.AppendVarint(dst, int64(n))
	var err error
	for i := range n {
		if dst, err = AppendAvro(dst, t.Elem, first.At(uintptr(i)*t.Elem.Size)); err != nil {
			return dst, fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return append(dst, 0), nil
}

func appendMap(dst []byte, t *Type, r Ref) ([]byte, error) {
	var e Entries
	e.Load(t, r)
	if e.Len() == 0 {
		return append(dst, 0), nil
	}
	sort.Sort(&e)
	dst = binary.AppendVarint(dst, int64(e.Len()))
	var err error
	for i, key := range e.Keys {
		dst = append(binary.AppendVarint(dst, int64(len(key))), key...)
		if dst, err = AppendAvro(dst, t.Elem, e.Value(i)); err != nil {
			return dst, fmt.Errorf("{%s}: %w", key, err)
		}
	}
	return append(dst, 0), nil
}
