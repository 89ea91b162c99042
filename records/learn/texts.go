package learn

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/wirecost/wirecost/records"
)

// Classes of characters, named as the alphabets of profiles that stand for them.
const (
	lower = iota
	upper
	digit
	space
	punct
	escape // two bytes in JSON
	html   // six bytes in encoding/json
	latin  // all of two bytes in UTF-8
	cjk    // all of three
	emoji  // all of four
	classes
)

var classNames = [classes]string{"lower", "upper", "digit", "space", "punct", "escape", "html", "latin", "cjk", "emoji"}

// asciiClass is the class of each character of one byte. Control characters take six bytes in JSON, as those of html do.
var asciiClass = newASCIIClass()

func newASCIIClass() (class [utf8.RuneSelf]uint8) {
	for c := range class {
		switch {
		case c >= 'a' && c <= 'z':
			class[c] = lower
		case c >= 'A' && c <= 'Z':
			class[c] = upper
		case c >= '0' && c <= '9':
			class[c] = digit
		case c == ' ':
			class[c] = space
		case strings.ContainsRune("\"\\\n\r\t\b\f", rune(c)):
			class[c] = escape
		case c < ' ' || strings.ContainsRune("<>&", rune(c)):
			class[c] = html
		default:
			class[c] = punct
		}
	}
	return class
}

// classOf returns the class of a character that takes size bytes.
func classOf(c rune, size int) uint8 {
	if c < utf8.RuneSelf {
		return asciiClass[c]
	}
	return uint8(latin + max(size, 2) - 2) // what is no UTF-8 has the size 1
}

// A stratum is the texts whose widest character has one number of bytes.
type stratum struct {
	count   uint64
	lengths histogram // in characters
	chars   [classes]uint64
}

// texts are the values of a string.
type texts struct {
	strata [utf8.UTFMax]stratum
	values *values[string]
}

func newTexts(b *budget) *texts {
	const entry = 80 // of a table and its room to grow, beside the text
	t := &texts{values: newValues(b, hashText, func(s string) (string, int) {
		return strings.Clone(s), len(s) + entry // which would keep all of a line that it was read from
	})}
	for i := range t.strata {
		t.strata[i].lengths.grid = &byLength
	}
	return t
}

func hashText(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix spreads what differs in a few bits over all of them.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (t *texts) add(s string) {
	t.count(s, 1)
	t.values.add(s)
}

// count counts s n times.
func (t *texts) count(s string, n uint64) {
	var chars [classes]uint64
	length := 0
	for i := 0; i < len(s); length++ {
		if c := s[i]; c < utf8.RuneSelf {
			chars[asciiClass[c]]++
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(s[i:])
		chars[classOf(c, size)]++
		i += size
	}
	wide := 0
	for class := latin; class < classes; class++ {
		if chars[class] > 0 {
			wide = class - latin + 1
		}
	}
	st := &t.strata[wide]
	st.count += n
	st.lengths.add(int64(length), n)
	for class, k := range chars {
		st.chars[class] += k * n
	}
}

// without returns the strata of all texts but those.
func (t *texts) without(those []string) [utf8.UTFMax]stratum {
	rest := texts{strata: t.strata}
	for i := range rest.strata {
		rest.strata[i].lengths.up = slices.Clone(t.strata[i].lengths.up)
	}
	for _, s := range those {
		rest.count(s, -t.values.counts[s])
	}
	return rest.strata
}

// standIn returns a text with other characters of the same classes.
func standIn(d *records.Dice, s string) string {
	out := make([]byte, 0, len(s))
	for _, c := range s {
		out = d.Letter(out, classNames[classOf(c, utf8.RuneLen(c))])
	}
	return string(out)
}
