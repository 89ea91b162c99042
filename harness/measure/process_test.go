package measure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

// TestMain is the worker that the tests of Process start: this program with the argument "worker".
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "parent" { // of a worker that hangs, and says its number
		(&Process{Env: []string{"EXTRA=" + os.Args[2]}}).Do(context.Background(), probe("hang"))
		os.Exit(1)
	}
	if len(os.Args) < 2 || os.Args[1] != "worker" {
		os.Setenv("GORACE", "atexit_sleep_ms=0") // a worker under the race detector would wait a second
		os.Exit(m.Run())
	}
	if err := Serve(os.Stdin, os.Stdout, System(), openProbe); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// openProbe prepares a task whose "set" says what its process has: op cores the cores it may use, op procs GOMAXPROCS.
// Other ops misbehave.
func openProbe(r Request) (*Task, error) {
	t := &Task{Ring: 1}
	switch r.Op {
	case "cores":
		t.Set = int64(Processors())
	case "procs":
		t.Set = int64(runtime.GOMAXPROCS(0))
	case "pid":
		t.Set = int64(os.Getpid())
	case "work":
		t.Work = spin
	case "environment":
		return nil, errors.New(runtimeEnv())
	case "refuse":
		return nil, fmt.Errorf("not here: %w", ErrNotCarried)
	case "panic":
		panic("boom")
	case "chatter":
		fmt.Println("hello")
	case "hang":
		os.WriteFile(os.Getenv("EXTRA"), fmt.Append(nil, os.Getpid(), "\n"), 0o600) // whoever wants to know
		<-time.After(time.Hour)
	}
	return t, nil
}

func runtimeEnv() string {
	return os.ExpandEnv("GOGC=$GOGC GOMEMLIMIT=$GOMEMLIMIT GOMAXPROCS=$GOMAXPROCS EXTRA=$EXTRA")
}

// spin is real work: 1 000 additions an operation.
func spin(n int) (int64, error) {
	x := int64(n)
	for i := range 1000 * n {
		x ^= int64(i) * x
	}
	sink = x
	return 0, nil
}

var sink int64

func probe(op string) Request {
	return Request{Mode: Prove, Cell: results.Cell{Schema: "s", Codec: "c", Runtime: "go", Op: op, Procs: 1}}
}

func ask(t *testing.T, r Request) results.Sample {
	t.Helper()
	s, err := (&Process{}).Do(t.Context(), r)
	if err != nil {
		t.Fatalf("%s: %v", r.Op, err)
	}
	if s.Cell != r.Cell {
		t.Fatalf("got an answer for %s, want %s", s.Cell, r.Cell)
	}
	return s
}

func set(s results.Sample) float64 { v, _ := s.Value(results.UnitSet); return v }

// A codec cell has one core and GOMAXPROCS 1; an exchange has what this process has.
func TestProcessPins(t *testing.T) {
	all := Processors()
	if runtime.GOOS == "linux" && len(Limits()) == 0 {
		if got := set(ask(t, probe("cores"))); got != 1 {
			t.Errorf("a codec cell may use %v cores, want 1", got)
		}
	}
	if got := set(ask(t, probe("procs"))); got != 1 {
		t.Errorf("a codec cell has GOMAXPROCS %v, want 1", got)
	}
	exchange := probe("cores")
	exchange.Exchange, exchange.Procs = "local", 3
	if got := set(ask(t, exchange)); got != float64(all) {
		t.Errorf("an exchange may use %v cores, want all %d", got, all)
	}
	exchange.Op = "procs"
	if got := set(ask(t, exchange)); got != 3 {
		t.Errorf("an exchange has GOMAXPROCS %v, want 3", got)
	}
	if got := Processors(); got != all {
		t.Errorf("after pinning workers this process may use %d cores, had %d", got, all)
	}
}

func TestProcessEnv(t *testing.T) {
	t.Setenv("GOGC", "off")
	t.Setenv("GOMEMLIMIT", "1GiB")
	_, err := (&Process{Env: []string{"EXTRA=1"}}).Do(t.Context(), probe("environment"))
	if want := "GOGC=100 GOMEMLIMIT=off GOMAXPROCS=1 EXTRA=1"; err == nil || err.Error() != want {
		t.Errorf("got environment %v, want %s", err, want)
	}
}

