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
	// Of a step only:
	object    // what an any holds
	nullable  // any form, in a union
	pointer   // any form, behind a pointer that is nil for null
	flagsOnly // the flags of a record that stands in this one: its fields are the next steps
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
	object  bool // the value is what an any holds
	elem    *node
	fields  []fieldNode
	steps   []step // of a pojoForm: what to write, fields of records in it included
	symbols []string
	fixed   int // of byteArray: the size of an Avro fixed, or -1
	maps    javatype.EntriesStack
	kryo    *kryo.Serializer
	size    uintptr // of a list, map or array: how far apart elements lie
	least   int     // bytes of the smallest value that is not null
}

type fieldNode struct {
	name string
	off  uintptr
	node *node
}

// A step writes one field of a record.
type step struct {
	form form
	off  uintptr // from the beginning of the record
	node *node
	name string // for errors: that of the field, behind those of the records that it is in
}

// maxNodes bounds what a recursive schema is unfolded to.
const maxNodes = 100000

// A compiler follows Flink's TypeExtractor through the types of a record.
type compiler struct {
	x     javatype.Extractor
	memo  map[*javatype.Record][]fieldNode // nil for recursive schemas, where fields depend on what is around them
	nodes *int
}

func newCompiler(line javatype.Line, recursive bool) compiler {
	c := compiler{x: javatype.Extractor{Line: line}, nodes: new(int)}
	if !recursive {
		c.memo = map[*javatype.Record][]fieldNode{}
	}
	return c
}

func (c compiler) node(t *javatype.Type) (*node, error) {
	if *c.nodes++; *c.nodes > maxNodes {
		return nil, fmt.Errorf("the type unfolds to more than %d: %w", maxNodes, schemas.ErrUnsupported)
	}
	n := &node{t: t, form: formOf[t.Class], plain: t.Plain() && t.Class != javatype.Void, fixed: -1}
	choice, err := c.x.Choose(t)
	switch {
	case err != nil:
		return nil, err
	case choice.Kryo:
		n.form, n.least = kryoForm, 1
		n.object = t.Class == javatype.Object
		n.kryo = kryo.New(t, c.x.Line)
		return n, nil
	}
	switch t.Class {
	case javatype.Pojo:
		n.fields, err = c.fields(t.Record)
		n.steps = stepsOf(n.fields)
	case javatype.List, javatype.Map:
		n.size = t.Value.Elem.Size
		c.x = c.x.Argument()
		n.elem, err = c.node(t.Elem)
	case javatype.Array:
		n.size = t.Value.Elem.Size
		n.elem, err = c.node(t.Elem)
		n.form = arrayForm(t.Elem)
	case javatype.Enum:
		n.symbols = t.Value.Node.Symbols
	case javatype.Bytes:
		if size, ok := t.FixedSize(); ok {
			n.fixed = size
		}
	}
	n.least = n.leastValue()
	return n, err
}

// maxSteps bounds what records within records are unrolled to; those beyond are written by a call.
const maxSteps = 256

// stepsOf unrolls the fields of a record.
func stepsOf(fields []fieldNode) []step {
	var steps []step
	for _, f := range fields {
		s := step{f.node.form, f.off, f.node, f.name}
		switch {
		case !f.node.plain && f.node.t.Slot.Form == access.Optional && f.node.form != kryoForm:
			s.form = pointer
		case f.node.object:
			s.form = object
		case !f.node.plain:
			s.form = nullable
		case f.node.form == pojoForm && len(steps)+len(f.node.steps) < maxSteps:
			steps = append(steps, step{flagsOnly, f.off, f.node, f.name})
			for _, in := range f.node.steps {
				in.off, in.name = in.off+f.off, f.name+": "+in.name
				steps = append(steps, in)
			}
			continue
		}
		steps = append(steps, s)
	}
	return steps
}

// leastOf are the bytes of the smallest value of a form, if they are always the same.
var leastOf = [...]int{
	boolean: 1, byteForm: 1, short: 2, integer: 4, long: 8, float: 4, double: 8, text: 1, byteArray: 4, enum: 4, list: 5, mapForm: 5,
	primArray: 4, stringArray: 4, genericArray: 4, instant: 12, utilDate: 8, sqlTimestamp: 12, bigDecimal: 8, void: 0, kryoForm: 1,
}

func (n *node) leastValue() int {
	switch n.form {
	case pojoForm:
		sum := 1
		for _, f := range n.fields {
			sum += f.node.leastFlagged()
		}
		return sum
	case byteArray:
		return 4 + max(n.fixed, 0)
	}
	return leastOf[n.form]
}

// leastFlagged returns the bytes of the smallest value behind a flag that says whether it is there.
func (n *node) leastFlagged() int {
	if n.plain {
		return 1 + n.least
	}
	return 1
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

func (c compiler) fields(r *javatype.Record) ([]fieldNode, error) {
	if fields, ok := c.memo[r]; ok {
		return fields, nil
	}
	c.x = c.x.Into(r)
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
