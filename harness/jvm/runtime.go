// Package jvm measures the released Flink: the runtimes flink2 and flink1, and either in a JVM that has served other types. The worker around its serializers is written in Java
// (package interop/flink), built once into the user's cache ([Build]), and asked in the protocol of package measure. A JVM is
// started for each codec of a schema in each round, and warmed up: what the JIT compiler makes of a codec differs from JVM to JVM
// more than samples of one JVM do, as the layouts of a binary do. So rounds are independent, and their interval holds for another
// run. The second copy of the reference codec has JVMs of its own.
//
// Note: one JVM over all rounds takes a sixth of the time, and its interval is a lie: see results/flink-forks.md.
//
// A proof compares Flink's bytes with ours, record by record. What is missing, a JDK or the worker, is a fact about each cell of
// the runtime: the rest of a run goes on.
package jvm

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/plural"
	"github.com/wirecost/wirecost/interop/flink"
	"github.com/wirecost/wirecost/schemas/access"
)

// A line is a line of Flink's releases.
type line struct {
	name              string // of the runtime, and of the Maven module
	flink, avro, kryo string // versions
	codecs            []string
	mixed             bool // its JVMs have serialized others before
}

// others are the streams that a mixed JVM serializes before its own records: their types have fields of the kinds that most have.
var others = []string{"nexmark.Person", "wikipedia.RecentChange", "orders.Order"}

// lines are the lines that are measured.
var lines = []line{
	{"flink2", "2.3.0", "2.3.0", "5.6.2", []string{"pojo", "kryo", "kryo-registered", "flink-avro", "row", "tuple", "rowdata",
		"flink-avro-specific", "flink-avro-reflect", kryoProtobuf}, false},
	{"flink1", "1.20.4", "1.20.3", "2.24.0", []string{"pojo-flink1", "kryo-flink1", "kryo-flink1-registered", "flink-avro", "row-flink1",
		"tuple-flink1", "rowdata", "flink-avro-specific", "flink-avro-reflect", kryoProtobuf}, false},
}

// The released Flink, 2.x and 1.20.
var (
	Flink2 = lines[0].runtime()
	Flink1 = lines[1].runtime()

	// Those whose JVMs have served other types before, as a job's have: the call sites in their serializers are megamorphic.
	Flink2Mixed = lines[0].mix().runtime()
	Flink1Mixed = lines[1].mix().runtime()
)

// mix returns l in a JVM that has served other types.
func (l line) mix() line {
	l.name, l.mixed = l.name+"-mixed", true
	return l
}

// module is the Maven module of l.
func (l line) module() string { return strings.TrimSuffix(l.name, "-mixed") }

func (l line) runtime() harness.Runtime {
	doc := fmt.Sprintf("the released Flink %s, in a JVM: wirecost flink build makes its worker", l.flink)
	if l.mixed {
		doc = fmt.Sprintf("the same in a JVM that has served %s before, as a job with several types has", strings.Join(others, ", "))
	}
	return harness.Runtime{
		Name:    l.name,
		Doc:     doc,
		Start:   func(s harness.Session) (harness.Staying, error) { return start(l, s) },
		Carries: func(codec string) bool { return slices.Contains(l.codecs, codec) },
		Ops:     []harness.Op{harness.Encode, harness.Decode, harness.DecodeReuse, harness.Copy},
	}
}

// jar returns the worker in the folder of a build.
func (l line) jar(dir string) string { return filepath.Join(dir, l.module(), "target", "worker.jar") }

// heap is the heap of a JVM in MiB: room for the libraries, and for a ring of records three times over as objects, but no more
// than a machine may well have. A set that is too large for it is a row that says so.
//
// Note: it is of one size from the beginning, and nobody asks for a collection before a sample. A heap that G1 gives back and
// takes again has the kernel clear its pages in the time of the serializer: an Order took 415 or 680 ns to decode, as it happened.
func heap(set int64) int64 { return min(128+set*64>>20, 4096) }

