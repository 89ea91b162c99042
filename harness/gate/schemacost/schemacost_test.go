package schemacost

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/avro"
	flinkavro "github.com/wirecost/wirecost/codecs/flink/avro"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/harness/explain"
	"github.com/wirecost/wirecost/harness/gate"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"pgregory.net/rapid"
)

func config(codecs_ string, n uint64) Config {
	formats, err := all.Find(codecs_)
	if err != nil {
		panic(err)
	}
	return Config{File: "x.avsc", Formats: formats, Columns: []string{"avro"}, Seed: 1, Records: n, Framing: 13,
		Line: func(codecs.Format) javatype.Line { return javatype.Flink2 },
		Explain: explain.Config{Formats: all.Formats, POJO: map[javatype.Line]codecs.Format{javatype.Flink1: pojo.Flink1, javatype.Flink2: pojo.Format},
			Register: pojo.Open, FlinkAvro: flinkavro.Format, Avro: avro.Format}}
}

// revision has the fields of a record.
func revision(t interface{ Fatal(...any) }, fields string) Revision {
	s, err := schemas.Parse("x.avsc", []byte(`{"type":"record","name":"a.R","fields":[`+fields+`]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return Revision{Plan: plan}
}

func field(name, typ string) string { return fmt.Sprintf(`{"name":%q,"type":%s}`, name, typ) }

const (
	item    = `{"type":"record","name":"a.Item","fields":[{"name":"sku","type":"string"},{"name":"n","type":"int"}]}`
	item2   = `{"type":"record","name":"a.Item","fields":[{"name":"sku","type":"string"},{"name":"n","type":"long"},{"name":"x","type":"int"}]}`
	renamed = `{"type":"record","name":"a.Item","fields":[{"name":"code","aliases":["sku"],"type":"string"},{"name":"n","type":"int"}]}`
)

// What changed is found, each thing once.
func TestFields(t *testing.T) {
	for _, tt := range []struct{ name, base, head, want string }{
		{"nothing", field("a", `"int"`), field("a", `"int"`), ""},
		{"added", field("a", `"int"`), field("a", `"int"`) + "," + field("b", `"long"`), "added b: long"},
		{"added with what is inside", field("a", `"int"`), field("a", `"int"`) + "," + field("b", `{"type":"array","items":`+item+`}`), "added b: array"},
		{"removed", field("a", `"int"`) + "," + field("b", item), field("a", `"int"`), "removed b: record a.Item"},
		{"another type", field("a", `"int"`), field("a", `["null","int"]`), "type changed a: int → null | int"},
		{"a symbol more", field("a", `{"type":"enum","name":"E","symbols":["A"]}`), field("a", `{"type":"enum","name":"E","symbols":["A","B"]}`), "type changed a: enum a.E of 1 → enum a.E of 2"},
		{"a logical type", field("a", `"long"`), field("a", `{"type":"long","logicalType":"timestamp-millis"}`), "type changed a: long → long (timestamp-millis)"},
		{"in a list", field("a", `{"type":"array","items":`+item+`}`), field("a", `{"type":"array","items":`+item2+`}`),
			"type changed a[].n: int → long; added a[].x: int"},
		{"in a map", field("a", `{"type":"map","values":"int"}`), field("a", `{"type":"map","values":"string"}`), "type changed a{value}: int → string"},
		{"renamed in a list", field("a", `{"type":"array","items":`+item+`}`), field("a", `{"type":"array","items":`+renamed+`}`), "renamed a[].code (a[].sku): string → string"},
		{"renamed, with what is inside", field("a", item2), `{"name":"b","aliases":["a"],"type":` + item + `}`,
			"renamed b (a): record a.Item → record a.Item; type changed b.n (a.n): long → int; removed a.x: int"},
		{"a branch more", field("a", `["null","int","string"]`), field("a", `["null","int","string",`+item+`]`),
			"type changed a: null | int | string → null | int | string | record a.Item; added a.sku: string; added a.n: int"},
	} {
		j := gate.NewJudge(nil)
		if err := Judge(j, revision(t, tt.base), revision(t, tt.head), config("avro", 4)); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var got []string
		for _, f := range j.Verdict.Schema.Fields {
			s := f.Change + " " + f.Field
			if f.Was != "" {
				s += " (" + f.Was + ")"
			}
			switch f.Change {
			case gate.Added:
				s += ": " + f.Head
			case gate.Removed:
				s += ": " + f.Base
			case gate.Resized:
				continue
			default:
				s += ": " + f.Base + " → " + f.Head
			}
			got = append(got, s)
		}
		if got := strings.Join(got, "; "); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// The bytes of the fields that changed add up to what came to a record, in every codec whose bytes can be told apart.
func TestFieldsAddUp(t *testing.T) {
	types := []string{`"int"`, `"string"`, `["null","string"]`, `{"type":"array","items":"long"}`, `{"type":"map","values":"int"}`, `"double"`, `["null","int","string"]`,
		item, `{"type":"array","items":` + item2 + `}`, `["null",` + item + `]`}
	formats := slices.DeleteFunc(slices.Clone(all.Formats), func(f codecs.Format) bool { return f.Global })
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) string {
			var fields []string
			records := 0
			for i, k := range rapid.SliceOfN(rapid.IntRange(0, len(types)-1), 1, 6).Draw(t, label) {
				if strings.Contains(types[k], "a.Item") {
					if records++; records > 1 {
						continue // one definition
					}
				}
				fields = append(fields, field(fmt.Sprintf("f%d", i), types[k]))
			}
			return strings.Join(fields, ",")
		}
		base, head := draw("base"), draw("head")
		if base == "" || head == "" {
			t.Skip("no fields")
		}
		j, cfg := gate.NewJudge(nil), config("all", 4)
		cfg.Formats = formats
		if err := Judge(j, revision(t, base), revision(t, head), cfg); err != nil {
			t.Fatal(err)
		}
		for _, c := range j.Verdict.Schema.Codecs {
			if c.Base == nil || c.Head == nil {
				continue
			}
			sum, told := 0.0, len(j.Verdict.Schema.Fields) == 0
			for _, f := range j.Verdict.Schema.Fields {
				b, ok := f.Bytes[c.Codec]
				sum, told = sum+b.Head-b.Base, told || ok
			}
			if want := c.Head.Record - c.Base.Record; told && math.Abs(sum-want) > 1e-9 {
				t.Errorf("%s: fields add up to %v of %v\nbase %s\nhead %s", c.Codec, sum, want, base, head)
			}
		}
	})
}

// Fields that do not change hold the same values, wherever they stand: other fields may come and go.
func TestSameValues(t *testing.T) {
	a, b := field("a", `"string"`), field("b", item)
	j := gate.NewJudge(nil)
	if err := Judge(j, revision(t, a+","+b), revision(t, field("new", `"int"`)+","+b+","+a), config("avro,pojo", 64)); err != nil {
		t.Fatal(err)
	}
	for _, f := range j.Verdict.Schema.Fields {
		if f.Field == "a" || strings.HasPrefix(f.Field, "b") {
			t.Errorf("it changed: %+v", f)
		}
	}
}

// New fallbacks are judged one by one, so that one that is gone does not hide one that came.
func TestFallbacks(t *testing.T) {
	const list, strings_ = `{"type":"map","values":"int"}`, `"string"`
	for _, tt := range []struct {
		name, base, head string
		want             map[string]gate.Outcome
		kryo             int // new
	}{
		{"none", field("a", strings_), field("a", `"int"`), map[string]gate.Outcome{}, 0},
		{"stays", field("a", list), field("a", list), map[string]gate.Outcome{}, 0},
		{"came", field("a", strings_), field("a", strings_) + "," + field("b", list), map[string]gate.Outcome{"b/flink=1": gate.Regression}, 1},
		{"went", field("a", strings_) + "," + field("b", list), field("a", strings_), map[string]gate.Outcome{"b/flink=1": gate.Improved}, 0},
		{"one for another", field("a", strings_) + "," + field("b", list), field("a", list) + "," + field("b", strings_),
			map[string]gate.Outcome{"a/flink=1": gate.Regression, "b/flink=1": gate.Improved}, 1},
		{"renamed", field("a", list), `{"name":"b","aliases":["a"],"type":` + list + `}`, map[string]gate.Outcome{}, 0},
	} {
		j := gate.NewJudge(nil)
		if err := Judge(j, revision(t, tt.base), revision(t, tt.head), config("avro", 4)); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got, kryo := map[string]gate.Outcome{}, 0
		for _, r := range j.Verdict.Rows {
			if r.Unit == gate.UnitFallbacks {
				_, name, _ := strings.Cut(r.Cell, "/field=")
				got[name] = r.Outcome
			}
		}
		for _, s := range j.Verdict.Schema.Flink {
			if s.Kryo {
				kryo++
				if s.Reason == "" || len(s.Remedies) == 0 {
					t.Errorf("%s: a fallback without a reason or a remedy: %+v", tt.name, s)
				}
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || kryo != tt.kryo {
			t.Errorf("%s: %d new fallbacks, want %d; rows (-want +got):\n%s", tt.name, kryo, tt.kryo, diff)
		}
	}
}

// The JSON of a verdict has what a program asks for, also where the schema is new.
func TestJSON(t *testing.T) {
	j := gate.NewJudge(nil)
	if err := Judge(j, Revision{}, revision(t, field("a", `"int"`)), config("avro,pojo", 4)); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := j.Close().JSON(&b); err != nil {
		t.Fatal(err)
	}
	var v gate.Verdict
	if err := json.Unmarshal([]byte(b.String()), &v); err != nil {
		t.Fatal(err)
	}
	if v.Schema == nil || v.Schema.Base != "" || v.Schema.Head != "a.R" || len(v.Schema.Codecs) != 2 || v.Schema.Codecs[0].Head.Wire != v.Schema.Codecs[0].Head.Record+13 {
		t.Errorf("got %+v", v.Schema)
	}
}
