package main

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"strings"
	"testing"
)

const module = "github.com/wirecost/wirecost/"

// floors is who may import whom, within this module. The first pattern that matches a package counts; * is one element
// of a path. A change here is a decision, and its commit says why.
var floors = []struct{ pkg, may string }{
	{"internal/*", ""},
	{"schemas", ""},
	{"schemas/access", "schemas"},
	{"schemas/streams", "schemas schemas/streams/generated"},
	{"schemas/streams/generated", "schemas schemas/access schemas/streams/generated/pb/*"},
	{"schemas/streams/generated/pb/*", ""},
	{"schemas/*", "schemas schemas/access"},
	{"codegen", "schemas schemas/access schemas/protomap"},
	{"codecs", "schemas schemas/access"},
	{"codecs/all", "schemas codecs codecs/* codecs/flink/*"},
	{"codecs/codectest", "schemas schemas/access schemas/random schemas/streams schemas/streams/generated codecs records"},
	{"codecs/flink/dataio", ""},
	{"codecs/flink/flinktest", "schemas schemas/access codecs"}, // a second reading of the formats, which shares no code with the first
	{"codecs/flink/javatype", "schemas schemas/access codecs/flink/dataio"},
	{"codecs/flink/typeinfo", "schemas codecs/flink/javatype"},
	{"codecs/flink/keygroup", "schemas schemas/access codecs/flink/javatype codecs/flink/dataio"},
	{"codecs/flink/kryo", "schemas schemas/access codecs codecs/flink/dataio codecs/flink/javatype"},
	{"codecs/flink/pojo", "schemas schemas/access codecs codecs/flink/dataio codecs/flink/javatype codecs/flink/typeinfo codecs/flink/kryo"},
	{"codecs/flink/row", "schemas schemas/access codecs codecs/flink/dataio codecs/flink/javatype codecs/flink/kryo"},
	{"codecs/flink/state", "schemas schemas/access codecs/flink/dataio codecs/flink/javatype codecs/flink/typeinfo codecs/flink/keygroup codecs/flink/kryo"},
	{"codecs/flink/avro", "schemas schemas/access codecs codecs/flink/dataio codecs/flink/javatype"},
	{"codecs/flink/rowdata", "schemas schemas/access codecs codecs/flink/dataio codecs/flink/javatype"},
	{"codecs/*", "schemas schemas/access schemas/protomap codecs"},
	{"records", "schemas schemas/access"},
	{"records/guide", "schemas schemas/access records"},
	{"records/infer", ""},
	{"records/learn", "schemas schemas/access records"},
	{"records/sample", "schemas schemas/access"},
	{"harness/results", ""},
	{"harness/stats", "harness/results"},
	{"harness/measure", "harness/results"},
	{"harness/report", "harness/results harness/stats harness/escape"},
	{"harness/comparison", "harness/results harness/stats harness/escape"},
	{"harness/gate", "harness/results harness/stats harness/comparison harness/escape"},
	{"harness/gate/build", ""},
	{"harness/gate/checkup", "harness/stats harness/gate"},
	{"harness/gate/schemacost", "schemas records codecs codecs/flink/javatype harness/results harness/shares harness/explain harness/keyedstate harness/gate"},
	{"harness/gate/trial", "harness/results harness/stats harness/comparison harness/measure harness/gate harness/gate/build"},
	{"harness/escape", ""},
	{"harness/shares", "codecs"},
	{"harness/explain", "schemas records codecs codecs/flink/javatype codecs/flink/typeinfo harness/escape harness/shares"},
	{"harness/fidelity", "schemas records codecs harness/shares"},
	{"harness/keyedstate", "records codecs codecs/flink/javatype codecs/flink/keygroup codecs/flink/state harness/escape"},
	{"harness/statetime", "records codecs codecs/flink/javatype codecs/flink/state harness/results harness/stats harness/keyedstate harness/escape"},
	{"harness/keys", "schemas schemas/access records codecs/flink/javatype codecs/flink/keygroup codecs/flink/state"},
	{"harness/skew", "codecs/flink/keygroup harness/escape harness/keys"},
	{"harness/exchange", "codecs codecs/flink/keygroup"},
	{"harness", "schemas schemas/access records records/sample codecs codecs/flink/keygroup harness/keys harness/exchange harness/measure harness/results"},
	{"harness/jvm", "schemas schemas/access schemas/protomap schemas/random records codecs harness harness/escape harness/measure harness/results harness/statetime interop/flink"},
	{"interop/flink", ""},
	{"bench", "*"},
	{"cmd/wirecost", "*"},
	{"cmd/wiregate", "cmd/internal/checks harness/escape"},
	{"cmd/internal/checks", "harness/results harness/stats harness/measure harness/comparison harness/gate harness/gate/* harness/escape"},
}

