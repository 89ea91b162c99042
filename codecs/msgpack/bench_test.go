package msgpack_test

import (
	"bytes"
	"testing"

	"github.com/tinylib/msgp/msgp"
	vmihailenco "github.com/vmihailenco/msgpack/v5"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/msgpack"
	"github.com/wirecost/wirecost/schemas"
)

// The libraries as a program calls them: vmihailenco's with an Encoder and a Decoder that it keeps, tinylib's by the
// generated methods.
var bares = []codectest.Bare{
	{Format: msgpack.Format, Open: openVmihailenco(false)},
	{Format: msgpack.Array, Open: openVmihailenco(true)},
	{Format: msgpack.Msgp, Open: openMsgp},
}

func TestBare(t *testing.T) { codectest.Bares(t, bares...) }

func BenchmarkBare(b *testing.B) { codectest.BenchBare(b, bares...) }

func openVmihailenco(array bool) func(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
	return func(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
		var out bytes.Buffer
		var in bytes.Reader
		enc, dec := vmihailenco.NewEncoder(&out), vmihailenco.NewDecoder(&in)
		enc.UseArrayEncodedStructs(array)
		enc.UseCompactInts(array)
		dec.UsePreallocateValues(true)
		return codectest.Library{
			Encode: func(_ []byte, v any) ([]byte, error) {
				out.Reset()
				err := enc.Encode(v)
				return out.Bytes(), err
			},
			Decode: func(src []byte, v any) error {
				in.Reset(src)
				return dec.Decode(v)
			},
		}
	}
}

func openMsgp(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
	return codectest.Library{
		Encode: func(buf []byte, v any) ([]byte, error) { return v.(msgp.Marshaler).MarshalMsg(buf) },
		Decode: func(src []byte, v any) error {
			_, err := v.(msgp.Unmarshaler).UnmarshalMsg(src)
			return err
		},
	}
}
