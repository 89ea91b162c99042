package guide_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/records/guide"
	"github.com/wirecost/wirecost/schemas"
)

func TestPage(t *testing.T) {
	want, err := guide.Page()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../docs/profile.md")
	if diff := cmp.Diff(string(got), want); diff != "" || err != nil {
		t.Errorf("stale, run go generate: %v (-committed +generated):\n%s", err, diff)
	}
}

// Every example makes values, and every key of a profile has one that it stands in.
func TestExamples(t *testing.T) {
	var all strings.Builder
	for _, k := range records.Language {
		if k.Example == "" {
			continue
		}
		all.WriteString(k.Example)
		if !strings.Contains(k.Example, `"`+k.Name+`": `) {
			t.Errorf("the example of %s does not have it: %s", k.Name, k.Example)
		}
		if values, err := guide.Made(k, 20); err != nil || len(values) != 20 {
			t.Errorf("%s: %v", k.Name, err)
		}
	}
	for _, k := range records.Language {
		if k.In == "" && k.Name != "keyBy" && !strings.Contains(all.String(), `"`+k.Name+`": `) {
			t.Errorf("no example has %s", k.Name)
		}
	}
}

// kindsOf are types for each word of Key.On.
var kindsOf = map[string]string{
	"boolean": `"boolean"`, "int": `"int"`, "long": `"long"`, "float": `"float"`, "double": `"double"`, "string": `"string"`, "bytes": `"bytes"`,
	"decimal": `{"type":"bytes","logicalType":"decimal","precision":9}`, "fixed": `{"type":"fixed","name":"F","size":4}`,
	"enum": `{"type":"enum","name":"E","symbols":["A","B"]}`, "array": `{"type":"array","items":"int"}`, "map": `{"type":"map","values":"int"}`,
	"record": `{"type":"record","name":"S","fields":[]}`, "nullable union": `["null","int"]`, "union": `["int","string"]`,
}

// The table says of each key which types it is for, and so does the parser: no other is unknown to it.
func TestTypes(t *testing.T) {
	for of, typ := range kindsOf {
		for _, k := range records.Language {
			if k.In != "" {
				continue
			}
			_, err := compile(t, typ, `{"`+k.Name+`": 0}`)
			unknown := err != nil && strings.Contains(err.Error(), `unknown key "`+k.Name+`"`)
			if want := !isFor(k, of); unknown != want && !settled(k.Name, of) {
				t.Errorf("%s on %s: unknown is %v, and the table says %v: %v", k.Name, of, unknown, want, err)
			}
		}
	}
}

// settled reports whether the parser refuses a key on a type with words of its own, or takes it as another's.
func settled(key, of string) bool {
	switch of {
	case "nullable union":
		return true // whose keys are also those of its branch
	case "union":
		return slices.Contains([]string{"pick", "alt", "null"}, key)
	}
	// refused where it stands, with a reason
	return slices.Contains([]string{"pick", "first", "len", "sum", "alt"}, key)
}

func isFor(k records.Key, of string) bool {
	return k.On == of || slices.Contains(strings.Fields(k.On), of) && !strings.HasSuffix(k.On, "union") && k.On != "root record"
}

func compile(t *testing.T, typ, profile string) (*records.Source, error) {
	t.Helper()
	s, err := schemas.Parse("test", []byte(`{"type":"record","name":"R","fields":[{"name":"x","type":`+typ+`,"profile":`+profile+`}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	return records.Compile(s, nil)
}

func TestUnknown(t *testing.T) {
	for _, tt := range []struct{ typ, profile, want string }{
		{`"string"`, `{"chrs": "hex"}`, `x: unknown key "chrs" for string: did you mean "chars"? there are alt, chars, const, first, format, len, num, other, parts, pick, time, top, uuid, width`},
		{`"long"`, `{"time": {"stat": 3}}`, `x: time: unknown key "stat": did you mean "start"? there are add, den, late, num, start, unit`},
		{`"string"`, `{"pick": {"n": 3, "zip": 1}}`, `x: pick: unknown key "zip": did you mean "zipf"? there are hot, label, n, p, ranks, rest, zipf`},
		{`["null","string"]`, `{"nul": 0.1}`, `x: unknown key "nul" for a nullable union: did you mean "null"? there are alt, chars, const, first, format, len, null, `},
		{`"string"`, `{"width": 4}`, `x: key "width" does nothing here for string: it says with num: `},
		{`"int"`, `{"first": [1]}`, `x: first needs pick`},
	} {
		if _, err := compile(t, tt.typ, tt.profile); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.profile, err, tt.want)
		}
	}
}

// Every alphabet is in the table, and every one in the table is there.
func TestAlphabets(t *testing.T) {
	for _, a := range records.Alphabets {
		name, _ := json.Marshal(a.Name)
		if _, err := compile(t, `"string"`, `{"len": 3, "chars": `+string(name)+`}`); err != nil {
			t.Error(err)
		}
	}
}

// Every hint is a profile for each of its types.
func TestHints(t *testing.T) {
	if len(records.Hints) > 40 {
		t.Errorf("%d hints: so many nobody reads", len(records.Hints))
	}
	for _, h := range records.Hints {
		for of := range strings.FieldsSeq(h.Of) {
			for name := range strings.FieldsSeq(h.Names) {
				s, err := schemas.Parse("test", []byte(`{"type":"record","name":"R","fields":[{"name":"the_`+name+`","type":["null",`+kindsOf[of]+`]}]}`), "")
				if err != nil {
					t.Fatal(err)
				}
				plan, err := records.Config{Hints: true}.Compile(s)
				if err != nil || !plan.Hinted || plan.Invented != 1 {
					t.Errorf("%s of type %s: %v, hinted %v", name, of, err, plan.Hinted)
				}
				plain, err := records.Compile(s, nil)
				if err != nil || plain.Hinted || plain.Invented != 1 || plain.Fields != 1 {
					t.Errorf("%s of type %s without hints: %v, hinted %v", name, of, err, plain.Hinted)
				}
			}
		}
	}
}

func TestHelp(t *testing.T) {
	for line := range strings.Lines(guide.Help(100)) {
		if len([]rune(line)) > 101 {
			t.Errorf("a line of %d characters: %s", len([]rune(line)), line)
		}
	}
}
