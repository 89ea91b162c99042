package row

import (
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
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
	scalar        // any other that javatype writes
	localDate     // i32 year, u8 month, u8 day
	localTime     // u8 hour, minute and second, i32 nanosecond
	localDateTime // a localDate and a localTime
	primArray     // u32 n, elements
	stringArray   // StringArraySerializer
	objectArray   // GenericArraySerializer: u32 n, elements, each behind 01 or 00 for null
	list          // ListSerializer: u32 n, elements
	nullableList  // NullableListTypeInfo: 00, u32 n, elements, each behind 00 or 01 for null; see wrapped
	mapForm       // MapSerializer: u32 n, keys, each with its value behind 00 or 01 for null
	record        // RowSerializer or TupleSerializer
	void
	kryoForm
	// Of a step only:
	maskOnly // the mask of a Row that stands in this one: its fields, of which none may be null, are the next steps
	pointer  // any form, behind a pointer that is nil for a field which the mask says is null
	masked   // any form, in a union, which the mask says is null
	bare     // any form, in a union, with null as the serializer writes it, if it may be null
)

var formOf = map[javatype.Class]form{
	javatype.Boolean: boolean, javatype.Byte: scalar, javatype.Short: scalar, javatype.Int: integer, javatype.Long: long,
	javatype.Float: scalar, javatype.Double: double, javatype.String: text, javatype.Bytes: scalar, javatype.Enum: scalar,
	javatype.Pojo: record, javatype.List: list, javatype.Map: mapForm, javatype.Instant: scalar, javatype.UtilDate: scalar,
	javatype.SQLTimestamp: scalar, javatype.LocalDate: localDate, javatype.LocalTime: localTime,
	javatype.LocalDateTime: localDateTime, javatype.BigDecimal: scalar, javatype.UUID: kryoForm, javatype.Void: void,
	javatype.Object: kryoForm,
}

// nulls are the forms that null has in the serializers which have one. That of java.sql.Timestamp is not among them: it
// is 12 bytes, of which Flink reads 8.
var nulls = map[javatype.Class]string{
	javatype.String: "\x00", javatype.Void: "\x00", javatype.UUID: "\x00", javatype.Object: "\x00", javatype.BigDecimal: "\x00\x00\x00\x00",
	javatype.UtilDate:      "\x80\x00\x00\x00\x00\x00\x00\x00",
	javatype.Instant:       "\x80\x00\x00\x00\x00\x00\x00\x00\x80\x00\x00\x00",
	javatype.LocalDate:     nullDate,
	javatype.LocalTime:     nullTime,
	javatype.LocalDateTime: nullDate + nullTime,
}

const (
	nullDate = "\x80\x00\x00\x00\x80\x00"
	nullTime = "\x80\x80\x00\x80\x00\x00\x00"
)

// A node is a Java type as Flink serializes it.
type node struct {
	t      *javatype.Type
	form   form
	plain  bool   // the value lies at its place and cannot be null
	null   string // what is written for null where no flag and no mask says it; "" if it is never null or has no form
	elem   *node
	layout *layout // of a record
	maps   javatype.Entries
	kryo   *kryo.Serializer
	size   uintptr // of a list, map or array: how far apart elements lie
	least  int     // bytes of the smallest value that is not null
}

// A layout is how the fields of a record are written.
type layout struct {
	name  string
	steps []step
	mask  int    // bytes of the mask, 0 for a tuple
	free  []byte // the mask with all bits set that may be
	least int    // bytes of the smallest record
}

// A step writes one field of a record.
type step struct {
	form form
	bit  byte // of the mask's byte at, if the field may be null
	at   int
	off  uintptr // from the beginning of the record
	node *node
	name string // for errors: that of the field, behind those of the records that it is in
}

// A compiler follows a schema as a user does who writes down its type information. Each record is compiled once.
type compiler struct {
	line    javatype.Line
	tuple   bool
	root    string                       // the name of the record
	layouts map[*javatype.Record]*layout // nil of those that are not finished
}

func newCompiler(line javatype.Line, tuple bool, root string) *compiler {
	return &compiler{line, tuple, root, map[*javatype.Record]*layout{}}
}

// maxFields is that of Tuple25.
const maxFields = 25

func (c *compiler) layout(r *javatype.Record) (*layout, error) {
	if l, ok := c.layouts[r]; ok {
		if l == nil {
			return nil, fmt.Errorf("%s is recursive, which no type information can say: %w", c.root, schemas.ErrUnsupported)
		}
		return l, nil
	}
	c.layouts[r] = nil
	l := &layout{name: r.Name}
	if !c.tuple {
		l.mask = (kindBits + len(r.Fields) + 7) / 8
		l.free, l.least = make([]byte, l.mask), l.mask
	}
	for i, f := range r.Type.Fields { // r.Fields are in the order of their names
		j := slices.IndexFunc(r.Fields, func(x javatype.Field) bool { return x.Name == f.Name })
		if err := c.field(l, r.Fields[j], i+kindBits); err != nil {
			return nil, err
		}
	}
	if n := len(r.Fields); c.tuple && (n == 0 || n > maxFields) {
		return nil, fmt.Errorf("%s has %d fields, a tuple has 1 to %d: %w", r.Name, n, maxFields, schemas.ErrUnsupported)
	}
	c.layouts[r] = l
	return l, nil
}

