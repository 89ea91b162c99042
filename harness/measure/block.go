package measure

import "math/rand/v2"

// The streams of random numbers that a run draws from its seed.
const (
	pcgOrder     = 1 // the order of blocks and cells
	pcgBootstrap = 2 // lists of schemas
)

// opMove is the op of exchanges.
const opMove = "move"

// A Block names what is compared with each other, and therefore measured side by side in time: all codecs of one
// (schema, op), or all codecs, kinds and numbers of keyBys of one schema, with the hashing that each of them does.
type Block struct {
	Schema, Op string
	Exchange   bool
}

// Block returns the block of c. A foreign benchmark is a block of its own.
func (c Cell) Block() Block {
	switch {
	case c.Foreign != "":
		return Block{Schema: c.Foreign}
	case c.IsHash():
		return Block{c.Schema, opMove, true}
	}
	return Block{c.Schema, c.Op, c.IsExchange()}
}

func newRand(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// blocksOf sorts jobs into blocks, in order of appearance.
func blocksOf(jobs []*job) [][]*job {
	var blocks [][]*job
	index := map[Block]int{}
	for _, j := range jobs {
		b := j.cell.Block()
		i, ok := index[b]
		if !ok {
			i = len(blocks)
			index[b] = i
			blocks = append(blocks, nil)
		}
		blocks[i] = append(blocks[i], j)
	}
	return blocks
}

// shuffled returns one round: blocks in random order, each with its jobs in random order.
func shuffled(rng *rand.Rand, blocks [][]*job) []*job {
	var order []*job
	for _, b := range rng.Perm(len(blocks)) {
		for _, j := range rng.Perm(len(blocks[b])) {
			order = append(order, blocks[b][j])
		}
	}
	return order
}
