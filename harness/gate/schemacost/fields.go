package schemacost

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/harness/shares"
	"github.com/wirecost/wirecost/schemas"
)

// A place is where a record holds a value, by its path as package shares has it: a union's branches are at its own, and what a
// record has inside itself is at the enclosing one's.
type place struct {
	path    string // "." is the record
	typ     string
	aliases []string // paths that it may have had
}

// placesOf lists the places of a record, in order, each before those inside it.
func placesOf(root *schemas.Node) []place {
	w := &walker{index: map[string]int{}}
	w.walk(".", root, nil)
	return w.places
}

type walker struct {
	places []place
	index  map[string]int
}

// walk adds the place of n and those inside it.
func (w *walker) walk(path string, n *schemas.Node, aliases []string) {
	if i, ok := w.index[path]; ok { // a field of several branches of a union
		if typ := typeOf(n); !slices.Contains(strings.Split(w.places[i].typ, " | "), typ) {
			w.places[i].typ += " | " + typ
		}
	} else {
		w.index[path] = len(w.places)
		w.places = append(w.places, place{path, typeOf(n), aliases})
	}
	w.inside(path, n)
}

func (w *walker) inside(path string, n *schemas.Node) {
	switch n.Kind {
	case schemas.Record:
		for _, f := range n.Fields { // none inside itself
			var aliases []string
			for _, a := range f.Aliases {
				aliases = append(aliases, join(path, a))
			}
			w.walk(join(path, f.Name), f.Type, aliases)
		}
	case schemas.Array:
		w.walk(step(path, "[]"), n.Items, nil)
	case schemas.Map:
		w.walk(step(path, "{value}"), n.Items, nil)
	case schemas.Union:
		for _, b := range n.Branches {
			w.inside(path, b)
		}
	}
}

func join(path, name string) string {
	if path == "." {
		return name
	}
	return path + "." + name
}

func step(path, s string) string {
	if path == "." {
		return s
	}
	return path + s
}

// typeOf writes a type without what is inside it, which has places of its own.
func typeOf(n *schemas.Node) string {
	text := n.Kind.String()
	switch n.Kind {
	case schemas.Union:
		branches := make([]string, len(n.Branches))
		for i, b := range n.Branches {
			branches[i] = typeOf(b)
		}
		return strings.Join(branches, " | ")
	case schemas.Record:
		text += " " + n.Name
	case schemas.Enum:
		text += fmt.Sprintf(" %s of %d", n.Name, len(n.Symbols))
	case schemas.Fixed:
		text += fmt.Sprintf(" %s of %d", n.Name, n.Size)
	}
	switch l := n.Logical; {
	case l == schemas.Decimal:
		text += fmt.Sprintf(" (%s %d,%d)", l, n.Precision, n.Scale)
	case l != schemas.NoLogical:
		text += fmt.Sprintf(" (%s)", l)
	}
	if n.JavaClass != "" {
		text += " as " + n.JavaClass
	}
	return text
}

// inside reports whether a place is inside another.
func inside(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return outer == "." && path != "." || ok && rest != "" && strings.ContainsAny(rest[:1], ".[{")
}

// ownBytes returns the mean bytes of each place without those of places inside it. What belongs to none, such as a map's keys,
// is the nearest one's around it.
func ownBytes(places []place, sum *shares.Sum) map[string]float64 {
	own := map[string]float64{}
	for _, c := range sum.Costs() {
		at := "."
		for _, p := range places {
			if (c.Place == p.path || inside(c.Place, p.path)) && (at == "." || len(p.path) > len(at)) {
				at = p.path
			}
		}
		own[at] += c.Total
	}
	return own
}

// wasOf returns the path before of each place of h that b has, too, under this name or an alias.
func wasOf(b, h *cost) map[string]string {
	was := map[string]string{}
	if b == nil {
		return was
	}
	before := map[string]bool{}
	for _, p := range b.places {
		before[p.path] = true
	}
	for _, p := range h.places {
		for _, path := range append([]string{p.path}, p.aliases...) {
			if path = moved(path, was); before[path] {
				was[p.path] = path
				break
			}
		}
	}
	return was
}

// moved returns a path with the part of it that has another name before under that.
func moved(path string, was map[string]string) string {
	outer := ""
	for p := range was {
		if p != "." && inside(path, p) && len(p) > len(outer) {
			outer = p
		}
	}
	if outer == "" {
		return path
	}
	return was[outer] + strings.TrimPrefix(path, outer)
}

// fields lists what changed, the places of the head first.
func fields(b, h *cost, formats []codecs.Format) []gate.FieldChange {
	was := wasOf(b, h)
	types := map[string]string{}
	for _, p := range b.places {
		types[p.path] = p.typ
	}
	out := []gate.FieldChange{}
	var added []string
	for _, p := range h.places {
		before, old := was[p.path]
		f := gate.FieldChange{Field: p.path, Head: p.typ, Base: types[before], Change: gate.Resized, Bytes: map[string]gate.SideSize{}}
		switch {
		case !old && within(p.path, added):
			continue
		case !old:
			f.Change, added = gate.Added, append(added, p.path)
		case p.typ != types[before]:
			f.Change = gate.Retyped
		case before != p.path && moved(p.path, was) != before:
			f.Change = gate.Renamed
		}
		if before != p.path {
			f.Was = before
		}
		if sizeField(&f, b, h, formats) || f.Change != gate.Resized {
			out = append(out, f)
		}
	}
	return append(out, removed(b, h, was, formats)...)
}

func within(path string, outer []string) bool {
	return slices.ContainsFunc(outer, func(o string) bool { return inside(path, o) })
}

// removed lists the places that the head has no more.
func removed(b, h *cost, was map[string]string, formats []codecs.Format) []gate.FieldChange {
	kept := map[string]bool{}
	for _, before := range was {
		kept[before] = true
	}
	var out []gate.FieldChange
	var gone []string
	for _, p := range b.places {
		if kept[p.path] || within(p.path, gone) {
			continue
		}
		gone = append(gone, p.path)
		f := gate.FieldChange{Field: p.path, Base: p.typ, Change: gate.Removed, Bytes: map[string]gate.SideSize{}}
		sizeField(&f, b, h, formats)
		out = append(out, f)
	}
	return out
}

// sizeField fills in a field's bytes in each codec that tells on both sides, and reports whether they differ in one.
func sizeField(f *gate.FieldChange, b, h *cost, formats []codecs.Format) (differ bool) {
	for _, format := range formats {
		c := format.Name
		x, y := b.sums[c], h.sums[c]
		if x == nil || y == nil {
			continue
		}
		var s gate.SideSize
		switch f.Change {
		case gate.Added:
			s.Head = y.Under(f.Field)
		case gate.Removed:
			s.Base = x.Under(f.Field)
		default:
			s = gate.SideSize{Base: b.own[c][cmp.Or(f.Was, f.Field)], Head: h.own[c][f.Field]}
		}
		f.Bytes[c] = s
		differ = differ || s.Base != s.Head
	}
	return differ
}
