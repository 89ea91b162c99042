package codecs

import (
	"slices"
	"strings"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// An Untagged is what a value may be where a format does not say which branch of a union it is: types of the schema, or
// none for what is no part of it. Dissectors of such formats find names with it.
type Untagged []*schemas.Node

// UntaggedOf returns what a value of n may be.
func UntaggedOf(n *schemas.Node) Untagged { return Untagged(nil).or(n) }

// or returns u with what a value of n may be. No type is in it twice: of a recursive schema there would be more at each
// level.
func (u Untagged) or(n *schemas.Node) Untagged {
	if n = n.Record(); n.Kind == schemas.Union {
		for _, b := range n.Branches {
			u = u.or(b)
		}
		return u
	}
	if !slices.Contains(u, n) {
		u = append(u, n)
	}
	return u
}

// Is reports whether the value may be of kind k.
func (u Untagged) Is(k schemas.Kind) bool {
	for _, n := range u {
		if n.Kind == k {
			return true
		}
	}
	return false
}

// Text returns a scalar that a format has as one of kind k, made of num and text as an access.Value has them, for people. It
// is that of the one type that the value may be and that the format has so; where there are several, as for a long and a
// timestamp, nobody can tell which it is.
func (u Untagged) Text(k schemas.Kind, num uint64, text string) string {
	var only *schemas.Node
	for _, n := range u {
		switch {
		case wireKind(n.Kind) != wireKind(k):
		case only != nil:
			return access.ScalarJSON(k, num, text)
		default:
			only = n
		}
	}
	if only == nil || only.Logical == schemas.NoLogical {
		return access.ScalarJSON(k, num, text)
	}
	return access.ScalarText(only, num, text)
}

// wireKind is the same for kinds that untagged formats do not tell apart.
func wireKind(k schemas.Kind) schemas.Kind {
	switch k {
	case schemas.Int:
		return schemas.Long
	case schemas.Fixed:
		return schemas.Bytes
	case schemas.Enum:
		return schemas.String
	}
	return k
}

// Items returns what the members of the value may be, an array or a map as k says.
func (u Untagged) Items(k schemas.Kind) Untagged {
	var items Untagged
	for _, n := range u {
		if n.Kind == k {
			items = items.or(n.Items)
		}
	}
	return items
}

// Field returns the name in the schema of the field called name, and what it may be. With fold, case does not matter. The
// name is "" if there is none.
func (u Untagged) Field(name string, fold bool) (string, Untagged) {
	return u.find(func(_ int, f *schemas.Field) bool { return f.Name == name || fold && strings.EqualFold(f.Name, name) })
}

// FieldAt returns the name of field i and what it may be. The name is "" if there is none.
func (u Untagged) FieldAt(i int) (string, Untagged) {
	return u.find(func(j int, _ *schemas.Field) bool { return i == j })
}

func (u Untagged) find(is func(int, *schemas.Field) bool) (name string, held Untagged) {
	for _, n := range u {
		for i, f := range n.Fields {
			if is(i, f) && (name == "" || name == f.Name) {
				name, held = f.Name, held.or(f.Type)
			}
		}
	}
	return name, held
}