// leaves import nothing of ours, and every package may import them.
var leaves = map[string]bool{"internal/near": true, "internal/plural": true, "internal/grid": true, "internal/terminal": true}

// outside is which modules a package may import, where that is narrower than go.mod.
var outside = map[string]string{
	"schemas":              "",
	"schemas/access":       "",
	"harness/results":      "golang.org/x/perf",
	"harness/stats":        "golang.org/x/perf github.com/aclements/go-moremath",
	"harness/comparison":   "",
	"harness/gate":         "golang.org/x/perf",
	"harness/gate/build":   "",
	"harness/gate/trial":   "",
	"harness/measure":      "golang.org/x/sys",
	"harness/report":       "github.com/mattn/go-runewidth",
	"harness/exchange":     "",
	"harness/explain":      "",
	"harness/shares":       "",
	"records":              "",
	"records/infer":        "",
	"records/learn":        "",
	"records/sample":       "github.com/twmb/avro",
	"harness/fidelity":     "",
	"harness/keyedstate":   "",
	"harness/statetime":    "",
	"harness/keys":         "",
	"harness/skew":         "",
	"harness/gate/checkup": "",

	"harness/gate/schemacost": "",
}

// unsafeUsers are the packages that may import unsafe.
var unsafeUsers = map[string]bool{"schemas/access": true}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return pkgs
		}
		if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

func TestFloors(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, imp := range p.Imports {
			if imp == "unsafe" && !unsafeUsers[name] && !strings.HasPrefix(name, "schemas/streams/generated/pb/") {
				t.Errorf("%s may not import unsafe: only schemas/access may", name)
			}
			inner, ours := strings.CutPrefix(imp, module)
			if ours && !mayImport(name, inner) {
				t.Errorf("%s may not import %s", name, inner)
			}
			if !ours && !mayUse(name, imp) {
				t.Errorf("%s may not import %s", name, imp)
			}
		}
	}
}

// A package that breaks a floor is found.
func TestFloorsHold(t *testing.T) {
	for _, tt := range []struct {
		pkg, imp string
		want     bool
	}{
		{"harness/report", "harness/stats", true},
		{"harness/report", "harness/escape", true},
		{"harness/report", "harness/measure", false},
		{"harness/measure", "harness/stats", false},
		{"harness/results", "harness/stats", false},
		{"harness", "harness/report", false},
		{"harness", "codecs/all", false},
		{"harness/exchange", "harness/results", false},
		{"codecs/codectest", "records", true},
		{"codecs/avro", "codecs/json", false},
		{"codecs/flink/pojo", "codecs/flink/kryo", true},
		{"records", "codecs", false},
		{"schemas/streams", "schemas/streams/generated", true},
		{"cmd/wiregate", "codecs", false},
		{"nowhere", "schemas", false},
	} {
		if got := mayImport(tt.pkg, tt.imp); got != tt.want {
			t.Errorf("%s may import %s: got %v, want %v", tt.pkg, tt.imp, got, tt.want)
		}
	}
	for imp, want := range map[string]bool{"golang.org/x/perf/benchfmt": true, "golang.org/x/sys/unix": false, "strings": true} {
		if got := mayUse("harness/results", imp); got != want {
			t.Errorf("harness/results may use %s: got %v, want %v", imp, got, want)
		}
	}
}

func mayImport(name, imp string) bool {
	if leaves[imp] {
		return !leaves[name]
	}
	for _, f := range floors {
		if ok, _ := path.Match(f.pkg, name); !ok {
			continue
		}
		for pattern := range strings.FieldsSeq(f.may) {
			if ok, _ := path.Match(pattern, imp); ok || pattern == "*" {
				return true
			}
		}
		return false
	}
	return false
}

// mayUse reports whether package name may import imp, a package of the standard library or of another module.
func mayUse(name, imp string) bool {
	modules, narrow := outside[name]
	if first, _, _ := strings.Cut(imp, "/"); !narrow || !strings.Contains(first, ".") {
		return true
	}
	for m := range strings.FieldsSeq(modules) {
		if imp == m || strings.HasPrefix(imp, m+"/") {
			return true
		}
	}
	return false
}
