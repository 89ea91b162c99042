package gob

import (
	"bytes"
	"encoding/gob"
	"reflect"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/schemas"
)

// encoding/gob as a program calls it: one stream whose Encoder and Decoder it keeps, or both anew for each record.
var bares = []codectest.Bare{
	{Format: Format, Open: openStream},
	{Format: Fresh, Open: openFreshly},
}

func TestBare(t *testing.T) { codectest.Bares(t, bares...) }

func BenchmarkBare(b *testing.B) { codectest.BenchBare(b, bares...) }

// openStream sends the types first, as the codec does.
func openStream(tb testing.TB, s *schemas.Schema, opened codecs.Codec) codectest.Library {
	c := opened.(*codec)
	var first output
	enc := gob.NewEncoder(&first)
	if _, err := define(s, c.typ, enc, &first); err != nil {
		tb.Fatal(err)
	}
	var in bytes.Reader
	in.Reset(c.types.stream)
	dec := gob.NewDecoder(&in)
	for in.Len() > 0 {
		if err := dec.DecodeValue(reflect.Value{}); err != nil {
			tb.Fatal(err)
		}
	}
	return codectest.Library{
		Encode: func(_ []byte, v any) ([]byte, error) {
			first.buf = first.buf[:0]
			err := enc.Encode(v)
			return first.buf, err
		},
		Decode: func(src []byte, v any) error {
			in.Reset(src)
			return dec.Decode(v)
		},
		Leaves: true,
	}
}

func openFreshly(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
	var out bytes.Buffer
	return codectest.Library{
		Encode: func(_ []byte, v any) ([]byte, error) {
			out.Reset()
			err := gob.NewEncoder(&out).Encode(v)
			return out.Bytes(), err
		},
		Decode: func(src []byte, v any) error { return gob.NewDecoder(bytes.NewReader(src)).Decode(v) },
		Leaves: true,
	}
}
