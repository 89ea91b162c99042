package pojo

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A form is how a node's values are written.
type form uint8

const (
	boolean form = iota
	byteForm
	short
	integer
	long
	float
	double
	text
	byteArray
	enum
	pojoForm
	list         // NullableList
	mapForm      // NullableMap
	primArray    // u32 n, elements
	stringArray  // StringArraySerializer
	genericArray // GenericArraySerializer: 01 before an element says that it is there
	instant
	utilDate
	sqlTimestamp
	bigDecimal
	void
	kryoForm
)

var formOf = map[javatype.Class]form{
	javatype.Boolean: boolean, javatype.Byte: byteForm, javatype.Short: short, javatype.Int: integer, javatype.Long: long,
	javatype.Float: float, javatype.Double: double, javatype.String: text, javatype.Bytes: byteArray, javatype.Enum: enum,
	javatype.Pojo: pojoForm, javatype.List: list, javatype.Map: mapForm, javatype.Instant: instant,
	javatype.UtilDate: utilDate, javatype.SQLTimestamp: sqlTimestamp, javatype.BigDecimal: bigDecimal, javatype.Void: void,
	javatype.LocalDate: kryoForm, javatype.LocalTime: kryoForm, javatype.LocalDateTime: kryoForm, javatype.UUID: kryoForm,
	javatype.Object: kryoForm,
}

// A node is a Java type as Flink serializes it.
type node struct {
	t       *javatype.Type
	form    form
	plain   bool // the value lies at its place and cannot be null
	elem    *node
	fields  []fieldNode
	symbols []string
	fixed   int // of byteArray: the size of an Avro fixed, or -1
	maps    javatype.EntriesStack
	kryo    *kryo.Serializer
	least   int // bytes of the smallest value, flags of null included where an element has one
}

type fieldNode struct {
	name string
	off  uintptr
	node *node
}

// maxNodes bounds what a recursive schema is unfolded to.
const maxNodes = 100000

// A compiler follows Flink's TypeExtractor. Open are the records that the extractor is inside of, and outer those that
// extractors around it are: it analyses the type arguments of a collection with a fresh one.
type compiler struct {
	open, outer map[*javatype.Record]bool
	memo        map[*javatype.Record][]fieldNode // nil for recursive schemas, where fields depend on what is open
	nodes       *int
}

func newCompiler(recursive bool) compiler {
	c := compiler{open: map[*javatype.Record]bool{}, outer: map[*javatype.Record]bool{}, nodes: new(int)}
	if !recursive {
		c.memo = map[*javatype.Record][]fieldNode{}
	}
	return c
}

// generic reports whether Flink 2.x takes t for a generic type, and so leaves it to Kryo: a collection whose argument is
// itself parameterized, or a class that no serializer is for.
func generic(t *javatype.Type) bool {
	switch t.Class {
	case javatype.List, javatype.Map:
		return parameterized(t.Elem)
	}
	return formOf[t.Class] == kryoForm
}

func parameterized(t *javatype.Type) bool {
	switch t.Class {
	case javatype.List, javatype.Map:
		return true
	case javatype.Array:
		return parameterized(t.Elem)
	}
	return false
}

func (c compiler) node(t *javatype.Type) (*node, error) {
	if *c.nodes++; *c.nodes > maxNodes {
		return nil, fmt.Errorf("the type unfolds to more than %d: %w", maxNodes, schemas.ErrUnsupported)
	}
	n := &node{t: t, form: formOf[t.Class], plain: t.Plain() && t.Class != javatype.Void, fixed: -1, least: 1}
	switch {
	case generic(t), t.Class == javatype.Pojo && c.open[t.Record]:
		n.form = kryoForm
		n.kryo = kryo.New(t)
		return n, nil
	case t.Class == javatype.Pojo && c.outer[t.Record]:
		return nil, fmt.Errorf("%s is inside itself through a List or a Map, which Flink 2.x cannot type (StackOverflowError): %w", t.Name, schemas.ErrUnsupported)
	}
	var err error
	switch t.Class {
	case javatype.Pojo:
		n.fields, err = c.fields(t.Record)
		n.least = 1 + len(n.fields)
	case javatype.List, javatype.Map:
		n.least = 5
		n.elem, err = c.fresh().node(t.Elem)
	case javatype.Array:
		n.least = 4
		n.elem, err = c.node(t.Elem)
		n.form = arrayForm(t.Elem)
	case javatype.Enum:
		n.symbols = t.Value.Node.Symbols
	case javatype.Bytes:
		if size, ok := t.FixedSize(); ok {
			n.fixed = size
		}
	}
	return n, err
}

func arrayForm(elem *javatype.Type) form {
	switch {
	case elem.Primitive():
		return primArray
	case elem.Class == javatype.String:
		return stringArray
	}
	return genericArray
}

// fresh returns the compiler of a new extractor inside c.
func (c compiler) fresh() compiler {
	f := c
	f.open, f.outer = map[*javatype.Record]bool{}, map[*javatype.Record]bool{}
	for r := range c.outer {
		f.outer[r] = true
	}
	for r := range c.open {
		f.outer[r] = true
	}
	return f
}

func (c compiler) fields(r *javatype.Record) ([]fieldNode, error) {
	if fields, ok := c.memo[r]; ok {
		return fields, nil
	}
	c.open[r] = true
	defer delete(c.open, r)
	fields := make([]fieldNode, len(r.Fields))
	for i, f := range r.Fields {
		n, err := c.node(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		fields[i] = fieldNode{f.Name, f.Offset, n}
	}
	if c.memo != nil {
		c.memo[r] = fields
	}
	return fields, nil
}

// load returns the value of n at r, or whether it is null. Of a Kryo Object it is the place itself.
func (n *node) load(r access.Ref) (v access.Ref, null bool, err error) {
	switch {
	case n.plain:
		return r, false, nil
	case n.form == void:
		return r, true, nil
	case n.t.Class == javatype.Object:
		b, _, err := n.t.Branch(r)
		return r, b == nil, err
	}
	v = n.t.Load(r)
	return v, v.Nil(), nil
}
