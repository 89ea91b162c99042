package skew_test

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/harness/keys"
	"github.com/wirecost/wirecost/harness/skew"
	"github.com/wirecost/wirecost/records/sample"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"pgregory.net/rapid"
)

func parse(t testing.TB, text string) *keys.Keys {
	t.Helper()
	k, err := keys.Parse(text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func of(t testing.TB, text string, cfg skew.Config) *skew.Report {
	t.Helper()
	r, err := skew.Of(parse(t, text), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A golden is where released Flink sends the keys of one field: records, by key group of 128 and by subtask of 4.
type golden struct {
	records  []int // that have a key
	groups   [128]float64
	subtasks [4]float64
}

// goldens reads a file of keys that released Flink hashed, by field.
func goldens(t *testing.T, file string) map[string]*golden {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fields := map[string]*golden{}
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")[1:] {
		row := strings.Split(line, "\t")
		var n [3]int
		for i, column := range []int{0, 6, 7} {
			if n[i], err = strconv.Atoi(row[column]); err != nil {
				t.Fatal(file, err)
			}
		}
		if fields[row[1]] == nil {
			fields[row[1]] = &golden{}
		}
		g := fields[row[1]]
		g.records = append(g.records, n[0])
		g.groups[n[1]]++
		g.subtasks[n[2]]++
	}
	return fields
}

// The keys of every golden record go where released Flink sent them.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("../../codecs/flink/testdata/vectors/*/keygroups.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal("no vectors", err)
	}
	for _, file := range files {
		typ, records := load(t, filepath.Dir(file))
		for field, want := range goldens(t, file) {
			k, err := keys.OfRecords(typ, []string{field}, func(yield func(any, error) bool) {
				for _, i := range want.records {
					if !yield(records[i], nil) {
						return
					}
				}
			})
			if err != nil {
				t.Errorf("%s: %s: %v", file, field, err)
				continue
			}
			r, err := skew.Of(k, skew.Config{Parallelism: 4})
			if err != nil {
				t.Fatal(err)
			}
			n := float64(len(want.records))
			for g, share := range r.Groups {
				if share != want.groups[g]/n {
					t.Errorf("%s: %s: key group %d has %v of %v records, want %v", file, field, g, share*n, n, want.groups[g])
				}
			}
			for i, s := range r.Subtasks {
				if math.Abs(s.Share-want.subtasks[i]/n) > 1e-12 {
					t.Errorf("%s: %s: subtask %d has %v of %v records, want %v", file, field, i, s.Share*n, n, want.subtasks[i])
				}
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
	f, err := os.Open(filepath.Join(dir, "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := sample.NewReader(f, sample.Config{Name: f.Name(), Schema: s})
	if err != nil {
		t.Fatal(err)
	}
	for records := []any(nil); ; {
		v := r.Type.New()
		if err := r.Next(v); err == io.EOF {
			return r.Type, records
		} else if err != nil {
			t.Fatal(err)
		}
		records = append(records, v)
	}
}

func TestOf(t *testing.T) {
	for _, tt := range []struct {
		keys              string
		cfg               skew.Config
		max, idle, busy   int
		maxMean, hotShare float64
		hot               int // subtask
	}{
		{"0..11", skew.Config{Parallelism: 12}, 128, 4, 1, 2, 1. / 12, 8},
		{"0..0", skew.Config{Parallelism: 10}, 128, 9, 7, 10, 1, 7}, // 0 is in key group 94
		{"hot(1,2)", skew.Config{Parallelism: 4}, 128, 3, 2, 4, 1, 2},
		{"0..99", skew.Config{Parallelism: 1}, 128, 0, 0, 1, 0.01, 0},
		{"0..99", skew.Config{Parallelism: 86}, 256, 32, 41, 3.44, 0.01, 74},
		{"0..99", skew.Config{Parallelism: 3, MaxParallelism: 3}, 3, 0, 0, 1.23, 0.01, 1},
	} {
		r := of(t, tt.keys, tt.cfg)
		got := []any{r.MaxParallelism, r.Load.Idle, r.Busiest, math.Round(1e6*r.MaxMean) / 1e6, math.Round(1e6*r.Hottest.Share) / 1e6, r.Hottest.Subtask}
		want := []any{tt.max, tt.idle, tt.busy, tt.maxMean, math.Round(1e6*tt.hotShare) / 1e6, tt.hot}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s, %+v: max, idle, busiest, max/mean, hottest's share and subtask (-want +got):\n%s", tt.keys, tt.cfg, diff)
		}
	}
}

func TestRefuses(t *testing.T) {
	k := parse(t, "0..11")
	for _, tt := range []struct {
		cfg  skew.Config
		want string
	}{
		{skew.Config{}, "parallelism 0: from 1 to 32768"},
		{skew.Config{Parallelism: 32769}, "parallelism 32769: from 1 to 32768"},
		{skew.Config{Parallelism: 12, MaxParallelism: 11}, "max parallelism 11 of 12 subtasks: from 12 to 32768"},
		{skew.Config{Parallelism: 12, MaxParallelism: -1}, "max parallelism -1"},
		{skew.Config{Parallelism: 12, MaxParallelism: 32769}, "max parallelism 32769"},
	} {
		_, err := skew.Of(k, tt.cfg)
		_, err2 := skew.RemapOf(tt.cfg)
		if err == nil || err2 == nil || !strings.Contains(err.Error(), tt.want) || err2.Error() != err.Error() {
			t.Errorf("%+v: got errors %v and %v, want %s", tt.cfg, err, err2, tt.want)
		}
	}
}

// Whatever the keys: nothing is lost, and what the tables say holds of the subtasks.
func TestReportHolds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.SampledFrom([]string{"0..11", "-7..900", "zipf(1.1,500)", "hot(0.3,40)", "5..5"}).Draw(rt, "keys")
		cfg := skew.Config{Parallelism: rapid.IntRange(1, 300).Draw(rt, "parallelism")}
		if rapid.Bool().Draw(rt, "own") {
			cfg.MaxParallelism = rapid.IntRange(cfg.Parallelism, 2000).Draw(rt, "max parallelism")
		}
		r := of(t, text, cfg)
		sum, distinct, most, idle := 0.0, 0, 0.0, 0
		for i, s := range r.Subtasks {
			sum, distinct, most = sum+s.Share, distinct+s.Keys, max(most, s.Share)
			if s.Share == 0 {
				idle++
			}
			for g := s.First; g <= s.Last; g++ {
				if got := keygroup.Channel(g, r.Parallelism, r.MaxParallelism); got != i {
					rt.Errorf("key group %d is with subtask %d, want %d", g, i, got)
				}
			}
		}
		if math.Abs(sum-1) > 1e-9 || distinct != r.Distinct || idle != r.Load.Idle || math.Abs(r.MaxMean-most*float64(r.Parallelism)) > 1e-9 {
			rt.Errorf("%s: shares of %v, %d keys of %d, %d idle, max/mean %v", text, sum, distinct, r.Distinct, idle, r.MaxMean)
		}
		for _, loads := range [][]skew.Load{r.Parallelisms, r.MaxParallelisms} {
			if !slices.Contains(loads, r.Load) {
				rt.Errorf("%v lacks what was asked for: %v", loads, r.Load)
			}
			for _, l := range loads {
				again := of(t, text, skew.Config{Parallelism: l.Parallelism, MaxParallelism: l.MaxParallelism})
				if diff := cmp.Diff(again.Load, l); diff != "" || l.Divides != (l.Least == l.Largest) {
					rt.Errorf("%s (-alone +compared):\n%s", text, diff)
				}
			}
		}
	})
}

// No line is wider than the page, but that of thousands of subtasks.
func TestWidth(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := skew.Page{Width: rapid.IntRange(40, 200).Draw(rt, "width"), ASCII: rapid.Bool().Draw(rt, "ascii")}
		r := of(t, rapid.SampledFrom([]string{"0..11", "hot(0.9,1000)"}).Draw(rt, "keys"), skew.Config{Parallelism: rapid.IntRange(1, 200).Draw(rt, "parallelism")})
		var b strings.Builder
		if err := r.Text(&b, p); err != nil {
			rt.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > p.Width {
				rt.Errorf("%d columns of %d: %s", n, p.Width, line)
			}
			if p.ASCII && strings.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
				rt.Errorf("not ASCII: %s", line)
			}
		}
	})
}

