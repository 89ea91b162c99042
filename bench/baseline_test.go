package bench_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/schemas/streams"
)

const baseline = "../results/baseline.txt"

// What marks a process that is not to test, but counts one cell for another, or is a worker of a run.
const (
	countEnv  = "WIRECOST_COUNT_CHILD"
	workerEnv = "WIRECOST_WORKER"
)

// Passes over the ring while allocations are counted: one, or twenty where one does not give what the baseline says.
// vmihailenco/msgpack allocates ahead, 256 values of a type in a goroutine of its own, which a short count sees as up to a
// quarter of an allocation more or less. Where the mean is near a whole number even the long count comes out on either side of it, so it has several tries.
const (
	fewPasses  = 1
	manyPasses = 20
	tries      = 6
)

// A countRequest asks a child process for the exact units of a cell.
type countRequest struct {
	Cell   results.Cell
	Passes int
}

// TestMain answers the requests of a parent that wants something done in a process of its own.
func TestMain(m *testing.M) {
	var err error
	switch {
	case os.Getenv(countEnv) != "":
		err = serveCount(os.Stdin, os.Stdout)
	case os.Getenv(workerEnv) != "":
		err = measure.Serve(os.Stdin, os.Stdout, measure.System(), lab.Open)
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(0)
}

// serveCount answers one countRequest.
func serveCount(in io.Reader, out io.Writer) error {
	var r countRequest
	if err := json.NewDecoder(in).Decode(&r); err != nil {
		return err
	}
	s, err := r.count()
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, s.String()+"\n")
	return err
}

