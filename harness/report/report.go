// Package report turns a file of results into what a person reads. It works on files alone: whether the run has just
// ended or was committed years ago makes no difference, and nothing is in a report that is not in the file.
//
// [New] computes all numbers, once. What stands in a table is said in columns.go, how it is laid out on a page in layout.go,
// and the forms each have a file: text.go, markdown.go, json.go.
package report

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
)

// Options say what a report answers beside what was measured, and how its text is laid out. The zero Options is the default.
type Options struct {
	Ref     string  // codec that ratios refer to; "" means the one that ran twice
	Rate    float64 // records a second of the user's job; 0 means unknown
	PerCore float64 // records a second that one core of the user's job handles now; 0 means unknown

	Keybys bool // the report is about what keyBys cost, and what that is made of

	Width int  // of the text, in characters, at least MinWidth; 0 means DefaultWidth
	Wide  bool // every column of every table, however wide that makes the text
	ASCII bool // the text is for a reader that shows no more than ASCII
	Color bool // the text marks the best and the worst with the colours of a terminal too
}

// Widths of the text.
const (
	MinWidth     = 40
	DefaultWidth = 80
)

// A Report is a file of results, computed.
type Report struct {
	Notes  []string       `json:"notes,omitempty"`   // to be read before any number
	GaveUp string         `json:"gave-up,omitempty"` // what the run did without, to fit its budget
	Header []results.Fact `json:"header"`
	Tables []Table        `json:"schemas"`
	Sweeps []Sweep        `json:"sweeps,omitempty"` // how a price grows, where the file has what says so
	Footer Footer         `json:"footer"`

	options Options
	fixed   bool // all samples of a table came from one binary
}

// A Table is what was measured of one schema with one runtime and one exchange.
type Table struct {
	Schema     string       `json:"schema"`
	Runtime    string       `json:"runtime,omitempty"` // where the file has several, or another than go
	Whose      string       `json:"whose,omitempty"`   // the times are, if not Go's
	Records    int          `json:"records"`
	Ref        string       `json:"reference"`
	Ops        []string     `json:"ops"`
	Rounds     int          `json:"rounds"`
	Verdict    []Verdict    `json:"verdict,omitempty"`
	Sentences  []string     `json:"sentences,omitempty"` // what a keyBy means at the user's rates
	Invented   string       `json:"invented,omitempty"`  // which share of the fields has values that nobody described
	RankedBy   string       `json:"ranked-by,omitempty"` // the costs that rows are in order of
	Rows       []Row        `json:"codecs"`              // the floor, then by cost
	Flink      []Row        `json:"flink,omitempty"`     // Flink's formats
	Ties       []Tie        `json:"ties,omitempty"`
	Unranked   []string     `json:"unranked,omitempty"` // codecs that would be ranked, had they not failed
	Exchange   *Exchange    `json:"exchange,omitempty"`
	Missing    []Missing    `json:"missing,omitempty"`
	Resolution []Resolution `json:"resolution,omitempty"`

	runtime string // whether or not the file has several
	home    bool   // the runtime is one of Flink's
	several bool   // exchanges of the schema, each with a table
}

// A Row is one codec.
type Row struct {
	Codec     string   `json:"codec"`
	Group     string   `json:"group,omitempty"`
	Times     string   `json:"times,omitempty"` // whose they are, where a reader could take them for another's
	Rank      int      `json:"rank,omitempty"`  // by Table.RankedBy; 0 for codecs that are not ranked
	Tied      bool     `json:"tied,omitempty"`
	Size      *float64 `json:"B/record"` // nil: unknown
	SizeRatio float64  `json:"size-ratio,omitempty"`
	Ops       []Cost   `json:"ops"`
	Keyby     *Keyby   `json:"keyby,omitempty"`
	Loses     []string `json:"loses,omitempty"`
}

