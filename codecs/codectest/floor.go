package codectest

import (
	"bytes"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/streams"
)

// A Floor is a codec of one stream that was written by hand, for the one class and without a schema: what a codec that
// serves every schema is measured against. It writes and reads the same bytes, and checks what any decoder must.
type Floor struct {
	Stream string
	Format codecs.Format
	Encode func(dst []byte, v any) []byte
	Decode func(src []byte) (any, error)
}

// floorRing is how many records a floor is measured over, a power of two.
const floorRing = 1024

// A floorRun is a floor with records of its stream, and the codec beside it.
type floorRun struct {
	Floor
	codec   codecs.Codec
	typ     *access.Type
	records []any
	encoded [][]byte
}

func (f Floor) open(tb testing.TB) *floorRun {
	tb.Helper()
	s, err := streams.Get(f.Stream)
	if err != nil {
		tb.Fatal(err)
	}
	r := &floorRun{Floor: f}
	if r.codec, err = f.Format.New(s); err != nil {
		tb.Fatal(err)
	}
	return r.fill(tb, s)
}

func (r *floorRun) fill(tb testing.TB, s *schemas.Schema) *floorRun {
	plan, err := records.Compile(s, nil)
	if err != nil {
		tb.Fatal(err)
	}
	r.typ = plan.Type
	gen := plan.Generator(1)
	for i := range uint64(floorRing) {
		v := gen.New(i)
		enc, err := r.codec.Append(nil, v)
		if err != nil {
			tb.Fatal(err)
		}
		r.records, r.encoded = append(r.records, v), append(r.encoded, enc)
	}
	return r
}

// Floors checks that floors write and read the same bytes as the codecs beside them.
func Floors(t *testing.T, floors ...Floor) {
	for _, f := range floors {
		r := f.open(t)
		for i, enc := range r.encoded {
			if got := f.Encode(nil, r.records[i]); !bytes.Equal(got, enc) {
				t.Fatalf("%s, %s, record %d: the floor writes %x, the codec %x", f.Format.Name, f.Stream, i, got, enc)
			}
			v, err := f.Decode(enc)
			if err != nil {
				t.Fatalf("%s, %s, record %d: %v", f.Format.Name, f.Stream, i, err)
			}
			if got := f.Encode(nil, v); !bytes.Equal(got, enc) {
				t.Fatalf("%s, %s, record %d: the floor reads %x, want %x", f.Format.Name, f.Stream, i, got, enc)
			}
		}
	}
}

// BenchFloors measures each floor and the codec beside it, encoding and decoding into fresh records.
func BenchFloors(b *testing.B, floors ...Floor) {
	for _, f := range floors {
		name := "schema=" + f.Stream + "/codec=" + f.Format.Name
		b.Run(name+"-floor/op=encode", func(b *testing.B) {
			r := f.open(b)
			r.bench(b, func(buf []byte, i int) error {
				f.Encode(buf, r.records[i])
				return nil
			})
		})
		b.Run(name+"/op=encode", func(b *testing.B) {
			r := f.open(b)
			r.bench(b, func(buf []byte, i int) error {
				_, err := r.codec.Append(buf, r.records[i])
				return err
			})
		})
		b.Run(name+"-floor/op=decode", func(b *testing.B) {
			r := f.open(b)
			r.bench(b, func(_ []byte, i int) error {
				_, err := f.Decode(r.encoded[i])
				return err
			})
		})
		b.Run(name+"/op=decode", func(b *testing.B) {
			r := f.open(b)
			r.bench(b, func(_ []byte, i int) error { return r.codec.Decode(r.encoded[i], r.typ.New()) })
		})
	}
}

// bench times op, a function that is called through a pointer on both sides, for each record in turn.
func (r *floorRun) bench(b *testing.B, op func(buf []byte, i int) error) {
	buf := make([]byte, 0, 1<<16)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if err := op(buf, i&(floorRing-1)); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
