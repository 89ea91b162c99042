package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/schemas"
)

// Every op of the harness has its line.
func TestOps(t *testing.T) {
	for _, op := range append(slices.Clone(harness.Ops), harness.Move) {
		if !slices.Contains(names(ops), string(op)) {
			t.Errorf("--ops does not list %s", op)
		}
	}
}

// A schema whose paths are many more than its fields is listed as far as anybody reads.
func TestScalarsEnd(t *testing.T) {
	const depth = 15
	text := `"long"`
	for i := range depth { // twice the paths at each level: 32768 of them
		text = fmt.Sprintf(`{"type": "record", "name": "R%d", "fields": [{"name": "a", "type": %s}, {"name": "b", "type": %s}]}`,
			i, text, map[bool]string{true: `"long"`, false: fmt.Sprintf(`"R%d"`, i-1)}[i == 0])
	}
	s, err := schemas.Parse("r.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	list := scalars(s)
	if len(list) != mostScalars || strings.Count(list[0].Name, ".") != depth-1 {
		t.Errorf("%d scalars, the first %.100s, want %d", len(list), list[0].Name, mostScalars)
	}
}
