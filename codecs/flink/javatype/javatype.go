// Package javatype says which Java type a Flink user has for each type of a schema, and how its values come out of a
// record: the one description that all of Flink's formats here are compiled from.
//
// A record is a public class with public fields and its full name; a union of null and one branch is that branch, with
// primitives boxed, and a union of one branch is as that branch; arrays are java.util.List and maps java.util.Map, unless
// java-array asks for T[]; logical types are the classes of java.time, BigDecimal and UUID; any other union is Object. The
// mapping is that of the golden vectors.
package javatype

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Class is a kind of Java type.
type Class uint8

// The classes. Those from Boolean to Double are primitives, or their wrappers where a Type is Boxed.
const (
	Boolean Class = iota
	Byte
	Short
	Int
	Long
	Float
	Double
	String
	Bytes // byte[]
	Enum
	Pojo
	List  // java.util.List, an ArrayList
	Map   // java.util.Map<String, …>, a HashMap
	Array // T[]
	Instant
	UtilDate
	SQLTimestamp
	LocalDate
	LocalTime
	LocalDateTime
	BigDecimal
	UUID
	Void
	Object
)

// A Type is the Java type of one place in a record.
type Type struct {
	Class  Class
	Boxed  bool         // a wrapper, not a primitive
	Name   string       // of an enum or a record: the class
	Slot   *access.Type // how the value lies, null included
	Value  *access.Type // the value itself
	branch int          // of Slot, that is Value, if Slot is a union
	Elem   *Type        // of a list, an array or a map's values
	Record *Record      // of a Pojo
	Units  int64        // of a time: how many make a second

	// Branches are those of an Object, by index; that of null is nil.
	Branches []*Type
}

// A Record is the class of a record.
type Record struct {
	Name   string
	Type   *access.Type
	Fields []Field // in the order of their names, by UTF-16 units: that of Flink's and Kryo's serializers
}

// A Field is a field of a class.
type Field struct {
	Name   string
	Offset uintptr
	Type   *Type
}

// Of returns the class of the records of type t.
func Of(t *access.Type) *Type {
	b := builder{records: map[*access.Type]*Record{}}
	return b.typeOf(t, t.Node, "", false)
}

type builder struct {
	records map[*access.Type]*Record
}

// typeOf returns the Java type of node n, which lies as slot. Boxed says that the place takes no primitive.
func (b builder) typeOf(slot *access.Type, n *schemas.Node, javaClass string, boxed bool) *Type {
	value, branch := slot, -1
	if n.Kind == schemas.Union {
		if n.Many() || len(n.Branches) == 1 && n.NullBranch() == 0 {
			return b.object(slot, n)
		}
		for i, bn := range n.Branches {
			if bn.Kind != schemas.Null {
				value, branch, n, boxed = slot.Branches[i], i, bn, boxed || len(n.Branches) > 1
			}
		}
	}
	if value.Form == access.Box {
		value = value.Elem
	}
	if javaClass == "" {
		javaClass = n.JavaClass
	}
	t := &Type{Class: classOf(n, javaClass), Boxed: boxed, Name: n.Name, Slot: slot, Value: value, branch: branch, Units: 1e3}
	switch n.Logical {
	case schemas.TimestampMicros, schemas.LocalTimestampMicros, schemas.TimeMicros:
		t.Units = 1e6
	}
	switch t.Class {
	case Pojo:
		t.Record = b.record(value)
	case List, Map:
		t.Elem = b.typeOf(value.Elem, n.Items, "", true)
	case Array: // byte[] too, whose elements take 4 bytes here
		t.Elem = b.typeOf(value.Elem, n.Items, "", false)
	}
	return t
}

// object returns the type of a general union, or of a union of null alone. What java-class a field says is none of theirs.
func (b builder) object(slot *access.Type, n *schemas.Node) *Type {
	t := &Type{Class: Object, Boxed: true, Slot: slot, Value: slot, branch: -1}
	if !n.Many() {
		t.Class = Void
		return t
	}
	for i, bn := range n.Branches {
		var bt *Type
		if bn.Kind != schemas.Null {
			bt = b.typeOf(slot.Branches[i], bn, "", true)
		}
		t.Branches = append(t.Branches, bt)
	}
	return t
}

func (b builder) record(t *access.Type) *Record {
	if r := b.records[t]; r != nil {
		return r
	}
	r := &Record{Name: t.Node.Name, Type: t}
	b.records[t] = r
	for _, f := range t.Fields {
		r.Fields = append(r.Fields, Field{f.Name, f.Offset, b.typeOf(f.Type, f.Schema.Type, f.Schema.JavaClass, false)})
	}
	slices.SortFunc(r.Fields, func(x, y Field) int { return CompareNames(x.Name, y.Name) })
	return r
}

