package avro

import (
	"fmt"
	"math"

	"github.com/twmb/avro"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// Twmb is twmb/avro. It writes the same bytes as Java and bounds what it reads by the input. The native record of a
// schema with unions whose branch a Go type does not tell holds map[string]any{branch: value} for each general union.
//
// The library takes any byte but 1 for false, so where a schema has booleans their bytes are looked at first. That is
// 2 to 10 % of a decode, and a quarter for wide records of small fields. It makes an array anew for each of its blocks,
// so that many small blocks take the square of their number, in time and memory: inputs long enough for that are looked
// through, and arrays in more than 64 blocks refused. The library itself writes one.
var Twmb = codecs.Format{
	Name:     "avro-twmb",
	Doc:      "twmb/avro, bytes as Java Avro writes them; general unions of more than primitives as map[string]any",
	Module:   "github.com/twmb/avro",
	Shuffles: true,
	Inexact:  true, // strings are cut from slabs
	New:      openTwmb,
}

type twmb struct {
	schema *avro.Schema
	tagged []avro.Opt
	bools  *skim // up to the last field that holds a boolean; nil if there is none
	whole  *skim
	unseen int // bytes of an input that need no look as a whole
}

const (
	maxBlocks = 64
	// maxUnseen is how long an input may be without harm: k blocks of one element that takes l bytes, and e of memory,
	// are k(1+l) bytes and take k*k*e/2 of memory, which is 64*e/l for each byte if they are 128*(1+l)*(1+l)/l bytes, at
	// least 512.
	maxUnseen = 512
)

func openTwmb(s *schemas.Schema) (codecs.Codec, error) {
	t, err := codecs.Reflected(s)
	if err != nil {
		return nil, err
	}
	text, namespace := s.Qualified()
	schema, err := avro.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: twmb: %w: %w", s.Name, err, schemas.ErrUnsupported)
	}
	c := &twmb{schema: schema, whole: newSkim(s), unseen: math.MaxInt}
	c.bools = lastBoolean(c.whole)
	switch _, largest := arrayElements(t, c.whole); {
	case harmful(t):
		c.unseen = -1
	case largest > 0:
		c.unseen = maxUnseen
	}
	if !primitiveUnions(s) || hasNulls(s) {
		c.tagged = []avro.Opt{avro.TaggedUnions()}
		return openTagged(s, t, c, twmbForm.in(namespace))
	}
	return &twmbStruct{c, t, codecs.NewCleaner(t, codecs.Elements)}, nil
}

// lastBoolean returns root without the fields behind the last that holds a boolean.
func lastBoolean(root *skim) *skim {
	for n := len(root.parts); n > 0; n-- {
		if root.parts[n-1].bools {
			return &skim{kind: root.kind, parts: root.parts[:n]}
		}
	}
	return nil
}

func (c *twmb) append(dst []byte, v any) ([]byte, error) {
	out, err := c.schema.AppendEncode(dst, v)
	if err != nil {
		return dst, err
	}
	return out, nil
}

func (c *twmb) decode(src []byte, v any) error {
	if err := c.check(src); err != nil {
		return err
	}
	return c.trust(src, v)
}

// trust is decode for what the codec wrote itself.
func (c *twmb) trust(src []byte, v any) error {
	rest, err := c.schema.Decode(src, v, c.tagged...)
	if err == nil && len(rest) > 0 {
		err = codecs.ErrTrailing
	}
	return err
}

// check reports what is wrong with src that the library would not see, or too late.
func (c *twmb) check(src []byte) error {
	switch {
	case len(src) > c.unseen:
		return skimmer{src: src, most: maxBlocks, exact: true}.whole(c.whole)
	case c.bools != nil: // twmb takes any byte but 1 for false
		return skimmer{src: src, exact: true}.part(c.bools)
	}
	return nil
}

type twmbStruct struct {
	*twmb
	typ   *access.Type
	clean *codecs.Cleaner
}

func (c *twmbStruct) Append(dst []byte, v any) ([]byte, error) {
	if _, err := c.typ.Ref(v); err != nil {
		return dst, err
	}
	return c.append(dst, v)
}

func (c *twmbStruct) Decode(src []byte, v any) error {
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	return c.decode(src, v)
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *twmbStruct) Trusted() codecs.Codec { return trustedTwmb{c} }

type trustedTwmb struct{ *twmbStruct }

func (c trustedTwmb) Append(dst []byte, v any) ([]byte, error) { return c.append(dst, v) }

func (c trustedTwmb) Decode(src []byte, v any) error {
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	return c.trust(src, v)
}
