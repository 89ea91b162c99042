package rowdata_test

import (
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/rowdata"
)

func TestDissect(t *testing.T) {
	codectest.DissectHex(t, rowdata.Format, "../testdata/vectors", "rowdata.hex", "testdata/dissect", "order", "everything")
}

// With any bit of a record changed, the dissector refuses what the decoder refuses, and nothing else.
func TestDissectCorrupted(t *testing.T) {
	for _, tt := range []struct{ schema, record string }{
		{allTypes, allRecords[0]},
		{allTypes, allRecords[1]},
		{`{"type": "record", "name": "M", "fields": [{"name": "m", "type": {"type": "map", "values": ["null", "string"]}},
			{"name": "n", "type": {"type": "map", "values": {"type": "array", "items": "int"}}}]}`,
			`{"m": {"k": null, "a long key": {"string": "hello world"}, "c": {"string": ""}}, "n": {"x": [1, 2, 3], "y": []}}`},
	} {
		c, typ := open(t, tt.schema)
		src := encode(t, c, typ, tt.record)
		for i, was := range src {
			for bit := range 8 {
				src[i] = was ^ 1<<bit
				_, err := c.(codecs.Dissector).Dissect(src)
				if refused := c.Decode(src, typ.New()); (err == nil) != (refused == nil) {
					t.Fatalf("%x: dissected with error %v, decoded with error %v", src, err, refused)
				}
			}
			src[i] = was
		}
	}
}

func FuzzDissect(f *testing.F) { codectest.FuzzDissect(f, rowdata.Format) }

func FuzzDissectVectors(f *testing.F) {
	codectest.FuzzDissectHex(f, rowdata.Format, "../testdata/vectors/everything")
}
