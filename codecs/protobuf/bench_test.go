package protobuf_test

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/protobuf"
	"github.com/wirecost/wirecost/schemas"
)

// The libraries as a program calls them that has a buffer to write into.
var bares = []codectest.Bare{
	{Format: protobuf.Format, Open: openProto(proto.MarshalOptions{})},
	{Format: protobuf.Dynamic, Open: openProto(proto.MarshalOptions{Deterministic: true})},
	{Format: protobuf.VT, Open: openVT},
}

func TestBare(t *testing.T) { codectest.Bares(t, bares...) }

func BenchmarkBare(b *testing.B) { codectest.BenchBare(b, bares...) }

func openProto(opts proto.MarshalOptions) func(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
	return func(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
		return codectest.Library{
			Encode: func(buf []byte, v any) ([]byte, error) { return opts.MarshalAppend(buf, v.(proto.Message)) },
			Decode: func(src []byte, v any) error { return proto.Unmarshal(src, v.(proto.Message)) },
			Clear:  func(any) {}, // Unmarshal does
		}
	}
}

// vtMessage is what vtprotobuf generates.
type vtMessage interface {
	Reset()
	SizeVT() int
	MarshalToSizedBufferVT([]byte) (int, error)
	UnmarshalVT([]byte) error
}

func openVT(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
	return codectest.Library{
		Encode: func(buf []byte, v any) ([]byte, error) {
			m := v.(vtMessage)
			n, err := m.MarshalToSizedBufferVT(buf[:m.SizeVT()])
			return buf[:n], err
		},
		Decode: func(src []byte, v any) error { return v.(vtMessage).UnmarshalVT(src) },
		Clear:  func(v any) { v.(vtMessage).Reset() },
	}
}
