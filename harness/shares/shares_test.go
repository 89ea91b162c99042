package shares_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/harness/shares"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas/streams"
)

// Two records of {list: [null, text], map: {k: ...}}, cut by hand.
var cut = [][]codecs.Part{
	{
		{Begin: 0, End: 1, Role: codecs.Flag},
		{Begin: 1, End: 5, Path: "list", Field: "list", Role: codecs.ClassName, Text: "B"},
		{Begin: 5, End: 6, Path: "list[0]", Field: "list[]", Role: codecs.Null},
		{Begin: 6, End: 7, Path: "list[1]", Field: "list[]", Role: codecs.Null},
		{Begin: 7, End: 8, Path: "list[1]", Field: "list[]", Role: codecs.ClassName, Text: "A"},
		{Begin: 8, End: 12, Path: "list[1]", Field: "list[]", Role: codecs.Value},
		{Begin: 12, End: 13, Path: "lists", Field: "lists", Role: codecs.Null},
	},
	{
		{Begin: 0, End: 1, Role: codecs.Flag},
		{Begin: 1, End: 5, Path: "list", Field: "list", Role: codecs.ClassName, Text: "B"},
		{Begin: 5, End: 6, Path: "lists", Field: "lists", Role: codecs.Null},
		{Begin: 6, End: 16, Path: "lists", Field: "lists", Role: codecs.Value},
	},
}

func TestSum(t *testing.T) {
	var s shares.Sum
	for _, parts := range cut {
		s.Add(parts)
	}
	if got := s.Records(); got != 2 {
		t.Errorf("got %d records, want 2", got)
	}
	for _, tt := range []struct {
		place               string
		under, null, values float64
	}{
		{".", 14.5, 0, 1},
		{"list", 7.5, 0, 1}, // not lists
		{"list[]", 3.5, 1, 0.5},
		{"lists", 6, 1, 0.5},
		{"none", 0, 0, 0},
	} {
		if under, null, values := s.Under(tt.place), s.Null(tt.place), s.Values(tt.place); under != tt.under || null != tt.null || values != tt.values {
			t.Errorf("%s: got %v bytes under it, %v of null, %v values, want %v, %v, %v", tt.place, under, null, values, tt.under, tt.null, tt.values)
		}
	}
	if got := s.Role(codecs.ClassName); got != 4.5 {
		t.Errorf("class names: got %v bytes, want 4.5", got)
	}
	for _, tt := range []struct{ place, want string }{{".", "A B"}, {"list", "A B"}, {"list[]", "A"}, {"lists", ""}} {
		if got := strings.Join(s.Classes(tt.place), " "); got != tt.want {
			t.Errorf("classes at %s: got %q, want %q", tt.place, got, tt.want)
		}
	}
	want := []shares.Cost{
		{"lists", 6, 5, 1, codecs.Null},
		{"list", 4, 0, 4, codecs.ClassName},
		{"list[]", 3.5, 2, 1.5, codecs.Null},
		{".", 1, 0, 1, codecs.Flag},
	}
	if diff := cmp.Diff(want, s.Costs()); diff != "" {
		t.Errorf("costs (-want +got):\n%s", diff)
	}
}

func TestSumOfNone(t *testing.T) {
	var s shares.Sum
	if under, costs := s.Under("."), s.Costs(); under != 0 || costs != nil {
		t.Errorf("got %v bytes and costs %v, want none", under, costs)
	}
}

// The shares of a stream's fields make up its records.
func TestOf(t *testing.T) {
	for _, tt := range []struct {
		stream string
		format codecs.Format
	}{
		{"nexmark.Bid", avro.Format},
		{"orders.Order", pojo.Flink1},
		{"orders.Order", avro.Generic},
	} {
		s, err := streams.Get(tt.stream)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := records.Compile(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := codecs.Open(tt.format, s)
		if err != nil {
			t.Fatal(err)
		}
		gen := plan.Generator(1)
		var list []any
		bytes := 0
		for i := range uint64(16) {
			list = append(list, gen.New(i))
			b, err := p.Encode(list[i])
			if err != nil {
				t.Fatal(err)
			}
			bytes += len(b)
		}
		sum, err := shares.Of(p, list)
		if err != nil {
			t.Fatal(err)
		}
		fields := 0.0
		for _, c := range sum.Costs() {
			fields += c.Total
		}
		if want := float64(bytes) / 16; sum.Under(".") != want || fields != want {
			t.Errorf("%s, %s: got %v bytes a record, %v in its fields, want %v", tt.stream, tt.format.Name, sum.Under("."), fields, want)
		}
	}
}
