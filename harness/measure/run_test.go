package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

// bid returns a codec cell of nexmark.Bid.
func bid(codec, op string) results.Cell {
	return results.Cell{Schema: "nexmark.Bid", Codec: codec, Runtime: "go", Op: op, Procs: 1}
}

// move returns an exchange cell of nexmark.Bid.
func move(codec, exchange string, keybys int) results.Cell {
	return results.Cell{Schema: "nexmark.Bid", Codec: codec, Runtime: "go", Op: "move", Exchange: exchange, Keybys: keybys, Procs: 2}
}

const (
	ring    = 1024
	startup = 20 * time.Millisecond // of an invented worker
)

// A fakeWorker answers at once and invents the times: 100 ns an operation, or what cost says. Its wall clock moves.
type fakeWorker struct {
	now    time.Duration
	asked  []Request
	cost   map[string]float64 // cpu ns per operation, by codec
	answer func(Request) (results.Sample, error)
	before func(Request)         // called first
	slow   func(Request) float64 // factor of all times
	hangs  func(Request) bool    // whether a request is answered when its context ends

	end  context.CancelCauseFunc // of the request at hand, which has so much time
	most time.Duration
}

func (w *fakeWorker) Do(ctx context.Context, r Request) (results.Sample, error) {
	if w.before != nil {
		w.before(r)
	}
	w.asked = append(w.asked, r)
	if w.hangs != nil && w.hangs(r) {
		<-ctx.Done()
		return results.Sample{}, ctx.Err()
	}
	begin := w.now
	s, err := w.invented(r)
	if w.slow != nil {
		w.now = begin + time.Duration(float64(w.now-begin)*w.slow(r))
	}
	if w.end != nil && w.now-begin > w.most { // as if killed when its time was over
		w.now = begin + w.most
		w.end(errLate)
		return results.Sample{}, ctx.Err()
	}
	return s, err
}

func (w *fakeWorker) invented(r Request) (results.Sample, error) {
	w.now += startup
	if w.answer != nil {
		if s, err := w.answer(r); s.N > 0 || err != nil {
			return s, err
		}
	}
	return w.invent(r), nil
}

// timeout ends a request by the invented clock.
func (w *fakeWorker) timeout(ctx context.Context, most time.Duration) (context.Context, context.CancelFunc) {
	ctx, w.end = context.WithCancelCause(ctx)
	w.most = most
	return ctx, func() { w.end = nil }
}

func (w *fakeWorker) invent(r Request) results.Sample {
	cpu := orDefault(w.cost[r.Codec], 100)
	s := results.Sample{Cell: r.Cell, N: ring, Values: []results.Value{{Value: 158.5, Unit: results.UnitSize}, {Value: 158.5 * ring, Unit: results.UnitSet}}}
	switch r.Mode {
	case Calibrate, Time:
		s.N = orDefault(r.N, 65536)
		if r.N == 0 && cpu > 1e5 {
			s.N = ring
		}
		s.Values = append([]results.Value{{Value: 2 * cpu, Unit: results.UnitWall}, {Value: cpu, Unit: results.UnitCPU}}, s.Values...)
	case Count:
		s.N = 20 * ring
		s.Values = []results.Value{{Value: 48, Unit: results.UnitBytes}, {Value: 1, Unit: results.UnitAllocs}}
	}
	ran := s.N
	if r.Mode == Calibrate {
		ran = 2*s.N - ring // doublings
	}
	w.now += time.Duration(2 * cpu * float64(ran))
	return s
}

// A record is what a run handed to its sink.
type record struct {
	schedule Schedule
	failures []results.Failure
	samples  []results.Sample
	rounds   []int
	progress []Progress
	short    string
}

