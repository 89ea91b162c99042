package rowdata_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/rowdata"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

func Test(t *testing.T) { codectest.Run(t, rowdata.Format) }

func TestGolden(t *testing.T) {
	codectest.Hex(t, rowdata.Format, "../testdata/vectors", "rowdata.hex")
	codectest.Hex(t, rowdata.Format, "../testdata/cases", "rowdata.hex")
}

func FuzzRowdata(f *testing.F) { codectest.Fuzz(f, rowdata.Format) }

// FuzzTypes fuzzes the decoder on what codectest's schemas leave out. There is one encoding of each record: what is read
// is what is written again.
func FuzzTypes(f *testing.F) {
	c, typ := open(f, allTypes)
	for _, record := range allRecords {
		f.Add(encode(f, c, typ, record))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if err := sameAgain(c, typ, src); err != nil {
			t.Fatal(err)
		}
	})
}

// Each byte of a record is changed to each other one.
func TestCorrupted(t *testing.T) {
	c, typ := open(t, allTypes)
	for _, record := range allRecords {
		src := encode(t, c, typ, record)
		for i, was := range src {
			for x := range 256 {
				src[i] = byte(x)
				if err := sameAgain(c, typ, src); err != nil {
					t.Fatal(err)
				}
			}
			src[i] = was
		}
	}
}

// sameAgain reports how src, if it is read, is written again.
func sameAgain(c codecs.Codec, typ *access.Type, src []byte) error {
	v := typ.New()
	if c.Decode(src, v) != nil {
		return nil
	}
	got, err := c.Append(nil, v)
	if err != nil || !bytes.Equal(got, src) {
		return fmt.Errorf("%x is read, and written as %x, error %v", src, got, err)
	}
	return nil
}

// allTypes has each form of a value but a map, which has more than one encoding.
const allTypes = `{"type": "record", "name": "All", "fields": [
	{"name": "b", "type": ["null", "boolean"]}, {"name": "y", "type": "int", "java-class": "byte"}, {"name": "h", "type": ["null", "int"], "java-class": "short"},
	{"name": "f", "type": "float"}, {"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["SHORT", "LONG_ENOUGH"]}},
	{"name": "x", "type": {"type": "fixed", "name": "X", "size": 9}}, {"name": "s", "type": ["null", "string"]},
	{"name": "t", "type": {"type": "int", "logicalType": "time-millis"}}, {"name": "tu", "type": ["null", {"type": "long", "logicalType": "time-micros"}]},
	{"name": "u", "type": {"type": "long", "logicalType": "timestamp-micros"}},
	{"name": "d", "type": {"type": "bytes", "logicalType": "decimal", "precision": 5, "scale": 2}},
	{"name": "dl", "type": ["null", {"type": "fixed", "name": "D", "size": 16, "logicalType": "decimal", "precision": 38, "scale": 9}]},
	{"name": "r", "type": ["null", {"type": "record", "name": "In", "fields": [{"name": "l", "type": "long"}]}]},
	{"name": "as", "type": {"type": "array", "items": ["null", "string"]}}, {"name": "ab", "type": {"type": "array", "items": "boolean"}},
	{"name": "au", "type": {"type": "array", "items": ["null", {"type": "long", "logicalType": "timestamp-micros"}]}},
	{"name": "aa", "type": {"type": "array", "items": {"type": "array", "items": "In"}}}]}`

var allRecords = []string{
	`{"b": {"boolean": true}, "y": -1, "h": {"int": 258}, "f": 1, "e": "LONG_ENOUGH", "x": "123456789", "s": {"string": "hello world"}, "t": 1, "tu": {"long": 86399999000},
		"u": -1, "d": "\u0001", "dl": {"D": "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u0000"}, "r": {"In": {"l": 7}},
		"as": [{"string": "a"}, null, {"string": "hello world"}], "ab": [true, false], "au": [null, {"long": 1001}], "aa": [[{"l": 1}], []]}`,
	`{"b": null, "y": 0, "h": null, "f": 0, "e": "SHORT", "x": "123456789", "s": null, "t": 0, "tu": null, "u": 0, "d": "\u0000", "dl": null, "r": null,
		"as": [], "ab": [], "au": [], "aa": []}`,
}

