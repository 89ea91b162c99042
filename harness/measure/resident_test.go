package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// stay returns a Resident of this test's workers, one for each codec and for its twin.
func stay(t *testing.T) *Resident {
	t.Helper()
	r := &Resident{
		Key:     func(r Request) string { return fmt.Sprint(r.Codec, r.Twin) },
		Command: func(Request) ([]string, error) { return []string{os.Args[0], "worker"}, nil },
		Line:    func(r Request) ([]byte, error) { return json.Marshal(r) },
	}
	t.Cleanup(r.Close)
	return r
}

func pidOf(t *testing.T, p *Resident, r Request) float64 {
	t.Helper()
	r.Op = "pid"
	s, err := p.Do(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return set(s)
}

func TestResidentStays(t *testing.T) {
	p := stay(t)
	first, twin, other := probe(""), probe(""), probe("")
	twin.Twin, other.Codec = true, "d"
	pid := pidOf(t, p, first)
	if again := pidOf(t, p, first); again != pid {
		t.Errorf("a second request of a key went to process %v, the first to %v", again, pid)
	}
	if a, b := pidOf(t, p, twin), pidOf(t, p, other); a == pid || b == pid || a == b {
		t.Errorf("three keys had processes %v, %v, %v", pid, a, b)
	}
}

// A program answers within one span, and is gone in the next.
func TestResidentSpan(t *testing.T) {
	p := stay(t)
	p.Span = func(r Request) string { return fmt.Sprint(r.Round) }
	first, second := probe(""), probe("")
	second.Round = 1
	pid := pidOf(t, p, first)
	was := p.all[0]
	if again := pidOf(t, p, first); again != pid {
		t.Errorf("a second request of a span went to process %v, the first to %v", again, pid)
	}
	if next := pidOf(t, p, second); next == pid || len(p.all) != 1 {
		t.Errorf("another span had process %v of %d, the first %v", next, len(p.all), pid)
	}
	select {
	case <-was.ended:
	default:
		t.Error("the process of a span is there in the next")
	}
}

// A worker that ends, or says what is no answer, is a fact about the request; the next has another.
func TestResidentFails(t *testing.T) {
	for _, tt := range []struct {
		op, want string
		stays    bool
	}{
		{"refuse", "not here: not carried", true},
		{"panic", "worker: exit status 2: panic: boom", false},
		{"chatter", `no result line: "hello"`, false},
	} {
		p := stay(t)
		pid := pidOf(t, p, probe(""))
		_, err := p.Do(t.Context(), probe(tt.op))
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrStart) {
			t.Errorf("%s: got error %v, want one with %q", tt.op, err, tt.want)
		}
		if again := pidOf(t, p, probe("")); (again == pid) != tt.stays {
			t.Errorf("%s: the next request went to process %v, this to %v", tt.op, again, pid)
		}
	}
}

// A context that ends ends the worker.
func TestResidentHangs(t *testing.T) {
	p := stay(t)
	pid := pidOf(t, p, probe(""))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := p.Do(ctx, probe("hang")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got error %v, want context.DeadlineExceeded", err)
	}
	if again := pidOf(t, p, probe("")); again == pid {
		t.Error("the worker that hangs was asked again")
	}
}

func TestResidentEnds(t *testing.T) {
	p := stay(t)
	pidOf(t, p, probe(""))
	p.Close()
	if state := p.all[0].cmd.ProcessState; state == nil {
		t.Error("the worker outlives Close")
	}
	if _, err := p.Do(t.Context(), probe("pid")); err == nil {
		t.Error("a closed worker answers")
	}
	p.Close()
}

func TestResidentCommand(t *testing.T) {
	p := stay(t)
	p.Command = func(Request) ([]string, error) { return []string{"/does/not/exist"}, nil }
	if _, err := p.Do(t.Context(), probe("pid")); err == nil || !strings.Contains(err.Error(), "/does/not/exist") || errors.Is(err, ErrStart) {
		t.Errorf("got error %v, want one that names the program and does not end the run", err)
	}
}

// Of a worker that stays, what a calibration took is no start: later samples do not pay it, unless they have a span of their own.
func TestResidentCalibrates(t *testing.T) {
	r := probe("work")
	r.Mode = Calibrate
	for _, span := range []func(Request) string{nil, func(r Request) string { return string(r.Mode) }} {
		p := stay(t)
		p.Span = span
		clock := System()
		start := clock.Wall()
		s, err := p.Do(t.Context(), r)
		elapsed := clock.Wall() - start
		if err != nil {
			t.Fatal(err)
		}
		said := results.Sample{Values: s.Values[len(s.Values)-3:]} // behind what the worker of this test says itself
		work, ok := said.Value(unitWork)
		if !ok || time.Duration(work) > elapsed || work < float64(calibrateFloor) {
			t.Errorf("got %v of work in %v", work, elapsed)
		}
		if open, _ := said.Value(unitOpen); open != map[bool]float64{true: 0, false: work}[span == nil] {
			t.Errorf("with a span: %v: got %v of start in %v of work", span != nil, open, work)
		}
	}
}
