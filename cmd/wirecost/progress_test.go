package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

// cell returns a codec cell of an op.
func cell(codec, op string) results.Cell {
	return results.Cell{Schema: "nexmark.Bid", Codec: codec, Runtime: "go", Op: op, Procs: 1}
}

// sampleLine returns a line of results.
func sampleLine(codec, op string, cpu float64) string {
	return results.Sample{Cell: cell(codec, op), N: 1024, Values: []results.Value{{Value: 2 * cpu, Unit: results.UnitWall}, {Value: cpu, Unit: results.UnitCPU}}}.String() + "\n"
}

// TestProgress looks at the screen during a run and after it: the plan stays, the bar and the standings go.
func TestProgress(t *testing.T) {
	s := newScreen(80, 24, true)
	p := &progress{out: cooked{s}, pane: paneOn(s)}
	shows := func(want string) {
		t.Helper()
		if got := s.text(); got != want || s.err != nil {
			t.Errorf("shows\n%s\nwant\n%s\n%v", got, want, s.err)
		}
	}
	p.step(measure.Progress{Mode: measure.Prove, Cell: cell("avro", "encode"), Done: 0, Total: 2})
	shows("prove     [------------------------]   0 %, avro")
	p.step(measure.Progress{Mode: measure.Calibrate, Cell: cell("json", "encode"), Done: 3, Total: 4})
	shows("calibrate [=-----------------------]   8 %, json")

	if err := p.schedule(measure.Schedule{Rounds: 6, Spent: 10 * time.Second, Count: 20 * time.Second, Round: 10 * time.Second}); err != nil {
		t.Fatal(err)
	}
	const plan = "wirecost: 0 cells, 6 rounds, about 1m30s"
	shows(plan)
	p.step(measure.Progress{Mode: measure.Count, Cell: cell("avro", "encode"), Done: 1, Total: 12, Left: 80 * time.Second})
	shows(plan + "\ncount     [==----------------------]  10 %, 1m20s left, avro")
	p.step(measure.Progress{Mode: measure.Time, Cell: cell("none", "hash"), Done: 0, Total: 12, Left: 60 * time.Second})
	shows(plan + "\nmeasure   [=======-----------------]  32 %, 1m0s left, hash")

	p.Write([]byte("# a fact\n" + sampleLine("json", "encode", 30) + sampleLine("avro", "encode", 10)))
	p.Write([]byte(sampleLine("avro.aa", "encode", 10)))
	const second = "\nmeasure   [================--------]  66 %, 30s left, json"
	p.step(measure.Progress{Mode: measure.Time, Cell: cell("json", "encode"), Done: 3, Total: 12, Round: 1, Left: 29500 * time.Millisecond})
	shows(plan + second + "\nafter 1 round, encode:\n  1  avro  10 ns\n  2  json  30 ns")

	s.resize(66, 19) // too low for more than the bar
	p.step(measure.Progress{Mode: measure.Time, Cell: cell("avro.aa", "encode"), Done: 3, Total: 12, Round: 1, Left: 1})
	shows(plan + "\nmeasure   [=========-]  99 %, 1s left, avro")
	s.Write([]byte("\r\n")) // an impatient user
	p.close()
	shows(plan)
	p.step(measure.Progress{Mode: measure.Time, Cell: cell("avro", "encode"), Done: 3, Total: 12, Round: 1, Left: 1})
	shows(plan)
}

