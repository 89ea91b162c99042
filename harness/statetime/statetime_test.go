package statetime

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
	"github.com/wirecost/wirecost/codecs/flink/pojo"
	"github.com/wirecost/wirecost/codecs/flink/row"
	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness/keyedstate"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"pgregory.net/rapid"
)

func set(t *testing.T, text string) *records.Set {
	t.Helper()
	s, err := schemas.Parse("r.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return plan.Set(1, 8)
}

const twoLongs = `{"type": "record", "name": "R", "fields": [{"name": "a", "type": "long"}, {"name": "b", "type": "long"}]}`

var (
	pojos  = Codec{Format: pojo.Format, Line: javatype.Flink2}
	kryos  = Codec{Format: kryo.Format, Line: javatype.Flink2}
	tuples = Codec{Format: row.Tuple, Line: javatype.Flink2}
)

func subjectOf(t *testing.T, text string, codecs ...Codec) Subject {
	t.Helper()
	s, err := SubjectOf(set(t, text), keyedstate.Config{Key: []string{"a"}, MaxParallelism: 128}, codecs)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func accesses(t *testing.T, c Choice) []Access {
	t.Helper()
	all, err := c.Accesses()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Ops are names of cells, each of its own.
func TestOps(t *testing.T) {
	var got []string
	seen := map[string]bool{}
	for _, a := range accesses(t, Choice{Lengths: []int{1, 64}, TTL: true}) {
		c := a.Cell("R", "flink2", "pojo")
		if err := c.Check(); err != nil || !c.IsState() || BackendOf(c.Op) != a.Backend || seen[c.Op] || a.Calls() == "" {
			t.Errorf("%+v: op %s, error %v", a, c.Op, err)
		}
		seen[c.Op] = true
		if a.Backend == RocksDB && !a.TTL {
			got = append(got, fmt.Sprint(a.Op(), " ", a.State()))
		}
	}
	want := []string{"state.rocksdb.value-update value", "state.rocksdb.value-get-update value", "state.rocksdb.reducing-add reducing",
		"state.rocksdb.list.1x list", "state.rocksdb.list.64x list", "state.rocksdb.reducing.1x reducing", "state.rocksdb.reducing.64x reducing"}
	if diff := cmp.Diff(want, got); diff != "" || len(seen) != 4*len(want) {
		t.Errorf("%d ops (-want +got):\n%s", len(seen), diff)
	}
	if _, err := (Choice{Kind: state.Map}).Accesses(); err == nil {
		t.Error("a map has no accesses, and no error")
	}
	if BackendOf("encode") != "" {
		t.Error("encode has a backend")
	}
}

// The keys of a state are fewer where its lists are large, and never more than was asked for.
func TestKeys(t *testing.T) {
	for _, tt := range []struct {
		kind   state.Kind
		asked  int
		record float64
		want   int
	}{{"", 0, 174, 16384}, {"", 0, 6000, 1024}, {state.Value, 0, 6000, 16384}, {"", 0, 1e9, 64}, {"", 5, 1e5, 5}, {"", 1 << 20, 174, 0}, {state.Value, 1 << 20, 174, 1 << 20}} {
		got, err := Choice{Kind: tt.kind, Lengths: Lengths}.Keys(tt.asked, tt.record)
		if got != tt.want || (err != nil) != (tt.want == 0) {
			t.Errorf("%+v: got %d, error %v", tt, got, err)
		}
	}
}

// Whatever is measured, a verdict names the shortest length from which on all are cheaper.
func TestFrom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SliceOfN(rapid.SampledFrom([]string{cheaper, dearer, unseen}), 1, 6).Draw(t, "said")
		var v Verdict
		for i, s := range said {
			v.Lengths = append(v.Lengths, Length{Length: i + 1, Says: s})
		}
		v.decide()
		for i, s := range said {
			behind := v.From > 0 && i+1 >= v.From
			if behind && s != cheaper || i+2 == v.From && s == cheaper {
				t.Fatalf("%v: from %d", said, v.From)
			}
		}
		if last := said[len(said)-1] == cheaper; last != (v.From > 0) {
			t.Fatalf("%v: from %d", said, v.From)
		}
	})
}

