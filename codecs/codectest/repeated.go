package codectest

import (
	"bytes"
	"reflect"
	"slices"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const (
	longInput   = 16 << 10 // bytes that repeated makes of a part; what is a list's part, and makes it anew, takes 60 MB
	longestPart = 6        // bytes of it: a field's number, a length and an element
	mostLong    = 200      // inputs that repeated makes of a schema's records
)

// repeated: a part of a record over and over stays within the bound on what a decode may allocate, which grows with the
// input and not with its square. The record has one element in every list.
func (b *bound) repeated(t reporter) {
	enc := b.shrunk()
	if enc == nil {
		return
	}
	h := b.newHostile(t)
	left := mostLong
	for n := 1; n <= longestPart; n++ {
		for i := 0; i+n <= len(enc) && left > 0; i, left = i+1, left-1 {
			h.try(slices.Concat(enc[:i], bytes.Repeat(enc[i:i+n], longInput/n), enc[i+n:]), func(any) error { return nil })
		}
	}
	if err := h.flush(); err != nil {
		t.Errorf("a part over and over: %v", err)
	}
}

// shrunk returns the encoding of a record whose lists and maps have one element and whose texts are short, nil if there
// is none.
func (b *bound) shrunk() []byte {
	for _, v := range b.subject.records {
		text, err := access.Marshal(b.typ, v)
		if err != nil {
			return nil
		}
		small := b.typ.New()
		if err := access.Unmarshal(b.typ, text, small); err != nil {
			return nil
		}
		shrink(b.typ, b.ref(small))
		if enc, err := b.encode(small); err == nil {
			return enc
		}
	}
	return nil
}

// shrink leaves one element of each list below the value of type t at r, and one byte of each text.
func shrink(t *access.Type, r access.Ref) {
	switch t.Kind {
	case schemas.String:
		r.SetText(r.Text()[:min(len(r.Text()), 1)])
	case schemas.Bytes:
		r.SetBytes(r.Bytes()[:min(len(r.Bytes()), 1)])
	case schemas.Array:
		v := t.Value(r)
		v.SetLen(min(v.Len(), 1))
		if first, n := r.Slice(); n > 0 {
			shrink(t.Elem, first)
		}
	case schemas.Map:
		v := t.Value(r)
		for _, key := range v.MapKeys()[min(v.Len(), 1):] {
			v.SetMapIndex(key, reflect.Value{})
		}
	case schemas.Union:
		if i, v := t.Branch(r); i >= 0 && i != t.Null {
			shrink(t.Branches[i], v)
		}
	case schemas.Record:
		r = t.Unbox(r)
		if t.Form == access.Box {
			t = t.Elem
		}
		for _, f := range t.Fields {
			shrink(f.Type, r.At(f.Offset))
		}
	}
}
