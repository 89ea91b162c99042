package gate

import (
	"fmt"
	"io"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
)

// signs open the Markdown of an outcome, where people see them before they read.
var signs = map[Outcome]string{OK: "✅", Regression: "❌", Failed: "❌", Warning: "⚠️", Inconclusive: "❔"}

// Markdown writes v for a comment on a change: the verdict, what changed, what did not, how to repeat it.
func (v *Verdict) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s %s\n\n", signs[v.Outcome], escape.Markdown(v.Headline()))
	if g := v.grid(v.telling()); len(g.Rows) > 1 {
		fmt.Fprintf(&b, "%s\n", g.Markdown(escape.Markdown))
	}
	if g := v.grid(v.quiet()); len(g.Rows) > 1 {
		fmt.Fprintf(&b, "<details><summary>no change seen in %d</summary>\n\n%s\n</details>\n\n", len(g.Rows)-1, g.Markdown(escape.Markdown))
	}
	for _, t := range v.Schema.tables() {
		fmt.Fprintf(&b, "**%s**\n\n%s\n", escape.Markdown(t.title), t.grid.Markdown(escape.Markdown))
	}
	for _, line := range v.lines() {
		if command, ok := strings.CutPrefix(line, "reproduce: "); ok {
			fmt.Fprintf(&b, "- reproduce: %s\n", escape.Code(command))
			continue
		}
		fmt.Fprintf(&b, "- %s\n", escape.Markdown(line))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
