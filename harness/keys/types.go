package keys

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/internal/near"
)

// A Type is a type of keys that are given as text.
type Type struct {
	Name string // long
	Java string // the class whose hashCode the keys have: java.lang.Long
	Doc  string // how it is written, in one line

	// parse returns the key that text is, as it is written when every key is written one way, and its hash.
	parse func(text string) (key string, hash int32, err error)
	// integer returns the hash of an integer of the type, or of its decimal digits.
	integer func(v int64) (int32, error)
}

// Types lists the types, the usual ones first.
var Types = []Type{
	wholeType("long", "java.lang.Long", "an integer of 64 bits; a java.util.Date in milliseconds hashes alike", 64),
	wholeType("int", "java.lang.Integer", "an integer of 32 bits", 32),
	textType("string", "java.lang.String", "any text, as it stands on its line", func(s string) (string, int32, error) {
		return s, javatype.Hash(s), nil
	}),
	wholeType("short", "java.lang.Short", "an integer of 16 bits", 16),
	wholeType("byte", "java.lang.Byte", "an integer of 8 bits", 8),
	textType("boolean", "java.lang.Boolean", "true or false", parseBoolean),
	textType("double", "java.lang.Double", "a number, or NaN, Infinity, -Infinity", parseDouble),
	textType("float", "java.lang.Float", "a number, or NaN, Infinity, -Infinity", parseFloat),
	textType("decimal", "java.math.BigDecimal", "a decimal number: 1.0 and 1.00 are two keys, as in Java", parseDecimal),
	textType("uuid", "java.util.UUID", "a UUID in its canonical form, in lower case", func(s string) (string, int32, error) {
		h, err := keygroup.UUID(s)
		return s, h, err
	}),
}

// TypeOf returns the type of a name.
func TypeOf(name string) (Type, error) {
	var names []string
	for _, t := range Types {
		if t.Name == name {
			return t, nil
		}
		names = append(names, t.Name)
	}
	return Type{}, fmt.Errorf("no type of keys %q: %s", name, near.Hint(name, names))
}

func wholeType(name, java, doc string, bits int) Type {
	t := Type{Name: name, Java: java, Doc: doc}
	t.integer = func(v int64) (int32, error) {
		if shift := 64 - bits; v<<shift>>shift != v {
			return 0, fmt.Errorf("%d is no %s: it has more than %d bits", v, name, bits)
		}
		if bits == 64 {
			return keygroup.Long(v), nil
		}
		return int32(v), nil
	}
	t.parse = func(s string) (string, int32, error) {
		v, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return "", 0, fmt.Errorf("%q is no %s", s, name)
		}
		h, err := t.integer(v)
		return strconv.FormatInt(v, 10), h, err
	}
	return t
}

// textType is a type whose integers are read as any other text of it.
func textType(name, java, doc string, parse func(string) (string, int32, error)) Type {
	return Type{Name: name, Java: java, Doc: doc, parse: parse, integer: func(v int64) (int32, error) {
		_, h, err := parse(strconv.FormatInt(v, 10))
		return h, err
	}}
}

func parseBoolean(s string) (string, int32, error) {
	if s != "true" && s != "false" {
		return "", 0, fmt.Errorf("%q is neither true nor false", s)
	}
	return s, keygroup.Boolean(s == "true"), nil
}

func parseDouble(s string) (string, int32, error) {
	v, err := parseNumber(s, 64)
	return strconv.FormatFloat(v, 'g', -1, 64), keygroup.Double(v), err
}

func parseFloat(s string) (string, int32, error) {
	v, err := parseNumber(s, 32)
	return strconv.FormatFloat(v, 'g', -1, 32), keygroup.Float(float32(v)), err
}

// parseNumber reads what Java's parseDouble does, which makes an infinity of what is too large.
func parseNumber(s string, bits int) (float64, error) {
	v, err := strconv.ParseFloat(s, bits)
	if err != nil && !errors.Is(err, strconv.ErrRange) || strings.Contains(s, "_") {
		return 0, fmt.Errorf("%q is no number", s)
	}
	return v, nil
}

// mostDigits bounds a decimal: what it takes to read one grows with the square of its digits.
const mostDigits = 1000

// parseDecimal reads what java.math.BigDecimal reads: digits, at most one point, an exponent.
func parseDecimal(s string) (string, int32, error) {
	digits, exponent := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		e, err := strconv.ParseInt(s[i+1:], 10, 16)
		if err != nil {
			return "", 0, fmt.Errorf("%q is no decimal number with an exponent of at most 16 bits", s)
		}
		digits, exponent = s[:i], int(e)
	}
	whole, fraction, _ := strings.Cut(digits, ".")
	v, ok := new(big.Int).SetString(whole+fraction, 10)
	switch {
	case len(digits) > mostDigits:
		return "", 0, fmt.Errorf("a decimal of %d digits: at most %d are read", len(digits), mostDigits)
	case !ok || strings.ContainsAny(fraction, "+-_") || strings.Contains(whole, "_"):
		return "", 0, fmt.Errorf("%q is no decimal number", s)
	}
	scale := len(fraction) - exponent
	return decimalText(v, scale), keygroup.BigDecimal(v, scale), nil
}

// decimalText writes v with scale digits behind the point, so that each decimal is written in a way of its own.
func decimalText(v *big.Int, scale int) string {
	if scale < 0 || scale > mostDigits {
		return fmt.Sprintf("%se%d", v, -scale)
	}
	digits := new(big.Int).Abs(v).String()
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	if point := len(digits) - scale; scale > 0 {
		digits = digits[:point] + "." + digits[point:]
	}
	if v.Sign() < 0 {
		digits = "-" + digits
	}
	return digits
}
