package keygroup

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Field reads one scalar of a record.
type Field func(record any) (access.Value, error)

// A Key is one path of a key: how to hash what stands there.
type Key struct {
	Path string
	hash hashFunc
}

// Hash returns the Java hashCode of what stands at the key's path.
func (k *Key) Hash(v access.Value) (int32, error) {
	if v.Node == nil {
		return 0, fmt.Errorf("key %s: null %w", k.Path, ErrKey)
	}
	h, err := k.hash(v)
	if err != nil {
		return 0, fmt.Errorf("key %s: %w", k.Path, err)
	}
	return h, nil
}

// Keys checks the paths of a key of records of type t: each must end in a scalar that can be a key. A path hashes as its
// Java type; several hash as a TupleN. A path may be several [access.Alternatives], which are then of one type.
func Keys(t *access.Type, paths []string) ([]Key, error) {
	if len(paths) == 0 {
		return nil, errors.New("a key needs a path")
	}
	keys := make([]Key, len(paths))
	for i, path := range paths {
		var first access.Field
		for j, one := range access.Alternatives(path) {
			if one == "" && one != path {
				return nil, fmt.Errorf("key %s: an alternative is empty", path)
			}
			end, way, err := t.Find(one)
			if err != nil {
				return nil, err
			}
			last := way[len(way)-1]
			h, err := hashOf(end.Node, last.Schema.JavaClass)
			if err != nil {
				return nil, fmt.Errorf("field %s: %w", one, err)
			}
			if j == 0 {
				first, keys[i] = last, Key{path, h}
			} else if a, b := typeOf(first), typeOf(last); a != b {
				return nil, fmt.Errorf("key %s: %s is %s and %s %s: alternatives are of one type", path, access.Alternatives(path)[0], a, one, b)
			}
		}
	}
	return keys, nil
}

// typeOf says of which type the values of f are that are not null: two fields of one type have one Java type.
func typeOf(f access.Field) string {
	n := f.Schema.Type
	if b, ok := n.Nullable(); ok {
		n = b
	}
	name := n.BranchName()
	for _, more := range []string{n.Logical.String(), cmp.Or(f.Schema.JavaClass, n.JavaClass)} {
		if more != "" {
			name += " (" + more + ")"
		}
	}
	if n.Logical == schemas.Decimal {
		name += fmt.Sprintf(" of scale %d", n.Scale)
	}
	return name
}

// First reads the first of several fields that is not null.
func First(fields ...Field) Field {
	if len(fields) == 1 {
		return fields[0]
	}
	return func(record any) (v access.Value, err error) {
		for _, field := range fields {
			if v, err = field(record); v.Node != nil || err != nil {
				break
			}
		}
		return v, err
	}
}

// Hasher returns the hashCode of a record's key, of which field i reads path i. Errors name the path.
func Hasher(keys []Key, fields []Field) func(record any) (int32, error) {
	if len(keys) == 1 {
		key, field := keys[0], fields[0]
		return func(record any) (int32, error) {
			v, err := field(record)
			if err != nil {
				return 0, err
			}
			return key.Hash(v)
		}
	}
	hashes := make([]int32, len(keys))
	return func(record any) (int32, error) {
		for i := range keys {
			v, err := fields[i](record)
			if err != nil {
				return 0, err
			}
			if hashes[i], err = keys[i].Hash(v); err != nil {
				return 0, err
			}
		}
		return Tuple(hashes...), nil
	}
}

// StructHasher is a Hasher of the schema's struct. A key that is one plain field of a common type takes a shorter way.
func StructHasher(t *access.Type, paths []string) (func(record any) (int32, error), error) {
	keys, err := Keys(t, paths)
	if err != nil {
		return nil, err
	}
	if h := plain(t, paths); h != nil {
		return h, nil
	}
	fields := make([]Field, len(paths))
	for i, path := range paths {
		get, err := access.Getter(t, path)
		if err != nil {
			return nil, err
		}
		fields[i] = func(record any) (access.Value, error) {
			r, err := t.Ref(record)
			if err != nil {
				return access.Value{}, err
			}
			return get(r)
		}
	}
	return Hasher(keys, fields), nil
}

// plain returns the hash of a key that is one int, long or string of the root record, nil of any other.
func plain(t *access.Type, paths []string) func(record any) (int32, error) {
	end, way, err := t.Find(paths[0])
	if err != nil || len(paths) != 1 || len(way) != 1 || end.Node.Logical != schemas.NoLogical {
		return nil
	}
	off := way[0].Offset
	var hash func(access.Ref) int32
	switch end.Kind {
	case schemas.Int:
		hash = func(r access.Ref) int32 { return r.At(off).Int() }
	case schemas.Long:
		hash = func(r access.Ref) int32 { return Long(r.At(off).Long()) }
	case schemas.String:
		hash = func(r access.Ref) int32 { return javatype.Hash(r.At(off).Text()) }
	default:
		return nil
	}
	return func(record any) (int32, error) {
		r, err := t.Ref(record)
		if err != nil {
			return 0, err
		}
		return hash(r), nil
	}
}
