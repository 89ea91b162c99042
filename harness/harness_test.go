package harness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/avro"
	"github.com/wirecost/wirecost/codecs/memcpy"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/schemas"
)

const order = `{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}, {"name": "note", "type": ["null", "string"]}]}`

// lossy is avro, but that the first field comes back as zero, which it does not say.
var lossy = codecs.Format{Name: "lossy", New: func(s *schemas.Schema) (codecs.Codec, error) {
	c, err := avro.Format.New(s)
	return forgetful{c}, err
}}

type forgetful struct{ codecs.Codec }

func (c forgetful) Decode(src []byte, v any) error {
	err := c.Codec.Decode(src, v)
	reflect.ValueOf(v).Elem().Field(0).SetZero()
	return err
}

// picky carries no schema.
var picky = codecs.Format{Name: "picky", New: func(*schemas.Schema) (codecs.Codec, error) {
	return nil, fmt.Errorf("any schema: %w", schemas.ErrUnsupported)
}}

var testLab = Lab{Formats: []codecs.Format{memcpy.Format, avro.Format, lossy, picky}, Exchanges: exchange.All, Runtimes: []Runtime{Go}}

func testData() measure.Data {
	return measure.Data{Text: order, Seed: 1, Records: 8, Key: []string{"id"}, Parallelism: 2, MaxParallelism: 128, Timestamps: true}
}

// A fakeWorker invents times: 10 ns an operation, 1 ns more for each character of the codec's name.
type fakeWorker struct {
	mu    sync.Mutex // a duet asks twice at once
	asked []measure.Request
	do    func(measure.Request) error // called first
}

func (w *fakeWorker) Do(ctx context.Context, r measure.Request) (results.Sample, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, r)
	if w.do != nil {
		if err := w.do(r); err != nil {
			return results.Sample{}, err
		}
	}
	s := results.Sample{Cell: r.Cell, N: max(r.N, r.Records)}
	switch cpu := float64(10 + len(r.Codec)); r.Mode {
	case measure.Prove:
		s.Values = []results.Value{{Value: 20, Unit: results.UnitSize}, {Value: 160, Unit: results.UnitSet}}
	case measure.Count:
		s.Values = []results.Value{{Value: 1, Unit: results.UnitAllocs}}
	default:
		s.Values = []results.Value{{Value: cpu, Unit: results.UnitWall}, {Value: cpu, Unit: results.UnitCPU}}
	}
	return s, ctx.Err()
}

func testPlan(w measure.Worker) *Plan {
	var now time.Duration
	tick := func() time.Duration { now += time.Millisecond; return now }
	s, err := testLab.Subject(testData())
	if err != nil {
		panic(err)
	}
	lab := testLab
	lab.Runtimes = []Runtime{{Name: Go.Name, Worker: w}}
	return &Plan{
		Lab: lab, Subjects: []*Subject{s}, Codecs: []string{"memcpy", "avro"}, Ops: []Op{Encode, Convert},
		Exchanges: []string{"local"}, Keybys: []int{0, 2}, Procs: 1, Clock: measure.Clock{CPU: tick, Wall: tick},
		Measure: measure.Config{Rounds: 2, Seed: 1},
	}
}

