package jvm

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/harness/statetime"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas/streams"
)

// stateRun is a run of few accesses.
func stateRun(t *testing.T, choice statetime.Choice, codecs ...string) *StateRun {
	t.Helper()
	s, err := streams.Get("nexmark.Bid")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	accesses, err := choice.Accesses()
	if err != nil {
		t.Fatal(err)
	}
	return &StateRun{Lab: lab(), Set: plan.Set(1, 64), Runtime: "flink2", Codecs: codecs, Accesses: accesses, Keys: 256, MaxParallelism: 128,
		Measure: measure.Config{Rounds: 1}}
}

// invent has the run ask an invented worker, and keep its files in the folder that it returns.
func (r *StateRun) invent(t *testing.T, spoil string) (dir string) {
	dir = t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Setenv("HOME", dir)
	built, err := Dir()
	if err != nil {
		t.Fatal(err)
	}
	lib := filepath.Join(filepath.Dir(lines[0].jar(built)), "lib")
	if err := errors.Join(os.MkdirAll(lib, 0o755), os.WriteFile(filepath.Join(lib, "frocksdbjni-8.jar"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	r.begin = func(l line, s harness.Session) (harness.Staying, error) {
		s.Lab.Formats = nil // there is nothing to compare an invented proof with
		return newSession(l, s, func(int64) []string { return []string{os.Args[0], "worker", spoil} })
	}
	return dir
}

// Times are those of all threads, those of RocksDB are known beside, and no file is left.
func TestState(t *testing.T) {
	r := stateRun(t, statetime.Choice{Kind: state.Value}, "pojo", "kryo")
	dir := r.invent(t, "")
	times, err := r.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]float64{}
	for c, cpu := range times.CPU {
		got[c.Codec+" "+c.Op] = append(append([]float64{}, cpu...), times.Background[c]...)
	}
	want := map[string][]float64{}
	for _, codec := range []string{"pojo", "pojo.aa", "kryo"} {
		for _, a := range r.Accesses {
			want[codec+" "+a.Op()] = []float64{13, 4}
			if codec == "pojo.aa" {
				want[codec+" "+a.Op()] = []float64{13}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" || len(times.Failures) > 0 {
		t.Errorf("times, and of RocksDB (-want +got):\n%s\nfailures %v", diff, times.Failures)
	}
	if !strings.HasPrefix(times.Fact, "Flink 2.3.0, ") || !strings.Contains(times.Fact, "a JVM for each codec and backend") {
		t.Errorf("got fact %q", times.Fact)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "wirecost-flink2-*")); err != nil || len(left) > 0 {
		t.Errorf("left %v, error %v", left, err)
	}
}

// What cannot be measured is a failure of its cells, and the rest goes on.
func TestStateFailures(t *testing.T) {
	r := stateRun(t, statetime.Choice{Kind: state.Value}, "pojo")
	dir := r.invent(t, "")
	jars, err := filepath.Glob(filepath.Join(dir, "wirecost", "*", "flink2", "target", "lib", "*.jar"))
	if err != nil || len(jars) != 1 || os.Remove(jars[0]) != nil {
		t.Fatalf("jars %v, error %v", jars, err)
	}
	times, err := r.Run(t.Context())
	if err != nil || len(times.Failures) != 2 || !strings.HasPrefix(times.Failures[0].Reason, "the worker was built without RocksDB") ||
		times.Failures[0].Kind != results.Unmeasured || len(times.CPU) != 4 {
		t.Errorf("without RocksDB: got %+v, error %v", times, err)
	}
	r = stateRun(t, statetime.Choice{Kind: state.Value}, "pojo")
	r.invent(t, "die")
	times, err = r.Run(t.Context())
	if err != nil || len(times.Failures) != 4 || !strings.Contains(times.Failures[0].Reason, "OutOfMemoryError") || times.Failures[0].Kind != results.Failed {
		t.Errorf("a worker that dies: got %+v, error %v", times, err)
	}
	r = stateRun(t, statetime.Choice{Kind: state.Value}, "pojo")
	t.Setenv("JAVA_HOME", "/nowhere")
	times, err = r.Run(t.Context())
	if err != nil || len(times.Failures) != 4 || !strings.Contains(times.Failures[0].Reason, "set it to a JDK 17") {
		t.Errorf("without a JDK: got %+v, error %v", times, err)
	}
	r.Runtime = "go"
	if _, err := r.Run(t.Context()); err == nil || err.Error() != `runtime "go" has no state backends` {
		t.Errorf("got error %v", err)
	}
}

// A worker is built without RocksDB where its jars cannot be had, and with nothing else left out.
func TestBuildWithoutRocksDB(t *testing.T) {
	bin, cache := t.TempDir(), t.TempDir()
	t.Setenv("HOME", cache)
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("JAVA_HOME", "")
	script(t, bin, "java", `echo 'version "17.0.1"' >&2`)
	script(t, bin, "mvn", `case "$*" in *-Dwithout-rocksdb*) for l in flink1 flink2; do mkdir -p $l/target/lib && touch $l/target/worker.jar; done;;
*) echo "[ERROR] Could not resolve org.apache.flink:flink-statebackend-rocksdb:jar:2.3.0"; exit 1;; esac`)
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	var log strings.Builder
	dir, err := Build(t.Context(), FindToolchain(t.Context()), &log)
	if err != nil || !strings.Contains(log.String(), "building without RocksDB, which state --runtime will not measure: mvn package") {
		t.Fatalf("got error %v, said %q", err, &log)
	}
	if err := lines[0].checkRocksDB(dir); err == nil || !strings.Contains(err.Error(), "run wirecost flink build where Maven Central can be reached") {
		t.Errorf("got %v", err)
	}
}

// The released backends are measured.
func TestStateReleased(t *testing.T) {
	if testing.Short() {
		t.Skip("a sample in RocksDB takes a second")
	}
	r := stateRun(t, statetime.Choice{Kind: state.List, Lengths: []int{4}}, "pojo")
	r.Accesses = r.Accesses[1:] // in RocksDB
	times, err := r.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(times.Failures) > 0 && times.Failures[0].Kind == results.Unmeasured {
		t.Skipf("NOT TESTED against the released Flink: %s", times.Failures[0].Reason)
	}
	if len(times.CPU) != 2 || len(times.Failures) > 0 {
		t.Errorf("got %+v, want 2 cells", times)
	}
}
