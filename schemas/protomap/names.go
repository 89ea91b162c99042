package protomap

import (
	"fmt"
	"strings"
)

// A scope gives out the names of a message or a file. They differ, and so does what like makes of them.
type scope struct {
	like  func(string) string
	taken map[string]bool // names, and what like makes of them
}

// fileScope is for messages, enums and, as protobuf has it, the values of all enums: these must differ in more than case.
func fileScope() scope {
	return scope{func(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }, map[string]bool{}}
}

// messageScope is for fields, oneofs and messages of entries: their JSON names must differ. A field called as a method
// of vtprotobuf, or as the one that protoc-gen-go does not avoid itself, would not compile.
func messageScope() scope {
	s := scope{jsonName, map[string]bool{}}
	for _, method := range []string{"ProtoReflect", "MarshalVT", "MarshalToVT", "MarshalToSizedBufferVT", "SizeVT", "UnmarshalVT"} {
		s.taken[method], s.taken[strings.ToLower(method[:1])+method[1:]] = true, true
	}
	return s
}

// unique returns name, or what it becomes with a number behind it, and takes it.
func (s scope) unique(name string) string {
	got := name
	for i := 2; s.has(got); i++ {
		got = fmt.Sprint(name, i)
	}
	s.taken[got], s.taken[s.like(got)] = true, true
	return got
}

func (s scope) has(name string) bool { return s.taken[name] || s.taken[s.like(name)] }

// jsonName returns the name that protobuf's JSON form gives a field: foo_bar becomes fooBar.
func jsonName(name string) string {
	var b strings.Builder
	up := false
	for _, c := range name {
		switch {
		case c == '_':
			up = true
			continue
		case up && c >= 'a' && c <= 'z':
			c -= 'a' - 'A'
		}
		up = false
		b.WriteRune(c)
	}
	return b.String()
}

// camel returns a name as protobuf's libraries do for messages: foo_bar becomes FooBar.
func camel(name string) string { return jsonName("_" + name) }

// typeName returns a name for the message or enum called name in the schema: it begins with a capital, and so is none
// of protobuf's own types.
func typeName(name string) string {
	got := camel(name)
	if got == "" || got[0] < 'A' || got[0] > 'Z' {
		return "X" + got
	}
	return got
}

// simple returns a full name without its namespace.
func simple(full string) string { return full[strings.LastIndexByte(full, '.')+1:] }

// snake returns a name in lower case, parts joined by _: OrderStatus becomes order_status.
func snake(name string) string {
	var b strings.Builder
	for i, c := range name {
		upper := c >= 'A' && c <= 'Z'
		if upper && i > 0 && name[i-1] != '_' && (name[i-1] < 'A' || name[i-1] > 'Z') {
			b.WriteByte('_')
		}
		b.WriteString(strings.ToLower(string(c)))
	}
	return b.String()
}
