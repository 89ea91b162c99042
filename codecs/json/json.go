// Package json is encoding/json with its defaults: the codec most users have today, and the one to beat.
package json

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is encoding/json. GOEXPERIMENT=jsonv2 replaces its implementation, so results carry that setting.
var Format = codecs.Format{
	Name:   "json",
	Doc:    "encoding/json with its defaults: field names in every record, bytes as base64, unions untagged",
	Module: "std",
	Loses:  []codecs.Loss{codecs.Branch},
	Sparse: true,
	New:    open,
}

// errUTF8 is what encoding/json would hide: it replaces such bytes with U+FFFD, in both directions.
var errUTF8 = errors.New("a string is not UTF-8, which JSON cannot carry")

// replacement is how encoding/json writes a byte that is not UTF-8. It writes U+FFFD itself as it is.
var replacement = []byte(`\ufffd`)

// nothing is a null that is no branch of a union. Encoding/json would write an empty object.
type nothing struct{}

func (nothing) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

func (*nothing) UnmarshalJSON(src []byte) error {
	if string(src) != "null" {
		return fmt.Errorf("%s for null", src)
	}
	return nil
}

type codec struct {
	typ   *access.Type
	view  codecs.View
	clean *codecs.Cleaner
}

func open(s *schemas.Schema) (codecs.Codec, error) {
	t, err := codecs.Reflected(s)
	if err != nil {
		return nil, err
	}
	view, err := codecs.NewView(s, t, reflect.TypeFor[nothing]())
	if err != nil {
		return nil, err
	}
	return &codec{typ: t, view: view, clean: codecs.NewCleaner(t, true)}, nil
}

// Append pays one copy: json.Marshal gives no way to append.
func (c *codec) Append(dst []byte, v any) ([]byte, error) {
	shown, err := c.view.Of(v)
	if err != nil {
		return dst, err
	}
	b, err := json.Marshal(shown)
	if err != nil {
		return dst, err
	}
	if replaced(b) {
		return dst, errUTF8
	}
	return append(dst, b...), nil
}

// replaced reports whether b, which encoding/json wrote, has a replacement that no string had: one whose backslash is
// not itself escaped.
func replaced(b []byte) bool {
	for {
		i := bytes.Index(b, replacement)
		if i < 0 {
			return false
		}
		slashes := i - len(bytes.TrimRight(b[:i], `\`))
		if slashes%2 == 0 {
			return true
		}
		b = b[i+1:]
	}
}

func (c *codec) Decode(src []byte, v any) error {
	shown, err := c.view.Of(v)
	if err != nil {
		return err
	}
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	if !utf8.Valid(src) {
		return errUTF8
	}
	return json.Unmarshal(src, shown)
}
