package avro

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

const (
	maxDepth = 10_000  // of records inside themselves
	maxEmpty = 1 << 20 // elements of an array whose elements take no bytes
)

var (
	errTruncated = errors.New("the record ends within a value")
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

func newSkim(s *schemas.Schema) *skim {
	return compile(s.Root, map[*schemas.Node]*skim{})
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
			s.add(compile(f.Type, records))
		}
		return s
	case schemas.Array, schemas.Map:
		s.add(compile(n.Items, records))
	case schemas.Union:
		s.size = len(n.Branches)
		for _, b := range n.Branches {
			s.add(compile(b, records))
		}
	case schemas.Enum:
		s.size = len(n.Symbols)
	}
	s.bools = s.bools || n.Kind == schemas.Boolean
	s.least = leastOf(n)
	return s
}

func (s *skim) add(part *skim) {
	s.parts = append(s.parts, part)
	s.least += part.least
	s.bools = s.bools || part.bools
}

// leastOf returns the bytes of the smallest value of n, which is no record.
func leastOf(n *schemas.Node) int {
	switch n.Kind {
	case schemas.Null:
		return 0
	case schemas.Float:
		return 4
	case schemas.Double:
		return 8
	case schemas.Fixed:
		return n.Size
	}
	return 1
}

// whole reports why src is not one value.
func (s *skim) whole(src []byte) error {
	rest, err := s.pass(src, 0)
	if err == nil && len(rest) > 0 {
		err = codecs.ErrTrailing
	}
	return err
}

// pass returns what is left of src behind the value that it begins with.
func (s *skim) pass(src []byte, depth int) ([]byte, error) {
	switch s.kind {
	case schemas.Null:
		return src, nil
	case schemas.Boolean:
		if len(src) > 0 && src[0] > 1 {
			return nil, fmt.Errorf("byte %#x is no boolean", src[0])
		}
		return cut(src, 1)
	case schemas.Float:
		return cut(src, 4)
	case schemas.Double:
		return cut(src, 8)
	case schemas.Fixed:
		return cut(src, s.size)
	case schemas.String, schemas.Bytes:
		n, rest, err := long(src)
		if err != nil {
			return nil, err
		}
		return cut(rest, n)
	case schemas.Enum:
		_, rest, err := s.index(src)
		return rest, err
	case schemas.Union:
		i, rest, err := s.index(src)
		if err != nil {
			return nil, err
		}
		return s.parts[i].pass(rest, depth)
	case schemas.Record:
		return s.record(src, depth)
	case schemas.Array, schemas.Map:
		return s.blocks(src, depth)
	}
	_, rest, err := long(src)
	return rest, err
}

func (s *skim) record(src []byte, depth int) ([]byte, error) {
	if depth++; depth > maxDepth {
		return nil, errDeep
	}
	var err error
	for _, p := range s.parts {
		if src, err = p.pass(src, depth); err != nil {
			return nil, err
		}
	}
	return src, nil
}

func (s *skim) blocks(src []byte, depth int) ([]byte, error) {
	least, total := s.parts[0].least, 0
	if s.kind == schemas.Map {
		least++
	}
	for {
		n, rest, err := count(src)
		if n == 0 || err != nil {
			return rest, err
		}
		total += n
		if least > 0 && n > len(rest)/least || least == 0 && (n > maxEmpty || total > maxEmpty) {
			return nil, errTruncated
		}
		if src, err = s.block(rest, n, depth); err != nil {
			return nil, err
		}
	}
}

func (s *skim) block(src []byte, n, depth int) ([]byte, error) {
	for range n {
		if s.kind == schemas.Map {
			size, rest, err := long(src)
			if err != nil {
				return nil, err
			}
			if src, err = cut(rest, size); err != nil {
				return nil, err
			}
		}
		var err error
		if src, err = s.parts[0].pass(src, depth); err != nil {
			return nil, err
		}
	}
	return src, nil
}

// index reads the index of a symbol or branch.
func (s *skim) index(src []byte) (int, []byte, error) {
	i, rest, err := long(src)
	if err == nil && (i < 0 || i >= s.size) {
		err = fmt.Errorf("%s has no index %d", s.name, i)
	}
	return i, rest, err
}

// count reads the number of elements of a block. A negative one has the block's size in bytes behind it.
func count(src []byte) (int, []byte, error) {
	n, rest, err := long(src)
	if n < 0 && err == nil {
		n = -n
		_, rest, err = long(rest)
	}
	if n < 0 {
		err = errTruncated
	}
	return n, rest, err
}

func long(src []byte) (int, []byte, error) {
	v, n := binary.Varint(src)
	if n <= 0 {
		return 0, nil, errTruncated
	}
	return int(v), src[n:], nil
}

func cut(src []byte, n int) ([]byte, error) {
	if n < 0 || n > len(src) {
		return nil, errTruncated
	}
	return src[n:], nil
}
