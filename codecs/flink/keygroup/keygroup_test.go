package keygroup

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"pgregory.net/rapid"
)

// rows returns the rows of a file of cells, without its head.
func rows(t *testing.T, file string) [][]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for _, line := range strings.Split(strings.TrimRight(string(text), "\n"), "\n")[1:] {
		out = append(out, strings.Split(line, "\t"))
	}
	return out
}

func atoi(t *testing.T, s string) int {
	t.Helper()
	v, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The keys that released Flink hashed, of every golden record.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("../testdata/vectors/*/keygroups.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
	}
	for _, file := range files {
		typ, records := load(t, filepath.Dir(file))
		hashers := map[string]func(any) (int32, error){}
		for n, row := range rows(t, file) {
			record, field := atoi(t, row[0]), row[1]
			if hashers[field] == nil {
				if hashers[field], err = StructHasher(typ, []string{field}); err != nil {
					t.Fatal(file, err)
				}
			}
			h, err := hashers[field](records[record])
			if err != nil {
				t.Errorf("%s:%d: %v", file, n+2, err)
				continue
			}
			got := fmt.Sprint(h, Murmur(h), Group(h, 128), Channel(Group(h, 128), 4, 128))
			if want := strings.Join(row[4:8], " "); got != want {
				t.Errorf("%s:%d: %s %s: got %s, want %s", file, n+2, row[2], row[3], got, want)
			}
		}
	}
}

// load returns the records of a folder of vectors.
func load(t *testing.T, dir string) (*access.Type, []any) {
	t.Helper()
	s, err := schemas.Load(filepath.Join(dir, "schema.avsc"), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var records []any
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		v := typ.New()
		if err := access.Unmarshal(typ, lines.Bytes(), v); err != nil {
			t.Fatal(dir, err)
		}
		records = append(records, v)
	}
	return typ, records
}

// worked are the keys of the table that Flink 1.20 and 2.2 were run for.
var worked = []struct {
	name                     string
	hash                     int32
	want                     int32 // hashCode
	murmur, group, of4, of10 int
}{
	{"String empty", javatype.Hash(""), 0, 593689054, 94, 2, 7},
	{"String a", javatype.Hash("a"), 97, 1455541201, 81, 2, 6},
	{"String b", javatype.Hash("b"), 98, 516420758, 22, 0, 1},
	{"String c", javatype.Hash("c"), 99, 1219591486, 62, 1, 4},
	{"String hello", javatype.Hash("hello"), 99162322, 1715862179, 35, 1, 2},
	{"String user-1", javatype.Hash("user-1"), -836031825, 1662039673, 121, 3, 9},
	{"String user-2", javatype.Hash("user-2"), -836031824, 2010244374, 22, 0, 1},
	{"String flink", javatype.Hash("flink"), 97520992, 1330823394, 98, 3, 7},
	{"String Größe", javatype.Hash("Größe"), 69209585, 1283096719, 15, 0, 1},
	{"String key-1000", javatype.Hash("key-1000"), 452896525, 1034319325, 93, 2, 7},
	{"Integer 0", 0, 0, 593689054, 94, 2, 7},
	{"Integer 1", 1, 1, 68075478, 86, 2, 6},
	{"Integer -1", -1, -1, 1982413648, 80, 2, 6},
	{"Integer 42", 42, 42, 1134849565, 29, 0, 2},
	{"Integer 2147483647", 2147483647, 2147483647, 1653689534, 62, 1, 4},
	{"Long 0", Long(0), 0, 593689054, 94, 2, 7},
	{"Long 1", Long(1), 1, 68075478, 86, 2, 6},
	{"Long -1", Long(-1), 0, 593689054, 94, 2, 7},
	{"Long 1234567890123", Long(1234567890123), 1912276436, 1151597916, 92, 2, 7},
	{"Double 0.0", Double(0), 0, 593689054, 94, 2, 7},
	{"Double -0.0", Double(negativeZero), -2147483648, 1718298732, 108, 3, 8},
	{"Double 1.0", Double(1), 1072693248, 1409882055, 71, 2, 5},
	{"Double 3.14", Double(3.14), 300063655, 913425156, 4, 0, 0},
	{"Boolean true", Boolean(true), 1231, 1090530765, 77, 2, 6},
	{"Boolean false", Boolean(false), 1237, 1530821891, 3, 0, 0},
	{"Character A", 'A', 65, 743412968, 104, 3, 8},
	{"Short 7", 7, 7, 1343918321, 113, 3, 8},
	{"Byte -1", -1, -1, 1982413648, 80, 2, 6},
	{"Tuple2 (a,1)", Tuple(javatype.Hash("a"), 1), 3008, 1123382429, 29, 0, 2},
	{"Tuple2 (null,1)", Tuple(0, 1), 1, 68075478, 86, 2, 6},
	{"Tuple3 (a,1,2)", Tuple(javatype.Hash("a"), 1, 2), 93250, 581006427, 91, 2, 7},
	{"BigDecimal 1.0", Decimal("\x0a", 1), 311, 716133863, 103, 3, 8},
	{"BigDecimal 1.00", Decimal("\x64", 2), 3102, 1277246789, 69, 2, 5},
	{"UUID", must(UUID("00000000-0000-0001-0000-000000000002")), 3, 847579505, 113, 3, 8},
	{"Instant", Instant(1, 2), 103, 1428191543, 55, 1, 4},
	{"Row +I[a, 1]", 4961, 4961, 1805388423, 7, 0, 0},
	{"Float 1.5", Float(1.5), 1069547520, 376679366, 70, 2, 5},
}

