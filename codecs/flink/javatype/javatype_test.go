package javatype_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

func parse(t *testing.T, text string) *javatype.Type {
	t.Helper()
	s, err := schemas.Parse("x.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	return javatype.Of(typ)
}

func TestClassNames(t *testing.T) {
	j := parse(t, `{"type":"record","name":"ex.R","fields":[
		{"name":"Count","type":{"type":"array","items":"int","java-array":true}},
		{"name":"amount","type":{"type":"array","items":{"type":"array","items":["null","long"],"java-array":true},"java-array":true}},
		{"name":"b","type":{"type":"array","items":{"type":"record","name":"I","fields":[{"name":"x","type":"int"}]},"java-array":true}},
		{"name":"_c","type":{"type":"array","items":"bytes","java-array":true}},
		{"name":"d","type":{"type":"array","items":{"type":"array","items":"string"},"java-array":true}},
		{"name":"e","type":{"type":"map","values":"long"}},
		{"name":"f","type":{"type":"array","items":["long"],"java-array":true}},
		{"name":"g","type":{"type":"array","items":{"type":"int","java-class":"short"},"java-array":true}}]}`)
	want := []struct{ field, java, runtime string }{
		{"Count", "int[]", "[I"},
		{"_c", "byte[][]", "[[B"},
		{"amount", "java.lang.Long[][]", "[[Ljava.lang.Long;"},
		{"b", "ex.I[]", "[Lex.I;"},
		{"d", "java.util.List<java.lang.String>[]", "[Ljava.util.List;"},
		{"e", "java.util.Map<java.lang.String, java.lang.Long>", "java.util.HashMap"},
		{"f", "long[]", "[J"},
		{"g", "short[]", "[S"},
	}
	for i, f := range j.Record.Fields {
		if w := want[i]; f.Name != w.field || f.Type.JavaName() != w.java || f.Type.RuntimeName() != w.runtime {
			t.Errorf("field %d: got %s %s %s, want %v", i, f.Name, f.Type.JavaName(), f.Type.RuntimeName(), w)
		}
	}
}

func TestCheckUnions(t *testing.T) {
	const fixed = `{"type":"fixed","name":"X","size":4}`
	for _, tt := range []struct{ field, want string }{
		{`["null","int","long","string","bytes",{"type":"array","items":"int"},{"type":"map","values":"int"}]`, ""},
		{`[` + fixed + `,"bytes"]`, "f: a union has the branches X and bytes, which are both byte[] in Java"},
		{`["null",` + fixed + `,{"type":"fixed","name":"Y","size":5}]`, "the branches X and Y, which are both byte[] in Java"},
		{`["bytes",{"type":"array","items":{"type":"int","java-class":"byte"},"java-array":true}]`, "the branches bytes and array, which are both byte[] in Java"},
		{`[{"type":"int","logicalType":"time-millis"},{"type":"long","logicalType":"time-micros"}]`, ""}, // a value tells, but for whole milliseconds
		{`{"type":"map","values":{"type":"array","items":[{"type":"bytes","logicalType":"decimal","precision":4},"null",{"type":"fixed","name":"D","size":4,"logicalType":"decimal","precision":4}]}}`, "the branches bytes and D, which are both java.math.BigDecimal in Java"},
		{`["int",{"type":"record","name":"A","fields":[{"name":"r","type":["null","R"]},{"name":"g","type":["bytes",` + fixed + `]}]}]`, "f: g: a union has the branches bytes and X"},
	} {
		err := parse(t, `{"type":"record","name":"R","fields":[{"name":"f","type":`+tt.field+`}]}`).CheckUnions()
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: got error %v, want none", tt.field, err)
		case tt.want != "" && (!errors.Is(err, schemas.ErrUnsupported) || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: got error %v, want %s", tt.field, err, tt.want)
		}
	}
}

// A union of one branch is as the branch, and says of itself that it is one.
func TestLone(t *testing.T) {
	j := parse(t, `{"type":"record","name":"R","fields":[{"name":"a","type":["long"]},{"name":"b","type":["null","long"]},{"name":"c","type":"long"},
		{"name":"d","type":["null"]},{"name":"e","type":["long","int"]},{"name":"f","type":{"type":"array","items":["long"]}}]}`)
	for i, want := range []struct {
		java string
		lone bool
	}{
		{"long", true}, {"java.lang.Long", false}, {"long", false}, {"java.lang.Void", false}, {"java.lang.Object", false}, {"java.util.List<java.lang.Long>", false},
	} {
		f := j.Record.Fields[i]
		if got := f.Type.JavaName(); got != want.java || f.Type.Lone() != want.lone {
			t.Errorf("field %s: got %s, lone %v, want %s, %v", f.Name, got, f.Type.Lone(), want.java, want.lone)
		}
	}
	if elem := j.Record.Fields[5].Type.Elem; !elem.Lone() || elem.JavaName() != "java.lang.Long" {
		t.Errorf("an element: got %s, lone %v", elem.JavaName(), elem.Lone())
	}
}
