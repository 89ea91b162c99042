// Package skew says how a keyBy spreads records over subtasks: how much each is sent, which have nothing to do, what other
// numbers of subtasks and key groups would give, and which keys reach each subtask exactly. Nothing is measured or drawn:
// all of it follows from the keys, and where a key leads is codecs/flink/keygroup's.
//
// [Of] computes a [Report] and [RemapOf] a [Remap]; the functions of one file each print: text.go, json.go, source.go.
package skew

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/harness/keys"
)

// MostGroups is the largest max parallelism, as Flink has it: an upper bound of both numbers.
const MostGroups = 1 << 15

// A Config is how many subtasks and key groups there are.
type Config struct {
	Parallelism    int // subtasks
	MaxParallelism int // key groups; 0 means Flink's default for the parallelism
}

// Check says what is wrong with c, before any key is read.
func (c Config) Check() error {
	_, err := c.withDefaults()
	return err
}

// withDefaults checks c, and fills in Flink's default.
func (c Config) withDefaults() (Config, error) {
	if c.Parallelism < 1 || c.Parallelism > MostGroups {
		return c, fmt.Errorf("parallelism %d: from 1 to %d", c.Parallelism, MostGroups)
	}
	c.MaxParallelism = cmp.Or(c.MaxParallelism, keygroup.DefaultMaxParallelism(c.Parallelism))
	if c.MaxParallelism < c.Parallelism || c.MaxParallelism > MostGroups {
		return c, fmt.Errorf("max parallelism %d of %d subtasks: from %d to %d", c.MaxParallelism, c.Parallelism, c.Parallelism, MostGroups)
	}
	return c, nil
}

// A Report is how keys fall on subtasks. Shares are of all records, from 0 to 1.
type Report struct {
	Keys     string    `json:"keys"`
	KeyType  string    `json:"keyType"`
	Distinct int       `json:"distinct"`
	Records  int       `json:"records,omitempty"` // that were counted; a distribution has none
	Default  bool      `json:"flinkDefault"`      // the max parallelism is Flink's default
	Load               // at the numbers that were asked for
	Hottest  Hot       `json:"hottest"`
	Subtasks []Subtask `json:"subtasks"`
	Groups   []float64 `json:"keyGroups"` // shares, by key group

	// What other numbers would give, those that were asked for among them.
	Parallelisms    []Load `json:"parallelisms"`
	MaxParallelisms []Load `json:"maxParallelisms"`

	doc string
}

// A Load is how evenly records fall on subtasks.
type Load struct {
	Parallelism    int     `json:"parallelism"`
	MaxParallelism int     `json:"maxParallelism"`
	Divides        bool    `json:"divides"` // the parallelism the max parallelism: each subtask has as many key groups
	Least          int     `json:"leastKeyGroups"`
	Largest        int     `json:"mostKeyGroups"` // of a subtask
	MaxMean        float64 `json:"maxMean"`       // what the busiest subtask has by what they have in the mean
	Busiest        int     `json:"busiest"`       // the subtask with most records, the first of equals
	Idle           int     `json:"idle"`          // subtasks without records
}

// A Hot is the key with most records, the first of equals.
type Hot struct {
	Key     string  `json:"key"`
	Share   float64 `json:"share"`
	Subtask int     `json:"subtask"`
}

// A Subtask is what one subtask has.
type Subtask struct {
	Subtask int     `json:"subtask"`
	First   int     `json:"firstKeyGroup"`
	Last    int     `json:"lastKeyGroup"`
	Keys    int     `json:"keys"`
	Share   float64 `json:"share"`
}