var negativeZero = -1 / inf

var inf = math.Inf(1)

func must(h int32, err error) int32 {
	if err != nil {
		panic(err)
	}
	return h
}

func TestWorked(t *testing.T) {
	if len(worked) != 37 {
		t.Errorf("%d keys", len(worked))
	}
	for _, tt := range worked {
		g := Group(tt.hash, 128)
		got := fmt.Sprint(tt.hash, Murmur(tt.hash), g, Channel(g, 4, 128), Channel(g, 10, 128))
		if want := fmt.Sprint(tt.want, tt.murmur, tt.group, tt.of4, tt.of10); got != want {
			t.Errorf("%s: got %s, want %s", tt.name, got, want)
		}
	}
}

// The text of a UUID is canonical, as it is where a codec writes it.
func TestNoUUID(t *testing.T) {
	for _, text := range []string{
		"", "00000000-0000-0001-0000-00000000000", "00000000-0000-0001-0000-0000000000020", "00000000-0000-0001-0000-00000000000A",
		"000000000000-0001-0000-0000-00000002", "0-0-1-0-2", "g0000000-0000-0001-0000-000000000002",
	} {
		if h, err := UUID(text); err == nil {
			t.Errorf("UUID(%q) = %d, want an error", text, h)
		}
	}
}

func TestMurmurOfTheLeast(t *testing.T) {
	if got := Murmur(-2089875627); got != 0 {
		t.Errorf("got %d, want 0: the one hash whose murmur has no absolute value", got)
	}
}

func TestRanges(t *testing.T) {
	want := [][2]int{{0, 12}, {13, 25}, {26, 38}, {39, 51}, {52, 63}, {64, 76}, {77, 89}, {90, 102}, {103, 115}, {116, 127}}
	for i, w := range want {
		if first, last := Range(i, 10, 128); first != w[0] || last != w[1] {
			t.Errorf("subtask %d of 10: got %d to %d, want %d to %d", i, first, last, w[0], w[1])
		}
		for group := w[0]; group <= w[1]; group++ {
			if got := Channel(group, 10, 128); got != i {
				t.Errorf("key group %d of 128: got subtask %d of 10, want %d", group, got, i)
			}
		}
	}
	for par, want := range map[int]int{1: 128, 85: 128, 86: 256, 171: 256, 1000: 2048, 20000: 32768, 32768: 32768} {
		if got := DefaultMaxParallelism(par); got != want {
			t.Errorf("parallelism %d: got %d key groups, want %d", par, got, want)
		}
	}
}

// Every key group belongs to one subtask, the one in whose range it is.
func TestPartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		max := rapid.IntRange(1, 32768).Draw(t, "max parallelism")
		par := rapid.IntRange(1, max).Draw(t, "parallelism")
		next := 0
		for i := range par {
			first, last := Range(i, par, max)
			if first != next || last < first {
				t.Fatalf("subtask %d of %d: groups %d to %d, want them to begin at %d", i, par, first, last, next)
			}
			next = last + 1
			if a, b := Channel(first, par, max), Channel(last, par, max); a != i || b != i {
				t.Fatalf("groups %d and %d go to subtasks %d and %d, want %d", first, last, a, b, i)
			}
		}
		if next != max {
			t.Fatalf("the ranges end at %d, want %d", next, max)
		}
		hash := rapid.Int32().Draw(t, "hash")
		if g := Group(hash, max); g < 0 || g >= max || int(Channels(par, max)[g]) != Channel(g, par, max) {
			t.Fatalf("hash %d: group %d of %d", hash, g, max)
		}
	})
}

