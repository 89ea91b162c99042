package gob

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"reflect"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// types is what gob sends of a schema before the first record, and what can then be in one.
type types struct {
	id     uint64   // of the record, as it is sent
	skim   *skim    // of the record
	stream []byte   // messages that define every type, and an example of each
	defs   [][]byte // those that define a type, without their length

	out  *output
	enc  *gob.Encoder
	seen map[*schemas.Node]*skim
	name map[reflect.Type]string // in gob's table, of what unions hold: two fixed may have one Go type, in different unions
}

// define makes enc, which writes to out, send all types of s.
func define(s *schemas.Schema, t *access.Type, enc *gob.Encoder, out *output) (*types, error) {
	ts := &types{out: out, enc: enc, seen: map[*schemas.Node]*skim{}, name: map[reflect.Type]string{}}
	err := s.Root.Walk(refused)
	if err == nil {
		ts.skim, err = ts.compile(s.Root)
	}
	if err == nil {
		ts.id, err = ts.send(t.New())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", s.Name, err, schemas.ErrUnsupported)
	}
	return ts, nil
}

// refused refuses what gob has no form for. It has no type for a record without fields; and null, which it says by
// leaving a field out, cannot be left out of a list or a map.
func refused(path string, n *schemas.Node) error {
	if n.Kind == schemas.Record && len(n.Record().Fields) == 0 {
		return fmt.Errorf("record %s has no fields", n.Name)
	}
	if n.Items == nil {
		return nil
	}
	_, nullable := n.Items.Nullable()
	switch {
	case nullable && n.Kind == schemas.Array:
		return fmt.Errorf("%s[]: gob has no form for a null element", path)
	case nullable:
		return fmt.Errorf("%s{}: gob has no form for a null value", path)
	}
	return nil
}

// send encodes v and returns the number of its type.
func (ts *types) send(v any) (id uint64, err error) {
	ts.out.buf = nil
	if err := ts.enc.Encode(v); err != nil {
		return 0, err
	}
	ts.stream = append(ts.stream, ts.out.buf...)
	for in := (reader{after: ts.out.buf}); len(in.after) > 0; {
		if err := in.message(); err != nil {
			return 0, err
		}
		def := in.src
		if id, err = in.uint(); err != nil {
			return 0, err
		}
		if id&1 == 1 { // negative: the message defines a type
			ts.defs = append(ts.defs, bytes.Clone(def))
		}
	}
	return id, nil
}

// compile returns the skim of n. It registers the types that unions below n hold, since gob sends the name of what an
// interface holds, and sends an example of each.
func (ts *types) compile(n *schemas.Node) (*skim, error) {
	n = n.Record()
	if s := ts.seen[n]; s != nil {
		return s, nil
	}
	s := &skim{kind: n.Kind, size: n.Size}
	ts.seen[n] = s
	if n.Kind == schemas.Union {
		return s, ts.union(s, n)
	}
	var err error
	for _, f := range n.Fields {
		if err == nil {
			err = ts.add(s, f.Type)
		}
	}
	if n.Items != nil {
		err = ts.add(s, n.Items)
	}
	return s, err
}

func (ts *types) add(s *skim, n *schemas.Node) error {
	part, err := ts.compile(n)
	s.parts = append(s.parts, part)
	return err
}

func (ts *types) union(s *skim, n *schemas.Node) error {
	if b, ok := n.Nullable(); ok {
		return ts.add(s, b)
	}
	s.branches = map[string]*branch{}
	for i, b := range n.Branches {
		if b.Kind == schemas.Null {
			continue
		}
		part, err := ts.compile(b)
		if err != nil {
			return err
		}
		v := example(n.Held(i))
		name, err := ts.register(nameOf(b), v)
		if err != nil {
			return err
		}
		id, err := ts.send(v)
		if err != nil {
			return err
		}
		s.branches[name] = &branch{id, part}
	}
	return nil
}

// example returns a value of type t that gob sends: no nil map.
func example(t reflect.Type) any {
	if t.Kind() == reflect.Map {
		return reflect.MakeMap(t).Interface()
	}
	return reflect.Zero(t).Interface()
}

// nameOf returns a name for the type of n as short as users would choose: that of a record, and Go's own for types that
// gob knows.
func nameOf(n *schemas.Node) string {
	switch n.Kind {
	case schemas.Record, schemas.Fixed:
		return n.Name
	case schemas.Enum:
		return "Symbol"
	case schemas.Array:
		return "[]" + nameOf(n.Items)
	case schemas.Map:
		return "map[string]" + nameOf(n.Items)
	case schemas.Union:
		if b, ok := n.Nullable(); ok {
			return "*" + nameOf(b)
		}
		return "any"
	}
	return n.Go.String()
}

// register returns the name of v's type in gob's table, where it enters it at first.
func (ts *types) register(name string, v any) (string, error) {
	t := reflect.TypeOf(v)
	if known, ok := ts.name[t]; ok {
		return known, nil
	}
	name, err := register(name, v)
	ts.name[t] = name
	return name, err
}

// register enters v's type in gob's table, of which a process has one, and returns its name there. A name that another
// type has is numbered.
func register(name string, v any) (string, error) {
	err := registerName(name, v)
	for i := 2; err != nil && i < 1000; i++ {
		numbered := fmt.Sprint(name, "#", i)
		if err = registerName(numbered, v); err == nil {
			return numbered, nil
		}
	}
	return name, err
}

// registerName is gob.RegisterName with its panic as an error.
func registerName(name string, v any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	gob.RegisterName(name, v)
	return nil
}