// argv returns the command of a worker whose records take so many bytes.
func (l line) argv(java, dir string, set int64) []string {
	jar := l.jar(dir)
	path := strings.Join([]string{jar, filepath.Join(filepath.Dir(jar), "lib", "*"), filepath.Join(filepath.Dir(protocIn(dir)), "lib", "*")},
		string(os.PathListSeparator))
	size := fmt.Sprintf("%dm", heap(set))
	return []string{java, "@" + filepath.Join(dir, flink.Options), "-Xms" + size, "-Xmx" + size, "-cp", path, "wirecost.flink.Worker"}
}

// A session is the worker of a run.
type session struct {
	line
	java     string // version
	dir      string // for files that the JVMs read and write
	records  map[string]recordSet
	subjects map[string]*harness.Subject
	formats  []codecs.Format
	jvms     measure.Resident
	others   []other
	protoc   string // program

	otherSubjects []*harness.Subject

	mu       sync.Mutex
	messages map[string]*messages // by the path of the records
	timed    int                  // samples
	noisy    int                  // those in which the compiler was at work
	warmUps  int                  // of them all
	warm     time.Duration        // CPU time
	cold     map[results.Cell]int // those that did not end
}

// A recordSet is a file with the records of a schema.
type recordSet struct {
	path  string
	bytes int64
}

// start writes the records of a run to files. Its error is a measure.Unmeasured.
func start(l line, s harness.Session) (harness.Staying, error) {
	t, dir, err := installed(context.Background())
	if err != nil {
		return nil, measure.Unmeasured{Err: err}
	}
	x, err := newSession(l, s, func(set int64) []string { return l.argv(t.Java, dir, set) })
	if err != nil {
		return nil, err
	}
	x.java, x.protoc = t.Version, protocIn(dir)
	return x, nil
}

// newSession starts a session whose worker is the program that argv returns for the size of a set.
func newSession(l line, s harness.Session, argv func(set int64) []string) (*session, error) {
	dir, err := os.MkdirTemp("", "wirecost-"+l.name+"-*")
	if err != nil {
		return nil, err
	}
	x := &session{line: l, dir: dir, records: map[string]recordSet{}, subjects: map[string]*harness.Subject{}, formats: s.Lab.Formats,
		cold: map[results.Cell]int{}, messages: map[string]*messages{}}
	x.jvms = measure.Resident{
		Core: s.Core, Env: Environ(), Line: x.request,
		Key:     func(r measure.Request) string { return fmt.Sprint(r.Schema, " ", r.Codec, " ", r.Twin) },
		Span:    span,
		Command: func(r measure.Request) ([]string, error) { return argv(x.records[r.Schema].bytes), nil },
	}
	for i, sub := range s.Subjects {
		file := filepath.Join(dir, fmt.Sprintf("records-%d", i))
		n, err := writeRecords(file, sub)
		if err != nil {
			x.Close()
			return nil, err
		}
		x.subjects[sub.Name()], x.records[sub.Name()] = sub, recordSet{file, n}
	}
	if err := x.mix(s.Lab); err != nil {
		x.Close()
		return nil, err
	}
	return x, nil
}

// span is the time that a JVM stays for: a proof, the calibrations, a round. So a calibration takes what a sample does.
func span(r measure.Request) string {
	switch r.Mode {
	case measure.Prove:
		return fmt.Sprint(r.Mode, r.Schema, r.Codec)
	case measure.Time:
		return fmt.Sprint(r.Mode, r.Round)
	}
	return ""
}

// mix writes the records that mixed JVMs serialize before others.
func (x *session) mix(lab harness.Lab) error {
	if !x.mixed {
		return nil
	}
	for _, name := range others {
		s, err := lab.Subject(measure.Data{Stream: name, Seed: 1, Records: 256})
		if err != nil {
			return err
		}
		file := filepath.Join(x.dir, name)
		if _, err := writeRecords(file, s); err != nil {
			return err
		}
		x.others = append(x.others, other{s.Schema.Text, s.Schema.Root.Name, file, nil})
		x.otherSubjects = append(x.otherSubjects, s)
	}
	return nil
}

