package dataio

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// xs is n letters and their bytes.
func xs(n int) (string, string) { return strings.Repeat("x", n), strings.Repeat("78", n) }

// What Flink 1.20 and 2.2 wrote.
func TestStrings(t *testing.T) {
	type vector struct{ s, want string }
	vectors := []vector{
		{"", "01"}, {"a", "0261"}, {"hello", "0668656c6c6f"}, {"é", "02e901"}, {"\u007f\u0080", "037f8001"}, {"€", "02ac41"},
		{"\u3fff", "02ff7f"}, {"\u4000", "02808001"}, {"\uffff", "02ffff03"}, {"\U0001f600", "03bdb00380bc03"}, {"\x00", "0200"},
		{"My string.", "0b4d7920737472696e672e"},
	}
	for _, tt := range []struct {
		n    int
		head string
	}{{126, "7f"}, {127, "8001"}, {16382, "ff7f"}, {16383, "808001"}, {2097150, "ffff7f"}, {2097151, "80808001"}} {
		s, want := xs(tt.n)
		vectors = append(vectors, vector{s, tt.head + want})
	}
	for _, tt := range vectors {
		want := unhex(t, tt.want)
		for _, room := range []int{0, len(want) + 16} { // the shorter ways need room
			if got := AppendString(make([]byte, 0, room), tt.s); !bytes.Equal(got, want) {
				t.Errorf("AppendString(%.40q) = %.40x, want %.40x", tt.s, got, want)
			}
			if got := AppendMarked(make([]byte, 0, room), 7, tt.s); !bytes.Equal(got, append([]byte{7}, want...)) {
				t.Errorf("AppendMarked(7, %.40q) = %.40x, want 07%.40x", tt.s, got, want)
			}
		}
		if got, null, err := read(want).NullString(); got != tt.s || null || err != nil {
			t.Errorf("NullString of %.40x = %.40q, %v, %v, want %.40q", want, got, null, err, tt.s)
		}
		r := read(append(want, 0xee))
		if got, err := r.String(); got != tt.s || err != nil || r.Left() != 1 {
			t.Errorf("String of %.40x = %.40q, %v with %d bytes left, want %.40q with 1", want, got, err, r.Left(), tt.s)
		}
	}
	if s, null, err := read([]byte{0}).NullString(); s != "" || !null || err != nil {
		t.Errorf("NullString of 00 = %q, %v, %v, want null", s, null, err)
	}
}

// Each way of AppendString gives the same bytes, whatever the length and the place of what is not ASCII.
func TestStringWays(t *testing.T) {
	for n := range 140 {
		for at := -1; at < n; at++ {
			r := []rune(strings.Repeat("a", n))
			want := AppendLeb(nil, uint32(n)+1)
			if at >= 0 {
				r[at] = 'é'
			}
			for _, c := range r {
				want = AppendLeb(want, uint32(c))
			}
			s := string(r)
			if got := AppendString(make([]byte, 0, 400), s); !bytes.Equal(got, want) {
				t.Fatalf("AppendString(%q) = %x, want %x", s, got, want)
			}
			if got, err := read(want).String(); got != s || err != nil {
				t.Fatalf("String of %x = %q, %v, want %q", want, got, err, s)
			}
			if got, want := IsASCII(s), at < 0; got != want {
				t.Fatalf("IsASCII(%q) = %v, want %v", s, got, want)
			}
		}
	}
}

// The layer below all serializers: big-endian, and one NaN.
func TestPrimitives(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		got        []byte
	}{
		{"true", "01", AppendBool(nil, true)},
		{"false", "00", AppendBool(nil, false)},
		{"int -1", "ffffffff", AppendInt(nil, -1)},
		{"long 1000", "00000000000003e8", AppendLong(nil, 1000)},
		{"long min", "8000000000000000", AppendLong(nil, math.MinInt64)},
		{"float 1", "3f800000", AppendFloat(nil, 1)},
		{"float NaN", "7fc00000", AppendFloat(nil, math.Float32frombits(0xffc12345))},
		{"float -0", "80000000", AppendFloat(nil, float32(math.Copysign(0, -1)))},
		{"double 2", "4000000000000000", AppendDouble(nil, 2)},
		{"double NaN", "7ff8000000000000", AppendDouble(nil, math.Float64frombits(0xfff8000000000001))},
		{"leb 127", "7f", AppendLeb(nil, 127)},
		{"leb 128", "8001", AppendLeb(nil, 128)},
		{"leb max", "ffffffff0f", AppendLeb(nil, math.MaxUint32)},
	} {
		if want := unhex(t, tt.want); !bytes.Equal(tt.got, want) {
			t.Errorf("%s: got %x, want %x", tt.name, tt.got, want)
		}
	}
}

func read(src []byte) *Reader {
	r := &Reader{}
	r.Reset(src)
	return r
}

