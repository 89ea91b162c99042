package explain

import (
	"io"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
)

// TSV writes the columns of the tables that released Flink wrote: both lines, whichever are asked for.
func (r *Report) TSV(w io.Writer) error {
	if r.untyped != nil {
		return r.untyped
	}
	var b strings.Builder
	b.WriteString("path\tjava\tflink1_info\tflink1_serializer\tflink1_kryo\tflink2_info\tflink2_serializer\tflink2_kryo\n")
	for _, f := range r.Fields {
		cells := []string{escape.Line(f.Path), escape.Line(f.Java)}
		for _, l := range Lines {
			cells = append(cells, f.Flink[l.Key].cells()...)
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cells are the columns of a line, which has no such place if c is nil.
func (c *Choice) cells() []string {
	switch {
	case c == nil:
		return []string{"-", "-", "-"}
	case c.Kryo:
		return []string{c.Info, c.Serializer, "KRYO"}
	}
	return []string{c.Info, c.Serializer, "-"}
}
