package terminal

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// signs are ours beyond ASCII.
var signs = strings.NewReplacer("±", "+-", "×", "x", "µ", "u", "–", "-", "…", "...")

// ASCII writes s without what is not ASCII: our own signs otherwise, and other characters by number.
func ASCII(s string) string {
	var b strings.Builder
	for _, r := range signs.Replace(s) {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}
