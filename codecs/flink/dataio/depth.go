package dataio

import "fmt"

// MaxDepth is how deep what is read may nest: the input must not say how deep the recursion over it goes.
const MaxDepth = 1000

// ErrDepth is returned for what nests deeper.
var ErrDepth = fmt.Errorf("nested more than %d deep", MaxDepth)

// A Depth is how deep a reader is inside a record. The zero Depth is outside.
type Depth int

// Enter goes one deeper.
func (d *Depth) Enter() error {
	if *d++; *d > MaxDepth {
		return ErrDepth
	}
	return nil
}

// Leave undoes Enter.
func (d *Depth) Leave() { *d-- }
