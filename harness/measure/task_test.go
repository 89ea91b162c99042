package measure

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

// A lab is a task with invented times: each operation takes perOp of CPU and twice that of wall time.
type lab struct {
	cpu, wall time.Duration
	perOp     time.Duration
	log       []string // what happened, in order
	ran       []int    // operations of each call of Work
}

func (l *lab) clock() Clock {
	return Clock{
		CPU:  func() time.Duration { l.log = append(l.log, "cpu"); return l.cpu },
		Wall: func() time.Duration { l.log = append(l.log, "wall"); return l.wall },
	}
}

// task returns a task of a ring of 4 records, 40 bytes in all.
func (l *lab) task() *Task {
	return &Task{Ring: 4, Set: 40, Work: func(n int) (int64, error) {
		l.log = append(l.log, "work")
		l.ran = append(l.ran, n)
		l.cpu += time.Duration(n) * l.perOp
		l.wall += 2 * time.Duration(n) * l.perOp
		return int64(n) * 10, nil
	}}
}

func TestTime(t *testing.T) {
	l := &lab{perOp: 3 * time.Microsecond}
	got, err := l.task().Time(l.clock(), 1000)
	want := Timing{N: 1000, CPU: 3 * time.Millisecond, Wall: 6 * time.Millisecond, GC: -1}
	if got != want || err != nil {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	end := l.log[len(l.log)-5:]
	if diff := cmp.Diff([]string{"wall", "cpu", "work", "cpu", "wall"}, end); diff != "" {
		t.Errorf("around the timed region (-want +got):\n%s", diff)
	}
	warm, timed := l.ran[:len(l.ran)-1], l.ran[len(l.ran)-1]
	if n := sum(warm); time.Duration(n)*l.perOp < warmTime || n > 3340 || timed != 1000 {
		t.Errorf("warmed up with %d operations and timed %d, want about 3334 (10 ms) and 1000", n, timed)
	}
}

// Warm-up is two rings, 10 ms, or a tenth of the sample, whichever is longest.
func TestWarm(t *testing.T) {
	for _, tt := range []struct {
		name  string
		perOp time.Duration
		n     int
		want  int // operations of warm-up
	}{
		{"10 ms", time.Millisecond, 8, 12},
		{"two rings", 20 * time.Millisecond, 4, 8},
		{"a tenth", time.Millisecond, 400, 40},
		{"a tenth, whole rings", time.Millisecond, 420, 44},
	} {
		l := &lab{perOp: tt.perOp}
		if _, err := l.task().Time(l.clock(), tt.n); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if got := sum(l.ran[:len(l.ran)-1]); got != tt.want {
			t.Errorf("%s: got %d operations of warm-up, want %d", tt.name, got, tt.want)
		}
	}
}

func TestTimeRefuses(t *testing.T) {
	l := &lab{perOp: time.Millisecond}
	for _, n := range []int{0, -4, 6} {
		if _, err := l.task().Time(l.clock(), n); err == nil || len(l.ran) > 0 {
			t.Errorf("%d operations on a ring of 4: got error %v after %d runs, want one before any", n, err, len(l.ran))
		}
	}
}

// A codec that skips work, grows state or fails loses its sample.
func TestLiveness(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name string
		sum  func(call, n int) (int64, error)
		want string
	}{
		{"skips one", func(_, n int) (int64, error) { return int64(n)*10 - 1, nil }, "8 operations gave 79 bytes, want 80"},
		{"grows later", func(call, n int) (int64, error) { return int64(n)*10 + int64(call/2), nil }, "bytes, want"},
		{"fails", func(call, n int) (int64, error) { return 0, broken }, "broken"},
	} {
		l := &lab{perOp: time.Millisecond}
		task, call := l.task(), 0
		work := task.Work
		task.Work = func(n int) (int64, error) {
			call++
			_, _ = work(n)
			return tt.sum(call, n)
		}
		for name, do := range map[string]func() error{
			"Time":      func() error { _, err := task.Time(l.clock(), 40); return err },
			"Calibrate": func() error { _, err := task.Calibrate(l.clock()); return err },
			"Count":     func() error { _, err := task.Count(l.clock()); return err },
		} {
			if err := do(); err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(tt.want, "8 ")) {
				t.Errorf("%s: %s: got error %v, want one with %q", tt.name, name, err, tt.want)
			}
		}
	}
}

func TestCalibrate(t *testing.T) {
	for _, tt := range []struct {
		perOp time.Duration
		n     int
	}{
		{10 * time.Microsecond, 512},
		{time.Second, 4},
		{1250 * time.Microsecond, 4},
		{1249 * time.Microsecond, 8},
	} {
		l := &lab{perOp: tt.perOp}
		got, err := l.task().Calibrate(l.clock())
		if err != nil || got.N != tt.n || got.CPU != time.Duration(tt.n)*tt.perOp {
			t.Errorf("%v per operation: got %+v, %v, want %d operations", tt.perOp, got, err, tt.n)
		}
	}
}

func TestOperations(t *testing.T) {
	for _, tt := range []struct {
		cpu  float64 // ns
		ring int
		want int
	}{
		{1000, 1024, 60416},         // 60 000 rounded up
		{60e6 / 1024.0, 1024, 1024}, // exactly one ring
		{1e9, 1024, 1024},           // never less than a ring
		{11.3, 1024, 5309735/1024*1024 + 1024},
	} {
		if got := operations(60*time.Millisecond, tt.cpu, tt.ring); got != tt.want {
			t.Errorf("%v ns each, ring %d: got %d operations, want %d", tt.cpu, tt.ring, got, tt.want)
		}
	}
}

// A worker may say how many operations make a sample at least.
func TestLeast(t *testing.T) {
	for _, tt := range []struct{ least, want int }{{0, 61 * 1024}, {1000, 61 * 1024}, {100_000, 98 * 1024}} {
		j := &job{data: Data{Records: 1024}, knowledge: &knowledge{}}
		answer := results.Sample{N: 8192, Values: []results.Value{{Value: 1000, Unit: results.UnitCPU}, {Value: 1000, Unit: results.UnitWall}, {Value: float64(tt.least), Unit: unitLeast}}}
		if err := j.calibrated(answer, time.Second, 62*time.Millisecond); err != nil || j.n != tt.want || j.operations(62*time.Millisecond) != tt.want {
			t.Errorf("at least %d: got %d operations, error %v, want %d", tt.least, j.n, err, tt.want)
		}
	}
}

var kept []byte

func TestCount(t *testing.T) {
	l := &lab{perOp: time.Microsecond}
	task := l.task()
	task.Work = func(n int) (int64, error) {
		l.cpu += time.Duration(n) * l.perOp
		for range n {
			kept = make([]byte, 48)
		}
		return int64(n) * 10, nil
	}
	got, err := task.Count(l.clock())
	if want := (Tally{N: 80, Allocs: 1, Bytes: 48}); got != want || err != nil {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

// What warm-up sends does not count.
func TestWireIsCounted(t *testing.T) {
	l := &lab{perOp: time.Millisecond}
	task, wire := l.task(), int64(0)
	work := task.Work
	task.Work = func(n int) (int64, error) { wire += 23 * int64(n); return work(n) }
	task.Wire = func() int64 { return wire }
	if got, err := task.Time(l.clock(), 8); got.Wire != 8*23 || err != nil {
		t.Errorf("got %d bytes over the wire, %v, want %d", got.Wire, err, 8*23)
	}
}

func sum(xs []int) int {
	s := 0
	for _, x := range xs {
		s += x
	}
	return s
}
