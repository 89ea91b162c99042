package pojo

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/codecs/flink/typeinfo"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A form is how a node's values are written.
type form uint8

const (
	boolean form = iota
	integer
	long
	double
	text
	scalar // any other that javatype writes
	pojoForm
	list         // NullableList
	mapForm      // NullableMap
	primArray    // u32 n, elements
	stringArray  // StringArraySerializer
	genericArray // GenericArraySerializer: 01 before an element says that it is there
	void
	kryoForm
	// Of a step only:
	object    // what an any holds
	nullable  // any form, in a union
	pointer   // any form, behind a pointer that is nil for null
	flagsOnly // the flags of a record that stands in this one: its fields are the next steps
)

var formOf = map[javatype.Class]form{
	javatype.Boolean: boolean, javatype.Byte: scalar, javatype.Short: scalar, javatype.Int: integer, javatype.Long: long,
	javatype.Float: scalar, javatype.Double: double, javatype.String: text, javatype.Bytes: scalar, javatype.Enum: scalar,
	javatype.Pojo: pojoForm, javatype.List: list, javatype.Map: mapForm, javatype.Instant: scalar,
	javatype.UtilDate: scalar, javatype.SQLTimestamp: scalar, javatype.BigDecimal: scalar, javatype.Void: void,
	javatype.LocalDate: kryoForm, javatype.LocalTime: kryoForm, javatype.LocalDateTime: kryoForm, javatype.UUID: kryoForm,
	javatype.Object: kryoForm,
}

// A node is a Java type as Flink serializes it.
type node struct {
	t      *javatype.Type
	form   form
	plain  bool // the value lies at its place and cannot be null
	object bool // the value is what an any holds
	elem   *node
	fields []fieldNode
	steps  []step // of a pojoForm: what to write, fields of records in it included
	maps   javatype.EntriesStack
	kryo   *kryo.Serializer
	size   uintptr // of a list, map or array: how far apart elements lie
	least  int     // bytes of the smallest value that is not null
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
	x     typeinfo.Extractor
	memo  map[*javatype.Record][]fieldNode // nil for recursive schemas, where fields depend on what is around them
	nodes *int

	registered []string // classes that the user has registered with Kryo
}

func newCompiler(line javatype.Line, recursive bool, registered []string) compiler {
	c := compiler{x: typeinfo.Extractor{Line: line}, nodes: new(int), registered: registered}
	if !recursive {
		c.memo = map[*javatype.Record][]fieldNode{}
	}
	return c
}

func (c compiler) node(t *javatype.Type) (*node, error) {
	if *c.nodes++; *c.nodes > maxNodes {
		return nil, fmt.Errorf("the type unfolds to more than %d: %w", maxNodes, schemas.ErrUnsupported)
	}
	n := &node{t: t, form: formOf[t.Class], plain: t.Plain() && t.Class != javatype.Void}
	choice, err := c.x.Choose(t)
	switch {
	case err != nil:
		return nil, err
	case choice.Kryo:
		n.form, n.least = kryoForm, 1
		n.object = t.Class == javatype.Object
		n.kryo = kryo.New(t, c.x.Line, c.registered...)
		return n, kryo.Check(t, c.x.Line)
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
		c.x = c.x.Elements(t)
		n.elem, err = c.node(t.Elem)
		n.form = arrayForm(t.Elem)
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

// leastOf are the bytes of the smallest value of a form that is no scalar, if they are always the same.
var leastOf = [...]int{list: 5, mapForm: 5, primArray: 4, stringArray: 4, genericArray: 4, void: 0}

func (n *node) leastValue() int {
	switch {
	case n.form <= scalar:
		return n.t.LeastScalar()
	case n.form != pojoForm:
		return leastOf[n.form]
	}
	sum := 1
	for _, f := range n.fields {
		sum += f.node.leastFlagged()
	}
	return sum
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
	v, err = n.t.LoadNull(r)
	return v, v.Nil(), err
}
