// Package schemas says what a record is: the types of an Avro schema as a graph of nodes, read from .avsc text, and the
// Go type that holds a value of each node.
//
// Avro's schema language (https://avro.apache.org/docs/1.12.0/specification/) is the interchange form of every schema
// here, whatever codec then carries the records. Annotations beside it are kept: java-class and java-array say which
// Java type a Flink user's class has, profile and arg.properties how values are distributed.
//
// # Go types
//
//	boolean bool      int int32      long int64     float float32    double float64
//	string string     enum string    bytes []byte   fixed [n]byte    null struct{}
//	array []T         map map[string]T              record struct
//	union of null and one other branch: *T          any other union: any, holding the branch's Go type
//
// Logical types keep the Go type of their base. Inside an any an enum is a [Symbol]; where a union has several enums, or
// several fixed of one size, the others have types of their own. The struct of a record is either
// declared, when a stream or a generated package binds its types with [Bind], or made at run time, when its fields are
// F0, F1 and so on with the Avro name in their tags. A run-time type cannot contain itself: where a record occurs inside
// itself its place is an any that holds a pointer to the enclosing struct.
package schemas

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// ErrUnsupported is wrapped by every error that says: legal, but not carried by this codec.
var ErrUnsupported = errors.New("not supported")

// A Kind is one of Avro's types.
type Kind uint8

// The kinds, primitive ones first.
const (
	Null Kind = iota
	Boolean
	Int
	Long
	Float
	Double
	Bytes
	String
	Fixed
	Enum
	Array
	Map
	Union
	Record
)

var kindNames = [...]string{"null", "boolean", "int", "long", "float", "double", "bytes", "string", "fixed", "enum", "array", "map", "union", "record"}

// String returns the name of k in a schema.
func (k Kind) String() string { return kindNames[k] }

// Noun returns the name of k behind its indefinite article.
func (k Kind) Noun() string {
	if k == Array || k == Enum || k == Int {
		return "an " + k.String()
	}
	return "a " + k.String()
}

// Named reports whether types of kind k have a name.
func (k Kind) Named() bool { return k == Fixed || k == Enum || k == Record }

// Scalar reports whether a value of kind k has no parts: not an array, map, union or record.
func (k Kind) Scalar() bool { return k < Array }

// A Logical is a logical type that changes what a value means. Logical types that nothing here treats specially, and
// those on the wrong base type, are NoLogical, as the Avro specification asks. Those in nanoseconds say how values are
// generated and no more: their Java type is a plain long.
type Logical uint8

// The logical types.
const (
	NoLogical Logical = iota
	Decimal
	UUID
	Date
	TimeMillis
	TimeMicros
	TimestampMillis
	TimestampMicros
	LocalTimestampMillis
	LocalTimestampMicros
	TimestampNanos
	LocalTimestampNanos
)

var logicalNames = [...]string{"", "decimal", "uuid", "date", "time-millis", "time-micros", "timestamp-millis",
	"timestamp-micros", "local-timestamp-millis", "local-timestamp-micros", "timestamp-nanos", "local-timestamp-nanos"}

// String returns the name of l in a schema, or "".
func (l Logical) String() string { return logicalNames[l] }

// A Schema is one record type and everything it contains. Neither it nor a node below it changes after [Parse], [Load] or
// [Bind] has returned it, so that goroutines may share it; As, In and Bind return another one.
type Schema struct {
	Name    string // as results print it: the stream's name, or the record's full name
	Root    *Node  // a record
	Static  bool   // the Go types were declared, not made at run time
	Message *Message
	Text    string // the schema text it was read from, comments blanked
	Dir     string // where files named in annotations are looked for; "" if the text came from no file
	Work    string // stands for the working directory, where they are looked for, too; "" is the process's

	Warnings []string // what is odd in the text and was passed over, one line each: file:line: JSON path: what
}

// As returns s under the name that results are to print.
func (s *Schema) As(name string) *Schema {
	named := *s
	named.Name = name
	return &named
}

// In returns s with dir as the folder where files named in annotations are looked for.
func (s *Schema) In(dir string) *Schema {
	moved := *s
	moved.Dir = dir
	return &moved
}

// At returns s with work for the working directory: that of another revision, which has files of its own.
func (s *Schema) At(work string) *Schema {
	moved := *s
	moved.Work = work
	return &moved
}

// A Message is the generated protobuf form of a record. A schema read at run time has none.
type Message struct {
	New        func() any               // an empty message, a proto.Message
	FromStruct func(dst, src any) error // fills message dst from the record that src points to
	ToStruct   func(dst, src any) error // fills the record that dst points to from message src
}

// A Node is one type of a schema. A named type that is referred to again is the same Node, except inside itself.
type Node struct {
	Kind             Kind
	Logical          Logical
	Name             string   // full name of a record, enum or fixed
	Aliases          []string // full names
	Doc              string
	Fields           []*Field // of a record
	Symbols          []string // of an enum
	Default          string   // of an enum: the symbol for unknown ones, or ""
	Size             int      // of a fixed, in bytes
	Items            *Node    // elements of an array, values of a map
	Branches         []*Node  // of a union, in order
	Precision, Scale int      // of a decimal

	// Def is set where a record occurs inside itself: it is the enclosing definition, which has the fields. All else of
	// the node but Kind, Name and Go is empty.
	Def *Node

	JavaClass string          // "java-class": one of JavaClasses, or another name, which means nothing
	JavaArray bool            // "java-array": a T[] in Java, not a List<T>
	Profile   json.RawMessage // "profile": how values are distributed
	Args      json.RawMessage // "arg.properties": the same in the dialect of avro-random-generator

	Go  reflect.Type // of a value
	pos Pos
}

