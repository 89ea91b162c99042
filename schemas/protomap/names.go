package protomap

import (
	"fmt"
	"strings"
)

// A scope gives out the names of one message or file. Those of fields differ in more than case and underscores, so that
// their JSON names and Go names differ too.
type scope struct{ exact, like map[string]bool }

// methods are what vtprotobuf gives a message: a field of that name would not compile.
var methods = []string{"marshalvt", "marshaltovt", "marshaltosizedbuffervt", "sizevt", "unmarshalvt"}

func newScope(reserved ...string) scope {
	s := scope{map[string]bool{}, map[string]bool{}}
	for _, name := range reserved {
		s.like[name] = true
	}
	return s
}

func alike(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// unique returns name, or what it becomes with a number behind it, and takes it.
func (s scope) unique(name string) string {
	got := name
	for i := 2; s.like[alike(got)] || s.exact[got]; i++ {
		got = fmt.Sprint(name, i)
	}
	s.like[alike(got)], s.exact[got] = true, true
	return got
}

// camel returns a name as protobuf's libraries do for messages: foo_bar becomes FooBar.
func camel(name string) string {
	var b strings.Builder
	up := true
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
