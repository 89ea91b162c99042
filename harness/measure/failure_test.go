package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

// An interrupted run keeps the samples it has, complete rounds among them.
func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := &fakeWorker{}
	timed := 0
	w.before = func(r Request) {
		if r.Mode != Time {
			return
		}
		if timed++; timed == 4*2+3 { // in the third round of four cells
			cancel()
		}
	}
	w.answer = func(Request) (results.Sample, error) { return results.Sample{}, ctx.Err() } // killed
	r, rec := newRunner(w, Config{Rounds: 20})
	if err := r.Run(ctx, codecCells("encode")); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
	if len(rec.samples) != 10 || len(rec.failures) != 0 {
		t.Errorf("got %d samples and failures %v, want 10 and none: a killed worker says nothing about its cell", len(rec.samples), rec.failures)
	}
	f := results.File{Samples: rec.samples}
	series := f.Series(results.UnitCPU)
	for _, c := range f.Cells() {
		if len(series[c]) != 2 {
			t.Errorf("%s: got %d rounds, want the 2 complete ones", c, len(series[c]))
		}
	}
}

// Cells that an interrupt kept from a first sample are rows all the same.
func TestInterruptEarly(t *testing.T) {
	for _, mode := range []Mode{Prove, Calibrate, Count, Time} {
		ctx, cancel := context.WithCancel(t.Context())
		r, rec := newRunner(&fakeWorker{before: func(r Request) {
			if r.Mode == mode {
				cancel()
			}
		}}, Config{Rounds: 20})
		if err := r.Run(ctx, codecCells("encode")); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got error %v, want context.Canceled", mode, err)
		}
		f := results.File{Samples: rec.samples, Failures: rec.failures}
		for _, c := range codecCells("encode") {
			_, failed := f.Failed(c)
			if measured := slices.Contains(f.Cells(), c); measured == failed {
				t.Errorf("%s: %s: measured %v, failed %v, want one of them", mode, c, measured, failed)
			}
		}
	}
}

// A failed proof is one row for each of its cells, and the run goes on without them.
func TestFailedProof(t *testing.T) {
	w := &fakeWorker{answer: func(r Request) (results.Sample, error) {
		switch {
		case r.Mode == Prove && r.Codec == "json":
			return results.Sample{}, errors.New("record 3: field url:\n got \"a\", want \"b\"")
		case r.Mode == Prove && r.Codec == "memcpy":
			return results.Sample{}, fmt.Errorf("recursive: %w", ErrNotCarried)
		case r.Codec != "avro":
			t.Errorf("%s %s after its proof failed", r.Mode, r.Cell)
		}
		return results.Sample{}, nil
	}}
	r, rec := newRunner(w, Config{Rounds: 2})
	if err := r.Run(t.Context(), codecCells("encode", "decode")); err != nil {
		t.Fatal(err)
	}
	want := []results.Failure{
		{Cell: bid("memcpy", "encode"), Reason: "recursive: not carried", Kind: results.NotCarried},
		{Cell: bid("memcpy", "decode"), Reason: "recursive: not carried", Kind: results.NotCarried},
		{Cell: bid("json", "encode"), Reason: `prove: record 3: field url: got "a", want "b"`, Kind: results.Failed},
		{Cell: bid("json", "decode"), Reason: `prove: record 3: field url: got "a", want "b"`, Kind: results.Failed},
	}
	if diff := cmp.Diff(want, rec.failures); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	checkRounds(t, rec, 2, 4) // avro and its twin, twice
}

