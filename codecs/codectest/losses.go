package codectest

import (
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// losing is a schema whose records show every loss there is.
const losing = `{"type": "record", "name": "Losing", "fields": [
	{"name": "branch", "type": ["null", "int", "long", {"type": "enum", "name": "Suit", "symbols": ["HEARTS", "SPADES"]},
		{"type": "record", "name": "Pair", "fields": [{"name": "l", "type": "int"}, {"name": "r", "type": "string"}]}]},
	{"name": "zero", "type": ["null", "long"]},
	{"name": "empty", "type": ["null", {"type": "array", "items": "string"}]},
	{"name": "none", "type": ["null", {"type": "map", "values": "long"}]},
	{"name": "time", "type": {"type": "long", "logicalType": "time-micros"}}]}`

var losingRecords = []string{
	`{"branch": {"int": 5}, "zero": {"long": 0}, "empty": {"array": []}, "none": {"map": {}}, "time": 1234567}`,
	`{"branch": {"Suit": "SPADES"}, "zero": null, "empty": null, "none": null, "time": 0}`,
	`{"branch": {"Pair": {"l": 1, "r": "x"}}, "zero": {"long": 1}, "empty": {"array": ["a"]}, "none": {"map": {"k": 1}}, "time": 999}`,
	`{"branch": null, "zero": {"long": 0}, "empty": {"array": []}, "none": {"map": {}}, "time": 1000}`,
}

// checkLosses: each loss that f states shows in some record. Formats that need generated code are tried on the streams
// alone, where not every loss has an occasion.
func checkLosses(t *testing.T, f codecs.Format, seen map[codecs.Loss]bool) {
	b := bind(t, f, parsed(t, losing, losingRecords))
	if b == nil {
		return
	}
	t.Run("losing", func(t *testing.T) { b.run(t) })
	b.lost(seen)
	for _, l := range f.Loses {
		if !seen[l] {
			t.Errorf("Format.Loses has %v, but no record shows it", l)
		}
	}
}

// parsed returns a subject made at run time from text.
func parsed(t reporter, schema string, records []string) subject {
	t.Helper()
	s, err := schemas.Parse("codectest.avsc", []byte(schema), "")
	if err != nil {
		t.Fatal(err)
	}
	return subject{s, readLines(t, s, records)}
}

// readLines returns the records of s that the texts say.
func readLines(t reporter, s *schemas.Schema, texts []string) []any {
	t.Helper()
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	var records []any
	for _, text := range texts {
		v := typ.New()
		if err := access.Unmarshal(typ, []byte(text), v); err != nil {
			t.Fatal(err)
		}
		records = append(records, v)
	}
	return records
}
