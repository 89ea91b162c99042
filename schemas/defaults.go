package schemas

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A fitter checks default values. Done holds what it found out: a value below unions of records could else be tried in
// exponentially many ways.
type fitter struct {
	loose bool // any text will do for what is written as text, as in Java
	done  map[fitting]error
}

type fitting struct {
	n *Node
	t *text
}

func newFitter(loose bool) fitter { return fitter{loose, map[fitting]error{}} }

// check reports why the default value in t is none of type n. A union's default fits the first branch that takes it.
func (f fitter) check(n *Node, t *text) error {
	if f.fitsScalar(n, t) {
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
			if f.check(b, t) == nil {
				return nil
			}
		}
	}
	return fmt.Errorf("%s is no %s", t.show(), n.BranchName())
}

func (f fitter) fitsScalar(n *Node, t *text) bool {
	s, isText := t.str()
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
		_, ok := t.token.(json.Number)
		return ok || isText && isFloat(s)
	case String:
		return isText
	case Bytes:
		return isText && (f.loose || isLatin(s))
	case Fixed:
		return isText && (f.loose || isLatin(s) && utf8.RuneCountInString(s) == n.Size)
	case Enum:
		return isText && (f.loose || slices.Contains(n.Symbols, s))
	}
	return false
}

// isFloat reports whether s is a number, which Java takes in quotes too.
func isFloat(s string) bool {
	if slices.Contains([]string{"NaN", "Infinity", "-Infinity"}, s) {
		return true
	}
	_, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return (err == nil || errors.Is(err, strconv.ErrRange)) && !strings.ContainsAny(s, "iInN_") // inf and nan are Go's alone
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
		if err := f.check(n.Items, item); err != nil {
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
		if err := f.check(n.Items, m.value); err != nil {
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
		if err := f.check(field.Type, v); err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
	}
	return nil
}
