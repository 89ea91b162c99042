package measure

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A worker ends with the run that started it, however that ends.
func TestWorkerEndsWithItsRun(t *testing.T) {
	said := filepath.Join(t.TempDir(), "worker")
	parent := exec.Command(os.Args[0], "parent", said)
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	worker := number(t, said)
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	parent.Wait()
	for end := time.Now().Add(10 * time.Second); ; {
		if err := syscall.Kill(worker, 0); errors.Is(err, syscall.ESRCH) || zombie(worker) {
			return
		}
		if time.Now().After(end) {
			syscall.Kill(worker, syscall.SIGKILL)
			t.Fatalf("process %d outlives the run that started it", worker)
		}
	}
}

// number waits for the line that a worker writes to a file.
func number(t *testing.T, file string) int {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		text, _ := os.ReadFile(file)
		if line, ok := strings.CutSuffix(string(text), "\n"); ok {
			n, err := strconv.Atoi(line)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatal("the worker did not start")
	return 0
}

// zombie reports whether a process has ended and nobody has asked how.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, state, _ := strings.Cut(string(stat), ") ")
	return err != nil || strings.HasPrefix(state, "Z")
}
