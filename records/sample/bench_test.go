package sample

import (
	"bytes"
	"io"
	"testing"

	"github.com/twmb/avro"
	"github.com/twmb/avro/ocf"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/streams"
)

// BenchmarkNext reads Bids; an operation is a record.
func BenchmarkNext(b *testing.B) {
	s, err := streams.Get("nexmark.Bid")
	if err != nil {
		b.Fatal(err)
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		b.Fatal(err)
	}
	const n = 10000
	var lines, container bytes.Buffer
	own, err := avro.Parse(s.Text)
	if err != nil {
		b.Fatal(err)
	}
	w, err := ocf.NewWriter(&container, own, ocf.WithCodec(ocf.SnappyCodec()))
	if err != nil {
		b.Fatal(err)
	}
	gen := plan.Generator(1)
	for i := range uint64(n) {
		bid := gen.New(i)
		text, err := access.Marshal(plan.Type, bid)
		if err != nil {
			b.Fatal(err)
		}
		lines.Write(append(text, '\n'))
		if err := w.Encode(bid); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	for _, bb := range []struct {
		name string
		in   []byte
	}{{"lines", lines.Bytes()}, {"container", container.Bytes()}} {
		b.Run("form="+bb.name, func(b *testing.B) {
			var r *Reader
			v := plan.Type.New()
			b.SetBytes(int64(len(bb.in) / n))
			b.ReportAllocs()
			for b.Loop() {
				err := io.EOF
				if r != nil {
					err = r.Next(v)
				}
				if err == io.EOF {
					if r, err = NewReader(bytes.NewReader(bb.in), Config{Schema: s}); err == nil {
						err = r.Next(v)
					}
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
