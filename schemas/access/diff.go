package access

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/wirecost/wirecost/schemas"
)

// A Loss is something that a format cannot keep. A comparison modulo losses does not count it as a difference.
type Loss uint8

// The losses of the formats we know.
const (
	// Branch: a union is written without its branch, so that a value comes back as what the bytes look like: an int as
	// a long, a record as a map, bytes as text. It is compared by value, a record that came back as a map field by field.
	Branch Loss = 1 + iota
	// NullZero: null and the zero value of its type are the same. Negative zero counts as zero.
	NullZero
	// NullEmpty: null and an empty array or map are the same.
	NullEmpty
	// Micros: a time of day is cut to milliseconds.
	Micros
)

var lossNames = [...]string{"", "Branch", "NullZero", "NullEmpty", "Micros"}

// String returns the name of l as results print it.
func (l Loss) String() string { return lossNames[l] }

// Diff returns an error that names the first place where the value at got differs from that at want, or nil. It is the
// only equality of records: nil equals empty for arrays, maps and bytes; floats are compared by their bits, any NaN
// being Java's canonical one; decimals by number; maps as sets of entries.
func Diff(t *Type, want, got Ref, losses ...Loss) error {
	d := differ{losses: losses}
	return d.value(t, want, got)
}

type differ struct{ losses []Loss }

func (d differ) loses(l Loss) bool { return slices.Contains(d.losses, l) }

func differs(want, got any) error { return fmt.Errorf("got %v, want %v", got, want) }

// at puts where in front of err's place.
func at(where string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", where, err)
}

func (d differ) value(t *Type, want, got Ref) error {
	switch t.Kind {
	case schemas.Record:
		return d.record(t, want, got)
	case schemas.Union:
		return d.union(t, want, got)
	case schemas.Array:
		return d.array(t, want, got)
	case schemas.Map:
		return d.entries(t, want, got)
	}
	return d.scalar(t, want, got)
}

func (d differ) scalar(t *Type, want, got Ref) error {
	switch t.Kind {
	case schemas.Boolean:
		return compare(want.Bool(), got.Bool())
	case schemas.Int:
		return compare(want.Int(), got.Int())
	case schemas.Long:
		if t.Node.Logical == schemas.TimeMicros && d.loses(Micros) {
			return compare(want.Long()/1000, got.Long()/1000)
		}
		return compare(want.Long(), got.Long())
	case schemas.Float:
		if math.Float32bits(want.Float()) == math.Float32bits(got.Float()) || isNaN(want.Float()) && isNaN(got.Float()) {
			return nil
		}
		if d.loses(NullZero) && want.Float() == 0 && got.Float() == 0 {
			return nil
		}
		return differs(want.Float(), got.Float())
	case schemas.Double:
		if math.Float64bits(want.Double()) == math.Float64bits(got.Double()) || isNaN(want.Double()) && isNaN(got.Double()) {
			return nil
		}
		if d.loses(NullZero) && want.Double() == 0 && got.Double() == 0 {
			return nil
		}
		return differs(want.Double(), got.Double())
	case schemas.String, schemas.Enum:
		if want.Text() != got.Text() {
			return fmt.Errorf("got %q, want %q", got.Text(), want.Text())
		}
	case schemas.Bytes:
		return d.bytes(t.Node, want.Bytes(), got.Bytes())
	case schemas.Fixed:
		return d.bytes(t.Node, want.Fixed(t.Node.Size), got.Fixed(t.Node.Size))
	}
	return nil
}

func compare[T comparable](want, got T) error {
	if want != got {
		return differs(want, got)
	}
	return nil
}

func isNaN[T float32 | float64](f T) bool { return f != f }

func (d differ) bytes(n *schemas.Node, want, got []byte) error {
	if bytes.Equal(want, got) || n.Logical == schemas.Decimal && unscaled(want).Cmp(unscaled(got)) == 0 {
		return nil
	}
	return fmt.Errorf("got %x, want %x", got, want)
}

// unscaled reads a decimal's big-endian two's complement.
func unscaled(b []byte) *big.Int {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}

func (d differ) record(t *Type, want, got Ref) error {
	if t.Form == Box {
		want, got, t = t.Unbox(want), t.Unbox(got), t.Elem
	}
	if want.Nil() || got.Nil() {
		return compare(want.Nil(), got.Nil())
	}
	for _, f := range t.Fields {
		if err := d.value(f.Type, want.At(f.Offset), got.At(f.Offset)); err != nil {
			return at(f.Name, err)
		}
	}
	return nil
}

func (d differ) array(t *Type, want, got Ref) error {
	w, n := want.Slice()
	g, m := got.Slice()
	if n != m {
		return fmt.Errorf("got %d elements, want %d", m, n)
	}
	for i := range n {
		off := uintptr(i) * t.Elem.Size
		if err := d.value(t.Elem, w.At(off), g.At(off)); err != nil {
			return at(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func (d differ) entries(t *Type, want, got Ref) error {
	var w, g Entries
	w.Load(t, want)
	g.Load(t, got)
	if w.Len() != g.Len() {
		return fmt.Errorf("got %d entries, want %d", g.Len(), w.Len())
	}
	for i, key := range w.Keys {
		v := g.find(key)
		if v.Nil() {
			return fmt.Errorf("entry %q is missing", key)
		}
		if err := d.value(t.Elem, w.Value(i), v); err != nil {
			return at(fmt.Sprintf("{%s}", key), err)
		}
	}
	return nil
}

func (d differ) union(t *Type, want, got Ref) error {
	i, w := t.Branch(want)
	j, g := t.Branch(got)
	if i >= 0 && i == j {
		if i == t.Null {
			return nil
		}
		return d.value(t.Branches[i], w, g)
	}
	switch {
	case i < 0:
		return fmt.Errorf("the union to compare with holds a %T", want.Any())
	case i == t.Null && d.empty(t, j, g), j >= 0 && j == t.Null && d.empty(t, i, w):
		return nil
	case t.Form == Dynamic && d.loses(Branch) && i != t.Null && got.Any() != nil:
		return d.loose(t.Branches[i], w, got.Any())
	}
	return fmt.Errorf("got %s, want %s", t.branchName(j, got), t.branchName(i, want))
}

// branchName names what union t holds at r, of branch i.
func (t *Type) branchName(i int, r Ref) string {
	if i < 0 {
		return fmt.Sprintf("a %T", r.Any())
	}
	return t.Node.Branches[i].BranchName()
}

// empty reports whether the format takes the value at v of branch i for null.
func (d differ) empty(t *Type, i int, v Ref) bool {
	if i < 0 || i == t.Null {
		return false
	}
	b := t.Branches[i]
	switch b.Kind {
	case schemas.Array:
		_, n := v.Slice()
		return n == 0 && (d.loses(NullEmpty) || d.loses(NullZero))
	case schemas.Map:
		return b.MapLen(v) == 0 && (d.loses(NullEmpty) || d.loses(NullZero))
	case schemas.Bytes:
		return len(v.Bytes()) == 0 && d.loses(NullZero)
	}
	return d.loses(NullZero) && b.Value(v).IsZero()
}
