package codegen

import (
	"strings"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// toMessage writes the function that fills m, which is empty, from its struct.
func (c *converter) toMessage(m *protomap.Message) {
	c.p("func %sToProto(dst *pb.%s, src *%s) error {", c.funcs(m.Name), c.messages[m.Name].GoIdent.GoName, c.goType(m))
	c.body(func() {
		for _, p := range c.places(m, "src", "dst") {
			c.toSlot(p)
		}
	})
}

func (c *converter) toSlot(p place) {
	switch p.slot.Form {
	case protomap.Plain:
		c.toValue(p.slot.Value, p.pbSide, p.goSide, p.where)
	case protomap.Optional:
		c.p("if %s != nil {", bare(p.goSide))
		c.toOptional(p.slot.Value, p.pbSide, p.goSide, p.where)
		c.p("}")
	case protomap.OneOf:
		c.toOneOf(p)
	case protomap.Repeated, protomap.Map:
		if _, nullable := p.slot.Collection(); nullable {
			c.p("if %s != nil {", bare(p.goSide))
			defer c.p("}")
			p.goSide = "(*" + p.goSide + ")"
		}
		if p.slot.Form == protomap.Repeated {
			c.toList(p)
		} else {
			c.toMap(p)
		}
	}
}

// toValue writes the assignment of the value of v in from to the message's into. From can be addressed.
func (c *converter) toValue(v protomap.Value, into, from, where string, args ...string) {
	switch {
	case v.Message != nil:
		c.p("%s = new(%s)", into, strings.TrimPrefix(c.pbType(v), "*"))
		c.p("if err := %sToProto(%s, &%s); err != nil {", c.funcs(v.Message.Name), into, from)
		c.check(where, args...)
	case v.Enum != nil:
		c.p("if %s, err = %sToProto(%s); err != nil {", into, c.funcs(v.Enum.Name), from)
		c.check(where, args...)
	case v.Node.Kind == schemas.Bytes:
		c.p("%s = bytes.Clone(%s)", into, from)
	case v.Node.Kind == schemas.Fixed:
		c.p("%s = bytes.Clone(%s[:])", into, from)
	default:
		c.p("%s = %s", into, from)
	}
}

// toOptional is toValue for a field with presence and a pointer that is not nil.
func (c *converter) toOptional(v protomap.Value, into, from, where string) {
	switch {
	case v.Message != nil:
		c.p("%s = new(%s)", into, strings.TrimPrefix(c.pbType(v), "*"))
		c.p("if err := %sToProto(%s, %s); err != nil {", c.funcs(v.Message.Name), into, from)
		c.check(where)
	case v.Enum != nil:
		c.p("%s = new(%s)", into, c.pbType(v))
		c.p("if *%s, err = %sToProto(*%s); err != nil {", into, c.funcs(v.Enum.Name), from)
		c.check(where)
	case v.Node.Kind == schemas.Bytes:
		c.p("%s = append([]byte{}, *%s...)", into, from)
	case v.Node.Kind == schemas.Fixed:
		c.p("%s = append([]byte{}, %s[:]...)", into, from)
	default:
		c.p("%s = proto.%s(*%s)", into, exported(scalarTypes[v.Node.Kind]), from)
	}
}

func (c *converter) toList(p place) {
	v := p.slot.Value
	if sameType(v) {
		c.p("%s = slices.Clone(%s)", p.pbSide, bare(p.goSide))
		return
	}
	c.p("%s = make([]%s, len(%s))", p.pbSide, c.pbType(v), bare(p.goSide))
	c.p("for i := range %s {", bare(p.goSide))
	c.toValue(v, p.pbSide+"[i]", p.goSide+"[i]", p.where+"[%d]", "i")
	c.p("}")
}

func (c *converter) toMap(p place) {
	v := p.slot.Value
	if sameType(v) {
		c.p("%s = maps.Clone(%s)", p.pbSide, bare(p.goSide))
		return
	}
	c.p("%s = make(map[string]%s, len(%s))", p.pbSide, c.pbType(v), bare(p.goSide))
	c.p("for key, value := range %s {", bare(p.goSide))
	if v.Message != nil {
		c.toNew(v, "value", p.where+"{%s}", "key")
		c.p("%s[key] = v", p.pbSide)
	} else {
		c.toValue(v, p.pbSide+"[key]", "value", p.where+"{%s}", "key")
	}
	c.p("}")
}

func (c *converter) toOneOf(p place) {
	c.p("switch value := %s.(type) {", p.goSide)
	for i, cs := range p.slot.Cases {
		if cs.Name == "" {
			c.p("case nil:")
			continue
		}
		c.p("case %s:", c.pkg.types.held(p.slot.Node, i))
		c.toCase(p, i, cs)
	}
	c.p("default:\nreturn fmt.Errorf(%q, value)\n}", prefix(p.where)+"a %T is none of the union's branches")
}

// toCase writes the assignment of value, branch i of a union.
func (c *converter) toCase(p place, i int, cs protomap.Case) {
	v := "value"
	switch {
	case cs.Value.Message != nil:
		c.toNew(cs.Value, "value", p.where)
		v = "v"
	case cs.Value.Enum != nil:
		c.p("v, err := %sToProto(string(value))\nif err != nil {", c.funcs(cs.Value.Enum.Name))
		c.check(p.where)
		v = "v"
	case cs.Value.Node.Kind == schemas.Bytes:
		v = "bytes.Clone(value)"
	case p.slot.Node.NamedBytes(i):
		v = "schemas.FixedBytes(value[:])"
	case cs.Value.Node.Kind == schemas.Fixed:
		v = "value[:]"
	}
	f := p.fields[cs.Number]
	c.p("%s = &pb.%s{%s: %s}", p.pbSide, f.GoIdent.GoName, f.GoName, v)
}

// toNew declares v, the message that from becomes.
func (c *converter) toNew(v protomap.Value, from, where string, args ...string) {
	c.p("v := new(%s)", strings.TrimPrefix(c.pbType(v), "*"))
	c.p("if err := %sToProto(v, &%s); err != nil {", c.funcs(v.Message.Name), from)
	c.check(where, args...)
}
