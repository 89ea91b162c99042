package codecs

import (
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Pipe carries records of one schema, as the schema's Go structs, to the bytes of one codec and back, and both to and from
// JSON. It converts where the codec's native record is another, and so serves whoever wants bytes and has no clock. It keeps
// scratch space: not for concurrent use.
type Pipe struct {
	Format Format // of Codec; the zero Format, which loses nothing, if NewPipe was not told
	Codec  Codec
	Type   *access.Type

	conv Converter // nil if the codec takes the schema's struct
	buf  []byte
}

// Open returns the pipe of f for s.
func Open(f Format, s *schemas.Schema) (*Pipe, error) {
	t, err := access.Of(s)
	if err != nil {
		return nil, err
	}
	c, err := f.New(s)
	if err != nil {
		return nil, fmt.Errorf("codec %s: %w", f.Name, err)
	}
	p := NewPipe(c, t)
	p.Format = f
	return p, nil
}

// NewPipe returns the pipe of c, a codec of schema type t.
func NewPipe(c Codec, t *access.Type) *Pipe {
	p := &Pipe{Codec: c, Type: t}
	p.conv, _ = c.(Converter)
	return p
}

// Native returns the native record of a struct, which may be the struct itself.
func (p *Pipe) Native(record any) (any, error) {
	if p.conv == nil {
		return record, nil
	}
	native := p.conv.NewRecord()
	return native, p.conv.FromStruct(native, record)
}

// Struct returns the struct of a native record, which may be the native record itself.
func (p *Pipe) Struct(native any) (any, error) {
	if p.conv == nil {
		return native, nil
	}
	record := p.Type.New()
	return record, p.conv.ToStruct(record, native)
}

// Encode returns the bytes of a struct. They are valid until the next call.
func (p *Pipe) Encode(record any) ([]byte, error) {
	native, err := p.Native(record)
	if err != nil {
		return nil, err
	}
	p.buf, err = p.Codec.Append(p.buf[:0], native)
	return p.buf, err
}

// Decode returns the struct that encoded, the bytes of one record, says.
func (p *Pipe) Decode(encoded []byte) (any, error) {
	native := NewRecord(p.Codec, p.Type)
	if err := p.Codec.Decode(encoded, native); err != nil {
		return nil, err
	}
	return p.Struct(native)
}

// FromJSON returns the struct that text, one value in the Avro JSON encoding, says.
func (p *Pipe) FromJSON(text []byte) (any, error) {
	record := p.Type.New()
	return record, access.Unmarshal(p.Type, text, record)
}

// ToJSON returns a struct in the Avro JSON encoding, on one line. A union's value that came back as no branch of it, from a
// format that loses branches, has no tag.
func (p *Pipe) ToJSON(record any) ([]byte, error) {
	if slices.Contains(p.Format.Loses, Branch) {
		return access.MarshalBare(p.Type, record)
	}
	return access.Marshal(p.Type, record)
}
