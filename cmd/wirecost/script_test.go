package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"wirecost": main})
}

// TestScript runs testdata/*.txtar: one behaviour a file. UPDATE=1 rewrites the expected output in them.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		UpdateScripts:       os.Getenv("UPDATE") != "",
		RequireExplicitExec: false,
		Setup: func(env *testscript.Env) error { // files that other writers have written
			containers, err := filepath.Abs("../../records/sample/testdata/containers")
			env.Setenv("CONTAINERS", containers)
			return err
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    status2,
			"pipe":      pipeClosed,
			"oneline":   oneLine,
			"interrupt": interrupted,
			"unpack":    unpack,
		},
	})
}

// status2 is the script command "status 2 wirecost …": it runs a program and checks its exit status.
func status2(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got, exit := 0, (*exec.ExitError)(nil)
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// pipeClosed is the script command "pipe wirecost …": it runs a program whose standard output is closed after the first
// bytes, as head does, and which must end quietly, with status 0.
func pipeClosed(ts *testscript.TestScript, _ bool, args []string) {
	path, err := exec.LookPath(args[0])
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.Getenv("WORK")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	out.Read(make([]byte, 10))
	out.Close()
	if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
		ts.Fatalf("a closed pipe: %v, stderr %q", err, &stderr)
	}
}

// oneLine is the script command "oneline FILE": the file, stderr as a rule, must be one line that begins with wirecost:.
func oneLine(ts *testscript.TestScript, _ bool, args []string) {
	text := ts.ReadFile(args[0])
	if strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "wirecost: ") {
		ts.Fatalf("%s is not one line that begins with wirecost: %q", args[0], text)
	}
}

// unpack is the script command "unpack NAME…": it makes NAME.jsonl of each sample that another program made.
func unpack(ts *testscript.TestScript, _ bool, names []string) {
	for _, name := range names {
		packed, err := os.Open("../../harness/fidelity/testdata/samples/" + name + ".jsonl.gz")
		ts.Check(err)
		z, err := gzip.NewReader(packed)
		ts.Check(err)
		text, err := io.ReadAll(z)
		ts.Check(errors.Join(err, packed.Close(), os.WriteFile(ts.MkAbs(name+".jsonl"), text, 0o644)))
	}
}

// morePiped is more than a pipe holds: when a program has been given so much, it has read some of it.
const morePiped = 1 << 18

// interrupted is the script command "interrupt wirecost …": it runs a program whose standard input, the file stdin over and
// over, never ends, and interrupts it as Ctrl-C does. It wants status 130, one line of error, and on standard output what the
// program has made of the lines it came to: the file made over and over, up to some line.
func interrupted(ts *testscript.TestScript, _ bool, args []string) {
	path, err := exec.LookPath(args[0])
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.Getenv("WORK")
	in, err := cmd.StdinPipe()
	ts.Check(err)
	defer in.Close()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	ts.Check(cmd.Start())
	lines, want := ts.ReadFile("stdin"), ts.ReadFile("made")
	times := morePiped/len(lines) + 1
	_, err = io.WriteString(in, strings.Repeat(lines, times))
	ts.Check(err)
	ts.Check(cmd.Process.Signal(os.Interrupt))
	ended := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
	defer ended.Stop()
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != 130 || stderr.String() != "wirecost: interrupted\n" {
		ts.Fatalf("interrupted: exit status %d, want 130; stderr %q", got, &stderr)
	}
	if got := stdout.String(); !strings.HasSuffix(got, "\n") || !strings.HasPrefix(strings.Repeat(want, times), got) {
		ts.Fatalf("interrupted: printed %d bytes that end with %q, want lines of %q", len(got), got[max(0, len(got)-20):], want)
	}
}
