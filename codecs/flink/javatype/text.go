package javatype

import (
	"strconv"

	"github.com/wirecost/wirecost/schemas/access"
)

// Text returns the value at v, of a class that has no parts, for people: times and decimals as Java prints them, any other
// as JSON has it.
func (t *Type) Text(v access.Ref) string { return access.TextAt(t.Value, v) }

// Amount returns a number of things, whose name takes an s where they are not one.
func Amount(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}
