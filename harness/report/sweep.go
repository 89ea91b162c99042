package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// A Sweep says how the price of one more exchange grows.
type Sweep struct {
	Of     string       `json:"of"` // ofSize or ofDistinct
	Points []SweepPoint `json:"points"`
	Rows   []SweepRow   `json:"codecs"`
	Flink  []SweepRow   `json:"flink,omitempty"` // Flink's formats; the times are not Flink's
}

// What sweeps go through.
const (
	ofSize     = "record size"
	ofDistinct = "distinct records"
)

// A SweepPoint is one set of records.
type SweepPoint struct {
	Schema  string `json:"schema"`
	Records int    `json:"records"`
	Bytes   int64  `json:"B"` // of the set, in Avro
}

// A SweepRow is one codec. Prices are nil where there is none.
type SweepRow struct {
	Codec  string      `json:"codec"`
	Prices []*Estimate `json:"keyby-ns"` // by point; of one that is not linear the mean
}

// sweepsOf finds the sweeps in a report: of sizes, by the names of their schemas, and of numbers of records, by those of their
// cases.
func (r *Report) sweepsOf(f *results.File) []Sweep {
	sizes, distinct := Sweep{Of: ofSize}, Sweep{Of: ofDistinct}
	for i := range r.Tables {
		t := &r.Tables[i]
		s := &distinct
		if _, err := strconv.Atoi(strings.TrimPrefix(t.Schema, results.SweepPrefix)); err == nil {
			s = &sizes
		} else if !strings.Contains(t.Schema, results.CaseMark) {
			continue
		}
		if at := slices.IndexFunc(f.Schemas, func(x results.SchemaFact) bool { return x.Name == t.Schema }); at >= 0 && t.Exchange != nil {
			s.add(t, SweepPoint{t.Schema, f.Schemas[at].Records, f.Schemas[at].SetBytes})
		}
	}
	return slices.DeleteFunc([]Sweep{sizes, distinct}, func(s Sweep) bool { return len(s.Points) == 0 })
}

// add appends a point with the prices of t.
func (s *Sweep) add(t *Table, p SweepPoint) {
	s.Points = append(s.Points, p)
	s.Rows, s.Flink = appendPrices(s.Rows, t.Rows, len(s.Points)), appendPrices(s.Flink, t.Flink, len(s.Points))
}

// appendPrices gives each codec its price at the last of n points. A codec may be new then.
func appendPrices(rows []SweepRow, of []Row, n int) []SweepRow {
	for _, r := range of {
		if !slices.ContainsFunc(rows, func(x SweepRow) bool { return x.Codec == r.Codec }) {
			rows = append(rows, SweepRow{Codec: r.Codec})
		}
	}
	for i := range rows {
		x := &rows[i]
		for len(x.Prices) < n {
			x.Prices = append(x.Prices, nil)
		}
		if at := slices.IndexFunc(of, func(r Row) bool { return r.Codec == x.Codec && r.Keyby != nil }); at >= 0 {
			x.Prices[n-1] = of[at].Keyby.estimate()
		}
	}
	return rows
}

// estimate is the price, of one that is not linear without an interval.
func (k *Keyby) estimate() *Estimate {
	if k.Linear {
		return &k.CPU
	}
	return &Estimate{Center: k.mean()}
}

// title heads the table of s.
func (s *Sweep) title(t *Table) string {
	what := t.Exchange.what()
	if s.Of == ofSize {
		return fmt.Sprintf("One more %s of records from %s to %s, half text and half longs, CPU in ns:", what, size(s.Points[0].each()), size(s.last().each()))
	}
	return fmt.Sprintf("One more %s of ever more distinct records, from a set of %s to one of %s, CPU in ns:",
		what, size(float64(s.Points[0].Bytes)), size(float64(s.last().Bytes)))
}

func (s *Sweep) last() SweepPoint { return s.Points[len(s.Points)-1] }

// each is the size of a record.
func (p SweepPoint) each() float64 { return float64(p.Bytes) / float64(p.Records) }

// size writes a number of bytes, in powers of two.
func size(b float64) string {
	units := []string{"B", "KiB", "MiB"}
	for b >= 1024 && len(units) > 1 {
		b, units = b/1024, units[1:]
	}
	return strings.TrimSuffix(strings.TrimSuffix(tenths(b), "0"), ".") + " " + units[0]
}

// grid is the table of rows of s.
func (s *Sweep) grid(t *Table, rows []SweepRow) *grid {
	g := &grid{}
	for _, r := range rows {
		g.rows = append(g.rows, Row{Codec: r.Codec})
	}
	at := func(r Row) SweepRow {
		return rows[slices.IndexFunc(rows, func(x SweepRow) bool { return x.Codec == r.Codec })]
	}
	g.add(column{head: []string{"codec"}, left: true, name: true}, func(r Row) cell { return cell{text: r.name()} })
	g.add(column{head: []string{"time of"}, left: true}, func(Row) cell { return cell{text: t.timeOf()} })
	for i, p := range s.Points {
		head := []string{size(p.each())}
		if s.Of == ofDistinct {
			head = []string{strconv.Itoa(p.Records), size(float64(p.Bytes))}
		}
		g.add(column{head: head, level: levelMust}, func(r Row) cell {
			if price := at(r).Prices[i]; price != nil {
				return cell{text: short(price.Center)}
			}
			return cell{text: none}
		})
		g.add(column{head: []string{"±"}, level: levelHalf}, func(r Row) cell {
			if price := at(r).Prices[i]; price != nil {
				return cell{text: halfOf(*price)}
			}
			return cell{text: none}
		})
	}
	first, last := s.Points[0], s.last()
	head, by := []string{"ns a", "byte"}, last.each()-first.each()
	if s.Of == ofDistinct {
		head, by = []string{"last /", "first"}, 0
	}
	g.add(column{head: head, level: levelMust}, func(r Row) cell {
		prices := at(r).Prices
		from, to := prices[0], prices[len(prices)-1]
		switch {
		case from == nil || to == nil || len(prices) < 2:
			return cell{text: none}
		case by > 0:
			return cell{text: short((to.Center - from.Center) / by)}
		}
		return cell{text: factor(to.Center / from.Center)}
	})
	return g
}

// sweepTables calls show for each sweep's title and tables. Flink's formats have tables of their own.
func (r *Report) sweepTables(show func(title string, g *grid)) {
	i := slices.IndexFunc(r.Tables, func(t Table) bool { return t.Exchange != nil })
	for _, s := range r.Sweeps {
		t := &r.Tables[i]
		show(s.title(t), s.grid(t, s.Rows))
		if len(s.Flink) > 0 {
			show(t.flinkNote(), s.grid(t, s.Flink))
		}
	}
}

// sweepMissing are the rows without numbers, each with the schema it is about.
func (r *Report) sweepMissing() []string {
	var lines []string
	for i := range r.Tables {
		for _, l := range r.Tables[i].without() {
			lines = append(lines, r.Tables[i].name()+": "+l)
		}
	}
	return lines
}
