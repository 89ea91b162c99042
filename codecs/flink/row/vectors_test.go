package row_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/row"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Types of fields.
const (
	decimalType   = `{"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 0}`
	scaledType    = `{"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 2}`
	instantType   = `{"type": "long", "logicalType": "timestamp-micros"}`
	dateType      = `{"type": "int", "logicalType": "date"}`
	timeType      = `{"type": "long", "logicalType": "time-micros"}`
	dateTimeType  = `{"type": "long", "logicalType": "local-timestamp-micros"}`
	utilDateType  = `{"type": "long", "logicalType": "timestamp-millis", "java-class": "java.util.Date"}`
	timestampType = `{"type": "long", "logicalType": "timestamp-millis", "java-class": "java.sql.Timestamp"}`
	byteType      = `{"type": "int", "java-class": "byte"}`
	uuidType      = `{"type": "string", "logicalType": "uuid"}`
	enumType      = `{"type": "enum", "name": "E", "symbols": ["A", "B"]}`
)

func nullable(t string) string { return `["null", ` + t + `]` }

func arrayOf(t string) string { return `{"type": "array", "java-array": true, "items": ` + t + `}` }

func listOf(t string) string { return `{"type": "array", "items": ` + t + `}` }

func mapOf(t string) string { return `{"type": "map", "values": ` + t + `}` }

// recordOf returns the schema of a record with fields a, b and so on of these types.
func recordOf(types ...string) string {
	var fields []string
	for i, t := range types {
		fields = append(fields, `{"name": "`+string(rune('a'+i))+`", "type": `+t+`}`)
	}
	return `{"type": "record", "name": "R", "fields": [` + strings.Join(fields, ", ") + `]}`
}

// valuesOf returns the record with these values.
func valuesOf(values ...string) string {
	var fields []string
	for i, v := range values {
		fields = append(fields, `"`+string(rune('a'+i))+`": `+v)
	}
	return `{` + strings.Join(fields, ", ") + `}`
}

