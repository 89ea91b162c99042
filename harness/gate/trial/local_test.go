package trial

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/wirecost/wirecost/harness/gate"
)

// A repo is a copy of testdata/sample in a git repository of its own.
type repo struct {
	*testing.T
	dir string
}

func newRepo(t *testing.T) repo {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	t.Setenv("TMPDIR", t.TempDir()) // where a Local keeps what it must remove
	r := repo{t, t.TempDir()}
	if err := os.CopyFS(r.dir, os.DirFS("testdata/sample")); err != nil {
		t.Fatal(err)
	}
	r.git("init", "-q", "-b", "main")
	r.commit("base")
	return r
}

func (r repo) git(args ...string) string {
	r.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com"}, args...)...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r repo) commit(message string) {
	r.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", message)
}

// edit replaces text in a file of the working tree.
func (r repo) edit(name, old, new string) {
	r.Helper()
	path := filepath.Join(r.dir, name)
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), old) {
		r.Fatalf("%s has no %q: %v", name, old, err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), old, new, 1)), 0o644); err != nil {
		r.Fatal(err)
	}
}

// gate tries the working tree against HEAD, without time: no test may hang on the machine.
func (r repo) gate(ctx context.Context, bench string) (*gate.Verdict, error) {
	r.Helper()
	l, err := OpenLocal(ctx, r.dir, "HEAD", nil)
	if err != nil {
		return nil, err
	}
	defer l.Close()
	tr := &Trial{
		Config: Config{Subjects: l.Subjects, Bench: bench, NoTime: "not in a test", NoInstructions: "not in a test"},
		Lab:    l, Judge: gate.NewJudge(nil), Wall: func() time.Duration { return 0 }, Say: func(string, ...any) {},
	}
	return tr.Run(ctx)
}

// left fails if anything is left of a trial, in the repository or beside it.
func (r repo) left(status string) {
	r.Helper()
	if got := r.git("status", "--porcelain", "--ignored"); got != status {
		r.Errorf("the repository has\n%s\nwant\n%s", got, status)
	}
	if got := r.git("worktree", "list", "--porcelain"); strings.Count(got, "worktree ") != 1 {
		r.Errorf("a worktree is left: %s", got)
	}
	files, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(files) > 0 {
		r.Errorf("left in the temporary directory: %v, %v", files, err)
	}
}

// What changes nothing is not run, what changes something is.
func TestSelf(t *testing.T) {
	if testing.Short() {
		t.Skip("links test binaries")
	}
	for _, tt := range []struct {
		name           string
		file, old, new string
		same           bool
		want           map[string]gate.Outcome
		exit           int
	}{
		{name: "a comment and the README", file: "sample.go", old: "// Mix is", new: "// Mix of numbers\n// is", same: true},
		{name: "a constant", file: "sample.go", old: "rounds = 100", new: "rounds = 101", exit: 4, want: map[string]gate.Outcome{}},
		{name: "testdata", file: "testdata/words.txt", old: "delta", new: "delta omega", exit: 4, want: map[string]gate.Outcome{}},
		{name: "one byte and one allocation", file: "sample.go", old: "byte(len(name)))", new: "byte(len(name)), 0)\n\tsink = new(int)", exit: 2,
			want: map[string]gate.Outcome{
				"BenchmarkEncode/name=short B/set": gate.Regression, "BenchmarkEncode/name=short allocs/op": gate.Regression,
				"BenchmarkEncode/name=short B/op": gate.Warning,
			}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRepo(t)
			r.edit("README.md", "A module", "A small module")
			if tt.old != "" {
				r.edit(tt.file, tt.old, tt.new)
			}
			if strings.Contains(tt.new, "sink") {
				r.edit("sample.go", "const rounds", "var sink *int\n\nconst rounds")
			}
			before := r.git("status", "--porcelain", "--ignored")
			v, err := r.gate(t.Context(), "Encode/name=short|Tally")
			if err != nil {
				t.Fatal(err)
			}
			if v.SameCode != tt.same || v.Exit != tt.exit {
				t.Errorf("same code %v, exit %d, want %v and %d", v.SameCode, v.Exit, tt.same, tt.exit)
			}
			if diff := cmp.Diff(tt.want, outcomes(v)); !tt.same && diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
			r.left(before)
		})
	}
}

// What goes wrong is said, and leaves nothing.
func TestSelfErrors(t *testing.T) {
	if testing.Short() {
		t.Skip("links test binaries")
	}
	for _, tt := range []struct {
		name string
		edit func(repo)
		want string
	}{
		{"a base that does not compile", func(r repo) {
			r.edit("sample.go", "return x", "return y")
			r.commit("broken")
			r.edit("sample.go", "return y", "return x")
		}, "base: example.com/sample does not build: "},
		{"a head that panics", func(r repo) { r.edit("sample.go", "m := map", "panic(\"lost\")\n\tm := map") }, "head: example.com/sample: exit status 2: panic: lost"},
		{"a head that fails", func(r repo) { r.edit("sample_test.go", "words.txt", "nowhere.txt") }, "head: example.com/sample: exit status 1: --- FAIL: BenchmarkTally"},
		{"no benchmarks", func(r repo) { os.Remove(filepath.Join(r.dir, "sample_test.go")) }, "nothing to compare: no package with benchmarks is on both sides"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRepo(t)
			tt.edit(r)
			before := r.git("status", "--porcelain", "--ignored")
			if _, err := r.gate(t.Context(), "Tally"); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got error %v, want %q", err, tt.want)
			}
			r.left(before)
		})
	}
}

// An interrupt in the midst of a build leaves nothing.
func TestInterrupt(t *testing.T) {
	r := newRepo(t)
	l, err := OpenLocal(t.Context(), r.dir, "HEAD", nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Link(ctx, Base, "example.com/sample", 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
	l.Close()
	if _, err := OpenLocal(ctx, r.dir, "HEAD", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want %v", err, context.Canceled)
	}
	r.left("")
}

// Packages are found by their source, and those that use RunParallel are known.
func TestSubjects(t *testing.T) {
	r := newRepo(t)
	if err := os.CopyFS(filepath.Join(r.dir, "more"), os.DirFS("testdata/sample")); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(r.dir, "more", "go.mod"))
	l, err := OpenLocal(t.Context(), r.dir, "main", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if len(l.Subjects) != 1 || !l.Subjects[0].Parallel["BenchmarkParallel"] || l.Subjects[0].Parallel["BenchmarkMix"] {
		t.Errorf("got %+v, want one package with one parallel benchmark", l.Subjects)
	}
	if want := []string{"only in the head: benchmarks of example.com/sample/more"}; !slices.Equal(l.Warnings, want) {
		t.Errorf("got warnings %q, want %q", l.Warnings, want)
	}
}
