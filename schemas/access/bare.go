package access

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"
)

// appendBare appends a value of whatever Go type a format's library chose: numbers as numbers, bytes and text that is no
// UTF-8 as text of one character a byte.
func appendBare(dst []byte, v reflect.Value) ([]byte, error) {
	switch v.Kind() {
	case reflect.Invalid:
		return append(dst, "null"...), nil
	case reflect.Interface, reflect.Pointer:
		return appendBare(dst, v.Elem())
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool()), nil
	case reflect.Float32, reflect.Float64:
		return appendFloat(dst, v.Float(), v.Type().Bits()), nil
	case reflect.String:
		if !utf8.ValidString(v.String()) {
			return appendLatin(dst, []byte(v.String())), nil
		}
		return appendString(dst, v.String())
	case reflect.Slice, reflect.Array:
		return appendBareList(dst, v)
	case reflect.Map:
		return appendBareMap(dst, v)
	}
	switch {
	case v.CanInt():
		return strconv.AppendInt(dst, v.Int(), 10), nil
	case v.CanUint():
		return strconv.AppendUint(dst, v.Uint(), 10), nil
	}
	return dst, fmt.Errorf("a %s has no JSON form", v.Type())
}

func appendBareList(dst []byte, v reflect.Value) ([]byte, error) {
	if v.Type().Elem().Kind() == reflect.Uint8 && v.Kind() == reflect.Slice {
		return appendLatin(dst, v.Bytes()), nil
	}
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendBare(dst, v.Index(i)); err != nil {
			return dst, at(fmt.Sprintf("[%d]", i), err)
		}
	}
	return append(dst, ']'), nil
}

// appendBareMap appends a map, whose keys may be in an any, in ascending order of keys.
func appendBareMap(dst []byte, v reflect.Value) ([]byte, error) {
	values := map[string]reflect.Value{}
	for key, value := range v.Seq2() {
		key = concrete(key)
		if key.Kind() != reflect.String {
			return dst, fmt.Errorf("a key of a map is a %s, not text", key.Type())
		}
		values[key.String()] = value
	}
	dst = append(dst, '{')
	for i, key := range slices.Sorted(maps.Keys(values)) {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendString(dst, key); err != nil {
			return dst, err
		}
		if dst, err = appendBare(append(dst, ':'), values[key]); err != nil {
			return dst, at(fmt.Sprintf("{%s}", key), err)
		}
	}
	return append(dst, '}'), nil
}
