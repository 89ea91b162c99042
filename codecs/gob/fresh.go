package gob

import (
	"bytes"
	"encoding/gob"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Fresh sends the types with every record, as a program does that makes an Encoder for each: the price of a format that
// describes itself, as Kryo without registration does.
var Fresh = codecs.Format{
	Name:     "gob-fresh",
	Doc:      "encoding/gob, an encoder for each record: types are sent with every one",
	Module:   "std",
	Shuffles: true,
	Loses:    []codecs.Loss{codecs.NullZero},
	Sparse:   true,
	Setup:    8 << 10, // a decoder, and what it compiles for the types it is sent
	Inexact:  true,    // as gob
	New:      openFresh,
}

type freshCodec struct {
	typ   *access.Type
	clean *codecs.Cleaner
	types *types
	out   output
	in    bytes.Reader
}

func openFresh(s *schemas.Schema) (codecs.Codec, error) {
	t, err := codecs.Reflected(s)
	if err != nil {
		return nil, err
	}
	if unsteady(s.Root) {
		return nil, fmt.Errorf("%s has a map of general unions: what gob sends depends on the order of its entries, even in length: %w", s.Name, schemas.ErrUnsupported)
	}
	c := &freshCodec{typ: t, clean: codecs.NewCleaner(t, codecs.Fields)}
	c.types, err = define(s, t, gob.NewEncoder(&c.out), &c.out)
	if err != nil {
		return nil, err
	}
	c.out.buf = nil
	return c, nil
}

// unsteady reports whether a map below root holds unions of types that gob must define. It defines a type where it first
// needs it, and begins a new message there, so that the length of a record depends on which entry comes first.
func unsteady(root *schemas.Node) bool {
	found := false
	root.Walk(func(_ string, n *schemas.Node) error {
		found = found || n.Kind == schemas.Map && defines(n.Items)
		return nil
	})
	return found
}

// defines reports whether a general union below n has a branch whose type gob does not know by itself.
func defines(n *schemas.Node) bool {
	found := false
	n.Walk(func(_ string, n *schemas.Node) error {
		if _, nullable := n.Nullable(); n.Kind != schemas.Union || nullable {
			return nil
		}
		for _, b := range n.Branches {
			found = found || b.Kind > schemas.String && b.Kind != schemas.Enum
		}
		return nil
	})
	return found
}

func (c *freshCodec) Append(dst []byte, v any) ([]byte, error) {
	if _, err := c.typ.Ref(v); err != nil {
		return dst, err
	}
	return c.out.encode(gob.NewEncoder(&c.out), dst, v)
}

func (c *freshCodec) Decode(src []byte, v any) error {
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	if err := c.types.record(src, c.types.defs); err != nil {
		return err
	}
	return c.read(src, v)
}

func (c *freshCodec) read(src []byte, v any) error {
	c.in.Reset(src)
	defer c.in.Reset(nil)
	return gob.NewDecoder(&c.in).Decode(v)
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *freshCodec) Trusted() codecs.Codec { return trustedFresh{c} }

type trustedFresh struct{ *freshCodec }

func (c trustedFresh) Decode(src []byte, v any) error {
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	return c.read(src, v)
}
