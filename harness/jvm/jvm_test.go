package jvm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/interop/flink"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/streams"
)

// TestMain is also the worker that a session starts, in the place of a JVM.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || os.Args[1] != "worker" {
		os.Exit(m.Run())
	}
	if err := fakeWorker(os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// fakeWorker answers with invented times. Its proof writes the records as they came, which no codec does.
func fakeWorker(spoil string) error {
	in := json.NewDecoder(os.Stdin)
	for in.More() {
		var r request
		if err := in.Decode(&r); err != nil {
			return err
		}
		records, err := os.ReadFile(r.Path)
		if err != nil {
			return err
		}
		switch {
		case spoil == "die" && r.Mode == measure.Time:
			return errors.New("java.lang.OutOfMemoryError: Java heap space")
		case spoil == "killed" && r.Mode == measure.Time && r.Codec == "kryo":
			if p, err := os.FindProcess(os.Getpid()); err != nil || p.Kill() != nil {
				return fmt.Errorf("not killed: %v", err)
			}
			select {}
		case spoil == "refuse":
			fmt.Println(`{"error": "SQL has no type for it", "not-carried": true}`)
			continue
		}
		warm := " 1500000000 warm-ns " + map[bool]string{true: "0", false: "1"}[spoil == "cold"] + " warm"
		values := "10 ns/op 9 cpu-ns/op 100 B/record 1 B/set"
		switch r.Mode {
		case measure.Prove:
			if err := os.WriteFile(r.Out, records, 0o600); err != nil {
				return err
			}
			values = "100 B/record 1 B/set"
		case measure.Calibrate:
			values += " 5 B/op" + warm
		case measure.Count:
			values = "5 B/op"
		case measure.Time:
			values += " 3 jit-ms" + warm
			if r.Cell.IsState() {
				values += " 4 background-ns/op"
			}
		}
		fmt.Printf("%s %d %s\n", r.Cell.Name(), max(r.N, r.Records), values)
	}
	return nil
}

func lab() harness.Lab {
	return harness.Lab{Formats: slices.Concat(all.Formats, all.Released), Exchanges: exchange.All, Stream: streams.Get}
}

func subject(t *testing.T, l harness.Lab, stream string) *harness.Subject {
	t.Helper()
	s, err := l.Subject(measure.Data{Stream: stream, Seed: 1, Records: 8})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// measured runs a plan with a worker that is spoiled.
func measured(t *testing.T, spoil string) *results.File {
	t.Helper()
	l := lab()
	r := lines[0].runtime()
	r.Start = func(s harness.Session) (harness.Staying, error) {
		s.Lab.Formats = nil // there is nothing to compare an invented proof with
		return newSession(lines[0], s, func(int64) []string { return []string{os.Args[0], "worker", spoil} })
	}
	l.Runtimes = []harness.Runtime{harness.Go, r}
	return run(t, &harness.Plan{Lab: l, Subjects: []*harness.Subject{subject(t, l, "nexmark.Bid")}, Codecs: []string{"avro", "pojo", "kryo"},
		Runtimes: []string{"flink2"}, Ops: []harness.Op{harness.Encode, harness.Convert, harness.Copy}, Measure: measure.Config{Rounds: 2}})
}

// run runs p to its end, and checks that no process is left behind.
func run(t *testing.T, p *harness.Plan) *results.File {
	t.Helper()
	var out strings.Builder
	if err := p.Run(t.Context(), &out, harness.Observer{}); err != nil {
		t.Fatal(err)
	}
	f, err := results.Read(strings.NewReader(out.String()), "run")
	if err != nil {
		t.Fatal(err)
	}
	if left := children(t); len(left) > 0 {
		t.Errorf("processes %v are left behind", left)
	}
	return f
}

// children returns the processes that this one has started and that are still there, where the system says.
func children(t *testing.T) []string {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	var pids []string
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil { // it has just ended
			continue
		}
		pid, _, _ := strings.Cut(string(text), " ")
		fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if len(fields) > 1 && fields[1] == fmt.Sprint(os.Getpid()) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// A runtime has cells of its own codecs and ops, and what it is stands in the file.
func TestRun(t *testing.T) {
	f := measured(t, "")
	got := map[string]int{}
	for _, s := range f.Samples {
		got[s.Cell.Codec+" "+s.Cell.Op]++
	}
	want := map[string]int{"pojo encode": 2, "pojo.aa encode": 2, "kryo encode": 2, "pojo copy": 2, "pojo.aa copy": 2, "kryo copy": 2}
	if diff := cmp.Diff(want, got); diff != "" || len(f.Failures) > 0 {
		t.Errorf("samples (-want +got):\n%s\nfailures %v", diff, f.Failures)
	}
	const fact = "Flink 2.3.0, flink-avro 2.3.0, Kryo 5.6.2, .*; 12 warm-ups until the compiler rested, 18s; it was at work in 12 of 12 samples$"
	if len(f.Facts.Runtimes) != 1 || !regexp.MustCompile(fact).MatchString(f.Facts.Runtimes[0].Text) {
		t.Errorf("got facts %q, want %s", f.Facts.Runtimes, fact)
	}
}

// A mixed JVM is told what to serialize first.
func TestMixed(t *testing.T) {
	l := lab()
	x, err := newSession(lines[0].mix(), harness.Session{Lab: l, Subjects: []*harness.Subject{subject(t, l, "nexmark.Bid")}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	text, err := x.request(measure.Request{Cell: results.Cell{Schema: "nexmark.Bid"}})
	var r request
	if err := errors.Join(err, json.Unmarshal(text, &r)); err != nil || len(r.Others) != len(others) {
		t.Fatalf("got %s, error %v, want %d others", text, err, len(others))
	}
	for _, o := range r.Others {
		if info, err := os.Stat(o.Path); err != nil || info.Size() == 0 {
			t.Errorf("%s: no records: %v", o.Type, err)
		}
	}
	if fact, _ := x.Fact(); !strings.Contains(fact.Text, "that has served nexmark.Person, wikipedia.RecentChange, orders.Order before") {
		t.Errorf("got %q", fact.Text)
	}
}

// What goes wrong in a worker is a row of its cell.
func TestRows(t *testing.T) {
	for _, tt := range []struct {
		spoil, want string
		kind        results.FailureKind
		rows        int
	}{
		{"die", "time: worker: exit status 1: java.lang.OutOfMemoryError: Java heap space", results.Failed, 4},
		{"refuse", "SQL has no type for it", results.NotCarried, 4},
		{"killed", "time: worker: signal: killed", results.Failed, 2}, // those of pojo are measured
	} {
		f := measured(t, tt.spoil)
		if len(f.Failures) != tt.rows || f.Failures[0].Reason != tt.want || f.Failures[0].Kind != tt.kind {
			t.Errorf("%s: got rows %v, want %d with %q", tt.spoil, f.Failures, tt.rows, tt.want)
		}
	}
}

// A warm-up that did not end is said before any number.
func TestCold(t *testing.T) {
	f := measured(t, "cold")
	if len(f.Facts.Limits) == 0 || !strings.Contains(strings.Join(f.Facts.Limits, "\n"), "flink2, encode of pojo: the JIT compiler had not come to rest after 4 warm-ups: ") {
		t.Errorf("got limits %q", f.Facts.Limits)
	}
}

// On another release of Java each cell is a row that says which is wanted, and the run goes on.
func TestOtherJava(t *testing.T) {
	for _, release := range []string{"11.0.2", "21.0.1"} {
		home := t.TempDir()
		if err := os.Mkdir(filepath.Join(home, "bin"), 0o700); err != nil {
			t.Fatal(err)
		}
		script(t, filepath.Join(home, "bin"), "java", `echo 'openjdk version "`+release+`" 2025-04-15' >&2`)
		t.Setenv("JAVA_HOME", home)
		l := lab()
		l.Runtimes = []harness.Runtime{harness.Go, Flink2}
		f := run(t, &harness.Plan{Lab: l, Subjects: []*harness.Subject{subject(t, l, "nexmark.Bid")}, Codecs: []string{"pojo", "kryo"},
			Runtimes: []string{"flink2"}, Ops: []harness.Op{harness.Encode}, Measure: measure.Config{Rounds: 1}})
		want := "/java is Java " + release + ", and Flink is measured on 17: set JAVA_HOME to a JDK 17"
		if len(f.Failures) != 2 || !strings.Contains(f.Failures[0].Reason, want) || f.Failures[0].Kind != results.Unmeasured {
			t.Errorf("got rows %v, want 2 with %q", f.Failures, want)
		}
	}
}

// Without a worker each cell is a row that says what helps, and the run goes on.
func TestNotBuilt(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	_, err := Flink2.Start(harness.Session{Lab: lab()})
	if !errors.As(err, new(measure.Unmeasured)) || !strings.Contains(err.Error(), "wirecost flink build") {
		t.Errorf("got error %v, want one that names the command", err)
	}
}

func TestCompare(t *testing.T) {
	file := []byte{0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9}
	for _, tt := range []struct {
		file []byte
		ours [][]byte
		want string
	}{
		{file, [][]byte{{7, 8}, {9}}, ""},
		{file, [][]byte{{7, 8}, {9, 1}}, "record 1: the released system writes 1 bytes and wirecost 2, which differ from byte 1 on:  and 01"},
		{file, [][]byte{{7, 6}}, "record 0: the released system writes 2 bytes and wirecost 2, which differ from byte 1 on: 08 and 06"},
		{file, [][]byte{{7, 8}, {9}, {}}, "the released system wrote 2 of 3 records"},
		{file[:10], [][]byte{{7, 8}, {9}}, "the released system wrote 1 of 2 records"},
	} {
		got := ""
		if _, err := compare(tt.file, tt.ours, bytes.Equal); err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%x: got %q, want %q", tt.file, got, tt.want)
		}
	}
}

// The versions of the results are those that Maven builds with.
func TestVersions(t *testing.T) {
	for _, l := range lines {
		text, err := flink.Sources.ReadFile(l.name + "/pom.xml")
		if err != nil {
			t.Fatal(err)
		}
		parent, err := flink.Sources.ReadFile("pom.xml")
		if err != nil {
			t.Fatal(err)
		}
		if v := "<flink.version>" + l.flink + "<"; !strings.Contains(string(text)+string(parent), v) {
			t.Errorf("%s: no %s in its pom.xml", l.name, v)
		}
	}
}

// script writes a program that prints text.
func script(t *testing.T, dir, name, text string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("no shell")
	}
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// What a machine lacks is named with what helps.
func TestToolchain(t *testing.T) {
	java := func(v string) string { return `echo 'openjdk version "` + v + `" 2025-04-15' >&2` }
	for _, tt := range []struct{ java, maven, home, want string }{
		{java("17.0.15"), "true", "", ""},
		{"", "true", "", "there is no java: install a JDK 17 (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless), or set JAVA_HOME to one"},
		{java("11.0.2"), "true", "", "is Java 11.0.2, and Flink is measured on 17: set JAVA_HOME to a JDK 17"},
		{java("21"), "true", "", "is Java 21, and Flink is measured on 17: set JAVA_HOME to a JDK 17"},
		{"exit 1", "true", "", "does not say its version"},
		{java("17.0.15"), "", "", "there is no mvn: install Maven"},
		{java("17.0.15"), "true", "/nowhere", "JAVA_HOME is /nowhere, which has no bin/java"},
	} {
		dir := t.TempDir()
		if tt.java != "" {
			script(t, dir, "java", tt.java)
		}
		if tt.maven != "" {
			script(t, dir, "mvn", tt.maven)
		}
		t.Setenv("PATH", dir)
		t.Setenv("JAVA_HOME", tt.home)
		err := FindToolchain(context.Background()).Check()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: got error %v", tt, err)
		}
	}
}

// Builds that were killed leave folders, which a later one removes, and not those that are at work.
func TestSweep(t *testing.T) {
	dir := t.TempDir()
	old, now, other := filepath.Join(dir, "building-1"), filepath.Join(dir, "building-2"), filepath.Join(dir, "flink-1")
	for _, d := range []string{old, now, other} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * time.Hour)
	if err := errors.Join(os.Chtimes(old, long, long), os.Chtimes(other, long, long)); err != nil {
		t.Fatal(err)
	}
	sweep(dir)
	for d, want := range map[string]bool{old: false, now: true, other: true} {
		if _, err := os.Stat(d); (err == nil) != want {
			t.Errorf("%s: is there %v, want %v", filepath.Base(d), err == nil, want)
		}
	}
}

// A build is made once; one that fails leaves nothing, and says what Maven says.
func TestBuild(t *testing.T) {
	bin, cache := t.TempDir(), t.TempDir()
	t.Setenv("HOME", cache)
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("JAVA_HOME", "")
	script(t, bin, "java", `echo 'version "17.0.1"' >&2`)
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	var log strings.Builder
	for _, tt := range []struct {
		maven, want string
		lacking     bool // what is missing is the machine's, not ours
	}{
		{`echo "[INFO] x"; echo "[ERROR] Could not resolve flink-core"; echo "[ERROR] [Help 1] http://x/DependencyResolutionException"; exit 1`,
			"Could not resolve flink-core (jars come from Maven Central", true},
		{`echo "[ERROR] COMPILATION ERROR : "; echo "[ERROR] Ring.java:[226,1] reached end of file"; echo "[ERROR] [Help 1] http://x/MojoFailureException"; exit 1`,
			"mvn package: exit status 1: Ring.java:[226,1] reached end of file", false},
	} {
		script(t, bin, "mvn", tt.maven)
		_, err := Build(t.Context(), FindToolchain(t.Context()), &log)
		if err == nil || !strings.Contains(err.Error(), tt.want) || errors.As(err, new(measure.Unmeasured)) != tt.lacking {
			t.Errorf("got error %v, want %q, which the machine lacks: %v", err, tt.want, tt.lacking)
		}
	}
	log.Reset()
	script(t, bin, "mvn", `[ -d flink1 ] || { echo "[ERROR] Could not resolve protoc"; exit 1; }
for l in flink1 flink2; do mkdir -p $l/target/lib && touch $l/target/worker.jar; done`)
	dir, err := Build(t.Context(), FindToolchain(t.Context()), &log)
	if err != nil || !strings.Contains(log.String(), "runtimes flink2 and flink1 are without kryo-protobuf: mvn package: exit status 1: Could not resolve protoc") {
		t.Fatalf("got error %v and log %s, want workers without protoc", err, &log)
	}
	l := lab()
	if _, err := writeMessages(protocIn(dir), filepath.Join(bin, "m"), l.Formats, subject(t, l, "nexmark.Bid")); !errors.As(err, new(measure.Unmeasured)) {
		t.Errorf("messages without protoc: got error %v", err)
	}
	script(t, bin, "mvn", `echo "$@" | grep -q protoc.platform= && mkdir -p target && touch target/protoc.exe`)
	if _, err := Build(t.Context(), FindToolchain(t.Context()), &log); err != nil {
		t.Error(err)
	}
	script(t, bin, "mvn", "exit 1")
	if again, err := Build(t.Context(), FindToolchain(t.Context()), &log); err != nil || again != dir {
		t.Errorf("a second build: got %s, error %v, want %s", again, err, dir)
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Errorf("%d folders in the cache, error %v, want the build alone", len(left), err)
	}
}

// The released Flink writes our bytes, in both lines, in all codecs.
func TestReleased(t *testing.T) {
	l := lab()
	v, err := NewVerifier(t.Context(), l)
	if err != nil {
		t.Skipf("NOT TESTED against the released Flink: %v", err)
	}
	defer v.Close()
	const streams = 2
	var verdicts []Verdict
	for _, name := range []string{"orders.Order", "flink.MyPojo"} {
		more, err := v.Verify(t.Context(), subject(t, l, name))
		if err != nil {
			t.Fatal(err)
		}
		verdicts = append(verdicts, more...)
	}
	sum := Sum(verdicts, 8*streams)
	if sum.Differ > 0 || sum.Codecs != 21 {
		var text strings.Builder
		sum.Text(&text)
		t.Errorf("got\n%s\nwant 21 codecs and no difference", &text)
	}
}

// What goes wrong in a real JVM is a row that says so, and the others are measured: a heap that is too small, and a float[1] in a
// Kryo field, behind which Flink 2.x reads from the wrong place.
func TestReleasedFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("JVMs warm up for seconds")
	}
	dir, err := Dir()
	java := FindToolchain(t.Context())
	if err := errors.Join(err, java.CheckJava(), built(dir)); err != nil {
		t.Skipf("NOT TESTED against the released Flink: %v", err)
	}
	l := lab()
	r := lines[0].runtime()
	r.Start = func(s harness.Session) (harness.Staying, error) {
		return newSession(lines[0], s, func(set int64) []string {
			argv := lines[0].argv(java.Java, dir, set)
			if set > 1<<16 {
				argv = slices.Insert(argv, slices.Index(argv, "-cp"), "-Xms16m", "-Xmx16m")
			}
			return argv
		})
	}
	l.Runtimes = []harness.Runtime{harness.Go, r}
	unreadable, err := l.Subject(measure.Data{Seed: 1, Records: 64, Text: `{"type": "record", "name": "x.Unreadable", "fields": [
		{"name": "a", "type": ["string", {"type": "array", "items": "float", "java-array": true}]}, {"name": "b", "type": "string"}]}`})
	if err != nil {
		t.Fatal(err)
	}
	large, err := l.Subject(measure.Data{Stream: "orders.Order", Seed: 1, Records: 4096})
	if err != nil {
		t.Fatal(err)
	}
	f := run(t, &harness.Plan{Lab: l, Subjects: []*harness.Subject{unreadable, large}, Codecs: []string{"pojo", "flink-avro"},
		Runtimes: []string{"flink2"}, Ops: []harness.Op{harness.Encode}, Measure: measure.Config{Rounds: 1, Ref: "flink-avro"}})
	reasons := map[string]string{}
	for _, x := range f.Failures {
		reasons[x.Cell.Schema+" "+x.Cell.Codec] = x.Reason
	}
	for row, want := range map[string]string{
		"x.Unreadable pojo":       "Flink leaves [0-9]+ of the [0-9]+ bytes that it wrote|Flink cannot read back what it wrote",
		"orders.Order pojo":       "java.lang.OutOfMemoryError",
		"orders.Order flink-avro": "java.lang.OutOfMemoryError",
	} {
		if got := reasons[row]; !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: got %q, want %s", row, got, want)
		}
	}
	if cells := f.Cells(); len(cells) != 2 || cells[0].Schema != "x.Unreadable" || cells[0].Original().Codec != "flink-avro" {
		t.Errorf("got samples of %v, want those of x.Unreadable in flink-avro and of its twin", cells)
	}
}

