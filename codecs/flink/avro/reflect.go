package avro

import (
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// What Avro's reflection makes of a POJO is another schema than that which the class was made of:
//
//	a record's fields       in the order of their names
//	a field that is null    has Avro's annotation @Nullable: a union in which null is first
//	one of several types    an Object with Avro's annotation @Union, of the same branches
//	one of a single type    that type, and no union
//	fixed                   byte[], and so bytes
//	decimal                 BigDecimal, which is written as the text of BigDecimal.toString
//
// It takes times and UUIDs for records without fields, so that it loses their values, and elements of lists have no annotation, so
// that they are neither null nor of several types: there are no bytes of Flink's to compare with then.
//
// Source: org.apache.avro.reflect.ReflectData of Avro 1.11.4, which Flink's AvroSerializer calls with no conversion registered.

func openReflect(s *schemas.Schema) (codecs.Codec, error) { return bind(s, true) }

// reflect makes n, a node of type t, what Avro's reflection makes of it.
func (n *node) reflect(t *access.Type) {
	switch {
	case n.form == pointer:
		n.null = 0
	case n.form == union && len(n.branches) == 1:
		n.form = lone
	case t.Node.Logical == schemas.Decimal:
		n.form, n.decimal = decimal, javatype.Of(t)
	case n.form == fixed:
		n.form = sized
	}
}

// byName returns fields in the order of their names.
func byName(fields []access.Field) []access.Field {
	fields = slices.Clone(fields)
	slices.SortFunc(fields, func(a, b access.Field) int { return javatype.CompareNames(a.Name, b.Name) })
	return fields
}

// decimalText is BigDecimal.toString of the decimal at v.
func (n *node) decimalText(v access.Ref) string {
	scale := n.t.Node.Scale
	unscaled := new(big.Int).SetBytes(n.decimal.BytesAt(v))
	if b := n.decimal.BytesAt(v); len(b) > 0 && b[0] >= 0x80 {
		unscaled.Sub(unscaled, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	digits, sign := new(big.Int).Abs(unscaled).String(), ""
	if unscaled.Sign() < 0 {
		sign = "-"
	}
	exponent := len(digits) - 1 - scale
	switch {
	case scale == 0:
		return sign + digits
	case exponent < -6 && len(digits) > 1:
		return sign + digits[:1] + "." + digits[1:] + "E" + strconv.Itoa(exponent)
	case exponent < -6:
		return sign + digits + "E" + strconv.Itoa(exponent)
	case exponent < 0:
		return sign + "0." + strings.Repeat("0", scale-len(digits)) + digits
	}
	return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
}

// readDecimal puts the decimal of a text at v, which must be as decimalText writes it.
func (n *node) readDecimal(v access.Ref, text string) error {
	digits, _, _ := strings.Cut(text, "E")
	unscaled, ok := new(big.Int).SetString(strings.Replace(digits, ".", "", 1), 10)
	if !ok {
		return fmt.Errorf("%q is no decimal", text)
	}
	size := unscaled.BitLen()/8 + 1 // with a bit for the sign
	if unscaled.Sign() < 0 {
		unscaled.Add(unscaled, new(big.Int).Lsh(big.NewInt(1), uint(8*size)))
	}
	if err := n.decimal.SetDecimal(v, unscaled.FillBytes(make([]byte, size)), int32(n.t.Node.Scale)); err != nil {
		return err
	}
	if want := n.decimalText(v); want != text {
		return fmt.Errorf("the decimal %q is not as Java writes it, %q", text, want)
	}
	return nil
}
