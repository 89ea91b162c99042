package report

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/escape"
)

// How many characters of what stands in a file are shown. The JSON form has all of them.
const (
	mostName   = 32  // of a codec, a runtime, an exchange
	mostValue  = 80  // of a schema, a key, a fact of the machine
	mostReason = 400 // why a row has no numbers
	mostLine   = 1000
	mostNames  = 8 // names in a sentence
)

// called is a name as sentences and tables have it.
func called(name string) string { return said(name, mostName) }

// said is a text from a file on one line, of which at most so many characters are shown.
func said(text string, most int) string { return escape.Short(escape.Line(text), most) }

// listOf joins names as a sentence does, and only counts the last ones of many.
func listOf(names []string) string {
	words := make([]string, 0, mostNames)
	for i, n := range names {
		if len(names) > mostNames && i == mostNames-2 {
			words = append(words, fmt.Sprint(len(names)-i, " others"))
			break
		}
		words = append(words, called(n))
	}
	switch n := len(words); n {
	case 0:
		return ""
	case 1:
		return words[0]
	default:
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
}

// plain writes a number as a user would.
func plain(v float64) string {
	if v >= 1e15 || v < 1e-5 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