// A Cost is what one operation costs.
type Cost struct {
	Op     string   `json:"op"`
	CPU    Estimate `json:"cpu-ns"`
	Ratio  Estimate `json:"ratio"`         // to the reference codec
	Tie    bool     `json:"tie,omitempty"` // not told apart from the reference codec
	Allocs *float64 `json:"allocs,omitempty"`
	Bytes  *float64 `json:"B,omitempty"`
}

// An Exchange says how the keyBys of a schema were measured.
type Exchange struct {
	Kind     string    `json:"kind"`
	Key      string    `json:"key"`
	Keybys   []int     `json:"keybys"`
	Framing  float64   `json:"framing-B,omitempty"`   // what the exchange adds to a record, in bytes; 0: unknown
	Hash     *Estimate `json:"hash-ns,omitempty"`     // CPU of reading the key, its Java hash, key group and channel; nil: not measured
	Overhead *Range    `json:"overhead-ns,omitempty"` // CPU of framing, routing and hand-over: the floor's keyBy less its encode and decode
	Rounds   int       `json:"rounds"`

	Partitioner    string             `json:"partitioner"`               // which subtask a record goes to
	OtherKey       string             `json:"other-key,omitempty"`       // that of every second exchange, if it is another
	Keys           string             `json:"keys,omitempty"`            // where keys come from, if not from the records
	Parallelism    int                `json:"parallelism,omitempty"`     // subtasks of an operator; 0: unknown
	MaxParallelism int                `json:"max-parallelism,omitempty"` // key groups
	Route          *results.RouteFact `json:"route,omitempty"`           // where records go; nil: unknown
	Brokered       bool               `json:"brokered,omitempty"`        // all records go to brokers, and from there on
	Sink           *results.SinkFact  `json:"sink,omitempty"`            // what a sink behind it has

	floor string // the codec that Overhead was measured with
}

// A Keyby is the price of one more keyBy.
type Keyby struct {
	Linear    bool     `json:"linear"`                 // the next keyBy costs what the first did
	CPU       Estimate `json:"cpu-ns,omitzero"`        // the slope, if linear
	Steps     []Step   `json:"steps,omitempty"`        // if not
	Each      Range    `json:"each-ns"`                // CPU of one keyBy: the slope, or that of each step shared by its keyBys
	Codec     *float64 `json:"codec-ns,omitempty"`     // encode and decode of the codec cells
	Accounted *float64 `json:"accounted-ns,omitempty"` // the same with the hash, if that was measured
	Transport *Range   `json:"transport-ns,omitempty"` // the rest
	Wire      float64  `json:"wire-B"`
	Cores     *Range   `json:"cores,omitempty"` // at the given rate; never of Flink's formats
	Warnings  []string `json:"warnings,omitempty"`

	Parts    *Parts    `json:"parts,omitempty"`    // what it is made of, measured part by part
	Crossing *Crossing `json:"crossing,omitempty"` // the same on several cores
	GC       *float64  `json:"gc,omitempty"`       // share of the CPU time that collects garbage
	Allocs   *float64  `json:"allocs,omitempty"`   // of one keyBy
	Bytes    *float64  `json:"B,omitempty"`        // allocated by one keyBy
	Sent     *float64  `json:"sent-B,omitempty"`   // with what goes around batches, and compressed, as it was sent
	Headers  float64   `json:"header-B,omitempty"` // of its buffers between task managers, for each record

	slopes []float64 // by round
}

// Parts are what one keyBy is made of, each measured without the others, in CPU ns. The codec's part is that of its own cells.
type Parts struct {
	Encode   float64  `json:"encode-ns"`
	Route    float64  `json:"route-ns"` // key, key group, channel, framing, and finding records in buffers
	HandOver float64  `json:"hand-over-ns"`
	Decode   float64  `json:"decode-ns"`
	Sum      Estimate `json:"sum-ns"`
	OfWhole  Estimate `json:"of-whole"` // the sum as a share of the price
}

// A Crossing is what one more keyBy costs where records cross from core to core.
type Crossing struct {
	Cores int      `json:"cores"`
	CPU   Estimate `json:"cpu-ns"`
	Adds  Estimate `json:"adds-ns"` // to the price on one core, paired by round
}

