package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// KeyBy returns what may be a key of the record, each a list of paths, most natural first; see [KeyBy].
func (p *Source) KeyBy() [][]string { return p.keyBy }

// KeyBy returns what may be a key of records of s, each a list of paths, most natural first: what the schema names; of a
// change of data the fields of the row, as it is or as it was; and then each field that can be a key in Flink. Of these the
// ones that are never null come before those that may be, and fields of the record before fields of records in it. There
// may be none.
func KeyBy(s *schemas.Schema, t *access.Type) ([][]string, error) {
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
	return slices.Concat(profile.KeyBy, changeKeys(s.Root), fieldKeys(s.Root)), nil
}

// changeKeys returns the fields of the row in root, a change of data as Debezium and others have it: the row before and after,
// either of which may be null. The key of a change is in one of the two.
func changeKeys(root *schemas.Node) (keys [][]string) {
	rows := map[string]*schemas.Node{}
	for _, f := range root.Fields {
		if row, ok := f.Type.Nullable(); ok && row.Kind == schemas.Record {
			rows[f.Name] = row.Record()
		}
	}
	row := rows["after"]
	if row == nil || rows["before"] != row {
		return nil
	}
	for _, f := range row.Fields {
		if canBeKey(f.Type) {
			keys = append(keys, []string{"after." + f.Name + "|before." + f.Name})
		}
	}
	return keys
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
// null key when it runs, and a key that may be null by the schema and never is in the stream is usual. Of several
// alternatives the first is there in records that would else have none of them. Other fields are what they are in p.
func (p *Source) Keyed(paths []string) (*Source, error) {
	all, single := map[string]bool{}, map[string]bool{}
	several := false
	for _, path := range paths {
		alternatives := access.Alternatives(path)
		err := nulls(p.Type, alternatives[0], all)
		if len(alternatives) == 1 {
			err = nulls(p.Type, path, single)
		}
		if err != nil {
			return nil, err
		}
		several = several || len(alternatives) > 1
	}
	if len(all) == 0 {
		return p, nil
	}
	forced, err := p.Config.compile(p.Schema, all)
	if err != nil || !several {
		return forced, err
	}
	keyed, err := p.Config.compile(p.Schema, single)
	if err != nil {
		return nil, err
	}
	keyed.forced = forced.fill
	keyed.null, err = NullKey(p.Type, paths)
	return keyed, err
}

// NullKey returns what says of a record of type t which of paths is null there, "" if none is. Alternatives are null if all
// of them are.
func NullKey(t *access.Type, paths []string) (func(access.Ref) (path string), error) {
	gets := make([]func(access.Ref) (access.Value, error), len(paths))
	for i, path := range paths {
		var err error
		if gets[i], err = access.Getter(t, path); err != nil {
			return nil, err
		}
	}
	return func(r access.Ref) string {
		for i, get := range gets {
			if v, err := get(r); err == nil && v.Node == nil {
				return paths[i]
			}
		}
		return ""
	}, nil
}

// nulls adds to never the places on the way to path, in records of type t, where the schema has null.
func nulls(t *access.Type, path string, never map[string]bool) error {
	_, way, err := t.Find(path)
	if err != nil {
		return err
	}
	at := ""
	for _, f := range way {
		at = join(at, f.Name)
		if n := f.Schema.Type; n.Kind == schemas.Union && n.NullBranch() >= 0 {
			never[at] = true
		}
	}
	return nil
}

// NeverNull reports whether no record of type t has null at paths, by its schema: of alternatives, at one of them.
func NeverNull(t *access.Type, paths []string) bool {
	for _, path := range paths {
		if !slices.ContainsFunc(access.Alternatives(path), func(one string) bool {
			places := map[string]bool{}
			return nulls(t, one, places) == nil && len(places) == 0
		}) {
			return false
		}
	}
	return true
}
