package codecs

import (
	"errors"
	"reflect"
	"testing"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const used = `{"type": "record", "name": "Used", "fields": [
	{"name": "i", "type": "int"}, {"name": "s", "type": "string"}, {"name": "y", "type": "bytes"},
	{"name": "p", "type": ["null", "long"]}, {"name": "u", "type": ["int", "string"]},
	{"name": "list", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [
		{"name": "n", "type": "int"}, {"name": "tags", "type": {"type": "map", "values": "int"}}]}}},
	{"name": "flat", "type": {"type": "record", "name": "Flat", "fields": [{"name": "d", "type": "double"}, {"name": "x", "type": {"type": "fixed", "name": "X", "size": 2}}]}}]}`

const usedRecord = `{"i": 7, "s": "text", "y": "bytes", "p": {"long": 8}, "u": {"string": "in"},
	"list": [{"n": 1, "tags": {"a": 1}}, {"n": 2, "tags": {"b": 2}}], "flat": {"d": 1.5, "x": "ab"}}`

func read(t *testing.T, schema, record string) (*access.Type, any) {
	t.Helper()
	s, err := schemas.Parse("test.avsc", []byte(schema), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	v := typ.New()
	if err := access.Unmarshal(typ, []byte(record), v); err != nil {
		t.Fatal(err)
	}
	return typ, v
}

func TestCleaner(t *testing.T) {
	for _, tt := range []struct {
		whole bool
		want  string
	}{
		{true, `{"i":0,"s":"","y":"","p":null,"u":{"int":0},"list":[],"flat":{"d":0.0,"x":"\u0000\u0000"}}`},
		{false, `{"i":7,"s":"text","y":"bytes","p":{"long":8},"u":{"int":0},"list":[],"flat":{"d":1.5,"x":"ab"}}`},
	} {
		typ, v := read(t, used, usedRecord)
		if err := NewCleaner(typ, tt.whole).Clean(v); err != nil {
			t.Fatal(err)
		}
		rec := reflect.ValueOf(v).Elem()
		if u := rec.FieldByName("F4"); !u.IsNil() {
			t.Errorf("whole %v: the union holds %v", tt.whole, u)
		}
		rec.FieldByName("F4").Set(reflect.ValueOf(int32(0))) // null is none of its branches
		if got, err := access.Marshal(typ, v); err != nil || string(got) != tt.want {
			t.Errorf("whole %v: got %s, error %v, want %s", tt.whole, got, err, tt.want)
		}
		checkRoom(t, rec.FieldByName("F5"), tt.whole)
	}
}

// checkRoom makes sure that list has room for the elements that it had, and that nothing of them is left there.
func checkRoom(t *testing.T, list reflect.Value, whole bool) {
	t.Helper()
	if list.Cap() < 2 {
		t.Fatalf("whole %v: the array has room for %d elements, want 2", whole, list.Cap())
	}
	first := list.Slice(0, 2).Index(0)
	if first.Field(1).Len() != 0 || whole && first.Field(0).Int() != 0 {
		t.Errorf("whole %v: an element that was is still %v", whole, first)
	}
}

func TestCleanerAllocs(t *testing.T) {
	typ, v := read(t, used, usedRecord)
	c := NewCleaner(typ, true)
	if n := testing.AllocsPerRun(10, func() {
		if err := c.Clean(v); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("Clean allocates %v times, want 0", n)
	}
	if err := c.Clean(new(int)); err == nil {
		t.Error("Clean of an *int: got no error")
	}
}

// A record inside itself holds what the whole one does, also what stands behind its place.
func TestCleanerRecursive(t *testing.T) {
	s, err := schemas.Parse("test.avsc", []byte(`{"type": "record", "name": "T", "fields": [
		{"name": "t", "type": ["null", "T"]}, {"name": "m", "type": {"type": "map", "values": "int"}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	type tree struct {
		T *tree            `avro:"t"`
		M map[string]int32 `avro:"m"`
	}
	if s, err = schemas.Bind(s, map[string]reflect.Type{"T": reflect.TypeFor[tree]()}, nil); err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	v := &tree{T: &tree{M: map[string]int32{"a": 1}}}
	if err := NewCleaner(typ, false).Clean(v); err != nil || v.T != nil {
		t.Errorf("got a record that holds %+v, and error %v", v.T, err)
	}
}

func TestReflected(t *testing.T) {
	s, err := schemas.Parse("test.avsc", []byte(`{"type": "record", "name": "T", "fields": [{"name": "t", "type": ["null", "T"]}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Reflected(s); !errors.Is(err, schemas.ErrUnsupported) {
		t.Errorf("a recursive schema at run time: got error %v, want one that wraps %q", err, schemas.ErrUnsupported)
	}
	type tree struct {
		T *tree `avro:"t"`
	}
	if s, err = schemas.Bind(s, map[string]reflect.Type{"T": reflect.TypeFor[tree]()}, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := Reflected(s); err != nil {
		t.Errorf("a recursive schema of declared types: %v", err)
	}
}
