package comparison

import (
	"io"

	"github.com/wirecost/wirecost/harness/escape"
)

// JSON writes c as one indented object, for programs: the fields of Comparison are its schema. Values are in the unit of their
// row, factors and ratios without one.
func (c *Comparison) JSON(w io.Writer) error { return escape.JSON(w, c) }
