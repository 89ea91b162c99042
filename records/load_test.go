package records

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"pgregory.net/rapid"
)

// Records that would grow without end stay near a hundred elements, by default; others are not cut.
func TestGrowth(t *testing.T) {
	tree := func(n int) string {
		var fields []string
		for i := range n {
			fields = append(fields, fmt.Sprintf(`{"name":"a%d","type":{"type":"array","items":"R"}}`, i), fmt.Sprintf(`{"name":"n%d","type":["null","R"]}`, i))
		}
		return `{"name":"x","type":"int"},` + strings.Join(fields, ",")
	}
	nested := func(n int) string {
		return `{"name":"a","type":` + strings.Repeat(`{"type":"array","items":`, n) + `"int"` + strings.Repeat("}", n) + `}`
	}
	var wide []string
	for i := range 300 {
		wide = append(wide, fmt.Sprintf(`{"name":"a%d","type":{"type":"array","items":{"type":"array","items":["null","int"]}}}`, i))
	}
	for _, tt := range []struct {
		name, fields string
		least, most  int // values of a record, on average
	}{
		{"a map of arrays of itself", `{"name":"title","type":"string"},{"name":"sub","type":{"type":"map","values":{"type":"array","items":"R"}}}`, 50, 110},
		{"a list", `{"name":"next","type":["null","R"]}`, 3, 7},
		{"two children", `{"name":"l","type":["null","R"]},{"name":"r","type":["R","null"]}`, 20, 64},
		{"an array and a nullable", tree(1), 20, 120},
		{"eight of each", tree(8), 100, 120},
		{"arrays of arrays", nested(3), 10, 20},
		{"7 arrays in each other", nested(7), 30, 130},
		{"40 arrays in each other", nested(40), 50, 150},
		{"in another record", `{"name":"s","type":{"type":"record","name":"S","fields":[{"name":"kids","type":{"type":"map","values":"S"}}]}},{"name":"all","type":{"type":"array","items":"int"}}`, 60, 120},
		{"wide, not deep", strings.Join(wide, ","), 1500, 2100},
	} {
		p := fieldPlan(t, tt.fields)
		g, sum, last := p.Generator(1), 0, 0
		const records = 200
		for i := range uint64(records) {
			r := record(t, g, i)
			sum += g.values
			if f := p.Type.Fields[len(p.Type.Fields)-1]; f.Type.Kind == schemas.Array {
				_, n := r.At(f.Offset).Slice()
				last += n
			}
			if limit := 2 * enoughGrown; g.grown > limit {
				t.Errorf("%s: record %d has %d grown values, more than %d", tt.name, i, g.grown, limit)
			}
		}
		if mean := sum / records; mean < tt.least || mean > tt.most {
			t.Errorf("%s: a record has %d values on average, want %d to %d", tt.name, mean, tt.least, tt.most)
		}
		if tt.name == "wide, not deep" && last < records {
			t.Errorf("%s: the last array has %d elements in %d records: those before it leave it none", tt.name, last, records)
		}
	}
}

