package access

import (
	"fmt"
	"reflect"
	"strings"
	"unsafe"

	"github.com/wirecost/wirecost/schemas"
)

// A Form says how a value lies where its node stands.
type Form uint8

const (
	// Plain is the value itself, of the Go type that package schemas lists.
	Plain Form = iota
	// Optional is a union of null and one branch: a pointer, nil for null, to the Elem.
	Optional
	// OptionalBox is an Optional whose branch is a record inside itself, at run time: an any, nil or a pointer.
	OptionalBox
	// Box is a record inside itself, at run time: an any that holds a pointer to the Elem.
	Box
	// Dynamic is any other union: an any that holds one of the Branches.
	Dynamic
)

// A Type says how the values of a node lie in memory. Types of a recursive schema form a cycle through the record.
type Type struct {
	Node     *schemas.Node // for a record inside itself its definition
	Kind     schemas.Kind  // of Node
	Form     Form
	Go       reflect.Type
	Size     uintptr
	Fields   []Field // of a record
	Elem     *Type   // of an array, map, Optional, OptionalBox or Box
	Branches []*Type // of a union, in schema order; that of null is there too
	Null     int     // index of the null branch of a union, or -1

	word    unsafe.Pointer // what an any that holds the value has as type
	ptrWord unsafe.Pointer // what an any that holds a pointer to the value has as type
	direct  bool           // the value is one pointer, which an any holds itself
	holds   []held         // of a Dynamic: how the any holds each of the Branches
}

// A held says how an any holds values of a branch.
type held struct {
	word   unsafe.Pointer // the any's type
	direct bool           // the any holds the value itself, not its address
}

// A Field is a field of a record's Type.
type Field struct {
	Name   string
	Offset uintptr
	Type   *Type
	Schema *schemas.Field
}

// Of returns the Type of s's records. It is made anew at each call.
func Of(s *schemas.Schema) (*Type, error) {
	b := builder{records: map[*schemas.Node]*Type{}}
	t, err := b.typeOf(s.Root)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	return t, nil
}

// A builder makes types; records holds those of definitions, finished or not.
type builder struct{ records map[*schemas.Node]*Type }

func (b builder) typeOf(n *schemas.Node) (*Type, error) {
	switch n.Kind {
	case schemas.Record:
		return b.record(n)
	case schemas.Union:
		return b.union(n)
	}
	t := newType(n, n.Go)
	if n.Items == nil {
		return t, nil
	}
	var err error
	if t.Elem, err = b.typeOf(n.Items); err != nil {
		return nil, err
	}
	if t.Elem.Go != n.Go.Elem() { // a record inside itself
		t.Elem = boxOf(t.Elem, Box, n.Go.Elem())
	}
	return t, nil
}

func newType(n *schemas.Node, g reflect.Type) *Type {
	return &Type{
		Node: n, Kind: n.Kind, Go: g, Size: g.Size(), Null: -1,
		word: wordOf(reflect.Zero(g).Interface()), ptrWord: wordOf(reflect.Zero(reflect.PointerTo(g)).Interface()),
		direct: pointerShaped(g),
	}
}

// pointerShaped reports whether Go keeps a value of type g, being one pointer, in an any as it is. Which structs and
// arrays it does so for is the compiler's business, so one is made and looked at.
func pointerShaped(g reflect.Type) bool {
	if g.Size() != unsafe.Sizeof(unsafe.Pointer(nil)) {
		return false
	}
	v := reflect.New(g)
	mark := v.UnsafePointer()
	*(*unsafe.Pointer)(mark) = mark
	x := v.Elem().Interface()
	return (*eface)(unsafe.Pointer(&x)).data == mark
}

// boxOf returns the type of an any of form f that holds pointers to records of type t.
func boxOf(t *Type, f Form, g reflect.Type) *Type {
	return &Type{Node: t.Node, Kind: schemas.Record, Form: f, Go: g, Size: g.Size(), Elem: t, Null: -1}
}

func (b builder) record(n *schemas.Node) (*Type, error) {
	def := n.Record()
	if t := b.records[def]; t != nil {
		return t, nil
	}
	t := newType(def, def.Go)
	b.records[def] = t
	for _, f := range def.Fields {
		ft, err := b.typeOf(f.Type)
		if err != nil {
			return nil, at(f.Name, err)
		}
		sf := def.Go.Field(f.Index)
		if ft.Form == Plain && ft.Go != sf.Type { // a record directly inside itself, at run time
			ft = boxOf(ft, Box, sf.Type)
		}
		t.Fields = append(t.Fields, Field{f.Name, sf.Offset, ft, f})
	}
	return t, nil
}

