package records

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// KeyBy returns what may be a key of the record, each a list of paths, most natural first: what the schema names, and then
// each field that can be a key in Flink. Of these the ones that are never null come before those that may be, and fields
// of the record before fields of records in it. There may be none.
func (p *Source) KeyBy() [][]string { return p.keyBy }

// keyBy reads the keys that a schema names, and adds the fields that can be one.
func keyBy(s *schemas.Schema, t *access.Type) ([][]string, error) {
	var profile struct {
		KeyBy [][]string `json:"keyBy"`
	}
	if raw := s.Root.Profile; raw != nil {
		if err := json.Unmarshal(raw, &profile); err != nil {
			return nil, fmt.Errorf("keyBy: want [[path…]…]: %w", err)
		}
	}
	for _, key := range profile.KeyBy {
		if len(key) == 0 {
			return nil, errors.New("keyBy: a key has no field path")
		}
		for _, path := range key {
			if _, err := access.Getter(t, path); err != nil {
				return nil, fmt.Errorf("keyBy: %w", err)
			}
		}
	}
	return append(profile.KeyBy, fieldKeys(s.Root)...), nil
}

// A stop is a record on the way to fields that can be a key.
type stop struct {
	path     string
	record   *schemas.Node
	nullable bool // it, or a record around it, may be null
}

// fieldKeys returns the fields of root, and of records in it, that can be a key. Of a record that is there several times
// only the first place counts.
func fieldKeys(root *schemas.Node) [][]string {
	var always, sometimes [][]string
	seen := map[*schemas.Node]bool{root: true}
	for way := []stop{{"", root, false}}; len(way) > 0; way = way[1:] {
		for _, f := range way[0].record.Fields {
			path, n, nullable := join(way[0].path, f.Name), f.Type, way[0].nullable
			if b, ok := n.Nullable(); ok {
				n, nullable = b, true
			}
			switch n = n.Record(); {
			case n.Kind == schemas.Record && !seen[n]:
				seen[n] = true
				way = append(way, stop{path, n, nullable})
			case !canBeKey(n):
			case nullable:
				sometimes = append(sometimes, []string{path})
			default:
				always = append(always, []string{path})
			}
		}
	}
	return append(always, sometimes...)
}

// canBeKey reports whether Flink hashes values of n alike whoever made them: not those of an enum, nor an array of bytes.
func canBeKey(n *schemas.Node) bool {
	switch n.Kind {
	case schemas.Null, schemas.Enum:
		return false
	case schemas.Bytes, schemas.Fixed:
		return n.Logical == schemas.Decimal
	}
	return n.Kind.Scalar()
}

// Keyed returns the plan of records that p makes, but that none has null where the key at paths is read: Flink refuses a
// null key when it runs, and a key that may be null by the schema and never is in the stream is usual. Other fields are
// what they are in p.
func (p *Source) Keyed(paths []string) (*Source, error) {
	never := map[string]bool{}
	for _, path := range paths {
		_, way, err := p.Type.Find(path)
		if err != nil {
			return nil, err
		}
		at := ""
		for _, f := range way {
			at = join(at, f.Name)
			if n := f.Schema.Type; n.Kind == schemas.Union && n.NullBranch() >= 0 {
				never[at] = true
			}
		}
	}
	if len(never) == 0 {
		return p, nil
	}
	return compile(p.Schema, p.External, never)
}
