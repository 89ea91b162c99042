// Package near proposes the name that was meant where another was given.
package near

import (
	"fmt"
	"math"
	"strings"
)

// Hint says which of the names is the one that was meant, "did you mean "avro"?", or else which there are: what an error
// about a name ends with.
func Hint(typed string, names []string) string {
	if meant, ok := Name(typed, names); ok {
		return fmt.Sprintf("did you mean %q?", meant)
	}
	if len(names) == 0 {
		return "there are none"
	}
	return "there are " + strings.Join(names, ", ")
}

// Name returns the first of the names that typed is nearest to, if it is near to any: the same but for case, the
// beginning of one, or at most two edits away, of short names one. A name with dots goes by its last part, too.
func Name(typed string, names []string) (name string, ok bool) {
	least := math.MaxInt
	for _, n := range names {
		last := n[strings.LastIndexByte(n, '.')+1:]
		if d := min(far(typed, n), far(typed, last)); d < least {
			name, least = n, d
		}
	}
	return name, least < math.MaxInt
}

// far says how far typed is from name: 0 is the same but for case, MaxInt another name altogether.
func far(typed, name string) int {
	a, b := []rune(strings.ToLower(typed)), []rune(strings.ToLower(name))
	most := min(2, (len(a)+1)/3)
	switch {
	case string(a) == string(b):
		return 0
	case len(a) > 0 && strings.HasPrefix(string(b), string(a)):
		return 1
	case max(len(a)-len(b), len(b)-len(a)) > most: // before any of it is compared: typed may be of any length
		return math.MaxInt
	}
	if d := edits(a, b); d <= most {
		return d
	}
	return math.MaxInt
}

// edits returns how many characters must be put in, taken out, replaced or swapped with the next to make b of a.
func edits(a, b []rune) int {
	d := make([][]int, len(a)+1) // d[i][j] is from a[:i] to b[:j]
	for i := range d {
		d[i] = make([]int, len(b)+1)
		for j := range d[i] {
			switch {
			case i == 0 || j == 0:
				d[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				d[i][j] = d[i-1][j-1]
			default:
				d[i][j] = 1 + min(d[i-1][j-1], d[i-1][j], d[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], 1+d[i-2][j-2])
			}
		}
	}
	return d[len(a)][len(b)]
}
