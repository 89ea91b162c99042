package codectest

import (
	"fmt"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
	types "github.com/wirecost/wirecost/schemas/streams/generated"
)

// A Library is the calls of a codec's library that a program writes which knows its records, and uses again what the
// library lets it use again. What the codec takes beside them is what our wrapper adds.
type Library struct {
	Encode func(buf []byte, v any) ([]byte, error) // appends to buf, which is empty and has room, if the library can
	Decode func(src []byte, v any) error           // takes what it finds in v, as the library does
	Clear  func(v any)                             // makes a used native record one that Decode can take; nil for the schema's struct
	Leaves bool                                    // Decode leaves fields of the schema's struct that the bytes do not mention
}

// A Bare is a format with its library. Open returns the calls for native records of c, a codec of s, which has encoded what
// is to be decoded.
type Bare struct {
	Format codecs.Format
	Open   func(tb testing.TB, s *schemas.Schema, c codecs.Codec) Library
}

// bareStreams are flat, with nullable and nested parts, and of unions. Clear is what a program writes to use a record again
// with a library that adds to what it finds, and zero with one that leaves what the bytes do not mention.
//
// A fresh record is made as the harness makes it in every form: reflect.New takes 7 ns more than new, which is no codec's
// doing.
var bareStreams = []struct {
	name        string
	clear, zero func(v any)
}{
	{"nexmark.Bid", func(any) {}, func(v any) { *v.(*types.NexmarkBid) = types.NexmarkBid{} }},
	{"orders.Order", clearOrder, zeroOrder},
	{"shape.UnionHeavy", clearUnions, clearUnions},
}

func clearOrder(v any) {
	o := v.(*types.OrdersOrder)
	lines := o.Lines[:cap(o.Lines)] // a library may take any of them as it finds it
	for i := range lines {
		lines[i].Tags = lines[i].Tags[:0]
	}
	o.Lines = lines[:0]
}

func zeroOrder(v any) {
	o := v.(*types.OrdersOrder)
	lines := o.Lines[:cap(o.Lines)]
	for i := range lines {
		lines[i] = types.OrdersOrderLine{Tags: lines[i].Tags[:0]}
	}
	*o = types.OrdersOrder{Lines: lines[:0], Payload: o.Payload[:0]}
}

func clearUnions(v any) {
	u := v.(*types.ShapeUnionHeavy)
	clear(u.Bag)
	*u = types.ShapeUnionHeavy{Bag: u.Bag}
}

// A barely is a library on the records of a stream.
type barely struct {
	*bound
	lib     Library
	fresh   func() any
	clear   func(v any)
	natives []any
	buf     []byte // what all forms append to: where it lies makes a difference of some ns
}

// open returns the library on the first n records of each stream that the format carries.
func (b Bare) open(tb testing.TB, n int) (list []*barely) {
	tb.Helper()
	for _, s := range bareStreams {
		schema, err := streams.Get(s.name)
		if err != nil {
			tb.Fatal(err)
		}
		c := bind(tb, b.Format, generated(tb, schema, 1, n))
		if c == nil {
			continue
		}
		r := &barely{bound: c, lib: b.Open(tb, schema, c.codec), fresh: c.typ.New, clear: s.clear, buf: make([]byte, 0, 1<<16)}
		switch {
		case c.conv != nil:
			r.fresh, r.clear = c.conv.NewRecord, r.lib.Clear
		case r.lib.Leaves:
			r.clear = s.zero
		}
		for _, v := range c.subject.records {
			native, err := c.native(v)
			if err != nil {
				tb.Fatal(err)
			}
			r.natives = append(r.natives, native)
		}
		list = append(list, r)
	}
	return list
}

// Bares checks that libraries write and read bare what they do in our codecs.
func Bares(t *testing.T, bares ...Bare) {
	for _, bare := range bares {
		for _, b := range bare.open(t, perStream) {
			used := b.fresh()
			b.each(t, func(v any, enc []byte) error {
				native, err := b.native(v)
				if err != nil {
					return err
				}
				got, err := b.lib.Encode(b.buf, native)
				if err == nil {
					err = b.sameBytes(v, enc, got)
				}
				if err != nil {
					return fmt.Errorf("encode: %w", err)
				}
				b.clear(used)
				for _, n := range []any{b.fresh(), used} {
					if err := b.lib.Decode(enc, n); err != nil {
						return fmt.Errorf("decode: %w", err)
					}
					got, err := b.structOf(n)
					if err == nil {
						err = b.diff(v, got, b.format.Loses...)
					}
					if err != nil {
						return err
					}
				}
				return nil
			})
		}
	}
}

const (
	bareRing   = 1024 // records that a library is measured over, a power of two
	barePasses = 32   // over them before
)

// BenchBare measures libraries bare and in our codecs: as a codec that trusts its bytes, of which results are, and as one
// that takes any. The forms of an operation follow each other.
func BenchBare(b *testing.B, bares ...Bare) {
	for _, bare := range bares {
		for _, r := range bare.open(b, bareRing) {
			forms := []form{r.bare(), r.in("codec", codecs.Trusted(r.codec)), r.in("safe", r.codec)}
			for _, f := range forms {
				r.bench(b, f.name, "encode", f.encode)
			}
			for _, f := range forms {
				r.bench(b, f.name, "decode", f.decode)
			}
			for _, f := range forms {
				r.bench(b, f.name, "decode-reuse", f.reuse)
			}
		}
	}
}

// A form is how a library is called, on record i of the ring. Both forms have as many calls around the library's.
type form struct {
	name                  string
	encode, decode, reuse func(i int) error
}

func (r *barely) bare() form {
	used := r.fresh()
	return form{"bare",
		func(i int) error {
			_, err := r.lib.Encode(r.buf, r.natives[i])
			return err
		},
		func(i int) error { return r.lib.Decode(r.encoded[i], r.fresh()) },
		func(i int) error {
			r.clear(used)
			return r.lib.Decode(r.encoded[i], used)
		}}
}

// in returns the form that c is, called as the harness does.
func (r *barely) in(name string, c codecs.Codec) form {
	used := r.fresh()
	return form{name,
		func(i int) error {
			_, err := c.Append(r.buf, r.natives[i])
			return err
		},
		func(i int) error { return c.Decode(r.encoded[i], r.fresh()) },
		func(i int) error { return c.Decode(r.encoded[i], used) },
	}
}

// bench times an operation for each record of the ring in turn, after some passes over it: the first allocations of a
// process are of memory that the system has to give.
func (r *barely) bench(b *testing.B, form, op string, work func(i int) error) {
	b.Run(fmt.Sprintf("schema=%s/codec=%s/form=%s/op=%s", r.subject.schema.Name, r.format.Name, form, op), func(b *testing.B) {
		for i := range barePasses * bareRing {
			if err := work(i % bareRing); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			if err := work(i & (bareRing - 1)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
