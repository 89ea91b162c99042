package keys_test

import (
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
	"github.com/wirecost/wirecost/harness/keys"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"pgregory.net/rapid"
)

// typeOf returns the type of a name, nil of none.
func typeOf(t testing.TB, name string) *keys.Type {
	t.Helper()
	if name == "" {
		return nil
	}
	typ, err := keys.TypeOf(name)
	if err != nil {
		t.Fatal(err)
	}
	return &typ
}

// The keys that released Flink hashed, as the text that the golden files have: of the classes whose text is a key's.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("../../codecs/flink/testdata/vectors/*/keygroups.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
	}
	types := map[string]keys.Type{}
	for _, typ := range keys.Types {
		types[typ.Java] = typ
	}
	seen := map[string]int{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[1:] {
			row := strings.Split(line, "\t")
			typ, ok := types[row[2]]
			if !ok || row[2] == "java.lang.String" && strings.Contains(row[3], `\n`) {
				continue
			}
			key := row[3]
			if key[0] == '"' {
				if err := json.Unmarshal([]byte(key), &key); err != nil {
					t.Fatal(file, n, err)
				}
			}
			k, err := keys.Read(file, strings.NewReader(key+"\n"), &typ)
			if err != nil {
				t.Errorf("%s:%d: %v", file, n+2, err)
				continue
			}
			if got := fmt.Sprint(k.Hash(0)); got != row[4] {
				t.Errorf("%s:%d: %s %s: got hash %s, want %s", file, n+2, row[2], row[3], got, row[4])
			}
			seen[typ.Name]++
		}
	}
	for _, typ := range keys.Types {
		if seen[typ.Name] == 0 {
			t.Errorf("no %s among the golden keys", typ.Name)
		}
	}
}

// shares are those of the keys of k, by their text.
func shares(k *keys.Keys) map[string]float64 {
	total, i, out := 0.0, 0, map[string]float64{}
	for _, w := range k.All() {
		total += w
	}
	for _, w := range k.All() {
		out[k.Text(i)] += w / total
		i++
	}
	return out
}

func TestParse(t *testing.T) {
	for _, tt := range []struct {
		text, typ string
		n         int
		last      string
		first     float64 // share of the first key
	}{
		{"0..11", "long", 12, "11", 1. / 12},
		{"-2..-1", "int", 2, "-1", 0.5},
		{"-9223372036854775808..-9223372036854775807", "long", 2, "-9223372036854775807", 0.5},
		{"7..7", "string", 1, "7", 1},
		{"zipf(1,3)", "long", 3, "2", 6. / 11},
		{"zipf(0.5, 2)", "long", 2, "1", math.Sqrt2 / (math.Sqrt2 + 1)},
		{"hot(0.3,1000)", "int", 1000, "999", 0.3},
		{"hot(1,2)", "short", 2, "1", 1},
	} {
		k, err := keys.Parse(tt.text, typeOf(t, tt.typ))
		if err != nil {
			t.Error(err)
			continue
		}
		if got := shares(k)[k.Text(0)]; k.Name != tt.text || k.N != tt.n || k.Text(k.N-1) != tt.last || math.Abs(got-tt.first) > 1e-12 {
			t.Errorf("%s: got %d keys to %s, the first with %v, want %d to %s, %v", tt.text, k.N, k.Text(k.N-1), got, tt.n, tt.last, tt.first)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ text, typ, want string }{
		{"keys.txt", "long", "no distribution of keys"},
		{"../keys.txt", "long", "no distribution of keys"},
		{"0..", "long", "no distribution of keys"},
		{"uniform(3)", "long", "no distribution of keys"},
		{"11..0", "long", "keys 11..0: from 11 to 0 there is no integer"},
		{"0..16777216", "long", "16777217 distinct keys: at most 16777216"},
		{"-9223372036854775808..9223372036854775807", "long", "distinct keys: at most"},
		{"0..128", "byte", "128 is no byte: it has more than 8 bits"},
		{"0..1", "boolean", `"0" is neither true nor false`},
		{"zipf(1.1)", "long", "want zipf(NUMBER,KEYS)"},
		{"zipf(1.1,10", "long", "want zipf(NUMBER,KEYS)"},
		{"zipf(x,10)", "long", "want zipf(NUMBER,KEYS)"},
		{"zipf(NaN,10)", "long", "want zipf(NUMBER,KEYS)"},
		{"zipf(0,10)", "long", "an exponent above 0"},
		{"zipf(+Inf,10)", "long", "an exponent above 0, at most 64"},
		{"zipf(1,0)", "long", "at least one key"},
		{"zipf(1,999999999)", "long", "at most 16777216"},
		{"hot(1.5,10)", "long", "a share from 0 to 1"},
		{"hot(0.5,1)", "long", "at least two keys"},
		{"hot(0.5,-1)", "long", "want hot(NUMBER,KEYS)"},
	} {
		if _, err := keys.Parse(tt.text, typeOf(t, tt.typ)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %s", tt.text, err, tt.want)
		}
		if _, err := keys.Parse(tt.text, typeOf(t, tt.typ)); errors.Is(err, keys.ErrNone) != strings.HasPrefix(tt.want, "no distribution") {
			t.Errorf("%s: got error %v, want ErrNone only of what is no distribution", tt.text, err)
		}
	}
	if _, err := keys.TypeOf("lang"); err == nil || !strings.Contains(err.Error(), `did you mean "long"?`) {
		t.Errorf("lang: got error %v", err)
	}
}

// What is drawn has the shares that the weights say, and depends on seed and record alone.
func TestSampler(t *testing.T) {
	const n = 60000
	counted, err := keys.Read("k", strings.NewReader("b\na\nb\nb\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	list := []*keys.Keys{counted}
	for _, text := range []string{"zipf(1.1,100)", "hot(0.3,50)", "hot(0,3)"} {
		k, err := keys.Parse(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, k)
	}
	for _, k := range list {
		draw, err := k.Sampler(7)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]int, k.N)
		for i := range uint64(n) {
			got[draw(i)]++
		}
		for i, count := range got {
			p := shares(k)[k.Text(i)]
			if sd := math.Sqrt(n * p * (1 - p)); math.Abs(float64(count)-n*p) > 5*sd+1 {
				t.Errorf("%s: key %s came %d times of %d, want %.0f", k.Name, k.Text(i), count, n, n*p)
			}
		}
		again, err := k.Sampler(7)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := draw(5), again(5); a != b {
			t.Errorf("%s: record 5 has key %d, and then %d", k.Name, a, b)
		}
	}
	k, err := keys.Parse("5..7", nil)
	if err != nil {
		t.Fatal(err)
	}
	draw, err := k.Sampler(1)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"5", "6", "7", "5"} {
		if got := k.Text(draw(uint64(i))); got != want {
			t.Errorf("record %d of 5..7 has key %s, want %s", i, got, want)
		}
	}
}