// A real sample through a real process and a real clock.
func TestProcessTimes(t *testing.T) {
	r := probe("work")
	r.Mode, r.N = Time, 5000
	s := ask(t, r)
	cpu, _ := s.Value(results.UnitCPU)
	wall, _ := s.Value(results.UnitWall)
	if s.N != 5000 || cpu <= 0 || wall <= 0 {
		t.Errorf("got %s, want 5000 operations that took time", s)
	}
}

// A run, from the first proof to a file that reads back, with real workers.
func TestRunProcesses(t *testing.T) {
	var file bytes.Buffer
	w, err := results.NewWriter(&file, Machine())
	if err != nil {
		t.Fatal(err)
	}
	work, refuse := probe("work").Cell, probe("refuse").Cell
	refuse.Codec = "d"
	r := &Runner{
		Config: Config{Rounds: 2, Slice: time.Millisecond, Ref: "c"},
		Clock:  System(),
		Worker: &Process{},
		Data:   func(results.Cell) Data { return Data{Records: 1} },
		Sink:   Sink{Fail: w.Fail, Sample: func(_ int, s results.Sample) error { return w.Sample(s) }},
	}
	if err := r.Run(t.Context(), []results.Cell{work, refuse}); err != nil {
		t.Fatal(err)
	}
	f, err := results.Read(&file, "run")
	if err != nil {
		t.Fatal(err)
	}
	series := f.Series(results.UnitCPU)
	if len(series[work]) != 2 || len(series[work.Twin()]) != 2 || len(series) != 2 {
		t.Errorf("got series %v, want two rounds of %s and its twin", series, work)
	}
	if why, failed := f.Failed(refuse); !failed || why.Kind != results.NotCarried || why.Reason != "not here: not carried" {
		t.Errorf("got %+v, want a row that says why", why)
	}
}

func TestProcessErrors(t *testing.T) {
	for _, tt := range []struct {
		op, want   string
		notCarried bool
	}{
		{"refuse", "not here: not carried", true},
		{"panic", "worker: exit status 2: panic: boom", false},
		{"chatter", "want one line", false},
	} {
		_, err := (&Process{}).Do(t.Context(), probe(tt.op))
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.Is(err, ErrNotCarried) != tt.notCarried || errors.Is(err, ErrStart) {
			t.Errorf("%s: got error %v, want one with %q", tt.op, err, tt.want)
		}
	}
}

func TestProcessCommand(t *testing.T) {
	var rounds []int
	p := &Process{Command: func(round int) []string {
		rounds = append(rounds, round)
		return []string{"/does/not/exist", "worker"}
	}}
	for round := range 3 {
		r := probe("procs")
		r.Round = round
		if _, err := p.Do(t.Context(), r); !errors.Is(err, ErrStart) || !strings.Contains(err.Error(), "/does/not/exist") {
			t.Errorf("got error %v, want ErrStart that names the program", err)
		}
	}
	if diff := cmp.Diff([]int{0, 1, 2}, rounds); diff != "" {
		t.Errorf("rounds asked for a program (-want +got):\n%s", diff)
	}
}

// A context that ends kills the worker.
func TestProcessKilled(t *testing.T) {
	for _, patience := range []time.Duration{0, 50 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		if _, err := (&Process{}).Do(ctx, probe("hang")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got error %v, want context.DeadlineExceeded", err)
		}
	}
}

func TestEnviron(t *testing.T) {
	got := environ([]string{"PATH=/bin", "GOMAXPROCS=8", "GODEBUG=gctrace=1", "GOGCX=1"}, 2, []string{"A=b"})
	want := []string{"PATH=/bin", "GOGCX=1", "GOGC=100", "GOMEMLIMIT=off", "GOMAXPROCS=2", "A=b"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHead(t *testing.T) {
	h := &head{limit: 5}
	for _, s := range []string{"abc", "def", "ghi"} {
		if n, err := fmt.Fprint(h, s); n != 3 || err != nil {
			t.Errorf("wrote %d bytes, %v, want 3: a full head must not stop its writer", n, err)
		}
	}
	if h.String() != "abcde" {
		t.Errorf("got %q, want the first 5 bytes", h)
	}
}
