package report

import (
	"fmt"
	"io"
	"strings"
)

// Text writes r for a terminal or a log.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "WARNING: %s\n\n", n)
	}
	for i := range r.Tables {
		if i > 0 {
			b.WriteString("\n")
		}
		r.Tables[i].text(&b, r.fixed)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Table) text(b *strings.Builder, fixed bool) {
	fmt.Fprintf(b, "%s\n\n", t.head())
	if len(t.Rows) > 0 {
		textGrid(b, t.costs(t.Rows))
	}
	if len(t.Flink) > 0 {
		fmt.Fprintf(b, "\n%s\n\n", flinkNote)
		textGrid(b, t.costs(t.Flink))
	}
	if t.Exchange != nil {
		fmt.Fprintf(b, "\n%s\n\n", t.exchangeNote())
		if hasPrices(t.Rows) {
			textGrid(b, t.prices(t.Rows))
		}
		paragraph(b, strings.Join(t.Exchange.overheadNotes(), "\n"))
		if hasPrices(t.Flink) {
			fmt.Fprintf(b, "\n%s\n\n", flinkKeybyNote)
			textGrid(b, t.prices(t.Flink))
		}
	}
	if len(t.Missing) > 0 {
		b.WriteString("\nWithout numbers:\n")
	}
	for _, m := range t.Missing {
		fmt.Fprintf(b, "  %s\n", m.line())
	}
	paragraph(b, strings.Join(append([]string{t.precision()}, t.legend(fixed)...), "\n"))
	paragraph(b, strings.Join(t.Sentences, "\n"))
}

// paragraph writes text behind an empty line, if there is any.
func paragraph(b *strings.Builder, text string) {
	if text = strings.Trim(text, "\n"); text != "" {
		fmt.Fprintf(b, "\n%s\n", text)
	}
}

func textGrid(b *strings.Builder, g *grid) {
	widths := g.widths()
	for _, row := range g.rows {
		var line strings.Builder
		for i, cell := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			line.WriteString(g.pad(cell, i, widths[i]))
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteString("\n")
	}
}