// field adds field f, which has bit n of the mask, to layout l.
func (c *compiler) field(l *layout, f javatype.Field, n int) error {
	at := l.name + "." + f.Name
	x, err := c.node(f.Type, at)
	if err != nil {
		return err
	}
	s := step{form: x.form, off: f.Offset, node: x, name: f.Name}
	switch {
	case !c.tuple && f.Type.Nullable():
		s.form, s.at, s.bit = masked, n/8, 0x80>>(n%8)
		if f.Type.Slot.Form == access.Optional {
			s.form = pointer
		}
		l.free[s.at] |= s.bit
	case f.Type.Nullable() && x.null == "":
		return fmt.Errorf("a tuple field cannot hold null: %s: the serializer of %s has no form for it: %w", at, f.Type.JavaName(), schemas.ErrUnsupported)
	case f.Type.Class == javatype.Object && x.null == "": // which branch it is, is Kryo's to find
	case !x.plain:
		s.form = bare
	case x.form == record && x.layout.unrolls(l):
		l.unroll(s)
		return nil
	}
	if s.form != masked && s.form != pointer {
		l.least = atMost(l.least + x.leastBare())
	}
	l.steps = append(l.steps, s)
	return nil
}

// maxSteps bounds what records within records are unrolled to; those beyond are written by a call.
const maxSteps = 256

// unrolls reports whether the fields of in may be among those of l: none of them may be null, since it is l's mask that
// is at hand.
func (in *layout) unrolls(l *layout) bool {
	for _, b := range in.free {
		if b != 0 {
			return false
		}
	}
	return len(l.steps)+len(in.steps) < maxSteps
}

// unroll adds the fields of the record of s.
func (l *layout) unroll(s step) {
	in := s.node.layout
	if in.mask > 0 {
		s.form = maskOnly
		l.steps = append(l.steps, s)
	}
	for _, x := range in.steps {
		x.off, x.name = x.off+s.off, s.name+": "+x.name
		l.steps = append(l.steps, x)
	}
	l.least = atMost(l.least + in.least)
}

// atMost keeps sums of sizes, which may double with each record in a record, within an int.
func atMost(n int) int { return min(n, 1<<30) }

// node compiles t, which stands at a field or, with [] and {} behind its name, below one.
func (c *compiler) node(t *javatype.Type, at string) (*node, error) {
	n := &node{t: t, form: formOf[t.Class], plain: t.Plain() && t.Class != javatype.Void}
	if t.Nullable() {
		n.null = nulls[t.Class]
	}
	var err error
	switch t.Class {
	case javatype.Pojo:
		n.layout, err = c.layout(t.Record)
	case javatype.List:
		err = c.list(n, at+"[]")
	case javatype.Map:
		err = c.elements(n, at+"{}")
	case javatype.Array:
		n.form = arrayForm(t.Elem)
		err = c.elements(n, at+"[]")
	case javatype.UUID, javatype.Object:
		n.kryo = kryo.New(t, c.line)
		err = kryo.Check(t, c.line)
	}
	if err != nil {
		return nil, err
	}
	n.least = n.leastValue()
	return n, nil
}

func (c *compiler) elements(n *node, at string) (err error) {
	n.size = n.t.Value.Elem.Size
	n.elem, err = c.node(n.t.Elem, at)
	return err
}

// list compiles the elements of a List: ListSerializer has no null of its own.
func (c *compiler) list(n *node, at string) error {
	if err := c.elements(n, at); err != nil {
		return err
	}
	switch el := n.t.Elem; {
	case !el.Nullable() || n.elem.null != "":
		return nil
	case c.line == javatype.Flink1:
		return fmt.Errorf("an element of a list cannot hold null: %s: the serializer of %s has no form for it, and Flink 1.20 has no NullableListTypeInfo: %w", at, el.JavaName(), schemas.ErrUnsupported)
	}
	n.form = nullableList
	return nil
}

func arrayForm(elem *javatype.Type) form {
	switch {
	case elem.Primitive():
		return primArray
	case elem.Class == javatype.String:
		return stringArray
	}
	return objectArray
}

// leastOf are the bytes of the smallest value of a form that is no scalar and no record.
var leastOf = [...]int{
	localDate: 6, localTime: 7, localDateTime: 13, primArray: 4, stringArray: 4, objectArray: 4, list: 4, nullableList: 5, mapForm: 4,
	void: 1, kryoForm: 1,
}

func (n *node) leastValue() int {
	switch {
	case n.form <= scalar:
		return n.t.LeastScalar()
	case n.form == record:
		return n.layout.least
	}
	return leastOf[n.form]
}

// leastBare returns the bytes of the smallest value where null has the serializer's form.
func (n *node) leastBare() int {
	if n.null != "" {
		return min(len(n.null), n.least)
	}
	return n.least
}

// leastFlagged returns the bytes of the smallest value behind a flag that says whether it is there.
func (n *node) leastFlagged() int {
	if n.plain {
		return 1 + n.least
	}
	return 1
}