// The largest numbers there are, on the narrowest page.
func TestLargest(t *testing.T) {
	var b strings.Builder
	if err := of(t, "0..0", skew.Config{Parallelism: skew.MostGroups}).Text(&b, skew.Page{Width: 40, Wide: true}); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n < skew.MostGroups || !strings.Contains(b.String(), "100.0000 %") {
		t.Errorf("got %d lines, want one for each of %d subtasks, and one with all records", n, skew.MostGroups)
	}
}

// Every parallelism up to 1,000 has a remap, and Flink sends each key where it says.
func TestRemap(t *testing.T) {
	for par := 1; par <= 1000; par++ {
		r, err := skew.RemapOf(skew.Config{Parallelism: par})
		if err != nil || len(r.Keys) != par {
			t.Fatalf("parallelism %d: got %d keys, %v", par, len(r.Keys), err)
		}
		for i, key := range r.Keys {
			if key < 0 || keygroup.Channel(keygroup.Group(key, r.MaxParallelism), par, r.MaxParallelism) != i {
				t.Errorf("parallelism %d: key %d does not go to subtask %d", par, key, i)
			}
		}
	}
	r, err := skew.RemapOf(skew.Config{Parallelism: 32768})
	if err != nil || len(r.Keys) != 32768 {
		t.Errorf("the largest parallelism: %v", err)
	}
}

