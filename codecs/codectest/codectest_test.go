package codectest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A text is a codec in Avro's JSON encoding, with a fault.
type text struct {
	typ   *access.Type
	fault string
	last  []byte
	calls int
	kept  any
	pool  sync.Pool
}

// noPools is no fault, but Avro instead of JSON, whose reader has a pool.
const noPools = "binary"

func (c *text) Append(dst []byte, v any) ([]byte, error) {
	r, err := c.typ.Ref(v)
	if err != nil && c.fault != "takes anything" {
		return dst, err
	}
	c.calls++
	if err != nil {
		return dst, nil
	}
	if c.fault == noPools {
		return access.AppendAvro(dst, c.typ, r)
	}
	switch c.fault {
	case "changes":
		dst = append(dst, bytes.Repeat([]byte(" "), c.calls%3)...)
	case "forgets dst":
		dst = nil
	case "writes over dst":
		if len(dst) > 0 {
			dst[0] = '!'
		}
	case "keeps its buffer":
		c.last, err = access.AppendJSON(c.last[:0], c.typ, r)
		if len(dst) == 0 {
			return c.last, err
		}
	case "allocates":
		c.kept = make([]byte, 100)
	case "pools":
		scratch := c.pool.Get().(*[4096]byte)
		defer c.pool.Put(scratch)
	}
	return access.AppendJSON(dst, c.typ, r)
}

func (c *text) Decode(src []byte, v any) error {
	r, err := c.typ.Ref(v)
	if err != nil {
		return err
	}
	switch c.fault {
	case "panics":
		if len(src) < 9 || bytes.IndexByte(src, 0xff) >= 0 {
			return fmt.Errorf("%c", src[len(src)])
		}
	case "believes":
		if len(src) < 9 {
			c.kept = make([]byte, 1<<20)
		}
	case "makes a list anew for each part":
		for n := range bytes.Count(src, []byte(",1")) {
			c.kept = make([]int32, n)
		}
	case "stops after an error":
		if c.kept != nil {
			return errors.New("I said no")
		}
	case "takes a part":
		src = append(bytes.TrimRight(src, "}"), '}')
	case "ignores the rest":
		src = src[:bytes.LastIndexByte(src, '}')+1]
	case "writes to its input":
		src[len(src)-1] = '}'
		defer func() { src[len(src)-1] = '!' }()
	}
	if c.fault != "merges" {
		c.typ.Clear(r)
	}
	if c.fault == noPools {
		_, err := access.ReadAvro(c.typ, src, r)
		return err
	}
	if err := access.ParseJSON(c.typ, src, r); err != nil {
		c.kept = err
		return err
	}
	return c.spoil(src, r)
}

// spoil does to the record at r what the fault says.
func (c *text) spoil(src []byte, r access.Ref) error {
	field := func(name string) access.Ref {
		_, way, err := c.typ.Find(name)
		if err != nil {
			panic(err)
		}
		return r.At(way[0].Offset)
	}
	switch c.fault {
	case "drops a field":
		field("d").SetDouble(0)
	case "aliases":
		field("s").SetText(access.TextValue(nil, src[:4]).Text)
	case "merges":
		field("i").SetInt(field("i").Int() + field("calls").Int())
		field("calls").SetInt(field("calls").Int() + 1)
	}
	return nil
}

const fakeSchema = `{"type": "record", "name": "Fake", "fields": [{"name": "s", "type": "string"}, {"name": "d", "type": "double"},
	{"name": "i", "type": "int"}, {"name": "calls", "type": "int"}, {"name": "list", "type": {"type": "array", "items": "int"}}]}`

var fakeRecords = []string{
	`{"s": "{\"s\"", "d": 1.5, "i": 0, "calls": 0, "list": [1, 2]}`,
	`{"s": "{\"s\"", "d": 2.5, "i": 7, "calls": 0, "list": []}`,
}

// A listener notes what checks report. Fatalf ends the check with a panic.
type listener struct{ heard []string }

func (*listener) Helper()             {}
func (*listener) Logf(string, ...any) {}
func (l *listener) Errorf(format string, args ...any) {
	l.heard = append(l.heard, fmt.Sprintf(format, args...))
}
func (l *listener) Fatalf(format string, args ...any) {
	l.Errorf(format, args...)
	panic(l)
}
func (l *listener) Fatal(args ...any) { l.Fatalf("%s", fmt.Sprint(args...)) }

// fake returns the format of a text with a fault.
func fake(fault string) codecs.Format {
	return codecs.Format{Name: "fake", New: func(s *schemas.Schema) (codecs.Codec, error) {
		typ, err := access.Of(s)
		return &text{typ: typ, fault: fault, pool: sync.Pool{New: func() any { return new([4096]byte) }}}, err
	}}
}

