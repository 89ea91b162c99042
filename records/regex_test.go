package records

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"
	"unicode/utf8"
)

// Repetitions of repetitions are refused where they multiply, before a text is drawn.
func TestNestedRegex(t *testing.T) {
	nested := func(n int, inner string) string { return strings.Repeat("(", n) + inner + strings.Repeat(")+", n) }
	for _, tt := range []struct{ regex, want string }{
		{nested(5, "a+"), ""},
		{nested(8, "a+"), "a text takes 2.63e+04 steps to draw"},
		{nested(60, "a+"), "steps to draw"},
		{nested(60, ""), "steps to draw"},
		{nested(20, "a|b"), "steps to draw"},
		{nested(10, "(x|y*)[a-z]{3}"), "steps to draw"},
		{"(((a{1,100}){1,10}){1,1})*", ""},
		{strings.Repeat("a", 5000), ""},
		{strings.Repeat("(a*|b)", 2000), ""},
	} {
		expr, err := json.Marshal(tt.regex)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Compile(parsed(t, `{"name":"f","type":{"type":"string","arg.properties":{"regex":`+string(expr)+`}}}`), nil)
		if (err == nil) != (tt.want == "") || err != nil && !(strings.HasPrefix(err.Error(), "f: arg.properties: regex: a text takes") && strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%.60s: got error %.200v, want %s", tt.regex, err, tt.want)
		}
	}
}

// What a text costs is foreseen: characters are the mean of what is drawn. All that is drawn matches.
func TestRegexCost(t *testing.T) {
	for _, expr := range []string{"abc", "[a-z]{3,8}", "a*b+c?", "(ab|c|)*x", "((a|b)+-){2}", "[^a]{0,3}", "\\d{4}-\\d{2}", "(a+b)+", "x{2,}", "^(foo|ba[rz])$"} {
		raw, err := json.Marshal(expr)
		if err != nil {
			t.Fatal(err)
		}
		r, err := newRegex(raw)
		if err != nil {
			t.Fatal(err)
		}
		matches := regexp.MustCompile("^(?:" + expr + ")$")
		sum := 0
		const texts = 20000
		for i := range uint64(texts) {
			st := root(1, i).stream(7)
			text := string(r.append(nil, &st, 0, math.MaxInt32))
			if !matches.MatchString(text) {
				t.Fatalf("%s: %q does not match", expr, text)
			}
			sum += utf8.RuneCountInString(text)
		}
		if mean := float64(sum) / texts; math.Abs(mean-r.mean) > 0.03*r.mean+0.01 {
			t.Errorf("%s: texts have %.2f characters, %.2f foreseen", expr, mean, r.mean)
		}
	}
}

// A length beside an expression is kept, or warned of.
func TestRegexLength(t *testing.T) {
	for _, tt := range []struct {
		regex, length string
		kept          bool
	}{
		{"[a-z]{20,29}", `{"min":20,"max":30}`, true},
		{"[a-z]*", `{"min":1,"max":5}`, true},
		{"[a-z]*", `{"min":20,"max":30}`, false},
		{"a{50}", `{"max":10}`, false},
		{"a{3}", `{"min":8,"max":16}`, true}, // no text is longer, so that the least is its length
		{"[a-z]*", `{"min":3}`, true},
		{"[a-z]+", `7`, false},
	} {
		field := `{"name":"f","type":{"type":"string","arg.properties":{"regex":"` + tt.regex + `","length":` + tt.length + `}}}`
		p := fieldPlan(t, field)
		want := fmt.Sprintf("of 100 texts of the regex %q have not the length asked for", tt.regex)
		switch {
		case tt.kept && len(p.Warnings) > 0:
			t.Errorf("%s of %s: got warnings %q, want none", tt.length, tt.regex, p.Warnings)
		case !tt.kept && (len(p.Warnings) != 1 || !strings.HasPrefix(p.Warnings[0], "f: ") || !strings.Contains(p.Warnings[0], want)):
			t.Errorf("%s of %s: got warnings %q, want f: … %s", tt.length, tt.regex, p.Warnings, want)
		}
	}
	if p := fieldPlan(t, `{"name":"f","type":{"type":"string","arg.properties":{"regex":"[a-z]*"}}}`); len(p.Warnings) > 0 {
		t.Errorf("a length that nobody asked for: got warnings %q", p.Warnings)
	}
}

// The longest text is what a least length falls to.
func TestLongest(t *testing.T) {
	for expr, want := range map[string]int{
		"abc": 3, "a|bcd": 3, "[a-z]{2,5}x": 6, "a*": math.MaxInt32, "(a|b){3}": 3, "": 0, "^$": 0, "(){1,}": 0, "(ab)?c": 3, "a+b{2}": math.MaxInt32, "é.": 2,
	} {
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := longest(tree); got != want && !(want == math.MaxInt32 && got >= want) {
			t.Errorf("%q: got %d, want %d", expr, got, want)
		}
	}
}

// A length or a size without a largest is no longer than one would want to look at.
func TestMissingMax(t *testing.T) {
	for _, tt := range []struct {
		field       string
		least, most int
	}{
		{`{"name":"f","type":"string","profile":{"len":{"min":5}}}`, 5, 24},
		{`{"name":"f","type":"string","profile":{"len":{"min":100}}}`, 100, 200},
		{`{"name":"f","type":"string","profile":{"len":{}}}`, 0, 24},
		{`{"name":"f","type":"string","profile":{"len":{"shape":"log","min":1}}}`, 1, 24},
		{`{"name":"f","type":"string","profile":{"len":{"shape":"normal","mean":300,"sd":1,"min":5}}}`, 290, 310},
		{`{"name":"f","type":"bytes","profile":{"len":{"min":30}}}`, 30, 60},
		{`{"name":"f","type":{"type":"array","items":"int"},"profile":{"size":{"min":3}}}`, 3, 6},
		{`{"name":"f","type":{"type":"array","items":"int"},"profile":{"size":{"min":0}}}`, 0, 4},
		{`{"name":"f","type":"string","profile":{"parts":[{"len":{"min":20}}]}}`, 20, 40},
	} {
		p := fieldPlan(t, tt.field)
		g, seen := p.Generator(1), map[int]bool{}
		for i := range uint64(2000) {
			n := p.Type.Fields[0].Type.Value(record(t, g, i)).Len()
			if seen[n] = true; n < tt.least || n > tt.most {
				t.Fatalf("%s: record %d has %d, want %d to %d", tt.field, i, n, tt.least, tt.most)
			}
		}
		if len(seen) < 3 {
			t.Errorf("%s: all are as long", tt.field)
		}
	}
}
