package codectest

import (
	"errors"
	"flag"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// checkRandom checks f on random schemas and records of them.
func checkRandom(t *testing.T, f codecs.Format) {
	if err := flag.Set("rapid.nofailfile", "true"); err != nil { // the seed says it all
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := drawSchema(t)
		s, err := schemas.Parse("random.avsc", []byte(text), "")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if _, err := access.Of(s); errors.Is(err, schemas.ErrUnsupported) {
			t.Skip("a union's branches share a Go type")
		}
		b := bind(t, f, generated(t, s, rapid.Uint64().Draw(t, "seed"), 4))
		if b == nil || len(b.encoded) == 0 {
			return
		}
		for _, c := range b.checks() {
			if !c.slow {
				c.check(t)
			}
		}
	})
}

// A drawer draws the text of a schema. Names are numbered.
type drawer struct {
	t    *rapid.T
	n    int
	open []string // names of the records around
}

func drawSchema(t *rapid.T) string {
	d := &drawer{t: t}
	return d.record(3)
}

func (d *drawer) name(prefix string) string {
	d.n++
	return fmt.Sprint(prefix, d.n)
}

func (d *drawer) record(depth int) string {
	name := d.name("R")
	d.open = append(d.open, name)
	var fields []string
	for range rapid.IntRange(1, 5).Draw(d.t, "fields") {
		fields = append(fields, fmt.Sprintf(`{"name": %q, "type": %s}`, d.name("f"), d.any(depth)))
	}
	d.open = d.open[:len(d.open)-1]
	return fmt.Sprintf(`{"type": "record", "name": %q, "fields": [%s]}`, name, strings.Join(fields, ", "))
}

// any draws a type that may be a union.
func (d *drawer) any(depth int) string {
	switch rapid.IntRange(0, 9).Draw(d.t, "union") {
	case 0, 1:
		return fmt.Sprintf(`["null", %s]`, d.plain(depth))
	case 2:
		return fmt.Sprintf(`[%s, "null"]`, d.plain(depth))
	case 3:
		return d.union(depth)
	case 4:
		if rapid.IntRange(0, 4).Draw(d.t, "recursion") == 0 {
			return fmt.Sprintf(rapid.SampledFrom(recursions).Draw(d.t, "form"), rapid.SampledFrom(d.open).Draw(d.t, "record"))
		}
	}
	return d.plain(depth)
}

// recursions are the ways in which a record can be inside itself.
var recursions = []string{
	`["null", %q]`, `{"type": "array", "items": %q}`, `{"type": "map", "values": %q}`, `{"type": "array", "items": %q, "java-array": true}`,
	`["int", %q]`, `[%q, "null", "string"]`,
}

var scalars = []string{`"boolean"`, `"int"`, `"long"`, `"float"`, `"double"`, `"string"`, `"bytes"`}

var logicals = []string{
	`{"type": "int", "logicalType": "date"}`,
	`{"type": "long", "logicalType": "timestamp-millis"}`,
	`{"type": "long", "logicalType": "time-micros"}`,
	`{"type": "string", "logicalType": "uuid"}`,
	`{"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}`,
	`{"type": "int", "java-class": "short"}`,
}

// plain draws a type that is no union.
func (d *drawer) plain(depth int) string {
	switch kind := rapid.IntRange(0, 14).Draw(d.t, "kind"); {
	case kind == 7:
		return rapid.SampledFrom(logicals).Draw(d.t, "logical")
	case kind == 8:
		return fmt.Sprintf(`{"type": "enum", "name": %q, "symbols": ["A", "B", "C"]}`, d.name("E"))
	case kind == 9:
		return fmt.Sprintf(`{"type": "fixed", "name": %q, "size": %d}`, d.name("X"), rapid.IntRange(1, 17).Draw(d.t, "size"))
	case kind >= 10 && depth > 0:
		return d.nested(kind, depth-1)
	default:
		return scalars[kind%len(scalars)]
	}
}

func (d *drawer) nested(kind, depth int) string {
	switch kind {
	case 10, 11:
		return fmt.Sprintf(`{"type": "array", "items": %s}`, d.any(depth))
	case 12:
		return fmt.Sprintf(`{"type": "map", "values": %s}`, d.any(depth))
	}
	return d.record(depth)
}

// union draws a union of several branches, of which no two have one type.
func (d *drawer) union(depth int) string {
	branches := []string{`"null"`}[:rapid.IntRange(0, 1).Draw(d.t, "null")]
	branches = append(branches, rapid.SliceOfNDistinct(rapid.SampledFrom(scalars), 1, 4, rapid.ID[string]).Draw(d.t, "branches")...)
	switch rapid.IntRange(0, 5).Draw(d.t, "last") {
	case 0:
		branches = append(branches, d.record(max(depth-1, 0)))
	case 1:
		branches = append(branches, fmt.Sprintf(`{"type": "enum", "name": %q, "symbols": ["A", "B"]}`, d.name("E")))
	case 2:
		branches = append(branches, d.nested(10, max(depth-1, 0)))
	case 3: // branches that Go has one type for
		for range 2 {
			branches = append(branches, fmt.Sprintf(`{"type": "enum", "name": %q, "symbols": ["A", "B"]}`, d.name("E")))
		}
	case 4:
		for range 2 {
			branches = append(branches, fmt.Sprintf(`{"type": "fixed", "name": %q, "size": 3}`, d.name("X")))
		}
	}
	return "[" + strings.Join(branches, ", ") + "]"
}
