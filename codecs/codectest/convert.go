package codectest

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// conversions: nothing of what a native record or a struct was shows after a conversion into it.
func (b *bound) conversions(t reporter) {
	if b.conv == nil {
		return
	}
	native, v := b.conv.NewRecord(), b.typ.New()
	b.each(t, func(want any, enc []byte) error {
		if err := b.conv.FromStruct(native, want); err != nil {
			return err
		}
		again, err := b.codec.Append(nil, native)
		if err != nil {
			return err
		}
		if err := b.sameBytes(want, enc, again); err != nil {
			return fmt.Errorf("FromStruct into a used record: %w", err)
		}
		if err := b.conv.ToStruct(v, native); err != nil {
			return err
		}
		if err := b.diff(want, v, b.format.Loses...); err != nil {
			return fmt.Errorf("ToStruct into a used struct: %w", err)
		}
		return nil
	})
	for _, wrong := range []any{nil, new(int), new(any)} {
		if b.conv.FromStruct(native, wrong) == nil || b.conv.ToStruct(wrong, native) == nil ||
			b.conv.FromStruct(wrong, v) == nil || b.conv.ToStruct(v, wrong) == nil {
			t.Errorf("a conversion from or to a %T: got no error", wrong)
		}
	}
}

// fields: a key read from a decoded native record is the one in the struct. It can be read where the struct's can.
func (b *bound) fields(t reporter) {
	if b.conv == nil {
		return
	}
	for _, path := range paths("", b.typ, 3) {
		get, err := access.Getter(b.typ, path)
		read, err2 := b.conv.Field(path)
		if (err == nil) != (err2 == nil) {
			t.Errorf("field %s: got error %v, want %v as of the struct", path, err2, err)
		}
		if err != nil || err2 != nil {
			continue
		}
		b.each(t, func(v any, enc []byte) error {
			native := codecs.NewRecord(b.codec, b.typ)
			if err := b.codec.Decode(enc, native); err != nil {
				return err
			}
			want, err := get(b.ref(v))
			got, err2 := read(native)
			if (err == nil) != (err2 == nil) {
				return fmt.Errorf("field %s: got error %v, want %v as of the struct", path, err2, err)
			}
			if err == nil && !b.sameValue(want, got) {
				return fmt.Errorf("field %s: got %+v, want %+v", path, got, want)
			}
			return nil
		})
	}
	if _, err := b.conv.Field("no.such.field"); err == nil {
		t.Errorf("field no.such.field: got no error")
	}
}

func (b *bound) sameValue(want, got access.Value) bool {
	if want.Node == nil || got.Node == nil {
		return want.Node == got.Node || len(b.format.Loses) > 0
	}
	return want.Node.Kind == got.Node.Kind && want.Node.Name == got.Node.Name && want.Node.Logical == got.Node.Logical &&
		want.Num == got.Num && want.Text == got.Text
}

// paths returns the paths of the fields of records below t, nested at most depth deep.
func paths(prefix string, t *access.Type, depth int) []string {
	if t.Form == access.Optional || t.Form == access.OptionalBox || t.Form == access.Box {
		t = t.Elem
	}
	if t.Kind != schemas.Record || depth == 0 {
		return nil
	}
	var list []string
	for _, f := range t.Fields {
		list = append(list, prefix+f.Name)
		list = append(list, paths(prefix+f.Name+".", f.Type, depth-1)...)
	}
	return list
}
