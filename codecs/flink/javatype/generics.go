package javatype

// StaleGenerics returns the name of an array class that Flink 1.20 cannot read back in a Kryo value of type t, "" if there is
// none.
//
// Kryo 2.24 hands the type arguments of a field to the serializer of the field's class. That of an array class keeps them:
// the next array of that class which is an element of a list or a value of a map, where nobody hands any, is written with the
// arguments of the field that came before, perhaps in another record, and read without.
func (t *Type) StaleGenerics() string {
	g := generics{declared: map[string]bool{}, seen: map[*Record]bool{}}
	g.walk(t, bare)
	for _, name := range g.bare {
		if g.declared[name] {
			return name
		}
	}
	return ""
}

// NullsInArrays reports whether a Kryo value of type t has arrays of lists or maps in an array that can be null: behind one that
// is, Kryo 2.24 writes the others without the type arguments of the field, and Flink 1.20 cannot read them back.
func (t *Type) NullsInArrays() bool {
	g := generics{declared: map[string]bool{}, seen: map[*Record]bool{}}
	g.walk(t, bare)
	return g.nulls
}

// StaleText says what is wrong with an array class that StaleGenerics names.
func StaleText(class string) string {
	return "Flink cannot read back what Kryo 2.24 wrote: it takes the type arguments of a field for those of the next " + class + " in a list or a map"
}

// A position is who hands type arguments to a value.
type position uint8

const (
	bare    position = iota // nobody: an element of a list, a value of a map
	field                   // the field that declares it
	dropped                 // a field or an array of Objects, whose serializers hand none on and so take away what was kept
)

// generics are the classes of arrays of lists and maps in a type.
type generics struct {
	declared map[string]bool // those that fields hand type arguments to which say something
	bare     []string        // those that nobody hands any
	nulls    bool            // one of declared has arrays that can be null
	seen     map[*Record]bool
}

// walk visits t, which stands at p.
func (g *generics) walk(t *Type, p position) {
	switch t.Class {
	case Array:
		g.array(t, p)
	case List, Map:
		g.walk(t.Elem, bare)
	case Object:
		if p == field {
			p = dropped
		}
		for _, b := range t.Branches {
			if b != nil {
				g.walk(b, p)
			}
		}
	case Pojo:
		if g.seen[t.Record] {
			return
		}
		g.seen[t.Record] = true
		for _, f := range t.Record.Fields {
			g.walk(f.Type, field)
		}
	}
}

// array visits array t, and what the innermost of its arrays holds.
func (g *generics) array(t *Type, p position) {
	leaf := t.Elem
	for leaf.Class == Array {
		leaf = leaf.Elem
	}
	if leaf.Class != List && leaf.Class != Map {
		g.walk(leaf, dropped)
		return
	}
	switch {
	case p == bare:
		g.bare = append(g.bare, t.RuntimeName())
	case p == field && (leaf.Class == Map || leaf.Elem.Final()): // the keys of a map are always final
		for ; t.Class == Array; t = t.Elem {
			g.declared[t.RuntimeName()] = true
			g.nulls = g.nulls || t.Elem.Class == Array && t.Elem.Nullable()
		}
	}
	g.walk(leaf.Elem, bare)
}
