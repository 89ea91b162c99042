package codectest

import (
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A subject is a schema with records to try a format on.
type subject struct {
	schema  *schemas.Schema
	records []any // pointers to the schema's struct
}

// A bound is a format bound to a subject.
type bound struct {
	format  codecs.Format
	subject subject
	typ     *access.Type
	codec   codecs.Codec
	conv    codecs.Converter // nil if the codec takes the struct as it is
	pipe    *codecs.Pipe     // of codec
	encoded [][]byte         // of each record
}

// bind opens f for s and encodes its records, and returns nil if f does not carry the schema. Records that f refuses
// are left out.
func bind(t reporter, f codecs.Format, s subject) *bound {
	t.Helper()
	typ, err := access.Of(s.schema)
	if errors.Is(err, schemas.ErrUnsupported) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	codec, err := f.New(s.schema)
	if errors.Is(err, schemas.ErrUnsupported) {
		return nil
	}
	if err != nil {
		t.Fatalf("%s: New: %v", s.schema.Name, err)
	}
	b := &bound{format: f, typ: typ, codec: codec, pipe: codecs.NewPipe(codec, typ), subject: subject{schema: s.schema}}
	b.conv, _ = codec.(codecs.Converter)
	for _, v := range s.records {
		enc, err := b.encode(v)
		if err != nil {
			t.Logf("%s: %s refuses a record: %.200v", s.schema.Name, f.Name, err)
			continue
		}
		b.subject.records = append(b.subject.records, v)
		b.encoded = append(b.encoded, enc)
	}
	if s.schema.Static && len(b.encoded) < len(s.records) {
		t.Errorf("%s: %s refuses %d of %d records", s.schema.Name, f.Name, len(s.records)-len(b.encoded), len(s.records))
	}
	return b
}

// native returns the native record of the struct v, which may be v itself.
func (b *bound) native(v any) (any, error) {
	n, err := b.pipe.Native(v)
	if err != nil {
		return nil, fmt.Errorf("FromStruct: %w", err)
	}
	return n, nil
}

// structOf returns the struct that native record n says, which may be n itself.
func (b *bound) structOf(n any) (any, error) {
	v, err := b.pipe.Struct(n)
	if err != nil {
		return nil, fmt.Errorf("ToStruct: %w", err)
	}
	return v, nil
}

// encode returns the encoding of the struct v, in memory of its own.
func (b *bound) encode(v any) ([]byte, error) {
	n, err := b.native(v)
	if err != nil {
		return nil, err
	}
	return b.codec.Append(nil, n)
}

// decode reads src into native record n and returns it as a struct. An error of the conversion counts as the codec's:
// a format may leave looking at the bytes to it.
func (b *bound) decode(src []byte, n any) (any, error) {
	if err := b.codec.Decode(src, n); err != nil {
		return nil, err
	}
	return b.structOf(n)
}

// fresh reads src into a new record.
func (b *bound) fresh(src []byte) (any, error) {
	return b.decode(src, codecs.NewRecord(b.codec, b.typ))
}

// diff says how the struct got differs from want, but for losses.
func (b *bound) diff(want, got any, losses ...codecs.Loss) error {
	return access.Diff(b.typ, b.ref(want), b.ref(got), losses...)
}

func (b *bound) ref(v any) access.Ref {
	r, err := b.typ.Ref(v)
	if err != nil {
		panic(err)
	}
	return r
}

// each calls check for every record; an error of it fails the test.
func (b *bound) each(t reporter, check func(v any, enc []byte) error) {
	t.Helper()
	for i, v := range b.subject.records {
		if err := check(v, b.encoded[i]); err != nil {
			text, _ := access.Marshal(b.typ, v)
			t.Errorf("record %d: %v\nrecord  %.2000s\nencoded %.2000x", i, err, text, b.encoded[i])
			return
		}
	}
}