func TestNoKeys(t *testing.T) {
	s, err := schemas.Parse("x.avsc", []byte(`{"type":"record","name":"R","fields":[
		{"name":"e","type":{"type":"enum","name":"E","symbols":["A"]}},{"name":"a","type":{"type":"array","items":"int"}},
		{"name":"n","type":["null","int"]},{"name":"b","type":"bytes"},{"name":"u","type":["int","string"]},{"name":"r","type":["null","R"]}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"e": "field e: E cannot be a key in Flink", "a": "field a: array cannot be a key in Flink", "b": "field b: bytes cannot be a key in Flink",
		"u": "field u: union cannot be a key in Flink", "r": "field r: R cannot be a key in Flink", "x": `field x: R has no field "x": there are e, a, n, b, u, r`,
	} {
		if _, err := StructHasher(typ, []string{path}); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", path, err, want)
		}
	}
	h, err := StructHasher(typ, []string{"n"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h(typ.New()); err == nil || err.Error() != "key n: null cannot be a key" {
		t.Errorf("null: got error %v", err)
	}
}

// A union of one branch is a key as that branch is.
func TestLoneBranch(t *testing.T) {
	s, err := schemas.Parse("x.avsc", []byte(`{"type":"record","name":"R","fields":[{"name":"a","type":["string"]},{"name":"e","type":[{"type":"enum","name":"E","symbols":["A"]}]}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	v := typ.New()
	if err := access.Unmarshal(typ, []byte(`{"a":{"string":"hello"},"e":{"E":"A"}}`), v); err != nil {
		t.Fatal(err)
	}
	h, err := StructHasher(typ, []string{"a"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h(v); err != nil || got != 99162322 {
		t.Errorf("got %d, %v, want 99162322", got, err)
	}
	if _, err := StructHasher(typ, []string{"e"}); !errors.Is(err, ErrKey) {
		t.Errorf("an enum: got error %v, want one of %v", err, ErrKey)
	}
}

func TestSeveral(t *testing.T) {
	s, err := schemas.Parse("x.avsc", []byte(`{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"in","type":{"type":"record","name":"I","fields":[{"name":"b","type":"int"}]}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	v := typ.New()
	if err := access.Unmarshal(typ, json.RawMessage(`{"a":"a","in":{"b":1}}`), v); err != nil {
		t.Fatal(err)
	}
	h, err := StructHasher(typ, []string{"a", "in.b"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := h(v); err != nil || got != 3008 {
		t.Errorf("Tuple2 (a,1): got %d, %v, want 3008", got, err)
	}
	if n := testing.AllocsPerRun(100, func() { h(v) }); n != 0 {
		t.Errorf("a key of two fields allocates %v times", n)
	}
}

func BenchmarkKey(b *testing.B) {
	s, err := schemas.Parse("x.avsc", []byte(`{"type":"record","name":"R","fields":[{"name":"a","type":"long"}]}`), "")
	if err != nil {
		b.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		b.Fatal(err)
	}
	h, err := StructHasher(typ, []string{"a"})
	if err != nil {
		b.Fatal(err)
	}
	v := typ.New()
	for b.Loop() {
		hash, err := h(v)
		if err != nil || Group(hash, 128) > 127 {
			b.Fatal(hash, err)
		}
	}
}

// Of alternatives the first is hashed that is not null, in whatever way a record is read.
func TestAlternatives(t *testing.T) {
	s, err := schemas.Parse("x.avsc", []byte(`{"type":"record","name":"R","fields":[
		{"name":"b","type":["null",{"type":"record","name":"I","fields":[{"name":"k","type":"int"}]}]},
		{"name":"a","type":["null","I"]},{"name":"l","type":"long"},{"name":"s","type":{"type":"int","java-class":"short"}},{"name":"d","type":{"type":"int","logicalType":"date"}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	h, err := StructHasher(typ, []string{"a.k|b.k"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{`"a":{"I":{"k":7}},"b":null`: "7", `"a":null,"b":{"I":{"k":8}}`: "8", `"a":{"I":{"k":9}},"b":{"I":{"k":8}}`: "9",
		`"a":null,"b":null`: "key a.k|b.k: null cannot be a key"} {
		v := typ.New()
		if err := access.Unmarshal(typ, []byte(`{"l":0,"s":0,"d":0,`+text+`}`), v); err != nil {
			t.Fatal(err)
		}
		got, err := h(v)
		if s := fmt.Sprint(got); err == nil && s != want || err != nil && err.Error() != want {
			t.Errorf("%s: got %d, %v, want %s", text, got, err, want)
		}
	}
	for path, want := range map[string]string{
		"a.k|l": "key a.k|l: a.k is int and l long: alternatives are of one type", "a.k|s": "key a.k|s: a.k is int and s int (short): alternatives are of one type",
		"a.k|d": "key a.k|d: a.k is int and d int (date): alternatives are of one type", "a.k|": "key a.k|: an alternative is empty", "a.k|b": "field b: I cannot be a key in Flink",
	} {
		if _, err := StructHasher(typ, []string{path}); err == nil || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", path, err, want)
		}
	}
}
