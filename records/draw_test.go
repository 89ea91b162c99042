package records

import (
	"bytes"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/wirecost/wirecost/schemas/access"
)

// histogram draws n numbers below size and returns how often each came.
func histogram(n, size int, draw func(st *stream) int) []int {
	counts := make([]int, size)
	for i := range uint64(n) {
		st := root(1, i).stream(hash("histogram"))
		counts[draw(&st)]++
	}
	return counts
}

// nearly reports whether a count of n draws is one that odds of p give, but for one time in ten thousand.
func nearly(count, n int, p float64) bool {
	return math.Abs(float64(count)-float64(n)*p) <= 4*math.Sqrt(float64(n)*p*(1-p))+1
}

// Weighted choices come as often as their weights say.
func TestChoice(t *testing.T) {
	const n = 40000
	for _, ws := range [][]uint64{{1}, {1, 1}, {1, 2, 3, 4}, {0, 5, 0, 1}, {1 << 31, 1 << 31}, {1, 1 << 31}} {
		c := newChoice(ws)
		sum := 0.0
		for _, w := range ws {
			sum += float64(w)
		}
		shares := c.shares()
		for i, count := range histogram(n, len(ws), func(st *stream) int { return c.draw(st) }) {
			p := float64(ws[i]) / sum
			if !nearly(count, n, p) || math.Abs(shares[i]-p) > 1e-12 {
				t.Errorf("weights %v: choice %d came %d times of %d, its share is %v, want %v", ws, i, count, n, shares[i], p)
			}
		}
	}
}

func TestEvents(t *testing.T) {
	const n = 40000
	for _, p := range []float64{0, 1e-9, 0.1, 0.5, 0.999, 1} {
		limit := threshold(p)
		count := histogram(n, 2, func(st *stream) int {
			if st.event(limit) {
				return 1
			}
			return 0
		})[1]
		if !nearly(count, n, p) {
			t.Errorf("odds %v: %d of %d", p, count, n)
		}
	}
}

// exp2frac is 2 to the power of a fraction: rising, and within a few bits of what math knows.
func TestExp2(t *testing.T) {
	before := 0.0
	for i := range uint64(1 << 16) {
		f := uint32(i<<16 | i)
		got, want := exp2frac(f), math.Exp2(float64(f)/(1<<32))
		if got <= before || math.Abs(got-want) > 1e-14 {
			t.Fatalf("exp2frac(%#x) = %v after %v, want %v", f, got, before, want)
		}
		before = got
	}
}

// All numbers that a spec gives are within its ends, and both ends come where there are few.
func TestRanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Int64().Draw(t, "lo")
		width := rapid.OneOf(rapid.Uint64Range(0, 9), rapid.Uint64Range(0, 1<<52), rapid.Uint64()).Draw(t, "width")
		hi := lo + int64(min(width, uint64(math.MaxInt64)-uint64(lo)))
		draws := map[string]intDraw{"uniform": uniform(lo, hi)}
		if uint64(hi)-uint64(lo) <= 1<<52 {
			draws["log"], _ = logInteger(lo, hi)
		}
		seed := rapid.Uint64().Draw(t, "seed")
		for name, draw := range draws {
			seen := map[int64]bool{}
			for i := range uint64(200) {
				st := root(seed, i).stream(0)
				v := draw(&st, env{})
				if v < lo || v > hi {
					t.Fatalf("%s from %d to %d gives %d", name, lo, hi, v)
				}
				seen[v] = true
			}
			if few := uint64(hi) - uint64(lo); few < 3 && len(seen) != int(few)+1 {
				t.Fatalf("%s from %d to %d gives %v", name, lo, hi, seen)
			}
		}
	})
}

// Log-uniform numbers have as many in each doubling; normal ones their mean and deviation.
func TestShapes(t *testing.T) {
	const n = 20000
	draw, err := logInteger(0, 1<<20-2)
	if err != nil {
		t.Fatal(err)
	}
	for i, count := range histogram(n, 21, func(st *stream) int { return int(math.Log2(float64(draw(st, env{}) + 1))) }) {
		if i < 20 && !nearly(count, n, 1.0/20) {
			t.Errorf("%d of %d are from 2^%d on, want a twentieth", count, n, i)
		}
	}
	sum, squares := 0.0, 0.0
	for i := range uint64(n) {
		st := root(1, i).stream(1)
		z := bell(&st)
		sum, squares = sum+z, squares+z*z
	}
	if mean, dev := sum/n, math.Sqrt(squares/n); math.Abs(mean) > 0.03 || math.Abs(dev-1) > 0.03 {
		t.Errorf("the bell has mean %v and deviation %v", mean, dev)
	}
}

