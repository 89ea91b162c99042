package comparison

import (
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/harness/results"
)

// A Class is what units have in common that decides which files they can be compared in. What a difference refuses of one
// class it refuses of all behind it.
type Class int

// The classes, from what carries over furthest.
const (
	Sizes Class = iota
	Allocations
	Instructions
	Times
)

// String returns what a class is called in a sentence.
func (c Class) String() string {
	return [...]string{"sizes", "allocations", "instructions", "times"}[c]
}

// MarshalText returns the name of c.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// ClassOf returns the class of a unit. What is neither bytes, allocations nor instructions is as fickle as time.
func ClassOf(unit string) Class {
	switch unit {
	case results.UnitSize, results.UnitSet, results.UnitWire:
		return Sizes
	case results.UnitAllocs, results.UnitBytes:
		return Allocations
	case results.UnitInstr:
		return Instructions
	}
	return Times
}

// A Difference is a key in which two files differ.
type Difference struct {
	Key     string `json:"key"`
	Old     string `json:"old"`
	New     string `json:"new"`
	Refuses Class  `json:"refuses-from"` // the first class that it refuses
	Schema  string `json:"schema,omitempty"`
	// Exchanges says that only cells of exchanges hang on the key.
	Exchanges bool `json:"exchanges,omitempty"`
}

// String names the key and both values.
func (d Difference) String() string {
	s := fmt.Sprintf("%s is %s in the old file and %s in the new", d.Key, quoted(d.Old), quoted(d.New))
	if d.Schema != "" {
		s = d.Schema + ": " + s
	}
	return s
}

func quoted(value string) string {
	if value == "" {
		return "not recorded"
	}
	return fmt.Sprintf("%q", value)
}

// About reports whether d keeps values of a class from being compared in a cell.
func (d Difference) About(cell results.Cell, class Class) bool {
	switch {
	case class < d.Refuses, d.Exchanges && !cell.IsExchange():
		return false
	}
	return d.Schema == "" || d.Schema == cell.Schema
}

// Differences returns in which keys two files differ that keep something in them from being compared.
func Differences(a, b *results.File) []Difference {
	var diffs []Difference
	for _, k := range keys {
		x, y := k.of(a), k.of(b)
		if x == y || k.refuses == Sizes && (x == "" || y == "") {
			continue
		}
		diffs = append(diffs, Difference{Key: k.name, Old: x, New: y, Refuses: k.refuses, Exchanges: k.exchanges})
	}
	for _, s := range a.Schemas {
		if i := slices.IndexFunc(b.Schemas, func(x results.SchemaFact) bool { return x.Name == s.Name }); i >= 0 {
			diffs = append(diffs, schemaDifferences(s, b.Schemas[i])...)
		}
	}
	return diffs
}

// schemaDifferences returns the first fact in which two schemas differ: the others follow from it.
func schemaDifferences(a, b results.SchemaFact) []Difference {
	for _, f := range []struct{ key, old, new string }{
		{"schema", a.Hash, b.Hash},
		{"records", fmt.Sprint(a.Records), fmt.Sprint(b.Records)},
		{"profile", a.Profile, b.Profile},
		{"data", a.Data, b.Data},
	} {
		if f.old != f.new {
			return []Difference{{Key: f.key, Old: f.old, New: f.new, Refuses: Sizes, Schema: a.Name}}
		}
	}
	return nil
}

// keys are the keys of a file that decide, and from which class on.
var keys = []struct {
	name      string
	refuses   Class
	exchanges bool
	of        func(*results.File) string
}{
	{"seed", Sizes, false, func(f *results.File) string { return f.Header.Seed }},
	{"key", Sizes, true, func(f *results.File) string { return f.Header.Key }},
	{"keys", Sizes, true, func(f *results.File) string { return f.Header.Keys }},
	{"parallelism", Sizes, true, func(f *results.File) string { return f.Header.Parallelism }},
	{"max-parallelism", Sizes, true, func(f *results.File) string { return f.Header.MaxParallelism }},
	{"timestamps", Sizes, true, func(f *results.File) string { return f.Header.Timestamps }},
	{"segment", Sizes, true, func(f *results.File) string { return f.Header.Segment }},
	{"go", Allocations, false, func(f *results.File) string { return f.Header.Go }},
	{"goos", Allocations, false, func(f *results.File) string { return f.Header.GOOS }},
	{"goarch", Allocations, false, func(f *results.File) string { return f.Header.GOARCH }},
	{"goexperiment", Allocations, false, func(f *results.File) string { return f.Header.Experiment }},
	{"tags", Allocations, false, func(f *results.File) string { return f.Header.Tags }},
	{"cpu", Instructions, false, func(f *results.File) string { return f.Header.CPU }},
	{"valgrind", Instructions, false, func(f *results.File) string { return other(f.Facts.Other, "valgrind") }},
	{"cores", Times, false, func(f *results.File) string { return f.Header.Cores }},
	{"gogc", Times, false, func(f *results.File) string { return f.Header.GOGC }},
	{"gomemlimit", Times, false, func(f *results.File) string { return f.Header.MemoryLimit }},
	{"goamd64", Times, false, func(f *results.File) string { return f.Header.GOAMD64 }},
	{"kernel", Times, false, func(f *results.File) string { return f.Header.Kernel }},
	{"virt", Times, false, func(f *results.File) string { return f.Header.Virt }},
	{"governor", Times, false, func(f *results.File) string { return f.Header.Governor }},
	{"layout", Times, false, func(f *results.File) string { return f.Header.Layout }},
}

// other returns the value of a key that is none of ours.
func other(facts []results.Fact, key string) string {
	if i := slices.IndexFunc(facts, func(f results.Fact) bool { return f.Key == key }); i >= 0 {
		return facts[i].Value
	}
	return ""
}
