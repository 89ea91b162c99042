package explain_test

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/avro"
	flinkavro "github.com/wirecost/wirecost/codecs/flink/avro"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/harness/explain"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

// config asks for lines of Flink, all if there are none.
func config(lines ...explain.Line) explain.Config {
	return explain.Config{
		Lines: lines, Seed: 1, Records: 64,
		Formats:      all.Formats,
		POJO:         map[javatype.Line]codecs.Format{javatype.Flink1: pojo.Flink1, javatype.Flink2: pojo.Format},
		Register:     pojo.Open,
		Kryo:         map[javatype.Line]codecs.Format{javatype.Flink1: kryo.Flink1, javatype.Flink2: kryo.Format},
		RegisterKryo: kryo.Open,
		FlinkAvro:    flinkavro.Format, Avro: avro.Format,
	}
}

func report(t *testing.T, s *schemas.Schema, cfg explain.Config) *explain.Report {
	t.Helper()
	plan, err := records.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := explain.Of(plan, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func stream(t *testing.T, name string) *schemas.Schema {
	t.Helper()
	s, err := streams.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func parse(t *testing.T, fields string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [`+fields+`]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fallbacks are the lines and places of r's fallbacks.
func fallbacks(r *explain.Report) []string {
	var list []string
	for _, f := range r.Fallbacks {
		list = append(list, f.Flink+" "+f.Path)
	}
	return list
}

func TestFallbacks(t *testing.T) {
	for _, tt := range []struct {
		stream    string
		lines     []explain.Line
		want      []string
		forbidden string
	}{
		{"nexmark.Bid", nil, nil, ""},
		{"orders.Order", nil, []string{"1 lines"}, "1 fallback of orders.Order to Kryo"},
		{"orders.Order", explain.Lines[:1], []string{"1 lines"}, "1 fallback of orders.Order to Kryo"},
		{"orders.Order", explain.Lines[1:], nil, ""},
	} {
		r := report(t, stream(t, tt.stream), config(tt.lines...))
		if diff := cmp.Diff(tt.want, fallbacks(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.stream, diff)
		}
		if got := r.Forbidden(); got != tt.forbidden {
			t.Errorf("%s: got %q forbidden, want %q", tt.stream, got, tt.forbidden)
		}
	}
}

// The bytes of a record's fields and of the record itself are those of the codecs, in every stream.
func TestBytes(t *testing.T) {
	for _, name := range streams.Names() {
		r := report(t, stream(t, name), config())
		for _, l := range explain.Lines {
			whole, ok := r.Sizes[config().POJO[l.Line].Name]
			if !ok {
				continue
			}
			sum := 1.0 // the flag in front of the fields
			for _, f := range r.Fields {
				if c := f.Flink[l.Key]; c != nil && !strings.ContainsAny(f.Path, ".[{") {
					sum += *c.Bytes
				}
			}
			if root := *r.Fields[0].Flink[l.Key].Bytes; root != whole || !close(sum, whole) {
				t.Errorf("%s, Flink %s: got %v bytes of the root and %v of fields, want %v", name, l.Name, root, sum, whole)
			}
		}
	}
}

// close allows for what adding up means rounds.
func close(a, b float64) bool { return a-b < 1e-6 && b-a < 1e-6 }

// What a remedy saves is the difference of two encodings.
func TestRemedies(t *testing.T) {
	const list = `{"name": "f", "type": {"type": "array", "items": "string"}}`
	for _, tt := range []struct {
		fields string
		line   explain.Line
		text   string
		saves  float64
	}{
		{`{"name": "f", "type": {"type": "string", "logicalType": "uuid"}}`, explain.Lines[1], "@TypeInfo on the field", 2},
		{`{"name": "f", "type": {"type": "string", "logicalType": "uuid"}}`, explain.Lines[1], "a String field", -19},
		{`{"name": "f", "type": {"type": "int", "logicalType": "date"}}`, explain.Lines[1], "@TypeInfo on the field", 0},
		{list, explain.Lines[0], "registering java.util.ArrayList with Kryo", 20},
		{`{"name": "f", "type": {"type": "map", "values": "long"}}`, explain.Lines[0], "registering java.util.HashMap with Kryo", 18},
	} {
		r := report(t, parse(t, tt.fields), config(tt.line))
		if len(r.Fallbacks) != 1 {
			t.Fatalf("%s: got fallbacks %v, want one", tt.fields, fallbacks(r))
		}
		i := slices.IndexFunc(r.Fallbacks[0].Remedies, func(r explain.Remedy) bool { return strings.HasPrefix(r.Text, tt.text) })
		if i < 0 {
			t.Errorf("%s: got remedies %+v, want one %s", tt.fields, r.Fallbacks[0].Remedies, tt.text)
			continue
		}
		switch got := r.Fallbacks[0].Remedies[i].Saves; {
		case got == nil:
			t.Errorf("%s: %s: what it saves is unknown, want %v", tt.fields, tt.text, tt.saves)
		case *got != tt.saves:
			t.Errorf("%s: %s: saves %v, want %v", tt.fields, tt.text, *got, tt.saves)
		}
	}
}

// What would be registered has the names that Java source has.
func TestRegistered(t *testing.T) {
	const decimal, ints = `{"type": "bytes", "logicalType": "decimal", "precision": 9}`, `{"type": "array", "items": "int", "java-array": true}`
	for _, tt := range []struct{ typ, want string }{
		{`[` + ints + `,` + decimal + `]`, "int[] and java.math.BigDecimal"},
		{`["int",{"type": "array", "items": "string", "java-array": true}]`, "java.lang.String[]"},
		{`["int",{"type": "array", "items": ` + ints + `, "java-array": true}]`, "int[][]"},
		{`[` + ints + `,` + decimal + `,{"type": "map", "values": "R"},{"type": "long", "logicalType": "timestamp-millis"}]`, "R, int[], java.math.BigDecimal and 2 more"},
	} {
		r := report(t, parse(t, `{"name": "f", "type": `+tt.typ+`}`), config(explain.Lines[0]))
		if len(r.Fallbacks) != 1 {
			t.Fatalf("%s: got fallbacks %v, want one", tt.typ, fallbacks(r))
		}
		last := r.Fallbacks[0].Remedies[len(r.Fallbacks[0].Remedies)-1].Text
		if want := "registering " + tt.want + " with Kryo"; !strings.HasPrefix(last, want) {
			t.Errorf("%s: got %s, want %s", tt.typ, last, want)
		}
	}
}

// A record that 2.x cannot type is what 1.20 makes of it, and 2.x's error, in each form.
func TestUntyped(t *testing.T) {
	r := report(t, parse(t, `{"name": "v", "type": "int"}, {"name": "kids", "type": {"type": "array", "items": "R"}}`), config())
	for _, tt := range []struct {
		form func(*explain.Report, io.Writer) error
		want string
	}{
		{(*explain.Report).TSV, "kids\tjava.util.List<R>\tGenericTypeInfo\tKryoSerializer\tKRYO\t-\tStackOverflowError\t-\n"},
		{(*explain.Report).TSV, "v\tint\tIntegerTypeInfo\tIntSerializer\t-\t-\tStackOverflowError\t-\n"},
		{(*explain.Report).Text, "StackOverflowError  -\n"},
		{(*explain.Report).Markdown, "| StackOverflowError | - |\n"},
	} {
		var b strings.Builder
		if err := tt.form(r, &b); err != nil || !strings.Contains(b.String(), tt.want) {
			t.Errorf("got error %v and\n%s\nwant a line with %q", err, b.String(), tt.want)
		}
	}
	if got := fallbacks(r); len(got) != 1 || got[0] != "1 kids" {
		t.Errorf("got fallbacks %v, want 1 kids", got)
	}
}

// JSON is for programs: its keys stay.
func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := report(t, parse(t, `{"name": "f", "type": "int"}`), config(explain.Lines[1])).JSON(&b); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Schema string
		Fields []struct {
			Path, Java string
			Flink      map[string]map[string]any
		}
		Fallbacks []any
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]map[string]any{"2": {"type-info": "IntegerTypeInfo", "serializer": "IntSerializer", "kryo": false, "B/record": 5.0}}
	if len(got.Fields) != 2 || got.Fields[1].Path != "f" || got.Fallbacks == nil {
		t.Fatalf("got %s", b.String())
	}
	if diff := cmp.Diff(want, got.Fields[1].Flink); diff != "" {
		t.Errorf("field f (-want +got):\n%s", diff)
	}
}