// open returns the codec of a schema and a record.
func open(t *testing.T, f codecs.Format, schema, record string) (codecs.Codec, any) {
	t.Helper()
	c, typ := codectest.Open(t, f, schema)
	v := typ.New()
	if err := access.Unmarshal(typ, []byte(record), v); err != nil {
		t.Fatal(err)
	}
	return c, v
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A tuple of one field is what the field's serializer writes. Those marked with a + are not among the bytes that Flink
// was seen to write but follow from its layouts.
func TestSerializers(t *testing.T) {
	for _, tt := range []struct{ name, typ, value, want string }{
		{"BigInteger 128", decimalType, `"\u0000\u0080"`, "000000060080" + "00000000"},
		{"BigInteger -1", decimalType, `"\u00ff"`, "00000005ff" + "00000000"},
		{"BigInteger 12345678901234567890", decimalType, `"\u0000\u00ab\u0054\u00a9\u008c\u00eb\u001f\u000a\u00d2"`, "0000000d00ab54a98ceb1f0ad2" + "00000000"},
		{"BigInteger 0 that is not ZERO", decimalType, `"\u0000"`, "0000000500" + "00000000"},
		{"BigDecimal 1.23", scaledType, `"\u007b"`, "000000057b00000002"},
		{"Date(1000)", utilDateType, `1000`, "00000000000003e8"},
		{"+Instant 1 s, 2 us", instantType, `1000002`, "0000000000000001000007d0"},
		{"+Instant before the epoch", instantType, `-1`, "ffffffffffffffff3b9ac618"},
		{"LocalDate 2024-02-29", dateType, `19782`, "000007e8021d"},
		{"+LocalTime 01:02:03.000004", timeType, `3723000004`, "01020300000fa0"},
		{"+LocalDateTime", dateTimeType, `1709168523000004`, "000007e8021d01020300000fa0"},
		{"+sql.Timestamp 1.5 s", timestampType, `1500`, "00000000000005dc1dcd6500"},
		{"+enum", enumType, `"B"`, "00000001"},
		{"+byte[]", `"bytes"`, `"\u00ff"`, "00000001ff"},
		{"int[]{1,-1}", arrayOf(`"int"`), `[1, -1]`, "0000000200000001ffffffff"},
		{"boolean[]{t,f}", arrayOf(`"boolean"`), `[true, false]`, "000000020100"},
		{"String[]{a,null}", arrayOf(nullable(`"string"`)), `[{"string": "a"}, null]`, "00000002026100"},
		{"String[] 0..9", arrayOf(`"string"`), `["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]`, "0000000a0230023102320233023402350236023702380239"},
		{"Integer[]{1,null}", arrayOf(nullable(`"int"`)), `[{"int": 1}, null]`, "00000002010000000100"},
		{"List<Integer>[1,2]", listOf(`"int"`), `[1, 2]`, "000000020000000100000002"},
		{"+List<String>[a,null]", listOf(nullable(`"string"`)), `[{"string": "a"}, null]`, "00000002026100"},
		{"+NullableList<Integer>[1,null]", listOf(nullable(`"int"`)), `[{"int": 1}, null]`, "00000000020000000001" + "01"},
		{"Map{b:null}", mapOf(nullable(`"int"`)), `{"b": null}`, "00000001026201"},
		{"Map{a:1,b:null}", mapOf(nullable(`"int"`)), `{"a": {"int": 1}, "b": null}`, "0000000202610000000001026201"},
		{"List[Apache,Flink]", listOf(`"string"`), `["Apache", "Flink"]`, "000000020741706163686506466c696e6b"},
		{"BigDecimal of 16 bytes", `{"type": "bytes", "logicalType": "decimal", "precision": 40, "scale": 3}`,
			`"\u005c\u00e0\u00e9\u00a5\u0060\u0015\u00fe\u00c5\u00aa\u00df\u00a3\u0028\u00ae\u0039\u0081\u0015"`, "000000145ce0e9a56015fec5aadfa328ae39811500000003"},
		{"enum 5", `{"type": "enum", "name": "E", "symbols": ["A", "B", "C", "D", "F", "G"]}`, `"G"`, "00000005"},
		{"sql.Timestamp", timestampType, `1580382960`, "000000005e32baf039387000"},
		{"Map{a:1}", mapOf(nullable(`"int"`)), `{"a": {"int": 1}}`, "0000000102610000000001"},
		{"null String", nullable(`"string"`), `null`, "00"},
		{"null Date", nullable(utilDateType), `null`, "8000000000000000"},
		{"null Instant", nullable(instantType), `null`, "800000000000000080000000"},
		{"null LocalDate", nullable(dateType), `null`, "800000008000"},
		{"null LocalTime", nullable(timeType), `null`, "80800080000000"},
		{"null LocalDateTime", nullable(dateTimeType), `null`, "80000000800080800080000000"},
		{"null BigDecimal", nullable(decimalType), `null`, "00000000"},
		{"null UUID", nullable(uuidType), `null`, "00"},
		{"null Object", `["null", "int", "string"]`, `null`, "00"},
		{"Void", `"null"`, `null`, "00"},
		{"+tuple in a tuple", `{"type": "record", "name": "I", "fields": [{"name": "x", "type": "int"}]}`, `{"x": 1}`, "00000001"},
	} {
		check(t, row.Tuple, tt.name, recordOf(tt.typ), valuesOf(tt.value), tt.want)
	}
}

func TestComposites(t *testing.T) {
	nine := []string{byteType, byteType, byteType, byteType, byteType, byteType, nullable(byteType), byteType, byteType}
	for _, tt := range []struct {
		name                 string
		format               codecs.Format
		schema, record, want string
	}{
		{"Tuple3(1,a,2.0)", row.Tuple, recordOf(`"int"`, `"string"`, `"double"`), valuesOf(`1`, `"a"`, `2.0`), "0000000102614000000000000000"},
		{"Tuple3(hello Gordon,ciao,14)", row.Tuple, recordOf(`"string"`, `"string"`, `"int"`), valuesOf(`"hello Gordon"`, `"ciao"`, `14`), "0d68656c6c6f20476f72646f6e056369616f0000000e"},
		{"Tuple2(null,1)", row.Tuple, recordOf(nullable(`"string"`), `"int"`), valuesOf(`null`, `1`), "0000000001"},
		{"Row(1,null,x)", row.Format, recordOf(`"int"`, nullable(`"long"`), `"string"`), valuesOf(`1`, `null`, `"x"`), "10000000010278"},
		{"Row of 9 bytes, field 6 null", row.Format, recordOf(nine...), valuesOf("0", "1", "2", "3", "4", "5", "null", "7", "8"), "00800001020304050708"},
		{"Row(null,42,My string.,null)", row.Format, recordOf(nullable(`"int"`), nullable(`"long"`), nullable(`"string"`), nullable(`"int"`)),
			valuesOf(`null`, `{"long": 42}`, `{"string": "My string."}`, `null`), "24000000000000002a0b4d7920737472696e672e"},
		{"+Row of nothing", row.Format, recordOf(), `{}`, "00"},
		{"+Row in a Row", row.Format, recordOf(nullable(`"int"`), `{"type": "record", "name": "I", "fields": [{"name": "x", "type": ["null", "int"]}]}`, nullable(`"int"`)),
			valuesOf(`null`, `{"x": null}`, `null`), "2820"},
		{"+Void in a Row", row.Format, recordOf(`"null"`, `"int"`), valuesOf(`null`, `1`), "2000000001"},
	} {
		check(t, tt.format, tt.name, tt.schema, tt.record, tt.want)
	}
}

// check checks that f writes record as want, and reads it into the place of another.
func check(t *testing.T, f codecs.Format, name, schema, record, want string) {
	t.Helper()
	c, v := open(t, f, schema, record)
	src := unhex(t, want)
	if got, err := c.Append(nil, v); !bytes.Equal(got, src) || err != nil {
		t.Errorf("%s: got %x, %v, want %s", name, got, err, want)
	}
	w := reflect.New(reflect.TypeOf(v).Elem()).Interface()
	if err := c.Decode(src, w); err != nil {
		t.Errorf("%s: Decode(%s): %v", name, want, err)
	}
	if got, err := c.Append(nil, w); !bytes.Equal(got, src) || err != nil {
		t.Errorf("%s: comes back as %x, %v, want %s", name, got, err, want)
	}
}

// BigInteger's short forms, for which a program with other decimals has occasion, are read.
func TestShortForms(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"0000000100000002", "000000050000000002"}, // BigDecimal 0
		{"0000000200000002", "000000050100000002"},
		{"0000000300000002", "000000050a00000002"},
	} {
		c, v := open(t, row.Tuple, recordOf(scaledType), valuesOf(`"\u007b"`))
		if err := c.Decode(unhex(t, tt.src), v); err != nil {
			t.Errorf("Decode(%s): %v", tt.src, err)
		}
		if got, err := c.Append(nil, v); !bytes.Equal(got, unhex(t, tt.want)) || err != nil {
			t.Errorf("Decode(%s) gives %x, %v, want %s", tt.src, got, err, tt.want)
		}
	}
}