// writeRecords writes the records of s as canonical Avro, each behind its length, u32 big-endian.
func writeRecords(file string, s *harness.Subject) (int64, error) {
	var buf, record []byte
	for i, v := range s.Records {
		r, err := s.Type.Ref(v)
		if err != nil {
			return 0, err
		}
		if record, err = access.AppendAvro(record[:0], s.Type, r); err != nil {
			return 0, fmt.Errorf("record %d: %w", i, err)
		}
		buf = appendSized(buf, record)
	}
	return int64(len(buf)), os.WriteFile(file, buf, 0o600)
}

// appendSized appends b behind its length.
func appendSized(dst, b []byte) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(b))), b...)
}

// A request is a line to the worker in Java.
type request struct {
	Mode measure.Mode `json:"mode"`
	N    int          `json:"n,omitempty"`
	results.Cell
	Text    string `json:"schema"`
	Type    string `json:"type"`
	Records int    `json:"records"`
	Path    string `json:"path"`
	Out     string `json:"out,omitempty"` // file for the encodings of a proof

	Others   []other   `json:"others,omitempty"`   // what the JVM serializes first
	Messages *messages `json:"messages,omitempty"` // of kryo-protobuf

	Class     string   `json:"class,omitempty"` // of the user's, that the records are made into
	Classpath []string `json:"classpath,omitempty"`
}

// An other is another schema with its records.
type other struct {
	Text string `json:"schema"`
	Type string `json:"type"`
	Path string `json:"path"`

	Messages *messages `json:"messages,omitempty"`
}

func (x *session) request(r measure.Request) ([]byte, error) {
	q, err := x.ask(r)
	if err != nil {
		return nil, err
	}
	return json.Marshal(q)
}

func (x *session) ask(r measure.Request) (request, error) {
	s := x.subjects[r.Schema]
	q := request{Mode: r.Mode, N: r.N, Cell: r.Cell, Text: s.Schema.Text, Type: s.Schema.Root.Name, Records: r.Records, Path: x.records[r.Schema].path,
		Others: x.others, Class: s.Class, Classpath: s.Classpath}
	if r.Mode == measure.Prove {
		q.Out = x.encodings()
	}
	if r.Codec == kryoProtobuf {
		if err := x.addMessages(&q, s); err != nil {
			return request{}, err
		}
	}
	return q, nil
}

// addMessages adds to a request what only kryo-protobuf needs. The files are written once for each schema.
func (x *session) addMessages(q *request, s *harness.Subject) error {
	var err error
	if q.Messages, err = x.messagesOf(q.Path, s); err != nil {
		return err
	}
	q.Others = slices.Clone(q.Others)
	for i := range q.Others {
		if q.Others[i].Messages, err = x.messagesOf(q.Others[i].Path, x.otherSubjects[i]); err != nil {
			return err
		}
	}
	return nil
}

func (x *session) messagesOf(path string, s *harness.Subject) (*messages, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if m := x.messages[path]; m != nil {
		return m, nil
	}
	m, err := writeMessages(x.protoc, path, x.formats, s)
	if err == nil {
		x.messages[path] = m
	}
	return m, err
}

// encodings is the file of a proof; proofs are one after another.
func (x *session) encodings() string { return filepath.Join(x.dir, "encodings") }

// Do asks a JVM, and compares the bytes of a proof with ours.
func (x *session) Do(ctx context.Context, r measure.Request) (results.Sample, error) {
	s, err := x.jvms.Do(ctx, r)
	if err != nil {
		return s, err
	}
	switch r.Mode {
	case measure.Prove:
		err = x.compare(r)
	case measure.Time:
		x.sampled(s)
	}
	if lasts := x.jvms.Span == nil; lasts && r.Mode == measure.Calibrate || !lasts && r.Mode == measure.Time {
		x.warmed(r.Cell, s)
	}
	return s, err
}

// warmed keeps how a warm-up went.
func (x *session) warmed(c results.Cell, s results.Sample) {
	cpu, _ := s.Value("warm-ns")
	ended, _ := s.Value("warm")
	x.mu.Lock()
	defer x.mu.Unlock()
	x.warmUps++
	x.warm += time.Duration(cpu)
	if ended != 1 {
		x.cold[c]++
	}
}