// A profile whose sizes multiply is refused before a record is made, by the place and with the size.
func TestTooLarge(t *testing.T) {
	const mb16 = `{"len":16777216}`
	array := func(items, size string) string {
		return `{"type":"array","items":` + items + `,"profile":{"size":` + size + `}}`
	}
	str := func(profile string) string { return `{"type":"string","profile":` + profile + `}` }
	tree := func(profile string) string {
		var fields []string
		for i := range 8 {
			fields = append(fields, fmt.Sprintf(`{"name":"a%d","type":{"type":"array","items":"R"}%s}`, i, profile))
		}
		return `{"name":"x","type":"int"},` + strings.Join(fields, ",")
	}
	const bytes = ", and the largest that is made takes 64 MB: lower the sizes that multiply there"
	const items = " elements of arrays and maps, and at most 1048576 are made: lower the sizes that multiply there"
	for _, tt := range []struct{ name, fields, want string }{
		{"lengths", `{"name":"a","type":` + array(str(mb16), "1000") + `}`, "a: a record would take 15.6 GB" + bytes},
		{"fixed", `{"name":"a","type":` + array(`{"type":"fixed","name":"F","size":1048576}`, "1000") + `}`, "a: a record would take 1000 MB" + bytes},
		{"parts", `{"name":"a","type":` + str(`{"parts":[`+strings.Repeat(mb16+",", 7)+mb16+`]}`) + `}`, "a: a record would take 128 MB" + bytes},
		{"recursion", `{"name":"v","type":"int"},{"name":"a","type":{"type":"array","items":"R"},"profile":{"size":20}},{"name":"s","type":` + str(`{"len":1048576}`) + `}`, "a: a record would take 3.2 TB" + bytes},
		{"nulls switched off", `{"name":"s","type":` + str(`{"len":1048576}`) + `},{"name":"a","type":["null","R"],"profile":{"null":0}},{"name":"b","type":["null","R"],"profile":{"null":0}},{"name":"c","type":["null","R"],"profile":{"null":0}}`, "a: a record would take 364.0 MB" + bytes},
		{"keys", `{"name":"m","type":{"type":"map","values":"int"},"profile":{"size":1000,"keys":{"len":1000000}}}`, "m: a record would take 953.7 MB" + bytes},
		{"in another record", `{"name":"o","type":{"type":"record","name":"O","fields":[{"name":"i","type":"int"},{"name":"a","type":` + array(`"bytes"`, "10000000") + `}]}}`, "o.a: a record would take 379.5 MB" + bytes},
		{"many fields", `{"name":"a","type":` + str(mb16) + `},{"name":"b","type":` + str(mb16) + `},{"name":"c","type":` + str(mb16) + `},{"name":"d","type":` + str(mb16) + `},{"name":"e","type":` + str(mb16) + `}`, ".: a record would take 80 MB" + bytes},
		{"alt", `{"name":"a","type":` + array(str(`{"alt":[[1,`+mb16+`],[1,{"len":0}]]}`), "10") + `}`, "a: a record would take 80.0 MB" + bytes},
		{"top", `{"name":"a","type":` + array(str(`{"top":[["`+strings.Repeat("x", 100000)+`",9],["y",1]]}`), "1000") + `}`, "a: a record would take 85.8 MB" + bytes},
		{"a branch", `{"name":"a","type":` + array(`["int",`+str(mb16)+`]`, "10") + `}`, "a: a record would take 80.0 MB" + bytes},
		{"four bytes a character", `{"name":"a","type":` + array(str(`{"len":1000000,"chars":"emoji"}`), "20") + `}`, "a: a record would take 76.3 MB" + bytes},
		{"pick", `{"name":"a","type":` + array(str(`{"pick":{"n":2},"len":16000000}`), "5") + `}`, "a: a record would take 76.3 MB" + bytes},
		{"dialect", `{"name":"a","type":{"type":"array","items":{"type":"string","arg.properties":{"length":10000000}},"arg.properties":{"length":10}}}`, "a: a record would take 95.4 MB" + bytes},
		{"what nobody chose", tree("") + `,{"name":"s","type":` + str(`{"len":1048576}`) + `}`, ".: a record would take 101.0 MB" + bytes},
		{"elements", `{"name":"a","type":` + array(array(`"null"`, "3000"), "3000") + `}`, "a: a record would have 9000000" + items},
		{"records", tree(`,"profile":{"size":30}`), "a0: a record would take 11.6 TB" + bytes},
		{"empty records", `{"name":"a","type":` + array(array(`{"type":"record","name":"E","fields":[]}`, "16777216"), "100000") + `}`, "a[]: a record would have 1677721600000" + items},
	} {
		var before, after runtime.MemStats
		s := parsed(t, tt.fields)
		runtime.ReadMemStats(&before)
		_, err := Compile(s, nil)
		runtime.ReadMemStats(&after)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got error %v, want %s", tt.name, err, tt.want)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
			t.Errorf("%s: refusing it took %d bytes of memory", tt.name, used)
		}
	}
}

