package gate

import (
	"io"

	"github.com/wirecost/wirecost/harness/escape"
)

// JSON writes v as one indented object, for programs: the fields of Verdict are its schema. Values are in the unit of their row,
// times ns of CPU, factors and shares without a unit. What a reader must know: outcome and exit of the whole, and of each row
// cell, unit and outcome.
func (v *Verdict) JSON(w io.Writer) error { return escape.JSON(w, v) }
