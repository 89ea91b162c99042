package protobuf_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/protobuf"
	"github.com/wirecost/wirecost/schemas/access"
)

// What Flink 2.3.0 and 1.20.4 write of what protoc generates: the field behind a oneof has the higher number, and stands behind it.
func TestKryo(t *testing.T) {
	const schema = `{"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}, {"name": "u", "type": ["int", "string"]},
		{"name": "m", "type": {"type": "map", "values": {"type": "record", "name": "In", "fields": [{"name": "v", "type": ["long", "boolean"]}, {"name": "w", "type": "int"}]}}},
		{"name": "z", "type": "string"}]}`
	c, typ := codectest.Open(t, protobuf.Kryo, schema)
	conv := c.(codecs.Converter)
	v, m := typ.New(), conv.NewRecord()
	if err := access.Unmarshal(typ, []byte(`{"a": 1, "u": {"string": "x"}, "m": {"k": {"v": {"long": 5}, "w": 6}}, "z": "y"}`), v); err != nil {
		t.Fatal(err)
	}
	if err := conv.FromStruct(m, v); err != nil {
		t.Fatal(err)
	}
	got, err := c.Append(nil, m)
	const want = "5701" + "13" + "0801" + "1a0178" + "22090a016b120408051806" + "2a0179"
	if err != nil || hex.EncodeToString(got) != want {
		t.Fatalf("got %x, error %v, want %s", got, err, want)
	}
	back := conv.NewRecord()
	if err := c.Decode(got, back); err != nil {
		t.Fatal(err)
	}
	if again, err := c.Append(nil, back); err != nil || !bytes.Equal(got, again) {
		t.Errorf("got %x again, error %v", again, err)
	}
	for _, tt := range []struct{ src, want string }{
		{"", "no message of the class"}, {"580100", "no message of the class"}, {"5701", "no varint"}, {"57018000", "no varint"},
		{"570102", "a message of 2 bytes, and 0 are left"}, {"57010008", "a message of 0 bytes, and 1 are left"},
	} {
		src, err := hex.DecodeString(tt.src)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Decode(src, conv.NewRecord()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q", tt.src, err, tt.want)
		}
	}
}
