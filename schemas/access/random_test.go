package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/twmb/avro"
	"pgregory.net/rapid"

	"github.com/wirecost/wirecost/schemas"
)

// A drawer draws the text of a schema, whose names are numbered.
type drawer struct {
	t    *rapid.T
	n    int
	open []string
}

func (d *drawer) name(prefix string) string {
	d.n++
	return fmt.Sprint(prefix, d.n)
}

func (d *drawer) record(depth int) string {
	name := d.name("R")
	d.open = append(d.open, name)
	fields := make([]string, rapid.IntRange(1, 4).Draw(d.t, "fields"))
	for i := range fields {
		fields[i] = fmt.Sprintf(`{"name": "f%d", "type": %s}`, i, d.typ(depth))
	}
	d.open = d.open[:len(d.open)-1]
	return fmt.Sprintf(`{"type": "record", "name": %q, "fields": [%s]}`, name, strings.Join(fields, ", "))
}

var scalars = []string{`"null"`, `"boolean"`, `"int"`, `"long"`, `"float"`, `"double"`, `"string"`, `"bytes"`}

func (d *drawer) typ(depth int) string {
	kind := rapid.IntRange(0, 12).Draw(d.t, "kind")
	if depth == 0 {
		kind = min(kind, 4)
	}
	switch kind {
	case 3:
		return fmt.Sprintf(`{"type": "enum", "name": %q, "symbols": ["A", "B", "C"]}`, d.name("E"))
	case 4:
		return fmt.Sprintf(`{"type": "fixed", "name": %q, "size": %d}`, d.name("F"), rapid.IntRange(0, 9).Draw(d.t, "size"))
	case 5:
		return d.record(depth - 1)
	case 6:
		return fmt.Sprintf(`{"type": "array", "items": %s}`, d.typ(depth-1))
	case 7:
		return fmt.Sprintf(`{"type": "map", "values": %s}`, d.typ(depth-1))
	case 8:
		return fmt.Sprintf(`["null", %s]`, rapid.SampledFrom(scalars[1:]).Draw(d.t, "optional"))
	case 9:
		return fmt.Sprintf(`[{"type": "array", "items": %s}, "null"]`, d.typ(depth-1))
	case 10:
		return fmt.Sprintf(rapid.SampledFrom([]string{`["null", %q]`, `{"type": "array", "items": %q}`, `["int", "null", %q]`, `{"type": "map", "values": ["null", %q]}`}).Draw(d.t, "way"),
			rapid.SampledFrom(d.open).Draw(d.t, "recursion"))
	case 11, 12:
		branches := rapid.SliceOfNDistinct(rapid.SampledFrom(scalars), 1, 5, rapid.ID[string]).Draw(d.t, "branches")
		branches = append(branches, d.record(depth-1), fmt.Sprintf(`{"type": "enum", "name": %q, "symbols": ["A"]}`, d.name("E")),
			fmt.Sprintf(`{"type": "enum", "name": %q, "symbols": ["A", "B"]}`, d.name("E")), fmt.Sprintf(`{"type": "map", "values": %s}`, d.typ(depth-1)))
		return "[" + strings.Join(branches, ", ") + "]"
	}
	return rapid.SampledFrom(scalars).Draw(d.t, "scalar")
}

// A filler draws values into a record.
type filler struct {
	t     *rapid.T
	depth int
}

var texts = rapid.SampledFrom([]string{"", "a", "é\u0000", "\"\\/\n\t\r\b\x7f", "<&>", "\u2028😀", strings.Repeat("x", 300)})