// sampled keeps whether the compiler was at work in a sample.
func (x *session) sampled(s results.Sample) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.timed++
	if ms, _ := s.Value("jit-ms"); ms > 0 {
		x.noisy++
	}
}

// compare says which record Flink wrote otherwise than we do. Of a codec that we do not have, and of a user's class, there is
// nothing to compare; bytes that nobody here writes are no proof of a codec that is the released Flink's alone.
func (x *session) compare(r measure.Request) error {
	theirs, err := os.ReadFile(x.encodings())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(x.formats, func(f codecs.Format) bool { return f.Name == r.Codec })
	if i < 0 || x.subjects[r.Schema].Class != "" {
		return nil
	}
	b, err := harness.Bind(x.formats[i], x.subjects[r.Schema])
	switch {
	case err != nil && x.formats[i].Released:
		return fmt.Errorf("wirecost cannot tell whether the bytes are right: %w", err)
	case err != nil:
		return nil // the row of our own runtime says why
	}
	_, err = compare(theirs, b.Encoded, bytes.Equal)
	return err
}

// compare says which of some encodings differs from those in a file, each behind its length, and how many come before it.
func compare(theirs []byte, ours [][]byte, same func(a, b []byte) bool) (equal int, err error) {
	for i, want := range ours {
		if len(theirs) < 4 || uint64(len(theirs)-4) < uint64(binary.BigEndian.Uint32(theirs)) {
			return i, fmt.Errorf("the released system wrote %d of %d records", i, len(ours))
		}
		got := theirs[4:][:binary.BigEndian.Uint32(theirs)]
		theirs = theirs[4+len(got):]
		if !same(got, want) {
			return i, fmt.Errorf("record %d: %s", i, difference(got, want))
		}
	}
	return len(ours), nil
}

// difference says where two encodings part.
func difference(theirs, ours []byte) string {
	at := 0
	for at < min(len(theirs), len(ours)) && theirs[at] == ours[at] {
		at++
	}
	part := func(b []byte) []byte { return b[at:min(len(b), at+8)] }
	return fmt.Sprintf("the released system writes %d bytes and wirecost %d, which differ from byte %d on: %x and %x", len(theirs), len(ours), at, part(theirs), part(ours))
}

// versions says which Flink it was, and what its JVMs were.
func (x *session) versions(jvms string) string {
	return fmt.Sprintf("Flink %s, flink-avro %s, Kryo %s, Java %s with G1, %s", x.flink, x.avro, x.kryo, x.java, jvms)
}

// Fact says which Flink it was, and how it was measured.
func (x *session) Fact() (results.RuntimeFact, []string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	jvms := "a JVM for each codec and round"
	if x.mixed {
		jvms += " that has served " + strings.Join(others, ", ") + " before"
	}
	warm, limits := x.warmth()
	parts := append([]string{x.versions(jvms), "CPU time of the thread that serializes, without compiler and collector",
		"what is serialized has crossed an exchange once"}, warm...)
	return results.RuntimeFact{Name: x.name, Text: strings.Join(parts, "; ")}, limits
}

// warmth says how the warm-ups went.
func (x *session) warmth() (parts, limits []string) {
	for _, c := range slices.SortedFunc(maps.Keys(x.cold), func(a, b results.Cell) int { return cmp.Compare(a.Name(), b.Name()) }) {
		limits = append(limits, fmt.Sprintf("%s, %s of %s: the JIT compiler had not come to rest after %s: the time may be too long",
			x.name, c.Op, c.Codec, plural.Count(x.cold[c], "warm-up")))
	}
	if x.warmUps > 0 {
		parts = append(parts, fmt.Sprintf("%s until the compiler rested, %v", plural.Count(x.warmUps, "warm-up"), x.warm.Round(100*time.Millisecond)))
	}
	if x.timed > 0 {
		parts = append(parts, fmt.Sprintf("it was at work in %d of %d samples", x.noisy, x.timed))
	}
	return parts, limits
}

// Close ends the JVMs and removes the files.
func (x *session) Close() error {
	x.jvms.Close()
	return os.RemoveAll(x.dir)
}
