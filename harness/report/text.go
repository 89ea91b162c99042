package report

import (
	"cmp"
	"io"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/internal/terminal"
)

// A page is what the text form is written on.
type page struct {
	out    strings.Builder
	width  int
	wide   bool
	ascii  bool
	color  bool
	legend legend
}

// indent is what a line that continues another begins with.
const indent = "  "

// measure is how wide prose is at most: longer lines are hard to read.
const measure = 100

// roomyWidth is from what width on a text has more than it must: ratios beside the numbers, and what a keyBy is made of in a
// table of its own. Below, the columns do not depend on how wide names and numbers happen to be.
const roomyWidth = 100

// Text writes r for a terminal or a log. No line is wider than Options.Width, but for a table if that is Wide, and for a
// word of the command line, which is there to be copied.
func (r *Report) Text(w io.Writer) error {
	o := r.options
	p := &page{width: max(MinWidth, cmp.Or(o.Width, DefaultWidth)), wide: o.Wide, ascii: o.ASCII, color: o.Color, legend: legend{r: r}}
	for _, n := range r.Notes {
		p.paragraph("WARNING: " + n)
	}
	if len(r.Sweeps) > 0 {
		p.sweeps(r)
	} else {
		for i := range r.Tables {
			p.table(r, i)
		}
	}
	p.facts(p.legend.lines())
	p.facts(r.Footer.lines())
	p.command(r.Footer.Command)
	_, err := io.WriteString(w, p.out.String())
	return err
}

// sweeps says how the price of one more exchange grows.
func (p *page) sweeps(r *Report) {
	if r.GaveUp != "" {
		p.paragraph(gaveUpNote(r.GaveUp))
	}
	r.sweepTables(func(title string, g *grid) {
		p.paragraph(title)
		p.grid(g, levelHalf)
	})
	if lines := r.sweepMissing(); len(lines) > 0 {
		p.paragraph("Without numbers:")
		p.items(lines)
	}
}

func (p *page) table(r *Report, i int) {
	t := &r.Tables[i]
	p.paragraph(t.head())
	if t.Whose != "" {
		p.prose(t.Whose, "", "")
	}
	var verdict []fact
	for _, v := range r.options.only(t.Verdict) {
		verdict = append(verdict, fact{t.title(v), v.Text})
	}
	p.facts(verdict)
	p.list(t.Sentences)
	if t.Invented != "" {
		p.paragraph(t.Invented)
	}
	if i == 0 && r.GaveUp != "" {
		p.paragraph(gaveUpNote(r.GaveUp))
	}
	if r.options.Keybys {
		p.depth(t, r.options.Rate)
	} else {
		p.breadth(t)
	}
	if len(t.Missing) > 0 {
		p.paragraph("Without numbers:")
		p.items(t.without())
	}
}

// breadth says what the codecs cost.
func (p *page) breadth(t *Table) {
	level := levelMust
	if p.roomy() {
		level = levelAllocs
	}
	level = p.grid(t.costs(t.Rows), level)
	p.list(t.ranking())
	if len(t.Flink) > 0 {
		p.paragraph(t.flinkNote())
		p.grid(t.costs(t.Flink), level)
	}
	p.keybys(t)
}

// depth says what one more keyBy costs, and what that is made of.
func (p *page) depth(t *Table, rate float64) {
	if t.Exchange == nil {
		return
	}
	for i, c := range t.chapters(rate) {
		whole, flink := c.grid(t.Rows), c.grid(t.Flink)
		if len(whole.rows)+len(flink.rows) == 0 {
			continue
		}
		p.paragraph(c.title)
		p.grid(whole, levelMust)
		if len(flink.rows) > 0 {
			p.paragraph(t.flinkAgain(i))
			p.grid(flink, levelMust)
		}
		p.list(c.notes)
	}
}

// keybys says what a keyBy is, and, where there is room, what its price is made of.
func (p *page) keybys(t *Table) {
	if t.Exchange == nil {
		return
	}
	p.list(append([]string{t.exchangeNote()}, t.unlinear()...))
	p.list(t.crossingNotes())
	if !p.roomy() {
		return
	}
	p.grid(t.keybys(t.Rows), levelMust)
	if flink := t.keybys(t.Flink); len(flink.rows) > 0 {
		p.paragraph(t.flinkKeybyNote())
		p.grid(flink, levelMust)
	}
	p.list(t.Exchange.partNotes())
}

// roomy reports whether there is room for more than there must be.
func (p *page) roomy() bool { return p.wide || p.width >= roomyWidth }

// plain is a text as the page can show it: on one line, without what a terminal would obey.
func (p *page) plain(s string) string {
	s = escape.Line(s)
	if p.ascii {
		return terminal.ASCII(s)
	}
	return s
}

// line writes a line.
func (p *page) line(s string) {
	p.out.WriteString(s)
	p.out.WriteString("\n")
}

// block begins what stands behind an empty line.
func (p *page) block() {
	if p.out.Len() > 0 {
		p.line("")
	}
}

// prose writes a text behind a prefix, and behind another one its other lines.
func (p *page) prose(s, prefix, others string) {
	for _, l := range terminal.Wrap(p.plain(s), min(p.width, measure), prefix, others, false) {
		p.line(l)
	}
}

// paragraph writes a text behind an empty line.
func (p *page) paragraph(s string) {
	p.block()
	p.prose(s, "", "")
}

// list writes texts, each from the beginning of a line, if there are any.
func (p *page) list(texts []string) {
	if len(texts) == 0 {
		return
	}
	p.block()
	for _, s := range texts {
		p.prose(s, "", indent)
	}
}

// items writes texts below a heading.
func (p *page) items(texts []string) {
	for _, s := range texts {
		p.prose(s, indent, indent+indent)
	}
}

// facts writes names with what they mean, side by side where there is room.
func (p *page) facts(facts []fact) {
	if len(facts) == 0 {
		return
	}
	p.block()
	width := 0
	for _, f := range facts {
		width = max(width, widthOf(p.plain(f.name)))
	}
	for _, f := range facts {
		p.fact(f, width)
	}
}

func (p *page) fact(f fact, width int) {
	name, text := p.plain(f.name), p.plain(f.text)
	if min(p.width, measure)-width-len(gap) >= MinWidth {
		others := strings.Repeat(" ", width+len(gap))
		p.prose(text, pad(name, width, true)+gap, others)
		return
	}
	p.prose(name+": "+text, "", indent)
}

// command writes the command that gives the numbers again, on several lines as a shell takes it. Its words stay whole.
func (p *page) command(s string) {
	if s == "" {
		return
	}
	const more = ` \`
	p.paragraph("The command:")
	lines := terminal.Wrap(p.plain(escape.Short(s, mostLine)), p.width-len(more), indent, indent+indent, true)
	for i, l := range lines {
		if i < len(lines)-1 {
			l += more
		}
		p.line(l)
	}
}

// grid writes a table, if it has rows, with columns of the levels up to most, and returns the level that there was room for.
func (p *page) grid(g *grid, most level) level {
	if len(g.rows) == 0 {
		return most
	}
	g.reword(p.plain)
	sheets := []sheet{g.whole()}
	if !p.wide {
		sheets, most = g.sheets(p, most)
	}
	for _, s := range sheets {
		p.legend.see(s)
		p.block()
		for _, l := range s.lines(p) {
			p.line(l)
		}
	}
	return most
}

// coloured marks a text where there are colours. It is never all that tells it from others.
func (p *page) coloured(s string, t tone) string {
	code := map[tone]string{toneBest: "32", toneWorst: "31"}[t]
	if !p.color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}