// A Field is a field of a record.
type Field struct {
	Name      string
	Aliases   []string
	Doc       string
	Type      *Node
	Default   json.RawMessage // nil if there is none
	JavaClass string          // wins over the type's own; on a union with two or more branches beside null it means nothing
	Profile   json.RawMessage // wins over the type's own
	Args      json.RawMessage // "arg.properties" on the field: ignored, with a warning
	Index     int             // of the Go struct's field
	pos       Pos
}

// JavaClasses are the values of "java-class" that mean something. "java.lang.Short" and "java.lang.Byte" are read as the
// primitives.
var JavaClasses = []string{"short", "byte", "java.util.Date", "java.sql.Timestamp"}

// A Pos is a place in schema text.
type Pos struct {
	Line int // from 1
	Path *Path
}

// A Path is a JSON path, from $. It is kept step by step, for what errors alone need must not cost a copy for each value.
type Path struct {
	outer *Path  // nil for the first step
	named bool   // a member's step, not an element's
	step  string // the first, or a member's name
	index int    // an element's
}

// member returns the path of p's member called name.
func (p *Path) member(name string) *Path { return &Path{outer: p, named: true, step: name} }

// element returns the path of p's element i.
func (p *Path) element(i int) *Path { return &Path{outer: p, index: i} }

// String returns p as errors show it. Names that would tear their line are quoted.
func (p *Path) String() string {
	var steps []string
	for ; p != nil; p = p.outer {
		switch {
		case p.outer == nil:
			steps = append(steps, p.step)
		case p.named:
			steps = append(steps, memberStep(p.step))
		default:
			steps = append(steps, "["+strconv.Itoa(p.index)+"]")
		}
	}
	slices.Reverse(steps)
	return strings.Join(steps, "")
}

func memberStep(name string) string {
	if quoted := strconv.Quote(name); quoted != `"`+name+`"` {
		return "[" + quoted + "]"
	}
	return "." + name
}

// Record returns the definition of record n, following a reference from inside itself.
func (n *Node) Record() *Node {
	if n.Def != nil {
		return n.Def
	}
	return n
}

// Nullable reports whether n is a union of null and exactly one other branch, which it returns.
func (n *Node) Nullable() (*Node, bool) {
	if n.Kind != Union || len(n.Branches) != 2 {
		return nil, false
	}
	switch {
	case n.Branches[0].Kind == Null:
		return n.Branches[1], true
	case n.Branches[1].Kind == Null:
		return n.Branches[0], true
	}
	return nil, false
}

// NullBranch returns the index of null among the branches of union n, or -1.
func (n *Node) NullBranch() int {
	for i, b := range n.Branches {
		if b.Kind == Null {
			return i
		}
	}
	return -1
}

// Many reports whether n is a union with two or more branches beside null.
func (n *Node) Many() bool {
	others := len(n.Branches)
	if n.NullBranch() >= 0 {
		others--
	}
	return n.Kind == Union && others > 1
}

// BranchPath returns the path of branch b of the union n at path: the union's own, unless b is one of several.
func (n *Node) BranchPath(path string, b *Node) string {
	if b.Kind == Null || !n.Many() {
		return path
	}
	return path + "|" + b.BranchName()
}

// BranchName returns the name that Avro's JSON encoding gives n as a branch of a union.
func (n *Node) BranchName() string {
	if n.Kind.Named() {
		return n.Name
	}
	return n.Kind.String()
}

// Walk calls f for n and everything below it, depth first and in schema order. A record is entered at its first
// occurrence only; path is as in a profile: outer.inner, list[], map{}, union|Branch.
func (n *Node) Walk(f func(path string, n *Node) error) error {
	return walk("", n, map[*Node]bool{}, f)
}

func walk(path string, n *Node, seen map[*Node]bool, f func(string, *Node) error) error {
	if err := f(path, n); err != nil {
		return err
	}
	switch n.Kind {
	case Record:
		if seen[n] || n.Def != nil {
			return nil
		}
		seen[n] = true
		for _, field := range n.Fields {
			if err := walk(join(path, field.Name), field.Type, seen, f); err != nil {
				return err
			}
		}
	case Array:
		return walk(path+"[]", n.Items, seen, f)
	case Map:
		return walk(path+"{}", n.Items, seen, f)
	case Union:
		for _, b := range n.Branches {
			if err := walk(n.BranchPath(path, b), b, seen, f); err != nil {
				return err
			}
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// Recursive reports whether some record of s occurs inside itself.
func (s *Schema) Recursive() bool {
	found := false
	s.Root.Walk(func(_ string, n *Node) error {
		found = found || n.Def != nil
		return nil
	})
	return found
}
