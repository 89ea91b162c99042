package report

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes r for a README or a comment on a change.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "> **Warning:** %s\n\n", escape(n))
	}
	for i := range r.Tables {
		r.Tables[i].markdown(&b, r.fixed)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Table) markdown(b *strings.Builder, fixed bool) {
	fmt.Fprintf(b, "### %s\n\n", escape(t.head()))
	if len(t.Rows) > 0 {
		markdownGrid(b, t.costs(t.Rows))
	}
	if len(t.Flink) > 0 {
		fmt.Fprintf(b, "%s\n\n", flinkNote)
		markdownGrid(b, t.costs(t.Flink))
	}
	if t.Exchange != nil {
		fmt.Fprintf(b, "%s\n\n", escape(t.exchangeNote()))
		if hasPrices(t.Rows) {
			markdownGrid(b, t.prices(t.Rows))
		}
		if hasPrices(t.Flink) {
			fmt.Fprintf(b, "%s\n\n", flinkKeybyNote)
			markdownGrid(b, t.prices(t.Flink))
		}
	}
	var items []string
	if t.Exchange != nil {
		items = append(items, t.Exchange.overheadNotes()...)
	}
	for _, m := range t.Missing {
		items = append(items, "without numbers: "+m.line())
	}
	if p := t.precision(); p != "" {
		items = append(items, p)
	}
	items = append(append(items, t.legend(fixed)...), t.Sentences...)
	for _, item := range items {
		fmt.Fprintf(b, "- %s\n", escape(item))
	}
	b.WriteString("\n")
}

var escaper = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "<", "&lt;", "~", `\~`)

func escape(s string) string { return escaper.Replace(s) }

func markdownGrid(b *strings.Builder, g *grid) {
	widths := g.widths()
	for n, row := range g.rows {
		for i, cell := range row {
			b.WriteString("| " + g.pad(escape(cell), i, max(widths[i], len(escape(cell)))) + " ")
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for i := range row {
			if i < g.left {
				b.WriteString("|---")
			} else {
				b.WriteString("|--:")
			}
		}
		b.WriteString("|\n")
	}
	b.WriteString("\n")
}
