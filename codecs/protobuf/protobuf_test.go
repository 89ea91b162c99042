package protobuf_test

import (
	"bytes"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/protobuf"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/streams"
	generated "github.com/wirecost/wirecost/schemas/streams/generated"
)

func TestGenerated(t *testing.T) { codectest.Run(t, protobuf.Format) }
func TestVT(t *testing.T)        { codectest.Run(t, protobuf.VT) }
func TestDynamic(t *testing.T)   { codectest.Run(t, protobuf.Dynamic) }

func FuzzGenerated(f *testing.F) { codectest.Fuzz(f, protobuf.Format) }
func FuzzVT(f *testing.F)        { codectest.Fuzz(f, protobuf.VT) }
func FuzzDynamic(f *testing.F)   { codectest.Fuzz(f, protobuf.Dynamic) }

// The bytes of a schema without generated code are those that generated code would write.
func TestGolden(t *testing.T) {
	f := protobuf.Dynamic
	f.Name = "protobuf"
	codectest.Golden(t, f, "../testdata/checks")
}

func TestDissect(t *testing.T) {
	for _, f := range []codecs.Format{protobuf.Format, protobuf.VT, protobuf.Dynamic} {
		t.Run(f.Name, func(t *testing.T) { codectest.DissectGolden(t, f, "testdata/dissect") })
	}
}

func FuzzDissect(f *testing.F)        { codectest.FuzzDissect(f, protobuf.Format) }
func FuzzDissectDynamic(f *testing.F) { codectest.FuzzDissect(f, protobuf.Dynamic) }

// A coder is one of the codecs, bound to a stream.
type coder struct {
	codecs.Codec
	codecs.Converter
}

func open(t *testing.T, f codecs.Format, s *schemas.Schema) coder {
	t.Helper()
	c, err := f.New(s)
	if err != nil {
		t.Fatalf("%s: %v", f.Name, err)
	}
	return coder{c, c.(codecs.Converter)}
}

