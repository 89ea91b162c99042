package codecs

import (
	"fmt"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Reflected returns the type of s's records for a library that finds its way by reflection. Such a library cannot carry
// a recursive schema whose types are made at run time, since the record inside itself is an any there.
func Reflected(s *schemas.Schema) (*access.Type, error) {
	if !s.Static && s.Recursive() {
		return nil, fmt.Errorf("%s is recursive: needs generated types: %w", s.Name, schemas.ErrUnsupported)
	}
	return access.Of(s)
}
