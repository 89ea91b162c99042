package records

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/schemas/access"
)

// dialectPlan compiles a field f of a type with arg.properties; typ is the type object without its brace.
func dialectPlan(t *testing.T, typ, args string) *Source {
	t.Helper()
	return fieldPlan(t, `{"name":"f","type":{`+typ+`,"arg.properties":`+args+`}}`)
}

// values returns field f of the first n records as JSON.
func values(t *testing.T, p *Source, n uint64) []string {
	t.Helper()
	g := p.Generator(1)
	list := make([]string, n)
	for i := range list {
		text, err := access.Marshal(p.Type, g.New(uint64(i)))
		if err != nil {
			t.Fatal(err)
		}
		var r struct{ F json.RawMessage }
		if err := json.Unmarshal(text, &r); err != nil {
			t.Fatal(err)
		}
		list[i] = string(r.F)
	}
	return list
}

// What each annotation of avro-random-generator gives: all values match, and there are as many different ones.
func TestDialect(t *testing.T) {
	for _, tt := range []struct {
		typ, args   string
		want        string // an expression
		least, most int    // different values of 300
	}{
		{`"type":"boolean"`, `{"odds":1}`, `true`, 1, 1},
		{`"type":"boolean"`, `{"odds":0}`, `false`, 1, 1},
		{`"type":"boolean"`, `{}`, `true|false`, 2, 2},
		{`"type":"boolean"`, `{"iteration":{"start":true}}`, `true|false`, 2, 2},
		{`"type":"int"`, `{"range":{"min":3,"max":6}}`, `[345]`, 3, 3},
		{`"type":"int"`, `{"options":[1,-7]}`, `1|-7`, 2, 2},
		{`"type":"int"`, `{}`, `-?\d+`, 299, 300},
		{`"type":"int","java-class":"byte"`, `{}`, `-?\d{1,3}`, 100, 256},
		{`"type":"int"`, `{"iteration":{"start":5,"restart":8}}`, `[567]`, 3, 3},
		{`"type":"long"`, `{"range":{"min":9223372036854775806}}`, `9223372036854775806`, 1, 1},
		{`"type":"long"`, `{"iteration":{"start":0,"step":-2}}`, `0|-\d*[02468]`, 300, 300},
		{`"type":"float"`, `{"range":{"min":1,"max":2}}`, `1\.\d+`, 290, 300},
		{`"type":"double"`, `{}`, `0\.\d+|\d(\.\d+)?e-0\d`, 300, 300},
		{`"type":"double"`, `{"iteration":{"start":0,"step":0.25,"restart":1}}`, `0\.0|0\.25|0\.5|0\.75`, 4, 4},
		{`"type":"string"`, `{"options":["x","y"]}`, `"[xy]"`, 2, 2},
		{`"type":"string"`, `{"length":3,"prefix":"<","suffix":">"}`, `"<.+>"`, 295, 300},
		{`"type":"string"`, `{"iteration":{"start":1,"restart":4},"prefix":"id-"}`, `"id-[123]"`, 3, 3},
		{`"type":"string"`, `{"regex":"[a-c]{2}","prefix":"p"}`, `"p[a-c]{2}"`, 9, 9},
		{`"type":"bytes"`, `{"length":{"min":2,"max":3}}`, `"([^\\]|\\u00..|\\.)+"`, 250, 300},
		{`"type":"fixed","name":"F","size":1`, `{}`, `".+"`, 100, 256},
		{`"type":"enum","name":"E","symbols":["A","B","C"]`, `{}`, `"[ABC]"`, 3, 3},
		{`"type":"array","items":"boolean"`, `{"length":2}`, `\[(true|false),(true|false)\]`, 4, 4},
		{`"type":"array","items":"boolean"`, `{"options":[[true],[]]}`, `\[true\]|\[\]`, 2, 2},
		{`"type":"map","values":"boolean"`, `{"length":1,"keys":{"options":["k","l"]}}`, `\{"[kl]":(true|false)\}`, 4, 4},
		{`"type":"map","values":"boolean"`, `{"length":2,"keys":{"regex":"[ab]"}}`, `\{("[ab]":(true|false),?){1,2}\}`, 6, 8},
		{`"type":"record","name":"S","fields":[{"name":"x","type":"int"}]`, `{"options":[{"x":1},{"x":2}]}`, `\{"x":[12]\}`, 2, 2},
		{`"type":"bytes","logicalType":"decimal","precision":2`, `{"range":{"min":5,"max":6}}`, `".+"`, 120, 200}, // a range is ignored there
		{`"type":"int"`, `{"range":{"min":1,"max":2},"format_as_time":"x","session":"y"}`, `1`, 1, 1},
	} {
		p := dialectPlan(t, tt.typ, tt.args)
		form, seen := regexp.MustCompile(`^(?s:`+tt.want+`)$`), map[string]bool{}
		for i, v := range values(t, p, 300) {
			if seen[v] = true; !form.MatchString(v) {
				t.Errorf("%s %s: record %d is %s, want %s", tt.typ, tt.args, i, v, tt.want)
				break
			}
		}
		if len(seen) < tt.least || len(seen) > tt.most {
			t.Errorf("%s %s: got %d different values, want %d to %d", tt.typ, tt.args, len(seen), tt.least, tt.most)
		}
	}
}

