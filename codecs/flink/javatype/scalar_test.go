package javatype

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/schemas/access"
)

// Types of fields.
const (
	byteType    = `{"type": "int", "java-class": "byte"}`
	shortType   = `{"type": "int", "java-class": "short"}`
	enumType    = `{"type": "enum", "name": "E", "symbols": ["A", "B", "C"]}`
	fixedType   = `{"type": "fixed", "name": "X", "size": 2}`
	instantType = `{"type": "long", "logicalType": "timestamp-micros"}`
	dateType    = `{"type": "long", "logicalType": "timestamp-millis", "java-class": "java.util.Date"}`
	sqlType     = `{"type": "long", "logicalType": "timestamp-millis", "java-class": "java.sql.Timestamp"}`
	decimalType = `{"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 2}`
	wideType    = `{"type": "fixed", "name": "W", "size": 3, "logicalType": "decimal", "precision": 6, "scale": 0}`
)

// What Flink's serializers wrote; those marked with a + follow from their layouts. Of each the parts that a dissection shows.
var scalars = []struct{ name, typ, value, want, parts string }{
	{"true", `"boolean"`, `true`, "01", "true"},
	{"byte -1", byteType, `-1`, "ff", "-1"},
	{"short 258", shortType, `258`, "0102", "258"},
	{"int -1", `"int"`, `-1`, "ffffffff", "-1"},
	{"long 1000", `"long"`, `1000`, "00000000000003e8", "1000"},
	{"float 1", `"float"`, `1`, "3f800000", "1.0"},
	{"+float NaN", `"float"`, `"NaN"`, "7fc00000", `"NaN"`},
	{"double 1", `"double"`, `1`, "3ff0000000000000", "1.0"},
	{"+double -0", `"double"`, `-0.0`, "8000000000000000", "-0.0"},
	{"String", `"string"`, `"hello"`, "0668656c6c6f", `length 5 characters|"hello"`},
	{"String of no character", `"string"`, `""`, "01", `length 0 characters|""`},
	{"String of a surrogate pair", `"string"`, `"\ud83d\ude00"`, "03bdb00380bc03", "length 2 characters|\"\U0001f600\""},
	{"+byte[]", `"bytes"`, `"\u0001\u0002"`, "000000020102", `length 2 bytes|"\u0001\u0002"`},
	{"+byte[] of a fixed", fixedType, `"\u0001\u0002"`, "000000020102", `length 2 bytes|"\u0001\u0002"`},
	{"enum", enumType, `"C"`, "00000002", `"C"`},
	{"+Instant 1 s, 2 us", instantType, `1000002`, "0000000000000001000007d0", "1970-01-01T00:00:01.000002Z"},
	{"+Instant before the epoch", instantType, `-1`, "ffffffffffffffff3b9ac618", "1969-12-31T23:59:59.999999Z"},
	{"Date(1000)", dateType, `1000`, "00000000000003e8", "1970-01-01T00:00:01Z"},
	{"+sql.Timestamp 1.5 s", sqlType, `1500`, "00000000000005dc1dcd6500", "1970-01-01T00:00:01.5Z"},
	{"BigDecimal 1.23", decimalType, `"\u007b"`, "000000057b00000002", "length 1 byte|1.23|scale 2"},
	{"BigDecimal 0.00 that is not ZERO", decimalType, `"\u0000"`, "000000050000000002", "length 1 byte|0.00|scale 2"},
	{"+BigDecimal of bytes that say nothing", decimalType, `"\u0000\u0000\u0080"`, "00000006008000000002", "length 2 bytes|1.28|scale 2"},
	{"+BigDecimal of a fixed", wideType, `"\u00ff\u00ff\u0080"`, "000000058000000000", "length 1 byte|-128|scale 0"},
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func read(src []byte) *dataio.Reader {
	r := &dataio.Reader{}
	r.Reset(src)
	return r
}

func TestScalars(t *testing.T) {
	for _, tt := range scalars {
		typ, v := place(t, tt.typ, tt.value)
		want := unhex(t, tt.want)
		got, err := typ.AppendScalar([]byte{0xee}, v)
		if err != nil || !bytes.Equal(got, append([]byte{0xee}, want...)) {
			t.Errorf("%s: got %x, error %v, want ee%s", tt.name, got, err, tt.want)
		}
		if n := typ.LeastScalar(); n > len(want) {
			t.Errorf("%s: the smallest value takes %d bytes, and this one %d", tt.name, n, len(want))
		}
		r, again := read(append(want, 0xee)), typ.Value.Alloc()
		if err := typ.ReadScalar(r, again); err != nil || r.Left() != 1 {
			t.Errorf("%s: ReadScalar: error %v and %d bytes are left, want 1", tt.name, err, r.Left())
		}
		if err := access.Diff(typ.Value, v, again); err != nil {
			t.Errorf("%s comes back as another value: %v", tt.name, err)
		}
		for n := range want {
			if err := typ.ReadScalar(read(want[:n]), again); err == nil {
				t.Errorf("%s: %d of its bytes are read without an error", tt.name, n)
			}
		}
	}
}

func TestDissectScalars(t *testing.T) {
	for _, tt := range scalars {
		typ, _ := place(t, tt.typ, tt.value)
		var parts []string
		r := read(append(unhex(t, tt.want), 0xee))
		err := typ.DissectScalar(r, func(length bool, text string) {
			if length {
				text = "length " + text
			}
			parts = append(parts, text)
		})
		if got := strings.Join(parts, "|"); got != tt.parts || err != nil || r.Left() != 1 {
			t.Errorf("%s: got %s, error %v and %d bytes left, want %s and 1", tt.name, got, err, r.Left(), tt.parts)
		}
	}
}

// BigInteger's constants are read, which only another program's decimals are.
func TestShortDecimals(t *testing.T) {
	for _, tt := range []struct{ src, text string }{{"0000000100000002", "0.00"}, {"0000000200000002", "0.01"}, {"0000000300000002", "0.10"}} {
		typ, v := place(t, decimalType, `"\u007b"`)
		if err := typ.ReadScalar(read(unhex(t, tt.src)), v); err != nil || typ.Text(v) != tt.text {
			t.Errorf("%s: got %s, error %v, want %s", tt.src, typ.Text(v), err, tt.text)
		}
		var parts []string
		if err := typ.DissectScalar(read(unhex(t, tt.src)), func(_ bool, text string) { parts = append(parts, text) }); err != nil || strings.Join(parts, "|") != tt.text+"|scale 2" {
			t.Errorf("%s: cut into %q, error %v", tt.src, parts, err)
		}
	}
}

// Values that no object of the class has, and those that Flink would read as null, are not written.
func TestScalarsNotWritten(t *testing.T) {
	for _, tt := range []struct{ typ, value, want string }{
		{byteType, `128`, "128 is no byte"},
		{byteType, `-129`, "-129 is no byte"},
		{shortType, `32768`, "32768 is no short"},
		{dateType, `-9223372036854775808`, "a date of -2^63 milliseconds"},
		{sqlType, `-9223372036854775808`, "a date of -2^63 milliseconds"},
		{`{"type": "string", "logicalType": "uuid"}`, `""`, "a java.util.UUID is no scalar"},
		{`{"type": "array", "items": "int"}`, `[]`, "a java.util.List<java.lang.Integer> is no scalar"},
	} {
		typ, v := place(t, tt.typ, tt.value)
		if got, err := typ.AppendScalar(nil, v); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s of %s: got %x, error %v, want %q", tt.value, tt.typ, got, err, tt.want)
		}
	}
	typ, v := place(t, enumType, `"A"`)
	v.SetText("D")
	if got, err := typ.AppendScalar(nil, v); err == nil || err.Error() != `"D" is no symbol of E` {
		t.Errorf("another symbol: got %x, error %v", got, err)
	}
}

