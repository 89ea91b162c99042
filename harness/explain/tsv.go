package explain

import (
	"io"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
)

// TSV writes the columns of the tables that released Flink wrote: both lines, whichever are asked for.
func (r *Report) TSV(w io.Writer) error {
	var b strings.Builder
	b.WriteString("path\tjava\tflink1_info\tflink1_serializer\tflink1_kryo\tflink2_info\tflink2_serializer\tflink2_kryo\n")
	for _, f := range r.Fields {
		cells := []string{escape.Line(f.Path), escape.Line(f.Java)}
		for _, l := range Lines {
			cells = append(cells, r.cells(f, l)...)
		}
		b.WriteString(strings.Join(cells, "\t") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cells are the columns of a field in a line.
func (r *Report) cells(f Field, l Line) []string {
	c := f.Flink[l.Key]
	switch {
	case r.untypedIn(l):
		return []string{"-", overflow, "-"}
	case c == nil:
		return []string{"-", "-", "-"}
	case c.Kryo:
		return []string{c.Info, c.Serializer, "KRYO"}
	}
	return []string{c.Info, c.Serializer, "-"}
}
