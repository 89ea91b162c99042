package codegen

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/schemas"
)

// goTypes are the Go types of a schema's records.
type goTypes struct {
	records []*schemas.Node          // definitions, in schema order
	names   map[*schemas.Node]string // of the struct types
	fields  map[*schemas.Field]string
}

// generatedMethods are the methods that msgp gives a struct, which therefore are no names of its fields.
var generatedMethods = []string{"MarshalMsg", "UnmarshalMsg", "Msgsize"}

// newTypes names the types of s's records, each with prefix.
func newTypes(s *schemas.Schema, prefix string) (*goTypes, error) {
	t := &goTypes{names: map[*schemas.Node]string{}, fields: map[*schemas.Field]string{}}
	taken := scope{}
	err := s.Root.Walk(func(_ string, n *schemas.Node) error {
		if n.Kind != schemas.Record || n.Def != nil || t.names[n] != "" {
			return nil
		}
		if embeds(n, n, map[*schemas.Node]bool{}) {
			return fmt.Errorf("record %s holds itself without a null, array or map between: no Go struct can: %w", n.Name, schemas.ErrUnsupported)
		}
		t.records = append(t.records, n)
		t.names[n] = taken.unique(prefix + exported(simple(n.Name)))
		if n == s.Root {
			taken["Bind"+t.names[n]] = true // the function
		}
		t.nameFields(n)
		return nil
	})
	return t, err
}

func (t *goTypes) nameFields(n *schemas.Node) {
	taken := scope{}
	for _, m := range generatedMethods {
		taken[m] = true
	}
	for _, f := range n.Fields {
		t.fields[f] = taken.unique(exported(f.Name))
	}
}

// embeds reports whether a struct of record n contains one of record inner by value.
func embeds(n, inner *schemas.Node, seen map[*schemas.Node]bool) bool {
	seen[n] = true
	for _, f := range n.Fields {
		if f.Type.Kind != schemas.Record {
			continue
		}
		r := f.Type.Record()
		if r == inner || !seen[r] && embeds(r, inner, seen) {
			return true
		}
	}
	return false
}

var scalarTypes = map[schemas.Kind]string{
	schemas.Null: "struct{}", schemas.Boolean: "bool", schemas.Int: "int32", schemas.Long: "int64", schemas.Float: "float32",
	schemas.Double: "float64", schemas.Bytes: "[]byte", schemas.String: "string", schemas.Enum: "string",
}

// of returns the Go type of n, as package schemas lists them.
func (t *goTypes) of(n *schemas.Node) string {
	switch n.Kind {
	case schemas.Fixed:
		return fmt.Sprintf("[%d]byte", n.Size)
	case schemas.Record:
		return t.names[n.Record()]
	case schemas.Array:
		return "[]" + t.of(n.Items)
	case schemas.Map:
		return "map[string]" + t.of(n.Items)
	case schemas.Union:
		if b, ok := n.Nullable(); ok {
			return "*" + t.of(b)
		}
		return "any"
	}
	return scalarTypes[n.Kind]
}

// held returns the Go type that an any has which holds branch i of union n.
func (t *goTypes) held(n *schemas.Node, i int) string {
	b := n.Branches[i]
	switch {
	case b.Kind == schemas.Enum:
		return "schemas." + n.Held(i).Name()
	case n.NamedBytes(i):
		return fmt.Sprintf("[%d]schemas.%s", b.Size, n.Held(i).Elem().Name())
	}
	return t.of(b)
}

// declare writes the declarations of the structs.
func (t *goTypes) declare(w *bytes.Buffer) {
	for _, n := range t.records {
		comment(w, "", fmt.Sprintf("%s is %s. %s", t.names[n], n.Name, n.Doc))
		fmt.Fprintf(w, "type %s struct {\n", t.names[n])
		for _, f := range n.Fields {
			if f.Doc != "" {
				comment(w, "\t", f.Doc)
			}
			fmt.Fprintf(w, "\t%s %s `avro:%[3]q json:%[3]q msgpack:%[3]q cbor:%[3]q msg:%[3]q`\n", t.fields[f], t.of(f.Type), f.Name)
		}
		w.WriteString("}\n\n")
	}
}

// comment writes text as comment lines. The blank behind the slashes keeps it from being a directive.
func comment(w *bytes.Buffer, indent, text string) {
	for line := range strings.Lines(strings.TrimSpace(text)) {
		fmt.Fprintf(w, "%s// %s\n", indent, strings.TrimSpace(strings.Map(legal, line)))
	}
}

// legal drops what neither Go nor protobuf lets stand in a comment.
func legal(c rune) rune {
	if c == 0 || c == '\r' || c == '\ufeff' {
		return -1
	}
	return c
}