func TestScalarsRefused(t *testing.T) {
	for _, tt := range []struct{ typ, src, want string }{
		{`"boolean"`, "02", "0x02 is no boolean"},
		{`"string"`, "00", "the string is null"},
		{`"bytes"`, "ffffffff", "the input ends within a value"},
		{`"bytes"`, "7fffffff00", "the input ends within a value"},
		{fixedType, "00000003010203", "3 bytes for a fixed of 2"},
		{enumType, "00000003", "E has no constant 3"},
		{enumType, "ffffffff", "E has no constant -1"},
		{instantType, "000000000000000100000002", "2 nanoseconds do not fit"},
		{dateType, "8000000000000000", "a date of -2^63 milliseconds"},
		{sqlType, "00000000000005dc1dcd6507", "500000007 nanoseconds do not fit 1500 milliseconds"},
		{decimalType, "00000000", "0 is no length of a BigInteger"},
		{decimalType, "0000000400000002", "4 is no length of a BigInteger"},
		{decimalType, "000000057b00000001", "a decimal of scale 1, the schema says 2"},
		{wideType, "000000080100000000000000", "a decimal of 4 bytes, the schema has 3"},
	} {
		typ, _ := place(t, tt.typ, zeroOf(tt.typ))
		if err := typ.ReadScalar(read(unhex(t, tt.src)), typ.Value.Alloc()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s of %s: got error %v, want %q", tt.src, tt.typ, err, tt.want)
		}
	}
}

