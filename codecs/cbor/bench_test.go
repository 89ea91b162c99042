package cbor_test

import (
	"bytes"
	"testing"

	fxamacker "github.com/fxamacker/cbor/v2"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/cbor"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/schemas"
)

// The library as a program calls it that has a buffer to write into.
var bare = codectest.Bare{Format: cbor.Format, Open: func(tb testing.TB, _ *schemas.Schema, _ codecs.Codec) codectest.Library {
	enc, err := fxamacker.EncOptions{}.UserBufferEncMode()
	if err != nil {
		tb.Fatal(err)
	}
	var buf bytes.Buffer
	return codectest.Library{
		Encode: func(_ []byte, v any) ([]byte, error) {
			buf.Reset()
			err := enc.MarshalToBuffer(v, &buf)
			return buf.Bytes(), err
		},
		Decode: fxamacker.Unmarshal,
	}
}}

func TestBare(t *testing.T) { codectest.Bares(t, bare) }

func BenchmarkBare(b *testing.B) { codectest.BenchBare(b, bare) }
