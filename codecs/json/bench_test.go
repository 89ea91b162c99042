package json_test

import (
	stdjson "encoding/json"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/json"
	"github.com/wirecost/wirecost/schemas"
)

// encoding/json as a program calls it. An Encoder that writes into a buffer would save the copy that Marshal makes; few
// programs have one, and it ends each text with a new line.
var bare = codectest.Bare{Format: json.Format, Open: func(testing.TB, *schemas.Schema, codecs.Codec) codectest.Library {
	return codectest.Library{
		Encode: func(_ []byte, v any) ([]byte, error) { return stdjson.Marshal(v) },
		Decode: stdjson.Unmarshal,
	}
}}

func TestBare(t *testing.T) { codectest.Bares(t, bare) }

func BenchmarkBare(b *testing.B) { codectest.BenchBare(b, bare) }
