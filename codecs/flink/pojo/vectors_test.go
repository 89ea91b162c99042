package pojo_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const (
	event = `{"type": "record", "name": "ex.Event", "fields": [
		{"name": "user", "type": ["null", "string"]}, {"name": "ts", "type": "long"}, {"name": "Count", "type": "int"}, {"name": "amount", "type": "double"},
		{"name": "ok", "type": "boolean"}, {"name": "inner", "type": ["null", {"type": "record", "name": "ex.Inner", "fields": [
			{"name": "x", "type": "int"}, {"name": "s", "type": ["null", "string"]}]}]}, {"name": "boxed", "type": ["null", "int"]}]}`
	user = `{"type": "record", "name": "User", "fields": [{"name": "age", "type": "int"}, {"name": "name", "type": "string"}, {"name": "married", "type": "boolean"},
		{"name": "favoriteColor", "type": {"type": "enum", "name": "Color", "symbols": ["RED", "BLUE", "GREEN"]}}]}`
	collections = `{"type": "record", "name": "WithList", "fields": [
		{"name": "tags", "type": {"type": "array", "items": "string"}}, {"name": "counts", "type": {"type": "map", "values": "long"}}]}`
)

// Records that released Flink wrote, the same in all lines where flink1 is "". The one of User is a golden file of Flink's
// own, versions 1.7 to 2.3. Of WithList the field of type Set is left out, which no schema has.
func TestRecords(t *testing.T) {
	for _, tt := range []struct{ schema, json, flink2, flink1 string }{
		{event, `{"user": "bob", "ts": 1700000000000, "Count": 7, "amount": 2.5, "ok": true, "inner": {"x": 1, "s": "in"}, "boxed": 3}`,
			"020000000007004004000000000000000000000300020003696e00000000010001000000018bcfe568000004626f62", ""},
		{event, `{"user": null, "ts": 0, "Count": 0, "amount": 0, "ok": false, "inner": null, "boxed": null}`,
			"0200000000000000000000000000000101000000000000000000000001", ""},
		{`{"type": "record", "name": "ex.Rec", "fields": [{"name": "b", "type": "long"}, {"name": "a", "type": "string"}]}`, `{"b": 1, "a": "x"}`, "02000278000000000000000001", ""},
		{user, `{"age": 27, "favoriteColor": "BLUE", "married": false, "name": "Gordon"}`, "02000000001b000000000100000007476f72646f6e", ""},
		{collections, `{"tags": ["t1", "t2"], "counts": {"c1": 5}}`,
			"0200000000000100036331000000000000000005" + "0000000000020003743100037432",
			"020001006a6176612e7574696c2e486173684d61f00101030163b1090a" + "0001006a6176612e7574696c2e41727261794c6973f40102030174b1030174b2"},
		// Worked out by hand: a java-class on the values of a map and on the elements of a list.
		{`{"type": "record", "name": "R", "fields": [{"name": "m", "type": {"type": "map", "values": {"type": "long", "logicalType": "timestamp-millis", "java-class": "java.util.Date"}}},
			{"name": "s", "type": {"type": "array", "items": {"type": "int", "java-class": "short"}}}]}`, `{"m": {"k1": 1000}, "s": [258]}`,
			"02" + "0000" + "00000001" + "00036b31" + "0000000000000003e8" + "0000" + "00000001" + "000102",
			"02" + "0001006a6176612e7574696c2e486173684d61f00101" + "03016bb1" + "01016a6176612e7574696c2e446174e501e807" + "0001006a6176612e7574696c2e41727261794c6973f40101" + "080102"},
	} {
		s, err := schemas.Parse("r.avsc", []byte(tt.schema), "")
		if err != nil {
			t.Fatal(err)
		}
		typ, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		v := typ.New()
		if err := access.Unmarshal(typ, []byte(tt.json), v); err != nil {
			t.Fatal(err)
		}
		for _, f := range formats {
			want := tt.flink2
			if f.Name == pojo.Flink1.Name && tt.flink1 != "" {
				want = tt.flink1
			}
			c, err := f.New(s)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.Append(nil, v)
			if err != nil || hex.EncodeToString(got) != want {
				t.Errorf("%s, %s: got %x, error %v, want %s", f.Name, s.Name, got, err, want)
			}
		}
	}
}

// What Flink wrote of objects of other classes, and of null, which no record of a schema is; and what it does not write. The
// error names the class.
func TestRefused(t *testing.T) {
	base := `{"type": "record", "name": "ex.Base", "fields": [{"name": "id", "type": "int"}]}`
	object := `{"type": "record", "name": "ex.Base", "fields": [{"name": "id", "type": ["null", {"type": "string", "logicalType": "uuid"}]}]}`
	array := `{"type": "record", "name": "ex.Base", "fields": [{"name": "a", "type": {"type": "array", "items": "bytes", "java-array": true}}]}`
	for _, tt := range []struct{ schema, src, want string }{
		{base, "01", "a ex.Base is null"},
		{base, "04000665782e53756202000000000500026e", `class "ex.Sub" where a ex.Base is expected`},
		{base, "080002000000000500026e", "registered subclass 0 where a ex.Base is expected"},
		{base, "080102000000000700000000010000000367740001", "registered subclass 1 where a ex.Base is expected"},
		{base, "04ffff6578", "the input ends within a value"},
		{base, "0200000000", "id: the input ends within a value"},
		{base, "03000000000005", "0x03 are no flags of a ex.Base"},
		{base, "0202", "id: 0x02 is no null flag"},
		{base, "0201", "id: null for a int that is never null"},
		{base, "02000000000500", "1 bytes: bytes are left behind the record"},
		{object, "0200" + "57010000", "id: class id 85 where a java.util.UUID is expected"},
		{array, "0200" + "7fffffff", "a: the input ends within a value: 2147483647 elements are announced"},
		{array, "0200" + "ffffffff", "a: the input ends within a value: -1 elements are announced"},
		{array, "0200" + "00000001" + "01" + "ffffffff", "a: [0]: the input ends within a value: -1 bytes are wanted"},
		{array, "0200" + "00000001" + "02" + "00000000", "a: [0]: 0x02 is no boolean"},
		{collections, "0200" + "01", "counts: a collection that is there and null"},
		{collections, "0200" + "00" + "00000001" + "01" + strings.Repeat("00", 11), "a map's key is null"},
		{collections, "0200" + "00" + "00000002" + strings.Repeat("00026100"+"0000000000000000", 2), `key "a" stands twice`},
	} {
		s, err := schemas.Parse("r.avsc", []byte(tt.schema), "")
		if err != nil {
			t.Fatal(err)
		}
		typ, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		c, err := pojo.Format.New(s)
		if err != nil {
			t.Fatal(err)
		}
		src, err := hex.DecodeString(tt.src)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Decode(src, typ.New()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %s", tt.src, err, tt.want)
		}
	}
}
