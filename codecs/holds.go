package codecs

import (
	"slices"

	"github.com/wirecost/wirecost/schemas"
)

// Holds reports whether a value of n may be one of kind k, or have one in it. The null branch of a union does not count:
// it says that there is no value.
func Holds(n *schemas.Node, k schemas.Kind) bool { return holds(n, k, map[*schemas.Node]bool{}) }

func holds(n *schemas.Node, k schemas.Kind, seen map[*schemas.Node]bool) bool {
	if n = n.Record(); seen[n] {
		return false
	}
	seen[n] = true
	return n.Kind == k || n.Items != nil && holds(n.Items, k, seen) ||
		slices.ContainsFunc(n.Fields, func(f *schemas.Field) bool { return holds(f.Type, k, seen) }) ||
		slices.ContainsFunc(n.Branches, func(b *schemas.Node) bool { return b.Kind != schemas.Null && holds(b, k, seen) })
}

// InUnion returns the path of the first general union of s that [Holds] a value of kind k, or "". What such a union holds
// is an any, which a library is free to give back as another type.
func InUnion(s *schemas.Schema, k schemas.Kind) string {
	found := ""
	s.Root.Walk(func(path string, n *schemas.Node) error {
		if _, nullable := n.Nullable(); found == "" && n.Kind == schemas.Union && !nullable && Holds(n, k) {
			found = path
		}
		return nil
	})
	return found
}
