package report

import (
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
	"github.com/wirecost/wirecost/internal/terminal"
)

// widthOf returns how many columns of a terminal s takes.
func widthOf(s string) int { return terminal.Width(s) }

// pad fills s up to a width, on its right if left says that it stands there.
func pad(s string, width int, left bool) string {
	fill := strings.Repeat(" ", max(0, width-widthOf(s)))
	if left {
		return s + fill
	}
	return fill + s
}

// fit returns s, of which it leaves out the middle if it is wider than the width, which is at least leastName.
func (p *page) fit(s string, width int) string {
	out := s
	for most := width; widthOf(out) > width && most >= 3; most-- {
		out = p.plain(escape.Short(s, most))
	}
	return out
}

// leastName is the least room for a name: three characters that may all be wide.
const leastName = 8
