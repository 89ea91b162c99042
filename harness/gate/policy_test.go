package gate

import (
	"strings"
	"testing"

	"github.com/wirecost/wirecost/harness/results"
)

const policyText = `# unit       fail  warn  filter (benchproc)
B/set        0     0     *
cpu-ns/op    2%    1%    *
cpu-ns/op    5%    2%    /op:move   # shuffles scatter
allocs/op	2	1	(.name:A OR pkg:example.com/b)
Ir/op        -     2%    *

accept B/set /codec:avro  the new field "region", 6 B a record
accept B/set (/codec:json AND /op:encode)  longer names
`

func bid(codec, op string) results.Cell {
	return results.Cell{Schema: "nexmark.Bid", Codec: codec, Runtime: "go", Op: op, Procs: 1}
}

func TestPolicy(t *testing.T) {
	p, err := ParsePolicy(strings.NewReader(policyText), PolicyFile)
	if err != nil {
		t.Fatal(err)
	}
	move := results.Cell{Schema: "nexmark.Bid", Codec: "avro", Runtime: "go", Op: "move", Exchange: "local", Keybys: 1, Procs: 1}
	for _, tt := range []struct {
		pkg, unit  string
		cell       results.Cell
		fail, warn string
		judged     bool
	}{
		{"", results.UnitCPU, bid("avro", "encode"), "2%", "1%", true},
		{"", results.UnitCPU, move, "5%", "2%", true},
		{"", results.UnitInstr, move, "-", "2%", true},
		{"", results.UnitAllocs, bid("avro", "encode"), "0", "0", true},
		{"", results.UnitAllocs, results.Cell{Foreign: "BenchmarkA/x=1"}, "2", "1", true},
		{"example.com/b", results.UnitAllocs, results.Cell{Foreign: "BenchmarkB"}, "2", "1", true},
		{"", results.UnitBytes, results.Cell{Foreign: "BenchmarkB"}, "-", "1%", true},
		{"", results.UnitBytes, bid("avro", "encode"), "0", "0", true},
		{"", "widgets/op", bid("avro", "encode"), "-", "-", false},
	} {
		r, judged := p.rule(tt.pkg, tt.cell, tt.unit)
		if r.Fail.String() != tt.fail || r.Warn.String() != tt.warn || judged != tt.judged {
			t.Errorf("%s of %s %s: got %v, %v, %v, want %s, %s, %v", tt.unit, tt.pkg, tt.cell, r.Fail, r.Warn, judged, tt.fail, tt.warn, tt.judged)
		}
	}
	for _, tt := range []struct {
		cell   results.Cell
		unit   string
		reason string
	}{
		{bid("avro", "decode"), results.UnitSet, `the new field "region", 6 B a record`},
		{bid("json", "encode"), results.UnitSet, "longer names"},
		{bid("json", "decode"), results.UnitSet, ""},
		{bid("avro", "decode"), results.UnitAllocs, ""},
	} {
		if got, ok := p.accepted("", tt.cell, tt.unit); got != tt.reason || ok != (tt.reason != "") {
			t.Errorf("%s of %s: accepted for %q, want %q", tt.unit, tt.cell, got, tt.reason)
		}
	}
}

func TestPolicyErrors(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"B/set 0 0", `p:1: "B/set 0 0": want UNIT FAIL WARN FILTER`},
		{"\nB/set 1% 0 *", `p:2: B/set: amount "1%": it is exact`},
		{"cpu-ns/op 2 1 *", `p:1: cpu-ns/op: amount "2": it is an estimate`},
		{"B/set x 0 *", `p:1: B/set: amount "x"`},
		{"B/set -1 0 *", `p:1: B/set: amount "-1"`},
		{"cpu-ns/op NaN% 1% *", `p:1: cpu-ns/op: amount "NaN%"`},
		{"B/set 0 0 (", `p:1: filter "(": `},
		{"accept B/set /codec:avro", "p:1: accept B/set /codec:avro: want UNIT FILTER REASON"},
	} {
		if _, err := ParsePolicy(strings.NewReader(tt.in), "p"); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%q: got error %v, want %q", tt.in, err, tt.want)
		}
	}
}

// The template is what holds without a policy, but for codec cells of ours, whose B/op is exact.
func TestTemplate(t *testing.T) {
	p, err := ParsePolicy(strings.NewReader(Template), PolicyFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range []string{results.UnitSet, results.UnitAllocs, results.UnitBytes, results.UnitInstr, results.UnitCPU} {
		cell := results.Cell{Foreign: "BenchmarkA"}
		got, _ := p.rule("", cell, unit)
		want, _ := defaultRule(unit, cell)
		if got.Fail != want.Fail || got.Warn != want.Warn {
			t.Errorf("%s: the template has %v %v, the default is %v %v", unit, got.Fail, got.Warn, want.Fail, want.Warn)
		}
	}
}

func FuzzPolicy(f *testing.F) {
	f.Add(policyText)
	f.Add(Template)
	f.Add("accept x ((/a:b) reason")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePolicy(strings.NewReader(text), "fuzz")
		if err == nil {
			p.rule("a", bid("avro", "encode"), results.UnitSet)
			p.accepted("a", bid("avro", "encode"), results.UnitSet)
		}
	})
}
