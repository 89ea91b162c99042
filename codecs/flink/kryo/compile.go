package kryo

import (
	"github.com/wirecost/wirecost/codecs/flink/javatype"
)

// Class ids as they are written, two above those of Kryo's registration table.
const (
	idNull   = 0
	idByName = 1
	idRoot   = 85 + 2 // the type that the serializer was created for, unless it has an id already
)

// registered are the ids of classes that Flink's registrar and Kryo itself register.
var registered = map[javatype.Class]uint32{
	javatype.Int: 0 + 2, javatype.String: 1 + 2, javatype.Float: 2 + 2, javatype.Boolean: 3 + 2, javatype.Byte: 4 + 2,
	javatype.Short: 6 + 2, javatype.Long: 7 + 2, javatype.Double: 8 + 2, javatype.SQLTimestamp: 79 + 2, javatype.UUID: 82 + 2,
}

// A node is a Java type as Kryo serializes it.
type node struct {
	t       *javatype.Type
	class   javatype.Class
	boxed   bool
	plain   bool   // the value lies at its place: it cannot be null and is in no union
	final   bool   // no class id in a field
	tracked bool   // a reference mark stands before it
	id      uint32 // class id as written; idByName if it has none
	name    []byte // of the class, as written
	number  int    // of the class among those of a serializer that have no id
	keyed   bool   // of a Map: its keys are known to be strings
	known   bool   // of a List or Map: its elements are final and their class is known from generics
	maps    javatype.EntriesStack
	value   *node // of a List, Map or Array: its elements
	fields  []fieldNode
	// branches are those of an Object; that of null is nil.
	branches []*node
	symbols  []string // of an Enum
	fixed    int      // of Bytes: the size if it is an Avro fixed, else -1
}

type fieldNode struct {
	name string
	off  uintptr
	node *node
}

// A compiler makes the nodes of one serializer.
type compiler struct {
	ids     map[string]uint32 // of registered classes by name
	numbers map[string]int    // of classes without an id
	nodes   map[key]*node
}

// A key says what a node depends on: a type, and whether the actual type arguments around it are known.
type key struct {
	t        *javatype.Type
	generics bool
}

// newCompiler returns the compiler of a serializer created for t, with classes registered by the user.
func newCompiler(t *javatype.Type, classes []string) *compiler {
	c := &compiler{ids: map[string]uint32{}, numbers: map[string]int{}, nodes: map[key]*node{}}
	next := uint32(idRoot)
	if registered[t.Class] == 0 || !t.Boxed && t.Class <= javatype.Double {
		if t.Class != javatype.List && t.Class != javatype.Map && t.Class != javatype.Object { // interfaces, and no class of a value
			c.ids[t.RuntimeName()] = next
		}
		next++
	}
	for _, name := range classes {
		if c.ids[name] == 0 {
			c.ids[name] = next
			next++
		}
	}
	return c
}

// node compiles t. Generics says that the type arguments of a List or a Map are known to Kryo: those of a field's
// declared type are, those of a root value, of an element of an array and of what an Object holds are not.
func (c *compiler) node(t *javatype.Type, generics bool) *node {
	k := key{t, generics}
	if n := c.nodes[k]; n != nil {
		return n
	}
	n := &node{t: t, class: t.Class, boxed: t.Boxed, plain: t.Plain(), final: t.Final(), tracked: !t.Wrapper() && t.Class != javatype.Enum, fixed: -1}
	c.nodes[k] = n
	c.identify(n)
	switch t.Class {
	case javatype.Pojo:
		n.fields = c.fields(t.Record)
	case javatype.List, javatype.Map:
		n.value = c.node(t.Elem, generics)
		n.keyed, n.known = generics, generics && t.Elem.Final()
	case javatype.Array:
		n.value = c.node(t.Elem, false)
	case javatype.Object:
		for _, b := range t.Branches {
			if b == nil {
				n.branches = append(n.branches, nil)
				continue
			}
			n.branches = append(n.branches, c.node(b, false))
		}
	case javatype.Enum:
		n.symbols = t.Value.Node.Symbols
	case javatype.Bytes:
		if size, ok := t.FixedSize(); ok {
			n.fixed = size
		}
	}
	return n
}

func (c *compiler) fields(r *javatype.Record) []fieldNode {
	nodes := make([]fieldNode, len(r.Fields))
	for i, f := range r.Fields {
		nodes[i] = fieldNode{f.Name, f.Offset, c.node(f.Type, true)}
	}
	return nodes
}

// identify gives n the id of its class, or a number of those that go by name.
func (c *compiler) identify(n *node) {
	if n.class == javatype.Object {
		return
	}
	name := n.t.RuntimeName()
	n.name = className(name)
	if id := registered[n.class]; id != 0 && (n.class > javatype.Double || n.boxed) {
		n.id = id
		return
	}
	if id := c.ids[name]; id != 0 {
		n.id = id
		return
	}
	n.id = idByName
	if _, ok := c.numbers[name]; !ok {
		c.numbers[name] = len(c.numbers)
	}
	n.number = c.numbers[name]
}
