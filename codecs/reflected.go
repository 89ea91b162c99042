package codecs

import (
	"fmt"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Reflected returns the type of s's records for a library that finds its way by reflection. Such a library cannot carry
// a recursive schema whose types are made at run time, since the record inside itself is an any there.
func Reflected(s *schemas.Schema) (*access.Type, error) {
	if path, record := insideItself(s); !s.Static && record != "" {
		return nil, fmt.Errorf("%s: field %s has record %s inside itself, which is recursive: needs generated types: %w", s.Name, path, record, schemas.ErrUnsupported)
	}
	return access.Of(s)
}

// insideItself returns the first path of s at which a record is inside itself, and the record's name, or "".
func insideItself(s *schemas.Schema) (path, record string) {
	s.Root.Walk(func(at string, n *schemas.Node) error {
		if n.Def != nil && record == "" {
			path, record = at, n.Name
		}
		return nil
	})
	return path, record
}
