package codectest

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// roundTrips: a record comes back, but for the losses that the format states.
func (b *bound) roundTrips(t reporter) {
	b.each(t, func(v any, enc []byte) error {
		got, err := b.fresh(enc)
		if err != nil {
			return err
		}
		return b.diff(v, got, b.format.Loses...)
	})
}

// lost notes which of the format's losses some record shows.
func (b *bound) lost(seen map[codecs.Loss]bool) {
	for i, v := range b.subject.records {
		got, err := b.fresh(b.encoded[i])
		if err != nil {
			continue
		}
		for _, l := range b.format.Loses {
			seen[l] = seen[l] || b.diff(v, got, without(b.format.Loses, l)...) != nil
		}
	}
}

func without(list []codecs.Loss, l codecs.Loss) []codecs.Loss {
	var rest []codecs.Loss
	for _, x := range list {
		if x != l {
			rest = append(rest, x)
		}
	}
	return rest
}

// deterministic: a record has the same bytes each time, from a second codec too. A Go map has no order, so with two
// entries or more the bytes must have the same length and mean the same.
func (b *bound) deterministic(t reporter) {
	other := bind(t, b.format, b.subject)
	b.each(t, func(v any, enc []byte) error {
		for _, by := range []*bound{b, other} {
			again, err := by.encode(v)
			if err != nil {
				return err
			}
			if err := b.sameBytes(v, enc, again); err != nil {
				return err
			}
		}
		return nil
	})
}

// shuffles reports whether records with a map of several entries have other bytes another time. Two entries stand in the
// same order 40 times by chance once in 2^39.
func (b *bound) shuffles(t reporter) bool {
	for i, v := range b.subject.records {
		if !unordered(b.typ, b.ref(v)) {
			continue
		}
		for range 40 {
			again, err := b.encode(v)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(again, b.encoded[i]) {
				return true
			}
		}
	}
	return false
}

func (b *bound) sameBytes(v any, enc, again []byte) error {
	if bytes.Equal(enc, again) {
		return nil
	}
	if !unordered(b.typ, b.ref(v)) {
		return fmt.Errorf("the second encoding is %x", again)
	}
	if len(again) != len(enc) {
		return fmt.Errorf("the second encoding has %d bytes, the first %d", len(again), len(enc))
	}
	got, err := b.fresh(again)
	if err != nil {
		return err
	}
	return b.diff(v, got, b.format.Loses...)
}

// sentOn: a record that was decoded takes as many bytes as it came in, and means the same: what one exchange carries the
// next one does.
func (b *bound) sentOn(t reporter) {
	b.each(t, func(v any, enc []byte) error {
		n := codecs.NewRecord(b.codec, b.typ)
		if err := b.codec.Decode(enc, n); err != nil {
			return err
		}
		again, err := b.codec.Append(nil, n)
		if err != nil {
			return fmt.Errorf("what was decoded cannot be sent on: %w", err)
		}
		if len(again) != len(enc) {
			return fmt.Errorf("what came as %d bytes is sent on as %d: %x", len(enc), len(again), again)
		}
		return b.reads(v, again)
	})
}

// unordered reports whether a map below the value of type t at r has two entries or more.
func unordered(t *access.Type, r access.Ref) bool {
	switch {
	case t.Form == access.Box:
		return unordered(t.Elem, t.Unbox(r))
	case t.Kind == schemas.Union:
		i, v := t.Branch(r)
		return i >= 0 && i != t.Null && unordered(t.Branches[i], v)
	case t.Kind == schemas.Array:
		first, n := r.Slice()
		for i := range n {
			if unordered(t.Elem, first.At(uintptr(i)*t.Elem.Size)) {
				return true
			}
		}
	case t.Kind == schemas.Map:
		var e access.Entries
		e.Load(t, r)
		return e.Len() > 1 || e.Len() == 1 && unordered(t.Elem, e.Value(0))
	}
	for _, f := range t.Fields {
		if unordered(f.Type, r.At(f.Offset)) {
			return true
		}
	}
	return false
}

// appends: Append puts the encoding behind what is there, in its room or in new memory.
func (b *bound) appends(t reporter) {
	head := []byte("what was there")
	b.each(t, func(v any, enc []byte) error {
		n, err := b.native(v)
		if err != nil {
			return err
		}
		for _, room := range []int{0, 1, len(enc), 2*len(enc) + 100} {
			dst := append(make([]byte, 0, len(head)+room), head...)
			out, err := b.codec.Append(dst, n)
			if err != nil {
				return err
			}
			if !bytes.HasPrefix(out, head) || !bytes.Equal(dst, head) {
				return fmt.Errorf("room for %d bytes: Append changed what it appends to to %q", room, out[:min(len(head), len(out))])
			}
			if err := b.sameBytes(v, enc, out[len(head):]); err != nil {
				return fmt.Errorf("room for %d bytes: %w", room, err)
			}
		}
		return nil
	})
}

// rest: bytes behind a record are an error.
func (b *bound) rest(t reporter) {
	b.each(t, func(v any, enc []byte) error {
		for _, rest := range []string{"\x00", "\x01", "\x02", "\x7f", "\x80", "\xff", "x", "\x00\x00\x00\x00"} {
			if _, err := b.fresh(append(bytes.Clone(enc), rest...)); err == nil {
				return fmt.Errorf("decodes without error with %q behind it", rest)
			}
		}
		return nil
	})
}

// truncated: no prefix of a record's bytes gives what they all give.
func (b *bound) truncated(t reporter) {
	h := b.newHostile(t)
	b.each(t, func(v any, enc []byte) error {
		if !h.chosen(enc) {
			return nil
		}
		whole, err := b.fresh(enc)
		if err != nil {
			return err
		}
		for n := range enc {
			h.try(enc[:n:n], func(got any) error {
				if !b.same(whole, got) {
					return nil
				}
				// Equal is not the same: a decimal of no bytes is zero, too.
				if again, err := b.encode(got); err == nil && len(again) != len(enc) {
					return nil
				}
				return errors.New("the record came back from a part of its bytes")
			})
		}
		return h.flush()
	})
}

// same reports whether two decoded structs are the same. An any that holds none of its branches, as formats that lose
// them leave it, is compared by what is in it.
func (b *bound) same(x, y any) bool { return b.diff(x, y) == nil || reflect.DeepEqual(x, y) }
