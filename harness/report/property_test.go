package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/terminal"
	"pgregory.net/rapid"
)

// names are of codecs, schemas and keys: as they are, long, wide, and made to upset a terminal or Markdown.
var names = rapid.OneOf(
	rapid.StringMatching(`[a-z][a-z0-9-]{0,30}`),
	rapid.StringMatching(`[a-z]{1,8}(\.[A-Z][a-z]{1,60}){1,3}`),
	rapid.StringMatching(`[日本語編解碼器]{1,40}`),
	rapid.StringMatching(`[😀é̂ß₤]{1,9}`),
	rapid.SampledFrom([]string{"\x1b]0;x\x07", "a\nb", "\u202ertl", "<b>|`*x*`[y](z)", "~_~", "\xff\xfe", "%s%d"}),
)

// times are ns, from nothing to days.
var times = rapid.OneOf(rapid.Float64Range(1, 1e4), rapid.Float64Range(0, 1e14), rapid.SampledFrom([]float64{0, 1e-9, 1, 1e17}))

// drawFile draws a file of any number of codecs, of which any part was measured.
func drawFile(t *rapid.T) *results.File {
	schema := names.Draw(t, "schema")
	f := &results.File{
		Header:  results.Header{CPU: names.Draw(t, "cpu"), Layout: rapid.SampledFrom([]string{"", results.LayoutFixed, "random 8"}).Draw(t, "layout")},
		Schemas: []results.SchemaFact{{Name: schema, Records: rapid.IntRange(0, 1<<40).Draw(t, "records")}},
		Facts:   results.Facts{CommandLine: "wirecost run " + names.Draw(t, "argument"), Keys: []results.KeyFact{{Schema: schema, Paths: names.Draw(t, "key")}}},
	}
	rounds := rapid.SampledFrom([]int{8, 6, 16, 5, 1, 0}).Draw(t, "rounds")
	ops := rapid.SliceOfNDistinct(rapid.SampledFrom(opOrder), 0, 4, rapid.ID).Draw(t, "ops")
	keybys := rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 0, 4, rapid.ID).Draw(t, "keybys")
	for i, codec := range rapid.SliceOfNDistinct(names, 1, 30, called).Draw(t, "codecs") {
		f.Facts.Codecs = append(f.Facts.Codecs, results.CodecFact{
			Name: codec, Group: rapid.SampledFrom([]string{"", "", results.GroupFloor, results.GroupFlink}).Draw(t, "group"),
			Module: rapid.SampledFrom([]string{"", "std", "example.org/x"}).Draw(t, "module"),
			Loses:  rapid.SliceOfN(rapid.SampledFrom([]string{"Branch", "Micros", "other"}), 0, 2).Draw(t, "loses"),
		})
		drawn := drawn{t, f, schema, rounds}
		drawn.codec(codec, ops, keybys)
		if i == 0 && rapid.Bool().Draw(t, "twin") {
			drawn.codec(codec+results.TwinSuffix, ops, keybys)
		}
	}
	for _, n := range append([]int{0}, keybys...) {
		drawn{t, f, schema, rounds}.cell(results.Cell{Codec: results.NoCodec, Exchange: "chain", Op: "move", Keybys: n})
	}
	return f
}

type drawn struct {
	t      *rapid.T
	file   *results.File
	schema string
	rounds int
}

func (d drawn) codec(name string, ops []string, keybys []int) {
	for _, op := range ops {
		d.cell(results.Cell{Codec: name, Op: op})
	}
	for _, n := range keybys {
		d.cell(results.Cell{Codec: name, Exchange: "local", Op: "move", Keybys: n})
	}
	if len(ops) == 0 && len(keybys) == 0 {
		d.cell(results.Cell{Codec: name, Op: "encode"})
	}
}

// cell adds the samples of a cell, or the row that says why there are none.
func (d drawn) cell(c results.Cell) {
	c.Schema, c.Runtime, c.Procs = d.schema, "go", 1
	if d.rounds == 0 || rapid.IntRange(0, 9).Draw(d.t, "fails") == 7 {
		d.file.Failures = append(d.file.Failures, results.Failure{Cell: c, Reason: names.Draw(d.t, "reason"), Kind: rapid.SampledFrom([]results.FailureKind{results.Failed, results.NotCarried, results.Unmeasured}).Draw(d.t, "kind")})
		return
	}
	ns, size := times.Draw(d.t, "ns"), rapid.Float64Range(0, 1e12).Draw(d.t, "size")
	for range d.rounds {
		s := results.Sample{Cell: c, N: 1, Values: []results.Value{{Value: ns * rapid.Float64Range(0.9, 1.1).Draw(d.t, "wobble"), Unit: results.UnitCPU}}}
		if c.IsExchange() {
			s.Values = append(s.Values, results.Value{Value: size, Unit: results.UnitWire})
		} else {
			s.Values = append(s.Values, results.Value{Value: size, Unit: results.UnitSize}, results.Value{Value: math.Floor(size), Unit: results.UnitBytes})
		}
		d.file.Samples = append(d.file.Samples, s)
	}
}

