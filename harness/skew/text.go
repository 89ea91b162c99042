package skew

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/internal/grid"
	"github.com/wirecost/wirecost/internal/terminal"
)

// A Page is how text is laid out.
type Page struct {
	Width int  // in characters, from 40
	Wide  bool // every subtask is a row, however many there are
	ASCII bool // for a reader that shows no more
}

// mostRows is how many subtasks are rows on a page that is not Wide: the busiest, if there are more.
const mostRows = 32

// mostProse is how wide prose is at most: longer lines are hard to read.
const mostProse = 100

// Text writes r for a terminal or a log.
func (r *Report) Text(w io.Writer, p Page) error {
	var b strings.Builder
	p.prose(&b, r.title(), "")
	b.WriteString("\n")
	for _, v := range r.verdict() {
		p.prose(&b, v, "")
	}
	b.WriteString("\n")
	rows, left := r.rows(p.Wide)
	table, legend := r.picture(p, rows)
	b.WriteString(table)
	for _, l := range []string{legend, left} {
		if l != "" {
			p.prose(&b, l, "")
		}
	}
	for _, o := range r.others() {
		fmt.Fprintf(&b, "\n%s:\n%s", o.title, o.table.Text())
	}
	p.prose(&b, marks, "")
	b.WriteString("\n")
	for _, n := range r.notes() {
		p.prose(&b, n, "- ")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// prose writes text that may hold what others wrote, broken into lines.
func (p Page) prose(b *strings.Builder, text, prefix string) {
	text = escape.Line(text)
	if p.ASCII {
		text = terminal.ASCII(text)
	}
	for _, line := range terminal.Wrap(text, min(p.Width, mostProse), prefix, strings.Repeat(" ", len(prefix)), false) {
		b.WriteString(line + "\n")
	}
}

// rows returns the subtasks to show, and what to say of those left out.
func (r *Report) rows(wide bool) ([]Subtask, string) {
	if wide || len(r.Subtasks) <= mostRows {
		return r.Subtasks, ""
	}
	rows := slices.Clone(r.Subtasks)
	slices.SortStableFunc(rows, func(a, b Subtask) int { return cmp.Compare(b.Share, a.Share) })
	return rows[:mostRows], fmt.Sprintf("The %d busiest of %d: the others have %s each at most; --wide shows them all.",
		mostRows, len(rows), r.percent(rows[mostRows].Share))
}

// table has the rows of subtasks.
func (r *Report) table(rows []Subtask) *grid.Grid {
	g := &grid.Grid{Left: 2}
	g.Add("subtask", "key groups", "keys", "share")
	for _, s := range rows {
		g.Add(fmt.Sprint(s.Subtask), span(s.First, s.Last), fmt.Sprint(s.Keys), r.percent(s.Share))
	}
	return g
}

// How long the parts of a picture are, in characters.
const (
	leastBar   = 3 // or there are none
	goodBar    = 8 // that signs leave
	mostBar    = 40
	leastSigns = 4
	gap        = 2 // between columns
)

// picture draws rows as wide as the page: the share of each subtask as a bar, and, where there is room, those of its key groups
// as signs. It returns what the signs mean, too.
func (r *Report) picture(p Page, rows []Subtask) (picture, legend string) {
	g := r.table(rows)
	head, _, _ := strings.Cut(g.Text(), "\n")
	room := p.Width - len(head) - gap
	signs := strip{of: r.Groups, ascii: p.ASCII}
	if free := room - goodBar - gap; free >= leastSigns {
		signs.fit(r.Largest, free, rows)
		room -= signs.width + gap
	}
	bar := min(room, mostBar)
	if bar < leastBar {
		return g.Text(), ""
	}
	g.Rows[0] = append(g.Rows[0], "")
	for i, s := range rows {
		drawn := terminal.Bar(s.Share/r.Subtasks[r.Busiest].Share, bar, p.ASCII)
		g.Rows[i+1] = append(g.Rows[i+1], drawn+strings.Repeat(" ", bar-terminal.Width(drawn)))
	}
	if signs.width == 0 {
		return g.Text(), ""
	}
	g.Rows[0] = append(g.Rows[0], "")
	for i, s := range rows {
		drawn := signs.draw(s)
		g.Rows[i+1] = append(g.Rows[i+1], drawn+strings.Repeat(" ", signs.width-terminal.Width(drawn)))
	}
	return g.Text(), signs.legend(r)
}

// A strip draws the key groups of a subtask, one sign each or, where they are too many, one for several.
type strip struct {
	of    []float64 // shares, by key group
	ascii bool
	per   int     // key groups of a sign
	width int     // signs of the subtask that has most
	full  float64 // share of the fullest sign
}

// fit has the key groups of a subtask, most ones, fit into room.
func (s *strip) fit(most, room int, rows []Subtask) {
	s.per = (most + room - 1) / room
	s.width = (most + s.per - 1) / s.per
	for _, row := range rows {
		for _, share := range s.shares(row) {
			s.full = max(s.full, share)
		}
	}
}

// shares returns the share of each sign of a subtask.
func (s *strip) shares(row Subtask) []float64 {
	var out []float64
	for groups := range slices.Chunk(s.of[row.First:row.Last+1], s.per) {
		sum := 0.0
		for _, share := range groups {
			sum += share
		}
		out = append(out, sum)
	}
	return out
}

// levels returns the signs, of nothing and then of more and more.
func (s *strip) levels() []rune {
	if s.ascii {
		return []rune(".123456789")
	}
	return []rune("·▁▂▃▄▅▆▇█")
}

func (s *strip) draw(row Subtask) string {
	var b strings.Builder
	levels := s.levels()
	for _, share := range s.shares(row) {
		b.WriteRune(levels[int(math.Ceil(share/s.full*float64(len(levels)-1)))])
	}
	return b.String()
}

func (s *strip) legend(r *Report) string {
	each := "is one key group"
	if s.per > 1 {
		each = fmt.Sprintf("is %d key groups", s.per)
	}
	levels := s.levels()
	return fmt.Sprintf("Right: each sign %s; %c is the fullest, with %s of the records, %c has none.", each, levels[len(levels)-1], r.percent(s.full), levels[0])
}

// An other is a table of what other numbers would give.
type other struct {
	title string
	table *grid.Grid
}

func (r *Report) others() []other {
	subtasks := func(l Load) int { return l.Parallelism }
	groups := func(l Load) int { return l.MaxParallelism }
	return []other{
		{"With another parallelism", r.loads("subtasks", r.Parallelisms, subtasks)},
		{"With another max parallelism", r.loads("groups", r.MaxParallelisms, groups)},
	}
}

// loads is a table of loads, of which one number differs.
func (r *Report) loads(head string, loads []Load, number func(Load) int) *grid.Grid {
	g := &grid.Grid{Left: 1}
	g.Add("  "+head, "each", "max/mean", "idle")
	for _, l := range loads {
		name := fmt.Sprint("  ", number(l))
		if l == r.Load {
			name = fmt.Sprint("> ", number(l))
		}
		if l.Divides {
			name += " *"
		}
		g.Add(name, span(l.Least, l.Largest), times(l.MaxMean), fmt.Sprint(l.Idle))
	}
	return g
}

// Markdown writes r for an issue or a page.
func (r *Report) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n", escape.Markdown(r.title()))
	for _, v := range r.verdict() {
		fmt.Fprintf(&b, "- %s\n", escape.Markdown(v))
	}
	rows, left := r.rows(false)
	fmt.Fprintf(&b, "\n%s", r.table(rows).Markdown(escape.Markdown))
	if left != "" {
		fmt.Fprintf(&b, "\n%s\n", escape.Markdown(left))
	}
	for _, o := range r.others() {
		fmt.Fprintf(&b, "\n%s:\n\n%s", o.title, o.table.Markdown(func(cell string) string { return escape.Markdown(strings.TrimSpace(cell)) }))
	}
	fmt.Fprintf(&b, "\n%s\n\n", escape.Markdown(marks))
	for _, n := range r.notes() {
		fmt.Fprintf(&b, "- %s\n", escape.Markdown(n))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
