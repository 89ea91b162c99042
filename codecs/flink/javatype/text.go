package javatype

import "github.com/wirecost/wirecost/schemas/access"

// Text returns the value at v, of a class that has no parts, for people: times and decimals as Java prints them, any other
// as JSON has it.
func (t *Type) Text(v access.Ref) string { return access.TextAt(t.Value, v) }
