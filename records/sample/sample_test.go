package sample

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/avro"
	"github.com/twmb/avro/ocf"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

const orderText = `{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"},
	{"name": "note", "type": ["null", "string"]}, {"name": "n", "type": "int", "default": 7}]}`

func parse(t testing.TB, text string) *schemas.Schema {
	t.Helper()
	s, err := schemas.Parse("order.avsc", []byte(text), "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readAll returns the records of in as JSON, one a line, and the error that ends them, if it is not io.EOF.
func readAll(t testing.TB, in io.Reader, cfg Config) (string, *Reader, error) {
	t.Helper()
	r, err := NewReader(in, cfg)
	if err != nil {
		return "", nil, err
	}
	var got strings.Builder
	for v := r.Type.New(); ; {
		err := r.Next(v)
		if err == io.EOF {
			return got.String(), r, nil
		}
		if err != nil {
			return got.String(), r, err
		}
		text, err := access.Marshal(r.Type, v)
		if err != nil {
			t.Fatal(err)
		}
		got.Write(append(text, '\n'))
	}
}

// frame returns b behind its length.
func frame(b ...byte) string {
	return string(append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...))
}

func TestForms(t *testing.T) {
	s := parse(t, orderText)
	const want = `{"id":1,"note":{"string":"a"},"n":2}` + "\n" + `{"id":2,"note":null,"n":7}` + "\n"
	for _, tt := range []struct{ name, in, form string }{
		{"Avro JSON", want, "JSON lines"},
		{"plain JSON", "\ufeff" + `{"note":"a","id":1,"n":2}` + "\r\n\n" + `{"id":2}`, "JSON lines"},
		{"framed", frame(0, 0, 0, 0, 9, 2, 2, 2, 'a', 4) + frame(0, 0, 0, 0, 9, 4, 0, 14), "framed records"},
	} {
		got, r, err := readAll(t, strings.NewReader(tt.in), Config{Schema: s})
		if err != nil || got != want || r.Form != tt.form || r.Read() != 2 {
			t.Errorf("%s: got %s%s, %v, want %s%s", tt.name, got, r.Form, err, want, tt.form)
		}
	}
}

// twmb returns text as a schema of the library that writes containers here.
func twmb(t testing.TB, text string) *avro.Schema {
	t.Helper()
	s, err := avro.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestDraw draws evenly: each record has the same chance, and stands where it stood.
func TestDraw(t *testing.T) {
	s := parse(t, orderText)
	const all, most, seeds = 100, 10, 2000
	var in strings.Builder
	for i := range all {
		fmt.Fprintf(&in, `{"id":%d}`+"\n", i%64) // one byte each
	}
	draw := func(most int, bytes int64, seed uint64) *Ring {
		r, err := NewReader(strings.NewReader(in.String()), Config{Schema: s})
		if err != nil {
			t.Fatal(err)
		}
		ring, err := Draw(r, most, bytes, seed)
		if err != nil {
			t.Fatal(err)
		}
		if ring.Of != all || ring.Bytes != int64(3*len(ring.Records)) {
			t.Fatalf("%d records with %d bytes of %d", len(ring.Records), ring.Bytes, ring.Of)
		}
		return ring
	}
	ring := draw(all, 1<<20, 1)
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for record, err := range ring.Each(typ) {
		text, marshal := access.Marshal(typ, record)
		if want := fmt.Sprintf(`{"id":%d,"note":null,"n":7}`, n%64); err != nil || marshal != nil || string(text) != want {
			t.Errorf("record %d: got %s, %v, want %s", n, text, err, want)
		}
		n++
	}
	if n != all || ring.Cut != 0 {
		t.Errorf("of all records: %d, cut %d", n, ring.Cut)
	}
	for _, limit := range []int64{1 << 20, 3 * most} { // so many bytes leave as many records as most
		counts := [64]int{}
		for seed := range uint64(seeds) {
			ring := draw(map[bool]int{true: most, false: 2 * most}[limit > 100], limit, seed)
			if len(ring.Records) != most || (ring.Cut != 0) != (limit < 100) {
				t.Fatalf("%d records, cut %d", len(ring.Records), ring.Cut)
			}
			for _, r := range ring.Records {
				counts[r[0]/2]++
			}
		}
		for id, n := range counts {
			want := float64(seeds * most / all)
			if id < all-64 { // there twice
				want *= 2
			}
			if got := float64(n); math.Abs(got-want) > 5*math.Sqrt(want) {
				t.Errorf("record %d was drawn %v times, want about %v", id, got, want)
			}
		}
	}
	if a, b := draw(most, 1<<20, 7), draw(most, 1<<20, 7); !slices.EqualFunc(a.Records, b.Records, bytes.Equal) {
		t.Error("one seed draws other records the second time")
	}
}

// TestBroken has one clear error, with the place, for each way in which a sample is broken.
func TestBroken(t *testing.T) {
	s := parse(t, orderText)
	container := string(written(t, ocf.DeflateCodec(1), 2, 1, 2, 3))
	other := strings.Replace(orderText, `"int"`, `"long"`, 1)
	for _, tt := range []struct {
		name, in string
		schema   *schemas.Schema
		want     string
	}{
		{"empty", "", s, "it is empty: there are no records"},
		{"a mark alone", "\ufeff", s, "it is empty: there are no records"},
		{"blank lines", "\n \r\n", s, "it has no records"},
		{"no schema", `{"id":1}`, nil, "it: JSON lines have no schema of their own: name it with --schema FILE"},
		{"does not fit", `{"id":1}` + "\n\n" + `{"id":"one"}`, s, `it:3: id: "one" is no long`},
		{"unknown field", `{"id":1,"nope":1}`, s, `it:1: Order has no field "nope": there are id, note, n`},
		{"missing field", `{"n":1}`, s, `it:1: field id of Order is missing`},
		{"over several lines", "{\n\"id\":1}", s, "it:1: the text ends within a value: each record stands on one line, as jq -c writes it"},
		{"no UTF-8", "{\"id\":1}\n{\"id\":2,\"note\":\"\xff\"}", s, "it:2: the text is not UTF-8"},
		{"UTF-16", "\xff\xfe{\x00", s, "it: it is UTF-16: iconv -f UTF-16 -t UTF-8 FILE | wirecost … --input -"},
		{"gzip", "\x1f\x8b\x08\x00", s, "it: it is compressed by gzip: zcat FILE | wirecost … --input -"},
		{"array", `[{"id":1}]`, s, "it: it is one JSON array: put each of its elements on a line of its own, as jq -c '.[]' does"},
		{"text", "id,note\n", s, `it: it begins with "id,note\n": neither JSON lines`},
		{"ORC", "ORC", s, "it: it is an ORC file"},

		{"wrong magic", "Obj\x02" + container[4:], nil, `it: its header: it begins with "Obj\x02", and an Avro container file with "Obj\x01": another version, or damaged`},
		{"truncated header", container[:40], nil, "it: its header: the input ends within it: it is truncated"},
		{"hostile header", "Obj\x01\x02\xfe\xff\xff\xff\xff\x0f", nil, "it: its header: a text of 274877906943 bytes in it, which may have 16 MB"},
		{"unknown compression", strings.Replace(container, "deflate", "defloat", 1), nil, `it: its compression "defloat" is unknown: null, deflate, snappy and zstandard are read; avro-tools recodec rewrites it`},
		{"other schema", container, parse(t, other), "it: it was not written with the schema of --schema: Order.n is int in the one and long in the other; without --schema its own is taken"},
		{"no records", container[:strings.Index(container, "ssss")+16], nil, "it has no records"},

		{"truncated length", frame(0, 0, 0, 0, 1, 2, 0, 2)[:3], s, "it: record 1 at byte 0: the length before it: the input ends within it: it is truncated"},
		{"truncated frame", frame(0, 0, 0, 0, 1, 2, 0, 2)[:9], s, "it: record 1 at byte 0: 5 of its 8 bytes: the input ends within it: it is truncated"},
		{"too long a frame", frame(0, 0, 0, 0, 1, 2, 0, 2) + "\x7f\x00\x00\x00", s, "it: record 2 at byte 12: its length is given as 2130706432 bytes, more than 16 MB"},
		{"no magic byte", frame(2, 0, 2), s, "it: record 1 at byte 0: 3 bytes, fewer than the magic byte and the schema id"},
		{"other magic byte", frame(1, 0, 0, 0, 1, 2, 0, 2), s, "it: record 1 at byte 0: it begins with 0x01, not with Confluent's magic byte 0"},
		{"mixed schemas", frame(0, 0, 0, 0, 1, 2, 0, 2) + frame(0, 0, 0, 0, 2, 2, 0, 2), s,
			"it: record 2 at byte 12: mixed schemas: it has the schema id 2, and the records before it have 1: measure the records of one schema at a time"},
		{"too short a body", frame(0, 0, 0, 0, 1, 2, 0), s, "it: record 1 at byte 0: n: the bytes end within a value"},
		{"too long a body", frame(0, 0, 0, 0, 1, 2, 0, 2, 9), s, "it: record 1 at byte 0: 1 byte is left behind a record of the schema"},
	} {
		_, _, err := readAll(t, strings.NewReader(tt.in), Config{Name: "it", Schema: tt.schema})
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: got error\n%v, want\n%s", tt.name, err, tt.want)
		}
	}
}

// An endless line has a beginning.
type endless struct{ begin io.Reader }

func (e endless) Read(p []byte) (int, error) {
	if n, err := e.begin.Read(p); err == nil {
		return n, nil
	}
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// TestLongLine reads a line of 1 GB in bounded memory, and what stands behind it if it is skipped.
func TestLongLine(t *testing.T) {
	s := parse(t, orderText)
	const want = "it:2: the line is longer than 16 MB"
	size := int64(1 << 30)
	if testing.Short() {
		size = 1 << 26
	}
	in := func() io.Reader {
		return io.MultiReader(io.LimitReader(endless{strings.NewReader(`{"id":1}` + "\n" + `{"id":2,"note":"`)}, size), strings.NewReader("\n"+`{"id":3}`+"\n"))
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	got, _, err := readAll(t, in(), Config{Name: "it", Schema: s})
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 8*MaxUnit {
		t.Errorf("%d MB allocated", (after.TotalAlloc-before.TotalAlloc)>>20)
	}
	if err == nil || err.Error() != want || strings.Count(got, "\n") != 1 {
		t.Errorf("got %s%v", got, err)
	}
	got, r, err := readAll(t, in(), Config{Name: "it", Schema: s, SkipBad: 1})
	if err != nil || strings.Count(got, "\n") != 2 || len(r.Skipped()) != 1 || r.Skipped()[0].Error() != want {
		t.Errorf("got %s%v", got, err)
	}
}

// TestSkipBad counts bad records, and no more than it may.
func TestSkipBad(t *testing.T) {
	s := parse(t, orderText)
	lines := `{"id":1}` + "\n" + `{"id":` + "\n" + `{"id":2}` + "\n" + "[]" + "\n"
	frames := frame(0, 0, 0, 0, 1, 2, 0, 2) + frame(0, 0, 0, 0, 2, 2, 0, 2) + frame(0, 0, 0, 0, 1, 4, 0, 2) + frame(7)
	for name, in := range map[string]string{"lines": lines, "frames": frames} {
		got, r, err := readAll(t, strings.NewReader(in), Config{Schema: s, SkipBad: 2})
		if err != nil || strings.Count(got, "\n") != 2 || r.Read() != 2 || len(r.Skipped()) != 2 {
			t.Errorf("%s: got %s%v", name, got, err)
		}
		_, r, err = readAll(t, strings.NewReader(in), Config{Schema: s, SkipBad: 1})
		if err == nil || !strings.HasSuffix(err.Error(), " (and 1 bad before it)") || len(r.Skipped()) != 1 {
			t.Errorf("%s: got %v", name, err)
		}
		if again := r.Next(r.Type.New()); again != err {
			t.Errorf("%s: after %v: %v", name, err, again)
		}
	}
	_, _, err := readAll(t, strings.NewReader("{\n"), Config{Schema: s, SkipBad: 1})
	if want := "the input has no good record; the first bad one: the input:1: the text ends within a value"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}