// Bytes that Flink does not write for the schema are refused, and so are those of values that the schema cannot hold.
func TestRefused(t *testing.T) {
	three, nested := recordOf(`"int"`, nullable(`"long"`), `"string"`), recordOf(`{"type": "record", "name": "I", "fields": [{"name": "x", "type": "int"}]}`)
	for _, tt := range []struct {
		format            codecs.Format
		schema, src, want string
	}{
		{row.Format, three, "90000000010278", "mask 90 of a R: the RowKind is not +I"}, // -U
		{row.Format, three, "50000000010278", "the RowKind is not +I"},                 // +U
		{row.Format, three, "d0000000010278", "the RowKind is not +I"},                 // -D
		{row.Format, three, "40000000010278", "the RowKind is not +I"},                 // a Row without a RowKind
		{row.Format, three, "14000000010278", "mask 14 of a R: bits 0x04 of byte 0 belong to no field that may be null"},
		{row.Format, three, "30000000010278", "bits 0x20 of byte 0"}, // field a is never null
		{row.Format, three, "100000000102", "c: the input ends within a value"},
		{row.Format, three, "1000000001027800", "1 bytes: bytes are left behind the record"},
		{row.Format, three, "", "the input ends within a value"},
		{row.Format, nested, "002000000001", "a: mask 20 of a I"},
		{row.Format, recordOf(`"null"`), "00", "a: a Void that is not null"},
		{row.Format, recordOf(nullable(`"string"`)), "0000", "a: the string is null"},
		{row.Format, recordOf(nullable(uuidType)), "0000", "a: null for a java.util.UUID that is not"},
		{row.Format, recordOf(`["int", "string"]`), "0000", "a: null for a java.lang.Object that is not"},
		{row.Format, recordOf(nullable(utilDateType)), "008000000000000000", "a: a date of -2^63 milliseconds"},
		{row.Format, recordOf(nullable(decimalType)), "0000000000", "a: 0 is no length of a BigInteger"},
		{row.Tuple, recordOf(decimalType), "0000000400000000", "a: 4 is no length of a BigInteger"},
		{row.Tuple, recordOf(decimalType), "000000057b00000001", "a: a decimal of scale 1, the schema says 0"},
		{row.Tuple, recordOf(decimalType), "000001057b00000000", "a: the input ends within a value"},
		{row.Tuple, recordOf(instantType), "000000000000000100000002", "2 nanoseconds do not fit"}, // Instant(1s, 2ns)
		{row.Tuple, recordOf(instantType), "800000000000000080000000", "nanoseconds do not fit"},
		{row.Tuple, recordOf(timestampType), "00000000000005dc1dcd6507", "500000007 nanoseconds do not fit 1500 milliseconds"}, // sql.Timestamp 1.500000007 s
		{row.Tuple, recordOf(timestampType), "800000000000000000000000", "a date of -2^63 milliseconds"},
		{row.Tuple, recordOf(timeType), "01020300000004", "4 nanoseconds do not fit"}, // LocalTime 01:02:03.000000004
		{row.Tuple, recordOf(timeType), "18000000000000", "no such time of day"},
		{row.Tuple, recordOf(timeType), "80800080000000", "no such time of day"},
		{row.Tuple, recordOf(dateType), "000007e7021d", "no such date"}, // 2023-02-29
		{row.Tuple, recordOf(dateType), "800000008000", "no such date"},
		{row.Tuple, recordOf(dateType), "005b66700101", "no such date"}, // of year 5990000, which LocalDate has and an int of days has not
		{row.Tuple, recordOf(enumType), "00000002", "E has no constant 2"},
		{row.Tuple, recordOf(enumType), "ffffffff", "E has no constant -1"},
		{row.Tuple, recordOf(`"boolean"`), "02", "0x02 is no boolean"},
		{row.Tuple, recordOf(`"bytes"`), "7fffffff", "the input ends within a value"},
		{row.Tuple, recordOf(listOf(`"int"`)), "000000020000000100", "2 elements are announced and 5 bytes are left"},
		{row.Tuple, recordOf(listOf(`"int"`)), "ffffffff", "-1 elements are announced"},
		{row.Tuple, recordOf(listOf(nullable(`"int"`))), "01", "a list that is there and null"},
		{row.Tuple, recordOf(listOf(nullable(`"int"`))), "000000000102", "a: [0]: 0x02 is no boolean"},
		{row.Tuple, recordOf(listOf(nullable(listOf(nullable(`"int"`))))), "000000000102", "a: [0]: 0x02 is no boolean"},
		{row.Tuple, recordOf(listOf(nullable(listOf(nullable(`"int"`))))), "00000000010000000000" + "00", "1 bytes: bytes are left behind the record"},
		{row.Tuple, recordOf(arrayOf(`"int"`)), "7fffffff", "2147483647 elements are announced"},
		{row.Tuple, recordOf(arrayOf(`"string"`)), "0000000100", "a: [0]: the string is null"},
		{row.Tuple, recordOf(arrayOf(`"bytes"`)), "000000010000000000", "a: [0]: null for a byte[] that is never null"},
		{row.Tuple, recordOf(mapOf(`"int"`)), "0000000102610100000000", "a: {a}: null for a java.lang.Integer that is never null"},
		{row.Tuple, recordOf(mapOf(`"int"`)), "00000001000000000000", "the string is null"},
		{row.Tuple, recordOf(mapOf(`"int"`)), "00000002026100000000010261000000000100", `key "a" stands twice`},
	} {
		s := parse(t, tt.schema)
		c, err := tt.format.New(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Decode(unhex(t, tt.src), newRecord(t, s)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: Decode(%s) of %s: got error %v, want %q", tt.format.Name, tt.src, tt.schema, err, tt.want)
		}
	}
}

// Values that no object of the Java class has, and those that Flink would read as null, are not written.
func TestNotWritten(t *testing.T) {
	for _, tt := range []struct{ typ, value, want string }{
		{byteType, `128`, "a: 128 is no byte"},
		{utilDateType, `-9223372036854775808`, "a: a date of -2^63 milliseconds"},
		{timestampType, `-9223372036854775808`, "a: a date of -2^63 milliseconds"},
		{timeType, `86400000000`, "a: 86400000000 is no time of day"},
		{uuidType, `"no UUID"`, `a: "no UUID" is no canonical UUID`},
		{listOf(timeType), `[0, -1]`, "a: [1]: -1 is no time of day"},
		{mapOf(byteType), `{"k": -129}`, "a: {k}: -129 is no byte"},
		{arrayOf(byteType), `[0, 200]`, "a: [1]: 200 is no byte"},
	} {
		for _, f := range formats {
			c, v := open(t, f, recordOf(tt.typ), valuesOf(tt.value))
			if got, err := c.Append(nil, v); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %s of %s: got %x and error %v, want %q", f.Name, tt.value, tt.typ, got, err, tt.want)
			}
		}
	}
}

