package schemas

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A fitter checks default values. Done holds what it found out: a value below unions of records could else be tried in
// exponentially many ways.
type fitter struct{ done map[fitting]error }

type fitting struct {
	n *Node
	t *text
}

// fits reports why the default value in t is none of type n. A union's default fits the first branch that takes it.
func (f fitter) fits(n *Node, t *text) error {
	if fitsScalar(n, t) {
		return nil
	}
	err, ok := f.done[fitting{n, t}]
	if !ok {
		err = f.fitsParts(n, t)
		f.done[fitting{n, t}] = err
	}
	return err
}

func (f fitter) fitsParts(n *Node, t *text) error {
	switch n.Kind {
	case Array:
		return f.fitsArray(n, t)
	case Map:
		return f.fitsMap(n, t)
	case Record:
		return f.fitsRecord(n, t)
	case Union:
		for _, b := range n.Branches {
			if f.fits(b, t) == nil {
				return nil
			}
		}
	}
	return fmt.Errorf("%s is no %s", t.show(), n.BranchName())
}

func fitsScalar(n *Node, t *text) bool {
	switch n.Kind {
	case Null:
		return t.token == nil && t.delim == 0
	case Boolean:
		_, ok := t.token.(bool)
		return ok
	case Int:
		return fitsInteger(t, math.MinInt32, math.MaxInt32)
	case Long:
		return fitsInteger(t, math.MinInt64, math.MaxInt64)
	case Float, Double:
		s, isText := t.str()
		_, ok := t.token.(json.Number)
		return ok || isText && slices.Contains([]string{"NaN", "Infinity", "-Infinity"}, s)
	case String:
		_, ok := t.str()
		return ok
	case Bytes, Fixed:
		s, ok := t.str()
		return ok && isLatin(s) && (n.Kind == Bytes || utf8.RuneCountInString(s) == n.Size)
	case Enum:
		s, ok := t.str()
		return ok && slices.Contains(n.Symbols, s)
	}
	return false
}

// isLatin reports whether each character of s stands for a byte.
func isLatin(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c > 0xff }) < 0
}

func fitsInteger(t *text, lo, hi int64) bool {
	num, ok := t.token.(json.Number)
	v, err := strconv.ParseInt(string(num), 10, 64)
	return ok && err == nil && v >= lo && v <= hi
}

func (f fitter) fitsArray(n *Node, t *text) error {
	if t.delim != '[' {
		return fmt.Errorf("%s is no array", t.show())
	}
	for i, item := range t.items {
		if err := f.fits(n.Items, item); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

func (f fitter) fitsMap(n *Node, t *text) error {
	if t.delim != '{' {
		return fmt.Errorf("%s is no map", t.show())
	}
	for _, m := range t.members {
		if err := f.fits(n.Items, m.value); err != nil {
			return fmt.Errorf("%s: %w", m.key, err)
		}
	}
	return nil
}

func (f fitter) fitsRecord(n *Node, t *text) error {
	if t.delim != '{' {
		return fmt.Errorf("%s is no %s", t.show(), n.Name)
	}
	for _, field := range n.Fields {
		v := t.get(field.Name)
		if v == nil {
			if field.Default == nil {
				return fmt.Errorf("field %s is missing and has no default", field.Name)
			}
			continue
		}
		if err := f.fits(field.Type, v); err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return nil
}
