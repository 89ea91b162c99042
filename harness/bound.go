package harness

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Bound is a codec bound to a subject, with the native records and their encodings.
type Bound struct {
	Format  codecs.Format
	Subject *Subject
	Codec   codecs.Codec
	Natives []any
	Encoded [][]byte
	Set     int64 // bytes of all encodings

	timed codecs.Codec // Codec, without the looks that records of others need: what is timed is the library
	buf   []byte       // what encode appends to
	used  any          // what decode-reuse decodes into
}

// Bind opens f for s, converts the records to native ones and encodes them. A format that cannot carry them is an error
// that is a measure.NotCarried.
func Bind(f codecs.Format, s *Subject) (*Bound, error) {
	if len(s.Records) == 0 {
		return nil, errors.New("no records")
	}
	codec, err := f.New(s.Schema)
	if err != nil {
		return nil, measure.NotCarried{Err: err}
	}
	b := &Bound{Format: f, Subject: s, Codec: codec, Natives: make([]any, len(s.Records)), Encoded: make([][]byte, len(s.Records))}
	largest := 0
	for i := range s.Records {
		if err := b.encode(i); err != nil {
			return nil, measure.NotCarried{Err: fmt.Errorf("record %d: %w", i, err)}
		}
		largest = max(largest, len(b.Encoded[i]))
	}
	b.timed, b.buf, b.used = codecs.Trusted(codec), make([]byte, 0, largest), b.newRecord()
	return b, b.growBuf()
}

// growBuf makes buf the one that a program is left with which keeps it: some libraries want room for more than they write.
func (b *Bound) growBuf() error {
	for i, v := range b.Natives {
		out, err := b.timed.Append(b.buf, v)
		if err != nil {
			return fmt.Errorf("record %d: encoded once, and not a second time: %w", i, err)
		}
		if cap(out) > cap(b.buf) {
			b.buf = out[:0]
		}
	}
	return nil
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
// losses; and so with the codec that is timed, which looks at less. Decoding is not allowed to change the bytes, and encoding
// again gives as many.
func (b *Bound) Prove() error {
	proved := []codecs.Codec{b.Codec}
	if _, ok := b.Codec.(codecs.Truster); ok {
		proved = append(proved, b.timed)
	}
	for _, c := range proved {
		used := b.newRecord()
		for i, src := range b.Encoded {
			if err := b.proves(c, i, src, used); err != nil {
				return fmt.Errorf("record %d: %w", i, err)
			}
		}
	}
	return nil
}

// proves decodes record i, which is src, with c.
func (b *Bound) proves(c codecs.Codec, i int, src []byte, used any) error {
	before := bytes.Clone(src)
	for _, v := range []any{b.newRecord(), used} {
		if err := b.decodes(c, i, src, v); err != nil {
			return err
		}
	}
	if !bytes.Equal(before, src) {
		return errors.New("decoding changes the bytes")
	}
	again, err := c.Append(b.buf[:0], b.Natives[i])
	if err == nil && len(again) != len(src) {
		err = fmt.Errorf("takes %d bytes, and took %d", len(again), len(src))
	}
	return err
}

func (b *Bound) decodes(c codecs.Codec, i int, src []byte, v any) error {
	if err := c.Decode(src, v); err != nil {
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
