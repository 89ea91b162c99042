package typeinfo_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/typeinfo"
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
	rows, err := typeinfo.Choices(j)
	if err != nil {
		t.Fatal(err)
	}
	out := "path\tjava\tflink1_info\tflink1_serializer\tflink1_kryo\tflink2_info\tflink2_serializer\tflink2_kryo\n"
	for _, c := range rows {
		out += c.Path + "\t" + c.Type.JavaName() + "\t" + cells(c.Flink1) + "\t" + cells(c.Flink2) + "\n"
	}
	return out
}

func cells(s *typeinfo.Serializer) string {
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
		err := typeinfo.Extractor{}.Walk(".", j, func(path string, _ *javatype.Type, s typeinfo.Serializer) {
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
		if err := (typeinfo.Extractor{Line: javatype.Flink1}).Walk(".", j, func(string, *javatype.Type, typeinfo.Serializer) {}); err != nil {
			t.Errorf("%s: 1.20 types everything, got error %v", tt.field, err)
		}
	}
}

// An array class may be what is inside itself.
func TestReasonOfArrays(t *testing.T) {
	j := parse(t, `{"type":"record","name":"P","fields":[{"name":"w","type":{"type":"array","java-array":true,"items":
		{"type":"record","name":"N","fields":[{"name":"kids","type":{"type":"array","items":"N","java-array":true}}]}}}]}`)
	kids := j.Record.Fields[0].Type.Elem.Record.Fields[0].Type
	const want = "N[] is inside itself: Flink types the inner occurrence as a generic type"
	for _, line := range []javatype.Line{javatype.Flink1, javatype.Flink2} {
		if got := typeinfo.Reason(kids, line); got != want {
			t.Errorf("line %d: got %q, want %q", line, got, want)
		}
	}
}
