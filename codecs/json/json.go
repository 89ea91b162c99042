// Package json is encoding/json with its defaults: the codec most users have today, and the one to beat.
package json

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unicode/utf8"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is encoding/json. GOEXPERIMENT=jsonv2 replaces its implementation, so results carry that setting.
var Format = codecs.Format{
	Name:    "json",
	Doc:     "encoding/json with its defaults: field names in every record, bytes as base64, unions untagged",
	Module:  "std",
	Loses:   []codecs.Loss{codecs.Branch},
	Sparse:  true,
	Inexact: true, // buffers are pooled
	New:     open,
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
	typ    *access.Type
	view   codecs.View
	clean  *codecs.Cleaner // of all that a text may leave out
	reuse  *codecs.Cleaner // of what our own texts, which leave out nothing, add to
	unions *unions         // nil if no long may be in one
	exact  bool            // a long beyond 2^53 was in one
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
	return &codec{typ: t, view: view, clean: codecs.NewCleaner(t, codecs.Anything), reuse: codecs.NewCleaner(t, codecs.Entries), unions: unionsOf(s, t)}, nil
}

// Append pays one copy: json.Marshal gives no way to append.
func (c *codec) Append(dst []byte, v any) ([]byte, error) {
	b, err := c.marshal(v)
	if err == nil && replaced(b) {
		err = errUTF8
	}
	if err != nil {
		return dst, err
	}
	return append(dst, b...), nil
}

func (c *codec) marshal(v any) ([]byte, error) {
	shown, err := c.view.Of(v)
	if err != nil {
		return nil, err
	}
	return json.Marshal(shown)
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
	if !utf8.Valid(src) {
		return errUTF8
	}
	return c.read(src, v, c.clean)
}

// read reads src into v, which clean cleans. Where a union has a long beyond 2^53, whose last digits encoding/json would
// round away, it reads src again, and from then on all numbers as they stand there: what a program does that has such
// longs.
func (c *codec) read(src []byte, v any, clean *codecs.Cleaner) error {
	shown, err := c.view.Of(v)
	if err != nil {
		return err
	}
	if !c.exact {
		if err := clean.Clean(v); err != nil {
			return err
		}
		if err := json.Unmarshal(src, shown); err != nil || c.unions == nil || !longNumber(src) {
			return err
		}
		if c.exact, err = c.unions.wide(v); !c.exact {
			return err
		}
	}
	if err := clean.Clean(v); err != nil {
		return err
	}
	if err := decodeNumbers(src, shown); err != nil {
		return err
	}
	return c.unions.numbers(v)
}

// decodeNumbers is json.Unmarshal, but for numbers, which an any holds as they stand in src.
func decodeNumbers(src []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return codecs.ErrTrailing
	}
	return nil
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *codec) Trusted() codecs.Codec { return trusted{c} }

type trusted struct{ *codec }

func (c trusted) Append(dst []byte, v any) ([]byte, error) {
	b, err := c.marshal(v)
	if err != nil {
		return dst, err
	}
	return append(dst, b...), nil
}

func (c trusted) Decode(src []byte, v any) error { return c.read(src, v, c.reuse) }
