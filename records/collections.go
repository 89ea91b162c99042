package records

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A size draws the number of elements or entries.
type size struct {
	draw    intDraw
	mean    float64
	largest float64
	each    int  // bytes of memory of one
	grows   bool // they count as grown
	free    bool // nobody chose the number, and they multiply by themselves
}

// size compiles the number of elements or entries of the array or map at p.
func (c *compiler) size(p place, prof *profile, args json.RawMessage) (z size, err error) {
	z.each, z.grows = int(p.typ.Elem.Size), p.free()
	chosen := args != nil || prof.has("size")
	if z.free = z.grows && !chosen; c.empty(p) {
		chosen, z.draw = false, func(*stream, env) int64 { return 0 } // of what has no value there are none
		prof.take("size")
		return z, nil
	}
	switch raw := prof.take("size"); {
	case prof == nil && (args != nil || c.dialect):
		z.draw, z.largest, err = dialectSize(args)
	case raw == nil:
		z.draw, z.largest = uniform(0, mostItems), mostItems
	default:
		if z.draw, err = sizeSpec.value(raw); err != nil {
			return z, fmt.Errorf("size: %w", err)
		}
		z.largest = specExtent(raw, sizeSpec).hi
	}
	if err == nil {
		z.mean = meanOf(z.draw)
	}
	return z, err
}

// mostItems is the largest number of elements or entries if nobody chose one.
const mostItems = 4

// sizeSpec is that of the sizes of arrays and maps.
var sizeSpec = spec{spanLen, "", mostItems}

// empty reports whether what the collection at p is of has no value.
func (c *compiler) empty(p place) bool {
	_, ok := c.ends.height(p.node.Items)
	return !ok
}

// load returns that of the elements or entries of the collection at p.
func (z size) load(p place, path string) load {
	return load{path: path, times: z.mean, bytes: float64(z.each), counted: p.within > 0 || p.grows, closes: true, free: z.free}
}

// of draws the number for g's record, and counts it.
func (z size) of(g *Generator, st *stream, e env) int {
	n := int(z.draw(st, e))
	if g.full(z.free) {
		return 0
	}
	if z.each > 0 {
		n = g.room(n*z.each) / z.each
	}
	g.count(n, z.grows)
	return n
}

func (c *compiler) array(p place, prof *profile, args json.RawMessage) (filler, error) {
	if f, err := c.optionsOf(p, args); f != nil || err != nil {
		return f, err
	}
	size, err := c.size(p, prof, args)
	if err != nil {
		return nil, err
	}
	t := p.typ
	item := place{path: p.path + "[]", field: p.field, typ: t.Elem, node: p.node.Items, within: p.within + 1, grows: p.grows}
	items := c.under(size.load(p, item.path), func() filler { return c.value(item) })
	key, each := hash(p.path), hash(item.path)
	if items == nil {
		return nil, nil // reported
	}
	return func(g *Generator, s scope, e env, r access.Ref) {
		st := s.stream(key)
		n := size.of(g, &st, e)
		first := t.MakeSlice(r, n)
		for j := range n {
			items(g, s.child(each, uint64(j)), env{e.i, e.n + uint64(j)}, first.At(uintptr(j)*t.Elem.Size))
		}
	}, nil
}

// redraws is how often the key of an entry is drawn again when it is there already.
const redraws = 7

