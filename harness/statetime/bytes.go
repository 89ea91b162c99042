package statetime

import (
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness/keyedstate"
	"github.com/wirecost/wirecost/records"
)

// A Subject is the records, and the state that they are put into.
type Subject struct {
	Schema  string
	Key     string
	KeyType string
	Records int
	Record  float64 // mean bytes of a record in the codec that takes the most
	Codecs  []Codec

	set *records.Set
	cfg keyedstate.Config
}

// A Codec is the serializer of the records.
type Codec struct {
	codecs.Format
	Line    javatype.Line
	Refused error // why it does not carry the schema
}

// SubjectOf describes a set of records in the codecs of a list. Of cfg it takes what concerns the key.
func SubjectOf(set *records.Set, cfg keyedstate.Config, list []Codec) (Subject, error) {
	s := Subject{Schema: set.Schema.Name, Records: int(set.Records), Codecs: slices.Clone(list), set: set, cfg: cfg}
	for i := range s.Codecs {
		c := &s.Codecs[i]
		r, err := s.entry(*c, Access{Kind: valueUpdate})
		if err != nil {
			c.Refused = err
			continue
		}
		s.Key, s.KeyType = r.Key, r.KeyType
		for _, p := range r.Parts {
			if p.Of == "value" && p.Name == "record" {
				s.Record = max(s.Record, p.Bytes)
			}
		}
	}
	if s.Record == 0 {
		return s, s.Codecs[0].Refused
	}
	return s, nil
}

// Carrying returns the names of the codecs that carry the schema: the first is measured twice.
func (s Subject) Carrying() []string {
	var names []string
	for _, c := range s.Codecs {
		if c.Refused == nil {
			names = append(names, c.Name)
		}
	}
	return names
}

// entry returns what the entry of an access takes, when all its records are there.
func (s Subject) entry(c Codec, a Access) (*keyedstate.Report, error) {
	cfg := s.cfg
	cfg.Kind, cfg.Format, cfg.Line, cfg.TTL, cfg.Elements = a.State(), c.Format, c.Line, a.TTL, 1
	if cfg.Kind == state.List {
		cfg.Elements = a.Length
	}
	return keyedstate.OfSet(s.set, cfg)
}
