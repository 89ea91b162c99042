package harness

import (
	"strings"
	"testing"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/records"
)

// Records of a size have it to the byte, and those of the plan are as many as their case says.
func TestSweep(t *testing.T) {
	d := testData()
	s, err := testLab.schema(d)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	subjects, err := Sweep(plan, d)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range subjects {
		fact, err := s.Fact()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, fact.Name)
		size, of := int64(0), sweepSizes
		if len(names) <= len(of) {
			size = int64(of[len(names)-1])
		}
		if size > 0 && fact.SetBytes != size*int64(fact.Records) {
			t.Errorf("%s: %d records of %d B, want %d B each", fact.Name, fact.Records, fact.SetBytes, size)
		}
	}
	want := "sweep.B64 sweep.B256 sweep.B1024 sweep.B4096 sweep.B16384 sweep.B65536 Order@16 Order@256 Order@4096 Order@65536"
	if got := strings.Join(names, " "); got != want || results.CaseMark != "@" {
		t.Errorf("got %s, want %s", got, want)
	}
}
