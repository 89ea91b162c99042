package escape

import (
	"encoding/json"
	"io"
	"strings"
)

// JSON writes v as one indented value, for programs. What a terminal would obey is escaped as JSON does, so that it stays the
// same value; nothing is escaped for HTML.
func JSON(w io.Writer, v any) error {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, Text(b.String()))
	return err
}
