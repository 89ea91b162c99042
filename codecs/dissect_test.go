package codecs_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/schemas"
)

func TestCutter(t *testing.T) {
	var c codecs.Cutter
	key := strings.Repeat("é", 30)
	err := c.Field("map", func() error {
		c.Cut(1, codecs.Length, plural.Count(1, "pair"))
		c.Cut(1, codecs.Layout, "nothing")
		return c.Entry(key, func() error {
			return c.Element(2, func() error {
				c.Cut(3, codecs.Value, "true")
				return nil
			})
		})
	})
	parts, err := c.Done(3, err)
	want := []codecs.Part{
		{0, 1, "map", "map", codecs.Length, "1 pair"},
		{1, 3, "map{" + key[:40] + "...}[2]", "map{value}[]", codecs.Value, "true"},
	}
	if !slices.Equal(parts, want) || err != nil {
		t.Errorf("got %+v, error %v, want %+v", parts, err, want)
	}
	if _, err := c.Done(4, nil); !errors.Is(err, codecs.ErrTrailing) {
		t.Errorf("a byte is left: got error %v, want %v", err, codecs.ErrTrailing)
	}
}

// A path is bounded, and so is the recursion of what has a path.
func TestCutterDeep(t *testing.T) {
	var c codecs.Cutter
	depth := 0
	var down func() error
	down = func() error {
		depth++
		return c.Element(0, down)
	}
	if err := down(); !errors.Is(err, codecs.ErrDeep) || depth < 100 || depth > 1000 {
		t.Errorf("got error %v at depth %d, want %v", err, depth, codecs.ErrDeep)
	}
	if err := c.Field("f", func() error { return nil }); err != nil {
		t.Errorf("up again: got error %v", err)
	}
}

// What a value may be does not grow with its depth.
func TestUntagged(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "u", "type": ["null", "R",
		{"type": "record", "name": "S", "fields": [{"name": "u", "type": ["null", "R", "S"]}, {"name": "m", "type": {"type": "map", "values": "int"}}]},
		{"type": "array", "items": ["int", "S"]}]}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	u := codecs.UntaggedOf(s.Root)
	for range 30 {
		name, inner := u.Field("U", true)
		if name != "u" || len(inner) > 5 {
			t.Fatalf("got %d types of field %q, want at most 5 of u", len(inner), name)
		}
		u = inner
	}
	if name, _ := u.Field("U", false); name != "" {
		t.Errorf("field U: got %s, want none", name)
	}
	if name, m := u.FieldAt(1); name != "m" || !m.Is(schemas.Map) || m.Is(schemas.Array) || !m.Items(schemas.Map).Is(schemas.Int) {
		t.Errorf("field 1: got %s, want m, a map of int", name)
	}
	if items := u.Items(schemas.Array); len(items) != 2 {
		t.Errorf("elements: got %d types, want int and S", len(items))
	}
}

// A number is a date only where it can be nothing else.
func TestUntaggedText(t *testing.T) {
	const date, decimal = `{"type": "int", "logicalType": "date"}`, `{"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}`
	for _, tt := range []struct {
		typ  string
		kind schemas.Kind
		num  uint64
		text string
		want string
	}{
		{`["null", ` + date + `]`, schemas.Long, 1, "", "1970-01-02"},
		{`[` + date + `, "string"]`, schemas.Long, 1, "", "1970-01-02"},
		{`[` + date + `, "string"]`, schemas.String, 0, "x", `"x"`},
		{`[` + date + `, "long"]`, schemas.Long, 1, "", "1"},
		{decimal, schemas.Bytes, 0, "\x7b", "1.23"},
		{`[` + decimal + `, {"type": "fixed", "name": "F", "size": 1}]`, schemas.Bytes, 0, "\x7b", `"{"`},
	} {
		s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "f", "type": `+tt.typ+`}]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		_, u := codecs.UntaggedOf(s.Root).Field("f", false)
		if got := u.Text(tt.kind, tt.num, tt.text); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.typ, got, tt.want)
		}
	}
	if got := codecs.Untagged(nil).Text(schemas.Long, 7, ""); got != "7" {
		t.Errorf("no part of the schema: got %s, want 7", got)
	}
}
