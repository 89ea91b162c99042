package records

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// table returns the rows of a file in testdata, as cells, without a head.
func table(t testing.TB, file string, head bool) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n") {
		rows = append(rows, strings.Split(line, "\t"))
	}
	if head {
		rows = rows[1:]
	}
	return rows
}

// planOf compiles a stream, or a schema of datagen.
func planOf(t testing.TB, name string) *Source {
	t.Helper()
	file := "../schemas/streams/" + name + ".avsc"
	if _, err := os.Stat(file); err != nil {
		file = "testdata/datagen/" + name + ".avro"
	}
	s, err := schemas.Load(file, "")
	if err != nil {
		t.Fatal(err)
	}
	return compiled(t, s)
}

func compiled(t testing.TB, s *schemas.Schema) *Source {
	t.Helper()
	p, err := Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fieldPlan compiles a record R whose fields are given as JSON.
func fieldPlan(t testing.TB, fields string) *Source {
	t.Helper()
	return compiled(t, parsed(t, fields))
}

func parsed(t testing.TB, fields string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Parse("R.avsc", []byte(`{"type":"record","name":"R","fields":[`+fields+`]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// record returns record i of g.
func record(t testing.TB, g *Generator, i uint64) access.Ref {
	t.Helper()
	r, err := g.source.Type.Ref(g.New(i))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDraws(t *testing.T) {
	for _, row := range table(t, "draws.tsv", false) {
		kind, in, want := row[0], row[1], row[2]
		if kind == "exp2frac" {
			want = bitsOf(t, want)
		}
		if got := draw(t, kind, in); got != nil && fmt.Sprintf("%016x", *got) != want {
			t.Errorf("%s %s: got %016x, want %s", kind, in, *got, want)
		}
		if kind == "field" {
			checkField(t, in, want)
		}
	}
}

// draw computes a row of draws.tsv that is one number.
func draw(t *testing.T, kind, in string) *uint64 {
	a := arguments(in)
	var v uint64
	switch kind {
	case "mix":
		x, err := strconv.ParseUint(in, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		v = mix(x)
	case "fnv1a64":
		v = hash(in)
	case "root":
		v = uint64(root(a.num("seed"), a.num("i")))
	case "draw":
		s := root(a.num("seed"), a.num("i"))
		if at, ok := a["scope"]; ok {
			s = s.child(hash(at), a.num("j"))
		}
		st := s.stream(hash(a["path"]))
		for range a.num("k") {
			v = st.next()
		}
	case "child":
		v = uint64(root(a.num("seed"), a.num("i")).child(hash(a["path"]), a.num("j")))
	case "dict":
		v = uint64(dict(a.num("seed"), hash(a["key"]), a.num("e")))
	case "exp2frac":
		x, err := strconv.ParseUint(in, 16, 64)
		if err != nil {
			t.Fatal(err)
		}
		v = math.Float64bits(exp2frac(uint32(x)))
	default:
		return nil
	}
	return &v
}

// bitsOf returns the bits of a number written as its mantissa, "4503599627370496p-52 = 1".
func bitsOf(t *testing.T, text string) string {
	m, _, _ := strings.Cut(text, "p-52")
	v, err := strconv.ParseFloat(m, 64)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%016x", math.Float64bits(math.Ldexp(v, -52)))
}

// args are the key=value words of a row.
type args map[string]string

func arguments(in string) args {
	a := args{}
	for word := range strings.FieldsSeq(in) {
		key, value, _ := strings.Cut(word, "=")
		a[key] = value
	}
	return a
}

func (a args) num(key string) uint64 {
	v, _ := strconv.ParseUint(a[key], 10, 64)
	return v
}

// checkField compares the values of records 0..7 with those of a row.
func checkField(t *testing.T, field, want string) {
	p := fieldPlan(t, field)
	g := p.Generator(1)
	dec := json.NewDecoder(strings.NewReader(want))
	for i := range uint64(8) {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			t.Fatal(field, err)
		}
		w := p.Type.Alloc()
		if err := access.ParseJSON(p.Type, []byte(`{"f":`+string(raw)+`}`), w); err != nil {
			t.Fatal(field, err)
		}
		if err := access.Diff(p.Type, w, record(t, g, i)); err != nil {
			t.Errorf("%s, record %d: %v", field, i, err)
		}
	}
}

func TestVectors(t *testing.T) {
	files, err := filepath.Glob("testdata/vectors/*.jsonl")
	if err != nil || len(files) != 25 {
		t.Fatalf("%d files of vectors, error %v", len(files), err)
	}
	for _, file := range files {
		p := planOf(t, strings.TrimSuffix(filepath.Base(file), ".jsonl"))
		g := p.Generator(1)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
		for n, i := range []uint64{0, 1, 2, 1000000, 4000000000} {
			want := p.Type.Alloc()
			if err := access.ParseJSON(p.Type, lines[n], want); err != nil {
				t.Fatalf("%s:%d: %v", file, n+1, err)
			}
			got := record(t, g, i)
			if err := access.Diff(p.Type, want, got); err != nil {
				t.Errorf("%s, record %d: %v", file, i, err)
			}
			line, err := access.AppendJSON(nil, p.Type, got)
			if diff := cmp.Diff(tree(t, lines[n]), tree(t, line)); diff != "" || err != nil {
				t.Errorf("%s, record %d as JSON: %v (-want +got):\n%s", file, i, err, diff)
			}
		}
	}
}

func tree(t *testing.T, line []byte) any {
	var v any
	if err := json.Unmarshal(line, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestHashes(t *testing.T) {
	for _, row := range table(t, "hashes.tsv", true) {
		p := planOf(t, row[0])
		g, sum := p.Generator(1), sha256.New()
		var buf []byte
		for i := range uint64(1000) {
			var err error
			if buf, err = access.AppendAvro(buf[:0], p.Type, record(t, g, i)); err != nil {
				t.Fatal(row[0], err)
			}
			sum.Write(buf)
		}
		if got := fmt.Sprintf("%x", sum.Sum(nil)); got != row[1] {
			t.Errorf("%s: got %s, want %s", row[0], got, row[1])
		}
	}
}

// avroBytes returns the total of records 0..n-1.
func avroBytes(t testing.TB, p *Source, seed uint64, n uint64) (total int) {
	g := p.Generator(seed)
	var buf []byte
	for i := range n {
		var err error
		if buf, err = access.AppendAvro(buf[:0], p.Type, record(t, g, i)); err != nil {
			t.Fatal(err)
		}
		total += len(buf)
	}
	return total
}

func TestSizes(t *testing.T) {
	for _, file := range []string{"sizes.tsv", "datagen/sizes.tsv"} {
		for _, row := range table(t, file, true) {
			if row[1] != "avro" {
				continue
			}
			p := planOf(t, row[0])
			want, err := strconv.Atoi(row[2])
			if err != nil {
				t.Fatal(err)
			}
			if got := avroBytes(t, p, 1, 20000); got != want {
				t.Errorf("%s: got %d bytes, want %d", row[0], got, want)
			}
			if file != "sizes.tsv" {
				continue
			}
			if got := avroBytes(t, p, 2, 20000); math.Abs(float64(got-want)) > 0.03*float64(want) {
				t.Errorf("%s: with seed 2 %d bytes, with seed 1 %d: more than 3 %% apart", row[0], got, want)
			}
		}
	}
}

// Any range can be made in any order by any number of generators.
func TestAnyOrder(t *testing.T) {
	p := planOf(t, "shape.NestedDeep")
	const n = 200
	want := make([]any, n)
	g := p.Generator(3)
	for i := range want {
		want[i] = g.New(uint64(i))
	}
	var wg sync.WaitGroup
	got := make([]any, n)
	for w := range 4 {
		wg.Go(func() {
			g := p.Generator(3)
			for i := n - 1 - w; i >= 0; i -= 4 {
				got[i] = g.New(uint64(i))
			}
		})
	}
	wg.Wait()
	for i := range want {
		a, _ := p.Type.Ref(want[i])
		b, _ := p.Type.Ref(got[i])
		if err := access.Diff(p.Type, a, b); err != nil {
			t.Errorf("record %d: %v", i, err)
		}
	}
}

// A field does not depend on the fields around it.
func TestFieldsAlone(t *testing.T) {
	const (
		a = `{"name":"a","type":{"type":"array","items":["null","string"]}}`
		b = `{"name":"b","type":"double"}`
		c = `{"name":"c","type":"string","profile":{"pick":{"n":50,"zipf":1.2},"len":5}}`
	)
	all, alone := fieldPlan(t, a+","+b+","+c), fieldPlan(t, c)
	ga, gc := all.Generator(1), alone.Generator(1)
	for i := range uint64(100) {
		x := record(t, ga, i).At(all.Type.Fields[2].Offset).Text()
		y := record(t, gc, i).At(alone.Type.Fields[0].Offset).Text()
		if x != y {
			t.Fatalf("record %d: %q among others, %q alone", i, x, y)
		}
	}
}

// Fill leaves nothing of what the record was.
func TestFillUsed(t *testing.T) {
	for _, name := range []string{"shape.CollectionHeavy", "shape.UnionHeavy", "orders.Order", "shape.NestedDeep"} {
		p := planOf(t, name)
		g := p.Generator(1)
		used := p.Type.Alloc()
		for i := range uint64(50) {
			g.Fill(i, used)
			if err := access.Diff(p.Type, record(t, g, i), used); err != nil {
				t.Fatalf("%s, record %d: %v", name, i, err)
			}
		}
	}
}

// A record inside itself through another that is inside itself too: each way back leads into a box.
func TestNestedRecursion(t *testing.T) {
	s, err := schemas.Parse("tree.avsc", []byte(`{"type":"record","name":"Outer","fields":[
		{"name":"inner","type":{"type":"record","name":"Inner","fields":[
			{"name":"deep","type":["null",{"type":"record","name":"Deep","fields":[
				{"name":"inners","type":{"type":"array","items":"Inner"},"profile":{"size":{"min":0,"max":1}}},
				{"name":"outers","type":{"type":"map","values":"Outer"},"profile":{"size":{"min":0,"max":1}}},
				{"name":"maybe","type":["null","Outer","Inner"]},
				{"name":"number","type":["int"]}]}]},
			{"name":"text","type":["string","null"]}]}},
		{"name":"bytes","type":"bytes"}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]any, 200)
	var wg sync.WaitGroup
	for half := range 2 {
		wg.Go(func() {
			g := p.Generator(1)
			for i := half; i < len(want); i += 2 {
				want[i] = g.New(uint64(i))
			}
		})
	}
	wg.Wait()
	for i, v := range want {
		text, err := access.Marshal(p.Type, v)
		if err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
		again := p.Type.Alloc()
		if err := access.ParseJSON(p.Type, text, again); err != nil {
			t.Fatalf("record %d, %s: %v", i, text, err)
		}
		ref, _ := p.Type.Ref(v)
		if err := access.Diff(p.Type, ref, again); err != nil {
			t.Errorf("record %d: %v", i, err)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, tt := range []struct{ field, want string }{
		{`{"name":"f","type":"int","profile":{"mn":1}}`, `f: unknown key "mn" for int`},
		{`{"name":"f","type":"int","profile":{"len":1}}`, `f: unknown key "len" for int`},
		{`{"name":"f","type":"int","profile":[]}`, `f: profile: want an object`},
		{`{"name":"f","type":"int","profile":{"min":5,"max":1}}`, `f: min 5 is above max 1`},
		{`{"name":"f","type":"int","profile":{"max":3000000000}}`, `f: max: 3000000000 is not from -2147483648 to 2147483647`},
		{`{"name":"f","type":"int","profile":{"min":1.5}}`, `f: min: 1.5 is no integer of 64 bits`},
		{`{"name":"f","type":"int","java-class":"byte","profile":{"max":200}}`, `f: max: 200 is not from -128 to 127`},
		{`{"name":"f","type":"long","profile":{"shape":"log"}}`, `f: the range of shape log is over 2^52`},
		{`{"name":"f","type":"double","profile":{"shape":"log","min":0,"max":1}}`, `f: shape log needs min above 0`},
		{`{"name":"f","type":"int","profile":{"shape":"bell"}}`, `f: shape "bell": there are uniform, log and normal`},
		{`{"name":"f","type":"int","profile":{"shape":"normal","mean":1}}`, `f: shape normal needs mean and sd`},
		{`{"name":"f","type":"int","profile":{"shape":"normal","mean":1,"sd":-1}}`, `f: sd is negative`},
		{`{"name":"f","type":"double","profile":{"shape":"normal","mean":1,"sd":-1}}`, `f: sd is negative`},
		{`{"name":"f","type":"long","profile":{"time":{"late":{"p":1.5,"max":1}}}}`, `f: time: late: p: 1.5 is not from 0 to 1`},
		{`{"name":"f","type":"long","profile":{"time":{"late":{"p":0.5}}}}`, `f: time: late: max is at least 1`},
		{`{"name":"f","type":"long","profile":{"time":{"late":{"q":0.5}}}}`, `f: time: late: unknown key "q"`},
		{`{"name":"f","type":"long","profile":{"time":{"add":{"mn":1}}}}`, `f: time: add: unknown key "mn"`},
		{`{"name":"f","type":"string","profile":{"num":1,"width":-1}}`, `f: width -1 is not from 0 to 100`},
		{`{"name":"f","type":"string","profile":{"num":1,"width":101}}`, `f: width 101 is not from 0 to 100`},
		{`{"name":"f","type":"int","profile":{"alt":[[1,{"null":0.5}]]}}`, `f: alt: null, branches and pick are not allowed inside alt`},
		{`{"name":"f","type":["null","int"],"profile":{"alt":[[1,{"null":0.5}]]}}`, `f: alt: null, branches and pick are not allowed inside alt`},
		{`{"name":"f","type":"int","profile":{"alt":[[1,{"len":5}]]}}`, `f: alt: unknown key "len" for int`},
		{`{"name":"f","type":"int","profile":{"alt":[]}}`, `f: alt: the weights are all 0`},
		{`{"name":"f","type":["int","string"],"profile":{"alt":[[1,{}]]}}`, `f: alt is not for a union of several branches`},
		{`{"name":"f","type":["null","int"],"profile":{"null":-0.5}}`, `f: null: -0.5 is not from 0 to 1`},
		{`{"name":"f","type":"int","profile":{"top":[[1,3000000000]]}}`, `f: top: weight 3000000000 is not from 0 to 2^31`},
		{`{"name":"f","type":"int","profile":{"top":[[1,2147483648],[2,2147483648],[3,1]]}}`, `f: the weights sum to more than 2^32`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":5,"ranks":[1,1,1,1,1,1]}}}`, `f: pick: 6 ranks and a rest of 5 entities`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":5,"hot":2}}}`, `f: pick: hot needs p`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":5,"hot":2,"p":2}}}`, `f: pick: p: 2 is not from 0 to 1`},
		{`{"name":"f","type":"string","profile":{"len":16777217}}`, `f: len: 16777217 is not from 0 to 16777216`},
		{`{"name":"f","type":"string","profile":{"len":"5"}}`, `f: len: "5" is no integer of 64 bits`},
		{`{"name":"f","type":{"type":"fixed","name":"X","size":2},"profile":{"const":"abc"}}`, `f: const: 3 bytes for a fixed of 2`},
		{`{"name":"f","type":{"type":"enum","name":"E","symbols":["A"]},"profile":{"const":"B"}}`, `f: const: "B" is no symbol of E`},
		{`{"name":"f","type":"int","profile":{"sum":9,"max":1}}`, `f: sum 9 is not from 1 to 8`},
		{`{"name":"f","type":"int","profile":{"bins":[[1,2]]}}`, `f: bin [1,2] is not [weight, lo, hi]`},
		{`{"name":"f","type":"int","profile":{"bins":[[1,3,2]]}}`, `f: bin [1,3,2]: lo is above hi`},
		{`{"name":"f","type":"double","profile":{"quantiles":[3,2]}}`, `f: the quantiles are not ascending`},
		{`{"name":"f","type":"float","profile":{"max":1e39}}`, `f: max: 1e39 is not from -3.4028234663852886e+38 to 3.4028234663852886e+38`},
		{`{"name":"f","type":"float","profile":{"bins":[[1,0,1e39]]}}`, `f: 1e39 is not from -3.40`},
		{`{"name":"f","type":"float","profile":{"quantiles":[0,1e39]}}`, `f: 1e39 is not from -3.40`},
		{`{"name":"f","type":"double","profile":{"min":-1e308,"max":1e308}}`, `f: the range from -1e+308 to 1e+308 is too wide`},
		{`{"name":"f","type":"double","profile":{"shape":"log","min":1e-300,"max":1e300}}`, `f: the range of shape log from 1e-300 to 1e+300 is too wide`},
		{`{"name":"f","type":"double","profile":{"sum":2}}`, `f: sum is for integers`},
		{`{"name":"f","type":"int","java-class":"byte","profile":{"index":{"mod":200}}}`, `f: index: the last value: 199 is not from -128 to 127`},
		{`{"name":"f","type":"int","profile":{"index":{"start":3000000000}}}`, `f: index: start: 3000000000 is not from`},
		{`{"name":"f","type":"int","profile":{"quantiles":[3,2]}}`, `f: the quantiles are not ascending`},
		{`{"name":"f","type":"int","profile":{"top":[[1,-1]]}}`, `f: top: weight -1 is not from 0 to 2^31`},
		{`{"name":"f","type":"int","profile":{"top":[[1,0]]}}`, `f: the weights are all 0`},
		{`{"name":"f","type":"int","profile":{"top":[["x",1]]}}`, `f: top: "x" is no int`},
		{`{"name":"f","type":"int","profile":{"other":1}}`, `f: other needs top`},
		{`{"name":"f","type":"int","profile":{"const":1,"min":0}}`, `f: const, uuid, num and parts leave no use for a length or a number`},
		{`{"name":"f","type":"int","profile":{"index":{},"min":0}}`, `f: at most one of time, recent, index, bins, quantiles, and min, max and shape`},
		{`{"name":"f","type":"int","profile":{"index":{"every":0}}}`, `f: index: every is at least 1`},
		{`{"name":"f","type":"int","profile":{"index":{"evry":1}}}`, `f: index: unknown key "evry"`},
		{`{"name":"f","type":"long","profile":{"time":{"unit":"h"}}}`, `f: time: unit "h": there are s, ms, us and ns`},
		{`{"name":"f","type":"long","profile":{"time":{"den":0}}}`, `f: time: den is at least 1`},
		{`{"name":"f","type":"long","profile":{"time":{"start":"noon"}}}`, `f: time: start "noon" is no RFC 3339 time`},
		{`{"name":"f","type":"long","profile":{"time":{"unit":"ns","start":"3000-01-01T00:00:00Z"}}}`, `f: time: start "3000-01-01T00:00:00Z" is too far from 1970 for 64 bits of ns`},
		{`{"name":"f","type":"long","profile":{"recent":{"group":0}}}`, `f: recent: den and group are at least 1`},
		{`{"name":"f","type":"boolean","profile":{"true":1.5}}`, `f: true: 1.5 is not from 0 to 1`},
		{`{"name":"f","type":{"type":"enum","name":"E","symbols":["A","B"]},"profile":{"weights":[1]}}`, `f: weights: 1 weights for 2`},
		{`{"name":"f","type":"string","profile":{"uuid":true,"num":1}}`, `f: at most one of const, uuid, num and parts`},
		{`{"name":"f","type":"string","profile":{"len":-1}}`, `f: len: -1 is not from 0 to 16777216`},
		{`{"name":"f","type":"string","profile":{"len":{"min":-1,"max":5}}}`, `f: len: min: -1 is not from 0 to 16777216`},
		{`{"name":"f","type":"string","profile":{"len":{"index":{}}}}`, `f: len: index: it has no largest value without mod`},
		{`{"name":"f","type":"string","profile":{"len":{"index":{"step":-1,"mod":5}}}}`, `f: len: index: the last value: -4 is not from 0`},
		{`{"name":"f","type":"string","profile":{"len":{"index":{"step":5000000000,"mod":5000000000}}}}`, `f: len: index: step 5000000000 times mod 5000000000 leads outside`},
		{`{"name":"f","type":"string","profile":{"len":{"recent":{}}}}`, `f: len: time and recent have no largest value`},
		{`{"name":"f","type":"bytes","profile":{"len":{"time":{}}}}`, `f: len: time and recent have no largest value`},
		{`{"name":"f","type":"string","profile":{"len":{"sum":2,"min":3,"max":16777216}}}`, `f: len: sum: 33554432 is not from 0 to 16777216`},
		{`{"name":"f","type":{"type":"array","items":"int"},"profile":{"size":{"sum":3,"quantiles":[0,9000000]}}}`, `f: size: sum: 27000000 is not from 0`},
		{`{"name":"f","type":"string","profile":{"len":{"top":[[-1,1]]}}}`, `f: len: top: -1 is not from 0`},
		{`{"name":"f","type":{"type":"int","java-class":"short"},"profile":{"min":32767,"max":32767,"sum":8}}`, `f: sum: 262136 is not from -32768 to 32767`},
		{`{"name":"f","type":"int","java-class":"byte","profile":{"min":-20,"max":0,"sum":7}}`, `f: sum: -140 is not from -128 to 127`},
		{`{"name":"f","type":"int","java-class":"short","profile":{"quantiles":[0,20000],"sum":2}}`, `f: sum: 40000 is not from -32768 to 32767`},
		{`{"name":"f","type":"int","java-class":"short","profile":{"shape":"normal","mean":0,"sd":10000,"sum":2}}`, `f: sum: -65536 is not from -32768 to 32767`},
		{`{"name":"f","type":"int","profile":{"min":2000000000,"max":2000000000,"sum":2}}`, `f: sum: 4000000000 is not from -2147483648 to 2147483647`},
		{`{"name":"f","type":{"type":"bytes","logicalType":"decimal","precision":3},"profile":{"max":500,"min":0,"sum":2}}`, `f: sum: 1000 is not from -999 to 999`},
		{`{"name":"f","type":"int","java-class":"short","profile":{"index":{}}}`, `f: index: it has no largest value without mod, and here all are from -32768 to 32767`},
		{`{"name":"f","type":"int","java-class":"byte","profile":{"recent":{}}}`, `f: time and recent have no largest value, and here all are from -128 to 127`},
		{`{"name":"f","type":{"type":"record","name":"S","fields":[{"name":"a","type":"int"}],"profile":{"keyBy":[["a"]]}}}`, `f: unknown key "keyBy" for record`},
		{`{"name":"f","type":"string","profile":{"chars":"klingon"}}`, `f: chars "klingon" is no alphabet`},
		{`{"name":"f","type":"string","profile":{"chars":{"set":""}}}`, `f: chars: the set is empty`},
		{`{"name":"f","type":"string","profile":{"time":{},"format":"short"}}`, `f: format "short": there are decimal, rfc3339`},
		{`{"name":"f","type":"string","profile":{"parts":[{"p":2}]}}`, `f: part 0: p: 2 is not from 0 to 1`},
		{`{"name":"f","type":"string","profile":{"first":["a"]}}`, `f: first needs pick`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":1},"first":["a","b"]}}`, `f: first: 2 values for 1 entities`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":0}}}`, `f: pick: n is an integer of at least 1`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":5,"zipf":0}}}`, `f: pick: zipf is above 0`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":5,"hot":5,"p":0.5}}}`, `f: pick: hot 5 is not from 1 to n - 1`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":5,"hot":1,"zipf":1}}}`, `f: pick: at most one of hot, zipf and ranks`},
		{`{"name":"f","type":"string","profile":{"pick":{"n":5,"label":"x"}}},{"name":"g","type":"string","profile":{"pick":{"n":6,"label":"x"}}}`, `g: pick: label "x" has another n or skew elsewhere`},
		{`{"name":"f","type":{"type":"array","items":"int"},"profile":{"pick":{"n":5}}}`, `f: pick is not for array`},
		{`{"name":"f","type":["null","int"],"profile":{"branches":[1]}}`, `f: branches is for unions with two or more branches`},
		{`{"name":"f","type":["int","string"],"profile":{"null":0.5}}`, `f: null: the union has no null`},
		{`{"name":"f","type":["int","string"],"profile":{"branches":[1]}}`, `f: branches: 1 weights for 2`},
		{`{"name":"f","type":"int","profile":{"alt":[[1,{"pick":{"n":5}}]]}}`, `f: alt: null, branches and pick are not allowed inside alt`},
		{`{"name":"f","type":{"type":"array","items":"int"},"profile":{"size":20000000}}`, `f: size: 20000000 is not from 0 to 16777216`},
		{`{"name":"f","type":{"type":"map","values":"int"},"profile":{"keys":{"pik":1}}}`, `f: keys: unknown key "pik"`},
		{`{"name":"f","type":"R"}`, `f: record R is inside itself with no null, array or map on the way: it would never end`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"range":{"min":3,"max":3}}}}`, `f: arg.properties: range: min 3 is not below max 3`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"options":[1],"range":{}}}}`, `f: arg.properties: options leaves no use for`},
		{`{"name":"f","type":{"type":"array","items":"int","arg.properties":{"options":[[1]],"length":3}}}`, `f: arg.properties: options leaves no use for`},
		{`{"name":"f","type":{"type":"string","arg.properties":{"iteration":{"start":1},"length":3}}}`, `f: arg.properties: iteration leaves no use for`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"iteration":{"start":3,"restart":3}}}}`, `f: arg.properties: iteration: start and restart are equal`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"iteration":{"start":3000000000}}}}`, `f: arg.properties: iteration: step 1 does not lead`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"iteration":{"start":0,"restart":3000000000}}}}`, `f: arg.properties: iteration: 3000000000 is not from`},
		{`{"name":"f","type":{"type":"double","arg.properties":{"iteration":{"start":3,"restart":5,"step":-1}}}}`, `f: arg.properties: iteration: step does not lead`},
		{`{"name":"f","type":{"type":"double","arg.properties":{"iteration":{"restart":5}}}}`, `f: arg.properties: iteration: start is missing`},
		{`{"name":"f","type":{"type":"bytes","arg.properties":{"iteration":{"start":1}}}}`, `f: arg.properties: iteration is not for bytes`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"range":{"max":5000000000}}}}`, `f: arg.properties: range: 4999999999 is not from`},
		{`{"name":"f","type":{"type":"double","arg.properties":{"range":{}}}}`, `f: arg.properties: range: the range from`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"options":[]}}}`, `f: arg.properties: options: there is none`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"iteration":{"restart":3}}}}`, `f: arg.properties: iteration: start is missing`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"iteration":{"start":3,"step":0}}}}`, `f: arg.properties: iteration: step is 0`},
		{`{"name":"f","type":{"type":"int","arg.properties":{"iteration":{"start":3,"restart":5,"step":-1}}}}`, `f: arg.properties: iteration: step -1 does not lead`},
		{`{"name":"f","type":{"type":"string","arg.properties":{"regex":"["}}}`, `f: arg.properties: regex: `},
		{`{"name":"f","type":{"type":"string","arg.properties":{"length":{"min":3}}}}`, `f: arg.properties: length: max is missing`},
	} {
		_, err := Compile(parsed(t, tt.field), nil)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %s", tt.field, err, tt.want)
		}
	}
}

