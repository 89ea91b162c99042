package codegen

import (
	"bytes"
	"fmt"
	"go/format"
	"strings"

	"google.golang.org/protobuf/compiler/protogen"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/protomap"
)

// A converter writes the functions that fill messages from structs and structs from messages: field by field, as one
// would by hand. Neither shares memory with the other, but for strings.
type converter struct {
	pkg      *pkg
	w        bytes.Buffer
	messages map[string]*protogen.Message // by name in the .proto
	enums    map[string]*protogen.Enum
}

func lowerFirst(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// messageFunc returns the name of the function that returns the schema's Message.
func (p *pkg) messageFunc() string { return lowerFirst(p.types.names[p.schema.Root]) + "Message" }

// funcs returns the name of the conversion functions of a message or enum, but for their ends ToProto and FromProto.
func (c *converter) funcs(name string) string { return lowerFirst(c.pkg.opts.Prefix + name) }

func (p *pkg) protoFile() ([]byte, error) {
	c := &converter{pkg: p, messages: map[string]*protogen.Message{}, enums: map[string]*protogen.Enum{}}
	for _, m := range p.plugin.Files[0].Messages {
		c.messages[string(m.Desc.Name())] = m
	}
	for _, e := range p.plugin.Files[0].Enums {
		c.enums[string(e.Desc.Name())] = e
	}
	c.message()
	for _, m := range p.proto.Messages {
		c.toMessage(m)
		c.fromMessage(m)
	}
	for _, e := range p.proto.Enums {
		c.enum(e)
	}
	var file bytes.Buffer
	fmt.Fprintf(&file, head, p.opts.Name)
	file.WriteString(c.imports())
	file.Write(c.w.Bytes())
	return format.Source(file.Bytes())
}

// imports returns the import declaration that the code needs.
func (c *converter) imports() string {
	var std, other strings.Builder
	for _, path := range []string{"bytes", "errors", "fmt", "maps", "slices"} {
		if bytes.Contains(c.w.Bytes(), []byte(path+".")) {
			fmt.Fprintf(&std, "\t%q\n", path)
		}
	}
	if bytes.Contains(c.w.Bytes(), []byte(" proto.")) {
		other.WriteString("\t\"google.golang.org/protobuf/proto\"\n\n")
	}
	fmt.Fprintf(&other, "\t\"github.com/wirecost/wirecost/schemas\"\n\tpb %q\n", c.pkg.pbPath())
	return "import (\n" + std.String() + "\n" + other.String() + ")\n\n"
}

func (c *converter) p(format string, args ...any) { fmt.Fprintf(&c.w, format+"\n", args...) }

// body writes the body of a function that may fail, with the variable that assignments of two values need.
func (c *converter) body(write func()) {
	start := c.w.Len()
	write()
	text := string(c.w.Bytes()[start:])
	c.w.Truncate(start)
	if strings.Contains(text, ", err = ") {
		c.p("var err error")
	}
	c.w.WriteString(text)
	c.p("return nil\n}\n")
}

// message writes the function that returns the schema's Message.
func (c *converter) message() {
	root, m := c.pkg.types.names[c.pkg.schema.Root], c.pkg.proto.Root
	name, pb := c.funcs(m.Name), c.messages[m.Name].GoIdent.GoName
	c.p("func %s() *schemas.Message {", c.pkg.messageFunc())
	c.p("return &schemas.Message{")
	c.p("New: func() any { return new(pb.%s) },", pb)
	c.p("FromStruct: func(dst, src any) error {")
	c.p("m, _ := dst.(*pb.%s)", pb)
	c.p("s, _ := src.(*%s)", root)
	c.p("if m == nil || s == nil {\nreturn fmt.Errorf(\"cannot fill a %%T from a %%T\", dst, src)\n}")
	c.p("m.Reset()")
	c.p("return %sToProto(m, s)\n},", name)
	c.p("ToStruct: func(dst, src any) error {")
	c.p("s, _ := dst.(*%s)", root)
	c.p("m, _ := src.(*pb.%s)", pb)
	c.p("if m == nil || s == nil {\nreturn fmt.Errorf(\"cannot fill a %%T from a %%T\", dst, src)\n}")
	c.p("return %sFromProto(s, m)\n},", name)
	c.p("}\n}\n")
}

func (c *converter) enum(e *protomap.Enum) {
	name, pb := c.funcs(e.Name), c.enums[e.Name]
	c.p("func %sToProto(symbol string) (pb.%s, error) {", name, pb.GoIdent.GoName)
	c.p("switch symbol {")
	for i, v := range pb.Values {
		c.p("case %q:\nreturn pb.%s, nil", e.Node.Symbols[i], v.GoIdent.GoName)
	}
	c.p("}\nreturn 0, fmt.Errorf(\"%%q is no symbol of %s\", symbol)\n}\n", e.Node.Name)
	c.p("func %sFromProto(number pb.%s) (string, error) {", name, pb.GoIdent.GoName)
	c.p("switch number {")
	for i, v := range pb.Values {
		c.p("case pb.%s:\nreturn %q, nil", v.GoIdent.GoName, e.Node.Symbols[i])
	}
	c.p("}\nreturn \"\", fmt.Errorf(\"%%d is no number of %s\", number)\n}\n", e.Node.Name)
}

// goType returns the Go type that the struct side of m has.
func (c *converter) goType(m *protomap.Message) string {
	if m.Record != nil {
		return c.pkg.types.names[m.Record]
	}
	return c.pkg.types.of(m.Slots[0].Node)
}

// A place is where code stands: how its two sides are written, and where an error happened.
type place struct {
	slot   *protomap.Slot
	goSide string // an expression
	pbSide string
	where  string // of a record's field: its name; "" in a wrapper
	goPB   string // the Go name of the message
	fields map[int32]*protogen.Field
}

// places returns those of m's slots. The struct is called by structName, the message by messageName.
func (c *converter) places(m *protomap.Message, structName, messageName string) []place {
	pm := c.messages[m.Name]
	fields := map[int32]*protogen.Field{}
	for _, f := range pm.Fields {
		fields[int32(f.Desc.Number())] = f
	}
	list := make([]place, len(m.Slots))
	for i := range m.Slots {
		s := &m.Slots[i]
		p := place{slot: s, goSide: "(*" + structName + ")", goPB: pm.GoIdent.GoName, fields: fields}
		if m.Record != nil {
			f := m.Record.Fields[i]
			p.goSide, p.where = structName+"."+c.pkg.types.fields[f], f.Name
		}
		switch s.Form {
		case protomap.Nothing:
		case protomap.OneOf:
			p.pbSide = messageName + "." + oneofOf(s, fields)
		default:
			p.pbSide = messageName + "." + fields[s.Number].GoName
		}
		list[i] = p
	}
	return list
}

// oneofOf returns the Go name of the oneof that s is.
func oneofOf(s *protomap.Slot, fields map[int32]*protogen.Field) string {
	for _, cs := range s.Cases {
		if cs.Name != "" {
			return fields[cs.Number].Oneof.GoName
		}
	}
	return ""
}

// check writes what returns err with the place it happened at. Args are those of the verbs in where.
func (c *converter) check(where string, args ...string) {
	if where == "" {
		c.p("return err\n}")
		return
	}
	c.p("return fmt.Errorf(\"%s: %%w\", %s)\n}", where, strings.Join(append(args, "err"), ", "))
}

// bare returns an expression without the parentheses that it needs only before a selector or an index.
func bare(expr string) string {
	if strings.HasPrefix(expr, "(") && strings.HasSuffix(expr, ")") && !strings.Contains(expr[1:], "(") {
		return expr[1 : len(expr)-1]
	}
	return expr
}

// prefix returns where in front of what an error says.
func prefix(where string) string {
	if where == "" {
		return ""
	}
	return where + ": "
}

// sameType reports whether v has the same Go type on both sides, and can be copied as it is.
func sameType(v protomap.Value) bool {
	if v.Message != nil || v.Enum != nil {
		return false
	}
	return v.Node.Kind != schemas.Bytes && v.Node.Kind != schemas.Fixed
}

// pbType returns the Go type of a single value in a message.
func (c *converter) pbType(v protomap.Value) string {
	switch {
	case v.Message != nil:
		return "*pb." + c.messages[v.Message.Name].GoIdent.GoName
	case v.Enum != nil:
		return "pb." + c.enums[v.Enum.Name].GoIdent.GoName
	case v.Node.Kind == schemas.Fixed:
		return "[]byte"
	}
	return scalarTypes[v.Node.Kind]
}
