package state

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/codecs/flink/typeinfo"
	"github.com/wirecost/wirecost/schemas/access"
)

// A Keyer serializes the keys of records as Flink's keyed state does: a field as its Java type, several as a TupleN. It
// keeps scratch space: not for concurrent use.
type Keyer struct {
	typ   *access.Type
	parts []part
	hash  func(record any) (int32, error)
	text  Text
}

// A part is one field of a key.
type part struct {
	path     string
	way      []javatype.Field
	end      *javatype.Type
	kryo     *kryo.Serializer // nil if Flink has a serializer of its own
	variable bool
	or       *part // what is read where it is null; nil if there is nothing else
}

// NewKeyer returns what serializes the fields at paths of records of type t, in a line of Flink.
func NewKeyer(t *access.Type, line javatype.Line, paths []string) (*Keyer, error) {
	hash, err := keygroup.StructHasher(t, paths) // refuses what cannot be a key
	if err != nil {
		return nil, err
	}
	k := &Keyer{typ: t, hash: hash, parts: make([]part, len(paths))}
	for i, path := range paths {
		if k.parts[i], err = newPart(javatype.Of(t), line, path); err != nil {
			return nil, err
		}
		k.text.Variable = k.text.Variable || k.parts[i].variable
	}
	return k, nil
}

// NewUserKeyer returns what serializes the field at path as the key that a user gives an entry of a map state. Nothing is
// routed by its hash, so that it may be an enum, bytes or a union too, which keyBy refuses.
func NewUserKeyer(t *access.Type, line javatype.Line, path string) (*Keyer, error) {
	p, err := newPart(javatype.Of(t), line, path)
	if err != nil {
		return nil, err
	}
	noHash := func(any) (int32, error) { return 0, nil }
	return &Keyer{typ: t, hash: noHash, parts: []part{p}, text: Text{Variable: p.variable}}, nil
}

// newPart returns what serializes the field at path, or at the first of several alternatives that is not null.
func newPart(t *javatype.Type, line javatype.Line, path string) (part, error) {
	var first *part
	for _, one := range slices.Backward(access.Alternatives(path)) {
		p, err := newField(t, line, one)
		if err != nil {
			return p, err
		}
		if first != nil && first.end.JavaName() != p.end.JavaName() {
			return p, fmt.Errorf("key %s: %s is a %s and %s a %s: alternatives are of one type", path, p.path, p.end.JavaName(), first.path, first.end.JavaName())
		}
		p.or, first = first, &p
	}
	first.path = path
	return *first, nil
}

func newField(t *javatype.Type, line javatype.Line, path string) (part, error) {
	p := part{path: path, end: t}
	for name := range strings.SplitSeq(path, ".") {
		found := false
		if p.end.Record != nil {
			for _, f := range p.end.Record.Fields {
				if f.Name == name {
					p.way, p.end, found = append(p.way, f), f.Type, true
					break
				}
			}
		}
		if !found {
			return p, fmt.Errorf("field %s: the key's serializer is not known", path)
		}
	}
	switch p.end.Class {
	case javatype.Pojo, javatype.List, javatype.Map, javatype.Array, javatype.Void:
		return p, fmt.Errorf("field %s: a %s is no key that this program can write", path, p.end.JavaName())
	}
	s, err := typeinfo.Extractor{Line: line}.Choose(p.end)
	if err != nil {
		return p, err
	}
	if s.Kryo {
		p.kryo = kryo.New(p.end, line)
	}
	p.variable = s.Kryo || p.end.Class == javatype.String || p.end.Class == javatype.BigDecimal
	return p, nil
}

// JavaNames returns the Java types of the key's fields.
func (k *Keyer) JavaNames() string {
	names := make([]string, len(k.parts))
	for i, p := range k.parts {
		names[i] = p.end.JavaName()
	}
	return strings.Join(names, ", ")
}

// Key returns the bytes of record's key, valid until the next call, and its Java hashCode.
func (k *Keyer) Key(record any) (Text, int32, error) {
	hash, err := k.hash(record)
	if err != nil {
		return Text{}, 0, err
	}
	r, err := k.typ.Ref(record)
	if err != nil {
		return Text{}, 0, err
	}
	k.text.Bytes = k.text.Bytes[:0]
	for i := range k.parts {
		p := &k.parts[i]
		if k.text.Bytes, err = p.append(k.text.Bytes, r); err != nil {
			return Text{}, 0, fmt.Errorf("key %s: %w", p.path, err)
		}
	}
	return k.text, hash, nil
}

var errNull = errors.New("null cannot be a key")

func (p *part) append(dst []byte, r access.Ref) ([]byte, error) {
	out, err := p.appendField(dst, r)
	if err == errNull && p.or != nil {
		return p.or.append(dst, r)
	}
	return out, err
}

func (p *part) appendField(dst []byte, r access.Ref) ([]byte, error) {
	for _, f := range p.way {
		r = r.At(f.Offset)
		if f.Type.Class == javatype.Object { // of which Kryo takes the place that holds it
			if r.Any() == nil {
				return dst, errNull
			}
			continue
		}
		if r = f.Type.Load(r); r.Nil() {
			return dst, errNull
		}
	}
	if p.kryo != nil {
		return p.kryo.Append(dst, r)
	}
	return p.end.AppendScalar(dst, r)
}
