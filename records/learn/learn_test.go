package learn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/streams"
	"pgregory.net/rapid"
)

func planOf(t testing.TB, s *schemas.Schema, external []byte) *records.Source {
	t.Helper()
	plan, err := records.Compile(s, external)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func streamPlan(t testing.TB, name string) *records.Source {
	t.Helper()
	s, err := streams.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return planOf(t, s, nil)
}

// learn learns from records 0 to n-1 of a plan.
func learn(t testing.TB, plan *records.Source, n int) *Learner {
	t.Helper()
	l, err := New(plan.Schema)
	if err != nil {
		t.Fatal(err)
	}
	gen := plan.Generator(1)
	for i := range n {
		if err := l.Add(gen.New(uint64(i))); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func profileOf(t testing.TB, l *Learner, keep bool) []byte {
	t.Helper()
	p, err := l.Profile(keep)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// mean returns the mean size of n records with a seed, in Avro.
func mean(t *testing.T, plan *records.Source, n int, seed uint64) float64 {
	gen := plan.Generator(seed)
	sum := 0
	var buf []byte
	for i := range n {
		r, err := plan.Type.Ref(gen.New(uint64(i)))
		if err == nil {
			buf, err = access.AppendAvro(buf[:0], plan.Type, r)
		}
		if err != nil {
			t.Fatal(err)
		}
		sum += len(buf)
	}
	return float64(sum) / float64(n)
}

// A profile learned from records of a stream gives back their size: in each of the streams, of which a short test has a few.
// Several seeds, for the values that repeat are few, and other ones with each seed.
func TestStreams(t *testing.T) {
	names := streams.Names()
	if testing.Short() {
		names = []string{"nexmark.Bid", "orders.Order", "iot.Metric", "shape.NestedDeep", "shape.UnionHeavy"}
	}
	const sample, seeds = 20000, 4
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := streamPlan(t, name)
			again := planOf(t, plan.Schema, profileOf(t, learn(t, plan, sample), false))
			want, got := mean(t, plan, sample, 1), 0.0
			for seed := range uint64(seeds) {
				got += mean(t, again, sample/4, 2+seed) / seeds
			}
			if off := got/want - 1; math.Abs(off) > 0.01 {
				t.Errorf("%.2f B, learned %.2f: %+.2f %%", want, got, 100*off)
			}
		})
	}
}

// Nothing is kept of a sample but counts and a bounded number of values, however large it is.
func TestMemory(t *testing.T) {
	var fields []string
	for i := range 40 {
		fields = append(fields, fmt.Sprintf(`{"name":"s%d","type":"string"},{"name":"l%d","type":"long"},{"name":"d%d","type":"double"}`, i, i, i))
	}
	s, err := schemas.Parse("wide", []byte(`{"type":"record","name":"Wide","fields":[`+strings.Join(fields, ",")+`]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	l, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	plan := planOf(t, s, []byte(`{"wirecost-profile":1,"fields":{"s0":{"len":{"min":500,"max":5000}},"l0":{"min":-9223372036854775808},"d0":{"min":1e-150,"max":1e150,"shape":"log"}}}`))
	gen := plan.Generator(1)
	record := plan.Type.New()
	r, err := plan.Type.Ref(record)
	if err != nil {
		t.Fatal(err)
	}
	before := heap()
	n := 20000
	if testing.Short() {
		n = 8000
	}
	for i := range n {
		gen.Fill(uint64(i), r)
		if err := l.Add(record); err != nil {
			t.Fatal(err)
		}
		if l.budget.left < 0 {
			t.Fatalf("record %d: the distinct values take %d bytes more than they may", i, -l.budget.left)
		}
	}
	if grown := heap() - before; grown > 32<<20 {
		t.Errorf("after %d records the learner takes %d MiB", n, grown>>20)
	}
	kept := 0
	for _, v := range l.budget.tables {
		kept += v.size()
	}
	if kept+l.budget.left != mostMemory {
		t.Errorf("tables of %d bytes, and %d left of %d", kept, l.budget.left, mostMemory)
	}
	runtime.KeepAlive(l)
}

func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// What a sample says is in no profile, unless it is asked for.
func TestPrivacy(t *testing.T) {
	s := parse(t, `{"name":"mail","type":"string"},{"name":"amount","type":"long"},{"name":"price","type":"double"},{"name":"tags","type":{"type":"map","values":"string"}}`)
	l := fromJSON(t, s, 600, func(i int) string {
		return fmt.Sprintf(`{"mail":"secret%d@corp.example","amount":%d,"price":%d.25,"tags":{"project%d":"Zebra%d"}}`, i%7, 4711+i%7*1000003, 1234567+i%7*1003, i%3, i%5)
	})
	profile := profileOf(t, l, false)
	for _, secret := range []string{"secret", "corp", "4711", "1004714", "1234567.25", "project", "Zebra"} {
		if bytes.Contains(profile, []byte(secret)) {
			t.Errorf("the profile has %q of the sample:\n%s", secret, profile)
		}
	}
	if bytes.Contains(profile, []byte(`"values"`)) {
		t.Error("the profile says that it has values")
	}
	kept := profileOf(t, l, true)
	for _, want := range []string{`"values": "kept"`, "secret3@corp.example", "1234567.25", "project2", "Zebra4"} {
		if !bytes.Contains(kept, []byte(want)) {
			t.Errorf("the profile with values kept has no %q:\n%s", want, kept)
		}
	}
	planOf(t, s, kept)
}

// No count below five is in a profile.
func TestFewCounts(t *testing.T) {
	plan := streamPlan(t, "otel.Span")
	for _, n := range []int{1, 3, 17, 300} {
		profile := profileOf(t, learn(t, plan, n), false)
		planOf(t, plan.Schema, profile)
		var p struct{ Fields map[string]json.RawMessage }
		if err := json.Unmarshal(profile, &p); err != nil {
			t.Fatal(err)
		}
		for path, field := range p.Fields {
			var v any
			if err := json.Unmarshal(field, &v); err != nil {
				t.Fatal(err)
			}
			fewCounts(t, fmt.Sprintf("%d records: %s", n, path), v)
		}
	}
}

// fewCounts looks for counts in a profile.
func fewCounts(t *testing.T, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, x := range v {
			if n, ok := x.(float64); ok && key == "rest" && n < least {
				t.Errorf("%s: rest %v", at, n)
			}
			if list, ok := x.([]any); ok && key == "ranks" {
				for _, n := range list {
					if n.(float64) < least {
						t.Errorf("%s: rank %v", at, n)
					}
				}
			}
			if list, ok := x.([]any); ok && key == "bins" {
				for _, b := range list {
					if b.([]any)[0].(float64) < least {
						t.Errorf("%s: bin %v", at, b)
					}
				}
			}
			fewCounts(t, at, x)
		}
	case []any:
		for _, x := range v {
			fewCounts(t, at, x)
		}
	}
}

// The traps that broke the promise before it was one.
func TestTraps(t *testing.T) {
	s := parse(t, `{"name":"a","type":"string"},{"name":"n","type":["null","int"]},{"name":"d","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
		{"name":"u","type":{"type":"string","logicalType":"uuid"}},{"name":"ts","type":"long"},{"name":"p","type":"float"}`)
	l := fromJSON(t, s, 1000, func(i int) string {
		a := "x"
		if i%10 == 0 {
			a = fmt.Sprintf("%0100d", i)
		}
		return fmt.Sprintf(`{"a":%q,"n":{"int":%d},"d":"\u0001\u0000","u":"00000000-0000-4000-8000-%012d","ts":%d,"p":%d.5}`, a, i, i, 1767225600123+int64(i)*40, i)
	})
	profile := string(profileOf(t, l, false))
	for _, want := range []string{
		`"a": {"pick": {"n": 101, "ranks": [900], "rest": 100}, "first": ["n"], "len": 100, "chars": "digit"}`, // of the rest alone
		`"n": {"null": 0, "bins"`,
		`"d": {"bins": [[1000,256,287]]}`,
		`"u": {"uuid": true}`,
		`"ts": {"time": {"start": 1767225600000, "unit": "ms", "num": 40000, "den": 1000}}`,
		`"scale": 1}`,
	} {
		if !strings.Contains(profile, want) {
			t.Errorf("no %s in\n%s", want, profile)
		}
	}
	plan := planOf(t, s, []byte(profile))
	if want, got := mean(t, plan, 1000, 1), mean(t, plan, 1000, 9); math.Abs(got/want-1) > 0.05 {
		t.Errorf("%v and %v B", want, got)
	}
}

func parse(t *testing.T, fields string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Parse("test", []byte(`{"type":"record","name":"R","fields":[`+fields+`]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fromJSON learns from n records in JSON.
func fromJSON(t *testing.T, s *schemas.Schema, n int, line func(i int) string) *Learner {
	t.Helper()
	l, err := New(s)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		v := l.root.typ.New()
		r, err := l.root.typ.Ref(v)
		if err == nil {
			err = access.ParseJSON(l.root.typ, []byte(line(i)), r)
		}
		if err == nil {
			err = l.Add(v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestNothing(t *testing.T) {
	if _, err := learn(t, streamPlan(t, "nexmark.Bid"), 0).Profile(false); err == nil {
		t.Error("a profile of no records")
	}
}

// Bins are a partition of all integers whose ends are where encodings change their width.
func TestBins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64().Draw(t, "v") >> rapid.IntRange(0, 63).Draw(t, "shift")
		lo, hi := ends(binOf(v))
		if v < lo || v > hi {
			t.Fatalf("%d is not in its bin, %d to %d", v, lo, hi)
		}
		for _, at := range []int64{lo, hi} {
			if a, b := ends(binOf(at)); a != lo || b != hi {
				t.Fatalf("%d is in bin %d to %d, an end of %d to %d", at, a, b, lo, hi)
			}
		}
		if len(fmt.Sprint(lo)) != len(fmt.Sprint(hi)) && lo != math.MinInt64 {
			// the mirror of 9 is -10: the sign and one more digit are the boundary there
			if lo >= 0 || len(fmt.Sprint(-1-lo)) != len(fmt.Sprint(-1-hi)) {
				t.Fatalf("bin %d to %d has numbers of several lengths", lo, hi)
			}
		}
		lengths := byLength.binOf(max(v, -v, 0) & math.MaxInt32)
		if lo, hi := byLength.ends(lengths); int64(max(v, -v, 0)&math.MaxInt32) < lo || int64(max(v, -v, 0)&math.MaxInt32) > hi {
			t.Fatalf("a length is not in its bin, %d to %d", lo, hi)
		}
	})
}

func TestFold(t *testing.T) {
	bins := func(counts ...uint64) (out []bin[int64]) {
		for i, n := range counts {
			if n > 0 {
				out = append(out, bin[int64]{n, int64(i), int64(i)})
			}
		}
		return out
	}
	for _, tt := range []struct{ in, want []bin[int64] }{
		{bins(9, 7), bins(9, 7)},
		{bins(9, 2), bins(11)},
		{bins(2, 9), bins(0, 11)},
		{bins(9, 2, 1, 2, 8), bins(9, 0, 5, 0, 8)},
		{bins(1, 1, 1), bins(0, 5)},
		{nil, nil},
	} {
		if got := fold(tt.in); fmt.Sprint(got) != fmt.Sprint(tt.want) {
			t.Errorf("fold(%v) = %v, want %v", tt.in, got, tt.want)
		}
	}
}

func TestDistinct(t *testing.T) {
	for _, n := range []int{0, 1, 100, 5000, 300000} {
		var s sketch
		for i := range n {
			s.add(mix(uint64(i) + 1))
			s.add(mix(uint64(i) + 1))
		}
		if got := float64(s.distinct()); math.Abs(got-float64(n)) > 0.06*float64(n) {
			t.Errorf("%d different numbers are taken for %v", n, got)
		}
	}
}

// Values beyond those that are counted one by one are estimated, and frequent ones among the first keep their counts.
func TestManyValues(t *testing.T) {
	l := &Learner{budget: budget{left: mostMemory}}
	v := newIntegers(&l.budget).values
	const n = 3 * mostDistinct
	for range 3 {
		for i := range int64(n) {
			v.add(i % n)
			v.add(7)
			v.add(7)
		}
	}
	r, ok := v.ranking(func(a, b int64) int { return int(a - b) })
	if !ok || math.Abs(float64(r.n)/n-1) > 0.05 || len(r.top) == 0 || r.top[0] != 7 || r.count[0] != 6*n+3 {
		t.Errorf("ranking %v of %d values, top %v", ok, r.n, r.top[:min(1, len(r.top))])
	}
}

func BenchmarkLearn(b *testing.B) {
	plan := streamPlan(b, "nexmark.Bid")
	gen := plan.Generator(1)
	ring := make([]any, 1<<17)
	for i := range ring {
		ring[i] = gen.New(uint64(i))
	}
	l, err := New(plan.Schema)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if err := l.Add(ring[i&(len(ring)-1)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
