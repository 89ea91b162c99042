package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
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
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":    status2,
			"pipe":      pipeClosed,
			"oneline":   oneLine,
			"interrupt": interrupted,
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

// interrupted is the script command "interrupt wirecost …": it runs a program whose standard input never ends, interrupts
// it as Ctrl-C does once the program has read the file stdin, and wants status 130 and one line of error. What it has
// printed is in the file printed.
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
	for _, line := range strings.SplitAfter(ts.ReadFile("stdin"), "\n") {
		_, err := io.WriteString(in, line)
		ts.Check(err)
	}
	time.Sleep(200 * time.Millisecond) // until it waits for more
	ts.Check(cmd.Process.Signal(os.Interrupt))
	ended := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
	defer ended.Stop()
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != 130 || stderr.String() != "wirecost: interrupted\n" {
		ts.Fatalf("interrupted: exit status %d, want 130; stderr %q", got, &stderr)
	}
	ts.Check(os.WriteFile(ts.MkAbs("printed"), stdout.Bytes(), 0o644))
}
