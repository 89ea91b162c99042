package codegen

import (
	"bytes"
	"fmt"
)

// bind writes the function that binds a schema to its generated types.
func (p *pkg) bind(w *bytes.Buffer) {
	root := p.types.names[p.schema.Root]
	fmt.Fprintf(w, "// Bind%s gives s, the schema that this code was generated from, its Go types.\n", root)
	fmt.Fprintf(w, "func Bind%s(s *schemas.Schema) error {\n", root)
	w.WriteString("\treturn schemas.Bind(s, map[string]reflect.Type{\n")
	for _, n := range p.types.records {
		fmt.Fprintf(w, "\t\t%q: reflect.TypeFor[%s](),\n", n.Name, p.types.names[n])
	}
	w.WriteString("\t})\n}\n")
}
