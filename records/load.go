package records

import (
	"fmt"
	"math"

	"github.com/wirecost/wirecost/schemas"
)

// A load says how much the value at a place is on average: what its own bytes are, beside its place in a struct, and how
// many of each of its parts it has. Compiling makes a tree of loads, so that a profile whose sizes multiply is refused
// before anything is made.
type load struct {
	path  string
	bytes float64 // of text and of memory beyond the place itself
	times float64 // how many there are in what it is a part of
	parts []*load

	record  *schemas.Node // of a record the definition
	inside  bool          // the record is inside itself, and its parts are those of its first load
	counted bool          // it is an element or entry of a collection within another: one alone is as large as its profile says
	closes  bool          // there is none where records are nested as deep as they go
	free    bool          // nobody chose how many there are, and they multiply by themselves: enoughGrown bounds them
}

// under compiles a part of what is being compiled.
func (c *compiler) under(l load, compile func() filler) filler {
	around := c.load
	c.load = &l
	around.parts = append(around.parts, c.load)
	defer func() { c.load = around }()
	return compile()
}

// add adds to the bytes of what is being compiled.
func (c *compiler) add(bytes float64) { c.load.bytes += bytes }

// weigh returns what compiling adds to the bytes of what is being compiled, and takes it off again.
func (c *compiler) weigh(compile func() error) (float64, error) {
	before := c.load.bytes
	defer func() { c.load.bytes = before }()
	err := compile()
	return c.load.bytes - before, err
}

// literalBytes returns how many bytes a literal of type n takes beyond its place, and about as many as it is written in.
func literalBytes(n *schemas.Node, raw []byte) float64 {
	if n.Kind < schemas.Bytes {
		return 0
	}
	return float64(len(raw))
}

// addEach adds the mean of what there is a choice among.
func (c *compiler) addEach(choose choice, bytes []float64) {
	for i, share := range choose.shares() {
		if share > 0 {
			c.add(share * bytes[i])
		}
	}
}

// shares returns the odds of each choice.
func (c choice) shares() []float64 {
	shares, before := make([]float64, len(c)), uint64(0)
	for i, sum := range c {
		shares[i], before = float64(sum-before)/float64(c[len(c)-1]), sum
	}
	return shares
}

// meanOf returns about what draw gives on average.
func meanOf(draw intDraw) float64 {
	const draws = 256
	sum := 0.0
	for k := range uint64(draws) {
		st := root(1, k).stream(0)
		sum += float64(draw(&st, env{k, mix(k) >> 24}))
	}
	return sum / draws
}

// A scale adds up loads.
type scale struct {
	of      func(*load) float64     // what a load has of its own
	free    bool                    // parts that nobody chose count, too
	defs    map[*schemas.Node]*load // first loads of records that are inside themselves
	numbers map[*schemas.Node]int   // of those
	nesting []byte                  // how often each is around
	deep    int                     // how many of them often enough
	known   map[weighing]float64
	left    int // parts that may still be looked at
}

type weighing struct {
	load    *load
	nesting string
}

// maxParts ends the weighing of a schema with many records inside each other: what it does not reach is not counted.
const maxParts = 1 << 20

func (c *compiler) scale(of func(*load) float64, free bool) *scale {
	s := &scale{of: of, free: free, defs: c.loads, numbers: map[*schemas.Node]int{}, known: map[weighing]float64{}, left: maxParts}
	for n := range c.ends.loops {
		s.numbers[n] = len(s.numbers)
	}
	s.nesting = make([]byte, len(s.numbers))
	return s
}

// total returns the sum of l and its parts.
func (s *scale) total(l *load) float64 {
	own := s.of(l)
	if l.inside {
		l = s.defs[l.record]
	}
	number, loops := s.numbers[l.record]
	if !loops {
		return own + s.parts(l)
	}
	key := weighing{l, string(s.nesting)}
	sum, ok := s.known[key]
	if !ok {
		sum = s.within(l, number)
		s.known[key] = sum
	}
	return own + sum
}

// within returns the sum of the parts of l, a record inside itself.
func (s *scale) within(l *load, number int) float64 {
	s.nesting[number]++
	defer func() { s.nesting[number]-- }()
	if s.nesting[number] == maxNesting {
		s.deep++
		defer func() { s.deep-- }()
	}
	return s.parts(l)
}

func (s *scale) parts(l *load) float64 {
	sum := 0.0
	for _, part := range l.parts {
		if part.closes && s.deep > 0 || part.free && !s.free || part.times == 0 {
			continue
		}
		if s.left--; s.left < 0 {
			break
		}
		sum += part.times * s.total(part)
	}
	return sum
}

// heaviest returns the innermost place below l that alone is over most, or l.
func (s *scale) heaviest(l *load, most float64) *load {
	for _, part := range l.parts {
		if !part.inside && !(part.free && !s.free) && s.total(part) > most {
			return s.heaviest(part, most)
		}
	}
	return l
}

// largest returns the most that a part which nobody chose the number of is, below l.
func (s *scale) largest(l *load) float64 {
	most := 0.0
	for _, part := range l.parts {
		if part.free {
			most = max(most, s.total(part))
		}
		most = max(most, s.largest(part))
	}
	return most
}

// weight returns how much a record is on average of what of counts, and which place to blame for it if that is over most.
func (c *compiler) weight(root *load, of func(*load) float64, most float64) (weight float64, place string) {
	chosen := c.scale(of, false)
	weight = chosen.total(root)
	if rest := c.scale(of, true).total(root) - weight; rest > 0 {
		weight += min(rest, enoughGrown*chosen.largest(root))
	}
	return weight, chosen.heaviest(root, most).path
}

// checkWeight refuses a profile by which a record is too large to be made.
func (c *compiler) checkWeight(root *load) {
	bytes, path := c.weight(root, func(l *load) float64 { return l.bytes }, maxBytes)
	if bytes > maxBytes {
		c.fail(path, fmt.Errorf("a record would take %s, and the largest that is made takes %s: lower the sizes that multiply there", sizeText(bytes), sizeText(maxBytes)))
		return
	}
	items, path := c.weight(root, func(l *load) float64 {
		if l.counted {
			return 1
		}
		return 0
	}, maxValues)
	if items > maxValues {
		c.fail(path, fmt.Errorf("a record would have %.0f elements of arrays and maps, and at most %d are made: lower the sizes that multiply there", items, maxValues))
	}
}

// sizeText shows a number of bytes.
func sizeText(bytes float64) string {
	units := []string{"B", "KB", "MB", "GB", "TB"}
	i := 0
	for bytes >= 1024 && i < len(units)-1 {
		bytes, i = bytes/1024, i+1
	}
	if bytes >= 1e6 {
		return "over 1000000 " + units[i]
	}
	if bytes == math.Trunc(bytes) {
		return fmt.Sprintf("%.0f %s", bytes, units[i])
	}
	return fmt.Sprintf("%.1f %s", bytes, units[i])
}
