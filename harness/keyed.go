package harness

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/keys"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// keyTypes are the types of keys that other values can stand for, by the kind of their field.
var keyTypes = map[schemas.Kind]string{schemas.Int: "int", schemas.Long: "long", schemas.String: "string"}

// rekey gives the key of each record of s a value of other keys, drawn from a seed: text is a distribution as package keys
// writes it, or the name of a file with a key on each line.
func (s *Subject) rekey(text string, seed uint64) error {
	if len(s.Key) != 1 {
		return fmt.Errorf("keys %s: they are those of one field, and the key has %d: %s", text, len(s.Key), strings.Join(s.Key, ","))
	}
	end, way, err := s.Type.Find(s.Key[0])
	if err != nil {
		return err
	}
	typ, err := keys.TypeOf(keyTypes[end.Kind])
	if err != nil || end.Node.Logical != schemas.NoLogical || !inPlace(way) {
		return fmt.Errorf("keys %s: field %s must be an int, a long or a string without a logical type, never null", text, s.Key[0])
	}
	k, err := keysOf(text, &typ)
	if err != nil {
		return err
	}
	sample, err := k.Sampler(seed)
	if err != nil {
		return err
	}
	for i := range s.Records {
		at := s.refOf(i)
		for _, f := range way {
			at = at.At(f.Offset)
		}
		if err := setKey(at, end.Kind, k.Text(sample(uint64(i)))); err != nil {
			return err
		}
	}
	return nil
}

// inPlace reports whether a way leads through records that lie in each other.
func inPlace(way []access.Field) bool {
	for _, f := range way {
		if f.Type.Form != access.Plain {
			return false
		}
	}
	return true
}

// keysOf returns the keys that text says, of a type.
func keysOf(text string, t *keys.Type) (*keys.Keys, error) {
	k, err := keys.Parse(text, t)
	if !errors.Is(err, keys.ErrNone) {
		return k, err
	}
	f, err := os.Open(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", keys.ErrNone, err)
	}
	defer f.Close()
	return keys.Read(text, f, t)
}

// setKey writes a key of one of keyTypes.
func setKey(at access.Ref, kind schemas.Kind, text string) error {
	if kind == schemas.String {
		at.SetText(text)
		return nil
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	if kind == schemas.Int {
		at.SetInt(int32(v)) // package keys has seen that it is one
	} else {
		at.SetLong(v)
	}
	return nil
}
