package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
)

// Markdown writes r for a README or a comment on a change. It has what the widest text has, but for bars.
func (r *Report) Markdown(w io.Writer) error {
	d := &document{legend: legend{r: r}}
	for _, n := range r.Notes {
		d.paragraph("> **Warning:** " + inMarkdown(n))
	}
	if len(r.Sweeps) > 0 {
		d.sweeps(r)
	} else {
		for i := range r.Tables {
			d.table(r, i)
		}
	}
	d.facts(d.legend.lines())
	d.facts(r.Footer.lines())
	if c := r.Footer.Command; c != "" {
		d.paragraph("The command: " + escape.Code(escape.Short(c, mostLine)))
	}
	_, err := io.WriteString(w, d.out.String())
	return err
}

// A document is what the Markdown form is written to.
type document struct {
	out    strings.Builder
	legend legend
}

// sweeps says how the price of one more exchange grows.
func (d *document) sweeps(r *Report) {
	if r.GaveUp != "" {
		d.paragraph(inMarkdown(gaveUpNote(r.GaveUp)))
	}
	r.sweepTables(func(title string, g *grid) {
		d.paragraph(inMarkdown(title))
		d.grid(g)
	})
	if lines := r.sweepMissing(); len(lines) > 0 {
		d.paragraph("Without numbers:")
		d.items(lines)
	}
}

func (d *document) table(r *Report, i int) {
	t := &r.Tables[i]
	d.paragraph("### " + inMarkdown(t.head()))
	if t.Whose != "" {
		d.paragraph(inMarkdown(t.Whose))
	}
	var verdict []fact
	for _, v := range r.options.only(t.Verdict) {
		verdict = append(verdict, fact{t.title(v), v.Text})
	}
	d.facts(verdict)
	d.items(t.Sentences)
	if t.Invented != "" {
		d.paragraph(inMarkdown(t.Invented))
	}
	if i == 0 && r.GaveUp != "" {
		d.paragraph(inMarkdown(gaveUpNote(r.GaveUp)))
	}
	if r.options.Keybys {
		d.depth(t, r.options.Rate)
	} else {
		d.breadth(t)
	}
	if len(t.Missing) > 0 {
		d.paragraph("Without numbers:")
		d.items(t.without())
	}
}

// breadth says what the codecs cost.
func (d *document) breadth(t *Table) {
	d.grid(t.costs(t.Rows))
	d.items(t.ranking())
	if len(t.Flink) > 0 {
		d.paragraph(inMarkdown(t.flinkNote()))
		d.grid(t.costs(t.Flink))
	}
	d.keybys(t)
}

// depth says what one more keyBy costs, and what that is made of.
func (d *document) depth(t *Table, rate float64) {
	if t.Exchange == nil {
		return
	}
	for i, c := range t.chapters(rate) {
		whole, flink := c.grid(t.Rows), c.grid(t.Flink)
		if len(whole.rows)+len(flink.rows) == 0 {
			continue
		}
		d.paragraph(inMarkdown(c.title))
		d.grid(whole)
		if len(flink.rows) > 0 {
			d.paragraph(inMarkdown(t.flinkAgain(i)))
			d.grid(flink)
		}
		d.items(c.notes)
	}
}

// keybys says what a keyBy is and what its price is made of.
func (d *document) keybys(t *Table) {
	if t.Exchange == nil {
		return
	}
	d.paragraph(inMarkdown(t.exchangeNote()))
	d.items(slices.Concat(t.unlinear(), t.crossingNotes()))
	d.grid(t.keybys(t.Rows))
	if flink := t.keybys(t.Flink); len(flink.rows) > 0 {
		d.paragraph(inMarkdown(t.flinkKeybyNote()))
		d.grid(flink)
	}
	d.items(t.Exchange.partNotes())
}

// paragraph writes a text that is Markdown already.
func (d *document) paragraph(s string) { d.out.WriteString(s + "\n\n") }

// items writes a list, if there are any.
func (d *document) items(texts []string) {
	for _, s := range texts {
		fmt.Fprintf(&d.out, "- %s\n", inMarkdown(s))
	}
	d.end(len(texts))
}

// facts writes a list of names with what they mean, if there are any.
func (d *document) facts(facts []fact) {
	for _, f := range facts {
		fmt.Fprintf(&d.out, "- **%s:** %s\n", inMarkdown(f.name), inMarkdown(f.text))
	}
	d.end(len(facts))
}

// end ends a list of n items.
func (d *document) end(n int) {
	if n > 0 {
		d.out.WriteString("\n")
	}
}

// grid writes a table, if it has rows.
func (d *document) grid(g *grid) {
	if len(g.rows) == 0 {
		return
	}
	s := sheet{columns: g.columns} // without bars
	d.legend.see(s)
	g.reword(inMarkdown)
	d.row(s, func(c *column) string { return c.title() })
	for _, c := range s.columns {
		if c.left {
			d.out.WriteString("|---")
		} else {
			d.out.WriteString("|--:")
		}
	}
	d.out.WriteString("|\n")
	for i := range g.rows {
		d.row(s, func(c *column) string { return c.cells[i].text })
	}
	d.out.WriteString("\n")
}

func (d *document) row(s sheet, of func(*column) string) {
	for i := range s.columns {
		fmt.Fprintf(&d.out, "| %s ", of(&s.columns[i]))
	}
	d.out.WriteString("|\n")
}

// more has what begins something in Markdown of the kind that code hosts show.
var more = strings.NewReplacer("_", `\_`, "~", `\~`)

func inMarkdown(s string) string { return more.Replace(escape.Markdown(s)) }
