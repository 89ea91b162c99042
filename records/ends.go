package records

import (
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/schemas"
)

// ends says of which types there is a value at all. A record that cannot but contain itself has none, and neither has a
// union without branches, which the items of an empty array may be.
type ends struct {
	heights map[*schemas.Node]int  // of records that end: how many records the smallest value has inside each other
	loops   map[*schemas.Node]bool // records that are inside themselves
	leads   map[*schemas.Node]bool // records, unions and collections in which some record is inside itself
	records []*schemas.Node        // definitions, inner ones first
}

// endsOf finds what ends below root.
func endsOf(root *schemas.Node) *ends {
	e := &ends{heights: map[*schemas.Node]int{}, loops: map[*schemas.Node]bool{}, leads: map[*schemas.Node]bool{}}
	e.note(root, map[*schemas.Node]bool{})
	for found := -1; found < len(e.heights); { // one look, but for records inside themselves
		found = len(e.heights)
		for _, n := range e.records {
			e.rise(n)
		}
	}
	return e
}

// note notes the records below n, and which lead into one that is inside itself.
func (e *ends) note(n *schemas.Node, seen map[*schemas.Node]bool) bool {
	switch {
	case n.Def != nil:
		e.loops[n.Def] = true
		return true
	case seen[n] || n.Kind.Scalar():
		return e.leads[n]
	}
	seen[n] = true
	leads := false
	for _, f := range n.Fields {
		leads = e.note(f.Type, seen) || leads
	}
	for _, b := range n.Branches {
		leads = e.note(b, seen) || leads
	}
	if n.Items != nil {
		leads = e.note(n.Items, seen)
	}
	if n.Kind == schemas.Record {
		e.records = append(e.records, n)
	}
	e.leads[n] = leads
	return leads
}

// rise finds the height of record n, if all of its fields end.
func (e *ends) rise(n *schemas.Node) {
	if _, ok := e.heights[n]; ok {
		return
	}
	most := 0
	for _, f := range n.Fields {
		h, ok := e.height(f.Type)
		if !ok {
			return
		}
		most = max(most, h)
	}
	e.heights[n] = most + 1
}

// height returns how many records the smallest value of n has inside each other, and whether there is one.
func (e *ends) height(n *schemas.Node) (int, bool) {
	switch n.Kind {
	case schemas.Record:
		h, ok := e.heights[n.Record()]
		return h, ok
	case schemas.Union:
		i := e.exit(n)
		if i < 0 {
			return 0, false
		}
		return e.height(n.Branches[i])
	}
	return 0, true
}

// exit returns the branch of union n that has the smallest value, -1 if none has one.
func (e *ends) exit(n *schemas.Node) int {
	exit, least := -1, 0
	for i, b := range n.Branches {
		if h, ok := e.height(b); ok && (exit < 0 || h < least) {
			exit, least = i, h
		}
	}
	return exit
}

// check refuses a schema with a record that has no value, wherever it is.
func (e *ends) check(root *schemas.Node) error {
	return root.Walk(func(path string, n *schemas.Node) error {
		if _, ok := e.heights[n.Record()]; n.Kind != schemas.Record || ok {
			return nil
		}
		return e.trail(path, n, nil)
	})
}

// trail says why the value of n at path does not end.
func (e *ends) trail(path string, n *schemas.Node, open []*schemas.Node) error {
	if n.Kind == schemas.Union {
		if len(n.Branches) == 0 {
			return fmt.Errorf("%s: a union without branches has no value", path)
		}
		return e.trail(path, n.Branches[0], open)
	}
	def := n.Record()
	if slices.Contains(open, def) {
		return fmt.Errorf("%s: record %s is inside itself with no null, array or map on the way: it would never end", path, def.Name)
	}
	i := slices.IndexFunc(def.Fields, func(f *schemas.Field) bool {
		_, ok := e.height(f.Type)
		return !ok
	})
	return e.trail(join(path, def.Fields[i].Name), def.Fields[i].Type, append(open, def))
}
