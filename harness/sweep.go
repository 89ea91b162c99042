package harness

import (
	"fmt"
	"math/bits"
	"strconv"

	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// sweepSizes are the sizes of records in Avro, in bytes, and sweepRecords the numbers of distinct ones, through which a sweep
// goes: from a set that is in the nearest cache to one that is in memory.
var (
	sweepSizes   = []int{64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10}
	sweepRecords = []int{16, 256, 4 << 10, 64 << 10}
)

// What the sets of a sweep take at most, in bytes of Avro.
const (
	sizedSet    = 1 << 20 // of records of one size: cache and memory are another question
	distinctSet = 32 << 20
)

// Sweep returns subjects that show how a price grows. The records of some are of sizes from 64 B to 64 KiB, half of it text
// and half of it longs; the others are those of a plan, ever more distinct ones. All travel as d says.
func Sweep(plan *records.Source, d measure.Data) ([]*Subject, error) {
	var subjects []*Subject
	for _, size := range sweepSizes {
		s, err := sized(size, d)
		if err != nil {
			return nil, err
		}
		subjects = append(subjects, s)
	}
	for _, n := range sweepRecords {
		d := d
		fits, _, err := FitRecords(plan, d.Seed, n, distinctSet)
		if err != nil {
			return nil, err
		}
		if fits < n {
			break // larger sets have no more distinct records
		}
		d.Records = n
		s, err := Generate(plan, d)
		if err != nil {
			return nil, err
		}
		s.Case = strconv.Itoa(n)
		subjects = append(subjects, s)
	}
	return subjects, nil
}

// sized returns records of so many bytes in Avro. Their key is a field of their own.
func sized(size int, d measure.Data) (*Subject, error) {
	name := results.SweepPrefix + strconv.Itoa(size)
	d.Text, d.Type, d.Stream, d.Dir, d.Profile, d.Key, d.OtherKey, d.Keys = sizedSchema(name, size), name, "", "", "", []string{"id"}, nil, ""
	s, err := schemas.Parse(name, []byte(d.Text), "")
	if err != nil {
		return nil, err
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		return nil, err
	}
	if d.Records, _, err = FitRecords(plan, d.Seed, DefaultRecords, sizedSet); err != nil {
		return nil, err
	}
	return Generate(plan, d)
}

// sizedSchema is a schema whose records have so many bytes in Avro: 4 of id, 8 of each value, and of the text what is left.
func sizedSchema(name string, size int) string {
	values := size / 16
	text := size - 4 - varint(values) - 8*values - 1
	text -= varint(text)
	return fmt.Sprintf(`{"type": "record", "name": %q, "fields": [
		{"name": "id", "type": "long", "profile": {"min": 1048576, "max": 134217727}},
		{"name": "text", "type": "string", "profile": {"len": %d, "chars": "alnum"}},
		{"name": "values", "type": {"type": "array", "items": {"type": "long", "profile": {"min": 562949953421312, "max": 36028797018963967}}}, "profile": {"size": %d}}]}`,
		name, text, values)
}

// varint returns how many bytes a length takes in Avro.
func varint(n int) int { return max(1, (bits.Len(uint(2*n))+6)/7) }