func TestRead(t *testing.T) {
	for _, tt := range []struct{ text, typ, class, want string }{
		{"1\n2\n1\n", "", "java.lang.Long", "1=2 2=1"},
		{"1\n02\n", "", "java.lang.String", "1=1 02=1"},
		{"\ufeff1\r\n2", "", "java.lang.Long", "1=1 2=1"},
		{"a\n\nb\n", "", "java.lang.String", "a=1 =1 b=1"},
		{"1\n+1\n01\n", "int", "java.lang.Integer", "1=3"},
		{"1.0\n1.00\n0.10e1\n-0.05\n5e2\n", "decimal", "java.math.BigDecimal", "1.0=2 1.00=1 -0.05=1 5e2=1"},
		{"true\nfalse\n", "boolean", "java.lang.Boolean", "true=1 false=1"},
		{"1.5\n1.50\nNaN\n", "double", "java.lang.Double", "1.5=2 NaN=1"},
	} {
		k, err := keys.Read("k", strings.NewReader(tt.text), typeOf(t, tt.typ))
		if err != nil {
			t.Errorf("%q: %v", tt.text, err)
			continue
		}
		counts, i := map[string]float64{}, 0
		for _, w := range k.All() {
			counts[k.Text(i)] = w
			i++
		}
		for pair := range strings.FieldsSeq(tt.want) {
			text, count, _ := strings.Cut(pair, "=")
			if want, err := strconv.ParseFloat(count, 64); err != nil || counts[text] != want {
				t.Errorf("%q: got counts %v, want %s", tt.text, counts, tt.want)
			}
		}
		if k.Type != tt.class {
			t.Errorf("%q: got %s, want %s", tt.text, k.Type, tt.class)
		}
	}
}

func TestReadErrors(t *testing.T) {
	for _, tt := range []struct{ text, typ, want string }{
		{"", "", "k: no keys: there is no line"},
		{"1\nx\n", "long", `k:2: "x" is no long`},
		{"1\n1\nx\nx\n", "int", `k:3: "x" is no int`},
		{"1\n9999999999\n", "int", "k:2: 9999999999 is no int: it has more than 32 bits"},
		{"a\n\xff\n", "", "k:2: the key is no UTF-8"},
		{"a\n" + strings.Repeat("x", 1<<20), "", "k:2: a key longer than 1048576 bytes"},
		{"1_0\n", "double", `k:1: "1_0" is no number`},
		{"1e99999\n", "decimal", "an exponent of at most 16 bits"},
		{strings.Repeat("1", 1001), "decimal", "a decimal of 1001 digits: at most 1000 are read"},
		{"1.-5\n", "decimal", `"1.-5" is no decimal number`},
		{"A0000000-0000-0000-0000-000000000000\n", "uuid", "k:1: "},
	} {
		if _, err := keys.Read("k", strings.NewReader(tt.text), typeOf(t, tt.typ)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%.20q: got error %v, want %s", tt.text, err, tt.want)
		}
	}
}

