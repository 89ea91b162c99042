// Package cbor is CBOR (RFC 8949) by github.com/fxamacker/cbor, with its defaults but for its limits.
package cbor

import (
	"bytes"
	"fmt"
	"reflect"

	"github.com/fxamacker/cbor/v2"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is CBOR in map form. Its decoder is strict: text must be UTF-8, and a record well-formed before anything is
// made of it.
var Format = codecs.Format{
	Name:     "cbor",
	Doc:      "fxamacker/cbor: field names in every record, unions untagged",
	Module:   "github.com/fxamacker/cbor/v2",
	Shuffles: true,
	Loses:    []codecs.Loss{codecs.Branch},
	Sparse:   true,
	Inexact:  true, // buffers are pooled
	New:      open,
}

// limits lets any collection through that fits into memory. The default is 131072 elements and 32 levels.
var limits = cbor.DecOptions{MaxArrayElements: 1<<31 - 1, MaxMapPairs: 1<<31 - 1, MaxNestedLevels: 10_000}

// nothing is a null that is no branch of a union. The library would write an empty map.
type nothing struct{}

// Null is written as null and may be read as undefined, as the library does with pointers.
const null, undefined = 0xf6, 0xf7

func (nothing) MarshalCBOR() ([]byte, error) { return []byte{null}, nil }

func (*nothing) UnmarshalCBOR(src []byte) error {
	if len(src) != 1 || src[0] != null && src[0] != undefined {
		return fmt.Errorf("%x for null", src)
	}
	return nil
}

type codec struct {
	typ   *access.Type
	view  codecs.View
	clean *codecs.Cleaner // of all that bytes may leave out
	reuse *codecs.Cleaner // of what our own bytes, which leave out nothing, add to
	enc   cbor.UserBufferEncMode
	dec   cbor.DecMode
	buf   bytes.Buffer // of Append, over its destination
}

func open(s *schemas.Schema) (codecs.Codec, error) {
	t, err := codecs.Reflected(s)
	if err != nil {
		return nil, err
	}
	if path := codecs.InUnion(s, schemas.Float); path != "" {
		return nil, fmt.Errorf("%s: %s: the library gives a float in a union back as a double, which takes 4 bytes more when it is sent on: %w", s.Name, path, schemas.ErrUnsupported)
	}
	view, err := codecs.NewView(s, t, reflect.TypeFor[nothing]())
	if err != nil {
		return nil, err
	}
	c := &codec{typ: t, view: view, clean: codecs.NewCleaner(t, codecs.Anything), reuse: codecs.NewCleaner(t, codecs.Entries)}
	if c.enc, err = (cbor.EncOptions{}).UserBufferEncMode(); err != nil {
		return nil, fmt.Errorf("cbor: %w", err)
	}
	if c.dec, err = limits.DecMode(); err != nil {
		return nil, fmt.Errorf("cbor: %w", err)
	}
	return c, nil
}

func (c *codec) Append(dst []byte, v any) ([]byte, error) {
	shown, err := c.view.Of(v)
	if err != nil {
		return dst, err
	}
	c.buf = *bytes.NewBuffer(dst)
	err = c.enc.MarshalToBuffer(shown, &c.buf)
	out := c.buf.Bytes()
	c.buf = bytes.Buffer{}
	if err != nil {
		return dst, err
	}
	return out, nil
}

func (c *codec) Decode(src []byte, v any) error { return c.read(src, v, c.clean) }

// read reads src into v, which clean cleans.
func (c *codec) read(src []byte, v any, clean *codecs.Cleaner) error {
	shown, err := c.view.Of(v)
	if err != nil {
		return err
	}
	if err := clean.Clean(v); err != nil {
		return err
	}
	return c.dec.Unmarshal(src, shown)
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *codec) Trusted() codecs.Codec { return trusted{c} }

type trusted struct{ *codec }

func (c trusted) Decode(src []byte, v any) error { return c.read(src, v, c.reuse) }
