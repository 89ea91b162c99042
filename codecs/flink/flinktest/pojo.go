package flinktest

import (
	"fmt"
	"slices"
)

// writePojo writes a record as the serializer does that Flink's type extraction chooses for its class.
func writePojo(root *class, record any, old bool) ([]byte, error) {
	p := &pojo{old: old}
	if err := p.check(root, []string{root.declared()}, nil); err != nil {
		return nil, err
	}
	if len(root.body.fields) == 0 {
		return nil, fmt.Errorf("%w: a class without fields is no POJO", errUnsupported)
	}
	p.value(root, record, []string{root.declared()})
	return p.out, nil
}

// A pojo writes the fields of POJOs. Types is Flink's hierarchy of types: those declared on the way to a place, that of the place
// included, and the classes whose fields are analysed.
type pojo struct {
	output
	old bool
}

// generic reports whether the type extraction leaves c to Kryo.
func (p *pojo) generic(c *class, types []string) bool {
	switch c.kind {
	case "Object", "LocalDate", "LocalTime", "LocalDateTime", "UUID":
		return true
	case "List", "Map":
		return p.old || c.elem.parameterized()
	case "array":
		return !c.parameterized() && count(types, c.declared()) > 1
	case "record":
		return len(c.body.fields) == 0 || count(types, c.declared()) > 1
	}
	return false
}

func count(types []string, name string) int {
	n := 0
	for _, t := range types {
		if t == name {
			n++
		}
	}
	return n
}

// with returns types with others, for a place that declares its own type.
func with(types []string, more ...string) []string { return append(slices.Clip(types), more...) }

// declare returns the name under which a type is counted. Those with type arguments are not.
func declare(c *class) string {
	if c.parameterized() {
		return ""
	}
	return c.declared()
}

// check finds types that Flink 2.x cannot analyse: the argument of a collection is analysed afresh, for ever if it comes to
// itself again. Around are the arguments that are being analysed.
func (p *pojo) check(c *class, types, around []string) error {
	switch {
	case p.generic(c, types):
		return nil
	case c.kind == "List", c.kind == "Map":
		name := c.elem.declared()
		if slices.Contains(around, name) {
			return fmt.Errorf("%w: %s in itself", errUnsupported, name)
		}
		return p.check(c.elem, []string{name}, with(around, name))
	case c.kind == "array":
		return p.check(c.elem, types, around)
	case c.kind == "record":
		for _, f := range c.body.fields {
			if err := p.check(f.is, with(types, c.name, declare(f.is)), around); err != nil {
				return err
			}
		}
	}
	return nil
}

// value writes a value that is not null, of a place of c.
func (p *pojo) value(c *class, v any, types []string) {
	if p.generic(c, types) {
		p.raw(kryoOf(c, c, v, p.old, nil)...)
		return
	}
	switch c.kind {
	case "record":
		p.raw(2)
		for _, f := range c.body.byName() {
			p.flagged(f.is, v.(*object).get(f.name), with(types, c.name, declare(f.is)), 0)
		}
	case "List":
		list := v.([]any)
		p.raw(0)
		p.u32(int64(len(list)))
		for _, x := range list {
			p.flagged(c.elem, x, []string{c.elem.declared()}, 0)
		}
	case "Map":
		m := v.(*object)
		p.raw(0)
		p.u32(int64(len(m.keys)))
		for _, key := range hashMap(m) {
			p.raw(0)
			p.str(key)
			p.flagged(c.elem, m.values[key], []string{c.elem.declared()}, 0)
		}
	case "array":
		p.array(c, v.([]any), types)
	default:
		p.scalar(c, v)
	}
}

// flagged writes a flag and, unless it is null, a value at a place of c.
func (p *pojo) flagged(c *class, v any, types []string, there byte) {
	x, value := c.resolve(v)
	switch {
	case x == nil:
		p.raw(there ^ 1)
	case c.kind == "Object": // always Kryo's, of the class of the value
		p.raw(there)
		p.raw(kryoOf(c, x, value, p.old, nil)...)
	default:
		p.raw(there)
		p.value(c, value, types)
	}
}

func (p *pojo) array(c *class, list []any, types []string) {
	p.u32(int64(len(list)))
	for _, v := range list {
		x, value := c.elem.resolve(v)
		switch {
		case c.elem.primitive():
			p.scalar(x, value)
		case c.elem.kind == "String" && x == nil:
			p.raw(0)
		case c.elem.kind == "String":
			p.str(value.(string))
		default:
			p.flagged(c.elem, v, types, 1)
		}
	}
}
