package avro_test

import (
	"bytes"
	"reflect"
	"testing"

	hamba "github.com/hamba/avro/v2"
	twmb "github.com/twmb/avro"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/schemas"
)

// The libraries as a program calls them: hamba through an Encoder that writes into a buffer and through Unmarshal, twmb
// through its two calls on slices.
var bares = []codectest.Bare{
	{Format: avro.Format, Open: openHamba(hamba.Config{DisableBlockSizeHeader: true, BlockLength: 1<<31 - 1})},
	{Format: avro.BlockSize, Open: openHamba(hamba.Config{})},
	{Format: avro.Generic, Open: openHamba(hamba.Config{DisableBlockSizeHeader: true, BlockLength: 1<<31 - 1})},
	{Format: avro.Twmb, Open: openTwmb},
}

func TestBare(t *testing.T) { codectest.Bares(t, bares...) }

func BenchmarkBare(b *testing.B) { codectest.BenchBare(b, bares...) }

func openHamba(config hamba.Config) func(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
	return func(tb testing.TB, s *schemas.Schema, _ codecs.Codec) codectest.Library {
		schema, err := hamba.Parse(s.Canonical())
		if err != nil {
			tb.Fatal(err)
		}
		api, buf := config.Freeze(), new(bytes.Buffer)
		enc := api.NewEncoder(schema, buf)
		return codectest.Library{
			Encode: func(_ []byte, v any) ([]byte, error) {
				buf.Reset()
				err := enc.Encode(v)
				return buf.Bytes(), err
			},
			Decode: func(src []byte, v any) error { return api.Unmarshal(schema, src, v) },
			Clear:  zero,
		}
	}
}

func openTwmb(tb testing.TB, s *schemas.Schema, c codecs.Codec) codectest.Library {
	schema, err := twmb.Parse(s.Canonical())
	if err != nil {
		tb.Fatal(err)
	}
	var opts []twmb.Opt
	if _, tagged := c.(codecs.Converter); tagged {
		opts = append(opts, twmb.TaggedUnions())
	}
	return codectest.Library{
		Encode: func(buf []byte, v any) ([]byte, error) { return schema.AppendEncode(buf, v) },
		Decode: func(src []byte, v any) error {
			_, err := schema.Decode(src, v, opts...)
			return err
		},
		Clear: zero,
	}
}

// zero is *v = T{} where T is made at run time.
func zero(v any) { reflect.ValueOf(v).Elem().SetZero() }
