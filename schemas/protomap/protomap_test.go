package protomap_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// describe returns the fields of all messages, as "Message.field = number label type".
func describe(t *testing.T, s *schemas.Schema) string {
	t.Helper()
	f, err := protodesc.NewFile(protomap.Of(s, "").Descriptor(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for i := range f.Messages().Len() {
		m := f.Messages().Get(i)
		lines = append(lines, string(m.Name()))
		for j := range m.Fields().Len() {
			lines = append(lines, fmt.Sprintf("  %s", field(m.Fields().Get(j))))
		}
	}
	for i := range f.Enums().Len() {
		e := f.Enums().Get(i)
		line := string(e.Name()) + ":"
		for j := range e.Values().Len() {
			line += fmt.Sprintf(" %s=%d", e.Values().Get(j).Name(), e.Values().Get(j).Number())
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func field(f protoreflect.FieldDescriptor) string {
	label := ""
	switch {
	case f.IsMap():
		return fmt.Sprintf("map %s %s = %d", typeName(f.MapValue()), f.Name(), f.Number())
	case f.IsPacked():
		label = "packed "
	case f.IsList():
		label = "repeated "
	case f.HasOptionalKeyword():
		label = "optional "
	case f.ContainingOneof() != nil:
		label = "oneof " + string(f.ContainingOneof().Name()) + " "
	}
	return fmt.Sprintf("%s%s %s = %d", label, typeName(f), f.Name(), f.Number())
}

func typeName(f protoreflect.FieldDescriptor) string {
	switch {
	case f.Message() != nil:
		return string(f.Message().Name())
	case f.Enum() != nil:
		return string(f.Enum().Name())
	}
	return f.Kind().String()
}

func TestOf(t *testing.T) {
	for _, tt := range []struct{ fields, want string }{
		{`{"name": "b", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": "long"}, {"name": "f", "type": "float"},
			{"name": "d", "type": "double"}, {"name": "s", "type": "string"}, {"name": "y", "type": "bytes"},
			{"name": "x", "type": {"type": "fixed", "name": "Four", "size": 4}}`, `
R
  bool b = 1
  int32 i = 2
  int64 l = 3
  float f = 4
  double d = 5
  string s = 6
  bytes y = 7
  bytes x = 8`},
		{`{"name": "o", "type": ["null", "int"]}, {"name": "p", "type": [{"type": "record", "name": "P", "fields": []}, "null"]}, {"name": "q", "type": "P"}`, `
R
  optional int32 o = 1
  optional P p = 2
  P q = 3
P`},
		{`{"name": "n", "type": "null"}, {"name": "e", "type": {"type": "enum", "name": "OrderStatus", "symbols": ["NEW", "new", "ORDER_STATUS_NEW"]}}`, `
R
  OrderStatus e = 2
OrderStatus: ORDER_STATUS_NEW=0 ORDER_STATUS_new2=1 ORDER_STATUS_ORDER_STATUS_NEW=2`},
		{`{"name": "u", "type": ["int", "null", "string", "R"]}, {"name": "after", "type": ["long"]}`, `
R
  oneof u int32 u_int = 1
  oneof u string u_string = 2
  oneof u R u_r = 3
  oneof after int64 after_long = 4`},
		{`{"name": "a", "type": {"type": "array", "items": "int"}}, {"name": "t", "type": ["null", {"type": "array", "items": "string"}]},
			{"name": "m", "type": ["null", {"type": "map", "values": "long"}]}`, `
R
  packed int32 a = 1
  repeated string t = 2
  map int64 m = 3`},
		{`{"name": "aa", "type": {"type": "array", "items": {"type": "array", "items": "int"}}}, {"name": "am", "type": {"type": "array", "items": {"type": "map", "values": "int"}}},
			{"name": "ma", "type": {"type": "map", "values": {"type": "array", "items": "int"}}}, {"name": "an", "type": {"type": "array", "items": ["null", "int"]}},
			{"name": "mu", "type": {"type": "map", "values": ["null", "int", "string"]}}, {"name": "u", "type": ["int", {"type": "array", "items": "int"}]},
			{"name": "nn", "type": {"type": "array", "items": "null"}}`, `
R
  repeated RAaItem aa = 1
  repeated RAmItem am = 2
  map RMaValue ma = 3
  repeated RAnItem an = 4
  map RMuValue mu = 5
  oneof u int32 u_int = 6
  oneof u RUArray u_array = 7
  repeated RNnItem nn = 8
RAaItem
  packed int32 items = 1
RAmItem
  map int32 entries = 1
RMaValue
  packed int32 items = 1
RAnItem
  optional int32 value = 1
RMuValue
  oneof value int32 value_int = 1
  oneof value string value_string = 2
RUArray
  packed int32 items = 1
RNnItem`},
		{`{"name": "a_b", "type": "int"}, {"name": "aB", "type": "int"}, {"name": "m", "type": {"type": "map", "values": "int"}}, {"name": "MEntry", "type": "int"},
			{"name": "_", "type": "int"}, {"name": "SizeVT", "type": "int"}`, `
R
  int32 a_b = 1
  int32 aB2 = 2
  map int32 m = 3
  int32 MEntry2 = 4
  int32 _ = 5
  int32 SizeVT2 = 6`},
	} {
		s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [`+tt.fields+`]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := "\n" + describe(t, s); got != tt.want {
			t.Errorf("%s: got %s\nwant %s", tt.fields, got, tt.want)
		}
	}
}

// Numbers that protobuf keeps for itself are left out.
func TestReserved(t *testing.T) {
	fields := make([]string, 19005)
	for i := range fields {
		fields[i] = fmt.Sprintf(`{"name": "f%d", "type": "int"}`, i)
	}
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [`+strings.Join(fields, ",")+`]}`), "")
	if err != nil {
		t.Skip(err) // no Go struct is that large
	}
	slots := protomap.Of(s, "").Root.Slots
	if got := slots[18999].Number; got != 20000 {
		t.Errorf("the field after number 18999 has number %d, want 20000", got)
	}
}

func TestPackage(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "Bid", "namespace": "com.Example", "fields": []}`), "")
	if err != nil {
		t.Fatal(err)
	}
	for given, want := range map[string]string{"": "com.example.bid com/example/bid.proto", "a.b": "a.b a/b.proto"} {
		f := protomap.Of(s, given)
		if got := f.Package + " " + f.Path; got != want {
			t.Errorf("Of(%q): got %s, want %s", given, got, want)
		}
	}
}
