// Package random draws schemas of every shape that a codec may meet: for tests of properties, and for what compares our bytes
// with those of released systems. Where its luck comes from is the caller's business: a test shrinks it, a command has a seed.
package random

import (
	"fmt"
	"strings"
)

// A Luck returns one of the n numbers from 0 on.
type Luck func(n int) int

// Schema returns the text of a record called name, which fits in no more than four levels. Other names are numbered.
func Schema(name string, luck Luck) string {
	d := &drawer{luck: luck}
	return d.record(name, 3)
}

// A drawer draws the text of a schema.
type drawer struct {
	luck Luck
	n    int
	open []string // names of the records around
}

func (d *drawer) name(prefix string) string {
	d.n++
	return fmt.Sprint(prefix, d.n)
}

func (d *drawer) of(from []string) string { return from[d.luck(len(from))] }

func (d *drawer) record(name string, depth int) string {
	d.open = append(d.open, name)
	fields := make([]string, 1+d.luck(5))
	for i := range fields {
		fields[i] = fmt.Sprintf(`{"name": %q, "type": %s}`, d.name("f"), d.any(depth))
	}
	d.open = d.open[:len(d.open)-1]
	return fmt.Sprintf(`{"type": "record", "name": %q, "fields": [%s]}`, name, strings.Join(fields, ", "))
}

// any draws a type that may be a union.
func (d *drawer) any(depth int) string {
	switch d.luck(10) {
	case 0, 1:
		return fmt.Sprintf(`["null", %s]`, d.plain(depth))
	case 2:
		return fmt.Sprintf(`[%s, "null"]`, d.plain(depth))
	case 3:
		return d.union(depth)
	case 4:
		if d.luck(5) == 0 {
			return fmt.Sprintf(d.of(recursions), d.of(d.open))
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
	`{"type": "int", "logicalType": "time-millis"}`,
	`{"type": "long", "logicalType": "time-micros"}`,
	`{"type": "long", "logicalType": "timestamp-millis"}`,
	`{"type": "long", "logicalType": "timestamp-micros"}`,
	`{"type": "long", "logicalType": "local-timestamp-millis"}`,
	`{"type": "long", "logicalType": "timestamp-millis", "java-class": "java.util.Date"}`,
	`{"type": "string", "logicalType": "uuid"}`,
	`{"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}`,
	`{"type": "int", "java-class": "short"}`,
	`{"type": "int", "java-class": "byte"}`,
}

// plain draws a type that is no union.
func (d *drawer) plain(depth int) string {
	switch kind := d.luck(15); {
	case kind == 7:
		return d.of(logicals)
	case kind == 8:
		return d.enum(`"A", "B", "C"`)
	case kind == 9:
		return d.fixed(1 + d.luck(17))
	case kind >= 10 && depth > 0:
		return d.nested(kind, depth-1)
	default:
		return scalars[kind%len(scalars)]
	}
}

func (d *drawer) enum(symbols string) string {
	return fmt.Sprintf(`{"type": "enum", "name": %q, "symbols": [%s]}`, d.name("E"), symbols)
}

func (d *drawer) fixed(size int) string {
	return fmt.Sprintf(`{"type": "fixed", "name": %q, "size": %d}`, d.name("X"), size)
}

func (d *drawer) nested(kind, depth int) string {
	switch kind {
	case 10:
		return fmt.Sprintf(`{"type": "array", "items": %s}`, d.any(depth))
	case 11:
		return fmt.Sprintf(`{"type": "array", "items": %s, "java-array": true}`, d.any(depth))
	case 12:
		return fmt.Sprintf(`{"type": "map", "values": %s}`, d.any(depth))
	}
	return d.record(d.name("R"), depth)
}

// union draws a union of several branches, of which no two have one type.
func (d *drawer) union(depth int) string {
	branches := []string{`"null"`}[:d.luck(2)]
	left := append([]string(nil), scalars...)
	for range 1 + d.luck(4) {
		i := d.luck(len(left))
		branches = append(branches, left[i])
		left = append(left[:i], left[i+1:]...)
	}
	switch d.luck(6) {
	case 0:
		branches = append(branches, d.record(d.name("R"), max(depth-1, 0)))
	case 1:
		branches = append(branches, d.enum(`"A", "B"`))
	case 2:
		branches = append(branches, d.nested(10, max(depth-1, 0)))
	case 3: // branches that Go has one type for
		branches = append(branches, d.enum(`"A", "B"`), d.enum(`"A", "B"`))
	case 4:
		branches = append(branches, d.fixed(3), d.fixed(3))
	}
	return "[" + strings.Join(branches, ", ") + "]"
}
