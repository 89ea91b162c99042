package schemas

import (
	"fmt"
	"reflect"
)

var anyType = reflect.TypeFor[any]()

var scalarTypes = map[Kind]reflect.Type{
	Null:    reflect.TypeFor[struct{}](),
	Boolean: reflect.TypeFor[bool](),
	Int:     reflect.TypeFor[int32](),
	Long:    reflect.TypeFor[int64](),
	Float:   reflect.TypeFor[float32](),
	Double:  reflect.TypeFor[float64](),
	Bytes:   reflect.TypeFor[[]byte](),
	String:  reflect.TypeFor[string](),
	Enum:    reflect.TypeFor[string](),
}

// maxNesting is how deep the values of a schema may be nested. Readers of records stop there too, and the names of Go types,
// in which each struct is written out with all the structs within it, would take the square of it in memory.
const maxNesting = 1000

// unfold replaces each occurrence of a record inside itself with a node that has only Def, so that the graph from root
// on has no cycle but through Def. Which occurrences those are depends on root.
func unfold(root *Node) (*Node, error) {
	u := unfolder{open: map[*Node]bool{}, done: map[*Node]bool{}}
	n := u.node(root)
	if u.tooDeep || nesting(n, map[*Node]int{}) > maxNesting {
		return nil, &ParseError{Pos: root.pos, Err: fmt.Errorf("record %s has values nested more than %d deep", root.Name, maxNesting)}
	}
	return n, nil
}

type unfolder struct {
	open, done map[*Node]bool
	level      int
	tooDeep    bool
}

func (u *unfolder) node(n *Node) *Node {
	if u.open[n] {
		return &Node{Kind: Record, Name: n.Name, Def: n, pos: n.pos}
	}
	if u.tooDeep = u.tooDeep || u.level > maxNesting; u.done[n] || u.tooDeep {
		return n
	}
	u.level++
	defer func() { u.level-- }()
	switch n.Kind {
	case Record:
		u.open[n] = true
		for _, f := range n.Fields {
			f.Type = u.node(f.Type)
		}
		delete(u.open, n)
		u.done[n] = true
	case Array, Map:
		n.Items = u.node(n.Items)
	case Union:
		for i, b := range n.Branches {
			n.Branches[i] = u.node(b)
		}
	}
	return n
}

// nesting returns how deep values of n are nested. Done holds what is known of records.
func nesting(n *Node, done map[*Node]int) int {
	if depth, ok := done[n]; ok || n.Kind.Scalar() {
		return depth
	}
	inside := 0
	for _, f := range n.Fields {
		inside = max(inside, nesting(f.Type, done))
	}
	for _, b := range n.Branches {
		inside = max(inside, nesting(b, done))
	}
	if n.Items != nil {
		inside = max(inside, nesting(n.Items, done))
	}
	if n.Kind == Record {
		done[n] = inside + 1
	}
	return inside + 1
}

// makeTypes sets Go of every node below root. Records have the declared types, if any are given, and else types made
// at run time.
func makeTypes(root *Node, declared map[string]reflect.Type) error {
	m := maker{declared: declared, inside: map[*Node][]*Node{}, places: map[*Node]int{}}
	_, err := m.typeOf(root)
	return err
}

// A maker makes Go types. Inside holds, per record, its occurrences inside itself that wait for its type; places how many
// paths there are in it.
type maker struct {
	declared map[string]reflect.Type
	inside   map[*Node][]*Node
	places   map[*Node]int
}

// Limits of what a schema that is read at run time can be. A few lines that use each record twice in the next grow past
// all memory: Go writes out the fields of every struct within a struct in the name of its type.
const (
	maxPlaces = 1 << 18 // of a record and all below it
	maxStruct = 1 << 26 // bytes
)

// placesIn returns the number of paths in n, of which maxPlaces and more are too many. It grows no further then.
func (m maker) placesIn(n *Node) int {
	if count, ok := m.places[n]; ok || n.Def != nil {
		return count + 1
	}
	count := 0
	switch n.Kind {
	case Record:
		for _, f := range n.Fields {
			count += m.placesIn(f.Type)
		}
	case Array, Map:
		count += m.placesIn(n.Items)
	case Union:
		for _, b := range n.Branches {
			count += m.placesIn(b)
		}
	}
	m.places[n] = min(count, maxPlaces)
	return m.places[n] + 1
}

func (m maker) typeOf(n *Node) (reflect.Type, error) {
	if n.Go != nil {
		return n.Go, nil
	}
	t, err := m.makeType(n)
	n.Go = t
	return t, err
}

func (m maker) makeType(n *Node) (reflect.Type, error) {
	switch n.Kind {
	case Fixed:
		return reflect.ArrayOf(n.Size, reflect.TypeFor[byte]()), nil
	case Record:
		return m.record(n)
	case Array:
		t, err := m.typeOf(n.Items)
		if err != nil {
			return nil, err
		}
		return reflect.SliceOf(t), nil
	case Map:
		t, err := m.typeOf(n.Items)
		if err != nil {
			return nil, err
		}
		return reflect.MapOf(scalarTypes[String], t), nil
	case Union:
		return m.union(n)
	}
	return scalarTypes[n.Kind], nil
}