func (f filler) fill(t *Type, r Ref) {
	switch t.Kind {
	case schemas.Boolean:
		r.SetBool(rapid.Bool().Draw(f.t, "boolean"))
	case schemas.Int:
		r.SetInt(rapid.Int32().Draw(f.t, "int"))
	case schemas.Long:
		r.SetLong(rapid.Int64().Draw(f.t, "long"))
	case schemas.Float:
		r.SetFloat(rapid.OneOf(rapid.Float32(), rapid.Just(float32(math.Inf(-1))), rapid.Just(math.Float32frombits(0x7fc00000))).Draw(f.t, "float"))
	case schemas.Double:
		r.SetDouble(rapid.OneOf(rapid.Float64(), rapid.Just(math.Inf(1)), rapid.Just(javaNaN), rapid.Just(math.Copysign(0, -1))).Draw(f.t, "double"))
	case schemas.String:
		r.SetText(texts.Draw(f.t, "text"))
	case schemas.Enum:
		r.SetText(rapid.SampledFrom(t.Node.Symbols).Draw(f.t, "symbol"))
	case schemas.Bytes:
		r.SetBytes(rapid.SliceOfN(rapid.Byte(), 0, 9).Draw(f.t, "bytes"))
	case schemas.Fixed:
		copy(r.Fixed(t.Node.Size), rapid.SliceOfN(rapid.Byte(), t.Node.Size, t.Node.Size).Draw(f.t, "fixed"))
	default:
		f.depth++
		f.parts(t, r)
	}
}

func (f filler) parts(t *Type, r Ref) {
	switch t.Kind {
	case schemas.Record:
		if t.Form == Box {
			r, t = t.MakeBox(r), t.Elem
		}
		for _, field := range t.Fields {
			f.fill(field.Type, r.At(field.Offset))
		}
	case schemas.Array:
		n := f.count()
		first := t.MakeSlice(r, n)
		for i := range n {
			f.fill(t.Elem, first.At(uintptr(i)*t.Elem.Size))
		}
	case schemas.Map:
		t.MakeMap(r, 0)
		for range f.count() {
			v := t.Elem.Alloc()
			f.fill(t.Elem, v)
			t.Put(r, texts.Draw(f.t, "key"), v)
		}
	case schemas.Union:
		i := rapid.IntRange(0, len(t.Branches)-1).Draw(f.t, "branch")
		if f.depth > 12 && t.Null >= 0 {
			i = t.Null
		}
		if v := t.SetBranch(r, i); !v.Nil() {
			f.fill(t.Branches[i], v)
		}
	}
}

func (f filler) count() int {
	if f.depth > 12 {
		return 0
	}
	return rapid.IntRange(0, 3).Draw(f.t, "count")
}

// drawn returns a schema and a record of it.
func drawn(t *rapid.T) (*schemas.Schema, *Type, Ref) {
	text := (&drawer{t: t}).record(3)
	s, err := schemas.Parse("x.avsc", []byte(text), "")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	typ, err := Of(s)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	r := typ.Alloc()
	filler{t: t}.fill(typ, r)
	return s, typ, r
}

// A record comes back from JSON and from Avro, is equal to itself and to nothing that differs from it, and twmb reads its
// bytes.
func TestRandomRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, typ, want := drawn(t)
		text, err := AppendJSON(nil, typ, want)
		if err != nil || !json.Valid(text) {
			t.Fatalf("%s: JSON %s, error %v", s.Text, text, err)
		}
		b, err := AppendAvro(nil, typ, want)
		if err != nil {
			t.Fatalf("%s: %v", s.Text, err)
		}
		for way, read := range map[string]func(Ref) error{
			"JSON": func(r Ref) error { return ParseJSON(typ, text, r) },
			"JSON with blanks": func(r Ref) error {
				var indented bytes.Buffer
				json.Indent(&indented, text, "", " \t")
				return ParseJSON(typ, indented.Bytes(), r)
			},
			"Avro": func(r Ref) error {
				rest, err := ReadAvro(typ, b, r)
				if err == nil && len(rest) > 0 {
					err = fmt.Errorf("%d bytes are left", len(rest))
				}
				return err
			},
		} {
			got := typ.Alloc()
			if err := read(got); err != nil {
				t.Fatalf("%s: %s through %s: %v", s.Text, text, way, err)
			}
			if err := Diff(typ, want, got); err != nil {
				t.Fatalf("%s: %s through %s: %v", s.Text, text, way, err)
			}
			if again, err := AppendAvro(nil, typ, got); err != nil || !bytes.Equal(again, b) {
				t.Fatalf("%s: %s through %s: got bytes %x, error %v, want %x", s.Text, text, way, again, err, b)
			}
		}
		if err := peerReads(s, typ, want, b); err != nil {
			t.Fatalf("%s: %s: twmb: %v", s.Text, text, err)
		}
	})
}