// What is large, but not too large, is made.
func TestLargeEnough(t *testing.T) {
	for _, tt := range []struct {
		name, fields string
		least, most  int // bytes of record 0 in Avro
	}{
		{"a text of 16 MB", `{"name":"a","type":"string","profile":{"len":16777216}}`, 1 << 24, 1<<24 + 4},
		{"a million elements", `{"name":"a","type":{"type":"array","items":"int"},"profile":{"size":1048576}}`, 1 << 20, 5 << 20},
		{"16 million elements", `{"name":"a","type":{"type":"array","items":{"type":"int","profile":{"const":1}}},"profile":{"size":16777216}}`, 1 << 24, 1<<24 + 8},
		{"a thousand by a thousand", `{"name":"a","type":{"type":"array","items":{"type":"array","items":"boolean","profile":{"size":1000}}},"profile":{"size":1000}}`, 1000000, 1005000},
		{"a record beyond by chance", `{"name":"a","type":{"type":"array","items":{"type":"string","profile":{"len":100}}},"profile":{"size":{"top":[[10,999],[16777216,1]]}}}`, 1000, 2000},
	} {
		p := fieldPlan(t, tt.fields)
		b, err := access.AppendAvro(nil, p.Type, record(t, p.Generator(1), 0))
		if err != nil || len(b) < tt.least || len(b) > tt.most {
			t.Errorf("%s: got %d bytes, error %v, want %d to %d", tt.name, len(b), err, tt.least, tt.most)
		}
	}
}

// A record that is larger than others by chance is cut at 64 MB.
func TestCut(t *testing.T) {
	p := fieldPlan(t, `{"name":"a","type":{"type":"array","items":{"type":"string","profile":{"len":1000}}},"profile":{"size":{"top":[[1,9999],[1000000,1]]}}},
		{"name":"b","type":"string","profile":{"len":{"top":[[1,1],[2,1]]}}},{"name":"c","type":["null","long"],"profile":{"null":0}}`)
	g := p.Generator(1)
	for i := range uint64(40000) {
		if g.New(i); g.bytes < maxBytes {
			continue
		}
		b, err := access.AppendAvro(nil, p.Type, record(t, g, i))
		if err != nil || len(b) > maxBytes+1<<20 {
			t.Errorf("record %d: got %d bytes, error %v, want no more than 64 MB", i, len(b), err)
		}
		again, err := access.AppendAvro(nil, p.Type, record(t, p.Generator(1), i))
		if err != nil || string(again) != string(b) {
			t.Errorf("record %d is not the same twice", i)
		}
		return
	}
	t.Error("no record is large")
}

// What is foreseen of a record's size is about what records then have.
func TestForeseen(t *testing.T) {
	texts := []string{`{"len":{"min":50,"max":150}}`, `{"len":{"shape":"log","min":10,"max":900},"chars":"cjk"}`, `{"parts":["abc",{"len":40,"p":0.5},{"num":{"min":100,"max":999}}]}`,
		`{"top":[["0123456789",3]],"other":1,"len":100}`, `{"alt":[[1,{"const":"x"}],[3,{"uuid":true}]]}`, `{"pick":{"n":1000},"len":{"bins":[[1,20,30],[1,200,300]]}}`}
	rapid.Check(t, func(t *rapid.T) {
		typ := `{"type":"string","profile":` + rapid.SampledFrom(texts).Draw(t, "text") + `}`
		for range rapid.IntRange(0, 3).Draw(t, "levels") {
			switch size := rapid.IntRange(1, 6).Draw(t, "size"); rapid.SampledFrom([]string{"array", "map", "null", "union"}).Draw(t, "in") {
			case "array":
				typ = fmt.Sprintf(`{"type":"array","items":%s,"profile":{"size":{"min":%d,"max":%d}}}`, typ, size, 2*size)
			case "map":
				typ = fmt.Sprintf(`{"type":"map","values":%s,"profile":{"size":%d,"keys":{"len":20}}}`, typ, size)
			case "null", "union":
				typ = fmt.Sprintf(`{"type":"record","name":"S%d","fields":[{"name":"u","type":["null",%s]},{"name":"v","type":"string","profile":{"len":%d}}]}`, len(typ), typ, 10*size)
			}
		}
		s, err := schemas.Parse("R.avsc", []byte(`{"type":"record","name":"R","fields":[{"name":"f","type":`+typ+`}]}`), "")
		if err != nil {
			t.Fatal(err)
		}
		a, err := access.Of(s)
		if err != nil {
			t.Fatal(err)
		}
		c := newCompiler(s)
		c.value(place{typ: a, node: s.Root})
		want, _ := c.weight(c.load, func(l *load) float64 { return l.bytes }, maxBytes)
		p, err := Compile(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		g, sum := p.Generator(rapid.Uint64().Draw(t, "seed")), 0.0
		const records = 400
		for i := range uint64(records) {
			g.New(i)
			sum += float64(g.bytes)
		}
		if got := sum / records; got > 3*want+100 || want > 12*got+300 {
			t.Fatalf("%s: records have %.0f bytes, %.0f foreseen", typ, got, want)
		}
	})
}
