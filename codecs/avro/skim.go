package avro

import (
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

const (
	maxDepth = 10_000  // of records inside themselves
	maxEmpty = 1 << 20 // elements that take no bytes, of all arrays of a record
)

var (
	errTruncated = errors.New("the record ends within a value")
	errBlocks    = errors.New("an array comes in too many blocks")
	errInteger   = errors.New("an integer takes more bytes than its type has")
	errDeep      = fmt.Errorf("nested more than %d deep", maxDepth)
)

// A skim passes over the bytes of a type without making anything of them, and refuses what no encoder writes.
type skim struct {
	kind  schemas.Kind
	name  string
	size  int     // of a fixed, or the number of symbols or branches
	parts []*skim // fields, branches, or the one type of elements or values
	least int     // bytes of the smallest value
	bools bool    // a boolean is in it somewhere
}

func newSkim(s *schemas.Schema) *skim { return skimOf(s.Root) }

// skimOf returns the skim of root. What is known of a record inside itself is too little until it is known whole, and so
// needs another look; one that is directly inside itself needs no end of them.
func skimOf(root *schemas.Node) *skim {
	s := compile(root, map[*schemas.Node]*skim{})
	for range 8 {
		s.learn(map[*skim]bool{})
	}
	return s
}

func compile(n *schemas.Node, records map[*schemas.Node]*skim) *skim {
	n = n.Record()
	if s := records[n]; s != nil {
		return s
	}
	s := &skim{kind: n.Kind, name: n.BranchName(), size: n.Size}
	switch n.Kind {
	case schemas.Record:
		records[n] = s
		for _, f := range n.Fields {
			s.parts = append(s.parts, compile(f.Type, records))
		}
	case schemas.Array, schemas.Map:
		s.parts = []*skim{compile(n.Items, records)}
	case schemas.Union:
		s.size = len(n.Branches)
		for _, b := range n.Branches {
			s.parts = append(s.parts, compile(b, records))
		}
	case schemas.Enum:
		s.size = len(n.Symbols)
	}
	return s
}

// learn finds the smallest value of s and whether it has booleans, from what is known of its parts.
func (s *skim) learn(seen map[*skim]bool) {
	if seen[s] {
		return
	}
	seen[s] = true
	sum := 0
	s.bools = s.bools || s.kind == schemas.Boolean
	for _, p := range s.parts {
		p.learn(seen)
		sum += p.least
		s.bools = s.bools || p.bools
	}
	s.least = s.leastOf(sum)
}

// refuseEmpty returns an error if an array of s has elements that take no bytes. They take memory where an element is an
// any, so that an input of a few bytes could ask for all there is.
func (s *skim) refuseEmpty(of *schemas.Schema) error {
	if s.emptyElements(map[*skim]bool{}) {
		return fmt.Errorf("%s has an array whose elements take no bytes: %w", of.Name, schemas.ErrUnsupported)
	}
	return nil
}

func (s *skim) emptyElements(seen map[*skim]bool) bool {
	if seen[s] {
		return false
	}
	seen[s] = true
	if s.kind == schemas.Array && s.parts[0].least == 0 {
		return true
	}
	for _, p := range s.parts {
		if p.emptyElements(seen) {
			return true
		}
	}
	return false
}

// leastOf returns the bytes of the smallest value of s, whose parts take sum.
func (s *skim) leastOf(sum int) int {
	switch s.kind {
	case schemas.Null:
		return 0
	case schemas.Float:
		return 4
	case schemas.Double:
		return 8
	case schemas.Fixed:
		return s.size
	case schemas.Record:
		return sum
	}
	return 1
}

// A skimmer passes over values, and refuses what hamba refuses, since that reads on after an error: where a record is
// inside itself, without end. After an error of its own it stays where it is, at the end.
type skimmer struct {
	src   []byte
	at    int
	depth int
	empty int  // elements passed that take no bytes
	most  int  // blocks that an array may come in, if not 0
	exact bool // an integer has no more bits than its type, as twmb wants it; hamba drops them
	err   error
}

// whole reports why what in is to pass is not one value of s.
func (in skimmer) whole(s *skim) error {
	in.value(s)
	if in.err == nil && in.at < len(in.src) {
		return codecs.ErrTrailing
	}
	return in.err
}

// part reports why what in is to pass does not begin with a value of s.
func (in skimmer) part(s *skim) error {
	in.value(s)
	return in.err
}

func (in *skimmer) fail(err error) {
	if in.err == nil {
		in.err = err
	}
	in.at = len(in.src)
}

// skip passes n bytes.
func (in *skimmer) skip(n int) {
	if n < 0 || n > len(in.src)-in.at {
		in.fail(errTruncated)
		return
	}
	in.at += n
}

// int reads an integer of 32 bits.
func (in *skimmer) int() int {
	u := uint32(in.varint(5, 0x0f))
	return int(int32(u>>1) ^ -int32(u&1))
}

// long reads an integer of 64 bits.
func (in *skimmer) long() int {
	u := in.varint(10, 0x01)
	return int(u>>1) ^ -int(u&1)
}

// varint reads an integer of at most most bytes, 7 bits each. If it has all of them, last is what the last one may have.
func (in *skimmer) varint(most int, last byte) (v uint64) {
	for i := range most {
		if in.at >= len(in.src) {
			in.fail(errTruncated)
			return 0
		}
		b := in.src[in.at]
		in.at++
		v |= uint64(b&0x7f) << (7 * i)
		if b >= 0x80 {
			continue
		}
		if in.exact && i == most-1 && b > last {
			break
		}
		return v
	}
	in.fail(errInteger)
	return 0
}

// value passes a value of s.
func (in *skimmer) value(s *skim) {
	switch s.kind {
	case schemas.Int:
		in.int()
	case schemas.Long:
		in.long()
	case schemas.String, schemas.Bytes:
		in.skip(in.long())
	case schemas.Union:
		if i := in.index(s); in.err == nil {
			in.value(s.parts[i])
		}
	case schemas.Enum:
		in.index(s)
	case schemas.Boolean:
		if in.at < len(in.src) && in.src[in.at] > 1 {
			in.fail(fmt.Errorf("byte %#x is no boolean", in.src[in.at]))
		}
		in.skip(1)
	case schemas.Float:
		in.skip(4)
	case schemas.Double:
		in.skip(8)
	case schemas.Fixed:
		in.skip(s.size)
	case schemas.Record:
		in.record(s)
	case schemas.Array, schemas.Map:
		in.blocks(s)
	}
}

func (in *skimmer) record(s *skim) {
	if in.depth++; in.depth > maxDepth {
		in.fail(errDeep)
	}
	for i := 0; i < len(s.parts) && in.err == nil; i++ {
		in.value(s.parts[i])
	}
	in.depth--
}

func (in *skimmer) blocks(s *skim) {
	least, blocks := s.parts[0].least, 0
	if s.kind == schemas.Map {
		least++
	}
	for n := in.count(); n != 0 && in.err == nil; n = in.count() {
		if blocks++; s.kind == schemas.Array && in.most > 0 && blocks > in.most {
			in.fail(errBlocks)
		}
		if least == 0 {
			in.pass(n)
			continue
		}
		if n > (len(in.src)-in.at)/least {
			in.fail(errTruncated)
		}
		for ; n > 0 && in.err == nil; n-- {
			if s.kind == schemas.Map {
				in.skip(in.long())
			}
			in.value(s.parts[0])
		}
	}
}

// pass passes n elements that take no bytes.
func (in *skimmer) pass(n int) {
	if n > maxEmpty-in.empty {
		in.fail(errTruncated)
		return
	}
	in.empty += n
}

// index reads the index of a symbol or branch.
func (in *skimmer) index(s *skim) int {
	i := in.int()
	if uint(i) >= uint(s.size) {
		in.fail(fmt.Errorf("%s has no index %d", s.name, i))
	}
	return i
}

// count reads the number of elements of a block. A negative one has the block's size in bytes behind it.
func (in *skimmer) count() int {
	n := in.long()
	if n < 0 {
		n = -n
		in.long()
	}
	if n < 0 {
		in.fail(errTruncated)
	}
	return n
}
