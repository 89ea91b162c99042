package harness

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Subject is one schema with the records that are measured of it.
type Subject struct {
	Schema  *schemas.Schema
	Type    *access.Type
	Records []any // pointers to the schema's Go struct; a power of two of them
}

// refOf returns the address of record i.
func (s *Subject) refOf(i int) access.Ref {
	r, err := s.Type.Ref(s.Records[i])
	if err != nil {
		panic(err) // Records were made with Type
	}
	return r
}

// Fact returns what must be equal for results of two files about s to be comparable.
func (s *Subject) Fact(d measure.Data) (measure.SchemaFact, error) {
	sum, n := sha256.New(), int64(0)
	var buf []byte
	for i := range s.Records {
		var err error
		if buf, err = access.AppendAvro(buf[:0], s.Type, s.refOf(i)); err != nil {
			return measure.SchemaFact{}, fmt.Errorf("record %d: %w", i, err)
		}
		sum.Write(buf)
		n += int64(len(buf))
	}
	profile := "schema"
	if d.Profile != "" {
		profile = fmt.Sprintf("%x", sha256.Sum256([]byte(d.Profile)))
	}
	return measure.SchemaFact{Name: s.Schema.Name, Hash: s.Schema.Hash(), Data: hex.EncodeToString(sum.Sum(nil)),
		Records: len(s.Records), SetBytes: n, Profile: profile}, nil
}

// A Bound is a codec bound to a subject, with the native records and their encodings.
type Bound struct {
	Format  codecs.Format
	Subject *Subject
	Codec   codecs.Codec
	Natives []any
	Encoded [][]byte
	Set     int64 // bytes of all encodings

	buf  []byte // what encode appends to, as large as the largest of them
	used any    // what decode-reuse decodes into
}

// A refused error says that a codec cannot carry a schema or a value, which is no fault.
type refused struct{ err error }

func (r refused) Error() string { return r.err.Error() }
func (r refused) Unwrap() error { return r.err }

// Bind opens f for s, converts the records to native ones and encodes them.
func Bind(f codecs.Format, s *Subject) (*Bound, error) {
	codec, err := f.New(s.Schema)
	if err != nil {
		return nil, refused{err}
	}
	b := &Bound{Format: f, Subject: s, Codec: codec, Natives: make([]any, len(s.Records)), Encoded: make([][]byte, len(s.Records))}
	largest := 0
	for i := range s.Records {
		if err := b.encode(i); err != nil {
			return nil, refused{fmt.Errorf("record %d: %w", i, err)}
		}
		largest = max(largest, len(b.Encoded[i]))
	}
	b.buf, b.used = make([]byte, 0, largest), b.newRecord()
	return b, nil
}

func (b *Bound) encode(i int) error {
	b.Natives[i] = b.Subject.Records[i]
	if conv, ok := b.Codec.(codecs.Converter); ok {
		b.Natives[i] = conv.NewRecord()
		if err := conv.FromStruct(b.Natives[i], b.Subject.Records[i]); err != nil {
			return err
		}
	}
	enc, err := b.Codec.Append(nil, b.Natives[i])
	b.Encoded[i] = enc[:len(enc):len(enc)]
	b.Set += int64(len(enc))
	return err
}

// newRecord returns a new native record.
func (b *Bound) newRecord() any { return codecs.NewRecord(b.Codec, b.Subject.Type) }

// Prove decodes every record, into a fresh and into a used one, and compares it with what it was, modulo the format's
// losses. Decoding is not allowed to change the bytes.
func (b *Bound) Prove() error {
	used := b.newRecord()
	for i, src := range b.Encoded {
		before := bytes.Clone(src)
		for _, v := range []any{b.newRecord(), used} {
			if err := b.decodes(i, src, v); err != nil {
				return fmt.Errorf("record %d: %w", i, err)
			}
		}
		if !bytes.Equal(before, src) {
			return fmt.Errorf("record %d: decoding changes the bytes", i)
		}
	}
	return nil
}

func (b *Bound) decodes(i int, src []byte, v any) error {
	if err := b.Codec.Decode(src, v); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	got := v
	if conv, ok := b.Codec.(codecs.Converter); ok {
		got = b.Subject.Type.New()
		if err := conv.ToStruct(got, v); err != nil {
			return fmt.Errorf("convert: %w", err)
		}
	}
	r, err := b.Subject.Type.Ref(got)
	if err != nil {
		return err
	}
	return access.Diff(b.Subject.Type, b.Subject.refOf(i), r, b.Format.Loses...)
}