// A schema of the vectors that Flink has no row for is refused.
func TestUnsupportedVectors(t *testing.T) {
	files, err := filepath.Glob("../testdata/vectors/*/schema.avsc")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d schemas, error %v", len(files), err)
	}
	for _, file := range files {
		s, err := schemas.Load(file, "")
		if err != nil {
			t.Fatal(err)
		}
		_, noRows := os.Stat(filepath.Join(filepath.Dir(file), "rowdata.hex"))
		_, err = rowdata.Format.New(s)
		if refused := errors.Is(err, schemas.ErrUnsupported); refused != (noRows != nil) || err != nil && !refused {
			t.Errorf("%s: got error %v, but rowdata.hex: %v", file, err, noRows)
		}
	}
}

// What has no SQL type is refused with the place and the reason.
func TestUnsupported(t *testing.T) {
	for _, tt := range []struct{ typ, want string }{
		{`["int", "string"]`, "R: f: a general union has no SQL type: not supported"},
		{`"null"`, "R: f: null has no SQL type: not supported"},
		{`["null"]`, "R: f: null has no SQL type: not supported"},
		{`["null", "R"]`, "R: f: a R inside itself has no SQL type: not supported"},
		{`{"type": "record", "name": "In", "fields": [{"name": "u", "type": {"type": "map", "values": ["null", "int", "long"]}}]}`, "R: f: u: a general union has no SQL type: not supported"},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 39, "scale": 2}`, "R: f: a decimal of 39 digits has no SQL type, which go to 38: not supported"},
		{`{"type": "fixed", "name": "X", "size": 0}`, "R: f: a fixed of no bytes has no SQL type: not supported"},
	} {
		s, err := schemas.Parse("test.avsc", []byte(oneField(tt.typ)), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rowdata.Format.New(s); err == nil || err.Error() != tt.want || !errors.Is(err, schemas.ErrUnsupported) {
			t.Errorf("%s: got error %v, want %s", tt.typ, err, tt.want)
		}
	}
}

// oneField returns the schema of a record with one field.
func oneField(typ string) string { return fields(`{"name": "f", "type": ` + typ + `}`) }

// fields returns the schema of a record with these fields.
func fields(list ...string) string {
	return `{"type": "record", "name": "R", "fields": [` + strings.Join(list, ", ") + `]}`
}

// open returns a codec of a schema, and the type of its records.
func open(t testing.TB, schema string) (codecs.Codec, *access.Type) {
	t.Helper()
	return codectest.Open(t, rowdata.Format, schema)
}

func encode(t testing.TB, c codecs.Codec, typ *access.Type, record string) []byte {
	t.Helper()
	v := typ.New()
	if err := access.Unmarshal(typ, []byte(record), v); err != nil {
		t.Fatal(err)
	}
	enc, err := c.Append(nil, v)
	if err != nil {
		t.Fatalf("%s: %v", record, err)
	}
	return enc
}

// What Flink 1.20 and 2.3 write.
func TestBytes(t *testing.T) {
	const (
		decimal10 = `{"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}`
		decimal20 = `{"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 2}`
		millis    = `{"type": "long", "logicalType": "timestamp-millis"}`
		micros    = `{"type": "long", "logicalType": "timestamp-micros"}`
	)
	for _, tt := range []struct{ schema, record, want string }{
		{oneField(`"int"`), `{"f": 1}`, "0000001000000000000000000100000000000000"},
		{oneField(`["null", "int"]`), `{"f": null}`, "0000001000010000000000000000000000000000"},
		{fields(`{"name": "a", "type": "long"}`, `{"name": "b", "type": ["null", "int"]}`, `{"name": "c", "type": "string"}`), `{"a": 1, "b": null, "c": "abc"}`,
			"000000200002000000000000010000000000000000000000000000006162630000000083"},
		{oneField(`"string"`), `{"f": ""}`, "0000001000000000000000000000000000000080"},
		{oneField(`"string"`), `{"f": "abcdefg"}`, "0000001000000000000000006162636465666787"},
		{oneField(`"string"`), `{"f": "abcdefgh"}`, "00000018000000000000000008000000100000006162636465666768"},
		{fields(`{"name": "a", "type": "string"}`, `{"name": "b", "type": "string"}`), `{"a": "hello world", "b": "0123456789"}`,
			"0000003800000000000000000b000000180000000a0000002800000068656c6c6f20776f726c64000000000030313233343536373839000000000000"},
		{fields(`{"name": "a", "type": "boolean"}`, `{"name": "b", "type": "int", "java-class": "byte"}`, `{"name": "c", "type": "int", "java-class": "short"}`,
			`{"name": "d", "type": "float"}`, `{"name": "e", "type": "double"}`), `{"a": true, "b": -1, "c": 258, "d": 1, "e": 1}`,
			"0000003000000000000000000100000000000000ff0000000000000002010000000000000000803f00000000000000000000f03f"},
		{oneField(decimal10), `{"f": "{"}`, "0000001000000000000000007b00000000000000"},
		{oneField(decimal20), `{"f": "{"}`, "00000020000000000000000001000000100000007b000000000000000000000000000000"},
		{oneField(`["null", ` + decimal20 + `]`), `{"f": null}`, "0000001000010000000000000000000000000000"},
		{oneField(millis), `{"f": 1000}`, "000000100000000000000000e803000000000000"},
		// The nanoseconds of Flink's vector, 1234, are cut to 1000, which micros hold.
		{oneField(micros), `{"f": 1000001}`, "000000180000000000000000e803000010000000e803000000000000"},
		{oneField(`["null", ` + micros + `]`), `{"f": null}`, "0000001000010000000000000000000000000000"},
		{oneField(`"bytes"`), `{"f": "\u0001\u0002\u0003\u0004"}`, "0000001000000000000000000102030400000084"},
		{oneField(`{"type": "array", "items": ["null", "int"]}`), `{"f": [{"int": 1}, null, {"int": 3}]}`,
			"0000002800000000000000001800000010000000030000000200000001000000000000000300000000000000"},
		{oneField(`{"type": "map", "values": "int"}`), `{"f": {"k": 7}}`,
			"00000038000000000000000024000000100000001000000001000000000000006b000000000000810100000000000000070000000000000000000000"},
		{oneField(`{"type": "record", "name": "In", "fields": [{"name": "x", "type": "int"}]}`), `{"f": {"x": 5}}`,
			"000000200000000000000000100000001000000000000000000000000500000000000000"},
		// A time of day has milliseconds; and where the null bits go on to a second word. Both worked out by hand.
		{oneField(`{"type": "long", "logicalType": "time-micros"}`), `{"f": 1999}`, "0000001000000000000000000100000000000000"},
		{fields(booleans(57)...), `{` + trues(56) + `, "b57": null}`, "000001d8" + "0000000000000000" + "0100000000000000" + strings.Repeat("0100000000000000", 56) + "0000000000000000"},
	} {
		c, typ := open(t, tt.schema)
		got := encode(t, c, typ, tt.record)
		if hex.EncodeToString(got) != tt.want {
			t.Errorf("%s: got %x, want %s", tt.record, got, tt.want)
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

// booleans returns n fields b1, b2 and so on.
func booleans(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"name": "b%d", "type": ["null", "boolean"]}`, i+1))
	}
	return list
}

// trues returns a JSON object's members for the first n of booleans.
func trues(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"b%d": {"boolean": true}`, i+1))
	}
	return strings.Join(list, ", ")
}

