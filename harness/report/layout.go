package report

import (
	"slices"
	"strings"

	"github.com/wirecost/wirecost/internal/terminal"
)

// How long bars are, in characters: at least leastBar, or there are none. Columns that need not be there leave them goodBar.
const (
	leastBar = 3
	goodBar  = 5
	mostBar  = 8
)

// gap stands between columns.
const gap = "  "

// A sheet is some columns of a grid, side by side, with bars of a length.
type sheet struct {
	columns []column
	bar     int // 0: none
}

// sheets lays g out for a page of a width: one sheet with as many columns as there is room for, of the levels up to most,
// or, where not even those that must be there fit beside each other, several with some of these each. Every sheet says
// whose numbers the rows are. It returns the level of what it has shown, too.
func (g *grid) sheets(p *page, most level) ([]sheet, level) {
	width := p.width
	g.shorten(p)
	if s := (sheet{columns: g.upTo(levelMust)}); s.width() > width {
		return g.several(width), levelMust
	}
	for ; most > levelMust; most-- {
		if s := (sheet{g.upTo(most), goodBar}); s.width() <= width {
			break
		}
	}
	return []sheet{sheet{columns: g.upTo(most)}.grown(width)}, most
}

// whole lays g out with every column, however wide that is.
func (g *grid) whole() sheet { return sheet{g.upTo(levelAllocs), mostBar} }

// reword replaces all texts of g.
func (g *grid) reword(plain func(string) string) {
	for i := range g.columns {
		c := &g.columns[i]
		c.head = slices.Clone(c.head)
		for j := range c.head {
			c.head[j] = plain(c.head[j])
		}
		for j := range c.cells {
			c.cells[j].text = plain(c.cells[j].text)
		}
	}
}

// upTo returns the columns of the levels up to one.
func (g *grid) upTo(most level) []column {
	return slices.DeleteFunc(slices.Clone(g.columns), func(c column) bool { return c.level > most })
}

// several lays out the columns that must be there, some in each sheet.
func (g *grid) several(width int) []sheet {
	keys := g.upTo(levelKey)
	s := sheet{columns: keys}
	var out []sheet
	for _, c := range g.upTo(levelMust)[len(keys):] {
		more := sheet{columns: append(slices.Clone(s.columns), c)}
		if len(s.columns) > len(keys) && more.width() > width {
			out = append(out, s.grown(width))
			more = sheet{columns: append(slices.Clone(keys), c)}
		}
		s = more
	}
	return append(out, s.grown(width))
}

// shorten leaves out the middle of names that leave no room for the widest of the columns that must be there.
func (g *grid) shorten(p *page) {
	keys := sheet{columns: g.upTo(levelKey)}
	widest := 0
	for _, c := range g.upTo(levelMust)[len(keys.columns):] {
		widest = max(widest, c.width(0))
	}
	over := keys.width() + len(gap) + widest - p.width
	for i := range g.columns {
		if c := &g.columns[i]; c.name && over > 0 {
			room := max(leastName, c.width(0)-over)
			for j := range c.cells {
				c.cells[j].text = p.fit(c.cells[j].text, room)
			}
		}
	}
}

// grown returns s with bars as long as there is room for, none if that is not enough.
func (s sheet) grown(width int) sheet {
	for s.bar = mostBar; s.bar >= leastBar; s.bar-- {
		if s.width() <= width {
			return s
		}
	}
	s.bar = 0
	return s
}

// width returns how wide s is.
func (s sheet) width() int {
	sum := 0
	for i, c := range s.columns {
		if i > 0 {
			sum += len(gap)
		}
		sum += c.width(s.bar)
	}
	return sum
}

// width returns how wide c is with bars of a length.
func (c *column) width(bar int) int {
	width := c.numbers()
	if c.bars && bar > 0 {
		width += 1 + bar
	}
	for _, h := range c.head {
		width = max(width, widthOf(h))
	}
	return width
}

// numbers returns the width of c's widest text.
func (c *column) numbers() int {
	width := 0
	for _, x := range c.cells {
		width = max(width, widthOf(x.text))
	}
	return width
}

// lines returns the lines of s: the head, whose lines stand next to the numbers, and a line for each row.
func (s sheet) lines(p *page) []string {
	height := 0
	for _, c := range s.columns {
		height = max(height, len(c.head))
	}
	var out []string
	for i := range height {
		out = append(out, s.line(func(c *column) string { return c.headLine(i-height+len(c.head), s.bar) }))
	}
	for i := range s.columns[0].cells {
		out = append(out, s.line(func(c *column) string { return c.line(i, s.bar, p) }))
	}
	return out
}

// line joins what each column has.
func (s sheet) line(of func(*column) string) string {
	var parts []string
	for i := range s.columns {
		parts = append(parts, of(&s.columns[i]))
	}
	return strings.TrimRight(strings.Join(parts, gap), " ")
}

// headLine is a line of the head: above numbers with bars it begins where they do.
func (c *column) headLine(i, bar int) string {
	text := ""
	if i >= 0 {
		text = c.head[i]
	}
	return pad(text, c.width(bar), c.left || c.bars && bar > 0)
}

// line is what row i has, as wide as the column.
func (c *column) line(i, bar int, p *page) string {
	x := c.cells[i]
	if !c.bars || bar == 0 {
		return p.coloured(pad(x.text, c.width(bar), c.left), x.tone)
	}
	numbers := p.coloured(pad(x.text, c.numbers(), false), x.tone)
	return numbers + " " + pad(terminal.Bar(x.share, bar, p.ascii), c.width(bar)-c.numbers()-1, true)
}
