package harness

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/bits"

	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// DefaultRecords is the number of distinct records in a ring.
const DefaultRecords = 1024

// A Subject is one schema with the records that are measured of it.
type Subject struct {
	Schema  *schemas.Schema
	Case    string // tells apart subjects of one schema, "" if there is one
	Type    *access.Type
	Records []any        // pointers to the schema's Go struct
	Key     []string     // paths of the key by which exchanges send them, unless a Route says; nil: no field can be one
	From    string       // of a sample: how many of how many records of which file they are, in words
	Hinted  bool         // the names of some fields say what their values are
	Guess   Guess        // of how many fields the values are invented
	Class   string       // in Java, the user's own that the records are made into; "": that of the schema. Only Flink's runtimes have one
	Data    measure.Data // what a worker makes them of again; zero if they are the user's own

	Classpath []string // jars and folders with Class
}

// A Guess says of how many fields with values nothing describes these.
type Guess struct{ Invented, Fields int }

// Name returns the name that s has in results.
func (s *Subject) Name() string {
	if s.Case == "" {
		return s.Schema.Name
	}
	return s.Schema.Name + results.CaseMark + s.Case
}

// Generate makes the records of a plan that d describes.
func Generate(plan *records.Source, d measure.Data) (*Subject, error) {
	if bits.OnesCount(uint(d.Records)) != 1 {
		return nil, fmt.Errorf("%d records: want a power of two", d.Records)
	}
	for _, key := range [][]string{d.Key, d.OtherKey} { // which are not null in any record that is measured
		var err error
		if plan, err = plan.Keyed(key); err != nil {
			return nil, err
		}
	}
	gen := plan.Generator(d.Seed)
	s := &Subject{Schema: plan.Schema, Type: plan.Type, Records: make([]any, d.Records), Key: d.Key, Data: d,
		Hinted: plan.Hinted, Guess: Guess{plan.Invented, plan.Fields}}
	for i := range s.Records {
		s.Records[i] = gen.New(uint64(d.First) + uint64(i))
	}
	if s.Key == nil {
		s.Key = surestKey(plan)
	}
	if d.Keys != "" {
		return s, s.rekey(d.Keys, d.Seed)
	}
	return s, nil
}

// refOf returns the address of record i.
func (s *Subject) refOf(i int) access.Ref {
	r, err := s.Type.Ref(s.Records[i])
	if err != nil {
		panic(err) // Records were made with Type
	}
	return r
}

// Fact returns what must be equal for results of two files about s to be comparable.
func (s *Subject) Fact() (results.SchemaFact, error) {
	sum, n := sha256.New(), int64(0)
	var buf []byte
	for i := range s.Records {
		var err error
		if buf, err = access.AppendAvro(buf[:0], s.Type, s.refOf(i)); err != nil {
			return results.SchemaFact{}, fmt.Errorf("record %d: %w", i, err)
		}
		sum.Write(buf)
		n += int64(len(buf))
	}
	profile := "schema"
	switch {
	case s.From != "":
		profile = "sample"
	case s.Data.Profile != "":
		profile = fmt.Sprintf("%x", sha256.Sum256([]byte(s.Data.Profile)))
	}
	if s.Hinted {
		profile += "+hints"
	}
	return results.SchemaFact{Name: s.Name(), Hash: s.Schema.Hash(), Data: hex.EncodeToString(sum.Sum(nil)),
		Records: len(s.Records), SetBytes: n, Profile: profile}, nil
}

// FitRecords returns how many records of a plan go into a ring of at most some bytes, in Avro's encoding: a power of two, from
// 1 to most. mean is the size of a record, of the first ones.
func FitRecords(plan *records.Source, seed uint64, most int, bytes int64) (n int, mean float64, err error) {
	const sample = 16
	gen := plan.Generator(seed)
	var buf []byte
	sum, drawn := int64(0), 0
	for ; drawn < min(sample, most) && sum < bytes; drawn++ {
		r, err := plan.Type.Ref(gen.New(uint64(drawn)))
		if err != nil {
			return 0, 0, err
		}
		if buf, err = access.AppendAvro(buf[:0], plan.Type, r); err != nil {
			return 0, 0, fmt.Errorf("record %d: %w", drawn, err)
		}
		sum += int64(len(buf))
	}
	mean = float64(sum) / float64(drawn)
	for n = 1; 2*n <= most && mean*float64(2*n) <= float64(bytes); {
		n *= 2
	}
	return n, mean, nil
}