func (rec *record) sink() Sink {
	return Sink{
		Fail:     func(f results.Failure) error { rec.failures = append(rec.failures, f); return nil },
		Schedule: func(p Schedule) error { rec.schedule = p; return nil },
		Short:    func(reason string) error { rec.short = reason; return nil },
		Progress: func(p Progress) { rec.progress = append(rec.progress, p) },
		Sample: func(round int, s results.Sample) error {
			rec.samples, rec.rounds = append(rec.samples, s), append(rec.rounds, round)
			return nil
		},
	}
}

func newRunner(w *fakeWorker, cfg Config) (*Runner, *record) {
	rec := &record{}
	cfg.Ref = "avro"
	return &Runner{
		Config: cfg,
		Clock:  Clock{Wall: func() time.Duration { return w.now }},
		Worker: w,
		Data:   func(results.Cell) Data { return Data{Records: ring} },
		Sink:   rec.sink(),

		timeout: w.timeout,
	}, rec
}

func codecCells(ops ...string) []results.Cell {
	var cells []results.Cell
	for _, op := range ops {
		for _, codec := range []string{"memcpy", "avro", "json"} {
			cells = append(cells, bid(codec, op))
		}
	}
	return cells
}

// Every round has every cell once, block by block, in an order that the seed decides, and the twin runs as its original.
func TestRounds(t *testing.T) {
	cells := append(codecCells("encode", "decode"), move("avro", "local", 1), move("none", "chain", 1))
	order := func(seed uint64) []string {
		w := &fakeWorker{}
		r, rec := newRunner(w, Config{Rounds: 5, Seed: seed})
		if err := r.Run(t.Context(), cells); err != nil {
			t.Fatal(err)
		}
		checkRounds(t, rec, 5, 11)
		for _, q := range w.asked {
			if q.Cell.IsTwin() {
				t.Errorf("asked the worker for %s: it must not know", q.Cell)
			}
		}
		return names(rec.samples)
	}
	one, again, two := order(1), order(1), order(2)
	if diff := cmp.Diff(one, again); diff != "" {
		t.Errorf("equal seeds, other order:\n%s", diff)
	}
	if slices.Equal(one, two) {
		t.Error("another seed gave the same order")
	}
	if slices.Equal(one[:11], one[11:22]) {
		t.Error("the second round has the order of the first")
	}
}

func checkRounds(t *testing.T, rec *record, rounds, perRound int) {
	t.Helper()
	if len(rec.samples) != rounds*perRound {
		t.Fatalf("got %d samples, want %d", len(rec.samples), rounds*perRound)
	}
	for r := range rounds {
		seen, done := map[results.Cell]bool{}, map[results.Block]bool{}
		var current results.Block
		for i, s := range rec.samples[r*perRound : (r+1)*perRound] {
			if rec.rounds[r*perRound+i] != r || seen[s.Cell] {
				t.Errorf("round %d: %s is from round %d, or twice", r, s.Cell, rec.rounds[r*perRound+i])
			}
			seen[s.Cell] = true
			if b := s.Cell.Block(); b != current {
				if done[b] {
					t.Errorf("round %d: block %v is torn apart", r, b)
				}
				done[b], current = true, b
			}
		}
	}
}

func names(samples []results.Sample) []string {
	var out []string
	for _, s := range samples {
		out = append(out, s.Cell.Name())
	}
	return out
}