func TestCells(t *testing.T) {
	p := testPlan(nil).withDefaults()
	p.Keybys, p.Parts, p.Procs = []int{0, 1, 2}, true, 2
	cells, err := p.cells(p.Subjects[0])
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range cells {
		got = append(got, c.Name())
	}
	want := []string{
		"BenchmarkCodec/schema=Order/codec=memcpy/runtime=go/op=encode",
		"BenchmarkCodec/schema=Order/codec=avro/runtime=go/op=encode",
		"BenchmarkCodec/schema=Order/codec=memcpy/runtime=go/op=convert",
		"BenchmarkExchange/schema=Order/codec=none/runtime=go/exchange=chain/keybys=0x/op=move",
		"BenchmarkExchange/schema=Order/codec=none/runtime=go/exchange=chain/keybys=1x/op=move",
		"BenchmarkExchange/schema=Order/codec=none/runtime=go/exchange=chain/keybys=2x/op=move",
		"BenchmarkCodec/schema=Order/codec=none/runtime=go/op=hash",
		"BenchmarkExchange/schema=Order/codec=none/runtime=go/exchange=chain/keybys=0x/op=move-2",
		"BenchmarkExchange/schema=Order/codec=none/runtime=go/exchange=chain/keybys=2x/op=move-2",
		"BenchmarkExchange/schema=Order/codec=memcpy/runtime=go/exchange=local/keybys=1x/op=move",
		"BenchmarkExchange/schema=Order/codec=memcpy/runtime=go/exchange=local/keybys=2x/op=move",
		"BenchmarkExchange/schema=Order/codec=memcpy/runtime=go/exchange=local/keybys=1x/op=write",
		"BenchmarkExchange/schema=Order/codec=memcpy/runtime=go/exchange=local/keybys=1x/op=hand-over",
		"BenchmarkExchange/schema=Order/codec=memcpy/runtime=go/exchange=local/keybys=1x/op=read",
		"BenchmarkExchange/schema=Order/codec=avro/runtime=go/exchange=local/keybys=1x/op=move",
		"BenchmarkExchange/schema=Order/codec=avro/runtime=go/exchange=local/keybys=2x/op=move",
		"BenchmarkExchange/schema=Order/codec=avro/runtime=go/exchange=local/keybys=2x/op=move-2",
		"BenchmarkExchange/schema=Order/codec=avro/runtime=go/exchange=local/keybys=1x/op=write",
		"BenchmarkExchange/schema=Order/codec=avro/runtime=go/exchange=local/keybys=1x/op=hand-over",
		"BenchmarkExchange/schema=Order/codec=avro/runtime=go/exchange=local/keybys=1x/op=read",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		change func(*Plan)
		want   string
	}{
		{func(p *Plan) { p.Codecs = nil }, "needs a schema and a codec"},
		{func(p *Plan) { p.Ops, p.Exchanges = nil, nil }, "needs an op or an exchange"},
		{func(p *Plan) { p.Duet = true }, "a duet is two codecs"},
		{func(p *Plan) { p.Exchanges = []string{"chain"} }, "choose another"},
		{func(p *Plan) { p.Keybys = []int{1} }, "two numbers of keyBys"},
		{func(p *Plan) { p.Codecs, p.Ops, p.Exchanges = []string{"avro"}, []Op{Convert}, nil }, "nothing to measure: avro take"},
		{func(p *Plan) { p.Codecs = []string{"avro", "nope"} }, `codec "nope" is unknown`},
		{func(p *Plan) { p.Exchanges = []string{"local", "post"} }, `exchange "post" is unknown`},
		{func(p *Plan) { p.Runtimes = []string{"flink9"} }, `runtime "flink9" is unknown`},
		{func(p *Plan) { p.Subjects[0].Key = nil }, "Order: no field of the schema can be a key"},
		{func(p *Plan) { p.Subjects[0].Data = measure.Data{} }, "a worker cannot make these records again"},
	} {
		p := testPlan(&fakeWorker{})
		tt.change(p)
		if err := p.Run(t.Context(), &bytes.Buffer{}, Observer{}); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got error %v, want %s", err, tt.want)
		}
	}
}

// A codec that cannot be opened has a row for every op.
func TestNotCarried(t *testing.T) {
	p := testPlan(&fakeWorker{do: func(r measure.Request) error { return fmt.Errorf("any schema: %w", measure.ErrNotCarried) }})
	p.Codecs, p.Ops, p.Exchanges = []string{"picky"}, []Op{Encode, Convert}, nil
	f, err := runPlan(t, t.Context(), p)
	if err != nil || len(f.Failures) != 2 {
		t.Errorf("got error %v and failures %v, want one of encode and one of convert", err, f.Failures)
	}
}

func runPlan(t *testing.T, ctx context.Context, p *Plan) (*results.File, error) {
	t.Helper()
	var out bytes.Buffer
	err := p.Run(ctx, &out, Observer{})
	f, readErr := results.Read(&out, "results")
	if readErr != nil {
		t.Fatal(readErr)
	}
	return f, err
}

// count returns the number of samples in f of each cell that has any.
func count(f *results.File) map[string]int {
	n := map[string]int{}
	for _, s := range f.Samples {
		n[strings.TrimPrefix(s.Cell.Name(), "BenchmarkCodec/schema=Order/")]++
	}
	return n
}

// A codec that fails or cannot carry the schema is a row, and the others are measured.
func TestRun(t *testing.T) {
	w := &fakeWorker{do: func(r measure.Request) error {
		switch {
		case r.Codec == "lossy":
			return errors.New("prove: record 3: id: got 0, want 3")
		case r.Codec == "picky":
			return fmt.Errorf("any schema: %w", measure.ErrNotCarried)
		}
		return nil
	}}
	p := testPlan(w)
	p.Codecs, p.Ops, p.Exchanges = []string{"avro", "lossy", "picky"}, []Op{Encode}, nil
	f, err := runPlan(t, t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"codec=avro/runtime=go/op=encode": 2, "codec=avro.aa/runtime=go/op=encode": 2}
	if diff := cmp.Diff(want, count(f)); diff != "" {
		t.Errorf("samples (-want +got):\n%s", diff)
	}
	if len(f.Failures) != 2 || f.Failures[0].Kind != results.Failed || f.Failures[1].Kind != results.NotCarried {
		t.Errorf("failures: got %v", f.Failures)
	}
	if err := Failed(f); err == nil || !strings.Contains(err.Error(), "codec=lossy") || !strings.Contains(err.Error(), "id: got 0, want 3") {
		t.Errorf("Failed: got %v", err)
	}
	if len(f.Schemas) != 1 || f.Schemas[0].Name != "Order" || f.Schemas[0].Records != 8 {
		t.Errorf("schemas: got %v", f.Schemas)
	}
}