// The recipe that leaves out the key groups is wrong.
func TestRecipe(t *testing.T) {
	for _, tt := range []struct{ par, max, want int }{{12, 128, 2}, {1, 128, 1}, {128, 128, 128}} {
		r, err := skew.RemapOf(skew.Config{Parallelism: tt.par, MaxParallelism: tt.max})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Recipe(); got != tt.want {
			t.Errorf("parallelism %d of %d: the recipe is right for %d, want %d", tt.par, tt.max, got, tt.want)
		}
	}
}

// What is printed as Go is formatted, compiles, and says the keys.
func TestGo(t *testing.T) {
	for _, par := range []int{1, 12, 100} {
		r, err := skew.RemapOf(skew.Config{Parallelism: par})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := r.Go(&b); err != nil {
			t.Fatal(err)
		}
		formatted, err := format.Source(b.Bytes())
		if err != nil || !bytes.Equal(formatted, b.Bytes()) {
			t.Errorf("parallelism %d: %v: gofmt makes this of it:\n%s", par, err, formatted)
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "remap.go", b.Bytes(), parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
		if _, err := new(types.Config).Check("remap", fset, []*ast.File{file}, info); err != nil {
			t.Errorf("parallelism %d: %v", par, err)
		}
		if !ast.IsGenerated(file) {
			t.Error("the file does not say that it is generated")
		}
		var got []int32
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				for _, e := range lit.Elts {
					v, err := strconv.ParseInt(info.Types[e].Value.ExactString(), 10, 32)
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, int32(v))
				}
			}
			return true
		})
		if diff := cmp.Diff(r.Keys, got); diff != "" {
			t.Errorf("parallelism %d (-keys +source):\n%s", par, diff)
		}
	}
}

// The largest table that is printed as Java compiles, where there is a JDK.
func TestJava(t *testing.T) {
	r, err := skew.RemapOf(skew.Config{Parallelism: 8000})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := r.Java(&b); err != nil {
		t.Fatal(err)
	}
	larger, err := skew.RemapOf(skew.Config{Parallelism: 8001})
	if err != nil {
		t.Fatal(err)
	}
	if err := larger.Java(new(bytes.Buffer)); err == nil || !strings.Contains(err.Error(), "more than 8000 keys, and here are 8001: use json") {
		t.Errorf("8001 keys: got error %v", err)
	}
	javac, err := exec.LookPath("javac")
	if err != nil || testing.Short() {
		t.Skip("no javac, or -short: the text is compared in a script of the command")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Remap.java"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), javac, "-Xlint:all", "-Werror", "Remap.java")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("javac: %v\n%s", err, out)
	}
}

// The remaps of all parallelisms up to 1,000, one after the other.
func BenchmarkRemaps(b *testing.B) {
	for b.Loop() {
		for par := 1; par <= 1000; par++ {
			if _, err := skew.RemapOf(skew.Config{Parallelism: par}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkOf(b *testing.B) {
	k := parse(b, "0..999999")
	for b.Loop() {
		if _, err := skew.Of(k, skew.Config{Parallelism: 12}); err != nil {
			b.Fatal(err)
		}
	}
}
