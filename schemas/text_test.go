package schemas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func parsedText(src string) (*text, []string, error) {
	var warnings []string
	t, err := parseText([]byte(src), func(pos Pos, format string, args ...any) {
		warnings = append(warnings, fmt.Sprintf("%d: %s: ", pos.Line, pos.Path)+fmt.Sprintf(format, args...))
	})
	return t, warnings, err
}

// Each value has the place it begins at, and the text it has in the file.
func TestPlaces(t *testing.T) {
	const src = "{\n \"a\" :\t[ 1,\n\n {\"b\": \"x\\ny\" } ],\r\n\"c\": null,\"d e\":{\"\":true}}"
	root, _, err := parsedText(src)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var walk func(*text)
	walk = func(v *text) {
		got = append(got, fmt.Sprintf("%d %s %s", v.pos.Line, v.pos.Path, v.show()))
		for _, m := range v.members {
			walk(m.value)
		}
		for _, item := range v.items {
			walk(item)
		}
	}
	walk(root)
	want := []string{
		`1 $ { "a" : [ 1, {"b": "x\ny" } ], "c": null,"d e":{"":true}}`,
		`2 $.a [ 1, {"b": "x\ny" } ]`, `2 $.a[0] 1`, `4 $.a[1] {"b": "x\ny" }`, `4 $.a[1].b "x\ny"`,
		`5 $.c null`, `5 $.d e {"":true}`, `5 $.d e. true`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTextErrors(t *testing.T) {
	for src, want := range map[string]string{
		`{"a": tru}`:           ":1: $.a: invalid character '}' in literal true",
		"{\"a\":\n\n[1 2]}":    ":3: $.a[1]: invalid character '2' after array element",
		`{"a" 1}`:              ":1: $.a: invalid character '1' after object key",
		"[1,\n2":               ":2: $: the text ends within a value",
		"[\n{\"x\":\n\"abc":    ":3: $[0].x: the text ends within a value",
		"1 \n2":                ":2: $: text after the schema",
		`{"a": {"b\u0000": }}`: `:1: $.a["b\x00"]: invalid character '}' looking for beginning of value`,
	} {
		_, _, err := parsedText(src)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got error %v, want %s", src, err, want)
		}
	}
	_, warnings, err := parsedText("{\"a\": 1,\n\"b\": {\"c\": 1, \"c\": 2, \"c\": 3},\n\"a\": 2}")
	want := []string{`2: $.b: "c" stands twice: the last one counts, as in Java`, `2: $.b: "c" stands twice: the last one counts, as in Java`, `3: $: "a" stands twice: the last one counts, as in Java`}
	if err != nil || strings.Join(warnings, "\n") != strings.Join(want, "\n") {
		t.Errorf("got warnings %q, error %v, want %q", warnings, err, want)
	}
}

// Comments are blanked where they are: lines and lengths stay, and what is in strings.
func TestComments(t *testing.T) {
	for src, want := range map[string]string{
		`1 // x`:                "1     ",
		"// x\n1":               "    \n1",
		"/* x\n\n y */ 1":       "    \n\n      1",
		`"//" /**/ "/* \" */"`:  `"//"      "/* \" */"`,
		`"\\" // "`:             `"\\"     `,
		`/*/ 1`:                 `/*/ 1`,
		`/* 1`:                  `/* 1`,
		`/ 1`:                   `/ 1`,
		`"open // x`:            `"open // x`,
		"1 /* a */ 2 // b\r\n3": "1         2      \n3",
	} {
		if got := string(blankComments([]byte(src))); got != want {
			t.Errorf("%q: got %q, want %q", src, got, want)
		}
	}
}

// JSON with comments between its tokens reads as it does without them, and each value is in the same line.
func TestCommentsAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var with, without bytes.Buffer
		gap := func() {
			g := rapid.SampledFrom([]string{"", " ", "\n", "// \"x\" /* \n", "/* // \n \" */", "/**/", "//\n"}).Draw(t, "gap")
			with.WriteString(g)
			for _, c := range g {
				if c != '\n' {
					c = ' '
				}
				without.WriteRune(c)
			}
		}
		token := func(s string) {
			gap()
			with.WriteString(s)
			without.WriteString(s)
		}
		var value func(depth int)
		value = func(depth int) {
			switch kind := rapid.IntRange(0, 4).Draw(t, "kind"); {
			case kind == 0 && depth > 0:
				token("[")
				for i := range rapid.IntRange(0, 3).Draw(t, "items") {
					if i > 0 {
						token(",")
					}
					value(depth - 1)
				}
				token("]")
			case kind == 1 && depth > 0:
				token("{")
				for i := range rapid.IntRange(0, 3).Draw(t, "members") {
					if i > 0 {
						token(",")
					}
					token(fmt.Sprintf(`"k%d"`, i))
					token(":")
					value(depth - 1)
				}
				token("}")
			default:
				token(rapid.SampledFrom([]string{`"//"`, `"/*"`, `"\"//\\"`, "1", "-2.5e3", "null", "true", `""`}).Draw(t, "scalar"))
			}
		}
		value(3)
		gap()
		if got := blankComments(with.Bytes()); !bytes.Equal(got, without.Bytes()) {
			t.Fatalf("%q is blanked to %q, want %q", with.Bytes(), got, without.Bytes())
		}
		if !json.Valid(without.Bytes()) {
			t.Fatalf("%q is no JSON", without.Bytes())
		}
	})
}
