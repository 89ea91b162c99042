package codecs_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// mark stands for null in a twin.
type mark struct{}

func (mark) String() string { return "nothing" }

func parse(t *testing.T, fields string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [`+fields+`]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A record and its twin are one in memory, whichever is written.
func TestView(t *testing.T) {
	s := parse(t, `{"name": "none", "type": "null"}, {"name": "i", "type": "int"},
		{"name": "list", "type": {"type": "array", "items": "null"}}, {"name": "map", "type": {"type": "map", "values": "null"}},
		{"name": "in", "type": ["null", {"type": "record", "name": "In", "fields": [{"name": "s", "type": "string"}, {"name": "none", "type": "null"}]}]}`)
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	view, err := codecs.NewView(s, typ, reflect.TypeFor[mark]())
	if err != nil {
		t.Fatal(err)
	}
	v := typ.New()
	const record = `{"none":null,"i":7,"list":[null,null],"map":{"k":null},"in":{"In":{"s":"text","none":null}}}`
	if err := access.Unmarshal(typ, []byte(record), v); err != nil {
		t.Fatal(err)
	}
	shown, err := view.Of(v)
	if err != nil {
		t.Fatal(err)
	}
	twin := reflect.ValueOf(shown).Elem()
	got := fmt.Sprint(twin.Field(0), twin.Field(1), twin.Field(2), twin.Field(3), twin.Field(4).Elem())
	if want := "nothing 7 [nothing nothing] map[k:nothing] {text nothing}"; got != want {
		t.Errorf("the twin shows %s, want %s", got, want)
	}
	twin.Field(2).Set(reflect.ValueOf([]mark{{}}))
	twin.Field(3).Set(reflect.ValueOf(map[string]mark{"a": {}, "b": {}}))
	want := `{"none":null,"i":7,"list":[null],"map":{"a":null,"b":null},"in":{"In":{"s":"text","none":null}}}`
	if got, err := access.Marshal(typ, v); err != nil || string(got) != want {
		t.Errorf("got %s, error %v, want %s", got, err, want)
	}
	if _, err := view.Of(new(int)); err == nil {
		t.Error("a view of an int: got no error")
	}
}

func TestViewRefuses(t *testing.T) {
	for _, tt := range []struct{ fields, want string }{
		{`{"name": "u", "type": ["int", {"type": "array", "items": "null"}]}`,
			"R: u: a null inside what a union holds would be written as a struct without fields: not supported"},
		{`{"name": "r", "type": ["null", "R"]}, {"name": "none", "type": "null"}`,
			"R: a null in a record inside itself would be written as a struct without fields: not supported"},
		{`{"name": "r", "type": ["null", "R"]}, {"name": "u", "type": ["null", "int", "string"]}`, ""},
	} {
		s := parse(t, tt.fields)
		typ, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		_, err = codecs.NewView(s, typ, reflect.TypeFor[mark]())
		if err == nil && tt.want != "" || err != nil && err.Error() != tt.want {
			t.Errorf("%s: got error %v, want %q", tt.fields, err, tt.want)
		}
	}
}

// What a union may hold is followed into records, their own places too.
func TestInUnion(t *testing.T) {
	for _, tt := range []struct{ fields, want string }{
		{`{"name": "f", "type": "float"}, {"name": "u", "type": ["null", "float"]}`, ""},
		{`{"name": "a", "type": ["int", "string"]}, {"name": "u", "type": ["null", "int", "float"]}`, "u"},
		{`{"name": "list", "type": {"type": "array", "items": ["int", {"type": "map", "values": "float"}]}}`, "list[]"},
		{`{"name": "f", "type": "float"}, {"name": "u", "type": ["int", "R"]}`, "u"},
		{`{"name": "d", "type": "double"}, {"name": "u", "type": ["int", "R"]}`, ""},
	} {
		if got := codecs.InUnion(parse(t, tt.fields), schemas.Float); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.fields, got, tt.want)
		}
	}
}
