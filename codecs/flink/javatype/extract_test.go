package javatype_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
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

// table returns the rows of types.tsv that we would print.
func table(t *testing.T, j *javatype.Type) string {
	t.Helper()
	rows, err := javatype.Choices(j)
	if err != nil {
		t.Fatal(err)
	}
	out := "path\tjava\tflink1_info\tflink1_serializer\tflink1_kryo\tflink2_info\tflink2_serializer\tflink2_kryo\n"
	for _, c := range rows {
		out += c.Path + "\t" + c.Type.JavaName() + "\t" + cells(c.Flink1) + "\t" + cells(c.Flink2) + "\n"
	}
	return out
}

func cells(s *javatype.Serializer) string {
	if s == nil {
		return "-\t-\t-"
	}
	kryo := "-"
	if s.Kryo {
		kryo = "KRYO"
	}
	return s.Info + "\t" + s.Name + "\t" + kryo
}

// What released Flink chose for each field of the golden schemas, in both lines.
func TestTypes(t *testing.T) {
	files, err := filepath.Glob("../testdata/*/*/types.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
	}
	for _, file := range files {
		schema, err := os.ReadFile(filepath.Join(filepath.Dir(file), "schema.avsc"))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), table(t, parse(t, string(schema)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}

func TestRecursion(t *testing.T) {
	const node = `{"type":"record","name":"N","fields":[{"name":"v","type":"int"},{"name":"n","type":%s}]}`
	for _, tt := range []struct {
		field string
		kryo  string // the paths of Kryo in 2.x
		typed bool   // by 2.x
	}{
		{`["null","N"]`, "n", true},
		{`{"type":"array","items":"N"}`, "", false},
		{`{"type":"map","values":"N"}`, "", false},
		{`{"type":"array","items":"N","java-array":true}`, "n[]", true},
		{`{"type":"array","items":{"type":"array","items":"N"}}`, "n", true},
		{`{"type":"array","items":{"type":"record","name":"B","fields":[{"name":"a","type":["null","N"]}]}}`, "", false},
		{`{"type":"record","name":"B","fields":[{"name":"a","type":["null","N"]},{"name":"b","type":["null","B"]}]}`, "n.a n.b", true},
	} {
		j := parse(t, strings.Replace(node, "%s", tt.field, 1))
		var kryo []string
		err := javatype.Extractor{}.Walk(".", j, func(path string, _ *javatype.Type, s javatype.Serializer) {
			if s.Kryo {
				kryo = append(kryo, path)
			}
		})
		if tt.typed != (err == nil) || err != nil && !(errors.Is(err, schemas.ErrUnsupported) && strings.Contains(err.Error(), "StackOverflowError")) {
			t.Errorf("%s: got error %v, typed should be %v", tt.field, err, tt.typed)
		}
		if got := strings.Join(kryo, " "); err == nil && got != tt.kryo {
			t.Errorf("%s: got Kryo at %q, want %q", tt.field, got, tt.kryo)
		}
		if err := (javatype.Extractor{Line: javatype.Flink1}).Walk(".", j, func(string, *javatype.Type, javatype.Serializer) {}); err != nil {
			t.Errorf("%s: 1.20 types everything, got error %v", tt.field, err)
		}
	}
}

func TestClassNames(t *testing.T) {
	j := parse(t, `{"type":"record","name":"ex.R","fields":[
		{"name":"Count","type":{"type":"array","items":"int","java-array":true}},
		{"name":"amount","type":{"type":"array","items":{"type":"array","items":["null","long"],"java-array":true},"java-array":true}},
		{"name":"b","type":{"type":"array","items":{"type":"record","name":"I","fields":[{"name":"x","type":"int"}]},"java-array":true}},
		{"name":"_c","type":{"type":"array","items":"bytes","java-array":true}},
		{"name":"d","type":{"type":"array","items":{"type":"array","items":"string"},"java-array":true}},
		{"name":"e","type":{"type":"map","values":"long"}},
		{"name":"g","type":{"type":"array","items":{"type":"int","java-class":"short"},"java-array":true}}]}`)
	want := []struct{ field, java, runtime string }{
		{"Count", "int[]", "[I"},
		{"_c", "byte[][]", "[[B"},
		{"amount", "java.lang.Long[][]", "[[Ljava.lang.Long;"},
		{"b", "ex.I[]", "[Lex.I;"},
		{"d", "java.util.List<java.lang.String>[]", "[Ljava.util.List;"},
		{"e", "java.util.Map<java.lang.String, java.lang.Long>", "java.util.HashMap"},
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
		{`[{"type":"int","logicalType":"time-millis"},{"type":"long","logicalType":"time-micros"}]`, "the branches int and long, which are both java.time.LocalTime in Java"},
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
