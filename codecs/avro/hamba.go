// Package avro is Avro binary by two libraries: hamba/avro, which most Go programs use though it is archived since
// January 2026, and twmb/avro. Both are given the schema without logical types.
//
// Neither checks that strings are UTF-8; such bytes pass through them in both directions unharmed.
package avro

import (
	"errors"
	"fmt"
	"io"
	"math/bits"

	"github.com/hamba/avro/v2"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const hambaModule = "github.com/hamba/avro/v2"

// Format is hamba/avro set to write what Java's encoder writes: an array or a map in one block with a plain count. The
// native record of a schema with general unions holds map[string]any{branch: value} for each, which is hamba's form.
var Format = codecs.Format{
	Name:     "avro",
	Doc:      "hamba/avro (archived), bytes as Java Avro writes them; general unions as map[string]any",
	Module:   hambaModule,
	Shuffles: true,
	Inexact:  true, // strings are cut from slabs
	New:      func(s *schemas.Schema) (codecs.Codec, error) { return openHamba(s, javaBlocks) },
}

// BlockSize is hamba/avro with its defaults: blocks of 100 elements with their size in bytes, which a reader can skip.
var BlockSize = codecs.Format{
	Name:     "avro-blocksize",
	Doc:      "hamba/avro (archived) with its defaults: arrays and maps in blocks of 100 with their size",
	Module:   hambaModule,
	Shuffles: true,
	Inexact:  true, // as avro
	New:      func(s *schemas.Schema) (codecs.Codec, error) { return openHamba(s, avro.Config{}) },
}

// javaBlocks needs both: without BlockLength hamba begins a new block every 100 elements.
var javaBlocks = avro.Config{DisableBlockSizeHeader: true, BlockLength: 1<<31 - 1}

// A hamba is hamba/avro for one schema and one native form of its records.
//
// It believes the lengths that it reads, up to limits that belong to its configuration. So there is one reader per
// power of two, and a record is read by the smallest that could hold it.
type hamba struct {
	schema  avro.Schema
	config  avro.Config
	writer  *avro.Writer
	readers [33]*avro.Reader // of inputs shorter than 1<<i bytes; made when needed
	own     *avro.Reader     // of what the codec wrote itself: it has no limits
	hostile hostile
	form    form // of values without a Go type of their own
}

func newHamba(s *schemas.Schema, t *access.Type, config avro.Config) (*hamba, error) {
	text, namespace := s.Qualified()
	schema, err := avro.ParseWithCache(text, "", &avro.SchemaCache{})
	if err != nil {
		return nil, fmt.Errorf("%s: hamba: %w: %w", s.Name, err, schemas.ErrUnsupported)
	}
	w := avro.NewWriter(nil, 512, avro.WithWriterConfig(config.Freeze()))
	unlimited := config
	unlimited.MaxByteSliceSize = -1
	own := avro.NewReader(nil, 0, avro.WithReaderConfig(unlimited.Freeze()))
	return &hamba{schema: schema, config: config, writer: w, own: own, hostile: newHostile(s, t), form: hambaForm.in(namespace)}, nil
}

// append appends the encoding of v, a pointer to the native record.
func (h *hamba) append(dst []byte, v any) ([]byte, error) {
	h.writer.Reset(nil)
	h.writer.Error = nil // Reset keeps it
	h.writer.WriteVal(h.schema, v)
	if h.writer.Error != nil {
		return dst, h.writer.Error
	}
	return append(dst, h.writer.Buffer()...), nil
}

// decode reads src, all of it, into the native record that v points to.
func (h *hamba) decode(src []byte, v any) error {
	if err := h.hostile.check(src); err != nil {
		return err
	}
	return h.read(src, v)
}

// read is decode without a look at src before.
func (h *hamba) read(src []byte, v any) error {
	r, err := h.reader(len(src))
	if err != nil {
		return err
	}
	r.Reset(src)
	r.Error = nil // Reset keeps it
	defer r.Reset(nil)
	r.ReadVal(h.schema, v)
	if r.Error != nil {
		return r.Error
	}
	if r.Peek(); !errors.Is(r.Error, io.EOF) {
		return codecs.ErrTrailing
	}
	return nil
}

// trust is decode for what the codec wrote itself.
func (h *hamba) trust(src []byte, v any) error {
	h.own.Reset(src)
	h.own.Error = nil // Reset keeps it
	h.own.ReadVal(h.schema, v)
	h.own.Reset(nil)
	return h.own.Error
}

// reader returns the reader for inputs of n bytes.
func (h *hamba) reader(n int) (*avro.Reader, error) {
	i := max(bits.Len(uint(n)), 7)
	if i >= len(h.readers) {
		return nil, fmt.Errorf("a record of %d bytes is too long", n)
	}
	if h.readers[i] == nil {
		config := h.config
		config.MaxByteSliceSize = 1 << i
		config.MaxSliceAllocSize = h.hostile.elements(1 << i)
		h.readers[i] = avro.NewReader(nil, 0, avro.WithReaderConfig(config.Freeze()))
	}
	return h.readers[i], nil
}

// A structCodec takes the schema's struct as it is.
type structCodec struct {
	*hamba
	typ   *access.Type
	clean *codecs.Cleaner
}

func openHamba(s *schemas.Schema, config avro.Config) (codecs.Codec, error) {
	t, err := codecs.Reflected(s)
	if err != nil {
		return nil, err
	}
	h, err := newHamba(s, t, config)
	if err != nil {
		return nil, err
	}
	if hasUnions(s) {
		return openTagged(s, t, h, h.form)
	}
	return &structCodec{h, t, codecs.NewCleaner(t, codecs.Elements)}, nil
}

func (c *structCodec) Append(dst []byte, v any) ([]byte, error) {
	if _, err := c.typ.Ref(v); err != nil {
		return dst, err
	}
	return c.append(dst, v)
}

func (c *structCodec) Decode(src []byte, v any) error {
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	return c.decode(src, v)
}

// Trusted returns the codec as [codecs.Truster] says.
func (c *structCodec) Trusted() codecs.Codec { return trustedStruct{c} }

type trustedStruct struct{ *structCodec }

func (c trustedStruct) Append(dst []byte, v any) ([]byte, error) { return c.append(dst, v) }

func (c trustedStruct) Decode(src []byte, v any) error {
	if err := c.clean.Clean(v); err != nil {
		return err
	}
	return c.trust(src, v)
}
