package main

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// beWiregate makes the test binary be the program.
const beWiregate = "BE_WIREGATE"

func TestMain(m *testing.M) {
	if os.Getenv(beWiregate) != "" {
		main()
	}
	os.Exit(m.Run())
}

// A stranger is a module in a git repository of its own, which may not be written to, and a temporary directory.
type stranger struct {
	*testing.T
	dir, tmp string
}

func newStranger(t *testing.T) stranger {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil || testing.Short() {
		t.Skip("links test binaries, and needs git")
	}
	s := stranger{t, t.TempDir(), t.TempDir()}
	if err := os.CopyFS(s.dir, os.DirFS("../../harness/gate/trial/testdata/sample")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"init", "-q", "-b", "main"}, {"add", "-A"}, {"-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-q", "-m", "base"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = s.dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	if err := os.WriteFile(filepath.Join(s.dir, "README.md"), []byte("A module of another kind.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	s.modes(0o222, 0)
	t.Cleanup(func() { s.modes(0, 0o200) })
	return s
}

// modes takes bits from the mode of everything in the repository and gives others.
func (s stranger) modes(take, give fs.FileMode) {
	filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if info, err := d.Info(); err == nil {
			os.Chmod(path, info.Mode().Perm()&^take|give)
		}
		return nil
	})
}

// state is every file and folder of the repository, git's too, with when it was written: what is made there and removed again
// leaves a mark. Root may write where nobody else can, and this tells all the same.
func (s stranger) state() map[string]string {
	s.Helper()
	state := map[string]string{}
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil {
			state[path] = fmt.Sprint(info.ModTime().UnixNano(), info.Size(), info.Mode())
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return state
}

// gate returns the command, run by another if that is given.
func (s stranger) gate(by ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		s.Fatal(err)
	}
	args := append(by, self, "gate", "--base", "main", "./...")
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), beWiregate+"=1", "TMPDIR="+s.tmp)
	return cmd
}

// untouched fails if anything in the repository was written, or is left in the temporary directory.
func (s stranger) untouched(before map[string]string) {
	s.Helper()
	if diff := cmp.Diff(before, s.state()); diff != "" {
		s.Errorf("the repository was written to (-before +after):\n%s", diff)
	}
	if left, err := os.ReadDir(s.tmp); err != nil || len(left) > 0 {
		s.Errorf("left in the temporary directory: %v, %v", left, err)
	}
}

// A dirty, read-only working copy is judged and stays as it is.
func TestReadOnly(t *testing.T) {
	s := newStranger(t)
	before := s.state()
	out, err := s.gate().Output()
	if err != nil || !strings.HasPrefix(string(out), "gate: ok: same code: ") {
		t.Errorf("got %v and %s, want same code", err, out)
	}
	s.untouched(before)
}

// A machine of one core is judged on, and told.
func TestOneCore(t *testing.T) {
	if _, err := exec.LookPath("taskset"); err != nil {
		t.Skip("needs taskset")
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip("needs /proc")
	}
	core := regexp.MustCompile(`Cpus_allowed_list:\s*(\d+)`).FindSubmatch(status)
	if core == nil {
		t.Skip("no list of cores")
	}
	s := newStranger(t)
	out, err := s.gate("taskset", "-c", string(core[1])).Output()
	if err != nil || !strings.Contains(string(out), "\nthis machine has one core, which the gate shares with what it measures: it tells less\n") {
		t.Errorf("got %v and %s, want a note on the one core", err, out)
	}
}

// Ctrl-C in the midst of a build ends with 130, and leaves nothing.
func TestInterrupted(t *testing.T) {
	s := newStranger(t)
	before := s.state()
	cmd := s.gate()
	l := &listener{word: "building", then: func() { cmd.Process.Signal(os.Interrupt) }}
	cmd.Stderr = l
	if err := cmd.Run(); cmd.ProcessState.ExitCode() != 130 || !strings.HasSuffix(l.heard.String(), "\nwiregate: interrupted\n") {
		t.Errorf("got %v and %q, want status 130 and one line", err, l.heard.String())
	}
	s.untouched(before)
}

// A listener calls then when it has read a word.
type listener struct {
	heard strings.Builder
	word  string
	then  func()
}

func (l *listener) Write(p []byte) (int, error) {
	l.heard.Write(p)
	if l.then != nil && strings.Contains(l.heard.String(), l.word) {
		l.then()
		l.then = nil
	}
	return len(p), nil
}
