package jvm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/statetime"
	"github.com/wirecost/wirecost/records"
)

// unitBackground is what the threads of RocksDB take, beside the one that accesses.
const unitBackground = "background-ns/op"

// A StateRun measures accesses to keyed state in the released backends, in the rounds of a matrix. There is a JVM for each codec
// and backend, as a job has one backend; the first codec has a second one.
type StateRun struct {
	Lab            harness.Lab
	Set            *records.Set // a power of two
	Runtime        string       // flink2 or flink1
	Codecs         []string
	Accesses       []statetime.Access
	Keys           int // of each state
	MaxParallelism int // key groups
	Measure        measure.Config
	Seen           harness.Observer

	subject *harness.Subject
	begin   func(line, harness.Session) (harness.Staying, error) // nil: start
}

// A stateRequest is a line to the worker in Java about an access.
type stateRequest struct {
	request
	State keyed `json:"state"`
}

// keyed is a keyed state.
type keyed struct {
	Keys   int    `json:"keys"`
	Groups int    `json:"groups"`
	Dir    string `json:"dir"` // for files of the backend
}

// Run measures. What the machine lacks is a fact about each cell. The error is that of the context, or of a file.
func (r *StateRun) Run(ctx context.Context) (*statetime.Times, error) {
	r.subject = &harness.Subject{Schema: r.Set.Schema, Type: r.Set.Type}
	for i := range r.Set.Records {
		r.subject.Records = append(r.subject.Records, r.Set.At(i))
	}
	out := &statetime.Times{Runtime: r.Runtime, Keys: r.Keys, CPU: map[results.Cell][]float64{}, Background: map[results.Cell][]float64{}}
	core, _ := measure.TakeCore()
	defer core.Release()
	x, err := r.start(core, out)
	if errors.As(err, new(measure.Unmeasured)) {
		for _, c := range r.cells() {
			out.Failures = append(out.Failures, results.Failure{Cell: c, Reason: results.OneLine(err.Error()), Kind: results.Unmeasured})
		}
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	defer x.Close()
	return out, errors.Join(r.measure(ctx, x, out), x.Close())
}

func (r *StateRun) cells() []results.Cell {
	var cells []results.Cell
	for _, codec := range r.Codecs {
		for _, a := range r.Accesses {
			cells = append(cells, a.Cell(r.subject.Name(), r.Runtime, codec))
		}
	}
	return cells
}

func (r *StateRun) measure(ctx context.Context, x *stateSession, out *statetime.Times) error {
	n := len(r.subject.Records)
	runner := measure.Runner{
		Config: r.Measure, Clock: measure.System(), Worker: x,
		Stays: func(results.Cell) bool { return true },
		Data:  func(results.Cell) measure.Data { return measure.Data{Records: n} },
		Sink: measure.Sink{
			Schedule: r.Seen.Schedule, Progress: r.Seen.Progress,
			Fail: func(f results.Failure) error {
				out.Failures = append(out.Failures, f)
				return nil
			},
			Sample: func(_ int, s results.Sample) error {
				cpu, _ := s.Value(results.UnitCPU)
				out.CPU[s.Cell] = append(out.CPU[s.Cell], cpu)
				return nil
			},
		},
	}
	runner.Ref = r.Codecs[0]
	err := runner.Run(ctx, r.cells())
	x.mu.Lock()
	defer x.mu.Unlock()
	warm, limits := x.warmth()
	out.Limits = limits
	out.Fact = strings.Join(append([]string{x.versions("a JVM for each codec and backend"), "without compiler and collector", "records have crossed an exchange once"}, warm...), "; ")
	return err
}

// A stateSession is the worker of a StateRun.
type stateSession struct {
	*session
	rocksdb    error                      // why it cannot be measured
	background map[results.Cell][]float64 // by round
}

// start starts the session. Its error is a measure.Unmeasured where the machine lacks something.
func (r *StateRun) start(core measure.Core, out *statetime.Times) (*stateSession, error) {
	i := slices.IndexFunc(lines, func(l line) bool { return l.name == r.Runtime })
	if i < 0 {
		return nil, fmt.Errorf("runtime %q has no state backends", r.Runtime)
	}
	begin := r.begin
	if begin == nil {
		begin = start
	}
	x, err := begin(lines[i], harness.Session{Core: core, Lab: r.Lab, Subjects: []*harness.Subject{r.subject}})
	if err != nil {
		return nil, err
	}
	s := &stateSession{session: x.(*session), background: out.Background}
	if dir, err := Dir(); err == nil {
		s.rocksdb = lines[i].checkRocksDB(dir)
	}
	s.configure(r)
	return s, nil
}

// configure has a JVM for each backend, with room for the objects in its states.
func (x *stateSession) configure(r *StateRun) {
	x.jvms.Span = nil // they stay, with their states
	x.jvms.Key = func(q measure.Request) string {
		return fmt.Sprint(q.Codec, " ", q.Twin, " ", statetime.BackendOf(q.Op))
	}
	x.jvms.Line = func(q measure.Request) ([]byte, error) {
		ask, err := x.ask(q)
		if err != nil {
			return nil, err
		}
		return json.Marshal(stateRequest{ask, keyed{r.Keys, r.MaxParallelism, x.dir}})
	}
	set := x.records[r.subject.Name()]
	for _, a := range r.Accesses {
		if a.Backend == statetime.Heap {
			set.bytes += int64(r.Keys) * int64(128+16*a.Length) / heapShare // objects of an entry, and of the elements of a list that fills
		}
	}
	x.records[r.subject.Name()] = set
}

// heapShare: the heap of a JVM has so many bytes for each of the records.
const heapShare = 64

// buildAny builds, and does without RocksDB where only its jars cannot be had: 90 MB that nothing but state needs.
func (t Toolchain) buildAny(ctx context.Context, dir string, log io.Writer) error {
	err := t.build(ctx, dir, log)
	if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "rocksdb") {
		return err
	}
	fmt.Fprintf(log, "building without RocksDB, which state --runtime will not measure: %v\n", err)
	return t.maven(ctx, dir, "-Dwithout-rocksdb")
}

