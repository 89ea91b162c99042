package avro

import (
	"fmt"
	"reflect"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Generic is hamba/avro without Go types: a record is a map[string]any, as programs use that learn the schema when they
// run. It carries recursive schemas too.
var Generic = codecs.Format{
	Name:     "avro-generic",
	Doc:      "hamba/avro (archived), records as map[string]any",
	Module:   hambaModule,
	Shuffles: true,
	Growth:   4096, // a record of a few bytes, or of none but its branch, is a map or two
	Inexact:  true, // as avro
	New:      openGeneric,
}

type genericCodec struct {
	*hamba
	typ *access.Type
}

var mapType = reflect.TypeFor[map[string]any]()

func openGeneric(s *schemas.Schema) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	h, err := newHamba(s, t, javaBlocks)
	if err != nil {
		return nil, err
	}
	if err := h.hostile.skim.refuseEmpty(s); err != nil {
		return nil, err
	}
	return &genericCodec{h, t}, nil
}

func (c *genericCodec) Append(dst []byte, v any) ([]byte, error) {
	m, ok := v.(*map[string]any)
	if !ok || m == nil {
		return dst, wrongType(v, mapType)
	}
	return c.append(dst, v)
}

func (c *genericCodec) Decode(src []byte, v any) error {
	if err := zero(v, mapType); err != nil {
		return err
	}
	return c.decode(src, v)
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *genericCodec) Trusted() codecs.Codec { return trustedGeneric{c} }

type trustedGeneric struct{ *genericCodec }

func (c trustedGeneric) Append(dst []byte, v any) ([]byte, error) { return c.append(dst, v) }

func (c trustedGeneric) Decode(src []byte, v any) error {
	*v.(*map[string]any) = nil
	return c.trust(src, v)
}

func (c *genericCodec) NewRecord() any { return new(map[string]any) }

func (c *genericCodec) FromStruct(dst, src any) error {
	m, ok := dst.(*map[string]any)
	if !ok {
		return wrongType(dst, mapType)
	}
	r, err := c.typ.Ref(src)
	if err != nil {
		return err
	}
	*m, err = c.form.record(c.typ, r)
	return err
}

func (c *genericCodec) ToStruct(dst, src any) error {
	m, ok := src.(*map[string]any)
	if !ok {
		return wrongType(src, mapType)
	}
	r, err := c.typ.Ref(dst)
	if err != nil {
		return err
	}
	c.typ.Clear(r)
	return c.form.set(c.typ, r, *m)
}

func (c *genericCodec) Field(path string) (func(any) (access.Value, error), error) {
	if _, err := access.Getter(c.typ, path); err != nil {
		return nil, err
	}
	_, way, err := c.typ.Find(path)
	if err != nil {
		return nil, err
	}
	return func(v any) (access.Value, error) {
		m, ok := v.(*map[string]any)
		if !ok {
			return access.Value{}, wrongType(v, mapType)
		}
		return c.form.field(way, *m)
	}, nil
}

func wrongType(v any, want reflect.Type) error {
	return fmt.Errorf("a native record is a *%v, not a %T", want, v)
}
