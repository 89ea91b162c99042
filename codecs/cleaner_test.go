package codecs

import (
	"errors"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/streams"
)

const used = `{"type": "record", "name": "Used", "fields": [
	{"name": "i", "type": "int"}, {"name": "s", "type": "string"}, {"name": "y", "type": "bytes"},
	{"name": "p", "type": ["null", "long"]}, {"name": "u", "type": ["int", "string"]},
	{"name": "list", "type": {"type": "array", "items": {"type": "record", "name": "Item", "fields": [
		{"name": "n", "type": "int"}, {"name": "tags", "type": {"type": "map", "values": "int"}}]}}}, {"name": "ints", "type": {"type": "array", "items": "int"}},
	{"name": "flat", "type": {"type": "record", "name": "Flat", "fields": [{"name": "d", "type": "double"}, {"name": "x", "type": {"type": "fixed", "name": "X", "size": 2}}]}}]}`

const usedRecord = `{"i": 7, "s": "text", "y": "bytes", "p": {"long": 8}, "u": {"string": "in"},
	"list": [{"n": 1, "tags": {"a": 1}}, {"n": 2, "tags": {"b": 2}}], "ints": [3, 4], "flat": {"d": 1.5, "x": "ab"}}`

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
		leaves Remainder
		want   string
	}{
		{Anything, `{"i":0,"s":"","y":"","p":null,"u":{"int":0},"list":[],"ints":[],"flat":{"d":0.0,"x":"\u0000\u0000"}}`},
		{Fields, `{"i":0,"s":"","y":"","p":null,"u":{"int":0},"list":[],"ints":[],"flat":{"d":0.0,"x":"\u0000\u0000"}}`},
		{Elements, `{"i":7,"s":"text","y":"bytes","p":{"long":8},"u":{"int":0},"list":[],"ints":[],"flat":{"d":1.5,"x":"ab"}}`},
		{Entries, `{"i":7,"s":"text","y":"bytes","p":{"long":8},"u":{"int":0},"list":[],"ints":[3,4],"flat":{"d":1.5,"x":"ab"}}`},
	} {
		typ, v := read(t, used, usedRecord)
		if err := NewCleaner(typ, tt.leaves).Clean(v); err != nil {
			t.Fatal(err)
		}
		rec := reflect.ValueOf(v).Elem()
		if u := rec.FieldByName("F4"); !u.IsNil() {
			t.Errorf("%v: the union holds %v", tt.leaves, u)
		}
		rec.FieldByName("F4").Set(reflect.ValueOf(int32(0))) // null is none of its branches
		if got, err := access.Marshal(typ, v); err != nil || string(got) != tt.want {
			t.Errorf("%v: got %s, error %v, want %s", tt.leaves, got, err, tt.want)
		}
		checkRoom(t, rec.FieldByName("F5"), tt.leaves)
	}
}

// checkRoom makes sure that list has room for the elements that it had, and that nothing of them is left there.
func checkRoom(t *testing.T, list reflect.Value, leaves Remainder) {
	t.Helper()
	if list.Cap() < 2 {
		t.Fatalf("%v: the array has room for %d elements, want 2", leaves, list.Cap())
	}
	first := list.Slice(0, 2).Index(0)
	if first.Field(1).Len() != 0 || leaves >= Fields && first.Field(0).Int() != 0 {
		t.Errorf("%v: an element that was is still %v", leaves, first)
	}
}

// Elements that bytes always say are left in their room, unless null may say nothing.
func TestCleanerElements(t *testing.T) {
	for leaves, want := range map[Remainder]string{Fields: "ab", Anything: ""} {
		typ, v := read(t, `{"type": "record", "name": "R", "fields": [{"name": "list", "type": {"type": "array", "items": "string"}}]}`, `{"list": ["a", "b"]}`)
		if err := NewCleaner(typ, leaves).Clean(v); err != nil {
			t.Fatal(err)
		}
		list := reflect.ValueOf(v).Elem().Field(0)
		if got := list.Slice(0, 2).Index(0).String() + list.Slice(0, 2).Index(1).String(); got != want || list.Len() != 0 {
			t.Errorf("%v: %d elements, in their room %q, want 0 and %q", leaves, list.Len(), got, want)
		}
	}
}

