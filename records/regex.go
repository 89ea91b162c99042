package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp/syntax"
	"unicode"
	"unicode/utf8"
)

const (
	stopOdds  = 0.35 // of a repetition, as in Generex, which avro-random-generator uses
	mostMore  = 64   // repetitions beyond the least
	mostTries = 64   // of a text whose length does not fit
)

// A drawer appends text that an expression matches.
type drawer func(dst []byte, s *stream) []byte

// regexText compiles an expression to what appends a text of lo <= characters < hi that matches it. If the expression is
// too short for lo, its longest text is long enough. After 64 tries the last text is taken; that is warned of where the
// length was asked for.
func (c *compiler) regexText(raw json.RawMessage, lo, hi int, asked bool) (func(g *Generator, st *stream, e env), error) {
	r, err := newRegex(raw)
	if err != nil {
		return nil, fmt.Errorf("regex: %w", err)
	}
	lo = min(lo, longest(r.tree))
	c.add(r.mean)
	if asked {
		c.warnMisses(raw, r.misses(lo, hi))
	}
	return func(g *Generator, st *stream, _ env) {
		g.buf = r.append(g.buf, st, lo, hi)
		g.room(len(g.buf))
	}, nil
}

// warnMisses warns of texts that have not the length asked for.
func (c *compiler) warnMisses(expr json.RawMessage, n int) {
	if n > 0 {
		c.warnings = append(c.warnings, fmt.Sprintf("%s: %d of %d texts of the regex %s have not the length asked for, which is rare among those that match",
			c.load.path, n, samples, expr))
	}
}

// A regex is an expression that texts are drawn from.
type regex struct {
	tree *syntax.Regexp
	draw drawer
	mean float64 // characters of a text
}

// maxSteps bounds what repetitions of repetitions multiply to on average: steps of drawing a text.
const maxSteps = 1 << 14

func newRegex(raw json.RawMessage) (regex, error) {
	expr, err := text(raw)
	if err != nil {
		return regex{}, err
	}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return regex{}, err
	}
	chars, steps := cost(tree)
	if steps > maxSteps {
		return regex{}, fmt.Errorf("a text takes %.3g steps to draw, more than %d: its repetitions multiply", steps, maxSteps)
	}
	draw, err := drawerOf(tree)
	return regex{tree, draw, chars}, err
}

// append appends a text of lo <= characters < hi, or the last of 64.
func (r regex) append(dst []byte, st *stream, lo, hi int) []byte {
	begin := len(dst)
	for range mostTries {
		dst = r.draw(dst[:begin], st)
		if n := utf8.RuneCount(dst[begin:]); lo <= n && n < hi {
			break
		}
	}
	return dst
}

// samples is how many texts are drawn to see whether a length can be had.
const samples = 100

// misses returns how many of so many texts have not lo <= characters < hi.
func (r regex) misses(lo, hi int) (n int) {
	var dst []byte
	for i := range uint64(samples) {
		st := root(1, i).stream(0)
		dst = r.append(dst[:0], &st, lo, hi)
		if k := utf8.RuneCount(dst); k < lo || k >= hi {
			n++
		}
	}
	return n
}

// cost returns how many characters a text of re has on average, and how many steps it takes to draw one.
func cost(re *syntax.Regexp) (chars, steps float64) {
	for _, sub := range re.Sub {
		c, s := cost(sub)
		chars, steps = chars+c, steps+s
	}
	switch re.Op {
	case syntax.OpLiteral:
		chars = float64(len(re.Rune))
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		chars = 1
	case syntax.OpAlternate:
		chars, steps = chars/float64(len(re.Sub)), steps/float64(len(re.Sub))
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		n := times(re)
		chars, steps = n*chars, n*steps
	}
	return chars, steps + 1
}

