package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas/access"
)

// shares says how the bytes of a codec's records fall on fields and on roles.
type shares struct {
	n      float64 // records
	fields []*share
	index  map[string]*share
}

// A share is the bytes of one field, without those of what lies inside it, in all records.
type share struct {
	field string
	roles map[codecs.Role]float64
	held  float64 // values that are not null
}

func (s *share) total() float64 {
	sum := 0.0
	for _, b := range s.roles {
		sum += b
	}
	return sum
}

// sharesOf encodes records, given as the schema's structs, with c and cuts their bytes.
func sharesOf(c codecs.Codec, t *access.Type, records []any) (*shares, error) {
	d, ok := c.(codecs.Dissector)
	if !ok {
		return nil, fmt.Errorf("its bytes cannot be told apart")
	}
	p := codecs.NewPipe(c, t)
	s := &shares{index: map[string]*share{}}
	for i, r := range records {
		encoded, err := p.Encode(r)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
		parts, err := d.Dissect(encoded)
		if err != nil {
			return nil, fmt.Errorf("record %d: %w", i, err)
		}
		s.add(parts)
	}
	return s, nil
}

// add counts the parts of one record.
func (s *shares) add(parts []codecs.Part) {
	s.n++
	held := map[string]bool{}
	for _, p := range parts {
		sh := s.index[p.Field]
		if sh == nil {
			sh = &share{field: p.Field, roles: map[codecs.Role]float64{}}
			s.index[p.Field] = sh
			s.fields = append(s.fields, sh)
		}
		sh.roles[p.Role] += float64(p.End - p.Begin)
		if p.Role != codecs.Null && !held[p.Path] {
			held[p.Path] = true
			sh.held++
		}
	}
}

// rooted is the path of a share for one of Flink's places, where the record itself is ".".
func rooted(path string) string {
	if path == "." {
		return ""
	}
	return path
}

// under returns the mean bytes of a place and of all inside it.
func (s *shares) under(path string) float64 {
	path = rooted(path)
	sum := 0.0
	for _, sh := range s.fields {
		if rest, ok := strings.CutPrefix(sh.field, path); ok && (rest == "" || path == "" || strings.ContainsAny(rest[:1], ".[{")) {
			sum += sh.total()
		}
	}
	return sum / s.n
}

// null returns the mean bytes that say whether there is a value at path, at most one for each.
func (s *shares) null(path string) float64 {
	if sh := s.index[rooted(path)]; sh != nil {
		return sh.roles[codecs.Null] / s.n
	}
	return 0
}

// values returns the mean number of values at path that are not null.
func (s *shares) values(path string) float64 {
	if sh := s.index[rooted(path)]; sh != nil {
		return sh.held / s.n
	}
	return 0
}

// A cost is a row of a summary.
type fieldCost struct {
	Field    string  `json:"field"`
	Total    float64 `json:"B/record"`
	Value    float64 `json:"value-B/record"`
	Overhead float64 `json:"overhead-B/record"`
	Largest  string  `json:"mostly,omitempty"` // the largest kind of overhead
}

// costs returns the mean bytes of each field, the dearest first.
func (s *shares) costs() []fieldCost {
	var rows []fieldCost
	for _, sh := range s.fields {
		row := fieldCost{Field: sh.field, Total: sh.total() / s.n, Value: sh.roles[codecs.Value] / s.n}
		if row.Field == "" {
			row.Field = "."
		}
		row.Overhead = row.Total - row.Value
		best := 0.0
		for _, r := range roles {
			if b := sh.roles[r]; r != codecs.Value && b > best {
				best, row.Largest = b, string(r)
			}
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b fieldCost) int {
		switch {
		case a.Total != b.Total:
			if a.Total > b.Total {
				return -1
			}
			return 1
		}
		return javatype.CompareNames(a.Field, b.Field)
	})
	return rows
}

// roles in the order in which they are shown.
var roles = []codecs.Role{codecs.Value, codecs.Length, codecs.Null, codecs.Flag, codecs.ClassName, codecs.FieldName, codecs.Layout}

// role returns the mean bytes of a role.
func (s *shares) role(r codecs.Role) float64 {
	sum := 0.0
	for _, sh := range s.fields {
		sum += sh.roles[r]
	}
	return sum / s.n
}
