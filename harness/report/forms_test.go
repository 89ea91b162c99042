package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/harness/results"
)

// text returns a report as text, with each run of spaces and line ends as one space, too.
func text(t *testing.T, f *results.File, o Options) (raw, flat string) {
	t.Helper()
	r, err := New(f, o)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.Text(&out); err != nil {
		t.Fatal(err)
	}
	return out.String(), strings.Join(strings.Fields(out.String()), " ")
}

// Colours are there if the caller says so, and take nothing away: without them the text is the same.
func TestColor(t *testing.T) {
	plain, _ := text(t, invented(), Options{})
	colored, _ := text(t, invented(), Options{Color: true})
	sgr := regexp.MustCompile("\x1b\\[[0-9]+m")
	if sgr.MatchString(plain) {
		t.Errorf("colours that nobody asked for:\n%q", plain)
	}
	for _, want := range []string{"\x1b[32mavro ", "\x1b[32mprotobuf *\x1b[0m", "\x1b[31mjson *", "\x1b[32m100.0\x1b[0m", "\x1b[31m300.0\x1b[0m"} {
		if !strings.Contains(colored, want) {
			t.Errorf("no %q in\n%q", want, colored)
		}
	}
	if got := sgr.ReplaceAllString(colored, ""); got != plain {
		t.Errorf("got\n%s\nwithout colours, want\n%s", got, plain)
	}
}