// All errors are reported, a line each.
func TestAllErrors(t *testing.T) {
	_, err := Compile(parsed(t, `{"name":"f","type":"int","profile":{"a":1}},{"name":"g","type":"int","profile":{"b":1}}`), nil)
	want := "f: unknown key \"a\" for int: did you mean \"alt\"? there are alt, bins, const, first, index, max, mean, min, other, pick, quantiles, recent, " +
		"scale, sd, shape, sum, time, top\ng: unknown key \"b\" for int: "
	if _, err := Compile(parsed(t, `{"name":"f","type":"int","profile":{"a":1}},{"name":"g","type":"R"}`), nil); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("a wrong key and a record without end: got %v, want two lines", err)
	}
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestWarnings(t *testing.T) {
	p := fieldPlan(t, `{"name":"f","type":"int","arg.properties":{"range":{"min":1}}}`)
	if len(p.Warnings) != 1 || !strings.HasPrefix(p.Warnings[0], "f: arg.properties stands on the field and is ignored") {
		t.Errorf("got warnings %q", p.Warnings)
	}
}

// A map is warned of whose keys have fewer possible values than it may have entries, and no other.
func TestFewKeys(t *testing.T) {
	for _, tt := range []struct {
		size, keys string
		want       string // "" for none
	}{
		{`6`, `{"const":"a"}`, "up to 6 entries and its keys only 1 possible"},
		{`1`, `{"const":"a"}`, ""},
		{`{"min":1,"max":11}`, `{"len":1,"chars":"digit"}`, "up to 11 entries and its keys only 10 possible"},
		{`{"min":1,"max":10}`, `{"len":1,"chars":"digit"}`, ""},
		{`{"max":111,"min":0}`, `{"len":{"min":0,"max":2},"chars":"digit"}`, ""},
		{`{"max":112,"min":0}`, `{"len":{"min":0,"max":2},"chars":"digit"}`, "only 111 possible"},
		{`{"top":[[2,1],[9,1]]}`, `{"pick":{"n":8},"uuid":true}`, "up to 9 entries and its keys only 8 possible"},
		{`{"top":[[2,1],[9,0]]}`, `{"pick":{"n":8},"uuid":true}`, ""},
		{`{"bins":[[1,0,3],[0,4,90],[1,4,7]]}`, `{"top":[["a",1],["b",1],["c",0]],"other":0}`, "up to 7 entries and its keys only 2 possible"},
		{`{"bins":[[1,0,3]]}`, `{"top":[["a",1],["b",1]],"other":1}`, ""},
		{`{"quantiles":[0,5,7],"sum":2}`, `{"num":{"min":1,"max":13}}`, "up to 14 entries and its keys only 13 possible"},
		{`{"index":{"mod":8}}`, `{"num":{"index":{"mod":7}}}`, ""},
		{`{"index":{"mod":9}}`, `{"num":{"index":{"mod":7}}}`, "up to 8 entries and its keys only 7 possible"},
		{`{"shape":"normal","mean":5,"sd":1}`, `{"len":1,"chars":"hex"}`, ""},
		{`{"shape":"normal","mean":5,"sd":1}`, `{"len":1,"chars":{"set":"abca"}}`, "up to 10 entries and its keys only 3 possible"},
		{`27`, `{"len":1,"chars":"words"}`, ""},
		{`28`, `{"len":1,"chars":"words"}`, "only 27 possible"},
		{`37`, `{"len":1,"chars":{"mix":[["lower",1],["digit",1],["cjk",0]]}}`, "only 36 possible"},
		{`7`, `{"parts":["k",{"num":{"min":1,"max":3}},{"const":"x","p":0.5}]}`, "only 6 possible"},
		{`6`, `{"parts":["k",{"num":{"min":1,"max":3}},{"const":"x","p":0.5}]}`, ""},
		{`5`, `{"alt":[[1,{"const":"a"}],[1,{"num":{"min":1,"max":3}}],[0,{}]]}`, "only 4 possible"},
		{`16777216`, `{}`, ""},
		{`16777216`, `{"time":{}}`, ""},
	} {
		field := `{"name":"m","type":{"type":"map","values":"int"},"profile":{"size":` + tt.size + `,"keys":` + tt.keys + `}}`
		checkWarning(t, field, warningsOf(t, field), tt.want)
	}
	for _, tt := range []struct{ args, want string }{
		{`{"length":200}`, "up to 200 entries and its keys only 128 possible"},
		{`{}`, ""},
		{`{"keys":{"options":["a","b","a"]}}`, "up to 15 entries and its keys only 2 possible"},
		{`{"length":{"min":1,"max":31},"keys":{"regex":"(a|b)[0-9]?|c{1,3}x"}}`, "up to 30 entries and its keys only 25 possible"},
		{`{"length":25,"keys":{"regex":"(a|b)[0-9]?|c{1,3}x"}}`, ""},
		{`{"length":2000,"keys":{"regex":"a+"}}`, ""},
	} {
		field := `{"name":"m","type":{"type":"map","values":"int","arg.properties":` + tt.args + `}}`
		checkWarning(t, field, warningsOf(t, field), tt.want)
	}
	if p, err := Compile(parsed(t, `{"name":"m","type":{"type":"map","values":"int"}}`),
		[]byte(`{"wirecost-profile":1,"fields":{"m{k}":{"len":1,"chars":"space"}}}`)); err != nil || len(p.Warnings) != 1 {
		t.Errorf("keys of an external profile: got error %v and warnings %q, want one", err, p.Warnings)
	}
}