func (b builder) union(n *schemas.Node) (*Type, error) {
	t := &Type{Node: n, Kind: schemas.Union, Form: Dynamic, Go: n.Go, Size: n.Go.Size(), Null: n.NullBranch()}
	for _, branch := range n.Branches {
		bt, err := b.typeOf(branch)
		if err != nil {
			return nil, err
		}
		t.Branches = append(t.Branches, bt)
	}
	if _, ok := n.Nullable(); !ok {
		return t, t.makeDynamic()
	}
	t.Form, t.Elem = Optional, t.Branches[1-t.Null]
	if n.Go.Kind() == reflect.Interface {
		t.Form = OptionalBox
	}
	return t, nil
}

// makeDynamic finds how an any holds the branches of union t, and refuses branches that it could not tell apart.
func (t *Type) makeDynamic() error {
	seen := map[unsafe.Pointer]string{}
	t.holds = make([]held, len(t.Branches))
	for i, b := range t.Branches {
		if b.Kind == schemas.Null {
			continue
		}
		node, in := t.Node.Branches[i], t.Node.Held(i)
		if in == nil {
			return fmt.Errorf("a union has more than %d enums, or fixed of one size: %w", schemas.MostAlike, schemas.ErrUnsupported)
		}
		h := held{wordOf(reflect.Zero(in).Interface()), b.direct}
		if node.Def != nil && in.Kind() == reflect.Pointer { // a record inside itself, at run time
			h.direct = false
		}
		name := node.BranchName()
		if other := seen[h.word]; other != "" {
			return fmt.Errorf("a union has the branches %s and %s, which are the same Go type: %w", other, name, schemas.ErrUnsupported)
		}
		seen[h.word], t.holds[i] = name, h
	}
	return nil
}

// New returns a pointer to a new record of type t.
func (t *Type) New() any { return reflect.New(t.Go).Interface() }

// Ref returns the address of the record that v points to, which must have type t.
func (t *Type) Ref(v any) (Ref, error) {
	e := (*eface)(unsafe.Pointer(&v))
	if e.typ != t.ptrWord || e.data == nil {
		return Ref{}, wrongRecord{t, reflect.TypeOf(v)}
	}
	return Ref{e.data}, nil
}

// A wrongRecord is Ref's error. It is a type so that Ref is small enough to be compiled into its callers.
type wrongRecord struct {
	want *Type
	got  reflect.Type
}

func (w wrongRecord) Error() string {
	return fmt.Sprintf("a record of %s is a %s, not a %v", w.want.Node.Name, reflect.PointerTo(w.want.Go), w.got)
}

// Alloc returns the address of a new value of type t.
func (t *Type) Alloc() Ref { return Ref{reflect.New(t.Go).UnsafePointer()} }

// Value returns the value at r as reflect sees it. It is for places where speed does not matter.
func (t *Type) Value(r Ref) reflect.Value { return reflect.NewAt(t.Go, r.p).Elem() }

// Clear makes the value at r the zero value of its type.
func (t *Type) Clear(r Ref) { t.Value(r).SetZero() }

// The types of elements that MakeSlice makes without reflection.
var (
	stringType = reflect.TypeFor[string]()
	intType    = reflect.TypeFor[int32]()
	longType   = reflect.TypeFor[int64]()
	doubleType = reflect.TypeFor[float64]()
)

// MakeSlice puts an array of n zero elements at r and returns the address of the first.
func (t *Type) MakeSlice(r Ref, n int) Ref {
	switch {
	case t.Elem.Size == 0 || n == 0: // all of them share an address
		*(*[]struct{})(r.p) = make([]struct{}, n)
	case t.Elem.Go == stringType:
		*(*[]string)(r.p) = make([]string, n)
	case t.Elem.Go == intType:
		*(*[]int32)(r.p) = make([]int32, n)
	case t.Elem.Go == longType:
		*(*[]int64)(r.p) = make([]int64, n)
	case t.Elem.Go == doubleType:
		*(*[]float64)(r.p) = make([]float64, n)
	default:
		v := t.Value(r)
		v.SetZero()
		v.Grow(n)
		v.SetLen(n)
	}
	return Ref{(*sliceHeader)(r.p).data}
}

// extend appends a zero element to the array of n elements at r and returns its address. The addresses of the others are
// no longer good.
func (t *Type) extend(r Ref, n int) Ref {
	v := t.Value(r)
	v.Grow(1)
	v.SetLen(n + 1)
	return Ref{(*sliceHeader)(r.p).data}.At(uintptr(n) * t.Elem.Size)
}

