package statetime

import (
	"io"

	"github.com/wirecost/wirecost/harness/escape"
)

// JSON writes r for a program.
func (r *Report) JSON(w io.Writer) error { return escape.JSON(w, r) }
