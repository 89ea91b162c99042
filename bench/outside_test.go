package bench_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/report"
	"github.com/wirecost/wirecost/harness/results"
)

// TestOutside builds a module of somebody else, with a struct and a codec of their own beside ours, runs its benchmarks once,
// and pivots them with benchstat. Their module has what they would write, and nothing else.
func TestOutside(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a module")
	}
	dir := outsideModule(t, "testdata/outside")
	out := goRun(t, dir, "test", "-run", "^$", "-cpu", "1", "-bench", ".", "-benchtime", "1x", ".")
	f, err := results.Read(strings.NewReader(out), "go test")
	if err != nil {
		t.Fatal(err)
	}
	has := map[results.Cell]results.Sample{}
	for _, s := range f.Samples {
		has[s.Cell] = s
	}
	for _, codec := range []string{"avro", "json", "msgpack", "pojo", "gob", "mine"} {
		c := results.Cell{Schema: "shop.Order", Codec: codec, Runtime: "go", Op: results.OpDecode, Procs: 1}
		if size, ok := has[c].Value(results.UnitSize); !ok || size <= 0 {
			t.Errorf("%s: got %v B/record in\n%s", c, size, out)
		}
		c.Op, c.Exchange, c.Keybys = results.OpMove, "local", 2
		if _, ok := has[c].Value(results.UnitWire); !ok {
			t.Errorf("no %s with wire-B/record in\n%s", c, out)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "out.txt"), []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
	table := goRun(t, ".", "tool", "benchstat", "-col", "/codec", "-filter", "/op:decode .unit:B/record", filepath.Join(dir, "out.txt"))
	for _, codec := range []string{"avro", "json", "msgpack", "pojo", "gob", "mine"} {
		if !regexp.MustCompile(`│ +` + codec + ` +│`).MatchString(table) {
			t.Errorf("benchstat has no column of %s:\n%s", codec, table)
		}
	}
}

// TestOwnExchange builds the worker of a module that brings an exchange of its own, and has a run measure it beside local: one
// more value in the list is all that this module is told.
func TestOwnExchange(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a module")
	}
	dir := outsideModule(t, "testdata/ownexchange")
	worker := filepath.Join(dir, "worker")
	goRun(t, dir, "build", "-o", worker, ".")
	post := exchange.Exchange{Name: "post", Encodes: true, Program: []string{worker}, Framing: func(exchange.Config) int { return 4 }}
	runtime := harness.Go
	runtime.Worker = &measure.Process{Command: func(int) []string { return []string{os.Args[0]} }, Env: []string{workerEnv + "=1"}}
	own := lab
	own.Exchanges, own.Runtimes = append(slices.Clone(exchange.All), post), []harness.Runtime{runtime}
	s, err := own.Subject(measure.Data{Stream: "nexmark.Bid", Seed: 1, Records: 64})
	if err != nil {
		t.Fatal(err)
	}
	plan := harness.Plan{Lab: own, Subjects: []*harness.Subject{s}, Codecs: []string{"avro", "json"}, Exchanges: []string{"local", "post"},
		Keybys: []int{0, 1}, Measure: measure.Config{Rounds: 1, Slice: time.Millisecond}}
	var out bytes.Buffer
	if err := plan.Run(t.Context(), &out, harness.Observer{}); err != nil {
		t.Fatal(err)
	}
	f, err := results.Read(&out, "run")
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Failures) > 0 {
		t.Fatalf("got failures %v, want none", f.Failures)
	}
	r, err := report.New(f, report.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			if row.Keyby == nil {
				t.Fatalf("%s: %s has no price; notes %v", table.Exchange.Kind, row.Codec, r.Notes)
			}
			tables = append(tables, fmt.Sprintf("%s %s %.0f", table.Exchange.Kind, row.Codec, row.Keyby.Wire-*row.Size))
		}
	}
	slices.Sort(tables)
	want := []string{"local avro 5", "local json 5", "post avro 4", "post json 4"}
	if diff := cmp.Diff(want, tables); diff != "" {
		t.Errorf("exchange, codec, framing (-want +got):\n%s", diff)
	}
}

// outsideModule copies the files of a module from testdata, and makes it one that requires this module as it is here.
func outsideModule(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	const self = "github.com/wirecost/wirecost"
	mod := fmt.Sprintf("module example.com/outside\n\ngo 1.26.0\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", self, self, root)
	sum, err := os.ReadFile("../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{"go.mod": []byte(mod), "go.sum": sum} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// goRun runs the go command in dir, without the network, and returns what it prints.
func goRun(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off")
	if dir != "." {
		cmd.Env = append(cmd.Env, "GOFLAGS=-mod=mod")
	}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