// A cell that fails later is dropped when it does.
func TestFailedSample(t *testing.T) {
	for _, tt := range []struct {
		name   string
		answer func(Request) (results.Sample, error)
		want   string
	}{
		{"worker died", func(Request) (results.Sample, error) {
			return results.Sample{}, errors.New("worker: exit status 2: panic: boom")
		},
			"time: worker: exit status 2: panic: boom"},
		{"size changed", func(r Request) (results.Sample, error) {
			return results.Sample{Cell: r.Cell, N: r.N, Values: []results.Value{{Value: 200, Unit: results.UnitWall}, {Value: 100, Unit: results.UnitCPU}, {Value: 159, Unit: results.UnitSize}, {Value: 162816, Unit: results.UnitSet}}}, nil
		}, "time: 159 B/record, but 158.5 when proved"},
		{"other n", func(r Request) (results.Sample, error) {
			return results.Sample{Cell: r.Cell, N: 1, Values: []results.Value{{Value: 1, Unit: results.UnitCPU}}}, nil
		}, "time: timed 1 operations"},
		{"other cell", func(r Request) (results.Sample, error) {
			return results.Sample{Cell: bid("avro", "decode"), N: r.N, Values: []results.Value{{Value: 1, Unit: results.UnitCPU}}}, nil
		}, "time: the worker answered for"},
		{"no time", func(r Request) (results.Sample, error) {
			return results.Sample{Cell: r.Cell, N: r.N, Values: []results.Value{{Value: 0, Unit: results.UnitCPU}}}, nil
		}, "want cpu-ns/op above 0"},
		{"nonsense", func(r Request) (results.Sample, error) {
			return results.Sample{Cell: r.Cell, N: r.N, Values: []results.Value{{Value: -1, Unit: results.UnitCPU}}}, nil
		}, "time: -1 cpu-ns/op"},
	} {
		r, rec := newRunner(&fakeWorker{answer: func(r Request) (results.Sample, error) {
			if r.Mode == Time && r.Codec == "json" && r.Round == 2 {
				return tt.answer(r)
			}
			return results.Sample{}, nil
		}}, Config{Rounds: 8})
		if err := r.Run(t.Context(), codecCells("encode")); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if len(rec.failures) != 1 || rec.failures[0].Cell != bid("json", "encode") || !strings.Contains(rec.failures[0].Reason, tt.want) {
			t.Errorf("%s: got failures %v, want one with %q", tt.name, rec.failures, tt.want)
		}
		f := results.File{Samples: rec.samples, Failures: rec.failures}
		series := f.Series(results.UnitCPU)
		if got := f.Rounds()[bid("avro", "encode").Block()]; got != 8 || len(series) != 3 || series[bid("json", "encode")] != nil {
			t.Errorf("%s: got %d rounds and %d series, want 8 rounds of the other three", tt.name, got, len(series))
		}
	}
}

func TestFailedCalibration(t *testing.T) {
	r, rec := newRunner(&fakeWorker{answer: func(r Request) (results.Sample, error) {
		if r.Mode == Calibrate && r.Codec == "json" {
			return results.Sample{Cell: r.Cell, N: ring, Values: []results.Value{{Value: 5, Unit: results.UnitWall}}}, nil
		}
		return results.Sample{}, nil
	}}, Config{Rounds: 1})
	if err := r.Run(t.Context(), codecCells("encode")); err != nil || len(rec.samples) != 3 {
		t.Errorf("got %v and %d samples, want 3", err, len(rec.samples))
	}
	if len(rec.failures) != 1 || !strings.HasPrefix(rec.failures[0].Reason, "calibrate: ") {
		t.Errorf("got failures %v, want one of the calibration", rec.failures)
	}
}

// What is wrong with the run, not with a cell, ends it.
func TestFatal(t *testing.T) {
	full := errors.New("disk full")
	for _, tt := range []struct {
		name  string
		cells []results.Cell
		edit  func(*Runner)
		want  string
	}{
		{"no worker", codecCells("encode"), func(r *Runner) {
			r.Worker = &fakeWorker{answer: func(Request) (results.Sample, error) {
				return results.Sample{}, fmt.Errorf("%w: no such file", ErrStart)
			}}
		}, "cannot start worker: no such file"},
		{"sink", codecCells("encode"), func(r *Runner) { r.Sink.Sample = func(int, results.Sample) error { return full } }, "disk full"},
		{"plan", codecCells("encode"), func(r *Runner) { r.Sink.Schedule = func(Schedule) error { return full } }, "disk full"},
		{"twice", []results.Cell{bid("avro", "encode"), bid("avro", "encode")}, func(*Runner) {}, "given twice"},
		{"twin", []results.Cell{bid("avro.aa", "encode")}, func(*Runner) {}, "twin"},
		{"bad name", []results.Cell{bid("a/b", "encode")}, func(*Runner) {}, `codec "a/b"`},
		{"no records", codecCells("encode"), func(r *Runner) { r.Data = func(results.Cell) Data { return Data{} } }, "0 records"},
	} {
		r, _ := newRunner(&fakeWorker{}, Config{Rounds: 1})
		tt.edit(r)
		if err := r.Run(t.Context(), tt.cells); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want one with %q", tt.name, err, tt.want)
		}
	}
}
