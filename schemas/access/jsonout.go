package access

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strconv"
	"unicode/utf8"

	"github.com/wirecost/wirecost/schemas"
)

// AppendJSON appends the value of type t at r in Avro's JSON encoding, as [ParseJSON] reads it: unions tagged, map
// entries in ascending order of key. A float or double is written as the shortest decimal that reads back as the same.
func AppendJSON(dst []byte, t *Type, r Ref) ([]byte, error) { return jsonOut{}.value(dst, t, r) }

// A jsonOut writes values in Avro's JSON encoding.
type jsonOut struct {
	bare bool // what an any holds that is no branch of its union is written without a tag
}

func (o jsonOut) value(dst []byte, t *Type, r Ref) ([]byte, error) {
	switch t.Kind {
	case schemas.Null:
		return append(dst, "null"...), nil
	case schemas.Boolean:
		return strconv.AppendBool(dst, r.Bool()), nil
	case schemas.Int:
		return strconv.AppendInt(dst, int64(r.Int()), 10), nil
	case schemas.Long:
		return strconv.AppendInt(dst, r.Long(), 10), nil
	case schemas.Float:
		return appendFloat(dst, float64(r.Float()), 32), nil
	case schemas.Double:
		return appendFloat(dst, r.Double(), 64), nil
	case schemas.String, schemas.Enum:
		return appendString(dst, r.Text())
	case schemas.Bytes:
		return appendLatin(dst, r.Bytes()), nil
	case schemas.Fixed:
		return appendLatin(dst, r.Fixed(t.Node.Size)), nil
	case schemas.Record:
		return o.record(dst, t, r)
	case schemas.Union:
		return o.union(dst, t, r)
	case schemas.Array:
		return o.array(dst, t, r)
	}
	return o.entries(dst, t, r)
}

// ScalarJSON returns a scalar as AppendJSON writes it, made of num and text as a [Value] has them. Text that is no UTF-8 is
// written as bytes are.
func ScalarJSON(kind schemas.Kind, num uint64, text string) string {
	var dst []byte
	switch kind {
	case schemas.Null:
		dst = append(dst, "null"...)
	case schemas.Boolean:
		dst = strconv.AppendBool(dst, num != 0)
	case schemas.Float:
		dst = appendFloat(dst, float64(math.Float32frombits(uint32(num))), 32)
	case schemas.Double:
		dst = appendFloat(dst, math.Float64frombits(num), 64)
	case schemas.Int, schemas.Long:
		dst = strconv.AppendInt(dst, int64(num), 10)
	default:
		var err error
		if dst, err = appendString(dst, text); err != nil || kind == schemas.Bytes || kind == schemas.Fixed {
			dst = appendLatin(nil, []byte(text))
		}
	}
	return string(dst)
}

func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case f != f:
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	case f == math.Trunc(f) && math.Abs(f) < 1e7:
		return strconv.AppendFloat(dst, f, 'f', 1, bits)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, bits)
}

// appendString appends s as encoding/json does, HTML characters as they are. Text that is no UTF-8 has no JSON form.
func appendString(dst []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return dst, fmt.Errorf("%q is not UTF-8", s)
	}
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c < ' ' || c == 0x7f:
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"'), nil
}

// appendLatin appends b as text of one character a byte.
func appendLatin(dst, b []byte) []byte {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	dst, _ = appendString(dst, string(runes))
	return dst
}

func (o jsonOut) record(dst []byte, t *Type, r Ref) ([]byte, error) {
	if t.Form == Box {
		if r = t.Unbox(r); r.Nil() {
			return dst, fmt.Errorf("the place of a %s holds none", t.Node.Name)
		}
		t = t.Elem
	}
	dst = append(dst, '{')
	for i, f := range t.Fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '"')
		dst = append(dst, f.Name...)
		dst = append(dst, '"', ':')
		var err error
		if dst, err = o.value(dst, f.Type, r.At(f.Offset)); err != nil {
			return dst, at(f.Name, err)
		}
	}
	return append(dst, '}'), nil
}

func (o jsonOut) union(dst []byte, t *Type, r Ref) ([]byte, error) {
	i, v := t.Branch(r)
	switch {
	case i < 0 && o.bare:
		return appendBare(dst, reflect.ValueOf(r.Any()))
	case i < 0:
		return dst, fmt.Errorf("the union holds a %T, which is none of its branches", r.Any())
	case i == t.Null:
		return append(dst, "null"...), nil
	}
	dst = append(dst, '{', '"')
	dst = append(dst, t.Node.Branches[i].BranchName()...)
	dst, err := o.value(append(dst, '"', ':'), t.Branches[i], v)
	return append(dst, '}'), err
}

func (o jsonOut) array(dst []byte, t *Type, r Ref) ([]byte, error) {
	first, n := r.Slice()
	dst = append(dst, '[')
	for i := range n {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = o.value(dst, t.Elem, first.At(uintptr(i)*t.Elem.Size)); err != nil {
			return dst, at(fmt.Sprintf("[%d]", i), err)
		}
	}
	return append(dst, ']'), nil
}

func (o jsonOut) entries(dst []byte, t *Type, r Ref) ([]byte, error) {
	var e Entries
	e.Load(t, r)
	sort.Sort(&e)
	dst = append(dst, '{')
	for i, key := range e.Keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendString(dst, key); err != nil {
			return dst, err
		}
		if dst, err = o.value(append(dst, ':'), t.Elem, e.Value(i)); err != nil {
			return dst, at(fmt.Sprintf("{%s}", key), err)
		}
	}
	return append(dst, '}'), nil
}

// Unmarshal is [ParseJSON] into the record that v points to.
func Unmarshal(t *Type, text []byte, v any) error {
	r, err := t.Ref(v)
	if err != nil {
		return err
	}
	return ParseJSON(t, text, r)
}

// Marshal returns the record that v points to as [AppendJSON] writes it.
func Marshal(t *Type, v any) (json.RawMessage, error) {
	r, err := t.Ref(v)
	if err != nil {
		return nil, err
	}
	return AppendJSON(nil, t, r)
}

// MarshalBare is Marshal of a record that a format has read which loses the branches of unions: a value that is no longer
// of a branch's type, such as a uint64 where an int was, is written without a tag.
func MarshalBare(t *Type, v any) (json.RawMessage, error) {
	r, err := t.Ref(v)
	if err != nil {
		return nil, err
	}
	return jsonOut{bare: true}.value(nil, t, r)
}