// floor(i*num/den), in 128 bits.
func TestScaled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		i, num, den := rapid.Uint64().Draw(t, "i"), rapid.Uint64().Draw(t, "num"), rapid.Uint64Min(1).Draw(t, "den")
		want := new(big.Int).Mul(new(big.Int).SetUint64(i), new(big.Int).SetUint64(num))
		want.Div(want, new(big.Int).SetUint64(den)).And(want, new(big.Int).SetUint64(math.MaxUint64))
		if got := scaled(i, num, den); got != want.Uint64() {
			t.Fatalf("%d*%d/%d = %d, want %d", i, num, den, got, want)
		}
	})
}

// A decimal's bytes are the two's complement that big integers have: the shortest, or as long as the fixed.
func TestDecimalBytes(t *testing.T) {
	decimal := fieldPlan(t, `{"name":"f","type":{"type":"bytes","logicalType":"decimal","precision":18}},{"name":"g","type":{"type":"fixed","name":"G","size":12,"logicalType":"decimal","precision":20}}`).Type
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Int64().Draw(t, "value")
		r := decimal.Alloc()
		for i, f := range decimal.Fields {
			setDecimal(f.Type, r.At(f.Offset), v)
			b := r.At(f.Offset).Bytes
			got := []byte(nil)
			if i == 0 {
				got = b()
			} else {
				got = r.At(f.Offset).Fixed(12)
			}
			read := new(big.Int).SetBytes(got)
			if got[0] >= 0x80 {
				read.Sub(read, new(big.Int).Lsh(big.NewInt(1), uint(8*len(got))))
			}
			short := len(got) == 1 || got[0] != 0 && got[0] != 0xff || got[0] == 0 && got[1] >= 0x80 || got[0] == 0xff && got[1] < 0x80
			if !read.IsInt64() || read.Int64() != v || i == 0 && !short {
				t.Fatalf("%d is written as %x, which is %d", v, got, read)
			}
		}
	})
}

// An iteration steps as its rule says, computed with big integers.
func TestIteration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start, restart := rapid.Int64Range(-1000, 1000).Draw(t, "start"), rapid.Int64Range(-1000, 1000).Draw(t, "restart")
		if start == restart {
			restart++
		}
		step := rapid.Int64Range(1, 300).Draw(t, "step")
		if restart < start {
			step = -step
		}
		initial := rapid.Int64Range(min(start, restart), max(start, restart)).Draw(t, "initial")
		next, err := steps(fmt.Appendf(nil, `{"start":%d,"restart":%d,"step":%d,"initial":%d}`, start, restart, step, initial), spanLong)
		if err != nil {
			t.Fatal(err)
		}
		for k := range int64(50) {
			off := initial - start + k*step
			off = max(off, -off) % max(restart-start, start-restart)
			want := start + off
			if step < 0 {
				want = start - off
			}
			if got := next(uint64(k)); got != want {
				t.Fatalf("start %d, restart %d, step %d, initial %d: step %d is %d, want %d", start, restart, step, initial, k, got, want)
			}
		}
	})
}

// The ranks of a zipf come as often as their weights, also those beyond the table.
func TestZipf(t *testing.T) {
	const n = 60000
	for _, tt := range []struct {
		s    float64
		n    uint64
		most int // ranks to look at
	}{{1, 10, 10}, {0.5, 100, 20}, {2, 1000, 5}, {1.2, 1 << 20, 10}} {
		draw := zipf(tt.s, tt.n)
		total := 0.0
		for r := uint64(1); r <= tt.n; r++ {
			total += math.Pow(float64(r), -tt.s)
		}
		beyond := 0
		counts := histogram(n, tt.most+1, func(st *stream) int {
			e := draw(st)
			if e >= tt.n {
				t.Fatalf("zipf %v of %d gives %d", tt.s, tt.n, e)
			}
			if e >= 1<<16 {
				beyond++
			}
			return int(min(e, uint64(tt.most)))
		})
		for r, count := range counts[:tt.most] {
			if p := math.Pow(float64(r+1), -tt.s) / total; !nearly(count, n, p) {
				t.Errorf("zipf %v of %d: rank %d came %d times of %d, want %.0f", tt.s, tt.n, r, count, n, p*n)
			}
		}
		if (beyond > 0) != (tt.n > 1<<16) {
			t.Errorf("zipf %v of %d: %d of %d beyond the table", tt.s, tt.n, beyond, n)
		}
	}
}

