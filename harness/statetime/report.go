package statetime

import (
	"math"
	"slices"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/stats"
)

// Times is what was measured.
type Times struct {
	Runtime    string
	Keys       int                        // of each state
	CPU        map[results.Cell][]float64 // ns of an access, of all threads, by round; twins of the first codec are among the cells
	Background map[results.Cell][]float64 // of that, those that flush and compact, where that is known
	Failures   []results.Failure
	Fact       string   // what was measured, and how
	Limits     []string // what kept it from being measured as it should
}

// A Report is what accesses cost.
type Report struct {
	Schema   string    `json:"schema"`
	Key      string    `json:"key"`
	KeyType  string    `json:"key-type"`
	Records  int       `json:"records"`
	Runtime  string    `json:"runtime"`
	Rounds   int       `json:"rounds"`
	Keys     int       `json:"keys"`
	Twice    string    `json:"twice"` // the codec that is measured twice
	Rows     []Row     `json:"rows"`
	Verdicts []Verdict `json:"reducing-against-list,omitempty"`
	Fact     string    `json:"fact,omitempty"`
	Limits   []string  `json:"limits,omitempty"`
}

// A Row is a codec and an access, in both backends.
type Row struct {
	Codec   string  `json:"codec"`
	Access  string  `json:"access"`
	Length  int     `json:"length,omitempty"` // records of a key that are gathered
	TTL     bool    `json:"ttl"`
	Bytes   float64 `json:"B/entry,omitempty"` // in RocksDB, a list at its full length; 0: the codec does not carry the schema
	Heap    Time    `json:"heap"`
	RocksDB Time    `json:"rocksdb"`
}

// A Time is the price of an access in CPU time for each record, of the thread that accesses and of RocksDB's own.
type Time struct {
	CPU        *float64  `json:"cpu-ns/record,omitempty"`
	Interval   *Interval `json:"interval,omitempty"`                 // 95 %
	Resolution *float64  `json:"resolution,omitempty"`               // of the first codec: how far its second copy is from it, as a share
	Background *float64  `json:"background-cpu-ns/record,omitempty"` // of CPU, what flushes and compacts; nil: none does, or it is not known and not in CPU
	Missing    string    `json:"missing,omitempty"`
}

// An Interval is what a number lies between.
type Interval struct {
	Lo float64 `json:"lo"`
	Hi float64 `json:"hi"`
}

// A Verdict compares ReducingState with ListState, where both gather the same records and are read and cleared.
type Verdict struct {
	Codec      string   `json:"codec"`
	Backend    string   `json:"backend"`
	TTL        bool     `json:"ttl"`
	From       int      `json:"from,omitempty"` // the length from which on ReducingState is cheaper; 0: none that was measured
	Dearer     bool     `json:"dearer"`         // at one length at least ReducingState costs more
	Cheaper    bool     `json:"cheaper"`
	Resolution *float64 `json:"resolution,omitempty"`
	Lengths    []Length `json:"lengths"`
}

// A Length is a comparison at one length.
type Length struct {
	Length   int       `json:"length"`
	Ratio    float64   `json:"ratio"` // ReducingState over ListState
	Interval *Interval `json:"interval,omitempty"`
	Says     string    `json:"says"` // cheaper, dearer, no difference seen
}

// What a comparison says of ReducingState.
const (
	cheaper = "cheaper"
	dearer  = "dearer"
	unseen  = "no difference seen"
)

// Of makes the report of what was measured of some accesses, in the order in which they are given.
func Of(s Subject, accesses []Access, t *Times) (*Report, error) {
	r := &Report{Schema: s.Schema, Key: s.Key, KeyType: s.KeyType, Records: s.Records, Runtime: t.Runtime, Keys: t.Keys, Twice: s.Carrying()[0], Fact: t.Fact, Limits: t.Limits}
	for _, samples := range t.CPU {
		r.Rounds = max(r.Rounds, len(samples))
	}
	for _, c := range s.Codecs {
		x := reporter{s, c, t, c.Name == s.Carrying()[0]}
		if err := x.rows(r, accesses); err != nil {
			return nil, err
		}
		x.verdicts(r, accesses)
	}
	return r, nil
}

// A reporter reports on one codec.
type reporter struct {
	Subject
	codec Codec
	*Times
	twice bool // it was measured twice
}

func (x reporter) cell(a Access) results.Cell { return a.Cell(x.Schema, x.Runtime, x.codec.Name) }

