package msgpack

import (
	"fmt"

	"github.com/tinylib/msgp/msgp"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Msgp is tinylib/msgp: the array form by generated methods, which is as fast as MessagePack gets.
var Msgp = codecs.Format{
	Name:     "msgpack-msgp",
	Doc:      "tinylib/msgp: generated code, structs as arrays, compact integers, unions untagged",
	Module:   "github.com/tinylib/msgp",
	Shuffles: true,
	Loses:    []codecs.Loss{codecs.Branch},
	New:      openMsgp,
}

// A msgpCodec needs not clean a used record: the generated methods take arrays by position, clear maps and put new values
// into the rest.
type msgpCodec struct{ typ *access.Type }

func openMsgp(s *schemas.Schema) (codecs.Codec, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	v := t.New()
	_, marshals := v.(msgp.Marshaler)
	_, unmarshals := v.(msgp.Unmarshaler)
	if !marshals || !unmarshals {
		return nil, fmt.Errorf("%s has no generated msgp code: %w", s.Name, schemas.ErrUnsupported)
	}
	return &msgpCodec{t}, nil
}

func (c *msgpCodec) Append(dst []byte, v any) ([]byte, error) {
	m, ok := v.(msgp.Marshaler)
	if !ok {
		_, err := c.typ.Ref(v)
		return dst, err
	}
	out, err := m.MarshalMsg(dst)
	if err != nil {
		return dst, err
	}
	return out, nil
}

func (c *msgpCodec) Decode(src []byte, v any) error {
	if _, err := c.typ.Ref(v); err != nil {
		return err
	}
	if err := scan(src); err != nil {
		return err
	}
	rest, err := v.(msgp.Unmarshaler).UnmarshalMsg(src)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return codecs.ErrTrailing
	}
	return nil
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *msgpCodec) Trusted() codecs.Codec { return trustedMsgp{c} }

type trustedMsgp struct{ *msgpCodec }

func (c trustedMsgp) Append(dst []byte, v any) ([]byte, error) {
	return v.(msgp.Marshaler).MarshalMsg(dst)
}

func (c trustedMsgp) Decode(src []byte, v any) error {
	_, err := v.(msgp.Unmarshaler).UnmarshalMsg(src)
	return err
}