// zeroOf returns some value of a type, in JSON.
func zeroOf(typ string) string {
	switch {
	case typ == enumType:
		return `"A"`
	case typ == fixedType:
		return `"\u0000\u0000"`
	case typ == wideType:
		return `"\u0000\u0000\u0000"`
	case typ == `"boolean"`:
		return "false"
	case strings.Contains(typ, "bytes"), strings.Contains(typ, "string"):
		return `""`
	}
	return "0"
}

// Arrays of primitives and of strings.
func TestArrays(t *testing.T) {
	array := func(items string) string { return `{"type": "array", "java-array": true, "items": ` + items + `}` }
	for _, tt := range []struct{ name, typ, value, want string }{
		{"int[]{1,-1}", array(`"int"`), `[1, -1]`, "0000000200000001ffffffff"},
		{"boolean[]{t,f}", array(`"boolean"`), `[true, false]`, "000000020100"},
		{"+byte[]{1,-1}", array(byteType), `[1, -1]`, "0000000201ff"},
		{"+short[]{258}", array(shortType), `[258]`, "000000010102"},
		{"+int[]{1,-1} of unions of one branch", array(`["int"]`), `[{"int": 1}, {"int": -1}]`, "0000000200000001ffffffff"},
		{"+int[0]", array(`"int"`), `[]`, "00000000"},
		{"String[]{a,null}", array(`["null", "string"]`), `[{"string": "a"}, null]`, "00000002026100"},
		{"+String[]{a,b}", array(`"string"`), `["a", "b"]`, "0000000202610262"},
	} {
		typ, v := place(t, tt.typ, tt.value)
		write, readArray := typ.AppendPrimitives, typ.ReadPrimitives
		if typ.Elem.Class == String {
			write, readArray = typ.AppendStrings, typ.ReadStrings
		}
		got, err := write(nil, v)
		if err != nil || hex.EncodeToString(got) != tt.want {
			t.Errorf("%s: got %x, error %v, want %s", tt.name, got, err, tt.want)
		}
		r, again := read(got), typ.Value.Alloc()
		if err := readArray(r, again); err != nil || r.Left() > 0 {
			t.Errorf("%s: error %v, and %d bytes are left", tt.name, err, r.Left())
		}
		if err := access.Diff(typ.Value, v, again); err != nil {
			t.Errorf("%s comes back as another value: %v", tt.name, err)
		}
	}
}

