package report

import (
	"encoding/json"
	"io"
)

// JSON writes r as one indented JSON object, for programs. Times are CPU ns, sizes bytes.
func (r *Report) JSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}
