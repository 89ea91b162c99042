package comparison

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/results"
)

func cell(codec, op string) results.Cell {
	return results.Cell{Schema: "a.B", Codec: codec, Runtime: "go", Op: op, Procs: 1}
}

// run returns a run of rounds, as the whole is slower by drift and its rounds by some noise; costs are CPU ns of each codec.
func run(seed uint64, rounds int, drift float64, costs map[string]float64) *results.File {
	f := &results.File{
		Header:  results.Header{GOOS: "linux", Go: "go1.26.8", CPU: "x", Layout: results.LayoutFixed, Seed: "1"},
		Schemas: []results.SchemaFact{{Name: "a.B", Hash: "h", Data: "d", Records: 1024, SetBytes: 1024, Profile: "schema"}},
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	var codecs []string
	for c := range costs {
		codecs = append(codecs, c)
	}
	slices.Sort(codecs)
	for range rounds {
		slow := drift * math.Exp(0.2*rng.NormFloat64()) // what a round's cells share
		for _, c := range codecs {
			ns := slow * costs[c] * math.Exp(0.01*rng.NormFloat64())
			f.Samples = append(f.Samples, results.Sample{Cell: cell(c, "encode"), N: 1024, Values: []results.Value{
				{Value: ns + 1, Unit: results.UnitWall}, {Value: ns, Unit: results.UnitCPU}, {Value: 3, Unit: results.UnitAllocs},
				{Value: 158.5, Unit: results.UnitSize}, {Value: 162304, Unit: results.UnitSet},
			}})
		}
	}
	return f
}

func side(name string, f *results.File) *Side { return &Side{name, []*results.File{f}} }

var costs = map[string]float64{"avro": 100, "avro.aa": 100, "json": 500, "msgpack": 200}

func verdicts(c *Comparison, unit string) map[string]Verdict {
	out := map[string]Verdict{}
	for _, r := range c.Rows {
		if r.Unit == unit {
			out[results.ParseName(r.Cell).Codec] = r.Verdict
		}
	}
	return out
}

// Two identical runs come out equal whatever the hour does, and a codec that got slower does not.
func TestDriftIsNoChange(t *testing.T) {
	slower := map[string]float64{"avro": 100, "avro.aa": 100, "json": 650, "msgpack": 200}
	for seed := range uint64(50) {
		c, err := Compare(side("old", run(2*seed, 10, 1, costs)), side("new", run(2*seed+1, 10, 0.93, costs)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]Verdict{"avro": Shown, "json": Same, "msgpack": Same}
		if diff := cmp.Diff(want, verdicts(c, results.UnitCPU)); diff != "" || c.Exact() || len(c.Refused) > 0 {
			t.Errorf("seed %d: identical runs, exact changes %v, refused %v (-want +got):\n%s", seed, c.Exact(), c.Refused, diff)
		}
		c, err = Compare(side("old", run(2*seed, 10, 1, costs)), side("new", run(2*seed+1, 10, 0.8, slower)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		want["json"] = Slower
		if diff := cmp.Diff(want, verdicts(c, results.UnitCPU)); diff != "" {
			t.Errorf("seed %d: json 30 %% slower (-want +got):\n%s", seed, diff)
		}
	}
}

// One binary is one layout of code: small changes are none, unless layouts were drawn.
func TestLayouts(t *testing.T) {
	slower := map[string]float64{"avro": 100, "avro.aa": 100, "json": 530, "msgpack": 200}
	old, new := run(1, 20, 1, costs), run(2, 20, 1, slower)
	for layout, want := range map[string]Verdict{results.LayoutFixed: Same, "random 20": Slower} {
		old.Header.Layout, new.Header.Layout = layout, layout
		c, err := Compare(side("old", old), side("new", new), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := verdicts(c, results.UnitCPU)["json"]; got != want {
			t.Errorf("json 6 %% slower, layout %s: got %s, want %s", layout, got, want)
		}
	}
}

func TestExactUnits(t *testing.T) {
	old, new := run(1, 6, 1, costs), run(2, 6, 1, costs)
	for i := range new.Samples {
		if new.Samples[i].Cell.Codec == "json" {
			new.Samples[i].Values[2].Value = 4
			new.Samples[i].Values[4].Value = 162303
		}
	}
	c, err := Compare(side("old", old), side("new", new), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := verdicts(c, results.UnitAllocs); !cmp.Equal(got, map[string]Verdict{"json": Larger}) {
		t.Errorf("one allocation more: got %v", got)
	}
	if got := verdicts(c, results.UnitSet); !cmp.Equal(got, map[string]Verdict{"json": Smaller}) {
		t.Errorf("one byte less: got %v", got)
	}
	if c.Equal != 7 { // of 3 codecs and 3 units
		t.Errorf("got %d equal values, want 7", c.Equal)
	}
}

// Each key refuses the units that hang on it, and is named with both values.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		key  string
		edit func(*results.File)
		want []string // units that are not compared
	}{
		{"seed", func(f *results.File) { f.Header.Seed = "2" }, []string{"B/record", "B/set", "allocs/op", "cpu-ns/op", "ns/op"}},
		{"a.B: data", func(f *results.File) { f.Schemas[0].Data = "e" }, []string{"B/record", "B/set", "allocs/op", "cpu-ns/op", "ns/op"}},
		{"go", func(f *results.File) { f.Header.Go = "go1.27" }, []string{"allocs/op", "cpu-ns/op", "ns/op"}},
		{"kernel", func(f *results.File) { f.Header.Kernel = "7" }, []string{"cpu-ns/op", "ns/op"}},
		{"key", func(f *results.File) { f.Header.Key = "url" }, nil}, // there are no exchanges
	} {
		old, new := run(1, 6, 1, costs), run(2, 6, 1, costs)
		old.Header.Key, old.Header.Kernel = "id", "6"
		new.Header.Key, new.Header.Kernel = "id", "6"
		tt.edit(new)
		c, err := Compare(side("old", old), side("new", new), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range c.Rows {
			if r.Verdict == NotComparable && !slices.Contains(got, r.Unit) {
				got = append(got, r.Unit)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", tt.key, diff)
		}
		var text strings.Builder
		if err := c.Text(&text); err != nil {
			t.Fatal(err)
		}
		if tt.want != nil && !strings.Contains(text.String(), "NOT COMPARABLE: "+tt.key+" is ") {
			t.Errorf("%s: the text does not name the key:\n%s", tt.key, &text)
		}
	}
}

const goTest = `goos: linux
goarch: amd64
pkg: example.com/%s
cpu: x
BenchmarkA-2   	     100	      %d ns/op	      16 B/op	       %d allocs/op
PASS
ok  	example.com/x	1.2s
`

// What go test prints of several packages is compared package by package.
func TestGoTestFiles(t *testing.T) {
	text := func(ns, allocs int) string {
		s := ""
		for _, pkg := range []string{"a", "b"} {
			for range 3 {
				s += fmt.Sprintf(goTest, pkg, ns, allocs)
			}
			allocs = 1
		}
		return s
	}
	old, err := Read(strings.NewReader(text(100, 1)), "old")
	if err != nil {
		t.Fatal(err)
	}
	new, err := Read(strings.NewReader(text(300, 2)), "new")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Compare(old, new, Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]Verdict{}
	for _, r := range c.Rows {
		got[r.Package+" "+r.Unit] = r.Verdict
	}
	want := map[string]Verdict{
		"example.com/a ns/op": Shown, "example.com/a allocs/op": Larger, "example.com/a B/op": Shown,
		"example.com/b ns/op": Shown, "example.com/b B/op": Shown,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// Several runs of several packages, one behind the other, are the samples of each package.
func TestRepeatedRuns(t *testing.T) {
	text := ""
	for _, pkg := range []string{"a", "b", "a", "b"} {
		text += fmt.Sprintf(goTest, pkg, 100, 1)
	}
	s, err := Read(strings.NewReader(text), "runs")
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Files) != 2 || len(s.Files[0].Samples) != 2 || len(s.Files[1].Samples) != 2 {
		t.Errorf("got %d files, want 2 of 2 samples each", len(s.Files))
	}
}

// An error in the second package names its line.
func TestReadLine(t *testing.T) {
	_, err := Read(strings.NewReader("pkg: a\nBenchmarkA 1 5 ns/op\npkg: b\nBenchmarkB 1 5\n"), "f")
	if err == nil || !strings.HasPrefix(err.Error(), "f:4: ") {
		t.Errorf("got error %v, want one of f:4", err)
	}
}

func TestNothingInCommon(t *testing.T) {
	a := run(1, 1, 1, map[string]float64{"avro": 1})
	b := run(1, 1, 1, map[string]float64{"json": 1})
	if _, err := Compare(side("a", a), side("b", b), Options{}); !errors.Is(err, ErrEmpty) {
		t.Errorf("got error %v, want %v", err, ErrEmpty)
	}
}

// The committed baseline is equal to itself.
func TestBaseline(t *testing.T) {
	text, err := os.ReadFile("../../results/baseline.txt")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Read(strings.NewReader(string(text)), "baseline.txt")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Compare(s, s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Rows) > 0 || c.Equal < 1000 {
		t.Errorf("got %d rows and %d equal values, want only equal ones", len(c.Rows), c.Equal)
	}
}
