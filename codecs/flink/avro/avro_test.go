package avro_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/avro"
	"github.com/wirecost/wirecost/schemas/access"
)

func Test(t *testing.T) { codectest.Run(t, avro.Format) }

func TestGolden(t *testing.T) {
	codectest.Hex(t, avro.Format, "../testdata/vectors", "flink-avro.hex")
	codectest.Hex(t, avro.Format, "../testdata/cases", "flink-avro.hex")
}

func FuzzAvro(f *testing.F) { codectest.Fuzz(f, avro.Format) }

// oneField returns the schema of a record with one field.
func oneField(typ string) string {
	return `{"type": "record", "name": "R", "fields": [{"name": "f", "type": ` + typ + `}]}`
}

// What Flink 1.20 writes; the address is a golden file of Flink's own tests, 1.11 to 2.3.
func TestBytes(t *testing.T) {
	for _, tt := range []struct{ schema, record, want string }{
		{oneField(`"int"`), `{"f": -1}`, "ffffffff"},
		{oneField(`"long"`), `{"f": 300}`, "000000000000012c"},
		{oneField(`"string"`), `{"f": "hi"}`, "000000026869"},
		{oneField(`"string"`), `{"f": "é"}`, "00000002c3a9"},
		{oneField(`"bytes"`), `{"f": "\u0001\u0002"}`, "000000020102"},
		{oneField(`{"type": "fixed", "name": "X", "size": 2}`), `{"f": "\n\u000b"}`, "0a0b"},
		{oneField(`"float"`), `{"f": 1}`, "3f800000"},
		{oneField(`"double"`), `{"f": 1}`, "3ff0000000000000"},
		{oneField(`"boolean"`), `{"f": true}`, "01"},
		{oneField(`["null", "string"]`), `{"f": null}`, "00000000"},
		{oneField(`["null", "string"]`), `{"f": {"string": "hi"}}`, "00000001000000026869"},
		{oneField(`{"type": "array", "items": "int"}`), `{"f": [1, 2]}`, "02000000010000000200"},
		{oneField(`{"type": "array", "items": "int"}`), `{"f": []}`, "00"},
		{oneField(`{"type": "array", "items": "int"}`), `{"f": [0` + strings.Repeat(", 0", 199) + `]}`, "c801" + strings.Repeat("00000000", 200) + "00"},
		{oneField(`{"type": "map", "values": "int"}`), `{"f": {"k": 1}}`, "01000000016b0000000100"},
		{oneField(`{"type": "enum", "name": "E", "symbols": ["A", "B"]}`), `{"f": "B"}`, "00000001"},
		{`{"type": "record", "name": "Address", "fields": [{"name": "num", "type": "int"}, {"name": "street", "type": "string"},
			{"name": "city", "type": "string"}, {"name": "state", "type": "string"}, {"name": "zip", "type": "string"}]}`,
			`{"num": 239, "street": "Baker Street", "city": "London", "state": "London", "zip": "NW1 6XE"}`,
			"000000ef0000000c42616b657220537472656574000000064c6f6e646f6e000000064c6f6e646f6e000000074e573120365845"},
		{`{"type": "record", "name": "Reflect", "fields": [{"name": "boxed", "type": "int"},
			{"name": "inner", "type": {"type": "record", "name": "Inr", "fields": [{"name": "q", "type": "int"}]}}, {"name": "n", "type": "int"},
			{"name": "name", "type": "string"}, {"name": "raw", "type": "bytes"}, {"name": "tags", "type": {"type": "array", "items": "string"}}]}`,
			`{"boxed": 6, "inner": {"q": 7}, "n": 5, "name": "nm", "raw": "\u0001\u0002", "tags": ["t"]}`,
			"000000060000000700000005000000026e6d00000002010201000000017400"},
		// Worked out by hand.
		{`{"type": "record", "name": "Tree", "fields": [{"name": "left", "type": ["null", "Tree"]}, {"name": "kids", "type": {"type": "array", "items": "Tree"}},
			{"name": "any", "type": ["null", "Tree", "string"]}, {"name": "named", "type": {"type": "map", "values": "Tree"}}]}`,
			`{"left": {"Tree": {"left": null, "kids": [], "any": {"string": "a"}, "named": {}}}, "kids": [{"left": null, "kids": [], "any": null, "named": {}}],
			"any": {"Tree": {"left": null, "kids": [], "any": null, "named": {}}}, "named": {"k": {"left": null, "kids": [], "any": null, "named": {}}}}`,
			"00000001" + "00000000" + "00" + "00000002" + "0000000161" + "00" + "01" + "00000000000000000000" + "00" +
				"00000001" + "00000000000000000000" + "01" + "000000016b" + "00000000000000000000" + "00"},
		{oneField(`{"type": "array", "items": "null"}`), `{"f": [null, null, null]}`, "0300"},
	} {
		c, typ := open(t, tt.schema)
		v := typ.New()
		if err := access.Unmarshal(typ, []byte(tt.record), v); err != nil {
			t.Fatal(err)
		}
		got, err := c.Append(nil, v)
		if err != nil || hex.EncodeToString(got) != tt.want {
			t.Errorf("%s: got %x, error %v, want %s", tt.record, got, err, tt.want)
		}
		w := typ.New()
		if err := c.Decode(got, w); err != nil {
			t.Errorf("%s: %v", tt.want, err)
		}
		if again, err := c.Append(nil, w); err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s: came back as %x, error %v", tt.want, again, err)
		}
	}
}