func TestASCII(t *testing.T) {
	f := invented()
	f.Header.CPU = "größe"
	got, flat := text(t, f, Options{ASCII: true, Width: 100})
	if i := strings.IndexFunc(got, func(r rune) bool { return r > 0x7e }); i >= 0 {
		t.Errorf("not ASCII from %q on", got[i:])
	}
	for _, want := range []string{"x avro", "127 #", "gr\\u00f6\\u00dfe", "+-1."} {
		if !strings.Contains(flat, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// A wide text has every column, and lines as long as they need.
func TestWide(t *testing.T) {
	got, _ := text(t, invented(), Options{Wide: true, Width: 80})
	head := regexp.MustCompile(`(?m)^rank +codec +B/record +× avro +encode, ns +× avro +± +allocs +B +decode, ns +× avro +± +allocs +B +keyBy, ns$`)
	if !head.MatchString(got) || !strings.Contains(got, "transport, ns") {
		t.Errorf("columns are missing in\n%s", got)
	}
}

// What names and reasons of a file may hold is escaped and bounded, in each form.
func TestUpsetting(t *testing.T) {
	f := invented()
	f.Failures[0].Reason = "\x1b]0;x\x07 <script> " + strings.Repeat("long ", 1000)
	f.Facts.Keys[0].Paths = "a|b\u202e"
	for i := range f.Samples {
		if f.Samples[i].Cell.Codec == "protobuf" {
			f.Samples[i].Cell.Codec = "*|<b>" + strings.Repeat("p", 100)
		}
	}
	got, flat := text(t, f, Options{})
	for _, want := range []string{`\u001b]0;x\u0007 <script> long`, `key a|b\u202e,`, "*|<b>pppp"} {
		if !strings.Contains(flat, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.ContainsAny(got, "\x1b\x07\u202e") || strings.Contains(got, strings.Repeat("p", 40)) || len(got) > 8000 {
		t.Errorf("%d bytes:\n%q", len(got), got)
	}
	r, err := New(f, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var md, object bytes.Buffer
	if err := r.Markdown(&md); err != nil {
		t.Fatal(err)
	}
	if err := r.JSON(&object); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`\u001b]0;x\u0007 &lt;script>`, `| \*\|&lt;b>ppp`, `key a\|b\u202e,`} {
		if !strings.Contains(md.String(), want) {
			t.Errorf("no %q in\n%s", want, &md)
		}
	}
	if got := object.String(); strings.ContainsAny(got, "\x1b\x07\u202e") || !strings.Contains(got, `a|b\u202e`) || !strings.Contains(got, strings.Repeat("p", 100)) {
		t.Errorf("JSON: not whole, or obeyed by a terminal:\n%q", got)
	}
}

// The verdicts name who is cheapest, all that are not told apart from it, and nobody without six rounds.
func TestVerdicts(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(*invention)
		want string
	}{
		{"ties", func(*invention) {}, "bytes avro next protobuf, cpu avro protobuf next json, keyby avro protobuf next json"},
		{"clear", func(v *invention) { v.costs[2].encode = 400 }, "bytes avro next protobuf, cpu avro next protobuf, keyby avro next protobuf"},
		{"bytes tie", func(v *invention) { v.costs[2].size = 100 }, "bytes avro protobuf next pojo, cpu avro protobuf next json, keyby avro protobuf next json"},
		{"Flink is smallest", func(v *invention) { v.costs[4].size = 50 }, "bytes pojo next avro, cpu avro protobuf next json, keyby avro protobuf next json"},
		{"the floor is no choice", func(v *invention) { v.costs[0].size = 1 }, "bytes avro next protobuf, cpu avro protobuf next json, keyby avro protobuf next json"},
		{"few rounds", func(v *invention) { v.rounds = 5 }, "bytes avro next protobuf, cpu, keyby"},
		{"one codec", func(v *invention) { v.costs = v.costs[1:2] }, "bytes avro, cpu, keyby"},
		{"Flink alone", func(v *invention) { v.costs = v.costs[4:] }, "bytes pojo, cpu, keyby"},
		{"the floor alone", func(v *invention) { v.costs = v.costs[:1] }, ""},
		{"no keyBy", func(v *invention) { v.exchanges = nil }, "bytes avro next protobuf, cpu avro protobuf next json"},
	} {
		v := order()
		tt.do(&v)
		r, err := New(v.file(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range r.Tables[0].Verdict {
			s := strings.TrimSpace(v.Of + " " + strings.Join(v.Codecs, " "))
			if v.Next != "" {
				s += " next " + v.Next
			}
			got = append(got, s)
		}
		if s := strings.Join(got, ", "); s != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, s, tt.want)
		}
	}
}

// Codecs that share a rank by the sum of encode and decode, and differ in one of them, are told apart by that.
func TestTies(t *testing.T) {
	v := order()
	v.costs[2].encode, v.costs[2].decode = 180, 120 // of protobuf, where avro has 100 and 200
	_, flat := text(t, v.file(), Options{})
	if want := "protobuf and avro tie by encode + decode; by encode avro is ahead, by decode protobuf is ahead."; !strings.Contains(flat, want) {
		t.Errorf("no %q in\n%s", want, flat)
	}
	if _, flat = text(t, invented(), Options{}); strings.Contains(flat, " tie by ") {
		t.Errorf("codecs that nothing tells apart are told apart in\n%s", flat)
	}
}

// A price that noise has pushed below 0 in a round ties what is near it, and nothing else.
func TestPlaces(t *testing.T) {
	near, also := []float64{10, -1, 12, 11, 9, 10, 30, 10}, []float64{12, 3, 11, 12, 8, 11, 25, 12}
	far := []float64{1000, 1100, 990, 1010, 1020, 980, 1000, 1000}
	var got []string
	for _, p := range places([][]float64{far, near, also}, true) {
		got = append(got, fmt.Sprint(p.Cell, " ", p.Rank, " ", p.Tied))
	}
	if s, want := strings.Join(got, ", "), "1 1 true, 2 1 true, 0 3 false"; s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

// A codec that failed in what ranks are by is said beside them; one that cannot carry the schema is not.
func TestUnranked(t *testing.T) {
	for _, tt := range []struct {
		failures []results.Failure
		want     string
	}{
		{nil, ""},
		{[]results.Failure{failed("gob", "encode", "union", results.NotCarried)}, ""},
		{[]results.Failure{failed("json", "encode", "killed", results.Failed)}, "json has no numbers: ranks are among the others."},
		{[]results.Failure{failed("cbor", "decode", "x", results.Failed), failed("json", "encode", "killed", results.Failed)}, "cbor and json have no numbers: ranks are among the others."},
		{[]results.Failure{failed("pojo", "encode", "killed", results.Failed), failed("json", "convert", "x", results.Failed)}, ""},
	} {
		f := invented()
		f.Failures = tt.failures
		r, err := New(f, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(r.Tables[0].ranking(), " "); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.failures, got, tt.want)
		}
	}
}

// Each kind of row without numbers has a word of its own, and codecs that lack the same for the same reason share a row.
func TestWithout(t *testing.T) {
	table := Table{Missing: []Missing{
		{Codec: "a", What: "encode", Kind: results.NotCarried, Reason: "union"},
		{Codec: "b", What: "decode", Kind: results.Failed, Reason: "killed"},
		{Codec: "c", What: "move", Kind: results.Unmeasured, Reason: "no time"},
		{Codec: "d", What: "encode", Kind: results.NotCarried, Reason: "union"},
	}}
	want := "a, d (encode): not carried: union; b (decode): FAILED: killed; c (move): not measured: no time"
	if got := strings.Join(table.without(), "; "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The times of Flink's formats are those of the runtime that was timed, and are said to be.
func TestTimeOfRuntime(t *testing.T) {
	v := order()
	v.runtimes = []string{"flink2"}
	_, flat := text(t, v.file(), Options{Rate: 1})
	for _, want := range []string{"the times those of runtime flink2.", " pojo flink2 120.0 ", "This is CPU time of flink2; it leaves out pojo."} {
		if !strings.Contains(flat, want) {
			t.Errorf("no %q in\n%s", want, flat)
		}
	}
	if strings.Contains(flat, "this Go implementation") {
		t.Errorf("times of flink2 are said to be Go's:\n%s", flat)
	}
}

// The footer has what the file says of the run, and leaves out what it does not.
func TestFooter(t *testing.T) {
	_, flat := text(t, invented(), Options{})
	for _, want := range []string{
		"machine AMD EPYC, 2 cores, virt kvm, linux/amd64, kernel 6.18.44 ",
		"program wirecost v0.1.0, commit 1a2b3c4d5e6f, go1.26.8, layout fixed ",
		"libraries github.com/hamba/avro/v2 v2.31.0 (avro), google.golang.org/protobuf v1.36.12 (protobuf) ",
		"records shop.Order: 1024 records, 102400 B as Avro, data 3265be685d57, key customer; seed 1 ",
		"noise load 0.98 before and 1.20 after, steal 0.4 % ",
		"resolution avro against itself tells apart ±",
		"evidence " + string(Vectors) + " ",
		"The command: wirecost run --stream shop.Order",
	} {
		if !strings.Contains(flat, want) {
			t.Errorf("no %q in\n%s", want, flat)
		}
	}
	f := invented()
	f.Facts.Class = "com.acme.Order"
	if _, flat = text(t, f, Options{}); !strings.Contains(flat, "evidence class com.acme.Order is yours, ") || strings.Contains(flat, string(Vectors)) {
		t.Errorf("a user's class: got evidence of its bytes in\n%s", flat)
	}
	f.Header, f.Facts, f.Schemas = results.Header{}, results.Facts{}, nil
	_, flat = text(t, f, Options{})
	for _, not := range []string{"machine", "program", "libraries", "records ", "noise", "The command"} {
		if strings.Contains(flat, not) {
			t.Errorf("%q in a report of a file that says nothing of it:\n%s", not, flat)
		}
	}
}
