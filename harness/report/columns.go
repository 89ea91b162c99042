package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// A grid is a table before it is text: the same rows in each column.
type grid struct {
	rows    []Row
	columns []column
}

// A column of a grid.
type column struct {
	head  []string // its lines
	cells []cell
	level level
	left  bool // aligned left
	name  bool // has names, which may be shortened where there is no room
	bars  bool // has a bar behind each number
}

// title is the head of c on one line.
func (c *column) title() string { return strings.ReplaceAll(strings.Join(c.head, " "), "- ", "-") }

// A cell is what a row has in a column.
type cell struct {
	text  string
	share float64 // of the largest number of the column, as long as the bar is
	tone  tone
}

// A level says where there must be room for a column.
type level int

const (
	levelKey   level = iota // on the left of whatever columns stand side by side: whose numbers these are
	levelMust               // always, if need be below the others
	levelRatio              // from here on beside the others or not at all, all columns of a level or none
	levelHalf
	levelSizeRatio
	levelAllocs
)

// A tone marks the best and the worst where there are colours.
type tone int

const (
	toneNone tone = iota
	toneBest
	toneWorst
)

// none is a cell without a number.
const none = "-"

// add appends a column with what cellOf says of each row; one without any number is left out.
func (g *grid) add(c column, cellOf func(Row) cell) {
	for _, r := range g.rows {
		c.cells = append(c.cells, cellOf(r))
	}
	if c.level == levelKey || slices.ContainsFunc(c.cells, func(x cell) bool { return x.text != none && x.text != "" }) {
		g.columns = append(g.columns, c)
	}
}

// share is v as a share of the largest of all.
func share(v float64, all []float64) float64 {
	if !(v > 0) {
		return 0
	}
	return v / slices.Max(all)
}

// costs is the table of what the codecs in rows cost: all of t's or all of Flink's formats. Two codecs whose times are of
// different runtimes never stand in one table.
func (t *Table) costs(rows []Row) *grid {
	g := &grid{rows: rows}
	tones := tonesOf(rows)
	if slices.ContainsFunc(rows, func(r Row) bool { return place(r) != "" }) {
		g.add(column{head: []string{"rank"}, left: true}, func(r Row) cell { return cell{text: place(r), tone: tones[r.Codec]} })
	}
	g.addNames(t, tones)
	g.addSizes(t)
	for _, op := range t.Ops {
		g.addOp(t, op)
	}
	if t.Exchange != nil {
		g.addKeyby(t)
	}
	return g
}

// addNames appends the columns that say whose numbers a row has; of Flink's formats also whose its times are.
func (g *grid) addNames(t *Table, tones map[string]tone) {
	g.add(column{head: []string{"codec"}, left: true, name: true}, func(r Row) cell {
		return cell{text: r.name(), tone: tones[r.Codec]}
	})
	if slices.ContainsFunc(g.rows, func(r Row) bool { return r.Group == results.GroupFlink }) {
		g.add(column{head: []string{"time of"}, left: true}, func(Row) cell { return cell{text: t.timeOf()} })
	}
}

// place is a row's rank, a shared one with "=".
func place(r Row) string {
	switch {
	case r.Group == results.GroupFloor:
		return "floor"
	case r.Rank == 0:
		return ""
	case r.Tied:
		return fmt.Sprint(r.Rank, "=")
	}
	return fmt.Sprint(r.Rank)
}

// lossMark stands behind the name of a codec that does not keep everything.
const lossMark = " *"

// name is r's codec as it stands in tables.
func (r *Row) name() string {
	if len(r.Loses) > 0 {
		return called(r.Codec) + lossMark
	}
	return called(r.Codec)
}

// tonesOf says which codecs have the first and the last rank, if there are two.
func tonesOf(rows []Row) map[string]tone {
	last := 0
	for _, r := range rows {
		last = max(last, r.Rank)
	}
	tones := map[string]tone{}
	for _, r := range rows {
		switch {
		case last < 2 || r.Rank == 0:
		case r.Rank == 1:
			tones[r.Codec] = toneBest
		case r.Rank == last:
			tones[r.Codec] = toneWorst
		}
	}
	return tones
}

