package grid

import (
	"strings"
	"testing"
)

func TestGrid(t *testing.T) {
	g := &Grid{Left: 1}
	g.Add("cell", "old", "change")
	g.Add("é|x", "158 B", "")
	if got, want := g.Text(), "cell    old  change\né|x   158 B\n"; got != want {
		t.Errorf("got text\n%s, want\n%s", got, want)
	}
	bar := func(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
	if got, want := g.Markdown(bar), "| cell | old | change |\n|---|--:|--:|\n| é\\|x | 158 B |  |\n"; got != want {
		t.Errorf("got Markdown\n%s, want\n%s", got, want)
	}
}