// peerReads reports how what twmb reads in b differs from the record at want. It knows no record inside itself at run time.
func peerReads(s *schemas.Schema, typ *Type, want Ref, b []byte) error {
	if s.Recursive() {
		return nil
	}
	peer, err := avro.Parse(s.Canonical())
	if err != nil {
		return err
	}
	v := typ.New()
	if _, err := peer.Decode(b, v); err != nil {
		return err
	}
	r, err := typ.Ref(v)
	if err != nil {
		return err
	}
	return Diff(typ, want, r, Branch, NullEmpty)
}

// A record differs from another exactly if its canonical bytes do, or their difference is none: two NaN.
func TestRandomDiff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, typ, a := drawn(t)
		b := typ.Alloc()
		filler{t: t}.fill(typ, b)
		x, err := AppendAvro(nil, typ, a)
		if err != nil {
			t.Fatal(err)
		}
		y, err := AppendAvro(nil, typ, b)
		if err != nil {
			t.Fatal(err)
		}
		forth, back := Diff(typ, a, b), Diff(typ, b, a)
		if (forth == nil) != bytes.Equal(x, y) || (back == nil) != (forth == nil) {
			t.Fatalf("%s: bytes %x and %x, difference %v, and %v the other way", s.Text, x, y, forth, back)
		}
		if err := Diff(typ, a, a); err != nil {
			t.Fatalf("%s: a record differs from itself: %v", s.Text, err)
		}
	})
}

// Bytes that are cut off, or changed, are refused or read as a record that can be written: never a panic, and never more
// memory than a multiple of them.
func TestRandomAvro(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, typ, r := drawn(t)
		b, err := AppendAvro(nil, typ, r)
		if err != nil {
			t.Fatal(err)
		}
		if n := rapid.IntRange(0, len(b)).Draw(t, "cut"); n < len(b) {
			if rest, err := ReadAvro(typ, b[:n], typ.Alloc()); err == nil {
				t.Fatalf("%s: the first %d of bytes %x are read, and %d left", s.Text, n, b, len(rest))
			}
		}
		if len(b) == 0 {
			return
		}
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		got := typ.Alloc()
		if _, err := ReadAvro(typ, b, got); err == nil {
			if _, err := AppendAvro(nil, typ, got); err != nil {
				t.Fatalf("%s: bytes %x are read as what cannot be written: %v", s.Text, b, err)
			}
		}
	})
}

// Text that is cut off, or changed, is refused, or read as a record that comes back.
func TestRandomJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, typ, r := drawn(t)
		text, err := AppendJSON(nil, typ, r)
		if err != nil {
			t.Fatal(err)
		}
		if n := rapid.IntRange(0, len(text)-1).Draw(t, "cut"); ParseJSON(typ, text[:n], typ.Alloc()) == nil {
			t.Fatalf("%s: the first %d bytes of %s are read", s.Text, n, text)
		}
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		changed := append(append(append([]byte{}, text[:at]...), rapid.SampledFrom([]string{"", `"`, "{", "]", "1", "null", ",", `\`, "é", "\xff"}).Draw(t, "put")...), text[at+1:]...)
		got := typ.Alloc()
		if ParseJSON(typ, changed, got) != nil {
			return
		}
		out, err := AppendJSON(nil, typ, got)
		if err != nil {
			t.Fatalf("%s: %s is read as what cannot be written: %v", s.Text, changed, err)
		}
		again := typ.Alloc()
		if err := ParseJSON(typ, out, again); err != nil || Diff(typ, got, again) != nil {
			t.Fatalf("%s: %s came back as %s: error %v, difference %v", s.Text, changed, out, err, Diff(typ, got, again))
		}
	})
}

// A copy is equal, and a cleared record is what a new one is.
func TestRandomCopy(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, typ, r := drawn(t)
		to := typ.Alloc()
		typ.Copy(to, r)
		if err := Diff(typ, r, to); err != nil {
			t.Fatalf("%s: the copy differs: %v", s.Text, err)
		}
		typ.Clear(to)
		if !reflect.DeepEqual(typ.Value(to).Interface(), typ.Value(typ.Alloc()).Interface()) {
			t.Fatalf("%s: a cleared record is %v", s.Text, typ.Value(to))
		}
	})
}
