package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/jvm"
)

// An example is a command of a document and what the document says it prints, or, before a line "…", how that begins.
type example struct{ command, output string }

// examples returns the commands of the console blocks of a Markdown text, and the files that its other blocks name
// behind their language.
func examples(text string) (commands []example, files map[string]string) {
	files = map[string]string{}
	for _, m := range regexp.MustCompile("(?ms)^```(\\w+) ?([\\w.]*)\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		switch kind, name, body := m[1], m[2], m[3]; {
		case name != "":
			files[name] = body
		case kind == "console":
			for _, part := range strings.Split("\n"+body, "\n$ ")[1:] {
				command, output, _ := strings.Cut(part, "\n")
				command, _, _ = strings.Cut(command, " #")
				commands = append(commands, example{strings.TrimSpace(command), strings.TrimRight(output, "\n")})
			}
		}
	}
	return commands, files
}

// TestReadme runs every command of the README in one directory, as its reader would. What measures runs one round, and
// its output is compared by shape.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > 150 {
		t.Errorf("README.md has %d lines, more than a stranger reads", n)
	}
	commands, files := examples(string(text))
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if len(commands) < 5 || len(files) == 0 {
		t.Fatalf("%d commands and %d files: the README has more, or is written otherwise", len(commands), len(files))
	}
	for _, x := range commands {
		below := slices.ContainsFunc(commands, func(y example) bool { return y.command == x.command && y.output != "" })
		if x.command == "go test ./..." || x.output == "" && below { // this is the one, and the other runs with its output
			continue
		}
		t.Run(x.command, func(t *testing.T) {
			if released.MatchString(x.command) {
				if _, missing := jvm.Look(t.Context()); missing != "" {
					t.Skip("NOT TESTED against the released Flink: " + missing)
				}
			}
			x.run(t, dir)
		})
	}
}

// TestReadmeResults runs the sentence of the README that stands in no block: results of a run go to benchstat.
func TestReadmeResults(t *testing.T) {
	const run, pivot = "run --out results.txt", "go tool benchstat -col '/codec@(avro json)' -filter '.unit:cpu-sec/op /op:decode' results.txt"
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{run, pivot} {
		if !strings.Contains(string(text), "`"+command+"`") {
			t.Errorf("the README does not say %q", command)
		}
	}
	out := filepath.Join(t.TempDir(), "results.txt")
	shell := func(command string) string {
		got, err := exec.CommandContext(t.Context(), "sh", "-c", strings.ReplaceAll(command, "results.txt", out)).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", command, err, got)
		}
		return string(got)
	}
	shell("wirecost " + run + " --rounds 1 --codec avro,json --ops decode")
	if got := shell(pivot); !regexp.MustCompile(`│ +avro +│ +json +│`).MatchString(got) {
		t.Errorf("%s has no columns avro and json:\n%s", pivot, got)
	}
}

// released commands are about the released Flink: .ci/run has built its worker when it runs them.
var released = regexp.MustCompile(`wirecost flink |--runtime [a-z0-9,]*flink`)

var measures = regexp.MustCompile(`wirecost run|go .*test`)

func (x example) run(t *testing.T, dir string) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	measured := measures.MatchString(x.command)
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.NewReplacer(
		"go run ./cmd/wirecost run", "wirecost run --rounds 1",
		"go run ./cmd/wirecost", "wirecost",
		"go test", "go -C "+root+" test -benchtime 1x",
		"go tool", "go -C "+root+" tool",
	).Replace(x.command))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if x.output == "" {
		return
	}
	got := strings.TrimRight(busy.ReplaceAllString(string(out), ""), "\n")
	want, begins := strings.CutSuffix(x.output, "\n…")
	if !measured && got != want {
		t.Errorf("got\n%s\nREADME says\n%s", got, want)
	}
	gotShape, wantShape := shape(got), shape(want)
	if begins {
		gotShape = slices.DeleteFunc(gotShape, func(l string) bool { return !slices.Contains(wantShape, l) })
	}
	if diff := cmp.Diff(wantShape, gotShape); measured && diff != "" {
		t.Errorf("-README +got:\n%s", diff)
	}
}

var (
	word = regexp.MustCompile(`[A-Za-z][\w./=-]*`)
	// varying are words that depend on figures: units, ranks, signs of ties, names of the dearest and the cheapest.
	varying = regexp.MustCompile(`^(p=.*|rank|ns|ms|s|m[0-9]+s|B|Ki|n|p|rounds?|to|avro|json|msgpack|protobuf)$`)
	// precise lines exist only with some figures.
	precise = regexp.MustCompile(`^[¹²]|need >= |^cpu: `)
	// judging paragraphs say who wins, and what signs mean; with fewer than six rounds nobody does.
	judging = regexp.MustCompile(`^(Bytes|CPU|rank|floor|B/record)  +[a-z0-9]+ `)
	// busy is what a run says that has no core of its own, as beside other tests that measure.
	busy = regexp.MustCompile(`(?s)WARNING: another run of wirecost.*?\n\n`)
	// linear sentences are about single codecs.
	linear = regexp.MustCompile(`(?s)\n[a-z-]+( \(time of Go\))? is not linear.*`)
)

// shape returns the lines of tables and the paragraphs of prose without figures, and without what depends on them: the order of
// rows, too.
func shape(text string) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n\n") {
		switch {
		case judging.MatchString(paragraph) && !strings.Contains(paragraph, "encode, "):
		case strings.Contains(paragraph, "encode, ") || strings.Contains(paragraph, "│"):
			lines = append(lines, strings.Split(paragraph, "\n")...)
		default:
			lines = append(lines, linear.ReplaceAllString(paragraph, ""))
		}
	}
	lines = slices.DeleteFunc(lines, precise.MatchString)
	for i, l := range lines {
		lines[i] = strings.Join(slices.DeleteFunc(word.FindAllString(l, -1), varying.MatchString), " ")
	}
	lines = slices.DeleteFunc(lines, func(l string) bool { return l == "" })
	slices.Sort(lines)
	return lines
}
