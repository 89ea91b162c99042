package explain

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes r for an issue or a page.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", r.Schema)
	for i, row := range r.table() {
		fmt.Fprintf(&b, "| %s |\n", strings.ReplaceAll(strings.Join(row, " | "), "<", "&lt;"))
		if i == 0 {
			fmt.Fprintf(&b, "|---|---|%s\n", strings.Repeat("---|--:|", len(r.cfg.Lines)))
		}
	}
	b.WriteString("\n")
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "- %s\n", n)
	}
	for _, f := range r.Fallbacks {
		fmt.Fprintf(&b, "- **Kryo** `%s` (%s): %s\n", f.Path, f.line.Name, f.Reason)
		for _, remedy := range f.Remedies {
			fmt.Fprintf(&b, "  - %s%s\n", remedy.Text, remedy.saving())
		}
	}
	for _, f := range r.Faults {
		fmt.Fprintf(&b, "- **Flink fault** `%s` (%s): %s\n", f.Path, f.Versions, f.Text)
	}
	fmt.Fprintf(&b, "- %s\n- %s\n", r.summary(), strings.ReplaceAll(pojoConditions, "\n", " "))
	_, err := io.WriteString(w, b.String())
	return err
}
