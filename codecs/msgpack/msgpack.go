// Package msgpack is MessagePack by the two libraries that Go programs use: vmihailenco/msgpack, by reflection, in the
// map form that is its default and in array form, and tinylib/msgp, by generated methods.
package msgpack

import (
	"bytes"
	"fmt"
	"reflect"

	"github.com/vmihailenco/msgpack/v5"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const module = "github.com/vmihailenco/msgpack/v5"

// Format is vmihailenco's default: a map from field name to value, integers as wide as their Go type.
var Format = codecs.Format{
	Name:     "msgpack",
	Doc:      "vmihailenco/msgpack with its defaults: field names in every record, integers of full width, unions untagged",
	Module:   module,
	Shuffles: true,
	Loses:    []codecs.Loss{codecs.Branch},
	Sparse:   true,
	Inexact:  true, // values are made ahead
	New:      func(s *schemas.Schema) (codecs.Codec, error) { return open(s, false) },
}

// Array is vmihailenco's array form with compact integers.
var Array = codecs.Format{
	Name:     "msgpack-array",
	Doc:      "vmihailenco/msgpack, structs as arrays, compact integers, unions untagged",
	Module:   module,
	Shuffles: true,
	Loses:    []codecs.Loss{codecs.Branch},
	Sparse:   true,
	Inexact:  true, // as msgpack
	New:      func(s *schemas.Schema) (codecs.Codec, error) { return open(s, true) },
}

// nothing is a null that is no branch of a union. The library would write an empty map or array.
type nothing struct{}

func (nothing) EncodeMsgpack(e *msgpack.Encoder) error { return e.EncodeNil() }

func (*nothing) DecodeMsgpack(d *msgpack.Decoder) error { return d.DecodeNil() }

type codec struct {
	typ   *access.Type
	view  codecs.View
	clean *codecs.Cleaner // of all that bytes may leave out
	reuse *codecs.Cleaner // of what our own bytes, which leave out nothing, add to
	out   output
	in    bytes.Reader
	enc   *msgpack.Encoder
	dec   *msgpack.Decoder
}

// An output is what an Encoder writes to: it appends.
type output struct{ buf []byte }

func (o *output) Write(b []byte) (int, error) {
	o.buf = append(o.buf, b...)
	return len(b), nil
}

func (o *output) WriteByte(b byte) error {
	o.buf = append(o.buf, b)
	return nil
}

func (o *output) WriteString(s string) (int, error) {
	o.buf = append(o.buf, s...)
	return len(s), nil
}

func open(s *schemas.Schema, array bool) (codecs.Codec, error) {
	t, err := codecs.Reflected(s)
	if err != nil {
		return nil, err
	}
	if err := s.Root.Walk(namedBytes); err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	view, err := codecs.NewView(s, t, reflect.TypeFor[nothing]())
	if err != nil {
		return nil, err
	}
	c := &codec{typ: t, view: view, clean: codecs.NewCleaner(t, codecs.Anything), reuse: codecs.NewCleaner(t, codecs.Entries)}
	c.enc, c.dec = msgpack.NewEncoder(&c.out), msgpack.NewDecoder(&c.in)
	c.enc.UseArrayEncodedStructs(array)
	c.enc.UseCompactInts(array)
	c.dec.UsePreallocateValues(true) // as msgpack.Unmarshal does
	return c, nil
}

// namedBytes refuses a union of several fixed of one size, at path.
//
// Note: the library takes an array of bytes that have a name for one of Go's own, and panics ("reflect.Copy: uint8 !=
// schemas.Byte2", in v5.4.1).
func namedBytes(path string, n *schemas.Node) error {
	for i, b := range n.Branches {
		if n.NamedBytes(i) {
			return fmt.Errorf("%s: %s is not the first fixed of %d bytes of its union, and the library writes no other: %w", path, b.Name, b.Size, schemas.ErrUnsupported)
		}
	}
	return nil
}

func (c *codec) Append(dst []byte, v any) ([]byte, error) {
	shown, err := c.view.Of(v)
	if err != nil {
		return dst, err
	}
	c.out.buf = dst
	err = c.enc.Encode(shown)
	out := c.out.buf
	c.out.buf = nil
	if err != nil {
		return dst, err
	}
	return out, nil
}

func (c *codec) Decode(src []byte, v any) (err error) {
	shown, err := c.view.Of(v)
	if err != nil {
		return err
	}
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	if err := scan(src); err != nil {
		return err
	}
	c.in.Reset(src)
	defer c.done(&err)
	if err := c.dec.Decode(shown); err != nil {
		return err
	}
	if c.in.Len() > 0 {
		return codecs.ErrTrailing
	}
	return nil
}

// done ends a Decode. A field that stands twice in a map and is an interface makes the library panic.
func (c *codec) done(err *error) {
	c.in.Reset(nil)
	if p := recover(); p != nil {
		*err = fmt.Errorf("msgpack: %v", p)
	}
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *codec) Trusted() codecs.Codec { return trusted{c} }

type trusted struct{ *codec }

func (c trusted) Decode(src []byte, v any) error {
	shown, err := c.view.Of(v)
	if err != nil {
		return err
	}
	if err := c.reuse.Clean(v); err != nil {
		return err
	}
	c.in.Reset(src)
	err = c.dec.Decode(shown)
	c.in.Reset(nil)
	return err
}
