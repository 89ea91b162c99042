package gate

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/grid"
	"github.com/wirecost/wirecost/internal/plural"
)

// Units of a schema, beside those of results.
const (
	UnitState     = "state-B/key" // bytes of an entry of Flink's keyed state that holds one record
	UnitFallbacks = "fallbacks"   // places that Flink leaves to Kryo
)

// schemaBenchmark begins the names of cells of a schema: filters choose them by .name:Schema.
const schemaBenchmark = "BenchmarkSchema"

// SchemaCell returns the cell of a schema in a codec. It is no benchmark, and has the form of one for the filters of policies.
func SchemaCell(schema, codec string) results.Cell {
	return results.Cell{Foreign: schemaBenchmark + "/schema=" + schema + "/codec=" + codec}
}

// FieldCell returns the cell of a field, "." for the record, in a line of Flink.
func FieldCell(schema, field, line string) results.Cell {
	return results.Cell{Foreign: schemaBenchmark + "/schema=" + schema + "/field=" + field + "/flink=" + line}
}

// schemaRules hold for schemas where a policy says nothing. A field more is what a change of a schema is made for as a rule:
// it warns, and fails where it takes more than a little.
const schemaRules = `B/record     2%    0     .name:Schema  # mean bytes of a record, in each codec
fallbacks    0     0     .name:Schema  # fields that Flink leaves to Kryo and did not before
`

// ForSchemas returns p with the rules that hold for schemas before its own.
func (p *Policy) ForSchemas() *Policy {
	rules, err := ParsePolicy(strings.NewReader(schemaRules), "rules of schemas")
	if err != nil {
		panic(err) // a constant
	}
	q := *p
	q.Rules = slices.Concat(rules.Rules, p.Rules)
	return &q
}

// A SchemaChange is what a schema costs in two revisions. Bytes are means over records that are generated of one seed: fields
// that both revisions have hold the same values.
type SchemaChange struct {
	File    string   `json:"file"`
	Base    string   `json:"base,omitempty"` // the record's name, "" if the revision has no such schema
	Head    string   `json:"head"`
	Records int      `json:"records"`
	Seed    uint64   `json:"seed"`
	Framing int      `json:"framing-B"`           // that a keyBy adds to each record
	Rate    float64  `json:"records/s,omitempty"` // 0 if nobody asked
	Key     string   `json:"key,omitempty"`       // of the keyed state, "" if no field can be one
	Columns []string `json:"-"`                   // codecs whose fields are shown

	Codecs []CodecCost        `json:"codecs"`
	Fields []FieldChange      `json:"fields"`
	Flink  []SerializerChange `json:"serializers"`
}

// A CodecCost is what a record takes in a codec. A side is nil where the codec does not carry it, or there is none.
type CodecCost struct {
	Codec string `json:"codec"`
	Base  *Bytes `json:"base,omitempty"`
	Head  *Bytes `json:"head,omitempty"`
	Why   string `json:"not-carried,omitempty"` // by the head, or by the base alone
}

// Bytes are those of a mean record.
type Bytes struct {
	Record float64  `json:"B/record"`
	Wire   float64  `json:"wire-B/record"`
	State  *float64 `json:"state-B/key,omitempty"` // of Flink's formats
}

// A FieldChange is a field that a revision changed, or whose bytes it changed. Those of fields that came or went count all
// inside them, those of others their own: together they are what came to a record.
type FieldChange struct {
	Field  string              `json:"field"`         // "." is the record itself
	Was    string              `json:"was,omitempty"` // the field's path before, if it is another
	Change string              `json:"change"`        // one of the changes
	Base   string              `json:"base-type,omitempty"`
	Head   string              `json:"head-type,omitempty"`
	Bytes  map[string]SideSize `json:"B/record"` // by codec, of those that tell
}

// The changes of fields.
const (
	Added   = "added"
	Removed = "removed"
	Renamed = "renamed"
	Retyped = "type changed"
	Resized = "same type" // and other bytes
)

// A SideSize is mean bytes before and after.
type SideSize struct {
	Base float64 `json:"base"`
	Head float64 `json:"head"`
}

// A SerializerChange is a field for which a line of Flink has another serializer than before.
type SerializerChange struct {
	Field string `json:"field"`
	Flink string `json:"flink"`
	Base  string `json:"base,omitempty"` // "" if the field was not there
	Head  string `json:"head"`
	Kryo  bool   `json:"new-fallback,omitempty"`

	Reason   string   `json:"reason,omitempty"` // of a new fallback
	Remedies []string `json:"remedies,omitempty"`
}

// A table stands between the rows that are judged and the lines behind them.
type table struct {
	title string
	grid  *grid.Grid
}

// tables are what stands beside the verdict, none for benchmarks.
func (s *SchemaChange) tables() []table {
	if s == nil {
		return nil
	}
	var out []table
	for _, t := range []table{s.fieldTable(), s.flinkTable(), s.codecTable()} {
		if len(t.grid.Rows) > 1 {
			out = append(out, t)
		}
	}
	return out
}

