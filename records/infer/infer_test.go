package infer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/records/infer"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
	"pgregory.net/rapid"
)

// drafted returns the schema of lines.
func drafted(lines ...string) (string, error) {
	var d infer.Draft
	for i, line := range lines {
		if err := d.Add([]byte(line)); err != nil {
			return "", fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	text, err := d.Schema("shop.Event")
	return string(text), err
}

// typeOf returns the type of the one field x of records.
func typeOf(t *testing.T, lines ...string) string {
	t.Helper()
	text, err := drafted(lines...)
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Fields []struct {
			Type    json.RawMessage
			Profile json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if s.Fields[0].Profile != nil {
		return string(s.Fields[0].Type) + " " + string(s.Fields[0].Profile)
	}
	return string(s.Fields[0].Type)
}

func TestTypes(t *testing.T) {
	many := func(n int, value func(i int) string) (lines []string) {
		for i := range n {
			lines = append(lines, `{"x":`+value(i)+`}`)
		}
		return lines
	}
	all := func(values ...string) []string { return many(len(values), func(i int) string { return values[i] }) }
	for _, tt := range []struct {
		lines []string
		want  string
	}{
		{all("1", "-2147483648"), `"int"`},
		{all("1", "2147483648"), `"long"`},
		{all("1", "2.0"), `"double"`},
		{all("18446744073709551616"), `"double"`},
		{all("true", "null"), `["null", "boolean"]`},
		{[]string{`{"x":"a"}`, `{}`}, `["null", "string"]`},
		{all("null"), `["null", "string"]`},
		{all("1767225600123", "1767225600124"), `{"type": "long", "logicalType": "timestamp-millis"}`},
		{all("1767225600123", "7"), `"long"`},
		{all("1767225600123456"), `{"type": "long", "logicalType": "timestamp-micros"}`},
		{all("1767225600123456789"), `{"type": "long", "logicalType": "timestamp-nanos"}`},
		{all(`"3f8e1c52-77d1-4b0e-9a51-0c3b1f6f2a90"`), `{"type": "string", "logicalType": "uuid"}`},
		{all(`"3F8E1C52-77D1-4B0E-9A51-0C3B1F6F2A90"`), `"string"`},
		{all(`"2026-01-01T07:20:03.123Z"`), `"string" {"time": {"start": "2026-01-01T07:00:00Z", "num": 1}, "format": "rfc3339"}`},
		{all(`"2026-01-01"`), `"string" {"time": {"start": "2026-01-01T00:00:00Z", "num": 1000}, "format": "date"}`},
		{all(`"2026-01-01"`, `"soon"`), `"string"`},
		{many(40, func(i int) string { return fmt.Sprintf(`"S%d"`, i%3) }), `{"type": "enum", "name": "X", "symbols": ["S0","S1","S2"]}`},
		{many(20, func(i int) string { return fmt.Sprintf(`"S%d"`, i%3) }), `"string"`},
		{many(40, func(i int) string { return fmt.Sprintf(`"S-%d"`, i%3) }), `"string"`},
		{all("[]"), `{"type": "array", "items": "string"}`},
		{all("[1,null]", "[2]"), `{"type": "array", "items": ["null", "int"]}`},
		{all("1", `"a"`, "[true]"), `["int", "string", {"type": "array", "items": "boolean"}]`},
		{all("{}"), `{"type": "map", "values": "string"}`},
		{all(`{"user-id":1}`, `{"b":2.5}`), `{"type": "map", "values": "double"}`},
		{many(20, func(i int) string { return fmt.Sprintf(`{"k%d":%d}`, i, i) }), `{"type": "map", "values": "int"}`},
		{many(300, func(i int) string { return fmt.Sprintf(`{"k%d":%d}`, i, i) }), `{"type": "map", "values": "int"}`},
	} {
		if got := typeOf(t, tt.lines...); got != tt.want {
			t.Errorf("%.80s: %s, want %s", tt.lines[0], got, tt.want)
		}
	}
}

func TestDraft(t *testing.T) {
	got, err := drafted(`{"user_id":7,"address":{"city":"Oslo"},"shipping":{"address":{"zip":"0150"}}}`, `{"user_id":8,"address":null,"shipping":{"address":{"zip":"5003"}}}`)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"type": "record", "name": "shop.Event", "fields": [
  {"name": "user_id", "type": "int", "doc": "in each of 2 objects"},
  {"name": "address", "type": ["null", {"type": "record", "name": "Address", "fields": [
    {"name": "city", "type": "string", "doc": "in each of 1 object; 1 different text"}
  ]}], "default": null, "doc": "in each of 2 objects; null in 1"},
  {"name": "shipping", "type": {"type": "record", "name": "Shipping", "fields": [
    {"name": "address", "type": {"type": "record", "name": "Address2", "fields": [
      {"name": "zip", "type": "string", "doc": "in each of 2 objects; 2 different texts"}
    ]}, "doc": "in each of 2 objects"}
  ]}, "doc": "in each of 2 objects"}
]}
`
	if got != want {
		t.Errorf("got %s", got)
	}
}

func TestErrors(t *testing.T) {
	wide := make([]string, 257)
	for i := range wide {
		wide[i] = fmt.Sprintf(`"k%d":1`, i)
	}
	for _, tt := range []struct{ line, want string }{
		{`[1]`, "[1] is no object"},
		{`{"a":1`, "the line ends within its object"},
		{`{"a":1} x`, "there is text behind the object"},
		{`{"a":}`, "invalid character"},
		{`{"user-id":1}`, `key "user-id" is no name in Avro`},
		{`{` + strings.Join(wide, ",") + `}`, "more than 256 different ones"},
		{`{}`, "the records have no field"},
	} {
		if _, err := drafted(tt.line); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.40s: got %v, want %s", tt.line, err, tt.want)
		}
	}
	if _, err := (&infer.Draft{}).Schema("a"); err == nil {
		t.Error("a schema of no records")
	}
	d := infer.Draft{}
	d.Add([]byte(`{"a":1}`))
	if _, err := d.Schema("no name"); err == nil {
		t.Error("a name with a space")
	}
}

func TestName(t *testing.T) {
	for base, want := range map[string]string{"orders": "Orders", "my-events_2026": "MyEvents2026", "-": "Record", "7up": "Record7up", "größe": "GrE"} {
		if got := infer.Name(base); got != want {
			t.Errorf("Name(%q) = %s, want %s", base, got, want)
		}
	}
}

// Lines are read by the schema that was made of them, whatever they are.
func TestReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var lines []string
		for range rapid.IntRange(1, 12).Draw(t, "lines") {
			lines = append(lines, "{"+strings.Join(members(t, 3, true), ",")+"}")
		}
		reads(t, lines)
	})
}

type failer interface {
	Fatalf(format string, args ...any)
}

// reads reads lines by the schema that is made of them.
func reads(t failer, lines []string) {
	text, err := drafted(lines...)
	if err != nil {
		if strings.Contains(err.Error(), "have no field") {
			return
		}
		t.Fatalf("%v\n%s", err, strings.Join(lines, "\n"))
	}
	s, err := schemas.Parse("draft", []byte(text), "")
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, text, strings.Join(lines, "\n"))
	}
	r, err := sample.NewReader(bytes.NewReader([]byte(strings.Join(lines, "\n"))), sample.Config{Schema: s})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for v := r.Type.New(); err == nil; {
		err = r.Next(v)
	}
	if err != io.EOF {
		t.Fatalf("%v\n%s\n%s", err, text, strings.Join(lines, "\n"))
	}
}

// members draws members of an object.
func members(t *rapid.T, depth int, named bool) []string {
	var out []string
	seen := map[string]bool{}
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		key := rapid.SampledFrom([]string{"a", "b", "c", "name", "Type", "long", "k-1"}).Draw(t, "key")
		if seen[key] || named && key == "k-1" {
			continue
		}
		seen[key] = true
		out = append(out, fmt.Sprintf("%q:%s", key, value(t, depth)))
	}
	return out
}

func value(t *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 7).Draw(t, "kind")
	if depth == 0 {
		kind %= 6
	}
	switch kind {
	case 0:
		return "null"
	case 1:
		return rapid.SampledFrom([]string{"true", "false"}).Draw(t, "boolean")
	case 2:
		return fmt.Sprint(rapid.Int64().Draw(t, "integer") >> rapid.IntRange(0, 63).Draw(t, "shift"))
	case 3:
		return fmt.Sprintf("%g", rapid.Float64Range(-1e9, 1e9).Draw(t, "float"))
	case 4, 5:
		text, _ := json.Marshal(rapid.SampledFrom([]string{"x", "RED", "GREEN", "2026-01-01", "3f8e1c52-77d1-4b0e-9a51-0c3b1f6f2a90", "é\n", ""}).Draw(t, "text"))
		return string(text)
	case 6:
		var items []string
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			items = append(items, value(t, depth-1))
		}
		return "[" + strings.Join(items, ",") + "]"
	}
	return "{" + strings.Join(members(t, depth-1, rapid.Bool().Draw(t, "named")), ",") + "}"
}

func FuzzInfer(f *testing.F) {
	f.Add(`{"a":1,"b":["x",null],"c":{"d-e":2.5}}` + "\n" + `{"a":null,"c":{}}`)
	f.Add(`{"t":"2026-01-01","u":"3f8e1c52-77d1-4b0e-9a51-0c3b1f6f2a90","n":1767225600123}`)
	f.Fuzz(func(t *testing.T, text string) {
		var d infer.Draft
		for line := range strings.SplitSeq(text, "\n") {
			if d.Add([]byte(line)) != nil {
				return
			}
		}
		text2, err := d.Schema("R")
		if err != nil {
			return
		}
		if _, err := schemas.Parse("draft", text2, ""); err != nil {
			t.Errorf("%v\n%s", err, text2)
		}
	})
}