// Off a terminal there is the plan alone.
func TestProgressInFile(t *testing.T) {
	var out strings.Builder
	p := newProgress(&out)
	p.step(measure.Progress{Mode: measure.Prove, Cell: cell("avro", "encode"), Total: 1})
	if err := p.schedule(measure.Schedule{Rounds: 1}); err != nil {
		t.Fatal(err)
	}
	p.step(measure.Progress{Mode: measure.Time, Cell: cell("avro", "encode"), Total: 1, Round: 1})
	p.close()
	if got, want := out.String(), "wirecost: 0 cells, 1 round, about 0s\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBar(t *testing.T) {
	for _, tt := range []struct {
		mode  measure.Mode
		codec string
		done  float64
		left  time.Duration
		width int
		want  string
	}{
		{measure.Prove, "avro", 0, 0, 79, "prove     [------------------------]   0 %, avro"},
		{measure.Time, "avro", 0.999, 1, 200, "measure   [=======================================-]  99 %, 1s left, avro"},
		{measure.Time, "avro", 1, 59*time.Minute + 58900*time.Millisecond, 65, "measure   [==========] 100 %, 59m59s left, avro"},
		{measure.Time, "kryo-flink1-registered", 0.5, 41 * time.Second, 64, "measure    50 %, 41s left, kryo-flink1-registered"},
		{measure.Count, "avro.aa", 0.5, time.Minute, 0, "count      50 %, 1m0s left, avro"},
	} {
		s := measure.Progress{Mode: tt.mode, Cell: cell(tt.codec, "encode"), Left: tt.left}
		if got := bar(s, tt.done, tt.width); got != tt.want {
			t.Errorf("bar(%s, %v done, %v, width %d) = %q, want %q", tt.mode, tt.done, tt.left, tt.width, got, tt.want)
		}
	}
}

// The bar never goes back, and is full at the end.
func TestDone(t *testing.T) {
	p := &progress{rest: 10 * time.Second}
	last := -1.0
	for _, s := range []measure.Progress{
		{Mode: measure.Prove, Done: 0, Total: 2}, {Mode: measure.Prove, Done: 1, Total: 2}, {Mode: measure.Prove, Done: 2, Total: 2},
		{Mode: measure.Calibrate, Done: 1, Total: 9}, {Mode: measure.Calibrate, Done: 8, Total: 9},
		{Mode: measure.Count, Left: 11 * time.Second}, {Mode: measure.Count, Left: 10 * time.Second}, {Mode: measure.Count, Left: 8 * time.Second},
		{Mode: measure.Time, Left: 3 * time.Second}, {Mode: measure.Time, Left: 0},
	} {
		got := p.done(s)
		if got < last || got > 1 {
			t.Errorf("%s, %d of %d, %v left: %v done, and %v before", s.Mode, s.Done, s.Total, s.Left, got, last)
		}
		last = got
	}
	if last != 1 {
		t.Errorf("%v done at the end, want 1", last)
	}
	for _, m := range []measure.Mode{measure.Prove, measure.Calibrate, measure.Count, measure.Time} {
		if got := (&progress{}).done(measure.Progress{Mode: m}); got < 0 || got > 1 {
			t.Errorf("%s of nothing: %v done", m, got)
		}
	}
}

func TestStandings(t *testing.T) {
	var s standings
	if got := s.lines(0); got != nil {
		t.Errorf("before the first round: %q", got)
	}
	for round := range 3 {
		for i, codec := range []string{"memcpy", "pojo", "protobuf", "avro", "avro.aa", "json", "gob", "cbor", "msgpack"} {
			for _, op := range []string{"encode", "decode", "decode-reuse"} {
				if codec != "gob" || op != "decode" || round < 2 { // gob fails in its last round
					fmt.Fprint(&s, sampleLine(codec, op, float64((9-i)*(1+8*(round%2)))))
				}
			}
		}
	}
	keyby := results.Cell{Schema: "nexmark.Bid", Codec: "avro", Runtime: "go", Op: "move", Exchange: "local", Keybys: 1, Procs: 2}
	fmt.Fprintf(&s, "%s 1024 1 ns/op 1 cpu-ns/op\n", keyby.Name())
	fmt.Fprint(&s, "Benchmark\nBenchmarkX what\n")

	want := "after 3 rounds, encode + decode:\n" + // the geometric mean of 1, 9 and 1 is 2.08
		"  1   msgpack   4 ns\n" +
		"  2      cbor   8 ns\n" +
		"  3      json  17 ns\n" +
		"  4      avro  25 ns\n" +
		"  5  protobuf  29 ns"
	if got := strings.Join(s.lines(3), "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