// CompareNames is String.compareTo: by UTF-16 units.
func CompareNames(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

func classOf(n *schemas.Node, javaClass string) Class {
	switch n.Logical {
	case schemas.Decimal:
		return BigDecimal
	case schemas.UUID:
		return UUID
	case schemas.Date:
		return LocalDate
	case schemas.TimeMillis, schemas.TimeMicros:
		return LocalTime
	case schemas.LocalTimestampMillis, schemas.LocalTimestampMicros:
		return LocalDateTime
	case schemas.TimestampMillis:
		switch javaClass {
		case "java.util.Date":
			return UtilDate
		case "java.sql.Timestamp":
			return SQLTimestamp
		}
		return Instant
	case schemas.TimestampMicros:
		return Instant
	}
	switch n.Kind {
	case schemas.Null:
		return Void
	case schemas.Boolean:
		return Boolean
	case schemas.Int:
		switch javaClass {
		case "short":
			return Short
		case "byte":
			return Byte
		}
		return Int
	case schemas.Long:
		return Long
	case schemas.Float:
		return Float
	case schemas.Double:
		return Double
	case schemas.String:
		return String
	case schemas.Enum:
		return Enum
	case schemas.Record:
		return Pojo
	case schemas.Map:
		return Map
	case schemas.Array:
		if n.JavaArray {
			return Array
		}
		return List
	}
	return Bytes // bytes and fixed
}

// Primitive reports whether t is a primitive, not its wrapper.
func (t *Type) Primitive() bool { return t.Class <= Double && !t.Boxed }

// Nullable reports whether values of t may be null.
func (t *Type) Nullable() bool { return t.Slot.Null >= 0 || t.Class == Void }

// Lone reports whether t is a union of one branch, which a class that Avro generates has as an Object.
func (t *Type) Lone() bool { return t.Slot != nil && t.branch >= 0 && len(t.Slot.Branches) == 1 }

// Load returns the address of the value of t at r, Nil for null. For an Object use Branch.
func (t *Type) Load(r access.Ref) access.Ref {
	switch {
	case t.branch >= 0:
		_, v := t.Slot.Branch(r)
		return v
	case t.Slot.Form == access.Box:
		return t.Slot.Unbox(r)
	}
	return r
}

// LoadNull is Load that tells null from a place that holds no value of t, which is an error.
func (t *Type) LoadNull(r access.Ref) (access.Ref, error) {
	v := t.Load(r)
	if v.Nil() && !t.Nullable() {
		return v, fmt.Errorf("there is no %s", t.JavaName())
	}
	return v, nil
}

// Branch returns the type of the value of Object t at r and its address. Null is no type and Nil. The error is of an any
// that holds none of the branches.
func (t *Type) Branch(r access.Ref) (*Type, access.Ref, error) {
	i, v := t.Slot.Branch(r)
	if i < 0 {
		return nil, v, fmt.Errorf("the union holds a %T, which is none of its branches", r.Any())
	}
	return t.Branches[i], t.Branches[i].loadBranch(v), nil
}

// loadBranch returns the address of a branch's value from that of the branch.
func (t *Type) loadBranch(v access.Ref) access.Ref {
	if t == nil {
		return access.Ref{}
	}
	return v
}

// Store returns the address at which a value of t is to be put, for a place at r.
func (t *Type) Store(r access.Ref) access.Ref {
	switch {
	case t.branch >= 0:
		return t.Slot.SetBranch(r, t.branch)
	case t.Slot.Form == access.Box:
		return t.Slot.MakeBox(r)
	}
	return r
}

// StoreBranch is Store for branch i of an Object.
func (t *Type) StoreBranch(r access.Ref, i int) access.Ref { return t.Slot.SetBranch(r, i) }

// StoreNull makes the place at r null. A type that has no null is an error.
func (t *Type) StoreNull(r access.Ref) error {
	if t.Slot.Kind != schemas.Union {
		if t.Class == Void {
			return nil
		}
		return fmt.Errorf("null for a %s that is never null", t.JavaName())
	}
	if t.Slot.Null < 0 {
		return fmt.Errorf("null for a %s that is never null", t.JavaName())
	}
	t.Slot.SetBranch(r, t.Slot.Null)
	return nil
}

// names of the classes that have one name, primitive and boxed.
var names = [...][2]string{
	Boolean: {"boolean", "java.lang.Boolean"}, Byte: {"byte", "java.lang.Byte"}, Short: {"short", "java.lang.Short"},
	Int: {"int", "java.lang.Integer"}, Long: {"long", "java.lang.Long"}, Float: {"float", "java.lang.Float"},
	Double: {"double", "java.lang.Double"}, String: {"java.lang.String", "java.lang.String"}, Bytes: {"byte[]", "byte[]"},
	Instant: {"java.time.Instant", "java.time.Instant"}, UtilDate: {"java.util.Date", "java.util.Date"},
	SQLTimestamp: {"java.sql.Timestamp", "java.sql.Timestamp"}, LocalDate: {"java.time.LocalDate", "java.time.LocalDate"},
	LocalTime: {"java.time.LocalTime", "java.time.LocalTime"}, LocalDateTime: {"java.time.LocalDateTime", "java.time.LocalDateTime"},
	BigDecimal: {"java.math.BigDecimal", "java.math.BigDecimal"}, UUID: {"java.util.UUID", "java.util.UUID"},
	Void: {"java.lang.Void", "java.lang.Void"}, Object: {"java.lang.Object", "java.lang.Object"},
}

// JavaName returns t as Java source has it: java.util.List<java.lang.Integer>, int[].
func (t *Type) JavaName() string {
	switch t.Class {
	case Enum, Pojo:
		return t.Name
	case List:
		return "java.util.List<" + t.Elem.JavaName() + ">"
	case Map:
		return "java.util.Map<java.lang.String, " + t.Elem.JavaName() + ">"
	case Array:
		return t.Elem.JavaName() + "[]"
	}
	if t.Boxed {
		return names[t.Class][1]
	}
	return names[t.Class][0]
}

// descriptors are the letters of primitives in the names of array classes.
var descriptors = [...]string{Boolean: "Z", Byte: "B", Short: "S", Int: "I", Long: "J", Float: "F", Double: "D"}

// RuntimeName returns what Class.getName says of the class of t's values: java.util.ArrayList, [I, [Lex.Inner;.
func (t *Type) RuntimeName() string {
	switch t.Class {
	case List:
		return "java.util.ArrayList"
	case Map:
		return "java.util.HashMap"
	case Bytes:
		return "[B"
	case Array:
		return "[" + t.Elem.descriptor()
	}
	return t.JavaName()
}

// descriptor is how t stands in the name of an array class.
func (t *Type) descriptor() string {
	switch {
	case t.Primitive():
		return descriptors[t.Class]
	case t.Class == Bytes, t.Class == Array:
		return t.RuntimeName()
	}
	name, _, _ := strings.Cut(t.JavaName(), "<")
	return "L" + name + ";"
}

// Final reports whether no class can extend t, as Kryo asks it of fields and of type arguments: the final classes of the JDK,
// enums without bodies, and arrays whose innermost element is primitive or final. Of the elements of an array it asks
// otherwise: see package kryo.
func (t *Type) Final() bool {
	switch t.Class {
	case Pojo, List, Map, UtilDate, SQLTimestamp, BigDecimal, Object:
		return false
	case Array:
		return t.Elem.Primitive() || t.Elem.Final()
	}
	return true
}

// Wrapper reports whether t is one of the eight wrapper classes or its primitive, which Kryo does not track.
func (t *Type) Wrapper() bool { return t.Class <= Double }

// CheckUnions returns an error, which wraps schemas.ErrUnsupported, if a union in t has branches of one class: their values
// are written alike, and no reader can tell which branch they were. Of two times of day that is so only where the finer is
// a whole number of the coarser.
func (t *Type) CheckUnions() error { return t.checkUnions(map[*Record]bool{}) }

func (t *Type) checkUnions(seen map[*Record]bool) error {
	if t.Elem != nil {
		return t.Elem.checkUnions(seen)
	}
	for i, b := range t.Branches {
		if b == nil {
			continue
		}
		for j, other := range t.Branches[:i] {
			if other != nil && other.RuntimeName() == b.RuntimeName() && b.Class != LocalTime {
				n := t.Slot.Node.Branches
				return fmt.Errorf("a union has the branches %s and %s, which are both %s in Java: %w", n[j].BranchName(), n[i].BranchName(), b.JavaName(), schemas.ErrUnsupported)
			}
		}
		if err := b.checkUnions(seen); err != nil {
			return err
		}
	}
	if t.Record == nil || seen[t.Record] {
		return nil
	}
	seen[t.Record] = true
	for _, f := range t.Record.Fields {
		if err := f.Type.checkUnions(seen); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// Classes returns the records and enums of root, without doubles, in the order in which a walk first meets their
// definitions: the order of registration of the registered codecs.
func Classes(root *schemas.Node) []string {
	var names []string
	root.Walk(func(_ string, n *schemas.Node) error {
		if (n.Kind == schemas.Record || n.Kind == schemas.Enum) && !slices.Contains(names, n.Name) {
			names = append(names, n.Name)
		}
		return nil
	})
	return names
}

// compareBucket orders map entries as java.util.HashMap iterates them.
func compareBucket(a, b entry) int {
	return cmp.Or(cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.key, b.key))
}

// Plain reports whether a value of t lies at its place, with no union and no box around it.
func (t *Type) Plain() bool { return t.branch < 0 && t.Slot.Form == access.Plain && t.Class != Object }

// FixedSize returns the size of byte[] that is an Avro fixed.
func (t *Type) FixedSize() (int, bool) {
	return t.Value.Node.Size, t.Value.Kind == schemas.Fixed
}
