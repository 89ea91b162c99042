package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

func TestRows(t *testing.T) {
	r, err := New(invented(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	table := r.Tables[0]
	var got []string
	for _, row := range table.Rows {
		got = append(got, fmt.Sprintf("%s %d %v", row.Codec, row.Rank, row.Tied))
	}
	// avro and protobuf differ by 2 %, in one binary a tie.
	want := "memcpy 0 false, avro 1 true, protobuf 1 true, json 3 false"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if len(table.Flink) != 1 || table.Flink[0].Rank != 0 {
		t.Errorf("Flink's formats: got %+v, want pojo, not ranked", table.Flink)
	}
	if len(table.Missing) != 2 || table.Missing[0].What != "encode and decode" || table.Missing[0].Failed || !table.Missing[1].Failed {
		t.Errorf("missing: got %+v", table.Missing)
	}
	// The slope of avro is 325 ns in even rounds and half as much again in odd ones.
	if got, want := table.Rows[1].Keyby.CPU.Center, 325*1.25; math.Abs(got-want)/want > 0.05 {
		t.Errorf("one more keyBy with avro: got %v ns, want about %v", got, want)
	}
}

// A price that differs from keyBy to keyBy is no single number anywhere.
func TestNotLinear(t *testing.T) {
	f := invented()
	for i, s := range f.Samples {
		if c := s.Cell; c.Codec == "json" && c.Keybys > 0 {
			f.Samples[i] = moved("json", "local", c.Keybys, 30+1000*math.Sqrt(float64(c.Keybys)), 313)
		}
	}
	r, err := New(f, Options{Rate: 1e6, PerCore: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.Text(&out); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"json is not linear: 992 ns for 1 keyBy, ", "next is json, 575 to 992 ns and 313 B", "takes 0.415 cores and 113 MB/s with avro, 0.575 to 0.993 cores ",
		"adds 41.5 % with avro, 57.5 to 99.2 % with json", " 575–992 █", "– from–to: not linear, each keyBy costs otherwise",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, &out)
		}
	}
	if k := r.Tables[0].Rows[3].Keyby; k.CPU != (Estimate{}) || len(k.Steps) != 3 {
		t.Errorf("got %+v, want steps only", k)
	}
}

// Flink's formats get no core count, whatever the rate.
func TestNoCoresForFlink(t *testing.T) {
	r, err := New(invented(), Options{Rate: 1e6})
	if err != nil {
		t.Fatal(err)
	}
	if k := r.Tables[0].Flink[0].Keyby; k == nil || k.Cores != nil {
		t.Errorf("got %+v, want a price without cores", k)
	}
}

func TestEmpty(t *testing.T) {
	if _, err := New(&results.File{}, Options{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("got error %v, want %v", err, ErrEmpty)
	}
}

// What nothing can be computed from is an error that names it.
func TestNoMeasurement(t *testing.T) {
	for _, v := range []float64{math.NaN(), math.Inf(1), -1, 1e300} {
		f := invented()
		f.Samples[3].Values[0].Value = v
		if _, err := New(f, Options{}); err == nil || !strings.Contains(err.Error(), "cpu-ns/op is no measurement") {
			t.Errorf("%v ns: got error %v, want one that says so", v, err)
		}
	}
}

// A run of failures only, and one of a single round, still are reports.
func TestSparse(t *testing.T) {
	f := invented()
	failures := &results.File{Failures: f.Failures}
	one := &results.File{Samples: f.Samples[:1], Failures: f.Failures}
	for name, f := range map[string]*results.File{"failures": failures, "one sample": one} {
		r, err := New(f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		for _, print := range []func(io.Writer) error{r.Text, r.Markdown, r.JSON} {
			if err := print(&out); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !strings.Contains(out.String(), "gob (encode and decode): not carried: field a: union: not supported\n") {
			t.Errorf("%s: no row for gob:\n%s", name, &out)
		}
	}
}

func TestShort(t *testing.T) {
	for _, tt := range []struct {
		in   float64
		want string
	}{{0, "0"}, {0.0123456, "0.0123"}, {1, "1.00"}, {12.34, "12.3"}, {999.6, "1000"}, {123456, "123456"}, {-3.14159, "-3.14"},
		{9999999, "9999999"}, {1e7, "1.00e+07"}, {1.2345e-9, "1.23e-09"}} {
		if got := short(tt.in); got != tt.want {
			t.Errorf("short(%v) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

// Without a codec cell the size is what went over the exchange, less the framing that the file tells, and ranks are by the
// price of a keyBy.
func TestMoveOnly(t *testing.T) {
	for _, tt := range []struct {
		exchanges  []results.ExchangeFact
		size, note string
	}{
		{[]results.ExchangeFact{{Name: "local", Framing: 13}}, "100.0", ", 13 B of framing a record; slope"},
		{[]results.ExchangeFact{{Name: "kafka", Framing: 9}, {Name: "local", Framing: 5}}, "108.0", ", 5 B of framing a record; slope"},
		{[]results.ExchangeFact{{Name: "local", Framing: 0}}, "113.0", "customer; slope"},
		{nil, "", "customer; slope"},
	} {
		f := invented()
		f.Samples = slices.DeleteFunc(f.Samples, func(s results.Sample) bool { return !s.Cell.IsExchange() })
		f.Facts.Exchanges = tt.exchanges
		r, err := New(f, Options{Width: 100})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := r.Text(&out); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(strings.Fields(out.String()), " ")
		if !regexp.MustCompile(`\n1= +avro +`+tt.size+` `).Match(out.Bytes()) || !strings.Contains(got, tt.note) {
			t.Errorf("exchanges %v: want avro, ranked, with %s B and %q in\n%s", tt.exchanges, tt.size, tt.note, &out)
		}
		if r.Tables[0].RankedBy != "one more keyBy" || !strings.Contains(got, "rank by one more keyBy") {
			t.Errorf("ranked by %q in\n%s", r.Tables[0].RankedBy, &out)
		}
	}
}

// A file with two exchanges shows a table for each, and one with two runtimes never puts their times in one.
func TestTwoExchanges(t *testing.T) {
	f := invented()
	for _, s := range f.Samples {
		if c := s.Cell; c.IsKeyby() {
			s.Values = slices.Clone(s.Values)
			s.Values[0].Value *= 3
			s.Cell.Exchange = "kafka"
			f.Samples = append(f.Samples, s)
		}
	}
	r, err := New(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Tables) != 2 || r.Tables[0].Exchange.Kind != "local" || r.Tables[1].Exchange.Kind != "kafka" {
		t.Fatalf("got %d tables, want one of local and one of kafka", len(r.Tables))
	}
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			if row.Keyby == nil || !row.Keyby.Linear || row.Keyby.Transport == nil {
				t.Errorf("%s, %s: got price %+v, want one", table.Exchange.Kind, row.Codec, row.Keyby)
			}
		}
	}
	local, kafka := r.Tables[0].Rows[1].Keyby.CPU.Center, r.Tables[1].Rows[1].Keyby.CPU.Center
	if kafka < 2.9*local || kafka > 3.1*local {
		t.Errorf("avro: a keyBy costs %v ns over local and %v over kafka, want three times as much", local, kafka)
	}
}

func TestTwoRuntimes(t *testing.T) {
	f := invented()
	for _, s := range f.Samples {
		s.Values = slices.Clone(s.Values)
		s.Values[0].Value *= 10
		s.Cell.Runtime = "flink2"
		f.Samples = append(f.Samples, s)
	}
	r, err := New(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Tables) != 2 || r.Tables[0].Runtime != "go" || r.Tables[1].Runtime != "flink2" {
		t.Fatalf("got %d tables, want one of go and one of flink2", len(r.Tables))
	}
	for i, want := range []float64{125, 1250} {
		if got := r.Tables[i].Rows[1].Ops[0].CPU.Center; math.Abs(got-want)/want > 0.05 {
			t.Errorf("runtime %s: avro encodes in %v ns, want about %v", r.Tables[i].Runtime, got, want)
		}
	}
	var out bytes.Buffer
	if err := r.Text(&out); err != nil || !strings.Contains(out.String(), "shop.Order, runtime flink2: 1024 records, 8 rounds\n") {
		t.Errorf("error %v, and no table that names flink2:\n%s", err, &out)
	}
}

// A JVM draws the layout of its code anew in each round: of what lies within 10 % of another its intervals say whether it is a tie.
func TestTiesOfRuntimes(t *testing.T) {
	v := invention{schema: "s.R", runtimes: []string{"go", "flink2"}, rounds: 8,
		costs: []invented1{{"pojo", 10, 100, 100}, {"row", 10, 108, 108}}}
	r, err := New(v.file(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		if got := r.Tables[i].Rows[0].Rank == r.Tables[i].Rows[1].Rank; got != want {
			t.Errorf("runtime %s: ranks are shared: %v, want %v", r.Tables[i].Runtime, got, want)
		}
	}
}

// A price that cannot be fitted is a note, not a row without a word.
func TestNoSlope(t *testing.T) {
	f := invented()
	f.Samples = slices.DeleteFunc(f.Samples, func(s results.Sample) bool { return s.Cell.IsChain() && s.Cell.Keybys > 0 })
	r, err := New(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"shop.Order: no price of one more keyBy with memcpy, avro, protobuf, json and pojo: no rounds with 1 keyBys"}
	if diff := cmp.Diff(want, r.Notes); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// The reference is the codec that ran twice, whichever that is: only of that one the resolution is known.
func TestReferenceRanTwice(t *testing.T) {
	for _, tt := range []struct {
		twin, option, want string
		resolved           bool
	}{
		{"json", "", "json", true}, {"memcpy", "", "memcpy", true}, {"json", "protobuf", "protobuf", false}, {"", "", "protobuf", false},
	} {
		f := invented()
		f.Samples = slices.DeleteFunc(f.Samples, func(s results.Sample) bool { return s.Cell.Original().Codec == "avro" })
		for _, s := range f.Samples {
			if s.Cell.Codec == tt.twin {
				s.Cell = s.Cell.Twin()
				f.Samples = append(f.Samples, s)
			}
		}
		r, err := New(f, Options{Ref: tt.option})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Tables[0]; got.Ref != tt.want || (len(got.Resolution) > 0) != tt.resolved {
			t.Errorf("twin %q, option %q: got reference %s and %d resolutions, want %s, resolved %v", tt.twin, tt.option, got.Ref, len(got.Resolution), tt.want, tt.resolved)
		}
	}
}

// What the system kept from being measured stands above all numbers.
func TestLimits(t *testing.T) {
	f := invented()
	f.Facts.Limits = []string{"workers are not pinned to a core"}
	r, err := New(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.Text(&out); err != nil || !strings.HasPrefix(out.String(), "WARNING: workers are not pinned to a core\n") {
		t.Errorf("error %v, and no warning at the top of\n%s", err, &out)
	}
}

// Flink's formats stand in tables of their own, in each form of the report and at each width, and no row of them can be read
// without whose its times are.
func TestFlinkApart(t *testing.T) {
	for name, s := range scenarios() {
		for _, width := range []int{40, 60, 80, 100, 132, 200} {
			s.options.Width = width
			r, err := New(s.file, s.options)
			if err != nil {
				t.Fatal(err)
			}
			for i := range r.Tables {
				table := &r.Tables[i]
				grids := []*grid{table.costs(table.Flink), table.keybys(table.Flink)}
				for _, g := range grids {
					checkTimeOf(t, fmt.Sprint(name, " at ", width), g, width, table.timeOf())
				}
			}
		}
		for _, form := range golden {
			text, err := s.printed(form)
			if err != nil {
				t.Fatal(err)
			}
			if form != "json" {
				checkApart(t, name+" as "+form, string(text))
			}
		}
	}
	var out bytes.Buffer
	r, err := New(invented(), Options{})
	if err == nil {
		err = r.JSON(&out)
	}
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), `"key": "goos"`) {
		t.Errorf("JSON: no header with lower-case keys:\n%s", &out)
	}
	if _, flink, _ := strings.Cut(out.String(), `"flink": [`); !strings.Contains(flink, `"times": "of this Go implementation, not Flink's"`) {
		t.Errorf("JSON does not say whose the times are:\n%s", &out)
	}
}

// checkTimeOf checks that each row of each sheet of a table of Flink's formats says whose the time is, in a column of its
// own.
func checkTimeOf(t *testing.T, name string, g *grid, width int, whose string) {
	t.Helper()
	if len(g.rows) == 0 {
		return
	}
	sheets, _ := g.sheets(&page{width: width}, levelAllocs)
	for _, s := range append(sheets, g.whole()) {
		lines := s.lines(&page{})
		at := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "codec") && strings.Contains(l, "  time of  ") })
		for _, l := range lines[at+1:] {
			if at < 0 || !strings.Contains(l, "  "+pad(whose, len("time of"), true)+"  ") {
				t.Errorf("%s: a row without whose time it is:\n%s", name, strings.Join(lines, "\n"))
				break
			}
		}
	}
}

// checkApart checks that no table has rows of Flink's formats and of others.
func checkApart(t *testing.T, name, text string) {
	t.Helper()
	for block := range strings.SplitSeq(text, "\n\n") {
		var groups []string
		for line := range strings.Lines(block) {
			words := strings.Fields(strings.ReplaceAll(line, "|", " "))
			for _, w := range words[:min(2, len(words))] { // rank, codec
				if w == "avro" || w == "msgpack" || w == "pojo" || w == "kryo" {
					groups = append(groups, map[bool]string{true: "flink", false: "other"}[w == "pojo" || w == "kryo"])
				}
			}
		}
		if len(slices.Compact(groups)) > 1 {
			t.Errorf("%s: two groups in one table:\n%s", name, block)
		}
	}
}

// The hash is a part of what a keyBy costs, if it was measured, and no op of a codec. What only one of encode and decode
// accounts for is not shown as their sum.
func TestHash(t *testing.T) {
	for _, tt := range []struct {
		name, head, note string
		keep             func(results.Cell) bool
		accounted        float64 // of avro, ns; 0: unknown
	}{
		{"all", "encode + decode + hash, ns", "encode, decode and hash do not account for",
			func(results.Cell) bool { return true }, 127.4375 + 254.875 + 6.25},
		{"no hash", "encode + decode, ns", "encode and decode do not account for",
			func(c results.Cell) bool { return !c.IsHash() }, 127.4375 + 254.875},
		{"no decode", "", "", func(c results.Cell) bool { return c.Op != "decode" }, 0},
	} {
		f := invented()
		f.Samples = slices.DeleteFunc(f.Samples, func(s results.Sample) bool { return !tt.keep(s.Cell) })
		r, err := New(f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		table := r.Tables[0]
		if slices.Contains(table.Ops, results.OpHash) {
			t.Errorf("%s: hash is an op of codecs: %v", tt.name, table.Ops)
		}
		head := ""
		for _, c := range table.keybys(table.Rows).columns {
			if h := strings.Join(c.head, " "); strings.HasPrefix(h, "encode") {
				head = h
			}
		}
		if notes := strings.Join(table.Exchange.partNotes(), "\n"); head != tt.head || !strings.Contains(notes, tt.note) {
			t.Errorf("%s: got column %q and notes %q, want %q and %q", tt.name, head, notes, tt.head, tt.note)
		}
		i := slices.IndexFunc(table.Rows, func(r Row) bool { return r.Codec == "avro" })
		k := table.Rows[i].Keyby
		switch {
		case (k.Accounted == nil) != (tt.accounted == 0):
			t.Errorf("%s: got %+v, want %v accounted for", tt.name, k, tt.accounted)
		case k.Accounted == nil:
		case math.Abs(*k.Accounted-tt.accounted) > 1 || math.Abs(k.Each.Lo-*k.Accounted-k.Transport.Lo) > 1e-9:
			t.Errorf("%s: %v accounted for and %v the rest of %v, want %v", tt.name, *k.Accounted, k.Transport, k.Each, tt.accounted)
		}
	}
}