// listed are records of a schema, one for each line of JSON.
func listed(t *testing.T, typ *access.Type, lines ...string) func(func(any, error) bool) {
	return func(yield func(any, error) bool) {
		for _, line := range lines {
			v := typ.New()
			if err := access.Unmarshal(typ, []byte(line), v); err != nil {
				t.Fatal(err)
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

func TestOfRecords(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [
		{"name": "name", "type": ["null", "string"]}, {"name": "in", "type": {"type": "record", "name": "In", "fields": [{"name": "n", "type": "long"}]}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	records := listed(t, typ, `{"name": "a", "in": {"n": 1}}`, `{"name": "b", "in": {"n": 1}}`, `{"name": "a", "in": {"n": 1}}`)
	for _, tt := range []struct {
		paths      []string
		typ, first string
		hash       int32
		n          int
	}{
		{[]string{"name"}, "java.lang.String", `"a"`, javatype.Hash("a"), 2},
		{[]string{"in.n"}, "long", "1", 1, 1},
		{[]string{"name", "in.n"}, "java.lang.String, long", `"a",1`, 3008, 2},
	} {
		k, err := keys.OfRecords(typ, tt.paths, records)
		if err != nil {
			t.Error(err)
			continue
		}
		if k.N != tt.n || k.Records != 3 || k.Type != tt.typ || k.Text(0) != tt.first || k.Hash(0) != tt.hash {
			t.Errorf("%v: got %d keys of %d records, %s, the first %s of hash %d, want %+v", tt.paths, k.N, k.Records, k.Type, k.Text(0), k.Hash(0), tt)
		}
	}
	for _, tt := range []struct {
		path    string
		records func(func(any, error) bool)
		want    string
	}{
		{"name", listed(t, typ), "no records"},
		{"name", listed(t, typ, `{"name": "a", "in": {"n": 1}}`, `{"name": null, "in": {"n": 1}}`), "record 1: key name: null cannot be a key"},
		{"in", records, "in: In cannot be a key in Flink"},
		{"name", func(yield func(any, error) bool) { yield(nil, errors.New("line 3: cut off")) }, "line 3: cut off"},
	} {
		if _, err := keys.OfRecords(typ, []string{tt.path}, tt.records); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got error %v, want %s", tt.path, err, tt.want)
		}
	}
}

// An integer is one key, however it comes.
func TestIntegersAgree(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		typ := rapid.SampledFrom(keys.Types[:5]).Draw(rt, "type")
		v := rapid.Int8().Draw(rt, "key")
		ranged, err := keys.Parse(fmt.Sprintf("%d..%d", v, v), &typ)
		if err != nil {
			rt.Fatal(err)
		}
		read, err := keys.Read("k", strings.NewReader(fmt.Sprint(v)), &typ)
		if err != nil {
			rt.Fatal(err)
		}
		if a, b := ranged.Hash(0), read.Hash(0); a != b || ranged.Text(0) != read.Text(0) {
			rt.Errorf("%d as %s hashes to %d in a range and to %d in a file", v, typ.Name, a, b)
		}
	})
}

// Whatever is meant to be a distribution has as many keys as it says, or is refused.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"0..11", "-3..-1", "zipf(1.1,100)", "hot(0.3,5)", "hot(NaN,2)"} {
		f.Add(text, "long")
	}
	f.Add("0..9", "decimal")
	f.Fuzz(func(t *testing.T, text, name string) {
		typ, err := keys.TypeOf(name)
		if err != nil {
			return
		}
		k, err := keys.Parse(text, &typ)
		if err != nil {
			return
		}
		if k.N < 1 || k.N > keys.Most || k.Text(0) == "" || k.Text(k.N-1) == "" {
			t.Errorf("%s: %d keys", text, k.N)
		}
		for _, w := range k.All() { // the first is enough: there may be millions
			if !(w >= 0) || math.IsInf(w, 0) {
				t.Errorf("%s: weight %v", text, w)
			}
			break
		}
	})
}

// Whatever a file holds, every line is counted or the file is refused.
func FuzzRead(f *testing.F) {
	f.Add("1\n2\n", "")
	f.Add("0.10e1\n1.\n", "decimal")
	f.Add("\ufeff-0\r\n", "float")
	f.Fuzz(func(t *testing.T, text, name string) {
		var typ *keys.Type
		if found, err := keys.TypeOf(name); err == nil {
			typ = &found
		}
		k, err := keys.Read("k", strings.NewReader(text), typ)
		if err != nil {
			return
		}
		sum := 0.0
		for _, w := range k.All() {
			sum += w
		}
		if want := strings.Count(strings.TrimSuffix(text, "\n"), "\n") + 1; int(sum) != want || k.Records != want {
			t.Errorf("got %v records, want %d", sum, want)
		}
	})
}
