package gate

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/comparison"
	"github.com/wirecost/wirecost/harness/results"
)

const stored = `goos: linux
goarch: amd64
go: go1.26.8
goexperiment: none
tags: none
seed: 1
# schema a.B hash=h data=d records=1024 set-bytes=1 profile=schema
BenchmarkCodec/schema=a.B/codec=avro/runtime=go/op=encode 1024 80 cpu-ns/op 0 B/op 0 allocs/op 158.5 B/record 162304 B/set
BenchmarkCodec/schema=a.B/codec=json/runtime=go/op=encode 1024 500 cpu-ns/op 16 B/op 1 allocs/op 301.5 B/record 308736 B/set
BenchmarkExchange/schema=a.B/codec=avro/runtime=go/exchange=local/keybys=1x/op=move 1024 500 cpu-ns/op 16 B/op 1 allocs/op 171.5 wire-B/record
`

func read(t *testing.T, name, text string) *comparison.Side {
	t.Helper()
	s, err := comparison.Read(strings.NewReader(text), name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// outcomes returns what a verdict says of each codec and unit.
func outcomes(v *Verdict) map[string]Outcome {
	out := map[string]Outcome{}
	for _, r := range v.Rows {
		c := results.ParseName(r.Cell)
		out[c.Codec+" "+c.Op+" "+r.Unit] = r.Outcome
	}
	return out
}

func TestFiles(t *testing.T) {
	for _, tt := range []struct {
		name, old, new string // an edit of the file
		policy         string
		strict         bool
		want           map[string]Outcome
		exit           int
		warnings       int
	}{
		{name: "equal", want: map[string]Outcome{}},
		{name: "slower, which no stored number tells", old: "80 cpu-ns/op", new: "800 cpu-ns/op", want: map[string]Outcome{}},
		{name: "one byte", old: "158.5 B/record 162304", new: "158.5009765625 B/record 162305", exit: 2,
			want: map[string]Outcome{"avro encode B/set": Regression, "avro encode B/record": Regression}},
		{name: "one allocation", old: "1 allocs/op 301", new: "2 allocs/op 301", exit: 2, want: map[string]Outcome{"json encode allocs/op": Regression}},
		{name: "one allocated byte", old: "16 B/op 1 allocs/op 301", new: "17 B/op 1 allocs/op 301", exit: 2, want: map[string]Outcome{"json encode B/op": Regression}},
		{name: "allowed", old: "308736", new: "308740", policy: "B/set 4 0 *", want: map[string]Outcome{"json encode B/set": Warning}},
		{name: "allowed, strict", old: "308736", new: "308740", policy: "B/set 4 0 *", strict: true, exit: 3, want: map[string]Outcome{"json encode B/set": Warning}},
		{name: "accepted", old: "308736", new: "308740", policy: "accept B/set /codec:json because", strict: true, want: map[string]Outcome{"json encode B/set": Accepted}},
		{name: "accepted elsewhere", old: "308736", new: "308740", policy: "accept B/set /codec:avro because", exit: 2, want: map[string]Outcome{"json encode B/set": Regression}},
		{name: "better", old: "308736", new: "308735", warnings: 1, want: map[string]Outcome{"json encode B/set": Improved}},
		{name: "better, strict", old: "308736", new: "308735", warnings: 1, strict: true, exit: 3, want: map[string]Outcome{"json encode B/set": Improved}},
		{name: "allocations of an exchange", old: "1 allocs/op 171", new: "2 allocs/op 171", want: map[string]Outcome{"avro move allocs/op": Shown}},
		{name: "wire", old: "171.5", new: "172.5", exit: 2, want: map[string]Outcome{"avro move wire-B/record": Regression}},
		{name: "another Go", old: "go1.26.8", new: "go1.27.0", exit: 4, want: map[string]Outcome{}},

		{name: "another seed", old: "seed: 1", new: "seed: 2", exit: 4, want: map[string]Outcome{}},
		{name: "a cell is gone", old: "BenchmarkCodec/schema=a.B/codec=json", new: "BenchmarkCodec/schema=a.B/codec=cbor", warnings: 2, want: map[string]Outcome{}},
		{name: "a proof fails", old: "BenchmarkCodec/schema=a.B/codec=json", new: "# failed BenchmarkCodec/schema=a.B/codec=json/runtime=go/op=encode prove: lost\nBenchmarkCodec/schema=a.B/codec=json",
			exit: 1, want: map[string]Outcome{"json encode ": Failed}},
	} {
		p, err := ParsePolicy(strings.NewReader(tt.policy), "p")
		if err != nil {
			t.Fatal(err)
		}
		p.Strict = tt.strict
		j := NewJudge(p)
		if err := j.Files(read(t, "old", stored), read(t, "new", strings.Replace(stored, tt.old, tt.new, 1))); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		v := j.Close()
		if diff := cmp.Diff(tt.want, outcomes(v)); diff != "" || v.Exit != tt.exit || len(v.Warnings) != tt.warnings {
			t.Errorf("%s: exit %d, want %d; warnings %q, want %d; rows (-want +got):\n%s", tt.name, v.Exit, tt.exit, v.Warnings, tt.warnings, diff)
		}
	}
}

func TestNothingInCommon(t *testing.T) {
	err := NewJudge(nil).Files(read(t, "old", stored), read(t, "new", "BenchmarkX 1 5 ns/op\n"))
	if !errors.Is(err, comparison.ErrEmpty) {
		t.Errorf("got error %v, want %v", err, comparison.ErrEmpty)
	}
}

// Many cells of one benchmark that one side lacks are one warning.
func TestOneSided(t *testing.T) {
	j := NewJudge(nil)
	var cells []results.Cell
	for _, name := range []string{"A/n=1", "A/n=2", "A/n=3", "A/n=4", "B/n=1", "A/n=5", "C"} {
		cells = append(cells, results.Cell{Foreign: "Benchmark" + name})
	}
	j.OneSided("the base", "x", cells)
	if diff := cmp.Diff([]string{"only in the base: 5 of x A, such as x A/n=1", "only in the base: x B/n=1", "only in the base: x C"}, j.Verdict.Warnings); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Of several, a failure wins, then a regression, then what is not known, then a warning.
func TestExit(t *testing.T) {
	cell := results.Cell{Foreign: "BenchmarkA"}
	for _, tt := range []struct {
		rows    []Outcome
		warn    bool
		self    bool // the self-check failed
		strict  bool
		outcome Outcome
		exit    int
	}{
		{nil, false, false, false, OK, 0},
		{[]Outcome{OK, Improved, Accepted, Shown}, false, false, true, OK, 0},
		{[]Outcome{Failed, Regression, Inconclusive, Warning}, false, false, false, Failed, 1},
		{[]Outcome{Regression, Inconclusive, Warning}, true, true, true, Regression, 2},
		{[]Outcome{Inconclusive, Warning}, true, false, true, Inconclusive, 4},
		{[]Outcome{Warning}, false, true, true, Inconclusive, 4},
		{[]Outcome{Warning}, false, false, true, Warning, 3},
		{[]Outcome{Warning}, false, false, false, Warning, 0},
		{nil, true, false, true, Warning, 3},
	} {
		j := NewJudge(&Policy{Strict: tt.strict})
		for _, o := range tt.rows {
			j.add(Row{Cell: cell.Name(), Outcome: o}, cell)
		}
		if tt.warn {
			j.Warn("gone")
		}
		if tt.self {
			j.Verdict.Self = &SelfCheck{}
		}
		if v := j.Close(); v.Outcome != tt.outcome || v.Exit != tt.exit {
			t.Errorf("%+v: got %s, exit %d", tt, v.Outcome, v.Exit)
		}
	}
}

// verdict is one of every kind of row.
func verdict(t *testing.T) *Verdict {
	t.Helper()
	p, err := ParsePolicy(strings.NewReader("accept B/set *  a new field | <b>"), "p")
	if err != nil {
		t.Fatal(err)
	}
	j := NewJudge(p)
	j.Verdict.Base, j.Verdict.Head, j.Verdict.Command = "1a2b3c4", "working tree", "wirecost gate --base main ./..."
	a, b := results.Cell{Foreign: "BenchmarkA/size=1"}, results.Cell{Foreign: "BenchmarkB"}
	j.Exact("example.com/x", a, results.UnitAllocs, 1, 2)
	j.Exact("example.com/x", a, results.UnitSet, 100, 106)
	j.Exact("example.com/x", b, results.UnitAllocs, 1, 1)
	j.Exact("example.com/x", b, results.UnitBytes, 100, 150)
	j.Time("example.com/x", a, []float64{0.05, 0.051, 0.049, 0.05, 0.051, 0.049, 0.05, 0.05}, 100, 105)
	j.Time("example.com/x", b, []float64{0.001, -0.001, 0, 0.001, -0.001, 0, 0.001, -0.001}, 12345, 12345).Notes = []string{"contention not seen"}
	j.Time("example.com/y", b, []float64{0.3, -0.3, 0.2, -0.2, 0.3, -0.3, 0.2, -0.2}, 1e6, 1e6)
	j.Warn("only in the base: BenchmarkGone")
	j.Note("valgrind is not installed: instructions were not counted")
	self := CheckSelf(map[string][]float64{"a": {0.001, -0.001, 0.002, 0}, "b": {0, 0.001, -0.002, 0.001}})
	j.Verdict.Self = &self
	return j.Close()
}

// lastDigits are those that hang on the processor, which may multiply and add in one step.
var lastDigits = regexp.MustCompile(`(\.\d{10})\d+`)

// The forms in which a verdict is printed. UPDATE=1 writes them again.
func TestForms(t *testing.T) {
	v := verdict(t)
	for name, write := range map[string]func(*strings.Builder) error{
		"verdict.txt":  func(b *strings.Builder) error { return v.Text(b) },
		"verdict.md":   func(b *strings.Builder) error { return v.Markdown(b) },
		"verdict.json": func(b *strings.Builder) error { return v.JSON(b) },
		"workflow.txt": func(b *strings.Builder) error { return v.Annotations(b) },
	} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		got := lastDigits.ReplaceAllString(b.String(), "$1")
		file := "testdata/" + name
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