func newRecord(t testing.TB, s *schemas.Schema) any {
	t.Helper()
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	return typ.New()
}

// everything returns the schema of every kind of field, and what Flink wrote of its records.
func everything(t testing.TB) (s *schemas.Schema, encoded [][]byte) {
	t.Helper()
	dir := filepath.Join(vectors, "everything")
	s, err := schemas.Load(filepath.Join(dir, "schema.avsc"), "")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, row.Format.Name+".hex"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.FieldsSeq(string(text)) {
		encoded = append(encoded, unhex(t, line))
	}
	return s, encoded
}

// Once a codec has the room that it needs, encoding allocates nothing, whatever the fields.
func TestEncodeAllocs(t *testing.T) {
	s, encoded := everything(t)
	c, err := row.Format.New(s)
	if err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 0, 1<<16)
	for i, src := range encoded {
		v := newRecord(t, s)
		if err := c.Decode(src, v); err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(10, func() {
			if _, err := c.Append(buf, v); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("record %d: Append allocates %v times, want 0", i, n)
		}
	}
}

// FuzzEverything has the serializers that the schema of FuzzRow has not. What is accepted is a fixpoint.
func FuzzEverything(f *testing.F) {
	s, encoded := everything(f)
	for _, src := range encoded {
		f.Add(src)
	}
	c, err := row.Format.New(s)
	if err != nil {
		f.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		v, w := typ.New(), typ.New()
		if c.Decode(src, v) != nil {
			return
		}
		enc, err := c.Append(nil, v)
		if err != nil {
			t.Fatalf("what was read is not written: %v", err)
		}
		if err := c.Decode(enc, w); err != nil {
			t.Fatalf("what was written as %x is not read: %v", enc, err)
		}
		if again, err := c.Append(nil, w); !bytes.Equal(again, enc) || err != nil {
			t.Fatalf("%x comes back as %x, %v", enc, again, err)
		}
	})
}
