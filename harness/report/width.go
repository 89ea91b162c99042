package report

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
	"github.com/wirecost/wirecost/harness/escape"
)

// widthOf returns how many columns of a terminal s takes, on one where signs of ambiguous width take one. The locale, which
// the library reads on its own, has no say: a report is the same everywhere.
func widthOf(s string) int {
	c := runewidth.Condition{StrictEmojiNeutral: true}
	return c.StringWidth(s)
}

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

// wrap breaks text into lines of a width, the first behind one prefix and the others behind another. A word that is wider
// than a line is broken, or, if whole says so, sticks out.
func wrap(text string, width int, prefix, others string, whole bool) []string {
	var lines []string
	line := prefix
	for _, word := range wordsOf(text) {
		joined := line + " " + word
		if line == prefix {
			joined = line + word
		}
		if line != prefix && widthOf(joined) > width {
			lines, prefix = append(lines, line), others
			joined = prefix + word
		}
		for !whole && widthOf(joined) > width {
			head := firstColumns(joined, width)
			if len(head) <= len(prefix) {
				break // no room for a single character
			}
			lines, prefix = append(lines, head), others
			joined = prefix + joined[len(head):]
		}
		line = joined
	}
	return append(lines, line)
}

// units stand on the line of their number.
var units = []string{"ns", "µs", "us", "ms", "s", "B", "%"}

// wordsOf splits text where a line may end.
func wordsOf(text string) []string {
	var words []string
	for _, word := range strings.Fields(text) {
		if n := len(words); n > 0 && slices.Contains(units, strings.TrimRight(word, ".,;:)")) {
			words[n-1] += " " + word
			continue
		}
		words = append(words, word)
	}
	return words
}

// firstColumns returns the longest beginning of s that is not wider than width.
func firstColumns(s string, width int) string {
	end := 0
	for end < len(s) {
		_, size := utf8.DecodeRuneInString(s[end:])
		if widthOf(s[:end+size]) > width {
			break
		}
		end += size
	}
	return s[:end]
}
