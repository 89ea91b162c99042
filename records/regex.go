package records

import (
	"errors"
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

// regex compiles an expression to what appends a text of lo <= characters < hi that matches it. If the expression is
// too short for lo, its longest text is long enough. After 64 tries the last text is taken.
func regex(expr string, lo, hi int) (func(g *Generator, st *stream, e env), error) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	d, err := drawerOf(re)
	if err != nil {
		return nil, err
	}
	lo = min(lo, longest(re))
	return func(g *Generator, st *stream, _ env) {
		begin := len(g.buf)
		for range mostTries {
			g.buf = d(g.buf[:begin], st)
			if n := utf8.RuneCount(g.buf[begin:]); lo <= n && n < hi {
				return
			}
		}
	}, nil
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
