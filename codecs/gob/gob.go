// Package gob is encoding/gob, as one stream whose types are sent once, and with the types in every record.
//
// A record's size depends on which types the process used with gob before, since it numbers them as they come: compare
// sizes of one process only. Null cannot stand in a list or map, and where a field is null or zero nothing is sent.
package gob

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"reflect"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format is one gob stream. New sends the types of all that a record can hold; records then come without.
var Format = codecs.Format{
	Name:     "gob",
	Doc:      "encoding/gob, one stream: types are sent once and not counted",
	Module:   "std",
	Shuffles: true,
	Loses:    []codecs.Loss{codecs.NullZero},
	Sparse:   true,
	Inexact:  true, // buffers are pooled
	New:      open,
}

type codec struct {
	typ   *access.Type
	clean *codecs.Cleaner
	types *types
	out   output
	enc   *gob.Encoder
	in    bytes.Reader
	dec   *gob.Decoder // nil after an error, which may leave it in any state
}

// An output is what an Encoder writes to: it appends.
type output struct{ buf []byte }

func (o *output) Write(b []byte) (int, error) {
	o.buf = append(o.buf, b...)
	return len(b), nil
}

// encode appends what enc, which writes to o, writes for v to dst.
func (o *output) encode(enc *gob.Encoder, dst []byte, v any) ([]byte, error) {
	o.buf = dst
	err := enc.Encode(v)
	out := o.buf
	o.buf = nil
	if err != nil {
		return dst, err
	}
	return out, nil
}

func open(s *schemas.Schema) (codecs.Codec, error) {
	t, err := codecs.Reflected(s)
	if err != nil {
		return nil, err
	}
	c := &codec{typ: t, clean: codecs.NewCleaner(t, codecs.Fields)}
	c.enc = gob.NewEncoder(&c.out)
	if c.types, err = define(s, t, c.enc, &c.out); err != nil {
		return nil, err
	}
	return c, c.reset()
}

// reset makes a decoder that has read the types.
func (c *codec) reset() error {
	c.in.Reset(c.types.stream)
	dec := gob.NewDecoder(&c.in)
	for c.in.Len() > 0 {
		if err := dec.DecodeValue(reflect.Value{}); err != nil {
			return fmt.Errorf("gob: its own types: %w", err)
		}
	}
	c.dec = dec
	return nil
}

func (c *codec) Append(dst []byte, v any) ([]byte, error) {
	if _, err := c.typ.Ref(v); err != nil {
		return dst, err
	}
	return c.out.encode(c.enc, dst, v)
}

func (c *codec) Decode(src []byte, v any) error {
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	if err := c.types.record(src, nil); err != nil {
		return err
	}
	return c.read(src, v)
}

func (c *codec) read(src []byte, v any) error {
	if c.dec == nil {
		if err := c.reset(); err != nil {
			return err
		}
	}
	c.in.Reset(src)
	err := c.dec.Decode(v)
	c.in.Reset(nil)
	if err != nil {
		c.dec = nil
	}
	return err
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *codec) Trusted() codecs.Codec { return trusted{c} }

type trusted struct{ *codec }

func (c trusted) Decode(src []byte, v any) error {
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	return c.read(src, v)
}