// What is made zero by the word is what lies between arrays and maps, and no byte more, whatever the size of a record.
func TestCleanerBounds(t *testing.T) {
	for _, tt := range []struct{ fields, record, want string }{
		{`{"name": "a", "type": {"type": "array", "items": {"type": "record", "name": "In", "fields": [{"name": "b", "type": "boolean"}]}}}`,
			`{"a": [{"b": true}, {"b": true}, {"b": true}]}`, `{"a":[]}`},
		{`{"name": "b", "type": "boolean"}, {"name": "m", "type": {"type": "map", "values": "int"}}, {"name": "c", "type": "boolean"},
			{"name": "s", "type": "string"}, {"name": "d", "type": "boolean"}, {"name": "y", "type": "bytes"}, {"name": "i", "type": "int"}`,
			`{"b": true, "m": {"k": 1}, "c": true, "s": "s", "d": true, "y": "y", "i": 1}`,
			`{"b":false,"m":{},"c":false,"s":"","d":false,"y":"","i":0}`},
		{`{"name": "n", "type": "null"}, {"name": "i", "type": "int"}`, `{"n": null, "i": 5}`, `{"n":null,"i":0}`},
		{`{"name": "i", "type": "int"}, {"name": "in", "type": {"type": "record", "name": "In", "fields": [{"name": "b", "type": "boolean"}, {"name": "u", "type": ["null", "int", "string"]}]}},
			{"name": "list", "type": {"type": "array", "items": "string"}}, {"name": "p", "type": ["null", "int"]}, {"name": "c", "type": "boolean"}`,
			`{"i": 1, "in": {"b": true, "u": {"int": 1}}, "list": ["a"], "p": {"int": 1}, "c": true}`,
			`{"i":0,"in":{"b":false,"u":null},"list":[],"p":null,"c":false}`},
	} {
		typ, v := read(t, `{"type": "record", "name": "R", "fields": [`+tt.fields+`]}`, tt.record)
		// The record stands among others in an array, which is guarded on both sides.
		list := reflect.MakeSlice(reflect.SliceOf(typ.Go), 3, 3)
		for i := range 3 {
			list.Index(i).Set(reflect.ValueOf(v).Elem())
		}
		if err := NewCleaner(typ, Fields).Clean(list.Index(1).Addr().Interface()); err != nil {
			t.Fatal(err)
		}
		if got, err := access.Marshal(typ, list.Index(1).Addr().Interface()); err != nil || string(got) != tt.want {
			t.Errorf("%s: got %s, error %v, want %s", tt.record, got, err, tt.want)
		}
		for _, i := range []int{0, 2} {
			if got, want := list.Index(i), reflect.ValueOf(v).Elem(); !reflect.DeepEqual(got.Interface(), want.Interface()) {
				t.Errorf("%s: the record beside it is %v, want %v", tt.record, got, want)
			}
		}
	}
}

// Numbers are no pointers: one that could be the address of memory which the collector has given back must not be shown to
// it, which ends the process.
func TestCleanerNumbers(t *testing.T) {
	typ, v := read(t, `{"type": "record", "name": "R", "fields": [{"name": "s", "type": "string"}, {"name": "a", "type": "long"}, {"name": "b", "type": "long"}]}`,
		`{"s": "s", "a": 0, "b": 0}`)
	c, rec, freed := NewCleaner(typ, Fields), reflect.ValueOf(v).Elem(), freedAddresses(64)
	collected := make(chan bool)
	go func() {
		for range 8 {
			runtime.GC()
		}
		close(collected)
	}()
	for i := 0; ; i++ {
		rec.Field(1).SetInt(freed[i%64])
		rec.Field(2).SetInt(freed[i%64])
		if err := c.Clean(v); err != nil {
			t.Fatal(err)
		}
		if i%64 != 0 {
			continue
		}
		select {
		case <-collected:
			return
		default:
			runtime.Gosched()
		}
	}
}

// freedAddresses returns addresses that nothing is at any more.
func freedAddresses(n int) (list []int64) {
	for range n {
		list = append(list, int64(reflect.ValueOf(make([]byte, 1<<20)).Pointer())+4096)
	}
	runtime.GC()
	return list
}

// The pointers in what is made zero are those of the Go types, at every place and of every kind.
func TestCleanerPointers(t *testing.T) {
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		typ, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, leaves := range []Remainder{Entries, Elements, Fields, Anything} {
			checkPointers(t, NewCleaner(typ, leaves).root, typ)
		}
	}
}

func checkPointers(t *testing.T, c *cleaning, typ *access.Type) {
	t.Helper()
	all := appendPointers(nil, 0, typ.Go)
	for _, s := range c.steps {
		size := s.size
		switch s.do {
		case empty:
			checkPointers(t, s.elem, s.typ.Elem)
			continue
		case zeroAll:
			size *= word
		case zero:
		default:
			continue
		}
		var want []uintptr
		for _, p := range all {
			if p >= s.offset && p < s.offset+size {
				want = append(want, p-s.offset)
			}
		}
		if !slices.Equal(s.pointers, want) {
			t.Errorf("%v, %d bytes at %d: pointers at %d, want %d", typ.Go, size, s.offset, s.pointers, want)
		}
	}
}

// appendPointers appends where pointers are in a value of g at off.
func appendPointers(list []uintptr, off uintptr, g reflect.Type) []uintptr {
	switch g.Kind() {
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(g) {
			list = appendPointers(list, off+f.Offset, f.Type)
		}
	case reflect.String, reflect.Slice, reflect.Map, reflect.Pointer:
		list = append(list, off)
	case reflect.Interface:
		list = append(list, off+word)
	}
	return list
}

func TestCleanerAllocs(t *testing.T) {
	typ, v := read(t, used, usedRecord)
	c := NewCleaner(typ, Fields)
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
	if err := NewCleaner(typ, Elements).Clean(v); err != nil || v.T != nil {
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
