package results

// A Block names what is compared with each other, and therefore measured side by side in time: all codecs of one
// (schema, runtime, op), or all codecs, exchanges and numbers of keyBys of one (schema, runtime), with what each of them does,
// part by part, or all accesses to keyed state of one (schema, runtime).
type Block struct {
	Schema, Runtime, Op string
	Exchange            bool
}

// Block returns the block of c. A foreign benchmark is a block of its own.
func (c Cell) Block() Block {
	switch {
	case c.Foreign != "":
		return Block{Schema: c.Foreign}
	case c.IsHash() || c.IsPart():
		return Block{c.Schema, c.Runtime, OpMove, true}
	case c.IsState():
		return Block{c.Schema, c.Runtime, OpState, false}
	}
	return Block{c.Schema, c.Runtime, c.Op, c.IsExchange()}
}
