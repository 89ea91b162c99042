package learn

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// edges are where bins of integers begin, from 0 on: each integer below 16, then eight equal parts of each power of two, split
// again at powers of ten. So no bin straddles a boundary of width in Avro, protobuf, msgpack, CBOR, Kryo or JSON.
var edges = newEdges()

func newEdges() []uint64 {
	var all []uint64
	for v := range uint64(16) {
		all = append(all, v)
	}
	for k := 4; k < 63; k++ {
		for part := range uint64(8) {
			all = append(all, 1<<k+part<<(k-3))
		}
	}
	for ten := uint64(100); ten < 1<<63; ten *= 10 {
		all = append(all, ten)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// guide is, for each number of bits, the first edge of an integer with as many.
var guide = newGuide()

func newGuide() (first [65]int) {
	for n := 1; n < len(first); n++ {
		first[n], _ = slices.BinarySearch(edges, uint64(1)<<(n-1))
	}
	return first
}

// binOf returns the number of the bin that v is in: not negative for v >= 0, and below 0 the mirror of the bin of -v-1.
func binOf(v int64) int {
	if v < 0 {
		return -1 - binOf(-1-v)
	}
	i := guide[bits.Len64(uint64(v))]
	for i+1 < len(edges) && edges[i+1] <= uint64(v) {
		i++
	}
	return i
}

// ends returns the least and the largest integer of a bin.
func ends(bin int) (lo, hi int64) {
	if bin < 0 {
		lo, hi = ends(-1 - bin)
		return -1 - hi, -1 - lo
	}
	hi = math.MaxInt64
	if bin+1 < len(edges) {
		hi = int64(edges[bin+1]) - 1
	}
	return int64(edges[bin]), hi
}

// A grid says which bin an integer is in, and where a bin begins and ends.
type grid struct {
	binOf func(int64) int
	ends  func(int) (lo, hi int64)
}

// byWidth is that of numbers.
var byWidth = grid{binOf, ends}

// mostExact is the least length that shares a bin with others: a text of 36 characters is not one of 36 to 39.
const mostExact = 256

// byLength is the grid of lengths and sizes: one by one below mostExact, then as numbers.
var byLength = grid{
	func(v int64) int {
		if v < mostExact {
			return int(v)
		}
		return mostExact + binOf(v) - binOf(mostExact)
	},
	func(bin int) (lo, hi int64) {
		if bin < mostExact {
			return int64(bin), int64(bin)
		}
		return ends(bin - mostExact + binOf(mostExact))
	},
}

// A histogram counts integers by bin.
type histogram struct {
	grid     *grid    // nil means byWidth
	up, down []uint64 // of bins 0, 1, 2 and so on, and of bins -1, -2, -3
}

func (h *histogram) add(v int64, n uint64) {
	side, i := &h.up, h.of().binOf(v)
	if i < 0 {
		side, i = &h.down, -1-i
	}
	if i >= len(*side) {
		*side = append(*side, make([]uint64, i+1-len(*side))...)
	}
	(*side)[i] += n
}

// lengths returns a histogram of lengths.
func lengths() *histogram { return &histogram{grid: &byLength} }

func (h *histogram) of() *grid { return cmp.Or(h.grid, &byWidth) }

// take takes off n values v that were added.
func (h *histogram) take(v int64, n uint64) { h.add(v, -n) }

// A bin is a range of values, both ends included, and how many were in it.
type bin[T int64 | float64] struct {
	count  uint64
	lo, hi T
}

// bins returns the bins that are not empty, in ascending order.
func (h *histogram) bins() []bin[int64] {
	var out []bin[int64]
	add := func(i int, count uint64) {
		if count > 0 {
			lo, hi := h.of().ends(i)
			out = append(out, bin[int64]{count, lo, hi})
		}
	}
	for i := len(h.down) - 1; i >= 0; i-- {
		add(-1-i, h.down[i])
	}
	for i, count := range h.up {
		add(i, count)
	}
	return out
}

// least is the smallest count that a profile shows.
const least = 5

// fold returns bins without counts below least: what is in neighbouring bins of so few is in one of them, that in which
// their mean is, or with the last bin before them if they are too few together.
func fold[T int64 | float64](bins []bin[T]) []bin[T] {
	var out, run []bin[T]
	count := uint64(0)
	for _, b := range bins {
		if b.count >= least {
			if len(run) > 0 { // too few before it
				b.count += count
				run, count = run[:0], 0
			}
			out = append(out, b)
			continue
		}
		run, count = append(run, b), count+b.count
		if count >= least {
			out = append(out, middle(run, count))
			run, count = run[:0], 0
		}
	}
	switch {
	case len(run) == 0:
	case len(out) == 0:
		out = append(out, middle(run, least))
	default:
		out[len(out)-1].count += count
	}
	return out
}

// middle returns the one of run in which the mean of its values is, or the first above it, with a count.
func middle[T int64 | float64](run []bin[T], count uint64) bin[T] {
	sum, n := 0.0, 0.0
	for _, b := range run {
		sum += float64(b.count) * (float64(b.lo)/2 + float64(b.hi)/2)
		n += float64(b.count)
	}
	i := slices.IndexFunc(run, func(b bin[T]) bool { return float64(b.hi) >= sum/n })
	b := run[max(i, 0)]
	b.count = count
	return b
}

// A floatHistogram counts floats by sign, exponent and the first three bits of the mantissa; 0 stands apart.
type floatHistogram struct {
	counts map[uint16]uint64
	zeros  uint64
	shift  int // bits by which bins are coarser than that, since there were too many
}

// mostFloatBins is more bins than measurements have.
const mostFloatBins = 1024

// mantissa is how many bits of a float64 a bin does not keep.
const mantissa = 49

func (h *floatHistogram) add(v float64, n uint64) {
	if v == 0 {
		h.zeros += n
		return
	}
	if h.counts == nil {
		h.counts = map[uint16]uint64{}
	}
	h.counts[h.key(v)] += n
	for len(h.counts) > mostFloatBins && h.shift < 3 {
		h.coarsen()
	}
}

func (h *floatHistogram) key(v float64) uint16 {
	return uint16(math.Float64bits(v)>>mantissa) >> h.shift
}

// coarsen joins bins two by two.
func (h *floatHistogram) coarsen() {
	h.shift++
	joined := map[uint16]uint64{}
	for key, n := range h.counts {
		joined[key>>1] += n
	}
	h.counts = joined
}

// join adds the counts of o, whose bins may be finer.
func (h *floatHistogram) join(o *floatHistogram) {
	h.zeros += o.zeros
	if h.counts == nil {
		h.counts = map[uint16]uint64{}
	}
	for h.shift < o.shift {
		h.coarsen()
	}
	for key, n := range o.counts {
		h.counts[key>>(h.shift-o.shift)] += n
	}
}

// ends returns where the bin of v begins and ends; a bin holds no value of another sign.
func (h *floatHistogram) ends(key uint16) (lo, hi float64) {
	begin := uint64(key) << (mantissa + h.shift)
	lo = math.Float64frombits(begin)
	hi = math.Float64frombits(begin + 1<<(mantissa+h.shift))
	if math.IsInf(hi, 0) || math.IsNaN(hi) {
		hi = math.Copysign(math.MaxFloat64, lo)
	}
	return min(lo, hi), max(lo, hi)
}

// bins returns the bins that are not empty, in ascending order.
func (h *floatHistogram) bins() []bin[float64] {
	var out []bin[float64]
	if h.zeros > 0 {
		out = append(out, bin[float64]{h.zeros, 0, 0})
	}
	for key, count := range h.counts {
		if count > 0 {
			lo, hi := h.ends(key)
			out = append(out, bin[float64]{count, lo, hi})
		}
	}
	slices.SortFunc(out, func(a, b bin[float64]) int { return compare(a.lo+a.hi, b.lo+b.hi) })
	return out
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