// Each alphabet gives its characters and no others, all as often, and as many as asked for.
func TestAlphabets(t *testing.T) {
	for name, a := range alphabets {
		letters := a.letters()
		seen := map[rune]int{}
		for n := range 200 {
			st := root(1, uint64(n)).stream(0)
			text := string(letters(nil, &st, n))
			if got := utf8.RuneCountInString(text); got != n {
				t.Fatalf("%s: got %d characters, want %d", name, got, n)
			}
			for _, c := range text {
				seen[c]++
			}
		}
		if len(seen) > int(a.distinct())+1 { // words puts x at the ends
			t.Errorf("%s: got %d characters, has %v", name, len(seen), a.distinct())
		}
		if a.size <= 100 && len(seen) != int(a.distinct()) {
			t.Errorf("%s: got %d of its %v characters", name, len(seen), a.distinct())
		}
	}
	for chars, width := range map[string]float64{`"lower"`: 1, `"cyrillic"`: 2, `"cjk"`: 3, `"emoji"`: 4, `{"set":"aé"}`: 1.5, `{"mix":[["digit",3],["emoji",1]]}`: 1.75, `{"either":[["digit",1],["cjk",1]]}`: 2} {
		l, err := charsOf([]byte(chars))
		if err != nil {
			t.Fatal(err)
		}
		if got := l.width(); math.Abs(got-width) > 0.5 || width == math.Trunc(width) && chars[0] == '"' && got != width {
			t.Errorf("%s: a character has %v bytes, want %v", chars, got, width)
		}
	}
}

// The forms of texts: each record's matches the expression.
func TestTextForms(t *testing.T) {
	for profile, want := range map[string]string{
		`{"uuid":true}`:                                                            `[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`,
		`{"num":{"min":0,"max":99},"width":4}`:                                     `00\d\d`,
		`{"num":{"min":-5,"max":-5},"width":4}`:                                    `00-5`,
		`{"num":12345,"width":2}`:                                                  `12345`,
		`{"time":{"start":"2026-01-01T00:00:00Z"}}`:                                `17672256\d{5}`,
		`{"time":{"start":"2026-01-01T00:00:00Z"},"format":"rfc3339"}`:             `2026-01-01T00:00:0\d\.\d{3}Z`,
		`{"time":{"start":"2026-01-01T00:00:00Z"},"format":"rfc3339s"}`:            `2026-01-01T00:00:0\dZ`,
		`{"time":{"start":"2026-01-01T00:00:00Z","num":86400000},"format":"date"}`: `20\d\d-\d\d-\d\d`,
		`{"time":{"start":"2026-03-05T00:00:00Z"},"format":"clf"}`:                 `05/Mar/2026:00:00:0\d \+0000`,
		`{"time":{"start":-1500,"unit":"ms"},"format":"rfc3339"}`:                  `1969-12-31T23:59:58\.[5-9]\d\dZ|1969-12-31T23:59:59\.\d{3}Z|1970-01-01T00:00:0\d\.\d{3}Z`,
		`{"time":{"start":0,"unit":"s","num":3600},"format":"rfc3339s"}`:           `19\d\d-\d\d-\d\dT\d\d:00:00Z`,
		`{"parts":["a-",{"num":{"min":1,"max":9}},{"const":"!","p":0.5},"-z"]}`:    `a-[1-9]!?-z`,
		`{"parts":[]}`:              ``,
		`{"len":3,"chars":"upper"}`: `[A-Z]{3}`,
		`{"len":{"top":[[1,1],[5,1]]},"chars":{"set":"éa"}}`:          `[éa]|[éa]{5}`,
		`{"len":6,"chars":"words"}`:                                   `[a-z][a-z ]{4}[a-z]`,
		`{"const":"x"}`:                                               `x`,
		`{"top":[["a",1],["b",1]],"other":1,"len":2,"chars":"digit"}`: `a|b|\d\d`,
		`{"alt":[[1,{"const":"c"}],[1,{"num":7}]]}`:                   `c|7`,
		`{"pick":{"n":3},"first":["one"],"num":{"index":{}}}`:         `one|1|2`,
	} {
		p := fieldPlan(t, `{"name":"f","type":"string","profile":`+profile+`}`)
		form, g, seen := regexp.MustCompile(`^(?:`+want+`)$`), p.Generator(1), map[string]bool{}
		for i := range uint64(500) {
			text := record(t, g, i).Text()
			if seen[text] = true; !form.MatchString(text) {
				t.Errorf("%s: record %d is %q, want %s", profile, i, text, want)
				break
			}
		}
		if alternatives := strings.Count(want, "|") + 1; !strings.ContainsAny(want, `\[`) && len(seen) != alternatives {
			t.Errorf("%s: got %d texts, want %d", profile, len(seen), alternatives)
		}
	}
}

