package build

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// run runs git in a directory.
func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "protocol.file.allow=always"}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// repository has three commits; its module is in a folder.
func repository(t *testing.T) (dir string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("needs git")
	}
	dir = t.TempDir()
	run(t, dir, "init", "-q", "-b", "main")
	for _, text := range []string{"one", "two", "three"} {
		write(t, filepath.Join(dir, "sub", "go.mod"), "module example.com/m\n// "+text+"\n")
		run(t, dir, "add", "-A")
		run(t, dir, "commit", "-q", "-m", text)
	}
	return dir
}

func TestBase(t *testing.T) {
	dir := repository(t)
	run(t, dir, "checkout", "-q", "-b", "change", "HEAD~1")
	run(t, dir, "commit", "-q", "--allow-empty", "-m", "change")
	run(t, dir, "checkout", "-q", "--orphan", "other")
	run(t, dir, "commit", "-q", "-m", "other")
	run(t, dir, "checkout", "-q", "change")
	r, err := Open(t.Context(), filepath.Join(dir, "sub"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.Base(t.Context(), "main")
	if want := run(t, dir, "rev-parse", "main~1"); err != nil || got != want {
		t.Errorf("base is %s, %v, want the merge base %s", got, err, want)
	}
	for rev, want := range map[string]string{
		"nowhere": "--base nowhere: no such revision here: git fetch origin, or name another",
		"other":   "--base other: it has no commit in common with HEAD: ",
		"--exec":  "--base --exec: not a revision",
	} {
		if _, err := r.Base(t.Context(), rev); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q", rev, err, want)
		}
	}
	if _, err := Open(t.Context(), t.TempDir()); err == nil || !strings.HasPrefix(err.Error(), "--base needs a git repository: ") {
		t.Errorf("no repository: got error %v", err)
	}
}

// The base comes out of a repository that nobody may write to, and the dirty tree stays as it is.
func TestCheckOut(t *testing.T) {
	dir := repository(t)
	write(t, filepath.Join(dir, "sub", "go.mod"), "dirty")
	base := run(t, dir, "rev-parse", "HEAD~2")
	readOnly(t, dir)
	r, err := Open(t.Context(), filepath.Join(dir, "sub"))
	if err != nil {
		t.Fatal(err)
	}
	module, err := r.CheckOut(t.Context(), base, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(module, "go.mod"))
	if err != nil || !strings.Contains(string(text), "// one") {
		t.Errorf("the base has %q, %v, want the first commit", text, err)
	}
	if got := run(t, dir, "status", "--porcelain"); got != "M sub/go.mod" {
		t.Errorf("the working tree is %q", got)
	}
	if got := run(t, dir, "worktree", "list"); strings.Contains(got, "\n") {
		t.Errorf("a worktree is left: %s", got)
	}
}

// readOnly takes the right to write from all of a directory until the end of the test.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	chmod := func(mode string) {
		if out, err := exec.Command("chmod", "-R", mode, dir).CombinedOutput(); err != nil {
			t.Fatalf("chmod: %v: %s", err, out)
		}
	}
	chmod("a-w")
	t.Cleanup(func() { chmod("u+w") })
}

// A shallow clone has the base or says how to get it.
func TestShallow(t *testing.T) {
	dir, clone := repository(t), filepath.Join(t.TempDir(), "clone")
	run(t, ".", "clone", "-q", "--depth", "1", "file://"+dir, clone)
	r, err := Open(t.Context(), filepath.Join(clone, "sub"))
	if err != nil {
		t.Fatal(err)
	}
	base, err := r.Base(t.Context(), "origin/main")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.CheckOut(t.Context(), base, t.TempDir()); err != nil {
		t.Error(err)
	}
	if _, err := r.Base(t.Context(), "HEAD~1"); err == nil || !strings.Contains(err.Error(), "this is a shallow clone: git fetch --unshallow") {
		t.Errorf("got error %v, want how to get the commit", err)
	}
}

func TestSameData(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	for _, dir := range []string{a, b} {
		write(t, filepath.Join(dir, "x", "testdata", "in.txt"), "1")
	}
	write(t, filepath.Join(b, "README.md"), "other")
	if same, err := SameData(a, b); err != nil || !same {
		t.Errorf("equal data: got %v, %v", same, err)
	}
	write(t, filepath.Join(b, "x", "testdata", "in.txt"), "2")
	if same, err := SameData(a, b); err != nil || same {
		t.Errorf("other data: got %v, %v", same, err)
	}
}

func TestSameNoProgram(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x")
	write(t, file, strings.Repeat("no program ", 20))
	if same, err := Same(file, file); err != nil || same {
		t.Errorf("got %v, %v, want different", same, err)
	}
}

// Files that are cut off or say nonsense are no programs, and no reason to fall over.
func FuzzSections(f *testing.F) {
	self, err := os.Executable()
	if err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(self)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text[:min(len(text), 1000)])
	f.Add([]byte(elfMagic + strings.Repeat("\xff", 200)))
	f.Add([]byte(elfMagic + strings.Repeat("\x00", 200)))
	f.Fuzz(func(t *testing.T, file []byte) { sectionsOf(file) })
}

// This test is the same program as itself, and another than one with another byte of data.
func TestSameProgram(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	data := sectionsOf(text)[".rodata"].bytes
	if data == nil {
		t.Skip("no ELF file")
	}
	if same, err := Same(self, self); err != nil || !same {
		t.Errorf("itself: got %v, %v", same, err)
	}
	data[len(data)/2] ^= 1 // which is part of text
	other := filepath.Join(t.TempDir(), "other")
	write(t, other, string(text))
	if same, err := Same(self, other); err != nil || same {
		t.Errorf("another byte: got %v, %v", same, err)
	}
}
