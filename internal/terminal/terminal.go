// Package terminal lays text out on the lines of a terminal: how wide it is, where a line breaks, bars.
package terminal

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// Width returns how many columns of a terminal s takes, on one where signs of ambiguous width take one. The locale, which
// the library reads on its own, has no say: a report is the same everywhere.
func Width(s string) int {
	c := runewidth.Condition{StrictEmojiNeutral: true}
	return c.StringWidth(s)
}

// Wrap breaks text into lines of a width, the first behind one prefix and the others behind another. A word that is wider
// than a line is broken, or, if whole says so, sticks out.
func Wrap(text string, width int, prefix, others string, whole bool) []string {
	var lines []string
	line := prefix
	for _, word := range wordsOf(text) {
		joined := line + " " + word
		if line == prefix {
			joined = line + word
		}
		if line != prefix && Width(joined) > width {
			lines, prefix = append(lines, line), others
			joined = prefix + word
		}
		for !whole && Width(joined) > width {
			head := Head(joined, width)
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

// Head returns the longest beginning of s that is not wider than width.
func Head(s string, width int) string {
	end := 0
	for end < len(s) {
		_, size := utf8.DecodeRuneInString(s[end:])
		if Width(s[:end+size]) > width {
			break
		}
		end += size
	}
	return s[:end]
}