// warningsOf returns the warnings of a field, of which records are not made: they may be large.
func warningsOf(t *testing.T, field string) []string {
	t.Helper()
	s := parsed(t, field)
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	c := newCompiler(s)
	if c.value(place{typ: typ, node: s.Root}); len(c.errs) > 0 {
		t.Fatal(field, c.errs)
	}
	return c.warnings
}

func checkWarning(t *testing.T, field string, got []string, want string) {
	t.Helper()
	switch {
	case want == "" && len(got) == 0:
	case want != "" && len(got) == 1 && strings.HasPrefix(got[0], "m: the map has ") && strings.Contains(got[0], want):
	default:
		t.Errorf("%s: got warnings %q, want %q", field, got, want)
	}
}

func TestKeyBy(t *testing.T) {
	for _, tt := range []struct {
		schema string
		want   [][]string
	}{
		{`{"type":"record","name":"R","profile":{"keyBy":[["b"],["a","b"]]},"fields":[{"name":"a","type":"int"},{"name":"b","type":"int"}]}`, [][]string{{"b"}, {"a", "b"}, {"a"}, {"b"}}},
		{`{"type":"record","name":"R","fields":[{"name":"e","type":{"type":"enum","name":"E","symbols":["A"]}},{"name":"n","type":["null","int"]},{"name":"s","type":"string"}]}`, [][]string{{"s"}, {"n"}}},
		{`{"type":"record","name":"R","fields":[{"name":"n","type":["int","null"]},{"name":"a","type":{"type":"record","name":"A","fields":[{"name":"b","type":{"type":"record","name":"B","fields":[{"name":"i","type":"int"}]}},
			{"name":"j","type":"long"},{"name":"n","type":["null","long"]}]}},{"name":"c","type":["null",{"type":"record","name":"C","fields":[{"name":"k","type":"string"},{"name":"again","type":["null","C"]}]}]},{"name":"r","type":["null","R"]},{"name":"z","type":"float"}]}`,
			[][]string{{"z"}, {"a.j"}, {"a.b.i"}, {"n"}, {"a.n"}, {"c.k"}}},
		{`{"type":"record","name":"R","fields":[{"name":"x","type":"bytes"},{"name":"y","type":{"type":"fixed","name":"Y","size":4}},{"name":"d","type":{"type":"bytes","logicalType":"decimal","precision":4}},{"name":"u","type":["int","string"]},
			{"name":"l","type":{"type":"array","items":"int"}},{"name":"m","type":{"type":"map","values":"int"}},{"name":"v","type":"null"}]}`, [][]string{{"d"}}},
		{`{"type":"record","name":"R","fields":[]}`, nil},
	} {
		s, err := schemas.Parse("R.avsc", []byte(tt.schema), "")
		if err != nil {
			t.Fatal(err)
		}
		if got := compiled(t, s).KeyBy(); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.schema, got, tt.want)
		}
	}
	for _, tt := range []struct{ key, want string }{
		{`[["x"]]`, `keyBy: field x: R has no field "x"`},
		{`[["r"]]`, `keyBy: field r is a record and has no single value`},
		{`[["n"]]`, `keyBy: field n is a record and has no single value`},
		{`[["z"]]`, `keyBy: field z is a record and has no single value`},
		{`[["a"]]`, `keyBy: field a is an array and has no single value`},
		{`[["m"]]`, `keyBy: field m is a map and has no single value`},
		{`[["r.i","a"]]`, `keyBy: field a is an array and has no single value`},
		{`[[]]`, `keyBy: a key has no field path`},
		{`["r"]`, `keyBy: want [[path…]…]`},
	} {
		s, err := schemas.Parse("R.avsc", []byte(`{"type":"record","name":"R","profile":{"keyBy":`+tt.key+`},"fields":[
			{"name":"r","type":{"type":"record","name":"S","fields":[{"name":"i","type":"int"}]}},{"name":"n","type":["null","S"]},{"name":"z","type":["null","R"]},
			{"name":"a","type":{"type":"array","items":"int"}},{"name":"m","type":{"type":"map","values":"int"}}]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Compile(s, nil); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("keyBy %s: got error %v, want %s", tt.key, err, tt.want)
		}
	}
}

// A keyed plan has the records of the plan, but no null where the key is read.
func TestKeyed(t *testing.T) {
	const in = `{"type":"record","name":"In","fields":[{"name":"k","type":["null","long"],"profile":{"null":0.5}},{"name":"o","type":["null","int"]}]}`
	for _, tt := range []struct {
		fields   string
		key      []string
		warnings int
		same     bool // the plan is the same
	}{
		{`{"name":"k","type":["null","long"]},{"name":"o","type":["null","int"]}`, []string{"k"}, 0, false},
		{`{"name":"k","type":["long","null"],"profile":{"null":1}},{"name":"o","type":["null","int"]}`, []string{"k"}, 1, false},
		{`{"name":"k","type":["null","long"],"profile":{"null":0.9,"min":1,"max":3}},{"name":"o","type":"int"}`, []string{"k", "o"}, 1, false},
		{`{"name":"k","type":["null","int","string"]}`, []string{"k"}, 0, false},
		{`{"name":"in","type":["null",` + in + `]},{"name":"k","type":["null","int"]}`, []string{"in.k"}, 1, false},
		{`{"name":"kids","type":{"type":"array","items":"R"}},{"name":"next","type":["null","R"]},{"name":"k","type":["null","int"]}`, []string{"k"}, 0, false},
		{`{"name":"next","type":["null","R"]},{"name":"k","type":["null","int"]}`, []string{"next.k"}, 0, false},
		{`{"name":"o","type":["null","int"]},{"name":"k","type":"int"}`, []string{"k"}, 0, true},
		{`{"name":"before","type":["null",` + in + `]},{"name":"after","type":["null","In"]}`, []string{"after.k|before.k"}, 0, false},
		{`{"name":"before","type":["null",` + in + `]},{"name":"o","type":["null","long"]},{"name":"k","type":["null","int"]}`, []string{"o|before.k", "k"}, 0, false},
	} {
		p := fieldPlan(t, tt.fields)
		keyed, err := p.Keyed(tt.key)
		if err != nil {
			t.Fatal(err)
		}
		if len(keyed.Warnings) != tt.warnings || (keyed == p) != tt.same {
			t.Errorf("%s by %v: got warnings %q, the same plan %v, want %d, %v", tt.fields, tt.key, keyed.Warnings, keyed == p, tt.warnings, tt.same)
		}
		checkKeyed(t, p, keyed, tt.key)
	}
	if _, err := fieldPlan(t, `{"name":"k","type":["null","long"]}`).Keyed([]string{"k.x"}); err == nil {
		t.Error("a key that is no field: got no error")
	}
}

// checkKeyed compares the records of two plans, the second of which has no null at the paths of a key.
func checkKeyed(t *testing.T, plain, keyed *Source, key []string) {
	t.Helper()
	g, h := plain.Generator(1), keyed.Generator(1)
	for i := range uint64(300) {
		a, b := record(t, g, i), record(t, h, i)
		nulls := false
		for _, path := range key {
			get, err := access.Getter(plain.Type, path)
			if err != nil {
				t.Fatal(err)
			}
			if v, err := get(b); err != nil || v.Node == nil {
				t.Errorf("record %d: %s is null, error %v", i, path, err)
			}
			v, _ := get(a)
			nulls = nulls || v.Node == nil
		}
		if err := access.Diff(plain.Type, a, b); err != nil && !nulls {
			t.Errorf("record %d has its key and is another: %v", i, err)
		}
	}
}

func TestExternal(t *testing.T) {
	s := parsed(t, `{"name":"f","type":"int","profile":{"const":1}},{"name":"g","type":["null","int"]}`)
	p, err := Compile(s, []byte(`{"wirecost-profile":1,"schema":"R","fields":{"f":{"const":7},"g":{"null":0,"const":8}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := access.Marshal(p.Type, p.Generator(1).New(5))
	if err != nil || string(got) != `{"f":7,"g":{"int":8}}` {
		t.Errorf("got %s, %v", got, err)
	}
	for text, want := range map[string]string{
		`{}`: `"wirecost-profile": 1 is missing`,
		`{"wirecost-profile":1,"schema":"Q","fields":{}}`:       `it is of schema "Q", not of R`,
		`{"wirecost-profile":1,"fingerprint":"ab","fields":{}}`: `it was made for a schema with the fingerprint "ab"`,
		`{"wirecost-profile":1,"fields":{"h":{"const":1}}}`:     `h: the profile has it and the schema does not`,
		`{"wirecost-profile":1,"fields":{"f":{"cnst":1}}}`:      `f: unknown key "cnst" for int`,
		`{"wirecost-profile":1,"feilds":{}}`:                    `"fields" is missing`,
	} {
		if _, err := Compile(s, []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %s", text, err, want)
		}
	}
}

// A profile that is cut off, or has something behind it, is none: what it says may not be what was meant.
func TestWholeProfile(t *testing.T) {
	s := parsed(t, `{"name":"f","type":"int","profile":{"const":1}}`)
	const good = `{"wirecost-profile":1,"fields":{"f":{"const":7}}}`
	for text, want := range map[string]string{
		good:                                 "",
		good + " \r\n":                       "",
		"\ufeff" + good:                      "",
		good + good:                          "profile: text after the object",
		good + " garbage {":                  "profile: text after the object",
		good + "}":                           "profile: text after the object",
		good + " // note":                    "profile: text after the object",
		`{"wirecost-profile":1,"fields":{}]`: "profile: invalid character ']' after object key:value pair",
		`{"wirecost-profile":1,"fields":{"f":{"const":7},}}`:            "profile: invalid character '}' looking for beginning of object key string",
		`{"wirecost-profile":1,"fields":{"f":{"const":7}`:               "profile: the text ends within an object",
		`{"wirecost-profile":1,"fields":{"f":{"const":7}}`:              "profile: the text ends within an object",
		`{"wirecost-profile":1,`:                                        "profile: the text ends within an object",
		`{"wirecost-profile"`:                                           "profile: the text ends within an object",
		`{`:                                                             "profile: the text ends within an object",
		`[{"wirecost-profile":1,"fields":{"f":{"const":7}}}]`:           "profile: want an object",
		`{"wirecost-profile":1,"fields":{"f":{"const":7}},"fields":{}}`: `profile: "fields" stands twice`,
	} {
		_, err := Compile(s, []byte(text))
		if got := fmt.Sprint(err); err == nil && want != "" || err != nil && got != want {
			t.Errorf("%s: got error %v, want %s", text, err, want)
		}
	}
}

// Paths of an external profile lead into records inside themselves, as far as one follows them.
func TestExternalRecursion(t *testing.T) {
	s := parsed(t, `{"name":"i","type":"int","profile":{"const":1}},{"name":"next","type":["null","R"],"profile":{"null":0}},
		{"name":"kids","type":{"type":"array","items":"R"},"profile":{"size":1}}`)
	p, err := Compile(s, []byte(`{"wirecost-profile":1,"fields":{"next.i":{"const":2},"next.next":{"null":1},"kids":{"size":0},
		"next.kids[].i":{"const":3},"next.kids[].next":{"null":1},"next.kids[].kids":{"size":0}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := access.Marshal(p.Type, p.Generator(1).New(0))
	want := `{"i":1,"next":{"R":{"i":2,"next":null,"kids":[{"i":3,"next":null,"kids":[]}]}},"kids":[]}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	for fields, want := range map[string]string{
		`{"next.next.j":{"const":1}}`:       `next.next.j: the profile has it and the schema does not`,
		`{"next.next.i":{"cnst":1}}`:        `next.next.i: unknown key "cnst" for int: did you mean "const"? there are alt, bins, const, `,
		`{"kids[].kids[].i":{"const":"x"}}`: `kids[].kids[].i: const: "x" is no int`,
		`{"next.i.i":{"const":1}}`:          `next.i.i: the profile has it and the schema does not`,
	} {
		if _, err := Compile(s, []byte(`{"wirecost-profile":1,"fields":`+fields+`}`)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got error %v, want %s", fields, err, want)
		}
	}
}

// Options in binary lie back to back in their file; what is none is refused, in one line.
func TestBinaryOptions(t *testing.T) {
	const list = `{"type":"array","items":["null","string",{"type":"record","name":"S","fields":[{"name":"i","type":"int"},{"name":"d","type":"double"}]}]`
	for _, tt := range []struct{ typ, file, want string }{
		{`{"type":"string"`, "\x02a\x04bc", `["a","bc"]`},
		{`{"type":"int"`, "\x01\xfe\xff\xff\xff\x0f", `[-1,2147483647]`},
		{`{"type":"boolean"`, "\x00\x01", `[false,true]`},
		{`{"type":"bytes"`, "\x04\x00\xff", `["\u0000ÿ"]`},
		{`{"type":"fixed","name":"X","size":1`, "az", `["a","z"]`},
		{`{"type":"enum","name":"E","symbols":["A","B"]`, "\x02\x00", `["B","A"]`},
		{`{"type":"map","values":"float"`, "\x02\x02k\x00\x00\x80\x3f\x00", `[{"k":1.0}]`},
		{list, "\x04\x00\x02\x02s\x01\x14\x04\x03\x00\x00\x00\x00\x00\x00\xf8\x3f\x00\x00", `[[null,{"string":"s"},{"S":{"i":-2,"d":1.5}}],[]]`},
		{`{"type":"string"`, "", `there is none`},
		{`{"type":"string"`, "\x02a\x04b", `options.bin: value 1, at byte 2: 2 bytes where 1 are left`},
		{`{"type":"string"`, "\x01", `-1 bytes where 0 are left`},
		{`{"type":"string"`, "\xfe\xff\xff\xff\xff\xff\xff\xff\xff\x01", `9223372036854775807 bytes where 0 are left`},
		{`{"type":"string"`, "\x02\xff", `is not UTF-8`},
		{`{"type":"long"`, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", `a number of more than 64 bits`},
		{`{"type":"int"`, "\xff\xff\xff\xff\x1f", `-4294967296 is no int`},
		{`{"type":"boolean"`, "\x02", `0x2 is no boolean`},
		{`{"type":"enum","name":"E","symbols":["A","B"]`, "\x04", `2 is no E`},
		{`{"type":"fixed","name":"X","size":0`, "a", `a value takes no bytes`},
		{`{"type":"array","items":"null"`, "\xfe\xff\xff\xff\x0f\x00", `a block of 2147483647 elements in 1 bytes`},
		{`{"type":"array","items":"null"`, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00\x00", `a block of -9223372036854775808 elements`},
		{`{"type":"map","values":"int"`, "\x04\x02k\x00\x02k\x00\x00", `key "k" stands twice`},
		{list, "\x02\x06", `[0]: 3 is no branch of 3`},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "options.bin"), []byte(tt.file), 0o644); err != nil {
			t.Fatal(err)
		}
		s := parsed(t, `{"name":"f","type":`+tt.typ+`,"arg.properties":{"options":{"file":"options.bin","encoding":"binary"}}}}`).In(dir)
		typ, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		items, _ := binaryOptions(typ.Fields[0].Type, []byte(tt.file)) // Compile says what is wrong
		got, _ := json.Marshal(items)
		if _, err := Compile(s, nil); err != nil {
			got = []byte(err.Error())
		}
		if !strings.Contains(string(got), tt.want) || strings.Contains(string(got), "\n") {
			t.Errorf("%s, file %x: got %s, want %s", tt.typ, tt.file, got, tt.want)
		}
	}
}

// A java-class that means nothing is a warning, wherever it stands.
func TestUnknownJavaClass(t *testing.T) {
	const rest = `: java-class "java.lang.Long" means nothing: there are short, byte, java.util.Date, java.sql.Timestamp`
	for _, tt := range []struct{ field, want string }{
		{`{"name":"f","type":"int","java-class":"java.lang.Long"}`, "f" + rest},
		{`{"name":"f","type":{"type":"int","java-class":"java.lang.Long"}}`, "f" + rest},
		{`{"name":"f","type":{"type":"array","items":["null",{"type":"int","java-class":"java.lang.Long"}]}}`, "f[]" + rest},
		{`{"name":"f","type":"int","java-class":"java.lang.Short"}`, ""},
	} {
		if got := strings.Join(fieldPlan(t, tt.field).Warnings, "\n"); got != tt.want {
			t.Errorf("%s: got warnings %q, want %q", tt.field, got, tt.want)
		}
	}
}

// On a general union a field's java-class means nothing, on a branch it does.
func TestJavaClassOfUnion(t *testing.T) {
	p := fieldPlan(t, `{"name":"f","type":["int","string"],"java-class":"byte","profile":{"branches":[1,0]}}`)
	g, wide := p.Generator(1), false
	for i := range uint64(1000) {
		v := g.New(i)
		if text, err := access.Marshal(p.Type, v); err != nil || len(text) > len(`{"f":{"int":127}}`) {
			wide = true
		}
	}
	if !wide {
		t.Error("no value of 1000 is wider than a byte")
	}
}

// Default profiles stay within the Java class.
func TestJavaClass(t *testing.T) {
	g := fieldPlan(t, `{"name":"f","type":"int","java-class":"byte"}`).Generator(1)
	for i := range uint64(1000) {
		if v := record(t, g, i).Int(); v < -128 || v > 127 {
			t.Fatalf("record %d: %d is no byte", i, v)
		}
	}
}

// Timestamps are one millisecond a record from 2026 on, in the unit of their type, which is also that of a profile.
func TestTimestamps(t *testing.T) {
	for _, tt := range []struct {
		logical, profile string
		want             int64 // of record 3
	}{
		{"timestamp-millis", ``, 1767225600003},
		{"timestamp-micros", ``, 1767225600003000},
		{"timestamp-nanos", ``, 1767225600003000000},
		{"local-timestamp-millis", ``, 1767225600003},
		{"local-timestamp-micros", ``, 1767225600003000},
		{"local-timestamp-nanos", ``, 1767225600003000000},
		{"timestamp-nanos", `{"time":{"start":"1970-01-01T00:00:02Z"}}`, 2000000003},
		{"local-timestamp-nanos", `{"time":{"start":"1970-01-01T00:00:02Z","unit":"ms"}}`, 2003},
	} {
		field := `{"name":"f","type":{"type":"long","logicalType":"` + tt.logical + `"}`
		if tt.profile != "" {
			field += `,"profile":` + tt.profile
		}
		if got := record(t, fieldPlan(t, field+"}").Generator(1), 3).Long(); got != tt.want {
			t.Errorf("%s %s: got %d, want %d", tt.logical, tt.profile, got, tt.want)
		}
	}
}

func FuzzCompile(f *testing.F) {
	f.Add(`{"min":1,"max":5}`, `{"range":{"min":1,"max":4}}`)
	f.Add(`{"pick":{"n":4,"label":"a"},"parts":["x",{"num":{"index":{}}}]}`, `{"regex":"(a|b)*c?","length":3}`)
	f.Add(`{"time":{"start":"2026-01-01T00:00:00Z","late":{"p":0.5,"max":3}}}`, `{"iteration":{"start":1,"restart":-3}}`)
	f.Fuzz(func(t *testing.T, profile, args string) {
		if !json.Valid([]byte(profile)) || !json.Valid([]byte(args)) || len(profile)+len(args) > 400 {
			return
		}
		for _, typ := range []string{`"int"`, `"string"`, `"double"`, `["null","long"]`} {
			for _, field := range []string{`{"name":"f","type":` + typ + `,"profile":` + profile + `}`, `{"name":"f","type":{"type":` + typ + `,"arg.properties":` + args + `}}`} {
				s, err := schemas.Parse("R.avsc", []byte(`{"type":"record","name":"R","fields":[`+field+`]}`), "")
				if err != nil || strings.Contains(field, `"len`) || strings.Contains(field, `"width`) || strings.Contains(field, `"n"`) || strings.Contains(field, `file`) {
					continue // large by intent, or outside
				}
				p, err := Compile(s, nil)
				if err != nil {
					continue
				}
				a, b := record(t, p.Generator(1), 3), record(t, p.Generator(1), 3)
				if err := access.Diff(p.Type, a, b); err != nil {
					t.Errorf("%s: not the same twice: %v", field, err)
				}
			}
		}
	})
}

// checkJSON compares record i of p with a text.
func checkJSON(t *testing.T, p *Source, i uint64, want string) {
	t.Helper()
	if got, err := access.Marshal(p.Type, p.Generator(1).New(i)); err != nil || string(got) != want {
		t.Errorf("record %d: got %s, error %v, want %s", i, got, err, want)
	}
}
