// Package codectest proves what a codec says of itself: that records come back, that bytes are the same each time, who
// owns which memory, and that no input harms it. Each claim is checked for every built-in stream and for random schemas,
// and fails in both directions: true and not claimed, claimed and not true.
//
// A codec's own tests are one line each for [Run] and [Fuzz], and its golden bytes, for which there are [Golden] and
// [Hex].
package codectest

import (
	"errors"
	"runtime/debug"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

// collectAt is how large the garbage may grow in tests, in percent of a heap of a few MB: at the usual 100 collecting it is a
// third of the time that hostile inputs take.
const collectAt = 400

// Run checks all that f claims.
func Run(t *testing.T, f codecs.Format) {
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	t.Run("unsupported", func(t *testing.T) { checkUnsupported(t, f) })
	carried, lost, shuffles := 0, map[codecs.Loss]bool{}, false
	for _, s := range subjects(t) {
		b := bind(t, f, s)
		if b == nil {
			continue
		}
		carried++
		t.Run(s.schema.Name, func(t *testing.T) { b.run(t) })
		b.lost(lost)
		shuffles = shuffles || b.shuffles(t)
	}
	if carried == 0 {
		t.Errorf("%s carries no stream", f.Name)
	}
	checkLosses(t, f, lost)
	t.Run("exact", func(t *testing.T) { checkExact(t, f) })
	t.Run("special", func(t *testing.T) { checkSpecial(t, f) })
	t.Run("recursive", func(t *testing.T) { checkRecursive(t, f) })
	if shuffles != f.Shuffles {
		t.Errorf("the bytes of a map change from one time to the next: %v, but Format.Shuffles is %v", shuffles, f.Shuffles)
	}
	t.Run("sparse", func(t *testing.T) { checkSparse(t, f) })
	t.Run("random", func(t *testing.T) { checkRandom(t, f) })
}

// A reporter is what checks tell their failures: a *testing.T, or a *rapid.T.
type reporter interface {
	Helper()
	Logf(format string, args ...any)
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

// A check is one claim, checked on the records of one schema.
type check struct {
	name    string
	check   func(reporter)
	slow    bool // left out for random schemas
	hostile bool // tries thousands of inputs that are no record
}

func (b *bound) checks() []check {
	return []check{
		{name: "round trip", check: b.roundTrips},
		{name: "same bytes", check: b.deterministic},
		{name: "append", check: b.appends},
		{name: "sent on", check: b.sentOn},
		{name: "memory", check: b.memory},
		{name: "used record", check: b.usedRecords},
		{name: "wrong record", check: b.wrongRecords},
		{name: "convert", check: b.conversions},
		{name: "field", check: b.fields},
		{name: "trusted", check: b.trusted},
		{name: "rest", check: b.rest},
		{name: "truncated", check: b.truncated, hostile: true},
		{name: "corrupted", check: b.corrupted, hostile: true},
		{name: "large numbers", check: b.largeNumbers, hostile: true},
		{name: "repeated", check: b.repeated, hostile: true, slow: true},
		{name: "dissect", check: b.dissections},
		{name: "allocations", check: b.allocations},
	}
}

// run runs all checks.
func (b *bound) run(t *testing.T) { runAll(t, b.checks()) }

func runAll(t *testing.T, checks []check) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) { c.check(t) })
	}
}

// checkUnsupported makes sure that New refuses what it cannot carry as its callers expect: with ErrUnsupported.
func checkUnsupported(t reporter, f codecs.Format) {
	for name, text := range awkward {
		s, err := schemas.Parse(name, []byte(text), "")
		if err != nil {
			t.Fatal(err)
		}
		c, err := f.New(s)
		if err != nil && !errors.Is(err, schemas.ErrUnsupported) {
			t.Errorf("%s: got error %v, want one that wraps %q", name, err, schemas.ErrUnsupported)
		}
		if (c == nil) != (err != nil) {
			t.Errorf("%s: got codec %v and error %v, want one of them", name, c, err)
		}
	}
}

// awkward are schemas that some formats cannot carry.
var awkward = map[string]string{
	"recursive": `{"type": "record", "name": "Tree", "fields": [
		{"name": "left", "type": ["null", "Tree"]}, {"name": "kids", "type": {"type": "array", "items": "Tree"}},
		{"name": "any", "type": ["null", "Tree", "string"]}, {"name": "named", "type": {"type": "map", "values": "Tree"}}]}`,
	"same Go type":   `{"type": "record", "name": "R", "fields": [{"name": "u", "type": ["null", "string", {"type": "enum", "name": "E", "symbols": ["A"]}, {"type": "enum", "name": "F", "symbols": ["B"]}]}]}`,
	"no fields":      `{"type": "record", "name": "R", "fields": []}`,
	"null field":     `{"type": "record", "name": "R", "fields": [{"name": "n", "type": "null"}, {"name": "i", "type": "int"}]}`,
	"array of null":  `{"type": "record", "name": "R", "fields": [{"name": "n", "type": {"type": "array", "items": "null"}}]}`,
	"fixed of 0":     `{"type": "record", "name": "R", "fields": [{"name": "x", "type": {"type": "fixed", "name": "X", "size": 0}}]}`,
	"one branch":     `{"type": "record", "name": "R", "fields": [{"name": "u", "type": ["int"]}, {"name": "n", "type": ["null"]}]}`,
	"nested unions":  `{"type": "record", "name": "R", "fields": [{"name": "u", "type": ["null", "int", {"type": "array", "items": ["null", "long", {"type": "map", "values": ["string", "bytes"]}]}]}]}`,
	"two structs":    `{"type": "record", "name": "R", "fields": [{"name": "u", "type": [{"type": "record", "name": "A", "fields": [{"name": "x", "type": "int"}]}, {"type": "record", "name": "B", "fields": [{"name": "x", "type": "int"}]}]}]}`,
	"names as in Go": `{"type": "record", "name": "type", "fields": [{"name": "func", "type": "int"}, {"name": "Func", "type": "int"}, {"name": "_", "type": "int"}]}`,
}