// Unbox returns the record in the Box at r, Nil if there is none. What is no Box is returned as it is.
func (t *Type) Unbox(r Ref) Ref {
	if t.Form != Box {
		return r
	}
	return unbox(t.Elem, r)
}

// unbox returns the record of type t that the any at r points to.
func unbox(t *Type, r Ref) Ref {
	e := (*eface)(r.p)
	if e.typ != t.ptrWord {
		return Ref{}
	}
	return Ref{e.data}
}

// MakeBox puts a new record into the Box at r and returns its address. What is no Box is returned as it is.
func (t *Type) MakeBox(r Ref) Ref {
	if t.Form != Box {
		return r
	}
	return makeBox(t.Elem, r)
}

func makeBox(t *Type, r Ref) Ref {
	v := t.Alloc()
	*(*eface)(r.p) = eface{t.ptrWord, v.p}
	return v
}

// Branch returns which branch of union t the value at r is, and its address, Nil for null. It returns -1 for an any
// that holds none of them.
func (t *Type) Branch(r Ref) (int, Ref) {
	var v Ref
	switch t.Form {
	case Optional:
		v = r.Deref()
	case OptionalBox:
		v = unbox(t.Elem, r)
	default:
		return t.dynamic(r)
	}
	if v.Nil() {
		return t.Null, v
	}
	return 1 - t.Null, v
}

func (t *Type) dynamic(r Ref) (int, Ref) {
	e := (*eface)(r.p)
	if e.typ == nil {
		return t.Null, Ref{}
	}
	for i, h := range t.holds {
		if h.word != e.typ {
			continue
		}
		if h.direct {
			return i, Ref{unsafe.Pointer(&e.data)}
		}
		if e.data == nil { // a nil pointer to a record inside itself
			return -1, Ref{}
		}
		return i, Ref{e.data}
	}
	return -1, Ref{}
}

// SetBranch puts a new zero value of branch i into the union at r and returns its address, Nil for null. The value
// must be filled before anything else reads the union.
func (t *Type) SetBranch(r Ref, i int) Ref {
	switch {
	case i == t.Null && t.Form == Optional:
		*(*unsafe.Pointer)(r.p) = nil
		return Ref{}
	case i == t.Null:
		r.SetAny(nil)
		return Ref{}
	case t.Form == Optional:
		v := t.Elem.Alloc()
		*(*unsafe.Pointer)(r.p) = v.p
		return v
	case t.Form == OptionalBox:
		return makeBox(t.Elem, r)
	}
	h := t.holds[i]
	e := (*eface)(r.p)
	if h.direct {
		*e = eface{h.word, nil}
		return Ref{unsafe.Pointer(&e.data)}
	}
	v := t.Branches[i].Alloc()
	*e = eface{h.word, v.p}
	return v
}

// adopt makes the value at v, which was allocated alone, branch i of the union at r.
func (t *Type) adopt(r Ref, i int, v Ref) {
	switch t.Form {
	case Optional:
		*(*unsafe.Pointer)(r.p) = v.p
	case OptionalBox:
		*(*eface)(r.p) = eface{t.Elem.ptrWord, v.p}
	default:
		data := v.p
		if t.holds[i].direct {
			data = *(*unsafe.Pointer)(v.p)
		}
		*(*eface)(r.p) = eface{t.holds[i].word, data}
	}
}

// Find returns the type at a dotted path of record fields, such as "metric.name", and the way to it.
func (t *Type) Find(path string) (*Type, []Field, error) {
	var way []Field
	at := t
	for name := range strings.SplitSeq(path, ".") {
		if at.Form == Optional || at.Form == OptionalBox || at.Form == Box {
			at = at.Elem
		}
		f := at.field(name)
		if f == nil {
			return nil, nil, fmt.Errorf("field %s: %s has no field %q%s", path, at.Node.BranchName(), name, at.fieldNames())
		}
		way = append(way, *f)
		at = f.Type
	}
	return at, way, nil
}

func (t *Type) field(name string) *Field {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return &t.Fields[i]
		}
	}
	return nil
}

func (t *Type) fieldNames() string {
	if len(t.Fields) == 0 {
		return ""
	}
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	return ": there are " + strings.Join(names, ", ")
}

// As returns the record at r as a pointer to a twin of its type: one that differs from it in structs without fields alone.
// They take no memory, so that both types lie the same, and so do the slices, maps and pointers of them.
func (t *Type) As(r Ref, twin reflect.Type) any { return reflect.NewAt(twin, r.p).Interface() }

// Copy makes the value of type t at dst the one at src. Arrays, maps and what pointers point to are then shared.
func (t *Type) Copy(dst, src Ref) { t.Value(dst).Set(t.Value(src)) }