// checkRocksDB says why a build cannot measure RocksDB.
func (l line) checkRocksDB(dir string) error {
	found, err := filepath.Glob(filepath.Join(filepath.Dir(l.jar(dir)), "lib", "frocksdbjni-*.jar"))
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("the worker was built without RocksDB, whose jar could not be had: delete %s, and run wirecost flink build where Maven Central can be reached", dir)
	}
	return err
}

// Do asks a JVM. The time of a sample is that of all threads, where it is known.
func (x *stateSession) Do(ctx context.Context, q measure.Request) (results.Sample, error) {
	if x.rocksdb != nil && statetime.BackendOf(q.Op) == statetime.RocksDB && q.Mode != measure.Prove {
		return results.Sample{}, measure.Unmeasured{Err: x.rocksdb}
	}
	s, err := x.session.Do(ctx, q)
	background, ok := s.Value(unitBackground)
	if err != nil || !ok || q.Mode != measure.Time {
		return s, err
	}
	for i := range s.Values {
		if s.Values[i].Unit == results.UnitCPU {
			s.Values[i].Value += background
		}
	}
	if !q.Twin {
		x.background[q.Cell] = append(x.background[q.Cell], background)
	}
	return s, nil
}

// StateCodecs returns the names of the codecs of a line of Flink, nil if it is none.
func StateCodecs(runtime string) []string {
	for _, l := range lines {
		if l.name == runtime {
			return l.codecs
		}
	}
	return nil
}

// StateRuntimes names the runtimes whose state is measured.
func StateRuntimes() string {
	var names []string
	for _, l := range lines {
		names = append(names, l.name)
	}
	return strings.Join(names, ", ")
}