// Options, symbols and branches, null among them, come as often as each other; so do the lengths that are asked for.
func TestDialectOdds(t *testing.T) {
	const n = 6000
	for _, tt := range []struct {
		field string
		kinds int
		of    func(value string) string // its kind
	}{
		{`"type":{"type":"string","arg.properties":{"options":["a","b","a","c"]}}`, 4, func(v string) string { return v }},
		{`"type":{"type":"enum","name":"E","symbols":["A","B","C"],"arg.properties":{}}`, 3, func(v string) string { return v }},
		{`"type":["null",{"type":"int","arg.properties":{}},"string"]`, 3, func(v string) string { return v[:min(len(v), 3)] }},
		{`"type":["null",{"type":"int","arg.properties":{}}]`, 2, func(v string) string { return v[:min(len(v), 3)] }},
		{`"type":{"type":"array","items":"null","arg.properties":{"length":{"min":1,"max":6}}}`, 5, func(v string) string { return fmt.Sprint(len(v)) }},
		{`"type":{"type":"array","items":"null","arg.properties":{}}`, 8, func(v string) string { return fmt.Sprint(len(v)) }}, // 8 to 15
	} {
		counts := map[string]int{}
		for _, v := range values(t, fieldPlan(t, `{"name":"f",`+tt.field+`}`), n) {
			counts[tt.of(v)]++
		}
		for kind, count := range counts {
			p := 1 / float64(tt.kinds)
			if kind == `"a"` && tt.kinds == 4 {
				p = 0.5 // it stands twice
			}
			if !nearly(count, n, p) {
				t.Errorf("%s: %s came %d times of %d, want %.0f", tt.field, kind, count, n, p*n)
			}
		}
	}
}

// Where one node is annotated in the dialect the others have its defaults, not ours.
func TestDialectDefaults(t *testing.T) {
	p := fieldPlan(t, `{"name":"a","type":{"type":"boolean","arg.properties":{}}},{"name":"s","type":"string"},{"name":"m","type":{"type":"map","values":"double"}},{"name":"p","type":"int","profile":{"const":7}}`)
	g, fields := p.Generator(1), p.Type.Fields
	for i := range uint64(300) {
		r := record(t, g, i)
		text, entries := r.At(fields[1].Offset).Text(), fields[2].Type.MapLen(r.At(fields[2].Offset))
		if len(text) < 8 || len(text) > 15 || strings.IndexFunc(text, func(c rune) bool { return c > 0x7f }) >= 0 {
			t.Errorf("record %d: %q has not 8 to 15 characters of ASCII", i, text)
		}
		if entries < 1 || entries > 15 { // those whose key is there already are dropped
			t.Errorf("record %d has %d entries, want 15 at most", i, entries)
		}
		if v := r.At(fields[3].Offset).Int(); v != 7 {
			t.Errorf("record %d: a profile gave %d, want 7", i, v)
		}
	}
}

// A decimal is uniform in its precision, either sign.
func TestDialectDecimal(t *testing.T) {
	p := dialectPlan(t, `"type":"bytes","logicalType":"decimal","precision":4`, `{}`)
	g, sum, negative := p.Generator(1), 0.0, 0
	const n = 4000
	for i := range uint64(n) {
		v := int64(0)
		b := record(t, g, i).Bytes()
		for j, c := range b {
			v = v<<8 | int64(c)
			if j == 0 && c >= 0x80 {
				v -= 256
			}
		}
		if v < -9999 || v > 9999 {
			t.Fatalf("record %d: %x is %d, of more than 4 digits", i, b, v)
		}
		if sum += math.Abs(float64(v)); v < 0 {
			negative++
		}
	}
	if mean := sum / n; math.Abs(mean-5000) > 200 || !nearly(negative, n, 0.5) {
		t.Errorf("the mean of the digits is %.0f, want 5000; %d of %d are negative", mean, negative, n)
	}
}
