package results

import "slices"

// Cells returns the cells that have samples, in the order in which they first appear. A run shuffles: reports sort.
func (f *File) Cells() []Cell {
	var cells []Cell
	seen := map[Cell]bool{}
	for _, s := range f.Samples {
		if !seen[s.Cell] {
			seen[s.Cell] = true
			cells = append(cells, s.Cell)
		}
	}
	return cells
}

// Failed returns why a cell, or the one it is a twin of, has no numbers.
func (f *File) Failed(c Cell) (Failure, bool) {
	i := slices.IndexFunc(f.Failures, func(x Failure) bool { return x.Cell == c.Original() })
	if i < 0 {
		return Failure{}, false
	}
	return f.Failures[i], true
}

// Rounds returns the number of complete rounds of each block: those that every cell of it has, but for failed ones.
func (f *File) Rounds() map[Block]int {
	count := map[Cell]int{}
	for _, s := range f.Samples {
		count[s.Cell]++
	}
	rounds := map[Block]int{}
	for c, n := range count {
		if _, failed := f.Failed(c); failed {
			continue
		}
		b := c.Block()
		if have, ok := rounds[b]; !ok || n < have {
			rounds[b] = n
		}
	}
	return rounds
}

// Series returns each cell's values of one unit, by round, in the complete rounds of its block. A cell that failed, or
// lacks the unit in one of its samples, is not there.
func (f *File) Series(unit string) map[Cell][]float64 {
	rounds := f.Rounds()
	series, count := map[Cell][]float64{}, map[Cell]int{}
	for _, s := range f.Samples {
		if count[s.Cell]++; count[s.Cell] > rounds[s.Cell.Block()] {
			continue
		}
		if x, ok := s.Value(unit); ok {
			series[s.Cell] = append(series[s.Cell], x)
		}
	}
	for c, xs := range series {
		if _, failed := f.Failed(c); failed || len(xs) < rounds[c.Block()] {
			delete(series, c)
		}
	}
	return series
}
