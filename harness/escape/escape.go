// Package escape makes text that anyone may have written, a key, a path or an error about one, harmless where it is shown: a
// terminal obeys control characters instead of showing them, bidirectional ones make it show other text than there is, and
// Markdown has signs of its own. What is shown as it is stays as it is.
//
// It depends on nothing, so that whatever prints can use it.
package escape

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line returns s on one line, with the escapes of JSON strings for all that is not shown: control and format characters, line
// ends, and bytes that are no UTF-8, which are \xNN.
func Line(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		default:
			writeRune(&b, r)
		}
		i += size
	}
	return b.String()
}

// plain reports whether all of s is shown.
func plain(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) }) < 0
}

func writeRune(b *strings.Builder, r rune) {
	switch {
	case unicode.IsGraphic(r):
		b.WriteRune(r)
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case r >= 0x10000:
		r -= 0x10000
		fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
	default:
		fmt.Fprintf(b, `\u%04x`, r)
	}
}

// Text returns s with its line ends, and each line as Line has it: of text that was put together from words without any.
func Text(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = Line(l)
	}
	return strings.Join(lines, "\n")
}

// Word returns s as it is if all of it is shown, and otherwise in quotes, where what is not shown is as Line has it.
func Word(s string) string {
	if plain(s) {
		return s
	}
	return `"` + strings.ReplaceAll(Line(s), `"`, `\"`) + `"`
}

// Short returns s, of which it leaves out the middle if it has more than most characters: errors say at their end what is
// wrong. There are at least 3 of them.
func Short(s string, most int) string {
	if len(s) <= most { // bytes are at least as many
		return s
	}
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	tail := (most - 1) / 3
	head := most - 1 - tail
	return string(runes[:head]) + "…" + string(runes[len(runes)-tail:])
}

// markdown has what begins something in Markdown, or ends a cell of a table.
var markdown = strings.NewReplacer("<", "&lt;", "|", `\|`, "`", "\\`", "*", `\*`, "](", `]\(`)

// Markdown returns s on one line, as text in Markdown outside of code: no HTML, no link, no emphasis, no end of a cell.
func Markdown(s string) string { return markdown.Replace(Line(s)) }

// Code returns s on one line, as code in Markdown, behind as many backquotes as it needs. It is not for a cell of a table, which a
// bar ends: elsewhere a backslash before one would be part of the code, and of what is copied.
func Code(s string) string {
	s = Line(s)
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		s = " " + s + " "
	}
	return fence + s + fence
}
