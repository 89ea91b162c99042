package avro_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/avro"
	"github.com/wirecost/wirecost/schemas/access"
)

const decimal2 = `{"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}`

// What Avro's reflection makes of a POJO, in the released Flink 2.3.0 and 1.20.4: wirecost verify compares more.
func TestReflect(t *testing.T) {
	for _, tt := range []struct{ schema, record, want string }{
		{`{"type": "record", "name": "R", "fields": [{"name": "b", "type": "int"}, {"name": "a", "type": "int"}, {"name": "B", "type": "int"}]}`,
			`{"b": 1, "a": 2, "B": 3}`, "00000003" + "00000002" + "00000001"},
		{oneField(`["int", "null"]`), `{"f": null}`, "00000000"},
		{oneField(`["int", "null"]`), `{"f": {"int": 7}}`, "0000000100000007"},
		{oneField(`["null", "int"]`), `{"f": {"int": 7}}`, "0000000100000007"},
		{oneField(`["int"]`), `{"f": {"int": 7}}`, "00000007"},
		{oneField(`["int", "null", "string"]`), `{"f": {"string": "a"}}`, "000000020000000161"},
		{oneField(`{"type": "fixed", "name": "X", "size": 2}`), `{"f": "\n\u000b"}`, "000000020a0b"},
		{oneField(decimal2), `{"f": "\u00e9"}`, "00000005" + hex.EncodeToString([]byte("-0.23"))},
		{oneField(decimal2), `{"f": ""}`, "00000004" + hex.EncodeToString([]byte("0.00"))},
		{oneField(decimal2), `{"f": "\u0004\u00d2"}`, "00000005" + hex.EncodeToString([]byte("12.34"))},
		{oneField(strings.Replace(decimal2, `2}`, `0}`, 1)), `{"f": "\u0004\u00d2"}`, "00000004" + hex.EncodeToString([]byte("1234"))},
		{oneField(strings.Replace(decimal2, `"scale": 2`, `"scale": 9`, 1)), `{"f": "\u0005"}`, "00000004" + hex.EncodeToString([]byte("5E-9"))},
		{oneField(strings.Replace(decimal2, `"scale": 2`, `"scale": 9`, 1)), `{"f": "\u0043"}`, "00000006" + hex.EncodeToString([]byte("6.7E-8"))},
		{oneField(`{"type": "fixed", "name": "X", "size": 3, "logicalType": "decimal", "precision": 5, "scale": 2}`), `{"f": "\u00ff\u00ff\u0085"}`,
			"00000005" + hex.EncodeToString([]byte("-1.23"))},
	} {
		c, typ := codectest.Open(t, avro.Reflect, tt.schema)
		v := typ.New()
		if err := access.Unmarshal(typ, []byte(tt.record), v); err != nil {
			t.Fatal(err)
		}
		got, err := c.Append(nil, v)
		if err != nil || hex.EncodeToString(got) != tt.want {
			t.Errorf("%s: got %x, error %v, want %s", tt.record, got, err, tt.want)
			continue
		}
		back := typ.New()
		if err := c.Decode(got, back); err != nil {
			t.Errorf("%s: decode: %v", tt.record, err)
			continue
		}
		if again, err := c.Append(nil, back); err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s: got %x again, error %v", tt.record, again, err)
		}
	}
}

func TestReflectRefuses(t *testing.T) {
	fixed := `{"type": "fixed", "name": "X", "size": 1}`
	for _, tt := range []struct{ schema, bytes, want string }{
		{oneField(decimal2), "00000003" + hex.EncodeToString([]byte("1.5")), "not as Java writes it"},
		{oneField(decimal2), "00000003" + hex.EncodeToString([]byte("1e5")), "is no decimal"},
		{oneField(decimal2), "00000000", "is no decimal"},
		{oneField(fixed), "000000020102", "2 bytes, and a fixed has 1"},
		{oneField(`["null", "int"]`), "00000002", "no branch 2"},
	} {
		c, typ := codectest.Open(t, avro.Reflect, tt.schema)
		src, err := hex.DecodeString(tt.bytes)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Decode(src, typ.New()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q", tt.bytes, err, tt.want)
		}
	}
}

func FuzzReflect(f *testing.F) { codectest.Fuzz(f, avro.Reflect) }

// The bytes of a generated class are those of a generic record.
func TestSpecific(t *testing.T) {
	codectest.Hex(t, avro.Specific, "../testdata/vectors", "flink-avro.hex")
}
