// Package shares says how the bytes of encoded records fall on the fields of the record and on what bytes are for. It adds up
// the parts that a codec's Dissector cuts; nothing here knows a format.
package shares

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
)

// A Sum is the bytes of some records, by field and by role. The zero Sum is that of none.
type Sum struct {
	n      int
	fields []*share // in the order in which they were met
	index  map[string]*share
}

// A share is the bytes of one field, without those of what lies inside it, in all records.
type share struct {
	field string // as codecs.Part has it: "" is the record itself
	roles map[codecs.Role]int
	held  int // values that are not null

	classes map[string]int // how often its class names say what
}

// Roles are those of codecs, in the order in which they are shown.
var Roles = []codecs.Role{codecs.Value, codecs.Length, codecs.Null, codecs.Flag, codecs.ClassName, codecs.FieldName, codecs.Layout}

// Of encodes records, the schema's structs, and cuts their bytes.
func Of(p *codecs.Pipe, records []any) (*Sum, error) {
	d, ok := p.Codec.(codecs.Dissector)
	if !ok {
		return nil, errors.New("its bytes cannot be told apart")
	}
	s := &Sum{}
	for i, r := range records {
		encoded, err := p.Encode(r)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
		parts, err := d.Dissect(encoded)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
		s.Add(parts)
	}
	return s, nil
}

// Add counts the parts of one record.
func (s *Sum) Add(parts []codecs.Part) {
	s.n++
	held := map[string]bool{} // paths of this record that have a value
	for _, p := range parts {
		sh := s.of(p.Field)
		sh.roles[p.Role] += p.End - p.Begin
		if p.Role == codecs.ClassName {
			sh.classes[p.Text]++
		}
		if p.Role != codecs.Null && !held[p.Path] {
			held[p.Path] = true
			sh.held++
		}
	}
}

// of returns the share of a field, a new one if it has none yet.
func (s *Sum) of(field string) *share {
	if sh := s.index[field]; sh != nil {
		return sh
	}
	if s.index == nil {
		s.index = map[string]*share{}
	}
	sh := &share{field: field, roles: map[codecs.Role]int{}, classes: map[string]int{}}
	s.index[field] = sh
	s.fields = append(s.fields, sh)
	return sh
}

// Records returns how many records were added.
func (s *Sum) Records() int { return s.n }

// mean returns what a record has of n bytes or values, 0 if there is no record.
func (s *Sum) mean(n int) float64 {
	if s.n == 0 {
		return 0
	}
	return float64(n) / float64(s.n)
}

// rooted is the field of a place: "." is the record itself.
func rooted(place string) string {
	if place == "." {
		return ""
	}
	return place
}

// Under returns the mean bytes of a place and of all inside it.
func (s *Sum) Under(place string) float64 {
	sum := 0
	for _, sh := range s.fields {
		if sh.under(rooted(place)) {
			sum += sh.total()
		}
	}
	return s.mean(sum)
}

// under reports whether the share's field is the one given, or inside it.
func (s *share) under(field string) bool {
	rest, ok := strings.CutPrefix(s.field, field)
	return ok && (rest == "" || field == "" || strings.ContainsAny(rest[:1], ".[{"))
}

func (s *share) total() int {
	sum := 0
	for _, b := range s.roles {
		sum += b
	}
	return sum
}

// Null returns the mean bytes at a place, without those inside it, that say whether there is a value.
func (s *Sum) Null(place string) float64 {
	if sh := s.index[rooted(place)]; sh != nil {
		return s.mean(sh.roles[codecs.Null])
	}
	return 0
}

// Values returns the mean number of values at a place that are not null: more than one in a list, less where some are null.
func (s *Sum) Values(place string) float64 {
	if sh := s.index[rooted(place)]; sh != nil {
		return s.mean(sh.held)
	}
	return 0
}

// Classes returns what the class names at a place and inside it say, each once.
func (s *Sum) Classes(place string) []string {
	var classes []string
	for _, sh := range s.fields {
		if sh.under(rooted(place)) {
			classes = slices.AppendSeq(classes, maps.Keys(sh.classes))
		}
	}
	slices.Sort(classes)
	return slices.Compact(classes)
}

// Names returns what all class names say, and how often a record has each.
func (s *Sum) Names() map[string]float64 {
	names := map[string]float64{}
	for _, sh := range s.fields {
		for text, n := range sh.classes {
			names[text] += s.mean(n)
		}
	}
	return names
}

// Role returns the mean bytes of a role.
func (s *Sum) Role(r codecs.Role) float64 {
	sum := 0
	for _, sh := range s.fields {
		sum += sh.roles[r]
	}
	return s.mean(sum)
}

// A Cost is what one field takes, without what lies inside it, in mean bytes a record.
type Cost struct {
	Place    string // the field, "." for the record itself
	Total    float64
	Value    float64
	Overhead float64
	Largest  codecs.Role // of the overhead, "" if there is none
}

// Costs returns the cost of each field, the dearest first.
func (s *Sum) Costs() []Cost {
	var rows []Cost
	for _, sh := range s.fields {
		c := Cost{Place: cmp.Or(sh.field, "."), Total: s.mean(sh.total()), Value: s.mean(sh.roles[codecs.Value]), Largest: sh.largest()}
		c.Overhead = c.Total - c.Value
		rows = append(rows, c)
	}
	slices.SortStableFunc(rows, func(a, b Cost) int {
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.Place, b.Place))
	})
	return rows
}

// largest returns the role of most of the overhead, the first of equals.
func (s *share) largest() codecs.Role {
	most, largest := 0, codecs.Role("")
	for _, r := range Roles {
		if b := s.roles[r]; r != codecs.Value && b > most {
			most, largest = b, r
		}
	}
	return largest
}