// Random bytes come eight a draw, the low one first, and are as many as asked for.
func TestRandomBytes(t *testing.T) {
	for n := range 30 {
		st, same := root(1, 2).stream(3), root(1, 2).stream(3)
		got := randomBytes([]byte("x"), &st, n)
		want := []byte("x")
		for len(want) < n+1 {
			x := same.next()
			for range 8 {
				want, x = append(want, byte(x)), x>>8
			}
		}
		if !bytes.Equal(got, want[:n+1]) {
			t.Errorf("%d bytes: got %x, want %x", n, got, want[:n+1])
		}
	}
}

// A set of keys knows what it holds, as a list and as a table.
func TestKeySet(t *testing.T) {
	for _, n := range []int{0, 1, 64, 65, 1000} {
		s := newKeySet(n)
		for round := range 2 {
			for i := range n {
				if got := s.add(fmt.Sprint("k", i)); got != (round == 0) {
					t.Fatalf("%d keys: adding key %d in round %d: new %v", n, i, round, got)
				}
			}
		}
	}
}

// The entries of a map have as many keys as its size says, where there are enough; a key that is there already is drawn
// again.
func TestMapKeys(t *testing.T) {
	for _, tt := range []struct {
		size, keys  string
		least, most int // entries
	}{
		{"5", `{"num":{"min":1,"max":1000000}}`, 5, 5},
		{"5", `{"const":"a"}`, 1, 1},
		{"9", `{"len":1,"chars":"digit"}`, 7, 9},
		{"100", `{"num":{"index":{}}}`, 100, 100},
		{"0", `{}`, 0, 0},
	} {
		p := fieldPlan(t, `{"name":"m","type":{"type":"map","values":"int"},"profile":{"size":`+tt.size+`,"keys":`+tt.keys+`}}`)
		g := p.Generator(1)
		for i := range uint64(100) {
			if n := p.Type.Fields[0].Type.MapLen(record(t, g, i)); n < tt.least || n > tt.most {
				t.Errorf("size %s, keys %s: record %d has %d entries, want %d to %d", tt.size, tt.keys, i, n, tt.least, tt.most)
			}
		}
	}
}

// Fields with one label describe one entity: what one is follows from the other.
func TestLabels(t *testing.T) {
	p := fieldPlan(t, `{"name":"id","type":"long","profile":{"pick":{"n":50,"zipf":1,"label":"user"},"index":{"start":100}}},
		{"name":"name","type":"string","profile":{"pick":{"n":50,"zipf":1,"label":"user"},"len":12}},
		{"name":"other","type":"string","profile":{"pick":{"n":50,"zipf":1},"len":12}}`)
	g, names, others := p.Generator(1), map[int64]string{}, map[int64]map[string]bool{}
	for i := range uint64(2000) {
		r := record(t, g, i)
		id, name, other := r.Long(), r.At(p.Type.Fields[1].Offset).Text(), r.At(p.Type.Fields[2].Offset).Text()
		if was, ok := names[id]; ok && was != name || id < 100 || id >= 150 {
			t.Fatalf("record %d: entity %d is called %s, and was %s", i, id, name, was)
		}
		names[id] = name
		if others[id] == nil {
			others[id] = map[string]bool{}
		}
		others[id][other] = true
	}
	if len(names) < 40 || len(others[100]) < 5 {
		t.Errorf("got %d entities, and %d of another label with the first", len(names), len(others[100]))
	}
}

// Two seeds give other records of the same kind; one seed the same.
func TestSeeds(t *testing.T) {
	p := fieldPlan(t, `{"name":"a","type":"string"},{"name":"b","type":["null","double"]},{"name":"c","type":{"type":"array","items":"long"}}`)
	one, again, two := p.Generator(1), p.Generator(1), p.Generator(2)
	differ := 0
	for i := range uint64(200) {
		r := record(t, one, i)
		if err := access.Diff(p.Type, r, record(t, again, i)); err != nil {
			t.Errorf("record %d of one seed: %v", i, err)
		}
		if access.Diff(p.Type, r, record(t, two, i)) != nil {
			differ++
		}
	}
	if differ < 195 {
		t.Errorf("%d of 200 records differ with another seed", differ)
	}
}
