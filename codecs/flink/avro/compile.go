package avro

import (
	"reflect"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A form is how a node's values lie and are written.
type form uint8

const (
	nothing form = iota // null
	boolean
	integer
	long
	float
	double
	text
	byteString
	fixed
	enum
	array
	mapForm
	record
	box     // a record behind an any: it occurs inside itself
	pointer // a union of null and one other branch, which lies behind a pointer
	union   // any other union
	lone    // a union of one branch, as that branch
	sized   // a fixed as bytes, behind its length
	decimal // as text
)

var formOf = [...]form{
	schemas.Null: nothing, schemas.Boolean: boolean, schemas.Int: integer, schemas.Long: long, schemas.Float: float,
	schemas.Double: double, schemas.String: text, schemas.Bytes: byteString, schemas.Fixed: fixed, schemas.Enum: enum,
	schemas.Array: array, schemas.Map: mapForm, schemas.Record: record, schemas.Union: union,
}

// A node is a type of the schema, compiled. Nodes of a recursive schema form a cycle through the record.
type node struct {
	form     form
	t        *access.Type
	elem     *node   // of an array, a map's values, a box, or a pointer's other branch
	branches []*node // of a union
	null     int     // of a pointer: which branch is null, as it is written
	size     uintptr // how far apart values of an array lie: those of a record, or an array's elements
	fixed    int     // of a fixed: its bytes
	symbols  []string
	steps    []step // of a record
	runs     []run  // the same steps, as they are written
	decimal  *javatype.Type
	maps     javatype.EntriesStack
	least    int // bytes of the smallest value
}

// A step writes or reads one field of a record, or of a record in it. What takes no bytes has none.
type step struct {
	form form
	off  uintptr // from the beginning of the record
	node *node
	name string // for errors: that of the field, behind those of the records that it is in
}

// A compiler makes nodes; records holds those of records, finished or not.
type compiler struct {
	records   map[*access.Type]*node
	reflected bool // of a POJO: see reflect.go
}

func (c compiler) node(t *access.Type) *node {
	if n := c.records[t]; n != nil {
		return n
	}
	n := &node{t: t, form: formOf[t.Kind]}
	switch {
	case t.Form == access.Box:
		n.form, n.elem = box, c.node(t.Elem)
	case t.Form == access.Optional:
		n.form, n.null, n.elem = pointer, t.Null, c.node(t.Elem)
	case t.Kind == schemas.Union:
		for _, b := range t.Branches {
			n.branches = append(n.branches, c.node(b))
		}
	case t.Kind == schemas.Record:
		c.records[t], n.size = n, t.Size
		n.steps = c.steps(t)
		n.runs = runsOf(n.steps)
	case t.Kind == schemas.Array, t.Kind == schemas.Map:
		n.elem, n.size = c.node(t.Elem), t.Elem.Size
	case t.Kind == schemas.Enum:
		n.symbols = t.Node.Symbols
	case t.Kind == schemas.Fixed:
		n.fixed = t.Node.Size
	}
	if c.reflected {
		n.reflect(t)
	}
	n.least = n.leastBytes()
	return n
}

// maxSteps bounds what records within records are unrolled to; those beyond are written by a call.
const maxSteps = 256

// steps unrolls the fields of record t.
func (c compiler) steps(t *access.Type) []step {
	var steps []step
	fields := t.Fields
	if c.reflected {
		fields = byName(fields)
	}
	for _, f := range fields {
		n := c.node(f.Type)
		switch {
		case n.form == nothing:
		case n.form == record && len(steps)+len(n.steps) < maxSteps:
			for _, in := range n.steps {
				in.off, in.name = in.off+f.Offset, f.Name+": "+in.name
				steps = append(steps, in)
			}
		default:
			steps = append(steps, step{n.form, f.Offset, n, f.Name})
		}
	}
	return steps
}

// A run is several steps of one form whose values lie side by side: they are written with one look at what they are.
type run struct {
	step
	count uintptr
}

// textSize is how far apart texts lie that are side by side.
var textSize = reflect.TypeFor[string]().Size()

// runsOf joins steps to runs.
func runsOf(steps []step) []run {
	var runs []run
	for _, s := range steps {
		size := s.node.t.Size
		if len(runs) > 0 {
			last := &runs[len(runs)-1]
			if last.form == s.form && s.form.joins() && s.off == last.off+last.count*size {
				last.count++
				continue
			}
		}
		runs = append(runs, run{s, 1})
	}
	return runs
}

// joins reports whether values of form f are written as runs.
func (f form) joins() bool { return f == long || f == integer || f == text }

// leastOf are bounds for the bytes of the values of a form that is no fixed, record or union.
var leastOf = [...]int{
	nothing: 0, boolean: 1, integer: 4, long: 8, float: 4, double: 8, text: 4, byteString: 4, enum: 4, array: 1, mapForm: 1, pointer: 4,
	decimal: 5, // a digit
	box:     1, // at least the array, map or union that it is in
}

// leastBytes returns a bound for the bytes of n's values, which is 0 only of those that take none.
func (n *node) leastBytes() int {
	switch n.form {
	case fixed:
		return n.fixed
	case sized:
		return 4 + n.fixed
	case lone:
		return n.branches[0].least
	case record:
		sum := 0
		for i := range n.steps {
			sum += n.steps[i].node.least
		}
		return sum
	case union:
		least := 0
		for i, b := range n.branches { // of which there may be none
			if i == 0 || b.least < least {
				least = b.least
			}
		}
		return 4 + least
	}
	return leastOf[n.form]
}
