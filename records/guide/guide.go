// Package guide explains the profile language: as help of the command, and as the page docs/profile.md. All of it comes from
// the tables of package records, which the parser reads too, and every example is made as it is shown.
package guide

//go:generate go run generate.go

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// objects says in which object a key stands, for each Key.In, in the order of the tables.
var objects = []struct{ in, title string }{
	{"", "A profile"}, {"pick", "In pick"}, {"time", "In time"}, {"late", "In late"}, {"recent", "In recent"}, {"index", "In index"},
	{"chars", "In chars"}, {"parts", "In a part, beside the keys of a text"}, {"file", "An external profile, the file of --profile"},
}

// Help returns the profile language in short: a line or two for each key, of at most width characters.
func Help(width int) string {
	var b strings.Builder
	for _, o := range objects {
		fmt.Fprintf(&b, "%s:\n", o.title)
		for _, k := range records.Language {
			if k.In == o.in {
				entry(&b, k.Name, k.Doc+": "+k.Value+forTypes(k), width)
			}
		}
		b.WriteByte('\n')
	}
	b.WriteString("Alphabets:\n")
	for _, a := range records.Alphabets {
		entry(&b, a.Name, a.Doc, width)
	}
	return b.String()
}

// forTypes says for which types a key of a profile is.
func forTypes(k records.Key) string {
	if k.On == "" {
		return ""
	}
	return " (" + types(k) + ")"
}

// types names the types that a key of a profile is for.
func types(k records.Key) string {
	if strings.HasSuffix(k.On, "union") || k.On == "root record" {
		return k.On
	}
	names := strings.ReplaceAll(k.On, " ", ", ")
	if rest, ok := strings.CutPrefix(k.On, scalars); ok {
		names = "any scalar" + strings.ReplaceAll(rest, " ", ", ")
	}
	return names
}

const scalars = "boolean int long float double decimal string bytes fixed enum"

// entry writes what a name means, beside it.
func entry(b *strings.Builder, name, text string, width int) {
	const indent = 20
	line := fmt.Sprintf("  %-*s", indent-2, name)
	for _, word := range strings.Fields(text) {
		if len([]rune(line))+1+len([]rune(word)) > width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = strings.Repeat(" ", indent)
		}
		if len([]rune(line)) > indent {
			line += " "
		}
		line += word
	}
	b.WriteString(line + "\n")
}

// Page returns docs/profile.md. The error is that of an example.
func Page() (string, error) {
	var b strings.Builder
	b.WriteString(intro)
	for _, o := range objects {
		fmt.Fprintf(&b, "\n## %s\n\n", o.title)
		if o.in == "" {
			b.WriteString("| key | on | value | what it does |\n|---|---|---|---|\n")
		} else {
			b.WriteString("| key | value | what it does |\n|---|---|---|\n")
		}
		for _, k := range records.Language {
			switch {
			case k.In != o.in:
			case o.in == "":
				fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", k.Name, types(k), k.Value, k.Doc)
			default:
				fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Name, k.Value, strings.ReplaceAll(k.Doc, "|", `\|`))
			}
		}
		if err := examples(&b, o.in); err != nil {
			return "", err
		}
	}
	b.WriteString("\n## Alphabets\n\n| name | characters |\n|---|---|\n")
	for _, a := range records.Alphabets {
		fmt.Fprintf(&b, "| `%s` | %s |\n", a.Name, strings.ReplaceAll(a.Doc, "|", `\|`))
	}
	b.WriteString(hints)
	for _, h := range records.Hints {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", strings.ReplaceAll(h.Names, " ", ", "), strings.ReplaceAll(h.Of, " ", ", "), h.Doc)
	}
	return b.String(), nil
}

// examples writes the examples of the keys of an object, each with what it makes.
func examples(b *strings.Builder, in string) error {
	first := true
	for _, k := range records.Language {
		if k.In != in || k.Example == "" {
			continue
		}
		if first {
			b.WriteString("\n")
			first = false
		}
		values, err := Made(k, 5)
		if err != nil {
			return fmt.Errorf("example of %s: %w", k.Name, err)
		}
		fmt.Fprintf(b, "- `%s`: `%s` makes %s\n", k.Name, k.Example, "`"+strings.Join(values, "`, `")+"`")
	}
	return nil
}

// Made returns the first n values of the field that k's example is, as JSON.
func Made(k records.Key, n int) ([]string, error) {
	field := `{"name": "x", ` + strings.TrimPrefix(k.Example, "{")
	s, err := schemas.Parse(k.Name, []byte(`{"type": "record", "name": "R", "fields": [`+field+`]}`), "")
	if err != nil {
		return nil, err
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		return nil, err
	}
	gen, values := plan.Generator(1), make([]string, n)
	for i := range values {
		r, err := plan.Type.Ref(gen.New(uint64(i)))
		if err != nil {
			return nil, err
		}
		text, err := access.AppendJSON(nil, plan.Type, r)
		if err != nil {
			return nil, err
		}
		var record struct{ X json.RawMessage }
		if err := json.Unmarshal(text, &record); err != nil {
			return nil, err
		}
		values[i] = string(record.X)
	}
	return values, nil
}

const intro = "<!-- Made by go generate ./records/guide from the tables of package records. DO NOT EDIT. -->\n" + `# Profiles

A profile says how the values of records are distributed. It stands in the schema, as the attribute ` + "`profile`" + ` of a field or of
a type, or beside it, in the file of ` + "`--profile`" + `; for each path the first counts that there is of: the file, the field, the type.
` + "`wirecost profile`" + ` learns such a file from a sample of your records, which is better than any guess:

    wirecost profile --schema order.avsc --input orders.jsonl --out order.profile.json
    wirecost run --schema order.avsc --profile order.profile.json

Record i is the same whenever and wherever it is made: it depends on the schema, the profile, the seed and i alone, and a field's
values on its own path and profile.

*Weights* are integers, whose sum is at most 2^32; *odds* are numbers from 0 to 1. A *literal* is plain JSON, without tags of unions; bytes
are text, a character for each byte. A *number spec* is an integer, or an object with the keys of numbers, or with ` + "`top` and `other`" + `.
A text has ` + "`uuid`, `num`, `time` or `parts`, or else `len` and `chars`" + `. A number has ` + "`time`, `recent`, `index`, `bins` or `quantiles`" + `, or
else ` + "`min`, `max` and `shape`" + `.
An unknown key is an error that names those there are. Examples show the values of records 0 to 4 with seed 1.
`

const hints = `
## Hints: fields that nothing describes

A field of ` + "`--schema`" + ` without a profile goes by its name, if its last words are among these (` + "`customerEmail`" + `, ` + "`unit_price`" + `): it is as long, and
of the same characters, as such fields are as a rule. Others have 4 to 24 lower-case letters, integers up to 10^6, longs up to
10^12, floats up to 1000, and are null in 1 of 10 records. ` + "`--no-hints`" + ` turns hints off, and so does an ` + "`arg.properties`" + ` anywhere in the schema.
The report says how many fields have invented values; results of runs with and without hints are not comparable.

| last words of the name | type | values |
|---|---|---|
`