// reads are the methods that read a value of an input.
var reads = map[string]func(*Reader) error{
	"Byte":   func(r *Reader) error { _, err := r.Byte(); return err },
	"Bool":   func(r *Reader) error { _, err := r.Bool(); return err },
	"Short":  func(r *Reader) error { _, err := r.Short(); return err },
	"Int":    func(r *Reader) error { _, err := r.Int(); return err },
	"Long":   func(r *Reader) error { _, err := r.Long(); return err },
	"Count":  func(r *Reader) error { _, err := r.Count(1); return err },
	"Leb":    func(r *Reader) error { _, err := r.Leb(); return err },
	"String": func(r *Reader) error { _, err := r.String(); return err },
	"NullString": func(r *Reader) error {
		_, _, err := r.NullString()
		return err
	},
	"Take":  func(r *Reader) error { _, err := r.Take(3); return err },
	"Peek":  func(r *Reader) error { _, err := r.Peek(3); return err },
	"minus": func(r *Reader) error { _, err := r.Take(-1); return err },
}

// An input that ends within a value is ErrShort, wherever it ends.
func TestTruncated(t *testing.T) {
	for _, tt := range []struct{ method, whole string }{
		{"Byte", "ff"}, {"Bool", "01"}, {"Short", "8000"}, {"Int", "80000000"}, {"Long", "8000000000000000"},
		{"Count", "00000000"}, {"Leb", "ffffffff0f"}, {"String", "0668656c6c6f"}, {"String", "03bdb00380bc03"},
		{"NullString", "0668656c6c6f"}, {"NullString", "02808001"}, {"Take", "010203"}, {"Peek", "010203"},
	} {
		whole := unhex(t, tt.whole)
		if err := reads[tt.method](read(whole)); err != nil {
			t.Errorf("%s of %x: got error %v, want none", tt.method, whole, err)
		}
		for n := range whole {
			if err := reads[tt.method](read(whole[:n:n])); !errors.Is(err, ErrShort) {
				t.Errorf("%s of %x: got error %v, want one that wraps %q", tt.method, whole[:n], err, ErrShort)
			}
		}
	}
}

func TestHostile(t *testing.T) {
	for _, tt := range []struct{ method, src, want string }{
		{"Bool", "02", "0x02 is no boolean"},
		{"Bool", "ff", "0xff is no boolean"},
		{"Leb", "ffffffff1f", "over 32 bits"},
		{"Leb", "808080808000", "over 32 bits"},
		{"String", "00", "the string is null"},
		{"String", "ffffffff0f", "a string of 4294967294 characters and 0 bytes are left"},
		{"NullString", "ffffff7f6161", "and 2 bytes are left"},
		{"NullString", "02808004", "0x10000 is no UTF-16 unit"},
		{"NullString", "02bdb003", "half of a surrogate pair"},
		{"NullString", "0380bc03bdb003", "half of a surrogate pair"},
		{"NullString", "03bdb00361", "half of a surrogate pair"},
		{"Count", "ffffffff", "-1 elements are announced"},
		{"Count", "7fffffff0000", "2147483647 elements are announced and 2 bytes are left"},
		{"Count", "0000000300", "3 elements are announced and 1 bytes are left"},
		{"minus", "00", "-1 bytes are wanted and 1 are left"},
	} {
		err := reads[tt.method](read(unhex(t, tt.src)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s of %s: got error %v, want %q", tt.method, tt.src, err, tt.want)
		}
	}
	for _, tt := range []struct{ least, want int }{{0, 4}, {1, 4}, {2, 0}} {
		if n, err := read(unhex(t, "0000000400000000")).Count(tt.least); n != 4 || (err == nil) != (tt.want == 4) {
			t.Errorf("Count(%d) of 4 elements with 4 bytes left = %d, %v", tt.least, n, err)
		}
	}
}

// What moves over the source stays within it, and a failed read can be followed by others.
func TestReader(t *testing.T) {
	r := read([]byte{1, 2, 3})
	if b, err := r.Peek(2); len(b) != 2 || err != nil || r.Offset() != 0 {
		t.Errorf("Peek(2) = %x, %v at %d, want 0102 at 0", b, err, r.Offset())
	}
	if _, err := r.Int(); !errors.Is(err, ErrShort) || r.Left() != 3 {
		t.Errorf("Int of 3 bytes: got error %v with %d left, want %q with 3", err, r.Left(), ErrShort)
	}
	if r.Accept(2) || !r.Accept(1) || r.Left() != 2 {
		t.Errorf("Accept(2), Accept(1) of 010203: %d bytes left, want 2", r.Left())
	}
	r.Skip(1)
	if rest := r.Rest(); !bytes.Equal(rest, []byte{3}) {
		t.Errorf("Rest = %x, want 03", rest)
	}
	if r.Seek(3); r.Accept(3) {
		t.Error("Accept at the end: got true, want false")
	}
}

// Whatever the input, no method panics or reads behind its end, and what String accepts is a fixpoint.
func FuzzReader(f *testing.F) {
	for _, s := range []string{"", "00", "0668656c6c6f", "03bdb00380bc03", "ffffffff0f", "7fffffff", "02ffff03"} {
		f.Add(unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for name, read1 := range reads {
			r := read(src)
			for range 8 {
				if read1(r); r.Left() < 0 || r.Offset() > len(src) {
					t.Fatalf("%s of %x is at %d", name, src, r.Offset())
				}
			}
		}
		s, err := read(src).String()
		if err != nil {
			return
		}
		if again, err := read(AppendString(nil, s)).String(); again != s || err != nil {
			t.Fatalf("%q comes back as %q, %v", s, again, err)
		}
	})
}