// Of computes how keys fall on the subtasks of a keyBy.
func Of(k *keys.Keys, cfg Config) (*Report, error) {
	c, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	maxes := maxParallelisms(c)
	loads := make([][]float64, len(maxes)) // weights by key group, for each
	for i, m := range maxes {
		loads[i] = make([]float64, m)
	}
	distinct := make([]int, c.MaxParallelism) // keys by key group
	total, hottest, most, at := 0.0, 0, -1.0, 0
	var hotGroup int
	for hash, weight := range k.All() {
		for i, m := range maxes {
			loads[i][keygroup.Group(hash, m)] += weight
		}
		group := keygroup.Group(hash, c.MaxParallelism)
		distinct[group]++
		if weight > most {
			most, hottest, hotGroup = weight, at, group
		}
		total += weight
		at++
	}
	for _, groups := range loads {
		for g := range groups {
			groups[g] /= total
		}
	}
	own := loads[slices.Index(maxes, c.MaxParallelism)]
	r := &Report{
		Keys: k.Name, KeyType: k.Type, Distinct: k.N, Records: k.Records, doc: k.Doc,
		Default: c.MaxParallelism == keygroup.DefaultMaxParallelism(c.Parallelism),
		Load:    loadOf(c.Parallelism, own), Groups: own,
		Hottest:  Hot{k.Text(hottest), most / total, keygroup.Channel(hotGroup, c.Parallelism, c.MaxParallelism)},
		Subtasks: subtasks(c.Parallelism, own, distinct),
	}
	for _, par := range parallelisms(c) {
		r.Parallelisms = append(r.Parallelisms, loadOf(par, own))
	}
	for _, groups := range loads {
		r.MaxParallelisms = append(r.MaxParallelisms, loadOf(c.Parallelism, groups))
	}
	return r, nil
}

// subtasks returns what each subtask has of the shares and the numbers of keys by key group.
func subtasks(par int, groups []float64, distinct []int) []Subtask {
	out := make([]Subtask, par)
	for i := range out {
		s := &out[i]
		s.Subtask = i
		s.First, s.Last = keygroup.Range(i, par, len(groups))
		for g := s.First; g <= s.Last; g++ {
			s.Share += groups[g]
			s.Keys += distinct[g]
		}
	}
	return out
}

// loadOf returns how evenly key groups with these shares fall on subtasks.
func loadOf(par int, groups []float64) Load {
	l := Load{Parallelism: par, MaxParallelism: len(groups), Divides: len(groups)%par == 0, Least: len(groups)}
	busiest := -1.0
	for i := range par {
		first, last := keygroup.Range(i, par, len(groups))
		share := 0.0
		for _, s := range groups[first : last+1] {
			share += s
		}
		l.Least, l.Largest = min(l.Least, last+1-first), max(l.Largest, last+1-first)
		if share > busiest {
			busiest, l.Busiest = share, i
		}
		if share == 0 {
			l.Idle++
		}
	}
	l.MaxMean = busiest * float64(par)
	return l
}

// beside is how many divisors of the max parallelism are shown on either side of the parallelism.
const beside = 5

// parallelisms returns the parallelisms to compare with that of c, in order: its neighbours and the nearest divisors of the max
// parallelism.
func parallelisms(c Config) []int {
	var below, above []int
	for d := 1; d <= c.MaxParallelism; d++ {
		switch {
		case c.MaxParallelism%d != 0:
		case d < c.Parallelism:
			below = append(below, d)
		default:
			above = append(above, d)
		}
	}
	list := slices.Concat(below[max(0, len(below)-beside):], above[:min(beside, len(above))])
	for p := max(1, c.Parallelism-2); p <= min(c.Parallelism+2, c.MaxParallelism); p++ {
		list = append(list, p)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// maxParallelisms returns the max parallelisms to compare with that of c, in order: powers of two, and behind each the next
// multiple of the parallelism.
func maxParallelisms(c Config) []int {
	list := []int{c.MaxParallelism, keygroup.DefaultMaxParallelism(c.Parallelism)}
	for _, m := range []int{128, 256, 512, 1024, 4096, MostGroups} {
		if m < c.Parallelism {
			continue
		}
		list = append(list, m)
		if even := (m + c.Parallelism - 1) / c.Parallelism * c.Parallelism; even <= MostGroups {
			list = append(list, even)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