func (s *SchemaChange) fieldTable() table {
	g := &grid.Grid{Left: 3}
	g.Add(append([]string{"field", "change", "type"}, s.Columns...)...)
	for _, f := range s.Fields {
		if f.Change == Resized && !slices.ContainsFunc(s.Columns, func(c string) bool { return f.Bytes[c].Base != f.Bytes[c].Head }) {
			continue // it is of other codecs
		}
		row := []string{f.Field, f.Change, f.Head}
		switch f.Change {
		case Removed:
			row[2] = f.Base
		case Renamed:
			row[1] = "renamed from " + f.Was
		case Retyped:
			row[2] = f.Base + " → " + f.Head
		}
		for _, c := range s.Columns {
			row = append(row, sizes(f, c))
		}
		g.Add(row...)
	}
	return table{"Bytes of fields, in a mean record", g}
}

// sizes are a field's bytes in a codec: what came, what went, or both.
func sizes(f FieldChange, codec string) string {
	b, ok := f.Bytes[codec]
	switch {
	case !ok:
		return "-"
	case f.Change == Added:
		return fmt.Sprintf("+%.1f", b.Head)
	case f.Change == Removed:
		return fmt.Sprintf("-%.1f", b.Base)
	}
	return arrow(b.Base, b.Head)
}

func arrow(base, head float64) string { return fmt.Sprintf("%.1f → %.1f", base, head) }

func (s *SchemaChange) flinkTable() table {
	g := &grid.Grid{Left: 4}
	g.Add("field", "Flink", "before", "now")
	for _, f := range s.Flink {
		g.Add(f.Field, f.Flink, cmp.Or(f.Base, "-"), f.Head)
	}
	return table{"Flink's serializers that changed", g}
}

// lines say why fields are Kryo that were not, and what helps.
func (s *SchemaChange) lines() []string {
	if s == nil {
		return nil
	}
	var out []string
	for _, f := range s.Flink {
		if f.Kryo {
			out = append(out, fmt.Sprintf("KRYO %s (Flink %s): %s", f.Field, f.Flink, strings.Join(append([]string{f.Reason}, f.Remedies...), "; remedy: ")))
		}
	}
	return out
}

func (s *SchemaChange) codecTable() table {
	g := &grid.Grid{Left: 1}
	head := []string{"codec", "B/record", "wire-B/record", UnitState}
	if s.Rate > 0 {
		head = append(head, "wire MB/s", "change", "state MB/s", "change")
	}
	g.Add(head...)
	for _, c := range s.Codecs {
		row := []string{c.Codec}
		if c.Why != "" && c.Base == nil && c.Head == nil {
			continue // carried by neither, which is no news
		}
		record, wire := func(b *Bytes) *float64 { return &b.Record }, func(b *Bytes) *float64 { return &b.Wire }
		state := func(b *Bytes) *float64 { return b.State }
		row = append(row, c.step(record, 1), c.step(wire, 1), c.step(state, 1))
		if s.Rate > 0 {
			row = append(row, c.step(wire, s.Rate/1e6), c.difference(wire, s.Rate/1e6), c.step(state, s.Rate/1e6), c.difference(state, s.Rate/1e6))
		}
		g.Add(row...)
	}
	title := fmt.Sprintf("Bytes of a mean record; a keyBy adds %s to each", plural.Count(s.Framing, "byte"))
	if s.Key != "" {
		title += "; keyed state holds one for each key, " + s.Key
	}
	if s.Rate > 0 {
		title += fmt.Sprintf("; MB/s at %s a second", comparison.Number(s.Rate, "records"))
	}
	return table{title, g}
}

// both returns a number of each side, nil where there is none.
func (c CodecCost) both(of func(*Bytes) *float64) (base, head *float64) {
	if c.Base != nil {
		base = of(c.Base)
	}
	if c.Head != nil {
		head = of(c.Head)
	}
	return base, head
}

// step writes a number of both sides, times factor: once if it is the same.
func (c CodecCost) step(of func(*Bytes) *float64, factor float64) string {
	base, head := c.both(of)
	switch {
	case base == nil && head == nil:
		return "-"
	case base == nil:
		return fmt.Sprintf("- → %.1f", factor**head)
	case head == nil:
		return fmt.Sprintf("%.1f → -", factor**base)
	case *base == *head:
		return fmt.Sprintf("%.1f", factor**head)
	}
	return arrow(factor**base, factor**head)
}

// difference is what came to a number, times factor.
func (c CodecCost) difference(of func(*Bytes) *float64, factor float64) string {
	base, head := c.both(of)
	if base == nil || head == nil {
		return "-"
	}
	return fmt.Sprintf("%+.1f", factor*(*head-*base))
}

// Bench writes the bytes of a side in the Go benchmark format.
func (s *SchemaChange) Bench(w io.Writer, head bool) error {
	f := &results.File{Header: results.Header{Seed: fmt.Sprint(s.Seed)}}
	for _, c := range s.Codecs {
		b := c.Base
		if head {
			b = c.Head
		}
		if b == nil {
			continue
		}
		values := []results.Value{{Value: b.Record, Unit: results.UnitSize}, {Value: b.Wire, Unit: results.UnitWire}}
		if b.State != nil {
			values = append(values, results.Value{Value: *b.State, Unit: UnitState})
		}
		f.Samples = append(f.Samples, results.Sample{Cell: SchemaCell(s.Head, c.Codec), N: s.Records, Values: values})
	}
	return f.Write(w)
}
