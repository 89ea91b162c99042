package records

import (
	"math"
	"math/bits"
)

// golden is the increment of SplitMix64.
const golden = 0x9e3779b97f4a7c15

// mix is the finaliser of SplitMix64.
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// hash is FNV-1a of 64 bits over s: the key of a path.
func hash(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// A scope is what the values of a record, of an element or of an entity are drawn from.
type scope uint64

func root(seed, i uint64) scope { return scope(mix(mix(seed) + (i+1)*golden)) }

func (s scope) child(key, j uint64) scope { return scope(mix((uint64(s) ^ key) + (j+1)*golden)) }

// dict returns the scope of entity e of a dictionary, the same in every record.
func dict(seed, key, e uint64) scope { return scope(mix((mix(seed) ^ key) + (e+1)*golden)) }

func (s scope) stream(key uint64) stream { return stream{uint64(s) ^ key} }

// A stream is a sequence of draws.
type stream struct{ state uint64 }

func (s *stream) next() uint64 {
	s.state += golden
	return mix(s.state)
}

// below returns a uniform number below n.
func (s *stream) below(n uint64) uint64 { return hi(s.next(), n) }

// event happens with the odds that t is the threshold of.
func (s *stream) event(t uint64) bool { return s.next()>>32 < t }

// unit returns a uniform number in [0, 1).
func (s *stream) unit() float64 { return float64(s.next()>>11) * 0x1p-53 }

func hi(a, b uint64) uint64 {
	h, _ := bits.Mul64(a, b)
	return h
}

// threshold returns what event compares with for odds p.
func threshold(p float64) uint64 { return uint64(math.Round(p * 0x1p32)) }

// A choice is weighted: cumulative weights.
type choice []uint64

func newChoice(weights []uint64) choice {
	c := make(choice, len(weights))
	sum := uint64(0)
	for i, w := range weights {
		sum += w
		c[i] = sum
	}
	return c
}

func (c choice) draw(s *stream) int {
	t := s.below(c[len(c)-1])
	for i, w := range c {
		if t < w {
			return i
		}
	}
	return len(c) - 1
}

var powers = newPowers()

func newPowers() (tables [4][256]float64) {
	r := math.Sqrt2
	var roots [32]float64
	for i := range roots {
		roots[i] = r
		r = math.Sqrt(r)
	}
	for t := range tables {
		for x := range 256 {
			p := 1.0
			for bit := range 8 {
				if x>>(7-bit)&1 == 1 {
					p *= roots[8*t+bit]
				}
			}
			tables[t][x] = p
		}
	}
	return tables
}

// exp2frac returns 2^(f/2^32), by products only: the same bits on every machine.
func exp2frac(f uint32) float64 {
	v := powers[0][f>>24] * powers[1][f>>16&255]
	v *= powers[2][f>>8&255]
	return v * powers[3][f&255]
}
