package codectest

import (
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

// perStream is how many records of each stream are looked at.
const perStream = 24

// subjects returns the built-in streams, with their first records.
func subjects(t reporter) []subject {
	t.Helper()
	var list []subject
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, generated(t, s, 1, perStream))
	}
	return list
}

// generated returns s with its first n records.
func generated(t reporter, s *schemas.Schema, seed uint64, n int) subject {
	t.Helper()
	plan, err := records.Compile(s, nil)
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	gen, sub := plan.Generator(seed), subject{schema: s}
	for i := range n {
		sub.records = append(sub.records, gen.New(uint64(i)))
	}
	return sub
}
