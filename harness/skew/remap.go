package skew

import (
	"fmt"
	"math"

	"github.com/wirecost/wirecost/codecs/flink/keygroup"
)

// A Remap has, for each subtask, an integer key that Flink sends exactly there. A job that makes one of its records' key, as an
// Integer or a Long, spreads p groups of records over p subtasks: one each.
type Remap struct {
	Parallelism    int     `json:"parallelism"`
	MaxParallelism int     `json:"maxParallelism"`
	Keys           []int32 `json:"remap"` // key i goes to subtask i: the least from 0 on
}

// RemapOf finds the keys, and proves each.
func RemapOf(cfg Config) (*Remap, error) {
	c, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	channels := keygroup.Channels(c.Parallelism, c.MaxParallelism)
	r := &Remap{c.Parallelism, c.MaxParallelism, firsts(c.Parallelism, func(key int32) int {
		return int(channels[keygroup.Group(key, c.MaxParallelism)])
	})}
	return r, r.verify()
}

// firsts returns, for each of n places, the least key from 0 on that leads there.
func firsts(n int, place func(key int32) int) []int32 {
	keys, found := make([]int32, n), make([]bool, n)
	for key, left := int32(0), n; left > 0 && key < math.MaxInt32; key++ {
		if i := place(key); !found[i] {
			keys[i], found[i] = key, true
			left--
		}
	}
	return keys
}

// verify proves that the keys lead where they should, by the range of key groups that each subtask has: another way than
// that on which they were found. The hash is a Long's, which is also an Integer's.
func (r *Remap) verify() error {
	for i, key := range r.Keys {
		group := keygroup.Group(keygroup.Long(int64(key)), r.MaxParallelism)
		if first, last := keygroup.Range(i, r.Parallelism, r.MaxParallelism); group < first || group > last {
			return fmt.Errorf("key %d is in key group %d, but subtask %d has %d to %d", key, group, i, first, last)
		}
	}
	return nil
}

// Recipe returns how many of r's subtasks the common recipe is right for: the first key of which murmur(key) % parallelism is i
// is said to go to subtask i, but Flink goes by key groups.
func (r *Remap) Recipe() int {
	recipe := *r
	recipe.Keys = firsts(r.Parallelism, func(key int32) int { return int(keygroup.Murmur(key)) % r.Parallelism })
	right := 0
	for i, key := range recipe.Keys {
		if keygroup.Channel(keygroup.Group(key, r.MaxParallelism), r.Parallelism, r.MaxParallelism) == i {
			right++
		}
	}
	return right
}