// open returns a codec of a schema, and the type of its records.
func open(t *testing.T, schema string) (codecs.Codec, *access.Type) {
	t.Helper()
	return codectest.Open(t, avro.Format, schema)
}

// What Flink does not write is refused.
func TestRefused(t *testing.T) {
	for _, tt := range []struct{ typ, src, want string }{
		{`"boolean"`, "02", "f: 0x02 is no boolean"},
		{`"string"`, "00000003ffffff", "f: a string is not UTF-8"},
		{`"bytes"`, "80000000", "f: the input ends within a value: -2147483648 bytes are announced and 0 are left"},
		{`["null", "int"]`, "00000002", "f: a union of 2 branches has no branch 2"},
		{`["null", "int", "long"]`, "ffffffff", "f: a union of 3 branches has no branch -1"},
		{`{"type": "enum", "name": "E", "symbols": ["A"]}`, "00000001", "f: E has no symbol 1"},
		{`{"type": "array", "items": "int"}`, "8000", "f: the count 0 takes 2 bytes, more than it needs"},
		{`{"type": "array", "items": "int"}`, "0200000001", "f: the input ends within a value: 2 items are announced and 4 bytes are left"},
		{`{"type": "array", "items": "int"}`, "01000000010100000001", "f: no 00 behind 1 items"},
		{`{"type": "array", "items": {"type": "array", "items": "long"}}`, "0201" + "0000000000000000", "f: [0]: the input ends within a value: 1 items are announced and 8 bytes are left"},
		{`{"type": "array", "items": "null"}`, "81808000", "f: the count 1 takes 4 bytes, more than it needs"},
		{`{"type": "array", "items": "null"}`, "8180808001", "f: 268435457 items are too many"},
		{`{"type": "map", "values": "int"}`, "02000000016b00000001000000016b0000000100", `f: key "k" stands twice`},
		{`"int"`, "0000000100", "1 bytes: bytes are left behind the record"},
	} {
		c, typ := open(t, oneField(tt.typ))
		src, err := hex.DecodeString(tt.src)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Decode(src, typ.New()); err == nil || err.Error() != tt.want {
			t.Errorf("%s, %s: got error %v, want %s", tt.typ, tt.src, err, tt.want)
		}
	}
}
