package comparison

import (
	"encoding/json"
	"io"
)

// JSON writes c as one indented object, for programs: the fields of Comparison are its schema. Values are in the unit of their
// row, factors and ratios without one.
func (c *Comparison) JSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(c)
}
