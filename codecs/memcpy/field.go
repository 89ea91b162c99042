package memcpy

import (
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A hop leads from the start of a record in an image to one of its fields.
type hop struct {
	fixed int            // bytes to pass first
	rest  []*access.Type // values to pass then
	field *access.Type
}

// Field returns a function that walks to the field in the image. It allocates nothing; text shares the image's memory.
func (c codec) Field(path string) (func(any) (access.Value, error), error) {
	if _, err := access.Getter(c.typ, path); err != nil {
		return nil, err
	}
	_, way, err := c.typ.Find(path)
	if err != nil {
		return nil, err
	}
	hops, at := make([]hop, len(way)), c.typ
	for i, f := range way {
		if at.Form != access.Plain {
			at = at.Elem
		}
		hops[i] = c.hopTo(at, f.Name)
		at = f.Type
	}
	if len(hops) == 1 && len(hops[0].rest) == 0 && hops[0].field.Kind == schemas.Long {
		return longAt(hops[0].field.Node, hops[0].fixed), nil
	}
	return func(v any) (access.Value, error) {
		img, ok := v.(*Image)
		if !ok {
			return access.Value{}, wrongType(v)
		}
		in := reader{src: *img, least: c.least}
		val := in.follow(hops)
		return val, in.err
	}, nil
}

// longAt reads a long that stands at the same place of every image: the usual key, and one that a shuffle's own cost
// would drown in a walk.
func longAt(n *schemas.Node, at int) func(any) (access.Value, error) {
	return func(v any) (access.Value, error) {
		img, ok := v.(*Image)
		if !ok {
			return access.Value{}, wrongType(v)
		}
		if len(*img) < at+8 {
			return access.Value{}, errTruncated
		}
		return access.Value{Node: n, Num: order.Uint64((*img)[at:])}, nil
	}
}

// hopTo returns the way from the start of record t to its field called name.
func (c codec) hopTo(t *access.Type, name string) hop {
	var h hop
	for _, f := range t.Fields {
		if f.Name == name {
			h.field = f.Type
			break
		}
		w, ok := width(f.Type)
		if ok && len(h.rest) == 0 {
			h.fixed += w
			continue
		}
		h.rest = append(h.rest, f.Type)
	}
	return h
}

// width returns how many bytes every value of type t takes, if they all take the same.
func width(t *access.Type) (int, bool) {
	switch t.Kind {
	case schemas.Null:
		return 0, true
	case schemas.Boolean:
		return 1, true
	case schemas.Int, schemas.Float, schemas.Enum:
		return 4, true
	case schemas.Long, schemas.Double:
		return 8, true
	case schemas.Fixed:
		return t.Node.Size, true
	}
	return 0, false
}

// follow goes the way of hops and returns the value at its end, null if a record on the way is null.
func (in *reader) follow(hops []hop) access.Value {
	for i := range hops {
		h := &hops[i]
		in.next(h.fixed)
		for _, t := range h.rest {
			in.skip(t)
		}
		if i == len(hops)-1 {
			return in.scalar(h.field)
		}
		if h.field.Kind == schemas.Union && in.branch(h.field) == h.field.Null {
			break
		}
	}
	return access.Value{}
}

// scalar reads the value of type t, which has no parts.
func (in *reader) scalar(t *access.Type) access.Value {
	v := access.Value{Node: t.Node}
	switch t.Kind {
	case schemas.Union:
		if i := in.branch(t); in.err == nil {
			return in.scalar(t.Branches[i])
		}
		return access.Value{}
	case schemas.Null:
		return access.Value{}
	case schemas.Boolean:
		v.Num = uint64(in.next(1)[0])
	case schemas.Int:
		v.Num = uint64(int64(int32(in.word())))
	case schemas.Long, schemas.Double:
		v.Num = order.Uint64(in.next(8))
	case schemas.Float:
		v.Num = uint64(in.word())
	case schemas.String, schemas.Bytes:
		return access.TextValue(t.Node, in.text())
	case schemas.Fixed:
		return access.TextValue(t.Node, in.next(t.Node.Size))
	case schemas.Enum:
		v.Text = in.symbol(t)
	default:
		in.fail(errNoScalar)
	}
	return v
}

// skip passes a value of type t.
func (in *reader) skip(t *access.Type) {
	if n, ok := width(t); ok {
		in.next(n)
		return
	}
	switch t.Kind {
	case schemas.String, schemas.Bytes:
		in.text()
	case schemas.Record:
		in.skipRecord(t)
	case schemas.Union:
		if i := in.branch(t); in.err == nil {
			in.skip(t.Branches[i])
		}
	case schemas.Array:
		for n := in.elements(t); n > 0 && in.least[t.Elem] > 0 && in.err == nil; n-- {
			in.skip(t.Elem)
		}
	case schemas.Map:
		for n := in.pairs(t); n > 0 && in.err == nil; n-- {
			in.text()
			in.skip(t.Elem)
		}
	}
}

func (in *reader) skipRecord(t *access.Type) {
	if in.depth++; in.depth > maxDepth {
		in.fail(errDeep)
	}
	if t.Form == access.Box {
		t = t.Elem
	}
	for i := 0; i < len(t.Fields) && in.err == nil; i++ {
		in.skip(t.Fields[i].Type)
	}
	in.depth--
}