// addSizes appends the bytes of a record. They are exact, whoever counts them: the bars of both tables have one scale.
func (g *grid) addSizes(t *Table) {
	var all, choosable []float64
	for _, r := range t.all() {
		if r.Size == nil {
			continue
		}
		all = append(all, *r.Size)
		if r.Group != results.GroupFloor {
			choosable = append(choosable, *r.Size)
		}
	}
	g.add(column{head: []string{"B/record"}, level: levelMust, bars: true}, func(r Row) cell {
		if r.Size == nil {
			return cell{text: none}
		}
		return cell{text: tenths(*r.Size), share: share(*r.Size, all), tone: r.sizeTone(choosable)}
	})
	g.add(column{head: []string{t.versus()}, level: levelSizeRatio}, func(r Row) cell {
		if r.SizeRatio == 0 {
			return cell{text: none}
		}
		return cell{text: factor(r.SizeRatio)}
	})
}

// sizeTone says whether r is smallest or largest of those that one could choose.
func (r *Row) sizeTone(choosable []float64) tone {
	if r.Group == results.GroupFloor || slices.Min(choosable) == slices.Max(choosable) {
		return toneNone
	}
	switch *r.Size {
	case slices.Min(choosable):
		return toneBest
	case slices.Max(choosable):
		return toneWorst
	}
	return toneNone
}

// all returns the rows of both tables.
func (t *Table) all() []Row { return slices.Concat(t.Rows, t.Flink) }

// versus heads the columns of ratios.
func (t *Table) versus() string { return "× " + called(t.Ref) }

// addOp appends what an op costs.
func (g *grid) addOp(t *Table, op string) {
	var all, here []float64
	for _, r := range t.all() {
		if c := r.cost(op); c != nil {
			all = append(all, c.CPU.Center)
		}
	}
	for _, r := range g.rows {
		if c := r.cost(op); c != nil {
			here = append(here, c.CPU.Center)
		}
	}
	u := unitOf(all...)
	of := func(text func(*Cost) cell) func(Row) cell {
		return func(r Row) cell {
			if c := r.cost(op); c != nil {
				return text(c)
			}
			return cell{text: none}
		}
	}
	g.add(column{head: opHead(op, u), level: levelMust, bars: true}, of(func(c *Cost) cell {
		return cell{text: u.number(c.CPU.Center), share: share(c.CPU.Center, here)}
	}))
	g.add(column{head: []string{t.versus()}, level: levelRatio}, of(func(c *Cost) cell { return cell{text: c.ratio()} }))
	g.add(column{head: []string{"±"}, level: levelHalf}, of(func(c *Cost) cell { return cell{text: c.half()} }))
	g.add(column{head: []string{"allocs"}, level: levelAllocs}, of(func(c *Cost) cell { return cell{text: exactly(c.Allocs)} }))
	g.add(column{head: []string{"B"}, level: levelAllocs}, of(func(c *Cost) cell { return cell{text: exactly(c.Bytes)} }))
}

// opHead is the head of an op's time, on two lines if the op has two words.
func opHead(op string, u unit) []string {
	first, second, found := strings.Cut(called(op)+", "+u.name, "-")
	if found {
		return []string{first + "-", second}
	}
	return []string{first}
}

// cost returns what op costs, nil if that was not measured.
func (r *Row) cost(op string) *Cost {
	for i := range r.Ops {
		if r.Ops[i].Op == op {
			return &r.Ops[i]
		}
	}
	return nil
}

// ratio is c's ratio to the reference; "~" says that the two were not told apart.
func (c *Cost) ratio() string {
	switch {
	case c.Ratio.Center == 0:
		return none
	case c.Tie:
		return "~" + factor(c.Ratio.Center)
	}
	return factor(c.Ratio.Center)
}

// half is half of the interval of that ratio. The reference has none: it is 1.
func (c *Cost) half() string {
	h, ok := c.Ratio.half()
	switch {
	case !ok:
		return none
	case h == 0 && c.Ratio.Center == 1:
		return ""
	}
	return percent(h)
}

func exactly(v *float64) string {
	if v == nil {
		return none
	}
	return whole(*v)
}

