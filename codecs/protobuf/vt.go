package protobuf

import (
	"fmt"
	"reflect"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

// VT is vtprotobuf: methods generated for the same messages, which need no reflection.
//
// It has two faults that the others have not: it writes and reads text that is not UTF-8, which comes back as it was, and
// it leaves out a plain float or double that is negative zero. A record with one is refused when it is converted.
var VT = codecs.Format{
	Name:     "protobuf-vt",
	Doc:      "planetscale/vtprotobuf: generated methods for the messages of protobuf; does not check that text is UTF-8, cannot carry negative zero",
	Module:   "github.com/planetscale/vtprotobuf",
	Shuffles: true,
	Loses:    []codecs.Loss{codecs.NullEmpty},
	Sparse:   true,
	New:      openVT,
}

// A vtMessage is a message with the methods that vtprotobuf generates.
type vtMessage interface {
	proto.Message
	Reset()
	SizeVT() int
	MarshalToSizedBufferVT([]byte) (int, error)
	UnmarshalVT([]byte) error
}

type vtCodec struct {
	converter
	nests *outline // nil unless messages may contain themselves
	zeros zeroChecker
}

func openVT(s *schemas.Schema) (codecs.Codec, error) {
	c, err := newConverter(s)
	if err != nil {
		return nil, err
	}
	m, ok := s.Message.New().(vtMessage)
	if !ok {
		return nil, fmt.Errorf("%s: the generated %T has no methods of vtprotobuf: %w", s.Name, s.Message.New(), schemas.ErrUnsupported)
	}
	vt := &vtCodec{converter: c, zeros: newZeroChecker(c.plan.typ)}
	if s.Recursive() {
		vt.nests = outlineOf(m.ProtoReflect().Descriptor(), false)
	}
	return vt, nil
}

// FromStruct fills message dst from a struct.
func (c *vtCodec) FromStruct(dst, src any) error {
	if c.zeros != nil {
		r, err := c.plan.typ.Ref(src)
		if err != nil {
			return err
		}
		if err := c.zeros.check(c.plan.typ, r); err != nil {
			return err
		}
	}
	return c.converter.FromStruct(dst, src)
}

func (c *vtCodec) Append(dst []byte, v any) ([]byte, error) {
	if reflect.TypeOf(v) != c.typ {
		return dst, c.wrong(v)
	}
	m := v.(vtMessage)
	n := len(dst)
	size := m.SizeVT()
	out := slices.Grow(dst, size)[:n+size]
	written, err := m.MarshalToSizedBufferVT(out[n:])
	if err != nil {
		return dst, err
	}
	if written != size { // a message that changes while it is encoded
		return dst, fmt.Errorf("a message of %d bytes took %d", size, written)
	}
	return out, nil
}

// Decode resets the message first: UnmarshalVT adds to what is there.
func (c *vtCodec) Decode(src []byte, v any) error {
	if reflect.TypeOf(v) != c.typ {
		return c.wrong(v)
	}
	if err := c.checkDepth(src); err != nil {
		return err
	}
	m := v.(vtMessage)
	m.Reset()
	return m.UnmarshalVT(src)
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *vtCodec) Trusted() codecs.Codec { return trustedVT{c} }

type trustedVT struct{ *vtCodec }

func (c trustedVT) Append(dst []byte, v any) ([]byte, error) {
	m := v.(vtMessage)
	begin, size := len(dst), m.SizeVT()
	if cap(dst)-begin < size {
		dst = slices.Grow(dst, size)
	}
	dst = dst[:begin+size]
	_, err := m.MarshalToSizedBufferVT(dst[begin:])
	return dst, err
}

func (c trustedVT) Decode(src []byte, v any) error {
	m := v.(vtMessage)
	m.Reset()
	return m.UnmarshalVT(src)
}

// checkDepth refuses what would overflow the stack: UnmarshalVT has no limit. A level takes two bytes at least, so that
// short inputs need no look.
func (c *vtCodec) checkDepth(src []byte) error {
	if c.nests == nil || len(src) < 2*maxDepth {
		return nil
	}
	return c.nests.check(src, maxDepth)
}