// times returns how often a repetition repeats on average.
func times(re *syntax.Regexp) float64 {
	least, most := bounds(re)
	more := mostMore
	if most >= 0 {
		more = min(more, most-least)
	}
	n, odds := float64(least), 1.0
	for range more {
		odds *= 1 - stopOdds
		n += odds
	}
	return n
}

func drawerOf(re *syntax.Regexp) (drawer, error) {
	switch re.Op {
	case syntax.OpLiteral:
		literal := string(re.Rune)
		return func(dst []byte, _ *stream) []byte { return append(dst, literal...) }, nil
	case syntax.OpCharClass:
		return classOf(re.Rune)
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return classOf([]rune{' ', '~'})
	case syntax.OpCapture:
		return drawerOf(re.Sub[0])
	case syntax.OpConcat, syntax.OpAlternate:
		return several(re)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		return repeated(re)
	case syntax.OpNoMatch:
		return nil, errors.New("nothing matches it")
	}
	return func(dst []byte, _ *stream) []byte { return dst }, nil // anchors, and the empty match
}

func classOf(ranges []rune) (drawer, error) {
	var kept []rune
	negated := len(ranges) > 0 && ranges[len(ranges)-1] == unicode.MaxRune
	size := uint64(0)
	for i := 0; i+1 < len(ranges); i += 2 {
		lo, hi := ranges[i], ranges[i+1]
		if negated {
			lo, hi = max(lo, ' '), min(hi, '~')
		}
		if lo <= hi {
			kept = append(kept, lo, hi)
			size += uint64(hi-lo) + 1
		}
	}
	if size == 0 {
		return nil, errors.New("a class has no character from U+0020 to U+007E")
	}
	return func(dst []byte, s *stream) []byte {
		v := rune(s.below(size))
		for i := 0; ; i += 2 {
			if n := kept[i+1] - kept[i] + 1; v >= n {
				v -= n
				continue
			}
			return utf8.AppendRune(dst, kept[i]+v)
		}
	}, nil
}

func several(re *syntax.Regexp) (drawer, error) {
	subs := make([]drawer, len(re.Sub))
	for i, sub := range re.Sub {
		var err error
		if subs[i], err = drawerOf(sub); err != nil {
			return nil, err
		}
	}
	if re.Op == syntax.OpAlternate {
		n := uint64(len(subs))
		return func(dst []byte, s *stream) []byte { return subs[s.below(n)](dst, s) }, nil
	}
	return func(dst []byte, s *stream) []byte {
		for _, sub := range subs {
			dst = sub(dst, s)
		}
		return dst
	}, nil
}

// bounds returns how often a repetition repeats; most is -1 without a limit.
func bounds(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpStar:
		return 0, -1
	case syntax.OpPlus:
		return 1, -1
	case syntax.OpQuest:
		return 0, 1
	}
	return re.Min, re.Max
}

func repeated(re *syntax.Regexp) (drawer, error) {
	sub, err := drawerOf(re.Sub[0])
	least, most := bounds(re)
	limit := least + mostMore
	if most >= 0 {
		limit = min(limit, most)
	}
	stop := threshold(stopOdds)
	return func(dst []byte, s *stream) []byte {
		n := least
		for n < limit && !s.event(stop) {
			n++
		}
		for range n {
			dst = sub(dst, s)
		}
		return dst
	}, err
}

// longest returns the length in characters of the longest text that re matches.
func longest(re *syntax.Regexp) int {
	const endless = math.MaxInt32
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture:
		return longest(re.Sub[0])
	case syntax.OpConcat:
		n := 0
		for _, sub := range re.Sub {
			n = min(n+longest(sub), endless)
		}
		return n
	case syntax.OpAlternate:
		n := 0
		for _, sub := range re.Sub {
			n = max(n, longest(sub))
		}
		return n
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		each := longest(re.Sub[0])
		if _, most := bounds(re); most >= 0 {
			return min(each*most, endless)
		}
		if each > 0 {
			return endless
		}
	}
	return 0
}
