package memcpy_test

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/memcpy"
	"github.com/wirecost/wirecost/schemas/access"
)

// bind returns a codec for records of fields.
func bind(t *testing.T, fields string) (codecs.Codec, *access.Type) {
	t.Helper()
	return codectest.Open(t, memcpy.Format, `{"type": "record", "name": "R", "fields": [`+fields+`]}`)
}

// The layout is what the package comment says.
func TestImage(t *testing.T) {
	for _, tt := range []struct{ field, value, want string }{
		{`"boolean"`, `true`, "01"},
		{`"int"`, `-2`, "feffffff"},
		{`"long"`, `258`, "0201000000000000"},
		{`"float"`, `1.5`, "0000c03f"},
		{`"double"`, `1.5`, "000000000000f83f"},
		{`"string"`, `"hé"`, "03000000 68c3a9"},
		{`"bytes"`, `"\u0001ÿ"`, "02000000 01ff"},
		{`"null"`, `null`, ""},
		{`{"type": "fixed", "name": "X", "size": 2}`, `"ab"`, "6162"},
		{`{"type": "enum", "name": "E", "symbols": ["A", "B"]}`, `"B"`, "01000000"},
		{`["null", "int"]`, `null`, "00"},
		{`["null", "int"]`, `{"int": 1}`, "01 01000000"},
		{`["null", "int", "string"]`, `{"string": "a"}`, "02 01000000 61"},
		{`{"type": "array", "items": "boolean"}`, `[true, false]`, "02000000 01 00"},
		{`{"type": "map", "values": "boolean"}`, `{"b": true, "a": false}`, "02000000 01000000 61 00 01000000 62 01"},
		{`{"type": "record", "name": "In", "fields": [{"name": "x", "type": "boolean"}, {"name": "y", "type": "string"}]}`,
			`{"x": true, "y": ""}`, "01 00000000"},
		{`["null", "R"]`, `{"R": {"f": {"R": {"f": null}}}}`, "01 01 00"},
	} {
		c, typ := bind(t, `{"name": "f", "type": `+tt.field+`}`)
		v, img := typ.New(), new(memcpy.Image)
		if err := access.Unmarshal(typ, []byte(`{"f": `+tt.value+`}`), v); err != nil {
			t.Fatal(err)
		}
		if err := c.(codecs.Converter).FromStruct(img, v); err != nil {
			t.Fatal(err)
		}
		if got, want := hex.EncodeToString(*img), strings.ReplaceAll(tt.want, " ", ""); got != want {
			t.Errorf("%s: %s is %s, want %s", tt.field, tt.value, got, want)
		}
	}
}

// What is no image is refused when it is converted.
func TestRefused(t *testing.T) {
	for _, tt := range []struct{ field, image, want string }{
		{`"boolean"`, "02", "is no boolean"},
		{`"int"`, "000000", "ends within a value"},
		{`"int"`, "0000000000", "bytes are left behind the record"},
		{`"string"`, "01000000ff", "not UTF-8"},
		{`"string"`, "ffffffff", "ends within a value"},
		{`{"type": "enum", "name": "E", "symbols": ["A"]}`, "01000000", "E has no symbol 1"},
		{`["null", "int"]`, "02", "no branch 2"},
		{`{"type": "array", "items": "long"}`, "ffffffff", "ends within a value"},
		{`{"type": "array", "items": "null"}`, "ffffffff", "ends within a value"},
		{`{"type": "map", "values": "null"}`, "02000000 00000000 00000000", `map key "" does not come after ""`},
		{`["null", "R"]`, strings.Repeat("01", 20_000), "nested more than 10000 deep"},
	} {
		c, typ := bind(t, `{"name": "f", "type": `+tt.field+`}`)
		src, err := hex.DecodeString(strings.ReplaceAll(tt.image, " ", ""))
		if err != nil {
			t.Fatal(err)
		}
		img := memcpy.Image(src)
		err = c.(codecs.Converter).ToStruct(typ.New(), &img)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s from %.20s: got error %v, want %s", tt.field, tt.image, err, tt.want)
		}
	}
}

// Counts inside each other, or of what has to come yet, take no memory and no time beyond what the image is long enough for.
func TestForged(t *testing.T) {
	count := func(n int, hex string) string { return strings.Repeat(hex, n) }
	for _, tt := range []struct{ name, field, image string }{
		{"a list inside itself", `{"type": "array", "items": "R"}`, count(8000, "ff3f0000") + count(1<<16, "00")},
		{"a map inside itself", `{"type": "map", "values": "R"}`, count(8000, "ff1f000000000000") + count(1<<16, "00")},
		{"lists of lists", strings.Repeat(`{"type": "array", "items": `, 200) + `"long"` + strings.Repeat("}", 200),
			count(200, "00080000") + count(8192, "00")},
		{"a list of records that hold the one around", `{"type": "array", "items": {"type": "record", "name": "In", "fields": [{"name": "r", "type": "R"}]}}`,
			"ffff0f00"},
		{"lists of lists of nothing", `{"type": "array", "items": {"type": "array", "items": "null"}}`, "00040000" + count(1024, "ffff0f00")},
		{"a large fixed", `["null", {"type": "fixed", "name": "X", "size": 400000}]`, "01"},
		{"a large fixed in a map", `{"type": "map", "values": {"type": "fixed", "name": "X", "size": 400000}}`, "010000000000000000"},
	} {
		c, typ := bind(t, `{"name": "f", "type": `+tt.field+`}`)
		src, err := hex.DecodeString(tt.image)
		if err != nil {
			t.Fatal(err)
		}
		img := memcpy.Image(src)
		used := codectest.Allocated(func() { err = c.(codecs.Converter).ToStruct(typ.New(), &img) })
		if most := uint64(4096 + 200*len(src)); err == nil || used > most {
			t.Errorf("%s: %d bytes make ToStruct allocate %d, error %v, want at most %d and an error", tt.name, len(src), used, err, most)
		}
	}
}

// A key is read from an image without allocation, text included.
func TestFieldAllocs(t *testing.T) {
	c, typ := bind(t, `{"name": "a", "type": "string"}, {"name": "b", "type": ["null", {"type": "record", "name": "In", "fields": [
		{"name": "list", "type": {"type": "array", "items": "int"}}, {"name": "key", "type": "string"}]}]}`)
	v, img := typ.New(), new(memcpy.Image)
	if err := access.Unmarshal(typ, []byte(`{"a": "before", "b": {"In": {"list": [1, 2], "key": "k"}}}`), v); err != nil {
		t.Fatal(err)
	}
	conv := c.(codecs.Converter)
	if err := conv.FromStruct(img, v); err != nil {
		t.Fatal(err)
	}
	read, err := conv.Field("b.key")
	if err != nil {
		t.Fatal(err)
	}
	var native any = img
	allocs := testing.AllocsPerRun(10, func() {
		if got, err := read(native); err != nil || got.Text != "k" {
			t.Fatalf("got %+v, error %v, want k", got, err)
		}
	})
	if allocs != 0 {
		t.Errorf("reading a key allocates %v times, want 0", allocs)
	}
}
