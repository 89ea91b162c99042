package access

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/schemas"
)

type (
	node struct {
		Self *node            `avro:"self"`
		Kids []node           `avro:"kids"`
		Maps map[string]int32 `avro:"maps"`
		Any  any              `avro:"any"`
		Leaf leaf             `avro:"leaf"`
	}
	leaf struct {
		P *int64 `avro:"p"`
	}
)

const nodeSchema = `{"type": "record", "name": "Node", "fields": [
	{"name": "self", "type": ["null", "Node"]}, {"name": "kids", "type": {"type": "array", "items": "Node"}}, {"name": "maps", "type": {"type": "map", "values": "int"}},
	{"name": "any", "type": ["null", "Node", "int", {"type": "record", "name": "Leaf", "fields": [{"name": "p", "type": ["long", "null"]}]}]}, {"name": "leaf", "type": "Leaf"}]}`

// How the values of one schema lie, with types made at run time and with declared ones.
func TestForms(t *testing.T) {
	s, err := schemas.Parse("node.avsc", []byte(nodeSchema), "")
	if err != nil {
		t.Fatal(err)
	}
	bound, err := schemas.Bind(s, map[string]reflect.Type{"Node": reflect.TypeFor[node](), "Leaf": reflect.TypeFor[leaf]()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		schema *schemas.Schema
		want   string // forms of the fields; of elements and branches behind them
	}{
		"run time": {s, "self OptionalBox, kids Plain of Box, maps Plain of Plain, any Dynamic, leaf Plain"},
		"declared": {bound, "self Optional, kids Plain of Plain, maps Plain of Plain, any Dynamic, leaf Plain"},
	} {
		typ, err := Of(tt.schema)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range typ.Fields {
			form := f.Name + " " + formName(f.Type.Form)
			if f.Type.Kind == schemas.Array || f.Type.Kind == schemas.Map {
				form += " of " + formName(f.Type.Elem.Form)
			}
			got = append(got, form)
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: got %s, want %s", name, strings.Join(got, ", "), tt.want)
		}
		if typ.Fields[0].Type.Elem != typ || typ.Fields[3].Type.Branches[1] != typ {
			t.Errorf("%s: a record inside itself is not of the type around it", name)
		}
		const text = `{"self":{"Node":{"self":null,"kids":[],"maps":{},"any":{"int":7},"leaf":{"p":null}}},"kids":[{"self":null,"kids":[],"maps":{"a":1},"any":null,"leaf":{"p":{"long":-1}}}],` +
			`"maps":{},"any":{"Node":{"self":null,"kids":[],"maps":{},"any":{"Leaf":{"p":{"long":5}}},"leaf":{"p":null}}},"leaf":{"p":{"long":2}}}`
		if got, err := AppendJSON(nil, typ, read(t, typ, text)); err != nil || string(got) != text {
			t.Errorf("%s: got %s, error %v, want %s", name, got, err, text)
		}
	}
}

func formName(f Form) string {
	return [...]string{"Plain", "Optional", "OptionalBox", "Box", "Dynamic"}[f]
}

// Branch reads what SetBranch writes, in every form of union; setting another branch leaves nothing of the first.
func TestBranches(t *testing.T) {
	for _, text := range []string{`["null", "int"]`, `[{"type": "array", "items": "int"}, "null"]`, `["null", "R"]`, `["R", "null"]`, `["null", "R", "string", "bytes"]`,
		`["int", {"type": "map", "values": "int"}]`, `["null"]`, `[{"type": "record", "name": "E", "fields": []}, "null", "boolean"]`} {
		typ := fieldType(t, text)
		union := typ.Fields[0].Type
		r := typ.Alloc()
		for i := range union.Branches {
			for j := range union.Branches {
				union.SetBranch(r, i)
				v := union.SetBranch(r, j)
				got, at := union.Branch(r)
				if got != j || at != v && union.Form != Dynamic || at.Nil() != (j == union.Null) {
					t.Errorf("%s: set branch %d, got %d at %v, want %v", text, j, got, at, v)
				}
				if j != union.Null && !union.Branches[j].Value(at).IsZero() {
					t.Errorf("%s: branch %d after %d is %v, want the zero value", text, j, i, union.Branches[j].Value(at))
				}
			}
		}
	}
}

// An array is made of zero elements, whatever they are, and an empty one is no nil.
func TestMakeSlice(t *testing.T) {
	for _, items := range []string{`"null"`, `"boolean"`, `"int"`, `"long"`, `"float"`, `"double"`, `"string"`, `"bytes"`, `["null", "int"]`, `["int", "string"]`, `"R"`,
		`{"type": "fixed", "name": "F", "size": 3}`, `{"type": "record", "name": "S", "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "int"}]}`} {
		typ := fieldType(t, `{"type": "array", "items": `+items+`}`)
		array := typ.Fields[0].Type
		r := typ.Alloc()
		for _, n := range []int{5, 0, 3} {
			first := array.MakeSlice(r, n)
			at, got := r.Slice()
			v := array.Value(r)
			if got != n || at != first || v.IsNil() || v.Len() != n {
				t.Errorf("%s: made %d, got %d elements, nil %v", items, n, got, v.IsNil())
			}
			for i := range n {
				if !v.Index(i).IsZero() {
					t.Errorf("%s: element %d of %d is %v", items, i, n, v.Index(i))
				}
			}
		}
		for i := range 20 {
			e := array.extend(r, 3+i)
			if at, n := r.Slice(); n != 4+i || e != at.At(uintptr(3+i)*array.Elem.Size) || !array.Elem.Value(e).IsZero() {
				t.Errorf("%s: extended to %d elements, want %d", items, n, 4+i)
			}
		}
	}
}

func TestFind(t *testing.T) {
	typ := typeOf(t, nodeSchema)
	for path, want := range map[string]string{
		"leaf": "record", "leaf.p": "union", "self.leaf.p": "union", "self.self.self.maps": "map", "kids": "array", "any": "union",
		"":          `field : Node has no field "": there are self, kids, maps, any, leaf`,
		"leaf.q":    `field leaf.q: Leaf has no field "q": there are p`,
		"leaf.p.x":  `field leaf.p.x: long has no field "x"`,
		"kids.self": `field kids.self: array has no field "self"`,
		"any.Leaf":  `field any.Leaf: union has no field "Leaf"`,
		"leaf.":     `field leaf.: Leaf has no field "": there are p`,
	} {
		end, way, err := typ.Find(path)
		if err != nil {
			if err.Error() != want {
				t.Errorf("%s: got error %v, want %s", path, err, want)
			}
			continue
		}
		if got := end.Kind.String(); got != want || len(way) != strings.Count(path, ".")+1 || way[len(way)-1].Type != end {
			t.Errorf("%s: got %s by %d fields, want %s", path, got, len(way), want)
		}
	}
}

// Getter reads scalars of every kind, through records that may be null or inside themselves.
func TestGetterKinds(t *testing.T) {
	const all = `{"type": "record", "name": "R", "fields": [{"name": "z", "type": "null"}, {"name": "b", "type": "boolean"}, {"name": "i", "type": "int"}, {"name": "l", "type": "long"},
		{"name": "f", "type": "float"}, {"name": "d", "type": "double"}, {"name": "s", "type": "string"}, {"name": "y", "type": "bytes"}, {"name": "x", "type": {"type": "fixed", "name": "X", "size": 2}},
		{"name": "e", "type": {"type": "enum", "name": "E", "symbols": ["A"]}}, {"name": "n", "type": ["null", "R"]}, {"name": "u", "type": ["null", "E", "long", {"type": "map", "values": "int"}]}]}`
	typ := typeOf(t, all)
	fields := `"z":null,"b":true,"i":-1,"l":-2,"f":1.5,"d":-0.0,"s":"é","y":"\u00ff","x":"ab","e":"A"`
	r := read(t, typ, `{`+fields+`,"n":{"R":{`+fields+`,"n":null,"u":{"long":7}}},"u":{"E":"A"}}`)
	minus := func(n int64) uint64 { return uint64(-n) }
	for path, want := range map[string]Value{
		"z": {}, "b": {Num: 1}, "i": {Num: minus(1)}, "l": {Num: minus(2)}, "f": {Num: uint64(math.Float32bits(1.5))}, "d": {Num: 1 << 63},
		"s": {Text: "é"}, "y": {Text: "\xff"}, "x": {Text: "ab"}, "e": {Text: "A"}, "u": {Text: "A"}, "n.s": {Text: "é"}, "n.u": {Num: 7}, "n.n.s": {}, "n.n.n.u": {},
	} {
		get, err := Getter(typ, path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := get(r)
		if null := want == (Value{}); err != nil || got.Num != want.Num || got.Text != want.Text || (got.Node == nil) != null {
			t.Errorf("%s: got %+v, error %v, want %+v", path, got, err, want)
		}
	}
	get, err := Getter(typ, "u")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := get(read(t, typ, `{`+fields+`,"n":null,"u":{"map":{}}}`)); err == nil || err.Error() != "map has no single value" {
		t.Errorf("a map in a union: got error %v", err)
	}
	bad := typ.Alloc()
	bad.At(typ.Fields[11].Offset).SetAny("text")
	if _, err := get(bad); err == nil || err.Error() != "the union holds a string" {
		t.Errorf("a union that holds no branch: got error %v", err)
	}
}

func TestEntriesOrder(t *testing.T) {
	typ := fieldType(t, `{"type": "map", "values": "int"}`)
	r := read(t, typ, `{"f":{"é":1,"a":2,"":3,"Z":4,"aa":5,"\uffff":6,"😀":7}}`)
	text, err := AppendJSON(nil, typ, r)
	if want := "{\"f\":{\"\":3,\"Z\":4,\"a\":2,\"aa\":5,\"é\":1,\"\uffff\":6,\"😀\":7}}"; err != nil || string(text) != want {
		t.Errorf("got %s, error %v, want %s", text, err, want)
	}
	var e Entries
	e.Load(typ.Fields[0].Type, r)
	if v := e.find("aa"); v.Nil() || v.Int() != 5 || !e.find("b").Nil() {
		t.Errorf("find gives %v, and %v for what is not there", e.find("aa"), e.find("b"))
	}
}