func (c coder) encode(t *testing.T, v any) []byte {
	t.Helper()
	m := c.NewRecord()
	if err := c.FromStruct(m, v); err != nil {
		t.Fatal(err)
	}
	out, err := c.Append(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// All three write the same bytes but for the order of maps, and read what the others write.
func TestSameBytes(t *testing.T) {
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		typ, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := records.Compile(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		coders := []coder{open(t, protobuf.Format, s), open(t, protobuf.VT, s), open(t, protobuf.Dynamic, s)}
		unordered := strings.Contains(s.Canonical(), `"type":"map"`)
		for i := range uint64(100) {
			v := plan.Generator(1).New(i)
			var encoded [3][]byte
			for k, c := range coders {
				encoded[k] = c.encode(t, v)
				if len(encoded[k]) != len(encoded[0]) || !unordered && !bytes.Equal(encoded[k], encoded[0]) {
					t.Fatalf("%s: record %d: codec %d wrote %x, want %x", name, i, k, encoded[k], encoded[0])
				}
			}
			for k, c := range coders {
				if err := c.reads(typ, v, encoded[(k+1)%3]); err != nil {
					t.Fatalf("%s: record %d: codec %d does not read %x: %v", name, i, k, encoded[(k+1)%3], err)
				}
			}
		}
	}
}

// reads reports how what c makes of src differs from v.
func (c coder) reads(typ *access.Type, v any, src []byte) error {
	m, got := c.NewRecord(), typ.New()
	if err := c.Decode(src, m); err != nil {
		return err
	}
	if err := c.ToStruct(got, m); err != nil {
		return err
	}
	want, err := typ.Ref(v)
	if err != nil {
		return err
	}
	r, err := typ.Ref(got)
	if err != nil {
		return err
	}
	return access.Diff(typ, want, r, codecs.NullEmpty)
}

// Values of fields are those of the struct, in all three.
func TestField(t *testing.T) {
	for _, tt := range []struct{ stream, path string }{
		{"nexmark.Bid", "auction"}, {"nexmark.Bid", "channel"}, {"github.Event", "repo.id"}, {"github.Event", "org.login"},
		{"taxi.TaxiRide", "isStart"}, {"otel.Span", "trace_id"}, {"otel.Span", "kind"}, {"otel.Span", "parent_span_id"},
		{"wikipedia.RecentChange", "length.old"}, {"shape.UnionHeavy", "o3"}, {"iot.ActivePower", "valueInW"}, {"taxi.TaxiRide", "startLon"},
	} {
		s, err := streams.Get(tt.stream)
		if err != nil {
			t.Fatal(err)
		}
		typ, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		read, err := access.Getter(typ, tt.path)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := records.Compile(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []codecs.Format{protobuf.Format, protobuf.VT, protobuf.Dynamic} {
			c := open(t, f, s)
			field, err := c.Field(tt.path)
			if err != nil {
				t.Fatalf("%s: %s %s: %v", f.Name, tt.stream, tt.path, err)
			}
			for i := range uint64(50) {
				v, m := plan.Generator(1).New(i), c.NewRecord()
				r, err := typ.Ref(v)
				if err := errors.Join(err, c.FromStruct(m, v)); err != nil {
					t.Fatal(err)
				}
				want, wantErr := read(r)
				got, err := field(m)
				if got != want || (err == nil) != (wantErr == nil) {
					t.Errorf("%s: %s record %d: %s: got %v, %v; want %v, %v", f.Name, tt.stream, i, tt.path, got, err, want, wantErr)
				}
			}
		}
	}
}

func TestFieldErrors(t *testing.T) {
	s, err := streams.Get("github.Event")
	if err != nil {
		t.Fatal(err)
	}
	c := open(t, protobuf.Format, s)
	for path, want := range map[string]string{
		"nothing":      `has no field "nothing"`,
		"actor":        "has no single value",
		"actor.id.low": "has no field",
	} {
		if _, err := c.Field(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Field(%q): got %v, want %s", path, err, want)
		}
	}
	field, err := c.Field("actor.id")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{nil, 1, open(t, protobuf.Dynamic, s).NewRecord()} {
		if got, err := field(v); err == nil {
			t.Errorf("field of a %T: got %v and no error", v, got)
		}
	}
}

func TestUnsupported(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": []}`), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []codecs.Format{protobuf.Format, protobuf.VT} {
		_, err := f.New(s)
		if !errors.Is(err, schemas.ErrUnsupported) || !strings.Contains(err.Error(), "needs generated code") {
			t.Errorf("%s: got %v, want needs generated code", f.Name, err)
		}
	}
}

// What nests too deep is refused, by all three, before it can overflow the stack.
func TestDeep(t *testing.T) {
	s, err := streams.Get("shape.NestedDeep")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	var tree []byte
	const levels = 1 << 20
	for range levels { // from the inside out, and so backwards: field 2 of a tree is its left
		tree = appendReversed(tree, len(tree), 2<<3|2)
	}
	tree = appendReversed(tree, len(tree), 3<<3|2)
	for i, j := 0, len(tree)-1; i < j; i, j = i+1, j-1 {
		tree[i], tree[j] = tree[j], tree[i]
	}
	for _, f := range []codecs.Format{protobuf.Format, protobuf.VT, protobuf.Dynamic} {
		c := open(t, f, s)
		if err := c.reads(typ, typ.New(), tree); err == nil || strings.Contains(err.Error(), "missing") {
			t.Errorf("%s: %d levels: got %v, want an error about the depth", f.Name, levels, err)
		}
	}
}

// A list in many parts is refused by the library that makes it anew for each, and read by the others.
func TestParts(t *testing.T) {
	s, err := streams.Get("shape.CollectionHeavy")
	if err != nil {
		t.Fatal(err)
	}
	const part = "\x12\x01\x01" // ints, an element
	key := "\x0a\x80\x08" + strings.Repeat("k", 1024)
	for _, tt := range []struct {
		src  string
		want bool // read by protobuf, too
	}{
		{strings.Repeat(part, 170), true}, // short
		{key + strings.Repeat(part, 64), true},
		{key + strings.Repeat(part, 65), false},
		{key + strings.Repeat("\x10\x01", 1000), true}, // not packed
		{strings.Repeat(part, 100_000), false},
	} {
		for _, f := range []codecs.Format{protobuf.Format, protobuf.VT, protobuf.Dynamic} {
			c := open(t, f, s)
			err := c.Decode([]byte(tt.src), c.NewRecord())
			if want := tt.want || f.Name != protobuf.Format.Name; (err == nil) != want {
				t.Errorf("%s: %d bytes %.20x: got error %v, want it read: %v", f.Name, len(tt.src), tt.src[max(0, len(tt.src)-20):], err, want)
			}
		}
	}
}

// appendReversed appends, last byte first, a tag and a length.
func appendReversed(b []byte, n int, tag byte) []byte {
	var head []byte
	for ; n >= 0x80; n >>= 7 {
		head = append(head, byte(n)|0x80)
	}
	head = append(head, byte(n))
	for i := range head {
		b = append(b, head[len(head)-1-i])
	}
	return append(b, tag)
}

// Text that is not UTF-8 is refused, but by vtprotobuf, which carries it.
func TestText(t *testing.T) {
	s, err := streams.Get("nexmark.Bid")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		f    codecs.Format
		want bool
	}{{protobuf.Format, false}, {protobuf.VT, true}, {protobuf.Dynamic, false}} {
		c := open(t, tt.f, s)
		m := c.NewRecord()
		if err := c.FromStruct(m, &generated.NexmarkBid{Channel: "\xff"}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Append(nil, m); (err == nil) != tt.want {
			t.Errorf("%s: got error %v, want one %v", tt.f.Name, err, !tt.want)
		}
	}
}

// Negative zero is carried, but by vtprotobuf, which refuses it where it would lose it.
func TestNegativeZero(t *testing.T) {
	s, err := streams.Get("iot.ActivePower")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	v := &generated.IotActivePower{ValueInW: math.Copysign(0, -1)}
	for _, f := range []codecs.Format{protobuf.Format, protobuf.Dynamic} {
		c := open(t, f, s)
		if err := c.reads(typ, v, c.encode(t, v)); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
	c := open(t, protobuf.VT, s)
	const want = "valueInW: vtprotobuf loses negative zero"
	if err := c.FromStruct(c.NewRecord(), v); err == nil || err.Error() != want {
		t.Errorf("protobuf-vt: got error %v, want %s", err, want)
	}
	v.ValueInW = 0
	if err := c.reads(typ, v, c.encode(t, v)); err != nil {
		t.Errorf("protobuf-vt: zero: %v", err)
	}
}

// A struct and its message share no memory.
func TestShare(t *testing.T) {
	s, err := streams.Get("otel.Span")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []codecs.Format{protobuf.Format, protobuf.VT, protobuf.Dynamic} {
		c := open(t, f, s)
		m, v := c.NewRecord(), &generated.OtelSpan{TraceID: []byte("0123"), Kind: "SERVER", Status: generated.OtelStatus{Code: "OK"}}
		back := new(generated.OtelSpan)
		if err := errors.Join(c.FromStruct(m, v), c.ToStruct(back, m)); err != nil {
			t.Fatal(err)
		}
		v.TraceID[0] = 'x'
		again := new(generated.OtelSpan)
		if err := c.ToStruct(again, m); err != nil {
			t.Fatal(err)
		}
		again.TraceID[1] = 'x'
		if string(back.TraceID) != "0123" || string(again.TraceID) != "0x23" {
			t.Errorf("%s: got %q and %q, want 0123 and 0x23", f.Name, back.TraceID, again.TraceID)
		}
	}
}
