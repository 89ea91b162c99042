package skew

import (
	"encoding/json"
	"io"
)

// JSON writes r for a program.
func (r *Report) JSON(w io.Writer) error { return writeJSON(w, r) }

// JSON writes r for a program.
func (r *Remap) JSON(w io.Writer) error { return writeJSON(w, r) }

func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
