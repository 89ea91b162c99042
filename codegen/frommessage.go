package codegen

import (
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// fromMessage writes the function that fills the struct of m, whatever it held, from m.
func (c *converter) fromMessage(m *protomap.Message) {
	c.p("func %sFromProto(dst *%s, src *pb.%s) error {", c.funcs(m.Name), c.goType(m), c.messages[m.Name].GoIdent.GoName)
	c.p("if src == nil {\nreturn errors.New(\"the message is missing\")\n}")
	c.body(func() {
		for _, p := range c.places(m, "dst", "src") {
			c.fromSlot(p)
		}
	})
}

func (c *converter) fromSlot(p place) {
	switch p.slot.Form {
	case protomap.Nothing:
		if p.slot.Node.Kind == schemas.Union {
			c.p("%s = nil", bare(p.goSide))
		}
	case protomap.Plain:
		c.fromValue(p.slot.Value, p.goSide, p.pbSide, p.where)
	case protomap.Optional:
		c.fromOptional(p)
	case protomap.OneOf:
		c.fromOneOf(p)
	case protomap.Repeated, protomap.Map:
		n, nullable := p.slot.Collection()
		if nullable {
			c.p("%s = nil", bare(p.goSide))
			c.p("if len(%s) > 0 {", p.pbSide)
			c.p("%s = new(%s)", bare(p.goSide), c.pkg.types.of(n))
			defer c.p("}")
			p.goSide = "(*" + p.goSide + ")"
		}
		if p.slot.Form == protomap.Repeated {
			c.fromList(p, n)
		} else {
			c.fromMap(p, n)
		}
	}
}

// fromValue writes the assignment of a single value of a message to into, which can be addressed.
func (c *converter) fromValue(v protomap.Value, into, from, where string, args ...string) {
	switch {
	case v.Message != nil:
		c.p("if err := %sFromProto(&%s, %s); err != nil {", c.funcs(v.Message.Name), into, from)
		c.check(where, args...)
	case v.Enum != nil:
		c.p("if %s, err = %sFromProto(%s); err != nil {", into, c.funcs(v.Enum.Name), from)
		c.check(where, args...)
	case v.Node.Kind == schemas.Bytes:
		c.p("%s = bytes.Clone(%s)", into, from)
	case v.Node.Kind == schemas.Fixed:
		c.fixedLen(v.Node, from, where, args...)
		c.p("copy(%s[:], %s)", into, from)
	default:
		c.p("%s = %s", into, from)
	}
}

// fixedLen writes the check that from has the bytes of fixed n.
func (c *converter) fixedLen(n *schemas.Node, from, where string, args ...string) {
	c.p("if len(%s) != %d {", from, n.Size)
	c.p("return fmt.Errorf(%q, %s)\n}", prefix(where)+fmt.Sprintf("%%d bytes for a fixed of %d", n.Size), strings.Join(append(args, "len("+from+")"), ", "))
}

func (c *converter) fromOptional(p place) {
	v := p.slot.Value
	c.p("%s = nil", bare(p.goSide))
	c.p("if %s != nil {", p.pbSide)
	c.p("%s = new(%s)", bare(p.goSide), c.pkg.types.of(v.Node))
	from := p.pbSide
	if v.Message == nil && v.Node.Kind != schemas.Bytes && v.Node.Kind != schemas.Fixed {
		from = "*" + from
	}
	switch {
	case v.Message != nil:
		c.p("if err := %sFromProto(%s, %s); err != nil {", c.funcs(v.Message.Name), p.goSide, from)
		c.check(p.where)
	case v.Node.Kind == schemas.Fixed:
		c.fromValue(v, p.goSide, from, p.where)
	default:
		c.fromValue(v, "*"+p.goSide, from, p.where)
	}
	c.p("}")
}

func (c *converter) fromList(p place, n *schemas.Node) {
	v := p.slot.Value
	if sameType(v) {
		c.p("%s = slices.Clone(%s)", bare(p.goSide), p.pbSide)
		return
	}
	c.p("%s = make(%s, len(%s))", bare(p.goSide), c.pkg.types.of(n), p.pbSide)
	c.p("for i := range %s {", p.pbSide)
	c.fromValue(v, p.goSide+"[i]", p.pbSide+"[i]", p.where+"[%d]", "i")
	c.p("}")
}

func (c *converter) fromMap(p place, n *schemas.Node) {
	v := p.slot.Value
	if sameType(v) {
		c.p("%s = maps.Clone(%s)", bare(p.goSide), p.pbSide)
		return
	}
	c.p("%s = make(%s, len(%s))", bare(p.goSide), c.pkg.types.of(n), p.pbSide)
	c.p("for key, value := range %s {", p.pbSide)
	if v.Message != nil || n.Items.Kind == schemas.Fixed {
		c.p("var v %s", c.pkg.types.of(n.Items))
		c.fromValue(v, "v", "value", p.where+"{%s}", "key")
		c.p("%s[key] = v", p.goSide)
	} else {
		c.fromValue(v, p.goSide+"[key]", "value", p.where+"{%s}", "key")
	}
	c.p("}")
}

func (c *converter) fromOneOf(p place) {
	c.p("switch value := %s.(type) {", p.pbSide)
	null := false
	for i, cs := range p.slot.Cases {
		if cs.Name == "" {
			c.p("case nil:\n%s = nil", bare(p.goSide))
			null = true
			continue
		}
		c.p("case *pb.%s:", p.fields[cs.Number].GoIdent.GoName)
		c.fromCase(p, i, cs)
	}
	if !null {
		c.p("default:\nreturn errors.New(%q)", prefix(p.where)+"the union holds no branch")
	}
	c.p("}")
}

// fromCase writes the assignment of value, which holds branch i of a union.
func (c *converter) fromCase(p place, i int, cs protomap.Case) {
	n, held := p.slot.Node.Branches[i], c.pkg.types.held(p.slot.Node, i)
	from := "value." + p.fields[cs.Number].GoName
	switch {
	case cs.Value.Enum != nil:
		c.p("v, err := %sFromProto(%s)\nif err != nil {", c.funcs(cs.Value.Enum.Name), from)
		c.check(p.where)
		c.p("%s = %s(v)", bare(p.goSide), held)
	case p.slot.Node.NamedBytes(i):
		c.fixedLen(n, from, p.where)
		c.p("var v %s\nschemas.SetFixed(v[:], %s)\n%s = v", held, from, bare(p.goSide))
	case cs.Value.Message != nil || n.Kind == schemas.Fixed:
		c.p("var v %s", held)
		c.fromValue(cs.Value, "v", from, p.where)
		c.p("%s = v", bare(p.goSide))
	default:
		c.fromValue(cs.Value, bare(p.goSide), from, p.where)
	}
}