// What an interrupted run has measured stays in its file.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	timed := 0
	p := testPlan(&fakeWorker{do: func(r measure.Request) error {
		if r.Mode == measure.Time {
			if timed++; timed == 4 {
				cancel()
			}
		}
		return nil
	}})
	p.Ops, p.Exchanges, p.Measure.Rounds = []Op{Encode}, nil, 10
	f, err := runPlan(t, ctx, p)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
	if len(f.Samples) != 3 {
		t.Errorf("got %d samples, want the 3 before the interruption", len(f.Samples))
	}
	if f.Facts.LoadAfter == "" {
		t.Error("nothing says how busy the machine was")
	}
}

func TestHeader(t *testing.T) {
	p := testPlan(&fakeWorker{})
	p.Facts = results.Facts{CommandLine: "wirecost run"}
	f, err := runPlan(t, t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	h := f.Header
	got := []string{h.Layout, h.Seed, h.Parallelism, h.MaxParallelism, h.Timestamps, h.Key, h.Keys, h.Segment}
	if diff := cmp.Diff([]string{"fixed", "1", "2", "128", "set", "id", "records", "32768"}, got); diff != "" {
		t.Errorf("header (-want +got):\n%s", diff)
	}
	for what, fact := range map[string]string{
		"wirecost": f.Facts.Version, "commit": f.Facts.Commit, "date": f.Facts.Date, "load before": f.Facts.LoadBefore,
		"load after": f.Facts.LoadAfter, "steal": f.Facts.Steal, "command line": f.Facts.CommandLine, "key": f.Facts.Key("Order"),
	} {
		if fact == "" {
			t.Errorf("nothing says %s", what)
		}
	}
	if got := f.Facts.Codec("memcpy").Group; got != results.GroupFloor {
		t.Errorf("memcpy is in group %q, want %q", got, results.GroupFloor)
	}
	if x, ok := f.Facts.Exchange("local"); !ok || x.Framing != 13 {
		t.Errorf("exchange local: got %+v, want 13 B of framing", x)
	}
}

// An exchange may name a program of its own; what has none is the runtime's.
func TestWorkerOf(t *testing.T) {
	own := workerFunc(nil)
	lab := Lab{Exchanges: []exchange.Exchange{exchange.Chain, exchange.Local, {Name: "post", Program: []string{"post-worker"}}},
		Runtimes: []Runtime{Go, {Name: "own", Worker: own}}}
	for _, tt := range []struct {
		cell results.Cell
		want string
	}{
		{results.Cell{Runtime: "go", Op: "encode"}, "*measure.Process"},
		{results.Cell{Runtime: "own", Op: "encode"}, "harness.workerFunc"},
		{results.Cell{Runtime: "own", Exchange: "local"}, "harness.workerFunc"},
		{results.Cell{Runtime: "own", Exchange: "post"}, "*measure.Process"},
		{results.Cell{Runtime: "other"}, "<nil>"},
		{results.Cell{Runtime: "go", Exchange: "other"}, "<nil>"},
	} {
		w, err := workers{Lab: lab}.worker(tt.cell)
		if got := fmt.Sprintf("%T", w); got != tt.want || (err == nil) != (w != nil) {
			t.Errorf("%+v: got a %s, error %v, want a %s", tt.cell, got, err, tt.want)
		}
	}
	w, err := workers{Lab: lab}.worker(results.Cell{Runtime: "own", Exchange: "post"})
	if p, ok := w.(*measure.Process); !ok || err != nil || p.Command(0)[0] != "post-worker" {
		t.Errorf("exchange post: got %v, error %v, want its program", w, err)
	}
}

// The codec that runs twice unless the plan names one.
func TestReference(t *testing.T) {
	for _, tt := range []struct {
		codecs []string
		want   string
	}{
		{[]string{"memcpy", "lossy", "avro"}, "avro"}, {[]string{"memcpy", "lossy"}, "lossy"}, {[]string{"memcpy", "picky"}, "memcpy"},
	} {
		p := testPlan(nil)
		p.Codecs = tt.codecs
		if got := p.reference(Go); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.codecs, got, tt.want)
		}
	}
}
