// Package keys says which keys the records of a stream have, and how often: keys that follow a distribution, keys counted in
// a file or in records. What routes records by them is handed hashes; where those lead is codecs/flink/keygroup's.
//
// A distribution is written as the commands take it, and [Parse] reads it:
//
//	0..11              consecutive integers, both ends included, each as often
//	zipf(1.1,100000)   the integers from 0 below 100000, integer r as often as (r+1)^-1.1
//	hot(0.3,1000)      the integers from 0 below 1000, of which 0 has 0.3 of the records and the others as much each
//
// [Read] counts a file of keys, one a line, and [OfRecords] the keys of records, whoever made or read these. Either way the
// weights are exact, and [Keys.Sampler] draws the keys of a stream of records from them.
package keys

import (
	"encoding/json"
	"fmt"
	"iter"
	"strconv"

	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
)

// Most is the largest number of distinct keys.
const Most = 1 << 24

// Keys are the distinct keys of records. They do not change and may be used by several goroutines.
type Keys struct {
	Name    string // what they are, as the user has it: a distribution, a file, a field
	Type    string // the Java class that their hashes are of; of several fields a Tuple
	Doc     string // where keys and type come from, in words; "" if Name says it all
	N       int    // distinct keys
	Records int    // in which they were counted, 0 if they follow a distribution

	hash    func(i int) int32
	weight  func(i int) float64
	text    func(i int) string
	profile map[string]any // of a field whose value is the index of a record's key; nil: the counts are the weights
}

// Text returns key i as people write it.
func (k *Keys) Text(i int) string { return k.text(i) }

// Hash returns the Java hashCode of key i.
func (k *Keys) Hash(i int) int32 { return k.hash(i) }

// All returns the hash and the weight of each key. The weights of counted keys are their counts; others are above 0, and say
// nothing but by their ratios.
func (k *Keys) All() iter.Seq2[int32, float64] {
	return func(yield func(int32, float64) bool) {
		for i := range k.N {
			if !yield(k.hash(i), k.weight(i)) {
				return
			}
		}
	}
}

// Sampler returns the index of record i's key. It depends on the seed and on i alone. Consecutive integers follow each other;
// all others are drawn with the odds that their weights are, those of counted keys too: the order of a file is not kept. What is
// returned is not for concurrent use.
func (k *Keys) Sampler(seed uint64) (func(i uint64) int, error) {
	profile := k.profile
	if profile == nil {
		counts := make([]uint64, k.N)
		for i := range counts {
			counts[i] = uint64(k.weight(i))
		}
		profile = map[string]any{"pick": map[string]any{"n": k.N, "ranks": counts}, "index": map[string]any{}}
	}
	schema, err := json.Marshal(map[string]any{"type": "record", "name": "Keyed", "fields": []any{
		map[string]any{"name": "key", "type": "long", "profile": profile}}})
	if err != nil {
		return nil, err
	}
	s, err := schemas.Parse(k.Name, schema, "")
	if err != nil {
		return nil, err
	}
	source, err := records.Compile(s, nil)
	if err != nil {
		return nil, fmt.Errorf("keys %s: %w", k.Name, err)
	}
	_, way, err := source.Type.Find("key")
	if err != nil {
		return nil, err
	}
	gen, record, off := source.Generator(seed), source.Type.Alloc(), way[0].Offset
	return func(i uint64) int {
		gen.Fill(i, record)
		return int(record.At(off).Long())
	}, nil
}

// consecutive returns the integers from lo to hi.
func consecutive(t Type, lo, hi int64) (*Keys, error) {
	if hi < lo {
		return nil, fmt.Errorf("from %d to %d there is no integer", lo, hi)
	}
	if n := uint64(hi) - uint64(lo); n >= Most {
		return nil, tooMany(n + 1)
	}
	k, err := integers(t, lo, int(hi-lo)+1)
	if err != nil {
		return nil, err
	}
	k.weight = func(int) float64 { return 1 }
	k.profile = map[string]any{"index": map[string]any{"mod": k.N}}
	return k, nil
}

// integers returns n integers from first on as keys of a type, without weights.
func integers(t Type, first int64, n int) (*Keys, error) {
	for _, v := range []int64{first, first + int64(n) - 1} { // where both ends are of the type, those between are
		if _, err := t.integer(v); err != nil {
			return nil, err
		}
	}
	return &Keys{
		Type: t.Java, N: n,
		hash: func(i int) int32 {
			h, _ := t.integer(first + int64(i))
			return h
		},
		text: func(i int) string { return strconv.FormatInt(first+int64(i), 10) },
	}, nil
}

func tooMany(n uint64) error {
	return fmt.Errorf("%d distinct keys: at most %d, of which a sample of the records has enough", n, Most)
}