// The verdict on ratios of ReducingState to ListState, by length, where a codec is within 5 % of itself.
func TestVerdicts(t *testing.T) {
	for _, tt := range []struct {
		ratios [2]float64
		rounds int
		want   string
	}{
		{[2]float64{0.5, 0.5}, 6, "pojo, heap: ReducingState beats ListState at every length (times the cost of ListState: 0.50 ±"},
		{[2]float64{1.5, 0.5}, 6, "pojo, heap: ReducingState beats ListState from length 16 on ("},
		{[2]float64{0.5, 1.5}, 6, "pojo, heap: ReducingState beats ListState at some lengths, but not at the longest ("},
		{[2]float64{1.01, 1.5}, 6, "pojo, heap: ReducingState does not beat ListState up to length 16 ("},
		{[2]float64{1.01, 0.99}, 6, "pojo, heap: ReducingState against ListState: no difference seen (resolution ±"},
		{[2]float64{0.5, 0.5}, 2, "pojo, heap: ReducingState against ListState: too few rounds for a verdict (times the cost of ListState: 0.50 at 1, 0.50 at 16)"},
	} {
		list := accesses(t, Choice{Lengths: []int{1, 16}})
		times := &Times{Runtime: "flink2", CPU: map[results.Cell][]float64{}}
		for _, a := range list {
			cost := 100.0
			if a.Kind == reducing {
				cost *= tt.ratios[a.Length/16]
			}
			if a.Backend == Heap {
				invent(times, a.Cell("R", "flink2", "pojo"), cost, tt.rounds)
			}
		}
		r, err := Of(subjectOf(t, twoLongs, pojos), list, times)
		if err != nil || len(r.Verdicts) != 1 || !strings.HasPrefix(r.Verdicts[0].String(), tt.want) {
			t.Errorf("%v: got %v, error %v, want %s", tt.ratios, r.Verdicts, err, tt.want)
		}
	}
}

// invent invents samples of a cell and of its twin, which differ by up to 4 %.
func invent(times *Times, c results.Cell, cost float64, rounds int) {
	for i := range rounds {
		times.CPU[c] = append(times.CPU[c], cost*(1+0.01*float64(i%2)))
		times.CPU[c.Twin()] = append(times.CPU[c.Twin()], cost*(1+0.02*float64(i%3)))
	}
}

// report is one with all that there can be: two codecs and one that does not carry the schema, a cell that failed, limits.
func report(t *testing.T) *Report {
	t.Helper()
	wide := strings.Replace(twoLongs, `"fields": [`, `"fields": [{"name": "n", "type": ["null", "int"]}, `, 1)
	list := accesses(t, Choice{Lengths: []int{1, 16}, TTL: true})
	times := &Times{Runtime: "flink2", Keys: 16384, CPU: map[results.Cell][]float64{}, Background: map[results.Cell][]float64{},
		Fact: "Flink 2.3.0", Limits: []string{"the JIT compiler had not come to rest"}}
	for i, a := range list {
		for k, codec := range []string{"pojo", "kryo"} {
			c := a.Cell("R", "flink2", codec)
			cost := float64(20 + i + 100*k)
			if a.Backend == RocksDB {
				cost *= 100
				times.Background[c] = []float64{200, 220, 240}
			}
			if a.Backend == RocksDB && a.Kind == valueUpdate && a.TTL {
				times.Failures = append(times.Failures, results.Failure{Cell: c, Reason: "java.lang.OutOfMemoryError"})
				continue
			}
			invent(times, c, cost, 6)
			if codec != "pojo" {
				delete(times.CPU, c.Twin())
			}
		}
	}
	r, err := Of(subjectOf(t, wide, tuples, pojos, kryos), list, times)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// UPDATE=1 rewrites the golden files.
func TestGolden(t *testing.T) {
	for name, form := range map[string]func(*Report, io.Writer) error{"report.txt": (*Report).Text, "report.md": (*Report).Markdown, "report.json": (*Report).JSON} {
		var b strings.Builder
		if err := form(report(t), &b); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if diff := cmp.Diff(string(want), b.String()); diff != "" || err != nil {
			t.Errorf("%s: error %v (-want +got):\n%s", name, err, diff)
		}
	}
}

// Without any time the bytes are there, and why the times are not.
func TestNothing(t *testing.T) {
	list := accesses(t, Choice{Kind: state.Value})
	times := &Times{Runtime: "flink2"}
	for _, a := range list {
		times.Failures = append(times.Failures, results.Failure{Cell: a.Cell("R", "flink2", "pojo"), Reason: "there is no java"})
	}
	r, err := Of(subjectOf(t, twoLongs, pojos), list, times)
	var b strings.Builder
	if err := errors.Join(err, r.Text(&b)); err != nil {
		t.Fatal(err)
	}
	const want = `R, key a (long), runtime flink2: 8 records

pojo: CPU time of an access in ns
access               at  TTL  B/entry  heap  ±  RocksDB  ±  flush
Value.update                     29.0     -           -         -
Value.value, update              29.0     -           -         -

not measured: pojo on the heap, pojo in RocksDB: there is no java
`
	if diff := cmp.Diff(want, b.String()); diff != "" || r.Measured() {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := SubjectOf(set(t, twoLongs), keyedstate.Config{Key: []string{"nope"}}, []Codec{pojos}); err == nil {
		t.Error("a key that is not there: no error")
	}
}