// A Range is from where to where a number goes that is not the same for every keyBy; mostly Lo and Hi are equal.
type Range struct {
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

func (r Range) plus(x float64) Range  { return Range{r.Lo + x, r.Hi + x} }
func (r Range) times(x float64) Range { return Range{r.Lo * x, r.Hi * x} }

// A Step is what N keyBys cost.
type Step struct {
	Keybys int      `json:"keybys"`
	CPU    Estimate `json:"cpu-ns"`
}

// A Missing is a row without numbers.
type Missing struct {
	Codec  string              `json:"codec"`
	What   string              `json:"what"` // the ops it lacks
	Kind   results.FailureKind `json:"kind"` // results.Failed, results.NotCarried or results.Unmeasured
	Failed bool                `json:"failed"`
	Reason string              `json:"reason"`
}

// A Resolution says what a block of cells tells apart: the reference codec against itself.
type Resolution struct {
	What   string  `json:"what"`
	Spread float64 `json:"spread"` // 0.02 is ±2 %
}

// An Estimate is a number with its 95 % interval, which is absent below six rounds.
type Estimate struct {
	Center float64  `json:"center"`
	Lo     *float64 `json:"lo,omitempty"`
	Hi     *float64 `json:"hi,omitempty"`
}

// estimate returns the zero Estimate for what is no number, such as a ratio to nothing.
func estimate(s stats.Summary) Estimate {
	if !finite(s.Center) {
		return Estimate{}
	}
	e := Estimate{Center: s.Center}
	if s.Bounded() {
		e.Lo, e.Hi = &s.Lo, &s.Hi
	}
	return e
}

// half returns half the width of the interval as a share of the center, and whether there is one.
func (e Estimate) half() (float64, bool) {
	if e.Lo == nil || e.Center == 0 {
		return 0, false
	}
	return (*e.Hi - *e.Lo) / 2 / e.Center, true
}

// ErrEmpty is returned for a file that holds nothing to report.
var ErrEmpty = errors.New("no results")

// most is the largest number that is a measurement: 30 years in ns.
const most = 1e18

// check refuses samples that nothing can be computed from.
func check(f *results.File) error {
	for _, s := range f.Samples {
		for _, v := range s.Values {
			if !(v.Value >= 0 && v.Value <= most) {
				return fmt.Errorf("%s: %v %s is no measurement", s.Cell, v.Value, v.Unit)
			}
		}
	}
	return nil
}

// New computes the report of file f.
func New(f *results.File, o Options) (*Report, error) {
	keys := keysOf(f)
	if len(keys) == 0 {
		return nil, ErrEmpty
	}
	if err := check(f); err != nil {
		return nil, err
	}
	r := &Report{Header: f.Header.Facts(), Notes: slices.Clone(f.Facts.Limits), GaveUp: f.Facts.GaveUp, options: o}
	x := indexOf(f)
	for _, k := range keys {
		b := builder{index: x, options: o, key: k, refused: map[string][]string{}}
		b.fixed = f.Header.OneLayout() && (k.runtime == goRuntime || k.runtime == "")
		r.fixed = r.fixed || b.fixed
		t, notes := b.table()
		t.Whose = t.whoseNote()
		if t.home || slices.ContainsFunc(keys, func(other key) bool { return other.runtime != k.runtime }) {
			t.Runtime = k.runtime
		}
		t.several = slices.ContainsFunc(keys, func(other key) bool {
			return other.schema == k.schema && other.runtime == k.runtime && other.exchange != k.exchange
		})
		if slices.ContainsFunc(r.Tables, func(before Table) bool { return before.Schema == k.schema }) {
			t.Invented = "" // said once of the same records
		}
		r.Tables = append(r.Tables, t)
		r.Notes = append(r.Notes, notes...)
	}
	r.Sweeps = r.sweepsOf(f)
	r.Footer = footerOf(f, r.Tables)
	return r, nil
}
