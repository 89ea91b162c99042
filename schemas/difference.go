package schemas

import (
	"fmt"
	"slices"
)

// Difference says where two schemas first have another canonical form, and how, or "" if they have the same: then what one
// has written, the other reads.
func Difference(a, b *Schema) string {
	if a.Canonical() == b.Canonical() {
		return ""
	}
	d := difference{seen: map[*Node]bool{}}
	return d.find(a.Root.Name, a.Root, b.Root)
}

// A difference looks for where two graphs differ. Seen are the records of the first that it has compared.
type difference struct{ seen map[*Node]bool }

// find compares what stands at path in both.
func (d difference) find(path string, a, b *Node) string {
	switch {
	case a.BranchName() != b.BranchName():
		return fmt.Sprintf("%s is %s in the one and %s in the other", path, a.BranchName(), b.BranchName())
	case a.Kind != b.Kind:
		return fmt.Sprintf("%s is %s in the one and %s in the other", path, a.Kind.Noun(), b.Kind.Noun())
	case a.Size != b.Size:
		return fmt.Sprintf("%s has %d bytes in the one and %d in the other", path, a.Size, b.Size)
	case !slices.Equal(a.Symbols, b.Symbols):
		return fmt.Sprintf("%s has the symbols %v in the one and %v in the other", path, a.Symbols, b.Symbols)
	}
	switch a.Kind {
	case Record:
		return d.record(path, a, b)
	case Array:
		return d.find(path+"[]", a.Items, b.Items)
	case Map:
		return d.find(path+"{}", a.Items, b.Items)
	case Union:
		return d.union(path, a, b)
	}
	return ""
}

func (d difference) record(path string, a, b *Node) string {
	if a.Def != nil || d.seen[a] {
		return ""
	}
	d.seen[a] = true
	b = b.Record()
	for i, f := range a.Fields {
		if i == len(b.Fields) {
			return fmt.Sprintf("%s has the field %s in the one and not in the other", path, f.Name)
		}
		if g := b.Fields[i]; f.Name != g.Name {
			return fmt.Sprintf("field %d of %s is %s in the one and %s in the other", i+1, path, f.Name, g.Name)
		}
		if where := d.find(path+"."+f.Name, f.Type, b.Fields[i].Type); where != "" {
			return where
		}
	}
	if len(b.Fields) > len(a.Fields) {
		return fmt.Sprintf("%s has the field %s in the other and not in the one", path, b.Fields[len(a.Fields)].Name)
	}
	return ""
}

func (d difference) union(path string, a, b *Node) string {
	names := func(n *Node) (names []string) {
		for _, b := range n.Branches {
			names = append(names, b.BranchName())
		}
		return names
	}
	if of, other := names(a), names(b); !slices.Equal(of, other) {
		return fmt.Sprintf("%s is of the branches %v in the one and %v in the other", path, of, other)
	}
	for i, branch := range a.Branches {
		if where := d.find(a.BranchPath(path, branch), branch, b.Branches[i]); where != "" {
			return where
		}
	}
	return ""
}
