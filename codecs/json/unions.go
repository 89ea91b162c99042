package json

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// unions are the general unions in records of a type. What comes back there is an any whose numbers are float64, in which a
// long beyond 2^53 would lose its last digits.
type unions struct {
	typ *access.Type
	in  *places
}

// places are where unions are in values of a type.
type places struct{ list []place }

// A place is that of a union, or of what has some inside.
type place struct {
	offset uintptr
	typ    *access.Type
	inside *places // of what a pointer points to, an array's elements or a map's values; nil for a union
}

// unionsOf returns the unions in records of s, which are of type t, nil if none of them may hold a long.
func unionsOf(s *schemas.Schema, t *access.Type) *unions {
	if codecs.InUnion(s, schemas.Long) == "" {
		return nil
	}
	f := finder{}
	in := f.find(t)
	for _, found := range f {
		found.list = slices.DeleteFunc(found.list, func(p place) bool { return !p.hasUnion(map[*places]bool{}) })
	}
	return &unions{t, in}
}

// A finder holds what it found in the types it has met: a record may be inside itself.
type finder map[*access.Type]*places

func (f finder) find(t *access.Type) *places {
	if in := f[t]; in != nil {
		return in
	}
	in := &places{}
	f[t] = in
	f.add(in, 0, t)
	return in
}

func (f finder) add(in *places, offset uintptr, t *access.Type) {
	switch {
	case t.Form == access.Dynamic:
		in.list = append(in.list, place{offset, t, nil})
	case t.Form == access.Plain && t.Kind == schemas.Record:
		for _, field := range t.Fields {
			f.add(in, offset+field.Offset, field.Type)
		}
	case t.Elem != nil:
		in.list = append(in.list, place{offset, t, f.find(t.Elem)})
	}
}

func (p place) hasUnion(seen map[*places]bool) bool {
	if p.inside == nil {
		return true
	}
	if seen[p.inside] {
		return false
	}
	seen[p.inside] = true
	return slices.ContainsFunc(p.inside.list, func(p place) bool { return p.hasUnion(seen) })
}

// each calls f for what every union in the value at r holds, and puts there what f gives for it, if it gives something. It
// reports whether f did.
func (in *places) each(r access.Ref, f func(any) (any, bool)) (changed bool) {
	for i := range in.list {
		p := &in.list[i]
		changed = p.each(r.At(p.offset), f) || changed
	}
	return changed
}

func (p *place) each(r access.Ref, f func(any) (any, bool)) (changed bool) {
	switch {
	case p.inside == nil:
		x, changed := f(r.Any())
		if changed {
			r.SetAny(x)
		}
		return changed
	case p.typ.Kind == schemas.Map:
		return p.entries(r, f)
	case p.typ.Kind != schemas.Array: // null, or a pointer
		if r = r.Deref(); r.Nil() {
			return false
		}
		return p.inside.each(r, f)
	}
	first, n := r.Slice()
	for i := range n {
		changed = p.inside.each(first.At(uintptr(i)*p.typ.Elem.Size), f) || changed
	}
	return changed
}

// entries is each for a map. One of unions is no other than those that are in unions.
func (p *place) entries(r access.Ref, f func(any) (any, bool)) (changed bool) {
	if m, ok := p.typ.Value(r).Interface().(map[string]any); ok {
		for key, x := range m {
			if x, now := f(x); now {
				m[key], changed = x, true
			}
		}
		return changed
	}
	var e access.Entries
	e.Load(p.typ, r)
	for i, key := range e.Keys {
		if p.inside.each(e.Value(i), f) {
			p.typ.Put(r, key, e.Value(i))
			changed = true
		}
	}
	return changed
}

// wide reports whether a union in record v has a number that may have been a long beyond 2^53, and then another one.
func (u *unions) wide(v any) (wide bool, err error) {
	r, err := u.typ.Ref(v)
	if err != nil {
		return false, err
	}
	u.in.each(r, func(x any) (any, bool) {
		wide = wide || isWide(x)
		return nil, false
	})
	return wide, nil
}

// wideDigits is how many digits 2^53 has.
const wideDigits = 16

// longNumber reports whether text has as many digits in a row, no fraction: only then can there be a wide number. It looks
// at words of eight bytes, of which one would be among them: a look at single ones is foreseen badly and was 3 % of a decode.
func longNumber(text []byte) bool {
	for i := 0; i+8 <= len(text); i += 8 {
		if binary.NativeEndian.Uint64(text[i:])&0xf0f0f0f0f0f0f0f0 != 0x3030303030303030 { // not all are '0' to '?'
			continue
		}
		begin, end := i, i
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		for begin > 0 && isDigit(text[begin-1]) {
			begin--
		}
		if end-begin >= wideDigits && (begin == 0 || text[begin-1] != '.') {
			return true
		}
		i = end &^ 7 // a fraction of a million digits is looked at once
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isWide(x any) bool {
	switch x := x.(type) {
	case float64:
		return x >= 1<<53 || x <= -1<<53
	case []any:
		return slices.ContainsFunc(x, isWide)
	case map[string]any:
		for _, v := range x {
			if isWide(v) {
				return true
			}
		}
	}
	return false
}

// numbers makes of each json.Number in the unions of record v what encoding/json makes of a number, a float64, but of a wide
// one that is a long an int64.
func (u *unions) numbers(v any) error {
	r, err := u.typ.Ref(v)
	if err != nil {
		return err
	}
	u.in.each(r, func(x any) (any, bool) {
		x, failed := number(x)
		err = cmp.Or(err, failed)
		return x, true
	})
	return err
}

func number(x any) (_ any, err error) {
	switch x := x.(type) {
	case json.Number:
		f, err := x.Float64()
		if n, no := x.Int64(); no == nil && isWide(f) {
			return n, nil
		}
		return f, err
	case []any:
		for i := range x {
			if x[i], err = number(x[i]); err != nil {
				return x, err
			}
		}
	case map[string]any:
		for key, v := range x {
			if x[key], err = number(v); err != nil {
				return x, err
			}
		}
	}
	return x, nil
}
