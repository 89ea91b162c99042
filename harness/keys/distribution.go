package keys

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrNone says that a text is not written as a distribution is: the name of a file, perhaps.
var ErrNone = errors.New("no distribution of keys: there are 0..11, zipf(1.1,100000) and hot(0.3,1000)")

// Parse returns the keys of a distribution, or an error, which is ErrNone if text does not even look like one. Integers are
// keys of type t, nil means long: of a type that is no integer their decimal digits are.
func Parse(text string, t *Type) (*Keys, error) {
	k, err := parse(text, *cmp.Or(t, &Types[0]))
	switch {
	case errors.Is(err, ErrNone):
		return nil, ErrNone
	case err != nil:
		return nil, fmt.Errorf("keys %s: %w", text, err)
	}
	k.Name = text
	return k, nil
}

func parse(text string, t Type) (*Keys, error) {
	if first, last, ok := strings.Cut(text, ".."); ok {
		lo, err := strconv.ParseInt(first, 10, 64)
		hi, err2 := strconv.ParseInt(last, 10, 64)
		if err != nil || err2 != nil {
			return nil, ErrNone // ../keys.txt, among others
		}
		return consecutive(t, lo, hi)
	}
	name, args, ok := strings.Cut(text, "(")
	args, closed := strings.CutSuffix(args, ")")
	if !ok || name != "zipf" && name != "hot" {
		return nil, ErrNone
	}
	first, second, ok := strings.Cut(args, ",")
	p, err := strconv.ParseFloat(strings.TrimSpace(first), 64)
	n, err2 := strconv.ParseUint(strings.TrimSpace(second), 10, 63)
	switch {
	case !closed || !ok || err != nil || err2 != nil || math.IsNaN(p):
		return nil, fmt.Errorf("want %s(NUMBER,KEYS), such as zipf(1.1,100000) or hot(0.3,1000)", name)
	case n > Most:
		return nil, tooMany(n)
	case name == "hot":
		return hot(t, p, int(n))
	}
	return zipf(t, p, int(n))
}

// steepest is the largest exponent of a zipf: beyond, the second key already has none of the records.
const steepest = 64

func zipf(t Type, s float64, n int) (*Keys, error) {
	if n < 1 || s <= 0 || s > steepest {
		return nil, fmt.Errorf("an exponent above 0, at most %d, and at least one key", steepest)
	}
	k, err := integers(t, 0, n)
	if err != nil {
		return nil, err
	}
	k.weight = func(i int) float64 { return math.Pow(float64(i+1), -s) }
	k.profile = map[string]any{"pick": map[string]any{"n": n, "zipf": s}, "index": map[string]any{}}
	return k, nil
}

func hot(t Type, p float64, n int) (*Keys, error) {
	if n < 2 || p < 0 || p > 1 {
		return nil, errors.New("a share from 0 to 1, and at least two keys")
	}
	k, err := integers(t, 0, n)
	if err != nil {
		return nil, err
	}
	others := (1 - p) / float64(n-1)
	k.weight = func(i int) float64 {
		if i == 0 {
			return p
		}
		return others
	}
	k.profile = map[string]any{"pick": map[string]any{"n": n, "hot": 1, "p": p}, "index": map[string]any{}}
	return k, nil
}