func (c *compiler) entries(p place, prof *profile, args json.RawMessage) (filler, error) {
	if f, err := c.optionsOf(p, args); f != nil || err != nil {
		return f, err
	}
	size, err := c.size(p, prof, args)
	if err != nil {
		return nil, err
	}
	t := p.typ
	value := place{path: p.path + "{}", field: p.field, typ: t.Elem, node: p.node.Items, within: p.within + 1, grows: p.grows}
	var key whole
	again := redraws
	values := c.under(size.load(p, value.path), func() filler {
		var possible float64
		if prof == nil && (args != nil || c.dialect) {
			again = 0
			key, possible, err = c.dialectKeys(p.path+"{k}", args)
		} else {
			key, possible, err = c.keys(p.path+"{k}", prof)
		}
		if err != nil {
			return nil
		}
		c.fewKeys(p.path, size.largest, possible)
		return c.value(value)
	})
	if err != nil || values == nil {
		return nil, err // or reported
	}
	own, each := hash(p.path), hash(value.path)
	return func(g *Generator, s scope, e env, r access.Ref) {
		st := s.stream(own)
		n := size.of(g, &st, e)
		t.MakeMap(r, n)
		seen := newKeySet(n)
		for j := range uint64(n) {
			at := env{e.i, e.n + j}
			for a := range uint64(again + 1) {
				sub := s.child(each, j+a<<32)
				g.buf = g.buf[:0]
				k, is := key(g, sub, at)
				if !is {
					k = string(g.buf)
				}
				if !seen.add(k) {
					continue
				}
				v := t.Elem.Alloc()
				values(g, sub, at, v)
				t.Put(r, k, v)
				break
			}
		}
	}, nil
}

// A keySet holds the keys of a map while it is made: a list as long as searching that is faster than hashing.
type keySet struct {
	list  []string
	table map[string]struct{}
}

// newKeySet returns a set for n keys.
func newKeySet(n int) *keySet {
	const few = 64
	if n <= few {
		return &keySet{}
	}
	return &keySet{table: make(map[string]struct{}, n)}
}

// add adds key and reports whether it is new.
func (s *keySet) add(key string) bool {
	if s.table == nil {
		if slices.Contains(s.list, key) {
			return false
		}
		s.list = append(s.list, key)
		return true
	}
	n := len(s.table)
	s.table[key] = struct{}{}
	return len(s.table) > n
}

// keys compiles the keys of a map, and counts them.
func (c *compiler) keys(path string, prof *profile) (_ whole, possible float64, _ error) {
	raw := prof.take("keys")
	if ext := c.external[path]; ext != nil {
		c.used[path] = true
		raw = ext
	}
	if raw == nil {
		raw = json.RawMessage(`{"len": {"min": 4, "max": 12}}`)
	}
	p, err := readProfile(raw)
	if err != nil {
		return nil, 0, fmt.Errorf("keys: %w", err)
	}
	w, err := c.whole(path, p, false)
	if err == nil {
		err = p.unknown("", textKeys)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("keys: %w", err)
	}
	return w, texts(raw), nil
}

// literal compiles a value written as plain JSON, unions without tags, to what puts it at a place.
func literal(t *access.Type, raw json.RawMessage) (func(access.Ref), error) {
	return placer(t, raw, access.ParseLiteral)
}

// tagged compiles a value in Avro's JSON encoding to what puts it at a place.
func tagged(t *access.Type, raw json.RawMessage) (func(access.Ref), error) {
	return placer(t, raw, access.ParseJSON)
}

// placer compiles the value that parse reads in raw to what puts it at a place. What it holds is fresh each time, except
// for texts.
func placer(t *access.Type, raw []byte, parse func(*access.Type, []byte, access.Ref) error) (func(access.Ref), error) {
	v := t.Alloc()
	if err := parse(t, raw, v); err != nil {
		return nil, err
	}
	switch t.Kind {
	case schemas.String, schemas.Enum:
		x := v.Text()
		return func(r access.Ref) { r.SetText(x) }, nil
	case schemas.Int:
		x := v.Int()
		return func(r access.Ref) { r.SetInt(x) }, nil
	case schemas.Long:
		x := v.Long()
		return func(r access.Ref) { r.SetLong(x) }, nil
	case schemas.Double:
		x := v.Double()
		return func(r access.Ref) { r.SetDouble(x) }, nil
	}
	return func(r access.Ref) { parse(t, raw, r) }, nil // it fitted once
}