// compiled compiles a class com.acme.Order, and returns the folder that it is in.
func compiled(t *testing.T, text string) string {
	t.Helper()
	javac, err := exec.LookPath("javac")
	if err != nil {
		t.Skip("NOT TESTED against the released Flink: there is no javac")
	}
	if _, err := Extract(t.Context(), "java.lang.String", nil, "flink2"); err != nil {
		t.Skipf("NOT TESTED against the released Flink: %v", err)
	}
	dir := t.TempDir()
	source := filepath.Join(dir, "Order.java")
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(javac, "-d", dir, source).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}

// A user's class is read from records of its own fields, and of a schema that is given.
func TestClassReleased(t *testing.T) {
	dir := compiled(t, `package com.acme;
public class Order {
  public long id;
  private String name;
  public java.util.Set<String> tags;
}`)
	const fields = `"fields":[{"name":"id","type":"long"},{"name":"name","type":["null","string"],"default":null}]`
	r, err := ReadClass(t.Context(), "com.acme.Order", []string{dir}, nil)
	if err != nil || !strings.Contains(r.Schema, fields) || len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0], "com.acme.Order.tags is not read") {
		t.Fatalf("got %+v, error %v", r, err)
	}
	given, err := schemas.Parse("given", []byte(`{"type": "record", "name": "R", "fields": [{"name": "id", "type": "int"}, {"name": "no", "type": "int"}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	r, err = ReadClass(t.Context(), "com.acme.Order", []string{dir}, given)
	if err != nil || len(r.Notes) != 3 {
		t.Errorf("of a schema: got %+v, error %v, want three notes", r, err)
	}
	if _, err := ReadClass(t.Context(), "com.acme.Nope", []string{dir}, nil); err == nil || err.Error() != "there is no class com.acme.Nope on the class path" {
		t.Errorf("of no class: got error %v", err)
	}
	l := lab()
	sub, err := l.Subject(measure.Data{Text: `{"type": "record", "name": "com.acme.Order", ` + fields + `}`, Seed: 1, Records: 8})
	if err != nil {
		t.Fatal(err)
	}
	sub.Class, sub.Classpath = "com.acme.Order", []string{dir}
	x, err := Flink1.Start(harness.Session{Lab: l, Subjects: []*harness.Subject{sub}})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	for codec, want := range map[string]string{
		"kryo-flink1": "", "kryo-flink1-registered": "", "pojo-flink1": "Flink takes com.acme.Order for no POJO", "flink-avro": "a class of your own is measured as pojo",
	} {
		_, err := x.Do(t.Context(), measure.Request{Mode: measure.Prove, Cell: results.Cell{Schema: sub.Name(), Codec: codec, Runtime: "flink1", Op: results.OpEncode}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got error %v, want %q", codec, err, want)
		}
	}
}

// A user's class, compiled here, as both lines type it.
func TestExtractReleased(t *testing.T) {
	dir := compiled(t, `package com.acme;
import java.util.List;
public class Order {
  public long id;
  public List<String> tags;
  public Line line;
  public static class Line { int quantity; }
}`)
	all, err := Extract(t.Context(), "com.acme.Order", []string{dir}, "flink1", "flink2")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := ExtractionsText(&b, all); err != nil {
		t.Fatal(err)
	}
	const want = `com.acme.Order as Flink 2.3.0 types it
  .       com.acme.Order                  PojoSerializer
  id      long                            LongSerializer
  line    com.acme.Order$Line             KryoSerializer      KRYO
  tags    java.util.List<java.lang.String>  NullableSerializer
`
	if !strings.Contains(b.String(), "line falls back to Kryo: field quantity is not public and has no getter and no setter\n") ||
		strings.Count(b.String(), "KRYO") != 3 {
		t.Errorf("got\n%s\nwant about\n%s", &b, want)
	}
	if all[0].Forbidden() != "Flink 2.3.0: line falls back to Kryo" {
		t.Errorf("got %q", all[0].Forbidden())
	}
	for _, tt := range []struct{ class, path, want string }{
		{"com.acme.Nope", dir, "there is no class com.acme.Nope on the class path"},
		{"com.acme.Order", "/no/such.jar", "class path: there is no /no/such.jar"},
	} {
		got, err := Extract(t.Context(), tt.class, []string{tt.path}, "flink2")
		if err != nil || got[0].Error != tt.want {
			t.Errorf("%s in %s: got %+v, error %v, want %q", tt.class, tt.path, got, err, tt.want)
		}
	}
}
