package learn

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/wirecost/wirecost/records"
)

// integers are the values of an int, a long or a decimal.
type integers struct {
	bins   histogram
	values *values[int64] // nil for decimals
	steps  *steps         // of a long
}

const numberEntry = 48 // bytes of a table and its room to grow

func newIntegers(b *budget) *integers {
	return &integers{values: newValues(b, func(v int64) uint64 { return mix(uint64(v)) }, func(v int64) (int64, int) { return v, numberEntry })}
}

// add adds the value v of record i.
func (n *integers) add(v int64, i uint64) {
	n.bins.add(v, 1)
	if n.values != nil {
		n.values.add(v)
	}
	if n.steps != nil {
		n.steps.add(v, i)
	}
}

// without returns the bins of all values but those.
func (n *integers) without(those []int64) histogram {
	h := histogram{nil, slices.Clone(n.bins.up), slices.Clone(n.bins.down)}
	for _, v := range those {
		h.take(v, n.values.counts[v])
	}
	return h
}

// steps say whether the values of a long are times.
type steps struct {
	first, last      int64
	firstAt, lastAt  uint64 // numbers of records
	least, most      int64
	count, unfalling uint64
}

func (s *steps) add(v int64, i uint64) {
	if s.count == 0 {
		*s = steps{first: v, firstAt: i, least: v, most: v}
	} else if v >= s.last {
		s.unfalling++
	}
	s.count++
	s.last, s.lastAt = v, i
	s.least, s.most = min(s.least, v), max(s.most, v)
}

// Units of times, as profiles have them, and how many there are in a second.
var units = []struct {
	name string
	per  int64
}{{"s", 1}, {"ms", 1e3}, {"us", 1e6}, {"ns", 1e9}}

// Times that are taken for times.
var (
	earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	latest   = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
)

// rising reports whether values do not fall in at least 95 % of steps.
func (s *steps) rising() bool { return float64(s.unfalling) >= 0.95*float64(s.count-1) }

// unit returns the unit in which all values are times, and how many of it a second has; 0 if there is none.
func (s *steps) unit() (name string, per int64) {
	for _, u := range units {
		if s.count > 0 && s.least >= earliest*u.per && float64(s.most) <= float64(latest)*float64(u.per) {
			return u.name, u.per
		}
	}
	return "", 0
}

// mean returns the mean step from one record to the next as a fraction.
func (s *steps) mean() (num, den int64) {
	records := float64(s.lastAt - s.firstAt)
	if records == 0 || s.last <= s.first {
		return 0, 1
	}
	step := float64(s.last-s.first) / records
	if step >= 1000 {
		return int64(math.Round(step)), 1
	}
	return int64(math.Round(1000 * step)), 1000
}

// mostDecimals is the largest number of decimals that a profile rounds to.
const mostDecimals = 6

// floats are the values of a float or a double.
type floats struct {
	strata [mostDecimals + 2]floatStratum // by number of decimals; the last has those with more
	values *values[float64]
	single bool // they are of 32 bits
}

// A floatStratum is the values whose shortest text has one number of decimals.
type floatStratum struct {
	count uint64
	bins  floatHistogram
}

func newFloats(b *budget, single bool) *floats {
	return &floats{single: single, values: newValues(b, func(v float64) uint64 { return mix(math.Float64bits(v)) },
		func(v float64) (float64, int) { return v, numberEntry })}
}

// add adds v. What is no number is not counted: no bin has it, and JSON has no form for it.
func (f *floats) add(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	v += 0 // there is one zero
	f.count(v, 1)
	f.values.add(v)
}

// count counts v n times.
func (f *floats) count(v float64, n uint64) {
	s := &f.strata[f.decimalsOf(v)]
	s.count += n
	s.bins.add(v, n)
}

// decimalsOf returns how many decimals the shortest text of v has, mostDecimals + 1 for more.
func (f *floats) decimalsOf(v float64) int {
	for d, ten := range powersOfTen {
		if r := math.Round(v*ten) / ten; r == v || f.single && float32(r) == float32(v) {
			return d
		}
	}
	return mostDecimals + 1
}

var powersOfTen = [mostDecimals + 1]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6}

// without returns the strata of all values but those.
func (f *floats) without(those []float64) floats {
	rest := *f
	for i := range rest.strata {
		rest.strata[i].bins.counts = maps.Clone(f.strata[i].bins.counts)
	}
	for _, v := range those {
		rest.count(v, -f.values.counts[v])
	}
	return rest
}

// naturally is how many values with fewer decimals there may be among others: by chance it is a tenth.
const naturally = 0.15

// rounded returns the strata that differ: all values as one, with the decimals that 99 % of them keep to, unless more of them
// have fewer than chance gives, as prices do.
func (f *floats) rounded() []roundedStratum {
	all, scale := uint64(0), mostDecimals+1
	for _, s := range f.strata {
		all += s.count
	}
	sum := uint64(0)
	for d, s := range f.strata {
		if sum += s.count; float64(sum) >= 0.99*float64(all) {
			scale = d
			break
		}
	}
	if fewer := sum - f.strata[scale].count; float64(fewer) <= naturally*float64(all) {
		return []roundedStratum{{scale, f.joined(0, len(f.strata))}}
	}
	var out []roundedStratum
	from := 0
	for d, count := 0, uint64(0); d <= scale; d++ {
		if count += f.strata[d].count; count < least && d < scale {
			continue // too few to show: they are with those of more decimals
		}
		to := d + 1
		if d == scale {
			to = len(f.strata)
		}
		out, from, count = append(out, roundedStratum{d, f.joined(from, to)}), to, 0
	}
	return out
}

// A roundedStratum is values that are rounded to a number of decimals, mostDecimals + 1 for all that there are.
type roundedStratum struct {
	decimals int
	floatStratum
}

// joined returns the strata from one to before another as one.
func (f *floats) joined(from, to int) (s floatStratum) {
	for i := range f.strata[from:to] {
		part := &f.strata[from+i]
		s.count += part.count
		s.bins.join(&part.bins)
	}
	return s
}

// standIn returns a value of the bin of v with as many decimals.
func (f *floats) standIn(d *records.Dice, v float64) float64 {
	if v == 0 {
		return 0
	}
	var grid floatHistogram
	lo, hi := grid.ends(grid.key(v))
	x := lo + float64(d.Unit()*(hi-lo))
	if n := f.decimalsOf(v); n <= mostDecimals {
		x = math.Round(x*powersOfTen[n]) / powersOfTen[n]
	}
	if f.single {
		x = float64(float32(x))
	}
	return x
}
