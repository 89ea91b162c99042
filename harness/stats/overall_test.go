package stats

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pairOf returns a schema in which a codec costs ratio times the reference, in each of 10 rounds with its own noise.
func pairOf(schema string, ratio float64) Pair {
	p := Pair{Schema: schema}
	for r := range 10 {
		p.Ref = append(p.Ref, 100)
		p.Cell = append(p.Cell, 100*ratio*math.Exp(0.01*float64(r%2*2-1)))
	}
	return p
}

func TestOverSchemas(t *testing.T) {
	got, err := OverSchemas([]Pair{pairOf("a", 1), pairOf("b", 4), pairOf("c", 2)}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if !near(got.Measurement.Center, 2) || !near(got.Choice.Center, 2) {
		t.Errorf("got means %v and %v of 1, 4 and 2, want 2", got.Measurement.Center, got.Choice.Center)
	}
	if m := got.Measurement; m.Lo < 1.98 || m.Hi > 2.02 {
		t.Errorf("got [%v, %v] over rounds, want within 1 %% of 2", m.Lo, m.Hi)
	}
	if lo, hi := got.Choice.Lo, got.Choice.Hi; lo < 0.999 || lo > 1.3 || hi < 3 || hi > 4.001 {
		t.Errorf("got [%v, %v] over schemas, want nearly [1, 4]", lo, hi)
	}
	if got.Least.Schema != "a" || !near(got.Least.Ratio, 1) || got.Most.Schema != "b" || !near(got.Most.Ratio, 4) {
		t.Errorf("got extremes %v and %v, want a 1 and b 4", got.Least, got.Most)
	}
	again, _ := OverSchemas([]Pair{pairOf("a", 1), pairOf("b", 4), pairOf("c", 2)}, 1)
	if diff := cmp.Diff(got, again); diff != "" {
		t.Errorf("equal seeds, other intervals:\n%s", diff)
	}
}

// A codec that lacks a schema has no summary; the schema is never left out.
func TestOverSchemasMissing(t *testing.T) {
	got, err := OverSchemas([]Pair{pairOf("a", 1), {Schema: "b", Ref: []float64{1}}, {Schema: "c"}}, 1)
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "lacks 2 of 3 schemas: b, c") {
		t.Errorf("got error %v, want ErrMissing that names b and c", err)
	}
	if diff := cmp.Diff(Overall{Missing: []string{"b", "c"}}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if _, err := OverSchemas(nil, 1); err == nil {
		t.Error("no schemas: got no error")
	}
}

// One schema says nothing of others.
func TestOverOneSchema(t *testing.T) {
	got, err := OverSchemas([]Pair{pairOf("a", 3)}, 1)
	if err != nil || got.Choice.Bounded() || len(got.Choice.Warnings) != 1 || !got.Measurement.Bounded() {
		t.Errorf("got %+v, %v, want an interval over rounds only", got, err)
	}
}

// Schemas with fewer rounds shorten the others: a round counts when it has all of them.
func TestOverSchemasRounds(t *testing.T) {
	short := pairOf("b", 2)
	short.Cell = short.Cell[:7]
	got, err := OverSchemas([]Pair{pairOf("a", 1), short}, 1)
	if err != nil || got.Measurement.Rounds != 7 {
		t.Errorf("got %d rounds, %v, want 7", got.Measurement.Rounds, err)
	}
}
