package measure

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

// serve asks Serve one request after the other and returns its lines. The task is the lab's, 1 ms of CPU an operation.
func serve(t *testing.T, open func(Request) (*Task, error), requests ...Request) []string {
	t.Helper()
	var in, out bytes.Buffer
	for _, r := range requests {
		if err := json.NewEncoder(&in).Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	l := &lab{perOp: time.Millisecond, log: make([]string, 0, 1000), ran: make([]int, 0, 1000)} // allocates nothing
	if open == nil {
		open = func(Request) (*Task, error) { return l.task(), nil }
	}
	if err := Serve(&in, &out, l.clock(), open); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestServe(t *testing.T) {
	c := bid("avro", "encode")
	got := serve(t, nil,
		Request{Mode: Prove, Cell: c},
		Request{Mode: Calibrate, Cell: c},
		Request{Mode: Time, N: 100, Cell: c},
		Request{Mode: Count, Cell: move("none", "chain", 1)},
		Request{Mode: Time, N: 100, Cell: move("none", "chain", 1)},
		Request{Mode: Time, N: 3, Cell: c},
		Request{Mode: "dream", Cell: c})
	want := []string{
		c.Name() + " 4 10 B/record 40 B/set",
		c.Name() + " 8 2e+06 ns/op 1e+06 cpu-ns/op 10 B/record 40 B/set 0 B/op 0 allocs/op 0 open-ns 2.08e+08 work-ns",
		c.Name() + " 100 2e+06 ns/op 1e+06 cpu-ns/op 10 B/record 40 B/set",
		move("none", "chain", 1).Name() + " 80 0 B/op 0 allocs/op",
		move("none", "chain", 1).Name() + " 100 2e+06 ns/op 1e+06 cpu-ns/op",
		`{"error":"3 operations: want a multiple of the ring, 4"}`,
		`{"error":"unknown mode \"dream\""}`,
	}
	for _, i := range []int{1, 3} { // the runtime may allocate beside 80 operations
		got[i] = regexp.MustCompile(`\d+ B/op`).ReplaceAllString(got[i], "0 B/op")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// What a task is asked for, it is told; what it says, the run hears.
func TestServeErrors(t *testing.T) {
	want := Request{Mode: Prove, N: 8, Cell: move("pojo", "local", 3), Data: Data{Text: `{"type":"record"}`, Stream: "s", Profile: "{}",
		Seed: 1 << 63, First: 5, Records: 1024, Path: "p", Key: []string{"a", "b.c"}, Parallelism: 4, MaxParallelism: 128, Timestamps: true, Segment: 32768}}
	closed := 0
	lines := serve(t, func(got Request) (*Task, error) {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("request (-sent +got):\n%s", diff)
		}
		return &Task{
			Ring:  4,
			Prove: func() error { return fmt.Errorf("union of 2: %w", ErrNotCarried) },
			Close: func() error { closed++; return nil },
		}, nil
	}, want)
	_, err := parseAnswer(lines[0])
	if !errors.Is(err, ErrNotCarried) || err.Error() != "union of 2: not carried" || closed != 1 {
		t.Errorf("got error %v, closed %d times, want ErrNotCarried once closed", err, closed)
	}

	lines = serve(t, func(Request) (*Task, error) { return nil, errors.New("line 1\nline 2") }, want)
	if _, err := parseAnswer(lines[0]); err == nil || errors.Is(err, ErrNotCarried) || err.Error() != "line 1\nline 2" {
		t.Errorf("got error %v, want what open said", err)
	}

	lines = serve(t, func(Request) (*Task, error) {
		return &Task{Ring: 4, Close: func() error { return errors.New("still running") }}, nil
	}, want)
	if _, err := parseAnswer(lines[0]); err == nil || err.Error() != "still running" {
		t.Errorf("got error %v, want that of Close", err)
	}
}

func TestServeBadInput(t *testing.T) {
	open := func(Request) (*Task, error) { return nil, errors.New("opened") }
	for _, in := range []string{"{", `{"mode": 1}`, `{"color": "red"}`, `{} {}`, "}"} {
		var out bytes.Buffer
		if err := Serve(strings.NewReader(in+"\n\n{}"), &out, System(), open); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		bad, good, _ := strings.Cut(out.String(), "\n")
		if _, err := parseAnswer(bad); err == nil || !strings.HasPrefix(err.Error(), "request: ") {
			t.Errorf("%s: got error %v, want one about the request", in, err)
		}
		if good != `{"error":"opened"}`+"\n" {
			t.Errorf("%s: the line behind it is answered with %q", in, good)
		}
	}
	if err := Serve(iotest.ErrReader(errFull), &bytes.Buffer{}, System(), open); !errors.Is(err, errFull) {
		t.Errorf("got error %v, want that of the input", err)
	}
	err := Serve(strings.NewReader(`{"mode":"time"}`), fullDisk{}, System(), func(Request) (*Task, error) { return nil, errFull })
	if !errors.Is(err, errFull) {
		t.Errorf("got error %v, want that of the output", err)
	}
}

func TestParseAnswer(t *testing.T) {
	for _, line := range []string{"", "{", "{}", `{"error":""}`, "hello", "BenchmarkA 1 x ns/op"} {
		if s, err := parseAnswer(line); err == nil {
			t.Errorf("%q is the answer %v, want an error", line, s)
		}
	}
}

// Where Set is no size, a timing has none.
func TestTimedNoBytes(t *testing.T) {
	r := Request{Mode: Time, N: 100, Cell: bid(results.NoCodec, results.OpHash)}
	for _, tt := range []struct {
		noBytes bool
		want    string
	}{
		{true, " 100 20 ns/op 10 cpu-ns/op"},
		{false, " 100 20 ns/op 10 cpu-ns/op 10 B/record 40 B/set"},
	} {
		task := &Task{Ring: 4, Set: 40, NoBytes: tt.noBytes}
		if got := task.timed(r, Timing{N: 100, CPU: 1000, Wall: 2000, GC: -1}).String(); got != r.Name()+tt.want {
			t.Errorf("got %s, want %s", got, r.Name()+tt.want)
		}
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }
