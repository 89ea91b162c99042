package javatype

import (
	"fmt"

	"github.com/wirecost/wirecost/schemas/access"
)

// ReadEntries puts a map of count entries, of type t, at v. For each it calls key, and then value for a place that is zero.
//
// Note: elements of lists and arrays are not read so. A call for each costs 6 to 11 % of a record's decoding; an entry costs
// a call of reflect anyway.
func ReadEntries(t *access.Type, v access.Ref, count int, key func() (string, error), value func(access.Ref) error) error {
	t.MakeMap(v, count)
	r := t.Elem.Alloc()
	for range count {
		k, err := key()
		if err != nil {
			return err
		}
		t.Elem.Clear(r)
		if err := value(r); err != nil {
			return fmt.Errorf("{%s}: %w", k, err)
		}
		if !t.Put(v, k, r) {
			return fmt.Errorf("key %q stands twice", k)
		}
	}
	return nil
}
