// Package learn learns a profile from a sample of records: how often values are null, how long they are, of which characters,
// how large, how they repeat. Records made by the profile are as large as those of the sample, in every codec.
//
// A [Learner] sees each record once and keeps counts, by path; the one thing it keeps of values is how often each of up to
// 65536 different ones occurred, within a bound on memory for all paths together. No value of the sample is in the profile,
// unless the user wants the most frequent ones kept: bins begin and end on a fixed grid, frequent values have stand-ins of
// the same bin or the same classes of characters, counts below 5 are joined with their neighbours. This is thrift, not
// anonymisation: counts, lengths and ranges of time remain, as do the names and symbols of the schema.
package learn

import (
	"fmt"
	"slices"
	"sort"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const (
	// mostMemory is what the distinct values of all fields may take, in bytes.
	mostMemory = 16 << 20
	// mostPaths is how many paths are told apart in records inside themselves.
	mostPaths = 1 << 14
	// mostNesting is how often a record is inside itself in records that are made.
	mostNesting = 6
)

// A Learner counts what records of one schema are like. It is not for concurrent use.
type Learner struct {
	schema  *schemas.Schema
	root    *node
	records uint64
	paths   int
	budget  budget
}

// New returns a learner for records of s.
func New(s *schemas.Schema) (*Learner, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	l := &Learner{schema: s, budget: budget{left: mostMemory}}
	l.root = l.node(nil, "", t)
	return l, nil
}

// Records returns how many records l has seen.
func (l *Learner) Records() uint64 { return l.records }

// Add counts a record, a pointer to the schema's struct. It keeps nothing of the record's memory.
func (l *Learner) Add(record any) error {
	r, err := l.root.typ.Ref(record)
	if err != nil {
		return err
	}
	if err := l.add(l.root, r); err != nil {
		return fmt.Errorf("record %d: %w", l.records, err)
	}
	l.records++
	return nil
}

// A node is what is known of the values at one path.
type node struct {
	path   string
	typ    *access.Type // of a record what is in its box
	around *node
	inner  []*node // of fields, of branches, or of elements and values: nil where there was none yet

	count   uint64   // values
	nulls   uint64   // of a union, those among them
	trues   uint64   // of a boolean
	symbols []uint64 // of an enum, by symbol
	number  map[string]int
	ints    *integers
	floats  *floats
	texts   *texts
	sizes   *histogram // of bytes, an array or a map
	keys    *texts     // of a map
	entries access.Entries
}

func (l *Learner) node(around *node, path string, t *access.Type) *node {
	l.paths++
	if t.Form == access.Box {
		t = t.Elem
	}
	n := &node{path: path, typ: t, around: around}
	switch t.Kind {
	case schemas.Record:
		n.inner = make([]*node, len(t.Fields))
	case schemas.Union:
		n.inner = make([]*node, len(t.Branches))
	case schemas.Array:
		n.inner, n.sizes = make([]*node, 1), lengths()
	case schemas.Map:
		n.inner, n.sizes, n.keys = make([]*node, 1), lengths(), newTexts(&l.budget)
	case schemas.Enum:
		n.symbols, n.number = make([]uint64, len(t.Node.Symbols)), map[string]int{}
		for i, s := range t.Node.Symbols {
			n.number[s] = i
		}
	case schemas.Int, schemas.Long:
		n.ints = newIntegers(&l.budget)
		if t.Kind == schemas.Long {
			n.ints.steps = &steps{}
		}
	case schemas.Float, schemas.Double:
		n.floats = newFloats(&l.budget, t.Kind == schemas.Float)
	case schemas.String:
		n.texts = newTexts(&l.budget)
	case schemas.Bytes, schemas.Fixed:
		if n.sizes = lengths(); t.Node.Logical == schemas.Decimal {
			n.ints = &integers{}
		}
	}
	return n
}

// part returns part i of n, nil if records that are made have none there.
func (l *Learner) part(n *node, i int) *node {
	if n.inner[i] != nil {
		return n.inner[i]
	}
	var path string
	var t *access.Type
	switch n.typ.Kind {
	case schemas.Record:
		f := n.typ.Fields[i]
		if path, t = f.Name, f.Type; n.path != "" {
			path = n.path + "." + f.Name
		}
	case schemas.Union:
		path, t = n.typ.Node.BranchPath(n.path, n.typ.Node.Branches[i]), n.typ.Branches[i]
	case schemas.Array:
		path, t = n.path+"[]", n.typ.Elem
	case schemas.Map:
		path, t = n.path+"{}", n.typ.Elem
	}
	if n.tooDeep(t) || l.paths >= mostPaths && l.schema.Recursive() {
		return nil
	}
	n.inner[i] = l.node(n, path, t)
	return n.inner[i]
}

// tooDeep reports whether n is in a record of type t as often as one is inside itself in records that are made.
func (n *node) tooDeep(t *access.Type) bool {
	if t.Kind != schemas.Record {
		return false
	}
	times := 0
	for ; n != nil; n = n.around {
		if n.typ.Node == t.Node {
			times++
		}
	}
	return times >= mostNesting
}

// add counts the value at r.
func (l *Learner) add(n *node, r access.Ref) error {
	n.count++
	t := n.typ
	switch t.Kind {
	case schemas.Record:
		return l.addFields(n, r)
	case schemas.Union:
		return l.addBranch(n, r)
	case schemas.Array:
		first, k := r.Slice()
		n.sizes.add(int64(k), 1)
		for j := range k {
			if err := l.addPart(n, 0, first.At(uintptr(j)*t.Elem.Size)); err != nil {
				return err
			}
		}
	case schemas.Map:
		return l.addEntries(n, r)
	case schemas.Boolean:
		if r.Bool() {
			n.trues++
		}
	case schemas.Enum:
		i, ok := n.number[r.Text()]
		if !ok {
			return fmt.Errorf("%s: %q is no symbol of %s", n.path, r.Text(), t.Node.Name)
		}
		n.symbols[i]++
	case schemas.Int:
		n.ints.add(int64(r.Int()), l.records)
	case schemas.Long:
		n.ints.add(r.Long(), l.records)
	case schemas.Float:
		n.floats.add(float64(r.Float()))
	case schemas.Double:
		n.floats.add(r.Double())
	case schemas.String:
		n.texts.add(r.Text())
	case schemas.Bytes:
		n.addBytes(r.Bytes(), l.records)
	case schemas.Fixed:
		n.addBytes(r.Fixed(t.Node.Size), l.records)
	}
	return nil
}

func (l *Learner) addPart(n *node, i int, r access.Ref) error {
	part := l.part(n, i)
	if part == nil {
		return nil
	}
	if n.typ.Kind != schemas.Union { // whose branches are out of their box
		if t := l.typeOf(n, i); t.Form == access.Box {
			if r = t.Unbox(r); r.Nil() {
				return fmt.Errorf("%s: there is no record", part.path)
			}
		}
	}
	return l.add(part, r)
}

// typeOf returns the type of part i of n as it stands there.
func (l *Learner) typeOf(n *node, i int) *access.Type {
	if n.typ.Kind == schemas.Record {
		return n.typ.Fields[i].Type
	}
	return n.typ.Elem
}

func (l *Learner) addFields(n *node, r access.Ref) error {
	for i := range n.typ.Fields {
		if err := l.addPart(n, i, r.At(n.typ.Fields[i].Offset)); err != nil {
			return err
		}
	}
	return nil
}

func (l *Learner) addBranch(n *node, r access.Ref) error {
	i, at := n.typ.Branch(r)
	switch {
	case i < 0:
		return fmt.Errorf("%s: the union has none of its branches", n.path)
	case i == n.typ.Null:
		n.nulls++
		return nil
	}
	return l.addPart(n, i, at)
}

func (l *Learner) addEntries(n *node, r access.Ref) error {
	n.entries.Load(n.typ, r)
	n.sizes.add(int64(n.entries.Len()), 1)
	if n.entries.Len() > 1 {
		sort.Sort(&n.entries) // values are counted in the order in which they come, which is the same in every run then
	}
	for i, key := range n.entries.Keys {
		n.keys.add(key)
		if err := l.addPart(n, 0, n.entries.Value(i)); err != nil {
			return err
		}
	}
	return nil
}

// addBytes counts bytes, which may be a decimal.
func (n *node) addBytes(b []byte, i uint64) {
	n.sizes.add(int64(len(b)), 1)
	if n.ints != nil {
		n.ints.add(unscaled(b), i)
	}
}

// unscaled returns the integer that b is in two's complement, or the nearest of 64 bits, which are those that a profile has.
func unscaled(b []byte) int64 {
	if len(b) == 0 {
		return 0
	}
	v := int64(int8(b[0]) >> 7) // the sign
	if i := slices.IndexFunc(b, func(c byte) bool { return c != byte(v) }); i < 0 {
		return v
	} else if b = b[i:]; len(b) > 8 || len(b) == 8 && (b[0] >= 0x80) != (v < 0) {
		return v ^ (1<<63 - 1)
	}
	for _, c := range b {
		v = v<<8 | int64(c)
	}
	return v
}