// What does not fit its type is refused when it is written.
func TestEncodeRefused(t *testing.T) {
	for _, tt := range []struct{ typ, record, want string }{
		{`{"type": "int", "java-class": "byte"}`, `{"f": 128}`, "f: 128 is no byte"},
		{`{"type": "long", "logicalType": "time-micros"}`, `{"f": -1}`, "f: -1 is no time of day"},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 0}`, `{"f": "d"}`, "f: 64 is a decimal of more than 2 digits"},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 0}`, `{"f": "\u009c"}`, "f: 9c is a decimal of more than 2 digits"},
		{`{"type": "array", "items": {"type": "int", "java-class": "short"}}`, `{"f": [1, 32768, 32769]}`, "f: 32768 is no short"},
	} {
		c, typ := open(t, oneField(tt.typ))
		v := typ.New()
		if err := access.Unmarshal(typ, []byte(tt.record), v); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Append(nil, v); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got error %v, want %s", tt.record, err, tt.want)
		}
	}
}

// What Flink does not write is refused.
func TestRefused(t *testing.T) {
	const head = "0000001000000000" + "00000000" // an insert without nulls, of 16 bytes
	for _, tt := range []struct{ typ, src, want string }{
		{`"int"`, "0000001003000000000000000100000000000000", "a row of kind 3, no insert"},
		{`"int"`, "0000001000010000000000000000000000000000", "f: null for a int that is never null"},
		{`["null", "int"]`, "0000001000010000000000000100000000000000", "f: a null has a value"},
		{`"int"`, "0000001000020000000000000100000000000000", "a null has a value"},
		{`"int"`, head + "0100000001000000", "f: padding that is not zero"},
		{`"int"`, head + "01000000000000", "the input ends within a value: a row of 16 bytes and 15 are left"},
		{`"int"`, head + "010000000000000000", "1 bytes: bytes are left behind the record"},
		{`"int"`, "0000001800000000" + "00000000" + "01000000000000000000000000000000", "8 bytes are left in it"},
		{`"int"`, "0000000800000000" + "00000000", "the input ends within a value: a row of 1 columns in 8 bytes"},
		{`"boolean"`, head + "0200000000000000", "f: 0x02 is no boolean"},
		{`"string"`, head + "ff00000000000081", "f: a string is not UTF-8"},
		{`"string"`, head + "6162000000000081", "f: 6162000000000081 is no text in a slot"},
		{`"string"`, head + "0000000000000088", "f: 0000000000000088 is no text in a slot"},
		{`"string"`, "0000001800000000" + "00000000" + "0700000010000000" + "6162636465666700", "f: a text of 7 bytes that is not in its slot"},
		{`"string"`, "0000001800000000" + "00000000" + "0800000008000000" + "6162636465666768", "f: 8 bytes at 8, where 8 are left from 16 on"},
		{`"string"`, "0000001800000000" + "00000000" + "0900000010000000" + "6162636465666768", "f: 9 bytes at 16, where 8 are left from 16 on"},
		{`"string"`, "0000002000000000" + "00000000" + "0900000010000000" + "61626364656667686900000000000001", "f: padding that is not zero"},
		{`{"type": "int", "logicalType": "time-millis"}`, head + "005c260500000000", "f: 86400000 is no time of day"},
		{`{"type": "long", "logicalType": "timestamp-micros"}`, "0000001800000000" + "00000000" + "d204000010000000" + "e803000000000000", "f: 1234 nanoseconds of a millisecond do not fit microseconds"},
		{`{"type": "long", "logicalType": "timestamp-micros"}`, "0000001800000000" + "00000000" + "0000000010000000" + "ffffffffffffff7f", "f: 9223372036854775807 milliseconds do not fit microseconds"},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 0}`, head + "6400000000000000", "f: a decimal of more than 2 digits"},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 0}`, "0000002000000000" + "00000000" + "0200000010000000" + "00010000000000000000000000000000", "f: 00010000000000000000000000000000 is no decimal of 2 bytes"},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 0}`, "0000002000000000" + "00000000" + "0100000010000000" + "01010000000000000000000000000000", "f: padding that is not zero"},
		{`{"type": "enum", "name": "E", "symbols": ["A"]}`, head + "4200000000000081", `f: E has no symbol "B"`},
		{`{"type": "fixed", "name": "X", "size": 2}`, head + "4200000000000081", "f: 1 bytes for a fixed of 2"},
		{`{"type": "array", "items": "int"}`, "0000002000000000" + "00000000" + "1000000010000000" + "03000000000000000100000002000000", "f: the input ends within a value: 3 elements in 16 bytes"},
		{`{"type": "array", "items": "int"}`, "0000002000000000" + "00000000" + "1000000010000000" + "01000000020000000100000000000000", "f: a null has a value"},
		{`{"type": "array", "items": "int"}`, "0000002000000000" + "00000000" + "1000000010000000" + "01000000000000000100000001000000", "f: padding that is not zero"},
		{`{"type": "map", "values": "int"}`, "0000002800000000" + "00000000" + "1400000010000000" + "08000000" + "0000000000000000" + "0100000000000000" + "00000000", "f: the input ends within a value: 1 elements in 8 bytes"},
		{`{"type": "map", "values": "int"}`, "0000003000000000" + "00000000" + "1c00000010000000" + "08000000" + "0000000000000000" + "01000000000000000000000000000000" + "00000000", "f: 0 keys and 1 values"},
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
