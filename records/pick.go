package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// A picker chooses an entity of a dictionary: one of n, the same value whenever it is chosen.
type picker struct {
	stream uint64 // key of the stream that chooses
	dict   uint64 // key of the dictionary
	n      uint64
	label  string
	choose func(s *stream) uint64
	source string // the pick as it is written, for fields that share a label
}

// entity returns the entity that a value in scope s is.
func (p *picker) entity(s scope) uint64 {
	st := s.stream(p.stream)
	return p.choose(&st)
}

// inside returns the scope and the environment of entity e's value.
func (p *picker) inside(g *Generator, x uint64, e env) (scope, env) {
	return dict(g.seed, p.dict, x), env{e.i, x}
}

// pick compiles a pick of the value at path.
func (c *compiler) pick(path string, raw json.RawMessage) (*picker, error) {
	p, err := readProfile(raw)
	if err != nil {
		return nil, fmt.Errorf("pick: %w", err)
	}
	pk := &picker{stream: hash(path + "#"), dict: hash(path)}
	if raw := p.take("label"); raw != nil {
		if pk.label, err = text(raw); err != nil {
			return nil, fmt.Errorf("pick: label: %w", err)
		}
		pk.stream, pk.dict = hash("@"+pk.label), hash("@"+pk.label)
	}
	n, err := integer(p.take("n"))
	if err != nil || n < 1 {
		return nil, errors.New("pick: n is an integer of at least 1")
	}
	pk.n = uint64(n)
	if pk.choose, err = skew(p, pk.n); err != nil {
		return nil, fmt.Errorf("pick: %w", err)
	}
	if err := p.unknown("", func() []string { return keysIn("pick", "") }); err != nil {
		return nil, fmt.Errorf("pick: %w", err)
	}
	pk.source = fmt.Sprint(pk.n, string(p.keys["hot"]), string(p.keys["p"]), string(p.keys["zipf"]), string(p.keys["ranks"]), string(p.keys["rest"]))
	return pk, c.sameLabel(pk)
}

// sameLabel checks that fields of one label pick alike.
func (c *compiler) sameLabel(pk *picker) error {
	if pk.label == "" {
		return nil
	}
	if other, ok := c.labels[pk.label]; ok && other != pk.source {
		return fmt.Errorf("pick: label %q has another n or skew elsewhere", pk.label)
	}
	c.labels[pk.label] = pk.source
	return nil
}

// skew compiles which entities are chosen how often: at most one of hot, zipf and ranks.
func skew(p *profile, n uint64) (func(*stream) uint64, error) {
	switch ways := count(p, "hot", "zipf", "ranks"); {
	case ways > 1:
		return nil, errors.New("at most one of hot, zipf and ranks")
	case p.has("hot"):
		return hot(p, n)
	case p.has("zipf"):
		s, err := number(p.take("zipf"))
		if err == nil && s <= 0 {
			err = errors.New("zipf is above 0")
		}
		if err != nil {
			return nil, err
		}
		return zipf(s, n), nil
	case p.has("ranks"):
		return ranks(p, n)
	}
	return func(s *stream) uint64 { return s.below(n) }, nil
}

func count(p *profile, keys ...string) int {
	n := 0
	for _, k := range keys {
		if p.has(k) {
			n++
		}
	}
	return n
}

func hot(p *profile, n uint64) (func(*stream) uint64, error) {
	h, err := integer(p.take("hot"))
	if err == nil && (h < 1 || uint64(h) >= n) {
		err = fmt.Errorf("hot %d is not from 1 to n - 1", h)
	}
	if err != nil {
		return nil, err
	}
	if !p.has("p") {
		return nil, errors.New("hot needs p")
	}
	o, err := odds(p.take("p"))
	if err != nil {
		return nil, fmt.Errorf("p: %w", err)
	}
	t, warm := threshold(o), uint64(h)
	return func(s *stream) uint64 {
		if s.event(t) {
			return s.below(warm)
		}
		return warm + s.below(n-warm)
	}, nil
}

func ranks(p *profile, n uint64) (func(*stream) uint64, error) {
	items, err := list(p.take("ranks"))
	if err != nil {
		return nil, err
	}
	ws := make([]uint64, len(items), len(items)+1)
	for i, item := range items {
		if ws[i], err = weight(item); err != nil {
			return nil, err
		}
	}
	rest := uint64(0)
	if raw := p.take("rest"); raw != nil {
		if rest, err = weight(raw); err != nil {
			return nil, fmt.Errorf("rest: %w", err)
		}
	}
	k := uint64(len(ws))
	if k > n || k == n && rest > 0 {
		return nil, fmt.Errorf("%d ranks and a rest of %d entities", k, n)
	}
	c, err := weights(append(ws, rest), -1)
	return func(s *stream) uint64 {
		if e := uint64(c.draw(s)); e < k {
			return e
		}
		return k + s.below(n-k)
	}, err
}

// zipfTable is the largest number of ranks with a weight of their own; those beyond share one.
const zipfTable = 1 << 16

// zipf returns a choice among n ranks whose weights fall as rank^-s.
func zipf(s float64, n uint64) func(*stream) uint64 {
	cum, tail := zipfWeights(s, n)
	// guide[b] is the first rank that a draw with the top bits b can be.
	const guideBits = 12
	var guide [1<<guideBits + 1]uint32
	r := uint32(0)
	for b := range guide {
		for int(r) < len(cum)-1 && cum[r] <= uint64(b)<<(32-guideBits) {
			r++
		}
		guide[b] = r
	}
	last := uint64(len(cum) - 1)
	return func(st *stream) uint64 {
		t := st.next() >> 32
		r := uint64(guide[t>>(32-guideBits)])
		for t >= cum[r] {
			r++
		}
		if r == last && tail > 1 {
			r += st.below(tail)
		}
		return r
	}
}

// zipfWeights returns the cumulative weights, out of 2^32, and the number of ranks that share the last.
func zipfWeights(s float64, n uint64) (cum []uint64, tail uint64) {
	k := min(n, zipfTable)
	ws := make([]float64, k)
	total := 0.0
	for r := range ws {
		ws[r] = math.Pow(float64(r+1), -s)
		if n > zipfTable && r == zipfTable-1 {
			ws[r] = integral(s, zipfTable-0.5, float64(n)+0.5)
			tail = n - (zipfTable - 1)
		}
		total += ws[r]
	}
	cum = make([]uint64, k)
	sum := 0.0
	for r, w := range ws {
		sum += w
		cum[r] = uint64(math.Floor(0x1p32 * (sum / total)))
	}
	cum[k-1] = 1 << 32
	return cum, tail
}

// integral returns the integral of x^-s from a to b.
func integral(s, a, b float64) float64 {
	if s == 1 {
		return math.Log(b / a)
	}
	return (math.Pow(b, 1-s) - math.Pow(a, 1-s)) / (1 - s)
}