func (x reporter) rows(r *Report, accesses []Access) error {
	for _, a := range accesses {
		if a.Backend != Heap {
			continue // with its row
		}
		row := Row{Codec: x.codec.Name, Access: a.Calls(), Length: a.Length, TTL: a.TTL, Heap: x.time(a)}
		if x.codec.Refused == nil {
			entry, err := x.entry(x.codec, a)
			if err != nil {
				return err
			}
			row.Bytes = entry.Entry
		}
		a.Backend = RocksDB
		row.RocksDB = x.time(a)
		r.Rows = append(r.Rows, row)
	}
	return nil
}

// time summarizes the samples of an access.
func (x reporter) time(a Access) Time {
	c := x.cell(a)
	if x.codec.Refused != nil {
		return Time{Missing: x.codec.Refused.Error()}
	}
	for _, f := range x.Failures {
		if f.Cell == c {
			return Time{Missing: f.Reason}
		}
	}
	samples := x.CPU[c]
	if len(samples) == 0 {
		return Time{Missing: "not measured"}
	}
	sum := stats.Mean(samples)
	t := Time{CPU: &sum.Center, Interval: bounds(sum)}
	if spread, ok := x.resolution(a); ok {
		t.Resolution = &spread
	}
	if b := x.Background[c]; a.Backend == RocksDB && len(b) > 0 {
		mean := stats.Mean(b).Center
		t.Background = &mean
	}
	return t
}

// resolution returns how far an access is from its second copy.
func (x reporter) resolution(a Access) (float64, bool) {
	c := x.cell(a)
	if !x.twice || len(x.CPU[c.Twin()]) == 0 {
		return 0, false
	}
	s := stats.Resolution(x.CPU[c.Twin()], x.CPU[c])
	return s.Spread(), s.Bounded()
}

func bounds(s stats.Summary) *Interval {
	if !s.Bounded() {
		return nil
	}
	return &Interval{s.Lo, s.Hi}
}

// verdicts compares the states that gather records.
func (x reporter) verdicts(r *Report, accesses []Access) {
	for _, backend := range Backends {
		for _, ttl := range []bool{false, true} {
			v := Verdict{Codec: x.codec.Name, Backend: backend, TTL: ttl, Resolution: r.resolution(backend, x)}
			for _, a := range accesses {
				if a.Kind != list || a.Backend != backend || a.TTL != ttl {
					continue
				}
				lists := x.CPU[x.cell(a)]
				a.Kind = reducing
				if both := x.CPU[x.cell(a)]; len(lists) > 0 && len(both) > 0 {
					v.Lengths = append(v.Lengths, v.compare(a.Length, stats.Ratio(both, lists)))
				}
			}
			if len(v.Lengths) > 0 {
				v.decide()
				r.Verdicts = append(r.Verdicts, v)
			}
		}
	}
}

// resolution returns how far apart the two copies of the first codec are at worst, in the accesses to lists and reducing states of a
// backend: a smaller difference between these is none. nil: nobody knows.
func (r *Report) resolution(backend string, x reporter) *float64 {
	worst := 0.0
	for _, row := range r.Rows {
		t := row.Heap
		if backend == RocksDB {
			t = row.RocksDB
		}
		if t.Resolution != nil && row.Length > 0 {
			worst = max(worst, *t.Resolution)
		}
	}
	if worst == 0 {
		return nil
	}
	return &worst
}

// compare judges one length.
func (v *Verdict) compare(length int, ratio stats.Summary) Length {
	l := Length{Length: length, Ratio: ratio.Center, Interval: bounds(ratio), Says: unseen}
	if l.Interval == nil || v.Resolution == nil || math.Abs(math.Log(ratio.Center)) <= math.Log1p(*v.Resolution) || !ratio.Excludes(1) {
		return l
	}
	l.Says = cheaper
	if ratio.Center > 1 {
		l.Says = dearer
	}
	return l
}

// decide says from which length on ReducingState is cheaper: there, and at every longer one.
func (v *Verdict) decide() {
	for _, l := range slices.Backward(v.Lengths) {
		if l.Says != cheaper {
			break
		}
		v.From = l.Length
	}
	says := func(what string) bool {
		return slices.ContainsFunc(v.Lengths, func(l Length) bool { return l.Says == what })
	}
	v.Dearer, v.Cheaper = says(dearer), says(cheaper)
}
