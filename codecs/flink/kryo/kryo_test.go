package kryo_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

var formats = []codecs.Format{kryo.Format, kryo.Registered, kryo.Flink1, kryo.Flink1Registered}

func Test(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) { codectest.Run(t, f) })
	}
}

func TestGolden(t *testing.T) {
	for _, f := range formats {
		t.Run(f.Name, func(t *testing.T) {
			codectest.Hex(t, f, "../testdata/vectors", f.Name+".hex")
			codectest.Hex(t, f, "../testdata/cases", f.Name+".hex")
			codectest.Golden(t, f, "../testdata/checks")
		})
	}
}

func FuzzKryo(f *testing.F) { codectest.Fuzz(f, kryo.Format) }

func FuzzKryo2(f *testing.F) { codectest.Fuzz(f, kryo.Flink1) }

// A list of nothing but nulls is shorter than its elements are many, which a decoder that trusts nothing has to allow.
func TestNullLists(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "l", "type": {"type": "array", "items": ["null", {"type": "record", "name": "E", "fields": [{"name": "x", "type": "int"}]}]}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range formats {
		c, err := f.New(s)
		if err != nil {
			t.Fatal(err)
		}
		for n, carried := range map[int]bool{1: true, 2: true, 200: true, 100_000: f.Name == "kryo-flink1" || f.Name == "kryo-flink1-registered"} {
			want, got := typ.New(), typ.New()
			nulls := strings.TrimSuffix(strings.Repeat("null,", n), ",")
			if err := access.Unmarshal(typ, []byte(`{"l": [`+nulls+`]}`), want); err != nil {
				t.Fatal(err)
			}
			enc, err := c.Append(nil, want)
			if err != nil {
				t.Fatal(err)
			}
			err = c.Decode(enc, got)
			if (err == nil) != carried {
				t.Errorf("%s: %d nulls in %d bytes: error %v", f.Name, n, len(enc), err)
			}
			if diff := cmp.Diff(want, got); err == nil && diff != "" {
				t.Errorf("%s: %d nulls (-want +got):\n%s", f.Name, n, diff)
			}
		}
	}
}

// A place for a record inside itself that holds none is an error, where the schema has no null: Flink would write one that
// no reader of the schema takes.
func TestNoRecord(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "kids", "type": {"type": "array", "items": "R"}},
		{"name": "names", "type": {"type": "map", "values": "R"}}, {"name": "row", "type": {"type": "array", "items": "R", "java-array": true}},
		{"name": "in", "type": ["null", {"type": "record", "name": "In", "fields": [{"name": "back", "type": "R"}]}]}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		want string
		set  func(r reflect.Value)
	}{
		{"kids: there is no R", func(r reflect.Value) { r.Field(0).Set(reflect.ValueOf([]any{nil})) }},
		{"names: there is no R", func(r reflect.Value) { r.Field(1).Set(reflect.ValueOf(map[string]any{"a": nil})) }},
		{"row: there is no R", func(r reflect.Value) { r.Field(2).Set(reflect.ValueOf([]any{nil})) }},
		{"in: back: there is no R", func(r reflect.Value) { r.Field(3).Set(reflect.New(r.Field(3).Type().Elem())) }},
	} {
		for _, f := range formats {
			c, err := f.New(s)
			if err != nil {
				t.Fatal(err)
			}
			v := typ.New()
			tt.set(reflect.ValueOf(v).Elem())
			if got, err := c.Append(nil, v); err == nil || err.Error() != tt.want {
				t.Errorf("%s: got %x, error %v, want %s", f.Name, got, err, tt.want)
			}
		}
	}
}
