package records

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/schemas/access"
)

// What is a number, odds, a weight, a text or a list in a profile, and what is said of what is none.
func TestProfileValues(t *testing.T) {
	read := map[string]func(json.RawMessage) (any, error){
		"integer": func(raw json.RawMessage) (any, error) { return integer(raw) },
		"number":  func(raw json.RawMessage) (any, error) { return number(raw) },
		"odds":    func(raw json.RawMessage) (any, error) { return odds(raw) },
		"weight":  func(raw json.RawMessage) (any, error) { return weight(raw) },
		"text":    func(raw json.RawMessage) (any, error) { return text(raw) },
		"list":    func(raw json.RawMessage) (any, error) { l, err := list(raw); return len(l), err },
	}
	for _, tt := range []struct{ what, raw, want string }{
		{"integer", `-9223372036854775808`, "-9223372036854775808"},
		{"integer", ` 7 `, "7"},
		{"integer", `9223372036854775808`, "9223372036854775808 is no integer of 64 bits"},
		{"integer", `1.0`, "1.0 is no integer of 64 bits"},
		{"integer", `1e3`, "1e3 is no integer of 64 bits"},
		{"integer", `"1"`, `"1" is no integer of 64 bits`},
		{"integer", `null`, "null is no integer of 64 bits"},
		{"number", `-1.5e3`, "-1500"},
		{"number", `1e999`, "1e999 is no number"},
		{"number", `true`, "true is no number"},
		{"number", `[1]`, "[1] is no number"},
		{"odds", `0`, "0"},
		{"odds", `1`, "1"},
		{"odds", `1.0000001`, "1.0000001 is not from 0 to 1"},
		{"odds", `-0.1`, "-0.1 is not from 0 to 1"},
		{"weight", `2147483648`, "2147483648"},
		{"weight", `2147483649`, "weight 2147483649 is not from 0 to 2^31"},
		{"weight", `-1`, "weight -1 is not from 0 to 2^31"},
		{"weight", `0.5`, "0.5 is no integer of 64 bits"},
		{"text", `"aé"`, "aé"},
		{"text", `7`, "7 is no text"},
		{"text", `null`, "null is no text"},
		{"text", `["` + strings.Repeat("x", 100) + `"]`, `["` + strings.Repeat("x", 58) + " is no text"},
		{"list", `[]`, "0"},
		{"list", `[1, [2]]`, "2"},
		{"list", `null`, "null is no list"},
		{"list", `{}`, "{} is no list"},
	} {
		got, err := read[tt.what](json.RawMessage(tt.raw))
		shown := fmt.Sprint(got)
		if err != nil {
			shown = err.Error()
		}
		if shown != tt.want {
			t.Errorf("%s %s: got %s, want %s", tt.what, tt.raw, shown, tt.want)
		}
	}
}

// A profile knows which of its keys were read; without leaves the others to another.
func TestProfileKeys(t *testing.T) {
	p, err := readProfile(json.RawMessage(`{"a": 1, "b": {"c": [2]}, "d": null}`))
	if err != nil {
		t.Fatal(err)
	}
	if !p.has("a") || p.has("c") || !p.any("x", "b") || p.any("x", "c") || count(p, "a", "b", "x") != 2 {
		t.Error("has and any are wrong of what there is")
	}
	if got := string(p.take("b")); got != `{"c": [2]}` || p.take("x") != nil {
		t.Errorf("took %s, and %s for what is not there", got, p.take("x"))
	}
	if left := p.left(); !slices.Equal(left, []string{"a", "d"}) {
		t.Errorf("got %q left, want a and d", left)
	}
	rest := p.without("a", "b")
	if left := rest.left(); !slices.Equal(left, []string{"d"}) || p.without("a", "b", "d") != nil {
		t.Errorf("without a and b there is %q", left)
	}
	var none *profile
	if none.has("a") || none.take("a") != nil || none.left() != nil || none.without("a") != nil || none.any("a") {
		t.Error("no profile has keys")
	}
	for raw, want := range map[string]string{`[]`: "want an object", `7`: "want an object", ``: "want an object", `{"a":1,"a":2}`: `"a" stands twice`, `{"a":1} {}`: "text after the object"} {
		if _, err := readProfile(json.RawMessage(raw)); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", raw, err, want)
		}
	}
}

// Literals of a profile are plain JSON, of every type.
func TestLiterals(t *testing.T) {
	for _, tt := range []struct{ typ, literal, want string }{
		{`"boolean"`, `true`, `true`},
		{`"int"`, `-3`, `-3`},
		{`"long"`, `9007199254740993`, `9007199254740993`},
		{`"float"`, `0.1`, `0.1`},
		{`"double"`, `"NaN"`, `"NaN"`},
		{`"string"`, `"é"`, `"é"`},
		{`"bytes"`, `"\u00ff"`, `"ÿ"`},
		{`{"type":"fixed","name":"F","size":2}`, `"ab"`, `"ab"`},
		{`{"type":"enum","name":"E","symbols":["A","B"]}`, `"B"`, `"B"`},
		{`["null","int"]`, `5`, `{"int":5}`},
		{`{"type":"array","items":["null","string"]}`, `["a",null]`, `[{"string":"a"},null]`},
		{`{"type":"map","values":["string","null"]}`, `{"k":"v"}`, `{"k":{"string":"v"}}`},
		{`{"type":"record","name":"S","fields":[{"name":"x","type":["null","S"]},{"name":"y","type":{"type":"array","items":"int"}}]}`, `{"x":{"x":null,"y":[]},"y":[1]}`, `{"x":{"S":{"x":null,"y":[]}},"y":[1]}`},
	} {
		profile := `"profile":{"const":` + tt.literal + `}`
		if tt.typ == `["null","int"]` {
			profile = `"profile":{"null":0,"const":` + tt.literal + `}`
		}
		p := fieldPlan(t, `{"name":"f","type":`+tt.typ+`,`+profile+`}`)
		for i := range uint64(3) {
			checkJSON(t, p, i, `{"f":`+tt.want+`}`)
		}
	}
}

// What a literal holds is each record's own, but for texts.
func TestLiteralsFresh(t *testing.T) {
	p := fieldPlan(t, `{"name":"a","type":{"type":"array","items":"int"},"profile":{"const":[1,2]}},{"name":"b","type":"bytes","profile":{"const":"xy"}},
		{"name":"m","type":{"type":"map","values":"int"},"profile":{"const":{"k":1}}}`)
	g, fields := p.Generator(1), p.Type.Fields
	first, second := record(t, g, 0), record(t, g, 1)
	array, _ := first.Slice()
	array.SetInt(7)
	first.At(fields[1].Offset).Bytes()[0] = '!'
	v := fields[2].Type.Elem.Alloc()
	fields[2].Type.Put(first.At(fields[2].Offset), "more", v)
	for i, r := range map[string]access.Ref{"the next record": second, "a later one": record(t, g, 2)} {
		const want = `{"a":[1,2],"b":"xy","m":{"k":1}}`
		if got, err := access.AppendJSON(nil, p.Type, r); err != nil || string(got) != want {
			t.Errorf("%s is %s, error %v, want %s", i, got, err, want)
		}
	}
}