// What a run asks, in which order, and what a line of its result holds.
func TestPhases(t *testing.T) {
	w := &fakeWorker{cost: map[string]float64{"json": 1000}}
	r, rec := newRunner(w, Config{Rounds: 1})
	if err := r.Run(t.Context(), []results.Cell{bid("avro", "encode"), bid("json", "encode"), bid("json", "decode")}); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, q := range w.asked {
		if q.Mode != Time {
			got = append(got, fmt.Sprintf("%s %s %s", q.Mode, q.Codec, q.Op))
		}
	}
	want := []string{"prove avro encode", "prove json encode",
		"calibrate avro encode", "calibrate json encode", "calibrate json decode",
		"count avro encode", "count avro encode", "count avro encode",
		"count json encode", "count json encode", "count json encode",
		"count json decode", "count json decode", "count json decode"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	for _, s := range rec.samples {
		line := " 600064 200 ns/op 100 cpu-ns/op 48 B/op 1 allocs/op 158.5 B/record 162304 B/set"
		if s.Cell.Codec == "json" {
			line = " 60416 2000 ns/op 1000 cpu-ns/op 48 B/op 1 allocs/op 158.5 B/record 162304 B/set"
		}
		if got := s.String(); got != s.Cell.Name()+line {
			t.Errorf("got line %q, want …%q", got, line)
		}
	}
	if got := len(rec.progress); got != len(w.asked) {
		t.Errorf("progress was reported %d times for %d requests", got, len(w.asked))
	}
}

// The counters keep the least of three processes.
func TestCounters(t *testing.T) {
	n := 0
	w := &fakeWorker{answer: func(r Request) (results.Sample, error) {
		if r.Mode != Count {
			return results.Sample{}, nil
		}
		n++
		return results.Sample{Cell: r.Cell, N: 20 * ring, Values: []results.Value{{Value: float64([]int{60, 48, 54}[n-1]), Unit: results.UnitBytes}, {Value: 1, Unit: results.UnitAllocs}}}, nil
	}}
	r, rec := newRunner(w, Config{Rounds: 1})
	if err := r.Run(t.Context(), []results.Cell{bid("json", "encode")}); err != nil {
		t.Fatal(err)
	}
	if got, _ := rec.samples[0].Value(results.UnitBytes); got != 48 {
		t.Errorf("got %v B/op of 60, 48 and 54, want 48", got)
	}
}

func TestExchangeLine(t *testing.T) {
	w := &fakeWorker{answer: func(r Request) (results.Sample, error) {
		if r.Mode != Time {
			return results.Sample{}, nil
		}
		return results.Sample{Cell: r.Cell, N: r.N, Values: []results.Value{{Value: 900, Unit: results.UnitWall}, {Value: 1400, Unit: results.UnitCPU}, {Value: 169, Unit: results.UnitWire}}}, nil
	}}
	r, rec := newRunner(w, Config{Rounds: 1})
	if err := r.Run(t.Context(), []results.Cell{move("pojo", "local", 2)}); err != nil {
		t.Fatal(err)
	}
	want := move("pojo", "local", 2).Name() + " 600064 900 ns/op 1400 cpu-ns/op 48 B/op 1 allocs/op 169 wire-B/record"
	if got := rec.samples[0].String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A sink without functions is a run nobody watches.
func TestEmptySink(t *testing.T) {
	r, _ := newRunner(&fakeWorker{answer: func(r Request) (results.Sample, error) {
		if r.Codec == "json" {
			return results.Sample{}, errors.New("broken")
		}
		return results.Sample{}, nil
	}}, Config{Rounds: 1})
	r.Sink = Sink{}
	if err := r.Run(t.Context(), codecCells("encode")); err != nil {
		t.Error(err)
	}
}

func TestProgress(t *testing.T) {
	w := &fakeWorker{}
	r, rec := newRunner(w, Config{Rounds: 3})
	if err := r.Run(t.Context(), codecCells("encode")); err != nil {
		t.Fatal(err)
	}
	last := rec.progress[len(rec.progress)-1]
	if last.Mode != Time || last.Done != 11 || last.Total != 12 || last.Round != 2 {
		t.Errorf("got last progress %+v, want time 11 of 12 in round 2", last)
	}
	if last.Left <= 0 {
		t.Errorf("%v left before the last sample, want what it takes", last.Left)
	}
	left := rec.schedule.Total()
	for _, p := range rec.progress {
		if p.Mode != Count && p.Mode != Time {
			continue
		}
		if p.Left > left {
			t.Errorf("%s %s: %v left, and %v before", p.Mode, p.Cell, p.Left, left)
		}
		left = p.Left
	}
}
