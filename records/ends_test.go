package records

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const crate = `{"type":"record","name":"Crate","fields":[{"name":"inside","type":"Crate"}]}`

// A record that cannot but contain itself is refused wherever it is, and so is a value of a union without branches.
func TestEndless(t *testing.T) {
	const never = ": record %s is inside itself with no null, array or map on the way: it would never end"
	for _, tt := range []struct{ typ, path, record string }{
		{`"R"`, "f", "R"},
		{crate, "f.inside", "Crate"},
		{`{"type":"array","items":` + crate + `}`, "f[].inside", "Crate"},
		{`{"type":"map","values":` + crate + `}`, "f{}.inside", "Crate"},
		{`["null",` + crate + `]`, "f.inside", "Crate"},
		{`["int",` + crate + `]`, "f|Crate.inside", "Crate"},
		{`["null","int",{"type":"array","items":["null",` + crate + `]}]`, "f|array[].inside", "Crate"},
		{`{"type":"array","items":{"type":"record","name":"A","fields":[{"name":"b","type":{"type":"record","name":"B","fields":[{"name":"a","type":["A","B"]}]}}]}}`, "f[].b.a", "A"},
	} {
		_, err := Compile(parsed(t, `{"name":"f","type":`+tt.typ+`}`), nil)
		if want := tt.path + fmt.Sprintf(never, tt.record); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", tt.typ, err, want)
		}
	}
	for typ, want := range map[string]string{
		`[]`: "f: a union without branches has no value",
		`{"type":"array","items":{"type":"record","name":"A","fields":[{"name":"x","type":"int"},{"name":"u","type":[]}]}}`: "f[].u: a union without branches has no value",
	} {
		if _, err := Compile(parsed(t, `{"name":"f","type":`+typ+`}`), nil); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", typ, err, want)
		}
	}
}

// Of what has no value there is none in a collection, whatever the profile says.
func TestEmptyUnion(t *testing.T) {
	for field, want := range map[string]string{
		`{"name":"f","type":{"type":"array","items":[]}}`:                                              `{"f":[]}`,
		`{"name":"f","type":{"type":"map","values":[]}}`:                                               `{"f":{}}`,
		`{"name":"f","type":{"type":"array","items":[]},"profile":{"size":3}}`:                         `{"f":[]}`,
		`{"name":"f","type":{"type":"array","items":[],"arg.properties":{"length":3}}}`:                `{"f":[]}`,
		`{"name":"f","type":{"type":"array","items":{"type":"map","values":[]}},"profile":{"size":2}}`: `{"f":[{},{}]}`,
	} {
		p := fieldPlan(t, field)
		for i := range uint64(20) {
			got, err := access.Marshal(p.Type, p.Generator(1).New(i))
			if err != nil || string(got) != want {
				t.Errorf("%s: record %d is %s, error %v, want %s", field, i, got, err, want)
			}
		}
	}
}

// A union without null ends too where records are nested deep: in the branch that ends soonest, if it drew another.
func TestUnionEnds(t *testing.T) {
	for _, text := range []string{
		`{"type":"record","name":"R","fields":[{"name":"a","type":["R","int"]},{"name":"b","type":["string","R"]},{"name":"c","type":["R","long"]}]}`,
		`{"type":"record","name":"R","fields":[{"name":"a","type":["R",{"type":"record","name":"S","fields":[{"name":"b","type":["R","S",{"type":"record","name":"T","fields":[{"name":"n","type":"int"}]}]},
			{"name":"c","type":["R","T"]},{"name":"d","type":["R","T"]}]}]}]}`,
	} {
		s, err := schemas.Parse("R.avsc", []byte(text), "")
		if err != nil {
			t.Fatal(err)
		}
		p := compiled(t, s)
		g, most := p.Generator(1), 0
		for i := range uint64(300) {
			got, err := access.Marshal(p.Type, g.New(i))
			if err != nil {
				t.Fatalf("%s: record %d: %v", text, i, err)
			}
			most = max(most, strings.Count(string(got), `"R":`))
		}
		if most < 10 || most > 2*enoughGrown {
			t.Errorf("%s: the largest of 300 records has %d records inside itself, want some, and at most %d", text, most, 2*enoughGrown)
		}
	}
}
