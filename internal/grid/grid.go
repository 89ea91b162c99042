// Package grid aligns the cells of a table, for a terminal and for Markdown. It neither computes nor escapes them.
package grid

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A Grid is a table before it is text: the first row is the head.
type Grid struct {
	Left int // columns from the left that are aligned left; the others are aligned right
	Rows [][]string
}

// Add adds a row.
func (g *Grid) Add(cells ...string) { g.Rows = append(g.Rows, cells) }

// Text returns the lines of g, columns two spaces apart.
func (g *Grid) Text() string {
	widths := g.widths()
	var b strings.Builder
	for _, row := range g.Rows {
		var line strings.Builder
		for i, cell := range row {
			if i > 0 {
				line.WriteString("  ")
			}
			line.WriteString(g.pad(cell, i, widths[i]))
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
	return b.String()
}

// Markdown returns g as a table of Markdown. escape makes text of a cell harmless.
func (g *Grid) Markdown(escape func(string) string) string {
	var b strings.Builder
	for n, row := range g.Rows {
		for _, cell := range row {
			fmt.Fprintf(&b, "| %s ", escape(cell))
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for i := range row {
			if i < g.Left {
				b.WriteString("|---")
			} else {
				b.WriteString("|--:")
			}
		}
		b.WriteString("|\n")
	}
	return b.String()
}

func (g *Grid) widths() []int {
	var w []int
	for _, row := range g.Rows {
		for i, cell := range row {
			if i == len(w) {
				w = append(w, 0)
			}
			w[i] = max(w[i], utf8.RuneCountInString(cell))
		}
	}
	return w
}

func (g *Grid) pad(cell string, i, width int) string {
	fill := strings.Repeat(" ", width-utf8.RuneCountInString(cell))
	if i < g.Left {
		return cell + fill
	}
	return fill + cell
}
