package msgpack

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/schemas"
)

// Every row of msgpack.tsv: what the encoders of both forms write for a value of a Go type.
func TestWidths(t *testing.T) {
	text, err := os.ReadFile("../testdata/checks/msgpack.tsv")
	if err != nil {
		t.Fatal(err)
	}
	normal, compact := openAny(t, false), openAny(t, true)
	rows := strings.Split(strings.TrimSpace(string(text)), "\n")[1:]
	for _, row := range rows {
		cols := append(strings.Split(row, "\t"), "")
		v, err := goValue(cols[0], cols[1])
		if err != nil {
			t.Fatalf("%s: %v", row, err)
		}
		check(t, row, normal, v, cols[2])
		if cols[3] == "" { // as the default
			cols[3] = cols[2]
		}
		check(t, row, compact, v, cols[3])
	}
}

func openAny(t *testing.T, array bool) *codec {
	t.Helper()
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": []}`), "")
	if err != nil {
		t.Fatal(err)
	}
	c, err := open(s, array)
	if err != nil {
		t.Fatal(err)
	}
	return c.(*codec)
}

// goValue returns the value that a row's first two columns say.
func goValue(text, typ string) (any, error) {
	n, isLen := strings.CutPrefix(text, "len ")
	if isLen {
		size, err := strconv.Atoi(n)
		if typ == "string" {
			return strings.Repeat("x", size), err
		}
		return bytes.Repeat([]byte("x"), size), err
	}
	switch typ {
	case "<nil>":
		return nil, nil
	case "bool":
		return text == "true", nil
	}
	v := reflect.New(kinds[typ]).Interface()
	_, err := fmt.Sscan(text, v)
	return reflect.ValueOf(v).Elem().Interface(), err
}

var kinds = map[string]reflect.Type{
	"int": reflect.TypeFor[int](), "int8": reflect.TypeFor[int8](), "int16": reflect.TypeFor[int16](),
	"int32": reflect.TypeFor[int32](), "int64": reflect.TypeFor[int64](),
	"uint": reflect.TypeFor[uint](), "uint8": reflect.TypeFor[uint8](), "uint16": reflect.TypeFor[uint16](),
	"uint32": reflect.TypeFor[uint32](), "uint64": reflect.TypeFor[uint64](),
	"float32": reflect.TypeFor[float32](), "float64": reflect.TypeFor[float64](),
}

// check compares what c's encoder writes with hex, or with its beginning and its length: "a0..(1 bytes)".
func check(t *testing.T, row string, c *codec, v any, want string) {
	t.Helper()
	c.out.buf = nil
	if err := c.enc.Encode(v); err != nil {
		t.Errorf("%s: %v", row, err)
		return
	}
	got := hex.EncodeToString(c.out.buf)
	if begin, size, long := strings.Cut(want, ".."); long {
		got = fmt.Sprintf("%s..(%d bytes)", got[:len(begin)], len(got)/2)
		want = begin + ".." + size
	}
	if got != want {
		t.Errorf("%s: got %s, want %s", row, got, want)
	}
}

// Inputs that a library believes, or does not survive.
func TestScan(t *testing.T) {
	for _, tt := range []struct{ name, src string }{
		{"nothing", ""},
		{"array of 2^32", "\xdd\xff\xff\xff\xff"},
		{"map of 2^32", "\xdf\xff\xff\xff\xff"},
		{"map of 2^16 in an array", "\x91\xde\xff\xff\x01"},
		{"string of 2^32", "\xdb\xff\xff\xff\xff"},
		{"half a head", "\xdc\x00"},
		{"half a double", "\xcb\x00\x00"},
		{"an extension", "\xd4\x01\x00"},
		{"the byte that is never used", "\xc1"},
		{"10001 arrays", strings.Repeat("\x91", maxDepth+1) + "\xc0"},
		{"a million maps", strings.Repeat("\x81\xa0", 1e6) + "\xc0"},
		{"two values", "\x01\x02"},
	} {
		if err := scan([]byte(tt.src)); err == nil {
			t.Errorf("%s: got no error", tt.name)
		}
	}
	for _, src := range []string{
		"\x00", "\xff", "\xc0", "\xca1234", "\xcb12345678", "\xcc1", "\xcd12", "\xce1234", "\xcf12345678", "\xd01", "\xd112",
		"\xd21234", "\xd312345678", "\xa0", "\xa3abc", "\xd9\x01a", "\xda\x00\x01a", "\xdb\x00\x00\x00\x01a", "\xc4\x01a", "\xc5\x00\x01a",
		"\xc6\x00\x00\x00\x01a", "\x90", "\x92\x01\x02", "\xdc\x00\x01\x80", "\xdd\x00\x00\x00\x01\x90", "\x81\xa1a\x01",
		"\xde\x00\x01\xa1a\x01", "\xdf\x00\x00\x00\x01\xa1a\x91\x01", strings.Repeat("\x91", maxDepth) + "\xc0",
		"\xdc\x4e\x20" + strings.Repeat("\x90", 20000),
	} {
		if err := scan([]byte(src)); err != nil {
			t.Errorf("%.40x: %v", src, err)
		}
	}
}