// TestBaseline computes the exact units of all streams and codecs again and compares them with the committed ones.
// Sizes must be equal everywhere; allocations only where Go, GOARCH and tags are. UPDATE=1 writes the file.
func TestBaseline(t *testing.T) {
	if os.Getenv("UPDATE") != "" {
		var out bytes.Buffer
		if err := exactUnits(t, nil).Write(&out); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(baseline, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(baseline)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := results.Read(f, baseline)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, exactUnits(t, want), want)
}

func compare(t *testing.T, got, want *results.File) {
	if !slices.Equal(got.Schemas, want.Schemas) {
		t.Errorf("schemas: got %v, want %v", got.Schemas, want.Schemas)
	}
	if !slices.Equal(got.Failures, want.Failures) {
		t.Errorf("not carried: got %v, want %v", got.Failures, want.Failures)
	}
	units := []string{results.UnitSet}
	if sameBuild(got, want) {
		units = append(units, results.UnitAllocs)
	}
	index := map[results.Cell]results.Sample{}
	for _, s := range got.Samples {
		index[s.Cell] = s
	}
	for _, w := range want.Samples {
		g, ok := index[w.Cell]
		if !ok {
			t.Errorf("%s is gone; make baseline", w.Cell)
			continue
		}
		delete(index, w.Cell)
		for _, unit := range units {
			gv, _ := g.Value(unit)
			if wv, _ := w.Value(unit); gv != wv {
				t.Errorf("%s: got %v %s, want %v", w.Cell, gv, unit, wv)
			}
		}
	}
	for c := range index {
		t.Errorf("%s is not in the baseline; make baseline", c)
	}
}

func sameBuild(a, b *results.File) bool {
	x, y := build(a.Header), build(b.Header)
	return x == y && !raceEnabled
}

// exactUnits measures every cell, without a clock. Cells that do not allocate what expected says are counted again,
// longer.
func exactUnits(t *testing.T, expected *results.File) *results.File {
	want := map[results.Cell]float64{}
	if expected != nil {
		for _, s := range expected.Samples {
			want[s.Cell], _ = s.Value(results.UnitAllocs)
		}
	}
	f := &results.File{Header: header(), Facts: results.Facts{MadeBy: "make baseline"}}
	for _, stream := range streams.Names() {
		subject, err := lab.Subject(dataOf(stream))
		if err != nil {
			t.Fatal(err)
		}
		fact, err := subject.Fact()
		if err != nil {
			t.Fatal(err)
		}
		f.Schemas = append(f.Schemas, fact)
		for _, format := range all.Formats {
			addFormat(t, f, want, format, subject)
		}
	}
	return f
}

// A buildKey is what exact units depend on.
type buildKey struct{ goarch, version, experiment, tags string }

func build(h results.Header) buildKey { return buildKey{h.GOARCH, h.Go, h.Experiment, h.Tags} }

// header keeps of the machine what exact units depend on.
func header() results.Header {
	m := measure.Machine()
	return results.Header{GOARCH: m.GOARCH, Go: m.Go, Experiment: m.Experiment, Tags: m.Tags, Seed: "1"}
}

func addFormat(t *testing.T, f *results.File, want map[results.Cell]float64, format codecs.Format, subject *harness.Subject) {
	bind := sync.OnceValues(func() (*harness.Bound, error) { return harness.Bind(format, subject) })
	for _, op := range harness.Ops {
		cell := results.Cell{Schema: subject.Schema.Name, Codec: format.Name, Runtime: "go", Op: string(op), Procs: 1}
		count := func(passes int) (results.Sample, error) {
			if format.Global {
				return countInChild(t.Context(), countRequest{cell, passes})
			}
			return countOf(bind, countRequest{cell, passes})
		}
		s, err := count(fewPasses)
		for try := 0; err == nil && try < tries && differs(s, want, cell); try++ {
			s, err = count(manyPasses)
		}
		switch {
		case errors.Is(err, errNothing):
		case err != nil:
			f.Failures = append(f.Failures, results.Failure{Cell: cell, Reason: err.Error(), Kind: results.NotCarried})
			return // for the same reason in every op
		default:
			f.Samples = append(f.Samples, s)
		}
	}
}

// differs reports whether s allocates other than want says. Where want is silent one long count is enough.
func differs(s results.Sample, want map[results.Cell]float64, cell results.Cell) bool {
	expected, known := want[cell]
	allocs, _ := s.Value(results.UnitAllocs)
	return !known && s.N < manyPasses*harness.DefaultRecords || known && allocs != expected
}

var errNothing = errors.New("nothing to convert")

func (r countRequest) count() (results.Sample, error) {
	subject, err := lab.Subject(dataOf(r.Cell.Schema))
	if err != nil {
		return results.Sample{}, err
	}
	i := slices.IndexFunc(all.Formats, func(f codecs.Format) bool { return f.Name == r.Cell.Codec })
	return countOf(func() (*harness.Bound, error) { return harness.Bind(all.Formats[i], subject) }, r)
}

// countOf returns the exact units of a cell, its round trip proved.
func countOf(bind func() (*harness.Bound, error), r countRequest) (results.Sample, error) {
	c, err := bind()
	if err != nil {
		return results.Sample{}, err
	}
	if _, ok := c.Codec.(codecs.Converter); !ok && r.Cell.Op == string(harness.Convert) {
		return results.Sample{}, errNothing
	}
	if r.Cell.Op == string(harness.Encode) {
		if err := c.Prove(); err != nil {
			return results.Sample{}, err
		}
	}
	task, err := c.Task(harness.Op(r.Cell.Op))
	if err != nil {
		return results.Sample{}, err
	}
	n := len(c.Natives)
	allocs, err := allocations(task.Work, r.Passes*n)
	return results.Sample{Cell: r.Cell, N: r.Passes * n, Values: []results.Value{
		{Value: float64(allocs), Unit: results.UnitAllocs},
		{Value: float64(c.Set) / float64(n), Unit: results.UnitSize}, {Value: float64(c.Set), Unit: results.UnitSet},
	}}, err
}

// allocations returns what one of n operations allocates, rounded down, after a warm-up of as many.
func allocations(work func(int) (int64, error), n int) (uint64, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if _, err := work(n); err != nil {
		return 0, err
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := work(n)
	runtime.ReadMemStats(&after)
	return (after.Mallocs - before.Mallocs) / uint64(n), err
}

// countInChild counts in a process that has done nothing else.
func countInChild(ctx context.Context, r countRequest) (results.Sample, error) {
	request, err := json.Marshal(r)
	if err != nil {
		return results.Sample{}, err
	}
	var stderr strings.Builder
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), countEnv+"=1")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(request), &stderr
	out, err := cmd.Output()
	switch {
	case err != nil && stderr.String() == errNothing.Error():
		return results.Sample{}, errNothing
	case err != nil:
		return results.Sample{}, errors.New(cmp.Or(stderr.String(), err.Error()))
	}
	return results.ParseSample(strings.TrimSpace(string(out)))
}
