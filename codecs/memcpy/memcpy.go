// Package memcpy is the floor: a record that is already bytes, so that Append and Decode are one copy each. What it
// costs is what the harness, the memory and an exchange cost with any codec; no format can be faster.
//
// Its native record is an [Image]: the record's fields in schema order, little-endian. A boolean is one byte; int and
// float four, long and double eight; a string or bytes have a u32 length in front; a fixed is its bytes; an enum is the
// u32 index of its symbol; a union is the index of its branch, one byte or, if it has more than 256, a u32, and then the
// branch; an array is a u32 count and its elements, a map a u32 count and its entries in ascending order of key bytes.
package memcpy

import (
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Format carries every schema. Decode does not look at the bytes: ToStruct refuses those that are no record.
var Format = codecs.Format{
	Name:  "memcpy",
	Doc:   "the floor: a flat image of the record, one copy each way",
	Floor: true,
	New:   open,
}

// An Image is a record as flat bytes.
type Image []byte

type codec struct {
	typ   *access.Type
	least map[*access.Type]int // bytes that an image of each type takes at least
}

func open(s *schemas.Schema) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	return codec{t, leasts(t)}, nil
}

func (codec) Append(dst []byte, v any) ([]byte, error) {
	img, ok := v.(*Image)
	if !ok {
		return dst, wrongType(v)
	}
	return append(dst, *img...), nil
}

func (codec) Decode(src []byte, v any) error {
	img, ok := v.(*Image)
	if !ok {
		return wrongType(v)
	}
	*img = append((*img)[:0], src...)
	return nil
}

func wrongType(v any) error {
	return fmt.Errorf("a native record of memcpy is a %T, not a %T", new(Image), v)
}

func (codec) NewRecord() any { return new(Image) }

func (c codec) FromStruct(dst, src any) error {
	img, ok := dst.(*Image)
	if !ok {
		return wrongType(dst)
	}
	r, err := c.typ.Ref(src)
	if err != nil {
		return err
	}
	*img, err = appendValue((*img)[:0], c.typ, r)
	return err
}

func (c codec) ToStruct(dst, src any) error {
	img, ok := src.(*Image)
	if !ok {
		return wrongType(src)
	}
	r, err := c.typ.Ref(dst)
	if err != nil {
		return err
	}
	c.typ.Clear(r)
	in := reader{src: *img, least: c.least}
	in.value(c.typ, r)
	if in.err == nil && in.at < len(in.src) {
		in.err = codecs.ErrTrailing
	}
	return in.err
}