// hear returns what the check called name reports of f.
func hear(f codecs.Format, s subject, name string) (heard string) {
	l := &listener{}
	defer func() {
		if p := recover(); p != nil && p != any(l) {
			panic(p)
		}
		heard = strings.Join(l.heard, "\n")
	}()
	b := bind(l, f, s)
	for _, c := range b.checks() {
		if c.name == name || name == "" {
			c.check(l)
		}
	}
	return ""
}

// Every fault is found, by the check that is for it; and without one nothing is.
func TestFaults(t *testing.T) {
	s := parsed(t, fakeSchema, fakeRecords)
	for _, tt := range []struct {
		fault, check, want string
		change             func(*codecs.Format)
	}{
		{"", "", "", nil},
		{"drops a field", "round trip", "d: got 0, want 1.5", nil},
		{"changes", "same bytes", "the second encoding", nil},
		{"forgets dst", "append", "Append changed what it appends to", nil},
		{"writes over dst", "append", "Append changed what it appends to", nil},
		{"keeps its buffer", "memory", "an encoding changes with what is encoded after it", nil},
		{"aliases", "memory", "changes with its input, but Format.Aliases is false", nil},
		{"writes to its input", "memory", "the input is changed by Decode", nil},
		{"merges", "used record", "record 0 into one that held", nil},
		{"takes anything", "wrong record", "Append of a <nil>: got no error", nil},
		{"ignores the rest", "rest", "decodes without error", nil},
		{"takes a part", "truncated", "came back from a part of its bytes", nil},
		{"panics", "truncated", "panic: runtime error", nil},
		{"panics", "corrupted", "panic: runtime error", nil},
		{"believes", "truncated", "allocates 10", nil},
		{"makes a list anew for each part", "repeated", "more than 4096", nil},
		{"stops after an error", "truncated", "a good record after bad ones: I said no", nil},
		{"allocates", "allocations", "times, want 0", func(f *codecs.Format) { f.Floor = true }},
	} {
		f := fake(tt.fault)
		if tt.change != nil {
			tt.change(&f)
		}
		got := hear(f, s, tt.check)
		if tt.want == "" && got != "" || !strings.Contains(got, tt.want) {
			t.Errorf("%s: check %q says %q, want %q", tt.fault, tt.check, got, tt.want)
		}
	}
}

func TestShuffles(t *testing.T) {
	s := parsed(t, `{"type": "record", "name": "R", "fields": [{"name": "m", "type": {"type": "map", "values": "int"}}]}`, []string{`{"m": {}}`, `{"m": {"a": 1, "b": 2}}`})
	for _, tt := range []struct {
		fault string
		want  bool
	}{{"", false}, {"changes", true}} {
		f := codecs.Format{Name: "fake", New: func(s *schemas.Schema) (codecs.Codec, error) {
			typ, err := access.Of(s)
			return &text{typ: typ, fault: tt.fault}, err
		}}
		if got := bind(t, f, s).shuffles(t); got != tt.want {
			t.Errorf("%q: got %v, want %v", tt.fault, got, tt.want)
		}
	}
}

// A format says that what it allocates is not exact if it is so.
func TestExact(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates as it likes")
	}
	for _, tt := range []struct {
		fault   string
		inexact bool
		want    string
	}{
		{noPools, false, ""},
		{"pools", false, "but Format.Inexact is false"},
		{"pools", true, ""},
	} {
		f, l := fake(tt.fault), &listener{}
		f.Inexact = tt.inexact
		checkExact(l, f)
		if got := strings.Join(l.heard, "\n"); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%q, inexact %v: got %q, want %q", tt.fault, tt.inexact, got, tt.want)
		}
	}
}

func TestGrowth(t *testing.T) {
	for _, tt := range []struct {
		field string
		want  int // bytes of memory per byte
	}{
		{`"int"`, 4},
		{`"double"`, 1},
		{`"string"`, 16},
		{`{"type": "array", "items": "int"}`, 24},
		{`["null", "int"]`, 8},
		{`{"type": "record", "name": "A", "fields": [{"name": "x", "type": "boolean"}, {"name": "y", "type": "string"}]}`, 16},
	} {
		typ, err := access.Of(parsed(t, `{"type": "record", "name": "R", "fields": [{"name": "f", "type": `+tt.field+`}]}`, nil).schema)
		if err != nil {
			t.Fatal(err)
		}
		if got := growth(codecs.Format{}, typ); got != 64*tt.want {
			t.Errorf("%s: got %d, want %d", tt.field, got, 64*tt.want)
		}
	}
	typ, err := access.Of(listOf(t, 300).schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		format codecs.Format
		want   int
	}{
		{codecs.Format{}, 64 * 24},
		{codecs.Format{Growth: 7}, 7},
		{codecs.Format{Growth: 1 << 20}, 64 * 48},
		{codecs.Format{Sparse: true}, 8 * 300 * 16},
	} {
		if got := growth(tt.format, typ); got != tt.want {
			t.Errorf("%+v: got %d, want %d", tt.format, got, tt.want)
		}
	}
}