// Whatever a file holds, each form has all its codecs, the text is not wider than the page, and nothing in it is obeyed by a
// terminal.
func TestAnyFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFile(t)
		o := Options{
			Width: rapid.IntRange(MinWidth, 200).Draw(t, "width"), ASCII: rapid.Bool().Draw(t, "ascii"),
			Rate: rapid.SampledFrom([]float64{0, 0.5, 250000, 1e300}).Draw(t, "rate"), PerCore: rapid.SampledFrom([]float64{0, 1e-9, 20000}).Draw(t, "per core"),
		}
		r, err := New(f, o)
		if err != nil {
			t.Fatal(err)
		}
		var text, md, object bytes.Buffer
		if err := r.Text(&text); err != nil {
			t.Fatal(err)
		}
		if err := r.Markdown(&md); err != nil {
			t.Fatal(err)
		}
		if err := r.JSON(&object); err != nil {
			t.Fatal(err)
		}
		body, _, _ := strings.Cut(text.String(), "\nThe command:\n") // whose words stay whole
		checkWidth(t, "text", body, o.Width)
		checkPlain(t, text.String(), o.ASCII)
		checkPlain(t, md.String(), false)
		checkPlain(t, object.String(), false)
		checkCodecs(t, f, r, text.String(), object.Bytes())
	})
}

// checkPlain checks that text has no characters but those that are shown, and no others than ASCII if it is to be so.
func checkPlain(t *rapid.T, text string, ascii bool) {
	if !utf8.ValidString(text) {
		t.Errorf("not UTF-8:\n%s", text)
	}
	for _, r := range text {
		if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u202e' || ascii && r > 0x7e) {
			t.Errorf("%U in\n%s", r, text)
		}
	}
}

// checkCodecs checks that every codec of f has a row, with numbers or without.
func checkCodecs(t *rapid.T, f *results.File, r *Report, text string, object []byte) {
	var parsed struct {
		Schemas []struct {
			Codecs, Flink, Missing []struct{ Codec string }
		}
	}
	if err := json.Unmarshal(object, &parsed); err != nil {
		t.Fatalf("JSON: %v\n%s", err, object)
	}
	table := parsed.Schemas[0]
	all := slices.Concat(table.Codecs, table.Flink, table.Missing)
	p := &page{ascii: r.options.ASCII}
	for _, c := range f.Facts.Codecs {
		if want := string([]rune(c.Name)); !slices.ContainsFunc(all, func(x struct{ Codec string }) bool { return x.Codec == want }) {
			t.Errorf("JSON has no codec %q:\n%s", c.Name, object)
		}
		name := p.plain(called(c.Name))
		begin := name[:len(terminal.Head(name, 3))] // what is left of a long name where there is no room
		if !strings.Contains(text, begin) || r.options.Width >= 120 && widthOf(name) <= mostName && !strings.Contains(text, name) {
			t.Errorf("text has no codec %q:\n%s", name, text)
		}
	}
}

// Names of wide characters keep the columns where they are.
func TestWideNames(t *testing.T) {
	f := invented()
	for i := range f.Samples {
		if f.Samples[i].Cell.Codec == "json" {
			f.Samples[i].Cell.Codec = "編解碼器"
		}
	}
	r, err := New(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	sheets, _ := r.Tables[0].costs(r.Tables[0].Rows).sheets(&page{width: 80}, levelAllocs)
	column := 0
	for i, l := range sheets[0].lines(&page{}) {
		if i < 2 {
			continue // the head
		}
		number := strings.Fields(l)[2]
		if number == "*" {
			number = strings.Fields(l)[3]
		}
		end := widthOf(l[:strings.Index(l, number)]) + len(number)
		if column == 0 {
			column = end
		}
		if end != column {
			t.Errorf("B/record ends at %d, want %d: %s", end, column, fmt.Sprintf("%q", l))
		}
	}
}