func TestText(t *testing.T) {
	for _, tt := range []struct{ typ, value, want string }{
		{`"int"`, `-7`, "-7"},
		{`"double"`, `"Infinity"`, `"Infinity"`},
		{`"string"`, `"a\"b"`, `"a\"b"`},
		{enumType, `"B"`, `"B"`},
		{`{"type": "int", "logicalType": "date"}`, `19782`, "2024-02-29"},
		{`{"type": "int", "logicalType": "date"}`, `-719529`, "-0001-12-31"},
		{`{"type": "int", "logicalType": "date"}`, `2147483647`, "5881580-07-11"},
		{`{"type": "int", "logicalType": "time-millis"}`, `3723004`, "01:02:03.004"},
		{`{"type": "long", "logicalType": "time-micros"}`, `86399999999`, "23:59:59.999999"},
		{`{"type": "long", "logicalType": "time-micros"}`, `86400000000`, "86400000000"}, // which is no time of day
		{`{"type": "long", "logicalType": "local-timestamp-millis"}`, `189279576403200000`, "6000001-01-01T00:00:00"},
		{`{"type": "long", "logicalType": "local-timestamp-millis"}`, `9223372036854775807`, "292278994-08-17T07:12:55.807"},
		{`{"type": "long", "logicalType": "timestamp-millis"}`, `-9223372036854775808`, "-292275055-05-16T16:47:04.192Z"},
		{instantType, `0`, "1970-01-01T00:00:00Z"},
		{sqlType, `1500`, "1970-01-01T00:00:01.5Z"},
		{decimalType, `"\u00ff"`, "-0.01"},
		{wideType, `"\u0000\u0001\u0000"`, "256"},
	} {
		typ, v := place(t, tt.typ, tt.value)
		if got := typ.Text(v); got != tt.want {
			t.Errorf("%s of %s: got %s, want %s", tt.value, tt.typ, got, tt.want)
		}
	}
}

// Null has a place in a union that has null, and in none but that.
func TestNull(t *testing.T) {
	for _, tt := range []struct {
		typ, value, java string
		null             bool
	}{
		{`["null", "int"]`, `{"int": 1}`, "java.lang.Integer", true},
		{`["string", "null"]`, `{"string": ""}`, "java.lang.String", true},
		{`["null", "int", "string"]`, `{"int": 1}`, "java.lang.Object", true},
		{`"null"`, `null`, "java.lang.Void", true},
		{`["null"]`, `null`, "java.lang.Void", true},
		{`"int"`, `1`, "int", false},
		{`["int"]`, `{"int": 1}`, "int", false},
		{`["int", "string"]`, `{"int": 1}`, "java.lang.Object", false},
	} {
		typ, _ := place(t, tt.typ, tt.value)
		r := typ.Slot.Alloc()
		want := ""
		if !tt.null {
			want = fmt.Sprintf("null for a %s that is never null", tt.java)
		}
		for _, err := range []error{typ.StoreNull(r), typ.CheckNull()} {
			if got := fmt.Sprint(err); want == "" && err != nil || want != "" && got != want {
				t.Errorf("%s: got error %v, want %q", tt.typ, err, want)
			}
		}
	}
}

func TestUUID(t *testing.T) {
	for _, tt := range []struct {
		text     string
		msb, lsb uint64
	}{
		{"00000000-0000-0001-0000-000000000002", 1, 2},
		{"ffffffff-ffff-ffff-8000-000000000000", 1<<64 - 1, 1 << 63},
		{"01234567-89ab-cdef-0123-456789abcdef", 0x0123456789abcdef, 0x0123456789abcdef},
	} {
		if msb, lsb, err := ParseUUID(tt.text); msb != tt.msb || lsb != tt.lsb || err != nil {
			t.Errorf("ParseUUID(%s) = %x, %x, %v, want %x, %x", tt.text, msb, lsb, err, tt.msb, tt.lsb)
		}
		if got := FormatUUID(tt.msb, tt.lsb); got != tt.text {
			t.Errorf("FormatUUID(%x, %x) = %s, want %s", tt.msb, tt.lsb, got, tt.text)
		}
	}
	for _, text := range []string{"", "00000000-0000-0001-0000-00000000000A", "00000000-0000-0001-000000000000-0002", "000000000000000100000000000000000002"} {
		if msb, lsb, err := ParseUUID(text); err == nil {
			t.Errorf("ParseUUID(%q) = %x, %x, want an error", text, msb, lsb)
		}
	}
}

func TestMinimal(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"", "00"}, {"00", "00"}, {"0000", "00"}, {"007f", "7f"}, {"0080", "0080"}, {"ff", "ff"}, {"ffff", "ff"}, {"ff7f", "ff7f"}, {"ff80", "80"}, {"0100", "0100"},
	} {
		if got := Minimal(unhex(t, tt.in)); hex.EncodeToString(got) != tt.want {
			t.Errorf("Minimal(%s) = %x, want %s", tt.in, got, tt.want)
		}
	}
}
