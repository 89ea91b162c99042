package keyedstate

import (
	"encoding/json"
	"io"
)

// JSON writes r for a program.
func (r *Report) JSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
