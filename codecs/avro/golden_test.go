package avro_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

func TestGolden(t *testing.T) {
	for _, f := range []codecs.Format{avro.Format, avro.BlockSize} {
		t.Run(f.Name, func(t *testing.T) { codectest.Golden(t, f, "../testdata/checks") })
	}
}

// What Java wrote, each way.
func TestJava(t *testing.T) {
	for _, f := range []codecs.Format{avro.Format, avro.Twmb, avro.Generic} {
		t.Run(f.Name, func(t *testing.T) { codectest.Hex(t, f, "testdata/vectors", "avro.hex") })
	}
}

// open returns a codec of f for one field called f, nil if f does not carry it, and a new record.
func open(t *testing.T, f codecs.Format, field string) (codecs.Codec, any, *access.Type) {
	t.Helper()
	s, err := schemas.Parse("test.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "f", "type": `+field+`}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	c, err := f.New(s)
	if errors.Is(err, schemas.ErrUnsupported) {
		return nil, nil, typ
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, codecs.NewRecord(c, typ), typ
}

// Inputs that one of the libraries takes, or does not survive.
func TestRefused(t *testing.T) {
	const largest = "\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01" // the largest long
	const most = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"    // the longest negative long
	for _, tt := range []struct{ name, field, src string }{
		{"boolean 7", `"boolean"`, "\x07"},
		{"boolean 7 in an array", `{"type": "array", "items": "boolean"}`, "\x02\x07\x00"},
		{"nothing", `"int"`, ""},
		{"half a long", `"long"`, "\x80"},
		{"half a double", `"double"`, "\x00\x00"},
		{"half a string", `"string"`, "\x08ab"},
		{"string of negative length", `"string"`, "\x01"},
		{"string of 60 MB", `"string"`, "\x80\x9c\x9c\x39a"},
		{"string of 2^62", `"string"`, "\xfe\xff\xff\xff\xff\xff\xff\xff\x7f"},
		{"array of 2^40", `{"type": "array", "items": "long"}`, "\x80\x80\x80\x80\x80\x80\x01\x02"},
		{"array of the least count", `{"type": "array", "items": "long"}`, most + "\x02\x02"},
		{"array of a count that leaves memory", `{"type": "array", "items": "long"}`,
			"\x02\x02" + most + "\x02" + "\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01" + "\x02"},
		{"array of more than 2^63 in two blocks", `{"type": "array", "items": "long"}`,
			"\x02\x02" + largest + "\xfd\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02" + "\x02\x02"},
		{"array of booleans, more than 2^63 in two blocks", `{"type": "array", "items": "boolean"}`, "\x02\x00" + largest + "\x02\x00\x00"},
		{"array of more than 2^63, with their size", `{"type": "array", "items": "long"}`,
			"\x04\x02\x02" + "\xfd\xff\xff\xff\xff\xff\xff\xff\xff\x01\x02" + "\x02\x02\x00"},
		{"array of 2^63-2^33 behind others", `{"type": "array", "items": "string"}`,
			"\x02\x00" + "\x80\x80\x80\x80\xc0\xff\xff\xff\xff\x01" + "\x02\x00\x00"},
		{"array of 2^60 nulls", `{"type": "array", "items": "null"}`, "\x80\x80\x80\x80\x80\x80\x80\x80\x20\x00"},
		{"array without end", `{"type": "array", "items": "long"}`, "\x02\x02"},
		{"map of 2^60", `{"type": "map", "values": "null"}`, "\x80\x80\x80\x80\x80\x80\x80\x80\x20\x02k"},
		{"branch 2 of 2", `["null", "int"]`, "\x04\x00"},
		{"branch -1", `["null", "int"]`, "\x01\x00"},
		{"symbol 1 of 1", `{"type": "enum", "name": "E", "symbols": ["A"]}`, "\x02"},
		{"symbol -1", `{"type": "enum", "name": "E", "symbols": ["A"]}`, "\x01"},
		{"one byte more", `"int"`, "\x02\x00"},
		{"int of six bytes", `"int"`, "\x82\x80\x80\x80\x80\x00"},
		{"long of eleven bytes", `"long"`, "\x82\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"},
		{"symbol of six bytes", `{"type": "enum", "name": "E", "symbols": ["A"]}`, "\x80\x80\x80\x80\x80\x00"},
		{"branch of six bytes", `["null", "int"]`, "\x80\x80\x80\x80\x80\x00"},
		{"branch of six bytes, of a record inside itself", `["R", "int"]`, "\x80\x80\x80\x80\x80\x00\x02\x0a"},
		{"int of six bytes, in a record inside itself", `{"type": "record", "name": "In", "fields": [{"name": "v", "type": "int"}, {"name": "r", "type": ["R", "int"]}]}`,
			"\x80\x80\x80\x80\x80\x01\x02\x0a"},
	} {
		for _, f := range []codecs.Format{avro.Format, avro.BlockSize, avro.Generic, avro.Twmb} {
			c, v, _ := open(t, f, tt.field)
			if c == nil {
				continue
			}
			if err := c.Decode([]byte(tt.src), v); err == nil {
				t.Errorf("%s: %s: got no error", f.Name, tt.name)
			}
		}
	}
}

// Inputs that make a library allocate, or take time, without end: none may take more than its length is worth.
func TestForged(t *testing.T) {
	arrays := func(n int, items string) string {
		return strings.Repeat(`{"type": "array", "items": `, n) + items + strings.Repeat("}", n)
	}
	zeros := strings.Repeat("\x00", 8192)
	for _, tt := range []struct {
		name, field, src string
		refused          bool
	}{
		{"blocks of one long", arrays(1, `"long"`), strings.Repeat("\x02\x02", 20000) + "\x00", false},
		{"blocks of one string", arrays(2, `"string"`), "\x02" + strings.Repeat("\x02\x00", 20000) + "\x00\x00", false},
		{"200 arrays, each as long as can be", arrays(200, `"long"`), strings.Repeat("\x80\x80\x01", 200) + zeros, true},
		{"arrays of nothing", arrays(2, `{"type": "record", "name": "E", "fields": []}`), "\x80\x10" + strings.Repeat("\xfe\xff\x7f\x00", 1024) + "\x00", true},
		{"a large fixed", `["null", {"type": "fixed", "name": "X", "size": 400000}]`, "\x02", true},
		{"a large fixed in a general union", `["null", "int", {"type": "fixed", "name": "X", "size": 400000}]`, "\x04", true},
		{"a large fixed in a map", `{"type": "map", "values": {"type": "fixed", "name": "X", "size": 400000}}`, "\x02\x00a", true},
		{"large fixed in an array", arrays(1, `["null", {"type": "fixed", "name": "X", "size": 4000}]`), "\x80\x10" + strings.Repeat("\x02", 1024), true},
		{"a list inside itself", arrays(1, `"R"`), strings.Repeat("\x80\x80\x01", 8000) + zeros, true},
	} {
		for _, f := range []codecs.Format{avro.Format, avro.BlockSize, avro.Generic, avro.Twmb} {
			c, _, typ := open(t, f, tt.field)
			if c == nil {
				continue
			}
			var err error
			used := codectest.Allocated(func() { err = c.Decode([]byte(tt.src), codecs.NewRecord(c, typ)) })
			if most := uint64(4096 + 1536*len(tt.src)); used > most || tt.refused && err == nil {
				t.Errorf("%s: %s: decoding %d bytes allocates %d, error %v, want at most %d and an error %v", f.Name, tt.name, len(tt.src), used, err, most, tt.refused)
			}
		}
	}
}

// An input too short for one element of an array still has a limit on elements: what is made once is not counted.
func TestShorterThanOneElement(t *testing.T) {
	list := `{"type": "array", "items": "int"}`
	field := `["null", {"type": "array", "items": {"type": "record", "name": "E", "fields": [{"name": "a", "type": ` + list +
		`}, {"name": "b", "type": ` + list + `}, {"name": "c", "type": ` + list + `}, {"name": "d", "type": ` + list +
		`}, {"name": "e", "type": ` + list + `}]}}]`
	for _, f := range []codecs.Format{avro.Format, avro.BlockSize, avro.Generic, avro.Twmb} {
		c, _, typ := open(t, f, field)
		src := []byte("\x02\x7f")
		var err error
		used := codectest.Allocated(func() { err = c.Decode(src, codecs.NewRecord(c, typ)) })
		if used > 4096+1536*2 || err == nil {
			t.Errorf("%s: decoding 2 bytes allocates %d, error %v, want at most %d and an error", f.Name, used, err, 4096+1536*2)
		}
	}
}

// What a record inside itself needs, and whether it has booleans, is known whole.
func TestRecursive(t *testing.T) {
	c, _, _ := open(t, avro.Generic, `{"type": "array", "items": {"type": "record", "name": "In", "fields": [{"name": "r", "type": "R"}]}}`)
	if c == nil {
		t.Error("avro-generic refuses an array of records that hold the one around them")
	}
}

// An array is one block for Java, however long it is, and a block for every 100 elements by hamba's defaults.
func TestBlocks(t *testing.T) {
	for _, tt := range []struct {
		format codecs.Format
		want   int
	}{
		{avro.Format, 253},
		{avro.Generic, 253},
		{avro.Twmb, 253},
		{avro.BlockSize, 250 + 4 + 4 + 2 + 1},
	} {
		c, _, typ := open(t, tt.format, `{"type": "array", "items": "int"}`)
		v := typ.New()
		r, err := typ.Ref(v)
		if err != nil {
			t.Fatal(err)
		}
		first := typ.Fields[0].Type.MakeSlice(r.At(typ.Fields[0].Offset), 250)
		for i := range 250 {
			first.At(uintptr(i) * 4).SetInt(1)
		}
		b, err := codecs.NewPipe(c, typ).Encode(v)
		if err != nil || len(b) != tt.want {
			t.Errorf("%s: 250 ints take %d bytes, error %v, want %d", tt.format.Name, len(b), err, tt.want)
		}
	}
}
