//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestInterruptedLayouts ends a run that is linking its workers: they are gone with their directory, and with what their
// builds had there.
func TestInterruptedLayouts(t *testing.T) {
	path, err := exec.LookPath("wirecost")
	if err != nil {
		t.Fatal(err)
	}
	takesHangups(t)
	for _, ends := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), path, "run", "--layouts", "2", "--rounds", "1")
		cmd.Env = append(os.Environ(), "TMPDIR="+dir, "GOTMPDIR="+dir)
		var stdout bytes.Buffer
		cmd.Stdout = &stdout
		stderr, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		says := bufio.NewReader(stderr)
		if line, err := says.ReadString('\n'); err != nil || !strings.HasPrefix(line, "wirecost: linking layout 1") {
			t.Fatalf("got %q, %v", line, err)
		}
		if names := entries(t, dir); len(names) != 1 {
			t.Errorf("%v: %q while linking, want one directory", ends, names)
		}
		if err := cmd.Process.Signal(ends); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(says)
		if err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != exitInterrupted || string(rest) != "wirecost: interrupted\n" || stdout.Len() > 0 {
			t.Errorf("%v: exit status %d, want %d; stderr %q, stdout %q", ends, code, exitInterrupted, rest, &stdout)
		}
		if names := entries(t, dir); len(names) > 0 {
			t.Errorf("%v: left %q in the temporary directory", ends, names)
		}
	}
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}
