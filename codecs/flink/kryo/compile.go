package kryo

import (
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
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
	short   []byte // of the class, as it is written without its length
	number  int    // of the class among those of a serializer that have no id
	least   int    // a bound for the bytes of a value for which no reference stands: its class is not counted
	keyed   bool   // of a Map: its keys are known to be strings
	known   bool   // of a List, Map or Array: its elements have no class before them
	maps    javatype.EntriesStack
	value   *node   // of a List, Map or Array: its elements
	bare    *node   // of an Array: its elements behind one that is null, if that makes a difference: see kryo2.go
	size    uintptr // how far apart these lie
	fields  []fieldNode
	// branches are those of an Object; that of null is nil. Millis and micros are set if both times of day are among them, which
	// are of one class.
	branches       []*node
	millis, micros *node
	symbols        []string // of an Enum
	// constants are the reference ids, plus 1, of an Enum's constants in the value being written: see kryo2.go. Nodes of
	// one class share them.
	constants []int32
	fixed     int // of Bytes: the size if it is an Avro fixed, else -1
}

type fieldNode struct {
	name string
	off  uintptr
	way  way
	node *node
}

// A way is how a field is written. The common ones are not behind calls.
type way uint8

const (
	other   way = iota
	number      // a primitive long
	small       // a primitive int
	flag        // a primitive boolean
	real        // a primitive double
	text        // a String that is never null
	record      // a record that is never null
	list        // a List that is never null
	enum        // an enum that is never null
	pointer     // any class, behind a pointer that is nil for null
)

// wayOf returns the way in which a field of node n is written.
func (c *compiler) wayOf(n *node) way {
	switch primitive := !n.boxed && n.plain; {
	case n.class == javatype.Long && primitive:
		return number
	case n.class == javatype.Int && primitive:
		return small
	case n.class == javatype.Boolean && primitive:
		return flag
	case n.class == javatype.Double && primitive && c.line == javatype.Flink2:
		return real
	case n.class == javatype.String && n.plain:
		return text
	case n.class == javatype.Pojo && n.plain:
		return record
	case n.class == javatype.List && n.plain:
		return list
	case n.class == javatype.Enum && n.plain && !n.tracked:
		return enum
	case n.class != javatype.Void && n.t.Slot.Form == access.Optional:
		return pointer
	}
	return other
}

// A compiler makes the nodes of one serializer.
type compiler struct {
	line      javatype.Line
	constants map[string][]int32 // of enums, by class
	ids       map[string]uint32  // of registered classes by name
	numbers   map[string]int     // of classes without an id
	nodes     map[key]*node
}

// A key says what a node depends on: a type, and whether the actual type arguments around it are known.
type key struct {
	t        *javatype.Type
	generics bool
}

// newCompiler returns the compiler of a serializer created for t, with classes registered by the user.
func newCompiler(t *javatype.Type, line javatype.Line, classes []string) *compiler {
	c := &compiler{line: line, constants: map[string][]int32{}, ids: map[string]uint32{}, numbers: map[string]int{}, nodes: map[key]*node{}}
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
// declared type are, those of a root value and of what an Object holds are not. Kryo 5.6 hands them down to collections
// in collections, but not into arrays; Kryo 2.24 does the reverse.
func (c *compiler) node(t *javatype.Type, generics bool) *node {
	k := key{t, generics}
	if n := c.nodes[k]; n != nil {
		return n
	}
	n := &node{t: t, class: t.Class, boxed: t.Boxed, plain: t.Plain(), final: t.Final(), tracked: c.tracked(t), least: 1, fixed: -1}
	c.nodes[k] = n
	c.identify(n)
	if t.Elem != nil {
		n.size = t.Elem.Slot.Size
	}
	switch t.Class {
	case javatype.Pojo:
		n.fields = c.fields(t.Record)
	case javatype.List, javatype.Map:
		n.value = c.node(t.Elem, generics && c.line == javatype.Flink2)
		n.keyed, n.known = generics, generics && t.Elem.Final()
	case javatype.Array:
		n.value = c.node(t.Elem, generics && c.line == javatype.Flink1)
		// Of an array Kryo asks its class alone whether the elements' class is final, as every array class is. Of a field and
		// of type arguments it asks the innermost element's.
		n.known = t.Elem.Final() || t.Elem.Class == javatype.Array
		if generics && c.line == javatype.Flink1 && t.Elem.Class == javatype.Array && t.Elem.Nullable() {
			n.bare = c.node(t.Elem, false)
		}
	case javatype.Object:
		for _, b := range t.Branches {
			if b == nil {
				n.branches = append(n.branches, nil)
				continue
			}
			n.branches = append(n.branches, c.node(b, false))
		}
		n.findTimes()
	case javatype.Enum:
		n.symbols = t.Value.Node.Symbols
		if c.constants[t.Name] == nil {
			c.constants[t.Name] = make([]int32, len(n.symbols))
		}
		n.constants = c.constants[t.Name]
	case javatype.Bytes:
		if size, ok := t.FixedSize(); ok {
			n.fixed = size
		}
	}
	n.least = n.leastBytes()
	return n
}

// findTimes sets millis and micros.
func (n *node) findTimes() {
	var millis, micros *node
	for _, b := range n.branches {
		switch {
		case b == nil || b.class != javatype.LocalTime:
		case b.t.Units == 1e3:
			millis = b
		default:
			micros = b
		}
	}
	if millis != nil && micros != nil {
		n.millis, n.micros = millis, micros
	}
}

// sameClass reports whether values of n and of other are of one class.
func (n *node) sameClass(other *node) bool {
	return n.id == other.id && (n.id != idByName || n.number == other.number)
}

// leastKey are the bytes of the smallest key of a map: its mark, and a string.
const leastKey = 2

// leastNumber are the bytes of the smallest value of a primitive.
var leastNumber = [...]int{
	javatype.Boolean: 1, javatype.Byte: 1, javatype.Short: 2, javatype.Int: 1, javatype.Long: 1, javatype.Float: 4, javatype.Double: 8,
}

// leastBytes returns what least is, of a node whose parts have theirs, or 1 if they are the node itself.
func (n *node) leastBytes() int {
	switch {
	case n.t.Nullable(), n.class == javatype.Object, n.class == javatype.Void:
		return 1
	case n.class <= javatype.Double:
		return leastNumber[n.class]
	case n.class == javatype.Pojo:
		sum := 1
		for _, f := range n.fields {
			sum = min(sum+f.node.least, 1<<30)
		}
		return sum
	case n.fixed > 0:
		return 2 + n.fixed
	case !n.tracked:
		return 1
	}
	return 2
}

// tracked reports whether objects of type t have reference ids.
func (c *compiler) tracked(t *javatype.Type) bool {
	return !t.Wrapper() && (t.Class != javatype.Enum || c.line == javatype.Flink1)
}

func (c *compiler) fields(r *javatype.Record) []fieldNode {
	nodes := make([]fieldNode, len(r.Fields))
	for i, f := range r.Fields {
		n := c.node(f.Type, true)
		nodes[i] = fieldNode{f.Name, f.Offset, c.wayOf(n), n}
	}
	return nodes
}

// identify gives n the id of its class, or a number of those that go by name.
func (c *compiler) identify(n *node) {
	if n.class == javatype.Object {
		return
	}
	name := n.t.RuntimeName()
	n.name, n.short = className(name), className(name)
	if c.line == javatype.Flink1 {
		n.name = appendString(nil, name, shortASCII2)
	}
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
