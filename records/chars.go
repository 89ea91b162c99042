package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"unicode/utf8"
)

const (
	lower = "abcdefghijklmnopqrstuvwxyz"
	upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digit = "0123456789"
)

// An alphabet is a numbered set of characters.
type alphabet struct {
	size  uint64
	each  int    // characters that one draw gives
	bytes string // the characters, if all are ASCII
	runes []rune // the characters, if not
	base  rune   // the first of a range of characters, if there is neither table
	edge  byte   // what stands for a space at either end of a text; 0 leaves it
}

func newAlphabet(size int) alphabet {
	a := alphabet{size: uint64(size), each: 2}
	switch {
	case size <= 64:
		a.each = 8
	case size <= 4096:
		a.each = 4
	}
	return a
}

func asciiSet(s string) alphabet {
	a := newAlphabet(len(s))
	a.bytes = s
	return a
}

func runeRange(first, last rune) alphabet {
	a := newAlphabet(int(last - first + 1))
	a.base = first
	return a
}

// wordSet is letters, with blank in 1 of 13.
func wordSet(blank byte) alphabet {
	b := make([]byte, 338)
	for v := range b {
		if b[v] = blank; v < 312 {
			b[v] = lower[v%26]
		}
	}
	return asciiSet(string(b))
}

// alphabets are the named sets.
var alphabets = newAlphabets()

func newAlphabets() map[string]alphabet {
	printable := make([]byte, 0, 95)
	for c := byte(' '); c <= '~'; c++ {
		printable = append(printable, c)
	}
	words := wordSet(' ')
	words.edge = 'x'
	return map[string]alphabet{
		"lower": asciiSet(lower), "upper": asciiSet(upper), "digit": asciiSet(digit), "hex": asciiSet(digit + "abcdef"),
		"alpha": asciiSet(upper + lower), "alnum": asciiSet(digit + upper + lower), "base64": asciiSet(upper + lower + digit + "+/"),
		"ascii": asciiSet(string(printable)), "punct": asciiSet("!#$%'()*+,-./:;=?@[]^_`{|}~"), "space": asciiSet(" "),
		"escape": asciiSet("\"\\\n"), "html": asciiSet("<>&"), "words": words, "words_": wordSet('_'),
		"latin": runeRange(0xe0, 0xff), "cyrillic": runeRange(0x430, 0x44f),
		"cjk": runeRange(0x4e00, 0x9fff), "emoji": runeRange(0x1f600, 0x1f64f),
	}
}

// add appends character v of a.
func (a *alphabet) add(dst []byte, v uint64) []byte {
	switch {
	case a.bytes != "":
		return append(dst, a.bytes[v])
	case a.runes != nil:
		return utf8.AppendRune(dst, a.runes[v])
	}
	return utf8.AppendRune(dst, a.base+rune(v))
}

// A lettering appends n characters drawn from s.
type lettering func(dst []byte, s *stream, n int) []byte

// width returns about how many bytes a character of l has.
func (l lettering) width() float64 {
	const texts, each = 16, 64
	bytes := 0
	for i := range uint64(texts) {
		st := root(1, i).stream(0)
		bytes += len(l(nil, &st, each))
	}
	return float64(bytes) / (texts * each)
}

// letters is the lettering of one set.
func (a alphabet) letters() lettering {
	if a.bytes != "" {
		return a.ascii()
	}
	return func(dst []byte, s *stream, n int) []byte {
		for n > 0 {
			x := s.next()
			for range min(n, a.each) {
				v, rest := bits.Mul64(x, a.size)
				dst, x = a.add(dst, v), rest
			}
			n -= min(n, a.each)
		}
		return dst
	}
}

func (a alphabet) ascii() lettering {
	table, size, each := a.bytes, a.size, a.each
	return func(dst []byte, s *stream, n int) []byte {
		begin := len(dst)
		for n > 0 {
			x := s.next()
			k := min(n, each)
			for range k {
				v, rest := bits.Mul64(x, size)
				dst, x = append(dst, table[v]), rest
			}
			n -= k
		}
		if a.edge != 0 && len(dst) > begin {
			for _, i := range [...]int{begin, len(dst) - 1} {
				if dst[i] == ' ' {
					dst[i] = a.edge
				}
			}
		}
		return dst
	}
}

// charsOf compiles the value of chars.
func charsOf(raw json.RawMessage) (lettering, error) {
	if raw[0] == '"' {
		a, err := named(raw)
		return a.letters(), err
	}
	p, err := readProfile(raw)
	if err != nil || len(p.keys) != 1 {
		return nil, fmt.Errorf("chars %.60s: want a name, or an object with set, mix or either", raw)
	}
	switch {
	case p.has("set"):
		a, err := setOf(p.take("set"))
		return a.letters(), err
	case p.has("mix"):
		return mixed(p.take("mix"))
	case p.has("either"):
		return either(p.take("either"))
	}
	return nil, fmt.Errorf("chars: %w", unknownKey(p.left()[0], "", keysIn("chars", "")))
}

func named(raw json.RawMessage) (alphabet, error) {
	name, err := text(raw)
	if err != nil {
		return alphabet{}, err
	}
	a, ok := alphabets[name]
	if !ok {
		return a, fmt.Errorf("chars %q is no alphabet", name)
	}
	return a, nil
}

func setOf(raw json.RawMessage) (alphabet, error) {
	s, err := text(raw)
	if err != nil {
		return alphabet{}, err
	}
	runes := []rune(s)
	if len(runes) == 0 {
		return alphabet{}, errors.New("chars: the set is empty")
	}
	if len(runes) == len(s) {
		return asciiSet(s), nil
	}
	a := newAlphabet(len(runes))
	a.runes = runes
	return a, nil
}

// mixed chooses a set for each character.
func mixed(raw json.RawMessage) (lettering, error) {
	var sets []alphabet
	c, err := chosen(raw, "[chars, weight]", 1, func(raw json.RawMessage) error {
		a, err := alphabet{}, error(nil)
		if raw[0] == '"' {
			a, err = named(raw)
		} else if p, perr := readProfile(raw); perr == nil && p.has("set") && len(p.keys) == 1 {
			a, err = setOf(p.take("set"))
		} else {
			err = fmt.Errorf("mix: %.60s is neither a name nor a set", raw)
		}
		sets = append(sets, a)
		return err
	})
	if err != nil {
		return nil, err
	}
	total := c[len(c)-1]
	return func(dst []byte, s *stream, n int) []byte {
		for range n {
			t, l := bits.Mul64(s.next(), total)
			i := 0
			for t >= c[i] {
				i++
			}
			dst = sets[i].add(dst, hi(l, sets[i].size))
		}
		return dst
	}, nil
}

// either chooses a set for each text.
func either(raw json.RawMessage) (lettering, error) {
	var ways []lettering
	c, err := chosen(raw, "[chars, weight]", 1, func(raw json.RawMessage) error {
		w, err := charsOf(raw)
		ways = append(ways, w)
		return err
	})
	return func(dst []byte, s *stream, n int) []byte { return ways[c.draw(s)](dst, s, n) }, err
}
