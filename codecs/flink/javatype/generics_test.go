package javatype

import "testing"

// What Flink 1.20.4 cannot read back, or not even write, of records of these fields, and what it can.
func TestStaleGenerics(t *testing.T) {
	array := func(t string) string { return `{"type": "array", "java-array": true, "items": ` + t + `}` }
	list := func(t string) string { return `{"type": "array", "items": ` + t + `}` }
	mapOf := func(t string) string { return `{"type": "map", "values": ` + t + `}` }
	union := func(t string) string { return `["string", ` + t + `]` }
	const (
		lists  = "[Ljava.util.List;"
		lists2 = "[[Ljava.util.List;"
		maps   = "[Ljava.util.Map;"
		record = `{"type": "record", "name": "Q", "fields": [{"name": "k", "type": "int"}]}`
	)
	ints := list(`"int"`)
	for _, tt := range []struct{ a, b, want string }{
		{array(ints), mapOf(array(ints)), lists},
		{array(ints), list(array(ints)), lists},
		{array(ints), mapOf(`["null", ` + array(list(`["null", "long"]`)) + `]`), lists},
		{array(list(`"string"`)), mapOf(array(ints)), lists}, // ClassCastException
		{array(mapOf(record)), mapOf(array(mapOf(`"Q"`))), maps},
		{array(array(ints)), mapOf(array(ints)), lists},
		{array(array(ints)), mapOf(array(array(ints))), lists2},
		{array(ints), list(union(array(ints))), lists},
		{array(ints), mapOf(`{"type": "record", "name": "I", "fields": [{"name": "x", "type": ` + list(array(ints)) + `}]}`), lists},

		{array(ints), array(ints), ""},
		{array(ints), mapOf(ints), ""},
		{array(ints), list(ints), ""},
		{array(ints), union(array(ints)), ""},
		{array(ints), array(union(array(ints))), ""},
		{array(ints), list(array(union(array(ints)))), ""},
		{array(ints), mapOf(array(array(ints))), ""},
		{array(ints), mapOf(array(mapOf(`"int"`))), ""},
		{array(list(record)), mapOf(array(list(`"Q"`))), ""}, // a class that is not final says nothing
		{array(`"int"`), mapOf(array(`"int"`)), ""},
		{list(array(ints)), mapOf(array(ints)), ""},
	} {
		typ, _ := place(t, `{"type": "record", "name": "P", "fields": [{"name": "a", "type": `+tt.a+`}, {"name": "b", "type": `+tt.b+`}]}`,
			`{"a": `+empty(tt.a)+`, "b": `+empty(tt.b)+`}`)
		if got := typ.StaleGenerics(); got != tt.want {
			t.Errorf("%s beside %s: got %q, want %q", tt.a, tt.b, got, tt.want)
		}
	}
}

// empty returns an empty value of a list, a map or a union of "string".
func empty(typ string) string {
	switch typ[:11] {
	case `{"type": "m`:
		return "{}"
	case `["string", `:
		return `{"string": ""}`
	}
	return "[]"
}

// Arrays of lists that can be null in an array in a field, and others.
func TestNullsInArrays(t *testing.T) {
	const lists = `{"type": "array", "java-array": true, "items": {"type": "array", "items": "string"}}`
	for _, tt := range []struct {
		typ  string
		want bool
	}{
		{`{"type": "array", "java-array": true, "items": ["null", ` + lists + `]}`, true},
		{`{"type": "array", "java-array": true, "items": {"type": "array", "java-array": true, "items": ["null", ` + lists + `]}}`, true},
		{`{"type": "array", "java-array": true, "items": ` + lists + `}`, false},
		{`{"type": "array", "items": ["null", ` + lists + `]}`, false},
		{`{"type": "array", "java-array": true, "items": ["null", {"type": "array", "java-array": true, "items": "string"}]}`, false},
		{lists, false},
	} {
		typ, _ := place(t, `{"type": "record", "name": "P", "fields": [{"name": "a", "type": `+tt.typ+`}]}`, `{"a": []}`)
		if got := typ.NullsInArrays(); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.typ, got, tt.want)
		}
	}
}
