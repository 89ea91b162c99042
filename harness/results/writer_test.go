package results

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
	"golang.org/x/perf/benchproc"
)

const golden = "testdata/run.txt"

// goldenFile is what testdata/run.txt says: two rounds of a small run.
func goldenFile() *File {
	sizes := func(size, set float64) []Value { return []Value{{size, UnitSize}, {set, UnitSet}} }
	sample := func(c Cell, n int, wall, cpu float64, more ...Value) Sample {
		return Sample{c, n, append([]Value{{wall, UnitWall}, {cpu, UnitCPU}, {0, UnitBytes}, {0, UnitAllocs}}, more...)}
	}
	avro, json := bid("avro", "encode"), bid("json", "encode")
	return &File{
		Header:  Header{GOOS: "linux", CPU: "AMD EPYC", Go: "go1.26.8", Layout: LayoutFixed, Seed: "1"},
		Facts:   Facts{Commit: "1a2b3c4", Codecs: []CodecFact{{Name: "avro", Other: "github.com/hamba/avro/v2 v2.31.0"}}, LoadBefore: "0.98"},
		Schemas: []SchemaFact{{"nexmark.Bid", "9f1c", "77aa", 1024, 162611, "built-in"}},
		Failures: []Failure{
			{bid("gob", "encode"), `prove: record 3: field url: got "", want "a"`, Failed},
			{bid("msgpack-msgp", "encode"), "needs generated types", NotCarried},
		},
		Samples: []Sample{
			sample(json, 60416, 1000.25, 998.123456789, sizes(301.5, 308736)...),
			sample(avro, 738304, 81.5, 81.2, sizes(158.7998046875, 162611)...),
			sample(avro.Twin(), 738304, 81.6, 81.3, sizes(158.7998046875, 162611)...),
			sample(move("avro", "local", 2), 199680, 412.5, 700.0625, Value{171.7998046875, UnitWire}),
			sample(avro, 738304, 81.7, 81.4, sizes(158.7998046875, 162611)...),
			sample(avro.Twin(), 738304, 81.4, 81.1, sizes(158.7998046875, 162611)...),
			sample(json, 60416, 1001, 999, sizes(301.5, 308736)...),
			sample(move("avro", "local", 2), 199680, 413, 701.5, Value{171.7998046875, UnitWire}),
		},
	}
}

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	if err := goldenFile().Write(&b); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestRead(t *testing.T) {
	f, err := os.Open(golden)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := Read(f, golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(goldenFile(), got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestSeries(t *testing.T) {
	f := goldenFile()
	f.Samples = append(f.Samples, f.Samples[1]) // a third round that was interrupted
	series := f.Series(UnitCPU)
	for c, want := range map[Cell][]float64{
		bid("avro", "encode"):        {81.2, 81.4},
		bid("avro", "encode").Twin(): {81.3, 81.1},
		bid("json", "encode"):        {998.123456789, 999},
		move("avro", "local", 2):     {700.0625, 701.5},
		bid("gob", "encode"):         nil,
	} {
		if diff := cmp.Diff(want, series[c]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c, diff)
		}
	}
	if wire := f.Series(UnitWire); len(wire) != 1 || len(wire[move("avro", "local", 2)]) != 2 {
		t.Errorf("got %v, want wire bytes of the exchange only", wire)
	}
	if why, failed := f.Failed(bid("msgpack-msgp", "encode")); !failed || why.Kind != NotCarried {
		t.Errorf("got %v, %v, want a row that says not carried", why, failed)
	}
	want := []Cell{bid("json", "encode"), bid("avro", "encode"), bid("avro", "encode").Twin(), move("avro", "local", 2)}
	if diff := cmp.Diff(want, f.Cells()); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

// What benchstat -col /codec -filter /op:encode does with the file.
func TestBenchstatReads(t *testing.T) {
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	filter, err := benchproc.NewFilter("/op:encode")
	if err != nil {
		t.Fatal(err)
	}
	var pp benchproc.ProjectionParser
	table, err := pp.Parse(".config", filter)
	if err != nil {
		t.Fatal(err)
	}
	col, err := pp.Parse("/codec", filter)
	if err != nil {
		t.Fatal(err)
	}
	row, err := pp.Parse(".fullname", filter)
	if err != nil {
		t.Fatal(err)
	}
	tables, rows, cols := map[benchproc.Key]bool{}, map[benchproc.Key]bool{}, map[string][]float64{}
	r := benchfmt.NewReader(bytes.NewReader(text), golden)
	for r.Scan() {
		res, ok := r.Result().(*benchfmt.Result)
		if !ok {
			continue
		}
		if keep, _ := filter.Apply(res); !keep {
			continue
		}
		cpu, ok := res.Value("cpu-sec/op")
		if !ok {
			t.Errorf("%s: no cpu-sec/op in %v", res.Name, res.Values)
		}
		tables[table.Project(res)], rows[row.Project(res)] = true, true
		cols[col.Project(res).Get(col.Fields()[0])] = append(cols[col.Project(res).Get(col.Fields()[0])], cpu)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	if len(tables) != 1 || len(rows) != 1 || len(cols) != 3 || len(cols["avro"]) != 2 || len(cols["avro.aa"]) != 2 || len(cols["json"]) != 2 {
		t.Errorf("got %d tables, %d rows, columns %v, want 1, 1 and avro, avro.aa, json with two values", len(tables), len(rows), cols)
	}
	for _, unit := range ExactUnits {
		if r.Units().GetAssumption(unit) != benchmath.AssumeExact || r.Units().GetBetter(unit) != -1 {
			t.Errorf("benchstat does not take %s for exact with less being better", unit)
		}
	}
}

func TestReadErrors(t *testing.T) {
	const line = "BenchmarkCodec/schema=a/codec=b/runtime=go/op=encode 1024 5 ns/op\n"
	for _, tt := range []struct{ name, in, want string }{
		{"no unit", "goos: linux\nBenchmarkA 1 5\n", "f:2: missing units"},
		{"no count", "BenchmarkA x 5 ns/op\n", "f:1: parsing iteration count"},
		{"NaN", line + "BenchmarkA 1 NaN ns/op\n", "f:2: BenchmarkA: NaN ns/op"},
		{"negative", "BenchmarkA 1 -5 ns/op\n", "f:1: BenchmarkA: -5 ns/op"},
		{"two runs", "seed: 1\n" + line + "seed: 2\n" + line, `f:3: seed is "2", and was "1": two runs in one file`},
		{"schema without name", "# schema\n", "f:1: schema without a name"},
		{"schema fact", "# schema a colour=red\n", "f:1: schema a: colour=red: unknown fact"},
		{"schema number", "# schema a records=many\n", "f:1: schema a: records=many: "},
		{"failure", "\n# failed because\n", "f:2: no benchmark name"},
	} {
		if _, err := Read(strings.NewReader(tt.in), "f"); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q", tt.name, err, tt.want)
		}
	}
}

// What go test -bench prints is a file too.
func TestReadGoTest(t *testing.T) {
	got, err := Read(strings.NewReader(`goos: linux
pkg: example.com/x
BenchmarkAppend/size=8-4
BenchmarkAppend/size=8-4         	  738304	        81.50 ns/op	       0 B/op	       0 allocs/op
--- some: log
# not a fact
PASS
ok  	example.com/x	1.2s
`), "stdin")
	want := &File{
		Header:  Header{GOOS: "linux", Other: []Fact{{"pkg", "example.com/x"}}},
		Samples: []Sample{{Cell{Foreign: "BenchmarkAppend/size=8-4"}, 738304, []Value{{81.5, UnitWall}, {0, UnitBytes}, {0, UnitAllocs}}}},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got:\n%s", err, diff)
	}
}

func TestWriteErrors(t *testing.T) {
	for _, tt := range []struct {
		name string
		file File
		want string
	}{
		{"capital", File{Header: Header{Other: []Fact{{"goOS", "linux"}}}}, `header key "goOS"`},
		{"space", File{Header: Header{Other: []Fact{{"my key", "x"}}}}, `header key "my key"`},
		{"colon", File{Header: Header{Other: []Fact{{"a:b", "x"}}}}, `header key "a:b"`},
		{"no key", File{Header: Header{Other: []Fact{{"", "x"}}}}, `header ""`},
		{"empty value", File{Header: Header{Other: []Fact{{"fan", ""}}}}, `header "fan"`},
		{"two lines", File{Header: Header{CPU: "a\nb"}}, `header "cpu"`},
		{"fact key", File{Facts: Facts{Other: []Fact{{"a: b", "x"}}}}, `fact "a: b"`},
		{"reserved", File{Facts: Facts{Other: []Fact{{"failed", "x"}}}}, `fact "failed"`},
		{"schema", File{Schemas: []SchemaFact{{Name: "a", Profile: "my profile"}}}, `schema "a": "my profile"`},
	} {
		if err := tt.file.Write(&bytes.Buffer{}); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %q", tt.name, err, tt.want)
		}
	}
	if err := goldenFile().Write(fullDisk{}); !errors.Is(err, errFull) {
		t.Errorf("got error %v, want %v", err, errFull)
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func TestParseSample(t *testing.T) {
	for _, line := range []string{"", "{}", "BenchmarkA", "BenchmarkA 1", "BenchmarkA 1 5", "Unit x assume=exact", "goos: linux"} {
		if s, err := ParseSample(line); err == nil {
			t.Errorf("%q reads as %v, want an error", line, s)
		}
	}
	for _, s := range goldenFile().Samples {
		got, err := ParseSample(s.String())
		if diff := cmp.Diff(s, got); err != nil || diff != "" {
			t.Errorf("%s: %v, -want +got:\n%s", s, err, diff)
		}
	}
}

// What is read can be written, and reads the same again.
func FuzzRead(f *testing.F) {
	text, err := os.ReadFile(golden)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte("a:  b \r\n# c:d: e\n# schema x hash==\n# failed Benchmark x\nBenchmark 1 1e-300 ns/op 0 ns\nUnit ns assume=exact\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Read(bytes.NewReader(text), "fuzz")
		if err != nil {
			return
		}
		file.Series(UnitCPU)
		var out bytes.Buffer
		if err := file.Write(&out); err != nil {
			t.Fatalf("read, but not written: %v", err)
		}
		again, err := Read(&out, "again")
		if diff := cmp.Diff(file, again); err != nil || diff != "" {
			t.Fatalf("%v, -first +second:\n%s", err, diff)
		}
	})
}

// Nothing that a worker says makes a file unreadable: readers of lines give up at 64 KiB.
func TestLongLines(t *testing.T) {
	long := strings.Repeat("é and more ", 20_000)
	var b bytes.Buffer
	w, err := NewWriter(&b, Header{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Facts(Facts{CommandLine: long}), w.Fail(Failure{Cell: bid("gob", "encode"), Reason: long})); err != nil {
		t.Fatal(err)
	}
	f, err := Read(&b, "run")
	if err != nil {
		t.Fatal(err)
	}
	why, _ := f.Failed(bid("gob", "encode"))
	for _, got := range []string{why.Reason, f.Facts.CommandLine} {
		if !strings.HasPrefix(got, "é and more é") || !strings.HasSuffix(got, "…") || !utf8.ValidString(got) {
			t.Errorf("got %.50q … %d bytes, want the beginning", got, len(got))
		}
	}
}