func (m maker) record(n *Node) (reflect.Type, error) {
	switch {
	case m.declared != nil:
		return m.bind(n)
	case n.Def != nil:
		return anyType, nil
	}
	return m.structOf(n)
}

func (m maker) union(n *Node) (reflect.Type, error) {
	if b, ok := n.Nullable(); ok {
		n.Branches[n.NullBranch()].Go = scalarTypes[Null]
		t, err := m.typeOf(b)
		if err != nil || t == anyType {
			return anyType, err
		}
		return reflect.PointerTo(t), nil
	}
	for _, b := range n.Branches {
		if b.Def != nil && m.declared == nil {
			m.inside[b.Def] = append(m.inside[b.Def], b)
			continue
		}
		if _, err := m.typeOf(b); err != nil {
			return nil, err
		}
	}
	return anyType, nil
}

// structOf makes the struct of record n. The full name in the first field's tag keeps the types of equal records apart.
func (m maker) structOf(n *Node) (reflect.Type, error) {
	if m.placesIn(n) > maxPlaces {
		return nil, &ParseError{Pos: n.pos, Err: fmt.Errorf("record %s has, with the records in it, %d fields and more: no Go struct can hold it", n.Name, maxPlaces)}
	}
	fields := make([]reflect.StructField, 0, len(n.Fields))
	for i, f := range n.Fields {
		t, err := m.typeOf(f.Type)
		if err != nil {
			return nil, err
		}
		f.Index = i
		tag := fmt.Sprintf(`avro:"%[1]s" json:"%[1]s" msgpack:"%[1]s" cbor:"%[1]s"`, f.Name)
		if i == 0 {
			tag += fmt.Sprintf(` record:"%s"`, n.Name)
		}
		fields = append(fields, reflect.StructField{Name: fmt.Sprint("F", i), Type: t, Tag: reflect.StructTag(tag)})
	}
	if len(fields) == 0 {
		tag := reflect.StructTag(fmt.Sprintf(`avro:"-" json:"-" msgpack:"-" cbor:"-" record:"%s"`, n.Name))
		fields = []reflect.StructField{{Name: "Empty", Type: scalarTypes[Null], Tag: tag}}
	}
	t, err := structOf(fields)
	if err == nil && t.Size() > maxStruct {
		err = fmt.Errorf("its Go struct would take %d bytes, more than %d", t.Size(), maxStruct)
	}
	if err != nil {
		return nil, &ParseError{Pos: n.pos, Err: fmt.Errorf("record %s: %w", n.Name, err)}
	}
	for _, b := range m.inside[n] {
		b.Go = reflect.PointerTo(t)
	}
	return t, nil
}

// structOf is reflect.StructOf with its panics, which tell of types too large, as errors.
func structOf(fields []reflect.StructField) (t reflect.Type, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("no Go struct can hold it: %v", p)
		}
	}()
	return reflect.StructOf(fields), nil
}

// Bind returns s with the declared struct types of its records, by full name, and with its generated message, if there is
// one. Each struct has exported fields in schema order, with the field's name in its avro tag, of the types that the
// package comment lists. A record inside itself is then of its own declared type.
func Bind(s *Schema, declared map[string]reflect.Type, m *Message) (*Schema, error) {
	bound := *s
	bound.Root = copier{}.node(s.Root)
	if err := makeTypes(bound.Root, declared); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	bound.Static, bound.Message = true, m
	return &bound, nil
}

// A copier copies a graph of nodes, without their Go types. It holds the copies of those it has met.
type copier map[*Node]*Node

func (c copier) node(n *Node) *Node {
	if n == nil || c[n] != nil {
		return c[n]
	}
	to := *n
	c[n], to.Go = &to, nil
	to.Def, to.Items = c.node(n.Def), c.node(n.Items)
	to.Fields, to.Branches = make([]*Field, len(n.Fields)), make([]*Node, len(n.Branches))
	for i, f := range n.Fields {
		field := *f
		field.Type = c.node(f.Type)
		to.Fields[i] = &field
	}
	for i, b := range n.Branches {
		to.Branches[i] = c.node(b)
	}
	return &to
}

// bind returns the declared type of record n once its fields are found to fit.
func (m maker) bind(n *Node) (reflect.Type, error) {
	t := m.declared[n.Name]
	if t == nil || t.Kind() != reflect.Struct || t.NumField() != len(n.Fields) && n.Def == nil {
		return nil, fmt.Errorf("record %s: %v is no struct of %d fields", n.Name, t, len(n.Fields))
	}
	n.Go = t
	for i, f := range n.Fields {
		sf := t.Field(i)
		want, err := m.typeOf(f.Type)
		if err != nil {
			return nil, err
		}
		if sf.Type != want || sf.Tag.Get("avro") != f.Name {
			return nil, fmt.Errorf("%s.%s: the struct has %s %s `%s`, want type %s", n.Name, f.Name, sf.Name, sf.Type, sf.Tag, want)
		}
		f.Index = i
	}
	return t, nil
}
