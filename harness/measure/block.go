package measure

import (
	"math/rand/v2"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// pcgOrder is the stream of random numbers that the order of a run is drawn from; package stats has another.
const pcgOrder = 1

// A turn is what is timed at once: one job in a run of rounds, the two of a couple in a duet.
type turn []*job

// turnsOf puts jobs and their partners together, in order of appearance.
func turnsOf(jobs []*job) []turn {
	var turns []turn
	seen := map[*job]bool{}
	for _, j := range jobs {
		if seen[j] {
			continue
		}
		t := append(turn{j}, j.partners...)
		for _, p := range t {
			seen[p] = true
		}
		turns = append(turns, t)
	}
	return turns
}

// wall returns the estimated time of t: its jobs share a core.
func (t turn) wall() time.Duration {
	var sum time.Duration
	for _, j := range t {
		sum += j.wall(j.n)
	}
	return sum
}

// blocksOf sorts turns into blocks, in order of appearance.
func blocksOf(turns []turn) [][]turn {
	var blocks [][]turn
	index := map[results.Block]int{}
	for _, t := range turns {
		b := t[0].cell.Block()
		i, ok := index[b]
		if !ok {
			i = len(blocks)
			index[b] = i
			blocks = append(blocks, nil)
		}
		blocks[i] = append(blocks[i], t)
	}
	return blocks
}

// shuffled returns one round: blocks in random order, each with its turns in random order.
func shuffled(rng *rand.Rand, blocks [][]turn) []turn {
	var order []turn
	for _, b := range rng.Perm(len(blocks)) {
		for _, t := range rng.Perm(len(blocks[b])) {
			order = append(order, blocks[b][t])
		}
	}
	return order
}
