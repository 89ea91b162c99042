package codecs

import (
	"slices"
	"strings"

	"github.com/wirecost/wirecost/schemas"
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
