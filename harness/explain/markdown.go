package explain

import (
	"fmt"
	"io"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
)

// Markdown writes r for an issue or a page.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", escape.Markdown(r.Schema))
	for i, row := range r.table() {
		for _, cell := range row {
			fmt.Fprintf(&b, "| %s ", escape.Markdown(cell))
		}
		b.WriteString("|\n")
		if i == 0 {
			fmt.Fprintf(&b, "|---|---|%s\n", strings.Repeat("---|--:|", len(r.cfg.Lines)))
		}
	}
	b.WriteString("\n")
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "- %s\n", escape.Markdown(n))
	}
	for _, f := range r.Fallbacks {
		fmt.Fprintf(&b, "- **Kryo** %s (%s): %s\n", escape.Code(f.Path), f.line.Name, escape.Markdown(f.Reason))
		for _, remedy := range f.Remedies {
			fmt.Fprintf(&b, "  - %s%s\n", escape.Markdown(remedy.Text), remedy.saving())
		}
	}
	for _, n := range r.Names {
		fmt.Fprintf(&b, "- **Class names** %s\n", n.text())
		for _, remedy := range n.Remedies {
			fmt.Fprintf(&b, "  - %s%s\n", escape.Markdown(remedy.Text), remedy.saving())
		}
	}
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "- **Flink fault** %s (%s): %s\n", escape.Code(f.Path), f.Versions, escape.Markdown(f.Text))
	}
	fmt.Fprintf(&b, "- %s\n- %s\n", r.summary(), strings.ReplaceAll(pojoConditions, "\n", " "))
	_, err := io.WriteString(w, b.String())
	return err
}
