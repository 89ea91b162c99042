package harness

import (
	"errors"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// CheckKey says why paths cannot be the key of records of s.
func CheckKey(s *schemas.Schema, paths []string) error {
	t, err := access.Of(s)
	if err != nil {
		return err
	}
	_, err = keygroup.Keys(t, paths)
	return err
}

// ErrNoKey says that a record has no key unless one is named.
var ErrNoKey = errors.New("no field of the schema can be a key: --key names one, by its path: a boolean, number, text, date, time or decimal, " +
	"in the record or in records within it, but in no array or map")

// FirstKey returns the most natural key of a plan's records that Flink takes, or ErrNoKey: schemas may name keys for
// others, such as bytes. The key may be null by the schema; see [records.Source.Keyed].
func FirstKey(plan *records.Source) ([]string, error) {
	for _, paths := range plan.KeyBy() {
		if CheckKey(plan.Schema, paths) == nil {
			return paths, nil
		}
	}
	return nil, ErrNoKey
}

// surestKey returns the most natural key of a plan's records that is null in none of them, nil if there is none.
func surestKey(plan *records.Source) []string {
	for _, paths := range plan.KeyBy() {
		if keyed, err := plan.Keyed(paths); err == nil && keyed == plan && CheckKey(plan.Schema, paths) == nil {
			return paths
		}
	}
	return nil
}

// DefaultKey returns the most natural key of the records that d describes, or ErrNoKey.
func (l Lab) DefaultKey(d measure.Data) ([]string, error) {
	s, err := l.schema(d)
	if err != nil {
		return nil, err
	}
	plan, err := described(d).Compile(s)
	if err != nil {
		return nil, err
	}
	return FirstKey(plan)
}

// keyOf returns what reads the key of c's native records, as a job does before each exchange.
func keyOf(c codecs.Codec, s *Subject, paths []string) (exchange.KeyHash, error) {
	conv, ok := c.(codecs.Converter)
	if !ok {
		h, err := keygroup.StructHasher(s.Type, paths)
		return h, err
	}
	keys, err := keygroup.Keys(s.Type, paths)
	if err != nil {
		return nil, err
	}
	fields := make([]keygroup.Field, len(paths))
	for i, path := range paths {
		var alternatives []keygroup.Field
		for _, one := range access.Alternatives(path) {
			f, err := conv.Field(one)
			if err != nil {
				return nil, err
			}
			alternatives = append(alternatives, f)
		}
		fields[i] = keygroup.First(alternatives...)
	}
	return keygroup.Hasher(keys, fields), nil
}
