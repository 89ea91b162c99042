package schemas

import "reflect"

// The types that enums and fixed have inside an any. A union tells its branches by their Go types, which for enums and for
// fixed of one size would be the same: so the first enum of a union is a Symbol, the second a Symbol2, and so on, and the
// first fixed of n bytes is a [n]byte, the second a [n]Byte2. All of them are texts and bytes to who reflects on them.
type (
	// A Symbol is an enum value inside an any, where a plain string would be taken for a string branch.
	Symbol string

	Symbol2 string // of the second enum of a union
	Symbol3 string // of the third
	Symbol4 string // of the fourth
	Symbol5 string // of the fifth
	Symbol6 string // of the sixth
	Symbol7 string // of the seventh
	Symbol8 string // of the eighth

	Byte2 byte // an element of the second fixed of its size in a union
	Byte3 byte // of the third
	Byte4 byte // of the fourth
	Byte5 byte // of the fifth
	Byte6 byte // of the sixth
	Byte7 byte // of the seventh
	Byte8 byte // of the eighth
)

var (
	symbolTypes = [...]reflect.Type{reflect.TypeFor[Symbol](), reflect.TypeFor[Symbol2](), reflect.TypeFor[Symbol3](), reflect.TypeFor[Symbol4](),
		reflect.TypeFor[Symbol5](), reflect.TypeFor[Symbol6](), reflect.TypeFor[Symbol7](), reflect.TypeFor[Symbol8]()}
	byteTypes = [...]reflect.Type{reflect.TypeFor[byte](), reflect.TypeFor[Byte2](), reflect.TypeFor[Byte3](), reflect.TypeFor[Byte4](),
		reflect.TypeFor[Byte5](), reflect.TypeFor[Byte6](), reflect.TypeFor[Byte7](), reflect.TypeFor[Byte8]()}
)

// MostAlike is how many enums, or fixed of one size, a union may have whose Go type is any.
const MostAlike = len(symbolTypes)

// Held returns the Go type that an any has which holds branch i of n, a union whose Go type is any. It is nil for null, and
// for what there are more of than MostAlike.
func (n *Node) Held(i int) reflect.Type {
	b := n.Branches[i]
	switch nth := n.alike(i); {
	case b.Kind == Null || nth >= MostAlike:
		return nil
	case b.Kind == Enum:
		return symbolTypes[nth]
	case b.Kind == Fixed && nth > 0:
		return reflect.ArrayOf(b.Size, byteTypes[nth])
	}
	return b.Go
}

// NamedBytes reports whether an any that holds branch i of union n has a fixed whose elements are not Go's own bytes.
func (n *Node) NamedBytes(i int) bool { return n.Branches[i].Kind == Fixed && n.alike(i) > 0 }

// alike returns how many branches before branch i have its Go type, but for their names.
func (n *Node) alike(i int) int {
	count, b := 0, n.Branches[i]
	for _, other := range n.Branches[:i] {
		if b.Kind == other.Kind && (b.Kind == Enum || b.Kind == Fixed && b.Size == other.Size) {
			count++
		}
	}
	return count
}

// FixedBytes returns a copy of the bytes of a fixed, as an any holds it.
func FixedBytes[B ~byte](from []B) []byte {
	to := make([]byte, len(from))
	for i, b := range from {
		to[i] = byte(b)
	}
	return to
}

// SetFixed copies bytes into a fixed of the same size, as an any holds it.
func SetFixed[B ~byte](to []B, from []byte) {
	for i, b := range from {
		to[i] = B(b)
	}
}
