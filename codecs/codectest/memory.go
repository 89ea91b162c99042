package codectest

import (
	"bytes"
	"errors"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas/access"
)

// memory: a decoded record survives its input, unless the format says that it aliases it; and an encoding survives what
// is encoded after it.
func (b *bound) memory(t reporter) {
	aliases := false
	b.each(t, func(v any, enc []byte) error {
		src := bytes.Clone(enc)
		n := codecs.NewRecord(b.codec, b.typ)
		if err := b.codec.Decode(src, n); err != nil {
			return err
		}
		if !bytes.Equal(src, enc) {
			return errors.New("the input is changed by Decode")
		}
		for i := range src {
			src[i] ^= 0x55
		}
		got, err := b.structOf(n)
		changed := err != nil || b.diff(v, got, b.format.Loses...) != nil
		if changed && !b.format.Aliases {
			return errors.New("the record changes with its input, but Format.Aliases is false")
		}
		aliases = aliases || changed
		return nil
	})
	if b.format.Aliases && !aliases && b.hasText() {
		t.Errorf("no record changes with its input, but Format.Aliases is true")
	}
	b.each(t, b.retains)
}

// hasText reports whether a record has a text long enough to be shared.
func (b *bound) hasText() bool {
	for _, v := range b.subject.records {
		text, _ := access.Marshal(b.typ, v)
		if len(text) > 200 {
			return true
		}
	}
	return false
}

// retains reports whether the codec keeps hold of what it appended to, or of a record.
func (b *bound) retains(v any, enc []byte) error {
	n, err := b.native(v)
	if err != nil {
		return err
	}
	first, err := b.codec.Append(nil, n)
	if err != nil {
		return err
	}
	kept := bytes.Clone(first)
	for _, other := range b.subject.records {
		on, err := b.native(other)
		if err != nil {
			return err
		}
		if _, err := b.codec.Append(nil, on); err != nil {
			return err
		}
	}
	if !bytes.Equal(first, kept) {
		return errors.New("an encoding changes with what is encoded after it")
	}
	for i := range first {
		first[i] = 0xff
	}
	again, err := b.codec.Append(nil, n)
	if err != nil {
		return err
	}
	return b.sameBytes(v, enc, again)
}

// usedRecords: nothing of what a record held before shows after Decode. One record takes all others in turn, up and
// down, after one that had each other in it alone.
func (b *bound) usedRecords(t reporter) {
	used := codecs.NewRecord(b.codec, b.typ)
	into := func(n any, i int) error {
		got, err := b.decode(b.encoded[i], n)
		if err != nil {
			return err
		}
		return b.diff(b.subject.records[i], got, b.format.Loses...)
	}
	for i := range b.encoded {
		for j := range min(len(b.encoded), 8) {
			n := codecs.NewRecord(b.codec, b.typ)
			if err := errors.Join(into(n, j), into(n, i)); err != nil {
				t.Fatalf("record %d into one that held record %d: %v", i, j, err)
			}
		}
		if err := into(used, i); err != nil {
			t.Fatalf("record %d into one that held the %d before it: %v", i, i, err)
		}
	}
	for i := len(b.encoded) - 1; i >= 0; i-- {
		if err := into(used, i); err != nil {
			t.Fatalf("record %d into one that held those behind it: %v", i, err)
		}
	}
}

// wrongRecords: what is no native record is an error.
func (b *bound) wrongRecords(t reporter) {
	if len(b.encoded) == 0 {
		return
	}
	for _, v := range []any{nil, new(int), struct{}{}, new(struct{ X int32 }), "record", new(any)} {
		if _, err := b.codec.Append(nil, v); err == nil {
			t.Errorf("Append of a %T: got no error", v)
		}
		if err := b.codec.Decode(b.encoded[0], v); err == nil {
			t.Errorf("Decode into a %T: got no error", v)
		}
	}
}

// allocations: formats of our own encode without any.
func (b *bound) allocations(t reporter) {
	if !b.format.Floor && !b.format.Flink || len(b.encoded) == 0 {
		return
	}
	var natives []any
	size := 0
	for i, v := range b.subject.records {
		n, err := b.native(v)
		if err != nil {
			t.Fatal(err)
		}
		natives, size = append(natives, n), max(size, len(b.encoded[i]))
	}
	buf := make([]byte, 0, size)
	allocs := testing.AllocsPerRun(10, func() {
		for _, n := range natives {
			if _, err := b.codec.Append(buf, n); err != nil {
				t.Fatal(err)
			}
		}
	})
	if allocs > 0 {
		t.Errorf("encoding %d records allocates %v times, want 0", len(natives), allocs)
	}
}
