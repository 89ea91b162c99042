package learn

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

const (
	mostDistinct = 1 << 16 // distinct values that are counted one by one
	mostRanks    = 256     // of them, those that a profile has an entry for
)

// A budget is the memory that the distinct values of all fields may take, so that a sample of many large values takes no
// more than one of few.
type budget struct {
	left   int
	tables []table // in the order of the schema
}

// A table is the values of a field, whatever their type.
type table interface {
	// worth is how many values there are for each distinct one: below 2 they are of no use.
	worth() float64
	size() int
	giveUp()
}

// take takes bytes, and gives up the least useful tables if there are none left.
func (b *budget) take(bytes int) {
	b.left -= bytes
	for b.left < 0 {
		var least table
		for _, t := range b.tables {
			if t.size() > 0 && (least == nil || t.worth() < least.worth()) {
				least = t
			}
		}
		b.left += least.size()
		least.giveUp()
	}
}

// values counts the distinct values of a field. From mostDistinct on no new ones are taken in: how many of them there are
// is estimated then.
type values[K comparable] struct {
	budget *budget
	counts map[K]uint64
	seen   uint64 // values
	bytes  int    // of memory
	full   bool
	others sketch // values that were not taken in, and how many different ones
	hash   func(K) uint64
	cost   func(K) (K, int) // what is kept of a value, and the memory it takes
}

func newValues[K comparable](b *budget, hash func(K) uint64, cost func(K) (K, int)) *values[K] {
	v := &values[K]{budget: b, counts: map[K]uint64{}, hash: hash, cost: cost}
	b.tables = append(b.tables, v)
	return v
}

func (v *values[K]) worth() float64 { return float64(v.seen) / float64(len(v.counts)+1) }
func (v *values[K]) size() int      { return v.bytes }

func (v *values[K]) giveUp() { v.counts, v.bytes = nil, 0 }

func (v *values[K]) add(x K) {
	if v.counts == nil {
		return
	}
	v.seen++
	if n, ok := v.counts[x]; ok {
		v.counts[x] = n + 1
		return
	}
	if v.full {
		v.others.add(v.hash(x))
		return
	}
	kept, bytes := v.cost(x)
	v.counts[kept] = 1
	v.bytes += bytes
	if len(v.counts) == mostDistinct {
		v.full = true
		if v.worth() < 2 {
			v.budget.left += v.bytes - bytes
			v.giveUp()
			return
		}
	}
	v.budget.take(bytes)
}

// A ranking is the values of a field that repeats them, as a profile has it.
type ranking[K comparable] struct {
	n     uint64 // distinct values
	top   []K    // the most frequent ones
	count []uint64
	rest  uint64 // how often it was any other
}

// ranking returns the distinct values, if there are at most half as many as values. Top values that are equally frequent
// are in the order of less.
func (v *values[K]) ranking(less func(a, b K) int) (r ranking[K], ok bool) {
	r.n = uint64(len(v.counts)) + v.others.distinct()
	if len(v.counts) == 0 || 2*r.n > v.seen {
		return r, false
	}
	for x := range v.counts {
		r.top = append(r.top, x)
	}
	slices.SortFunc(r.top, func(a, b K) int {
		return cmp.Or(cmp.Compare(v.counts[b], v.counts[a]), less(a, b))
	})
	few := slices.IndexFunc(r.top, func(x K) bool { return v.counts[x] < least })
	if few < 0 {
		few = len(r.top)
	}
	r.top = r.top[:min(few, mostRanks)]
	r.rest = v.seen
	for _, x := range r.top {
		r.count = append(r.count, v.counts[x])
		r.rest -= v.counts[x]
	}
	if k := len(r.top); r.rest < least && k > 0 { // too few to show
		r.count[k-1] += r.rest
		r.n, r.rest = uint64(k), 0
	}
	return r, true
}

// A sketch estimates how many different numbers it was given: HyperLogLog (Flajolet et al., 2007) with 4096 registers, whose
// standard error is 1.6 %.
type sketch struct{ registers []uint8 }

const sketchBits = 12

func (s *sketch) add(hash uint64) {
	if s.registers == nil {
		s.registers = make([]uint8, 1<<sketchBits)
	}
	r := &s.registers[hash>>(64-sketchBits)]
	*r = max(*r, uint8(bits.LeadingZeros64(hash<<sketchBits|1<<(sketchBits-1)))+1)
}

func (s *sketch) distinct() uint64 {
	if s.registers == nil {
		return 0
	}
	m, sum, empty := float64(len(s.registers)), 0.0, 0.0
	for _, r := range s.registers {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			empty++
		}
	}
	estimate := 0.7213 / (1 + 1.079/m) * m * m / sum
	if estimate <= 2.5*m && empty > 0 { // few: count the registers that were hit
		estimate = m * math.Log(m/empty)
	}
	return uint64(math.Round(estimate))
}