// addKeyby appends what one more keyBy costs.
func (g *grid) addKeyby(t *Table) {
	u := keybyUnit(t.all(), func(k *Keyby) Range { return k.Each })
	var here []float64
	for _, r := range g.rows {
		if r.Keyby != nil {
			here = append(here, r.Keyby.Each.Hi)
		}
	}
	g.add(column{head: []string{"one more", t.Exchange.what() + ", " + u.name}, level: levelMust, bars: true}, func(r Row) cell {
		if r.Keyby == nil {
			return cell{text: none}
		}
		return cell{text: r.Keyby.Each.in(u), share: share(r.Keyby.Each.Hi, here)}
	})
}

// keybyUnit is the unit of one of the figures of a price.
func keybyUnit(rows []Row, of func(*Keyby) Range) unit {
	var times []float64
	for _, r := range rows {
		if r.Keyby != nil {
			times = append(times, of(r.Keyby).Lo, of(r.Keyby).Hi)
		}
	}
	return unitOf(times...)
}

// in writes r in a unit, without its name.
func (r Range) in(u unit) string {
	lo, hi := u.number(r.Lo), u.number(r.Hi)
	if lo == hi {
		return lo
	}
	return lo + "–" + hi
}

// keybys is the table of what one more keyBy costs with the codecs in rows, in order of that: all of t's or all of Flink's
// formats. It is empty if none has a price.
func (t *Table) keybys(rows []Row) *grid {
	rows = slices.DeleteFunc(slices.Clone(rows), func(r Row) bool { return r.Keyby == nil })
	slices.SortStableFunc(rows, func(x, y Row) int { return cmp.Or(cmp.Compare(floorFirst(x), floorFirst(y)), byPrice(x, y)) })
	g := &grid{rows: rows}
	if len(rows) > 0 {
		g.addNames(t, nil)
		g.addPrices(t)
	}
	return g
}

func floorFirst(r Row) int {
	if r.Group == results.GroupFloor {
		return 0
	}
	return 1
}

// addPrices appends the columns of a price: the slope, what is known of it, and the rest.
func (g *grid) addPrices(t *Table) {
	price := keybyUnit(g.rows, func(k *Keyby) Range { return k.Each })
	g.add(column{head: []string{"one more", t.Exchange.what() + ", " + price.name}, level: levelMust}, func(r Row) cell {
		return cell{text: r.Keyby.Each.in(price)}
	})
	g.add(column{head: []string{"±"}, level: levelMust}, func(r Row) cell {
		if h, ok := r.Keyby.CPU.half(); ok {
			return cell{text: percent(math.Abs(h))}
		}
		return cell{text: none}
	})
	accounted := func(k *Keyby) Range {
		if k.Accounted == nil {
			return Range{}
		}
		return Range{*k.Accounted, *k.Accounted}
	}
	g.addPart(t.Exchange.partsHead(), accounted)
	g.addPart([]string{"transport"}, func(k *Keyby) Range {
		if k.Transport == nil {
			return Range{}
		}
		return *k.Transport
	})
	g.add(column{head: []string{"wire B"}, level: levelMust}, func(r Row) cell { return cell{text: tenths(r.Keyby.Wire)} })
	g.add(column{head: []string{"cores"}, level: levelMust}, func(r Row) cell {
		if r.Keyby.Cores == nil {
			return cell{text: none}
		}
		return cell{text: r.Keyby.Cores.text(short)}
	})
}

// addPart appends a part of prices.
func (g *grid) addPart(head []string, of func(*Keyby) Range) {
	u := keybyUnit(g.rows, of)
	head[len(head)-1] += ", " + u.name
	g.add(column{head: head, level: levelMust}, func(r Row) cell {
		if r.Keyby.Accounted == nil {
			return cell{text: none}
		}
		return cell{text: of(r.Keyby).in(u)}
	})
}

// partsHead heads the column of what is known of a price.
func (x *Exchange) partsHead() []string {
	parts := x.parts()
	return []string{strings.Join(parts[:len(parts)-1], " + "), "+ " + parts[len(parts)-1]}
}
