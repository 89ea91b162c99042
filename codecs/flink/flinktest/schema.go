package flinktest

import (
	"slices"
	"strings"
)

// parseSchema returns the class of the records of an Avro schema.
func parseSchema(text []byte) *class {
	p := parser{named: map[string]*class{}}
	return p.class(parseJSON(text), "", "", false)
}

// A parser makes classes of types; named has those with a name.
type parser struct{ named map[string]*class }

// class returns the class of a type in a namespace. A java-class of the field around it wins over the type's own; boxed says
// that the place takes no primitive.
func (p parser) class(typ any, ns, javaClass string, boxed bool) *class {
	switch typ := typ.(type) {
	case string:
		return p.reference(typ, ns, javaClass, boxed)
	case []any:
		return p.union(typ, ns, javaClass, boxed)
	}
	o := typ.(*object)
	if own := o.text("java-class"); javaClass == "" {
		javaClass = own
	}
	switch kind := o.text("type"); kind {
	case "":
		return p.class(o.get("type"), ns, javaClass, boxed)
	case "array":
		c := &class{kind: "List", tag: kind, size: -1}
		if o.get("java-array") == true {
			c.kind = "array"
		}
		c.elem = p.class(o.get("items"), ns, "", c.kind == "List")
		return c
	case "map":
		return &class{kind: "Map", tag: kind, size: -1, elem: p.class(o.get("values"), ns, "", true)}
	case "record", "enum", "fixed":
		return p.define(o, kind, fullName(o.text("name"), o.text("namespace"), ns))
	default:
		c := p.reference(kind, ns, "", boxed)
		c.annotate(o, javaClass)
		return c
	}
}

func fullName(name, own, around string) string {
	if own == "" {
		own = around
	}
	if strings.Contains(name, ".") || own == "" {
		return name
	}
	return own + "." + name
}

// bases are the kinds of Avro's types.
var bases = map[string]string{
	"null": "Void", "boolean": "boolean", "int": "int", "long": "long", "float": "float", "double": "double", "string": "String", "bytes": "byte[]",
}

// reference returns the class of a primitive type or of a name.
func (p parser) reference(name, ns, javaClass string, boxed bool) *class {
	kind, base := bases[name]
	if !base {
		c, ok := p.named[fullName(name, "", ns)]
		if !ok {
			c = p.named[name]
		}
		again := *c
		return &again
	}
	c := &class{kind: kind, tag: name, boxed: boxed || kind == "Void", nullable: kind == "Void", size: -1}
	c.annotate(nil, javaClass)
	return c
}

// annotate applies a logical type and a java-class.
func (c *class) annotate(o *object, javaClass string) {
	narrow := map[string]string{"short": "short", "java.lang.Short": "short", "byte": "byte", "java.lang.Byte": "byte"}
	dates := map[string]string{"java.util.Date": "Date", "java.sql.Timestamp": "Timestamp"}
	logical := o.text("logicalType")
	switch c.tag + " " + logical {
	case "int date":
		c.kind = "LocalDate"
	case "int time-millis", "long time-micros":
		c.kind = "LocalTime"
	case "long timestamp-millis", "long timestamp-micros":
		c.kind = "Instant"
		if class := dates[javaClass]; class != "" && logical == "timestamp-millis" {
			c.kind = class
		}
	case "long local-timestamp-millis", "long local-timestamp-micros":
		c.kind = "LocalDateTime"
	case "string uuid":
		c.kind = "UUID"
	case "bytes decimal", "fixed decimal":
		c.kind = "BigDecimal"
		if scale := o.get("scale"); scale != nil {
			c.scale = int(integer(scale))
		}
	default:
		if n := narrow[javaClass]; n != "" && c.kind == "int" {
			c.kind = n
		}
	}
	c.micros = strings.HasSuffix(logical, "-micros")
}

// define returns the class of a named type. A record is known by its name inside itself.
func (p parser) define(o *object, kind, name string) *class {
	c := &class{kind: kind, name: name, tag: name, size: -1}
	p.named[name] = c
	switch kind {
	case "enum":
		for _, s := range o.get("symbols").([]any) {
			c.symbols = append(c.symbols, s.(string))
		}
	case "fixed":
		c.kind, c.name, c.size = "byte[]", "", int(integer(o.get("size")))
		if o.text("logicalType") == "decimal" {
			c.tag = "fixed"
			c.annotate(o, "")
			c.tag = name
		}
	case "record":
		c.body = &body{name: name}
		ns := name[:max(strings.LastIndexByte(name, '.'), 0)]
		for _, f := range o.get("fields").([]any) {
			f := f.(*object)
			c.body.fields = append(c.body.fields, field{f.text("name"), p.class(f.get("type"), ns, f.text("java-class"), false)})
		}
	}
	again := *c
	return &again
}

// union returns the class of a union: that of its one branch beside null, or Object.
func (p parser) union(branches []any, ns, javaClass string, boxed bool) *class {
	null := slices.Contains(branches, any("null"))
	others := len(branches)
	if null {
		others--
	}
	if others > 1 {
		javaClass, boxed = "", true
	}
	c := &class{kind: "Object", boxed: true, tagged: true, size: -1}
	for _, b := range branches {
		if b != "null" {
			c.branches = append(c.branches, p.class(b, ns, javaClass, boxed || null))
		}
	}
	switch others {
	case 0:
		return &class{kind: "Void", boxed: true, nullable: true, size: -1}
	case 1:
		c = c.branches[0]
		c.tagged = true
	}
	c.nullable = null
	return c
}
