package flinktest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// A class is the Java type of a place. Kinds are the names of Java's types, without packages: "int" is a wrapper if it is
// boxed, "List", "Map" and "array" have an elem, "record" a body, "Object" branches.
type class struct {
	kind     string
	boxed    bool
	nullable bool
	tagged   bool // the value stands in an object that names the branch of a union
	name     string
	symbols  []string
	size     int // of a fixed, else -1
	micros   bool
	scale    int
	elem     *class
	body     *body
	branches []*class // of an Object, in order; that of null is left out
	tag      string   // by which a union's JSON names it
}

// A body has what is the same wherever a record stands.
type body struct {
	name   string
	fields []field // in the order of the schema
}

type field struct {
	name string
	is   *class
}

// byName returns the fields in the order of their names, by UTF-16 units.
func (b *body) byName() []field {
	fields := slices.Clone(b.fields)
	slices.SortFunc(fields, func(x, y field) int {
		return slices.Compare(utf16.Encode([]rune(x.name)), utf16.Encode([]rune(y.name)))
	})
	return fields
}

const wrappers = "boolean byte short int long float double"

// wrapper reports whether c is a primitive or its wrapper.
func (c *class) wrapper() bool { return slices.Contains(strings.Fields(wrappers), c.kind) }

func (c *class) primitive() bool { return c.wrapper() && !c.boxed }

// parameterized reports whether c has type arguments, in an array too.
func (c *class) parameterized() bool {
	return c.kind == "List" || c.kind == "Map" || c.kind == "array" && c.elem.parameterized()
}

var packages = map[string]string{
	"String": "java.lang.", "Object": "java.lang.", "Void": "java.lang.", "List": "java.util.", "Map": "java.util.", "Instant": "java.time.",
	"LocalDate": "java.time.", "LocalTime": "java.time.", "LocalDateTime": "java.time.", "Date": "java.util.", "Timestamp": "java.sql.",
	"BigDecimal": "java.math.", "UUID": "java.util.",
}

var boxes = map[string]string{
	"boolean": "java.lang.Boolean", "byte": "java.lang.Byte", "short": "java.lang.Short", "int": "java.lang.Integer", "long": "java.lang.Long",
	"float": "java.lang.Float", "double": "java.lang.Double",
}

var letters = map[string]string{"boolean": "Z", "byte": "B", "short": "S", "int": "I", "long": "J", "float": "F", "double": "D"}

// declared returns Class.getName of the class that c declares.
func (c *class) declared() string {
	switch {
	case c.kind == "byte[]":
		return "[B"
	case c.kind == "array" && c.elem.primitive():
		return "[" + letters[c.elem.kind]
	case c.kind == "array" && (c.elem.kind == "array" || c.elem.kind == "byte[]"):
		return "[" + c.elem.declared()
	case c.kind == "array":
		return "[L" + c.elem.declared() + ";"
	case c.name != "":
		return c.name
	case c.wrapper() && c.boxed:
		return boxes[c.kind]
	}
	return packages[c.kind] + c.kind
}

// runtime returns Class.getName of a value's class.
func (c *class) runtime() string {
	switch c.kind {
	case "List":
		return "java.util.ArrayList"
	case "Map":
		return "java.util.HashMap"
	}
	return c.declared()
}

// definitions returns the names of records and enums in the order in which a walk meets their definitions.
func (c *class) definitions() []string {
	var names []string
	walk(c, func(x *class) {
		if x.name != "" && (x.kind == "record" || x.kind == "enum") && !slices.Contains(names, x.name) {
			names = append(names, x.name)
		}
	})
	return names
}

// walk visits each type below c, a record once.
func walk(c *class, visit func(*class)) { walkIn(c, map[*body]bool{}, visit) }

func walkIn(c *class, seen map[*body]bool, visit func(*class)) {
	visit(c)
	if c.elem != nil {
		walkIn(c.elem, seen, visit)
	}
	for _, b := range c.branches {
		walkIn(b, seen, visit)
	}
	if c.body == nil || seen[c.body] {
		return
	}
	seen[c.body] = true
	for _, f := range c.body.fields {
		walkIn(f.is, seen, visit)
	}
}

// twoOfOneClass reports whether a union has two branches of one class, which no reader tells apart. Two times of day it does
// tell apart, as the records here have them.
func twoOfOneClass(c *class) bool {
	found := false
	walk(c, func(x *class) {
		names := map[string]bool{}
		for _, b := range x.branches {
			found = found || names[b.runtime()] && b.kind != "LocalTime"
			names[b.runtime()] = true
		}
	})
	return found
}

// resolve returns the class of value v at a place of c and the value itself, nil for null.
func (c *class) resolve(v any) (*class, any) {
	if v == nil || c.kind == "Void" {
		return nil, nil
	}
	if !c.tagged {
		return c, v
	}
	tag, value := v.(*object).only()
	for _, b := range c.branches {
		if b.tag == tag {
			return b, value
		}
	}
	return c, value
}

func integer(v any) int64 {
	n, err := strconv.ParseInt(string(v.(json.Number)), 10, 64)
	if err != nil {
		panic(err)
	}
	return n
}
