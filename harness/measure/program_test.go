package measure

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func sh(t *testing.T, script string) Program {
	t.Helper()
	path, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("needs a shell")
	}
	return Program{Path: path, Args: []string{"-c", script}}
}

func TestProgram(t *testing.T) {
	got, err := Core{}.Run(t.Context(), sh(t, "echo $GOMAXPROCS $GOGC; pwd >/dev/null"))
	if err != nil || string(got.Stdout) != "1 100\n" {
		t.Errorf("got %q, %v, want GOMAXPROCS 1 and GOGC 100", got.Stdout, err)
	}
	var exit *ExitError
	for script, want := range map[string]string{
		"echo a; echo 'panic: lost' >&2; echo goroutine 1 >&2; exit 2":  "exit status 2: panic: lost goroutine 1",
		"echo '--- FAIL: BenchmarkA'; echo '  a_test.go:5: no'; exit 1": "exit status 1: --- FAIL: BenchmarkA a_test.go:5: no",
		"echo nothing; exit 3": "exit status 3: nothing",
	} {
		_, err := Core{}.Run(t.Context(), sh(t, script))
		if !errors.As(err, &exit) || err.Error() != want {
			t.Errorf("%s: got error %v, want %s", script, err, want)
		}
	}
	if _, err := (Core{}).Run(t.Context(), Program{Path: "/nowhere/at/all"}); !errors.Is(err, ErrStart) {
		t.Errorf("no program: got error %v, want %v", err, ErrStart)
	}
}

func TestPair(t *testing.T) {
	a, b, err := Core{}.Pair(t.Context(), sh(t, "echo a"), sh(t, "echo b"))
	if err != nil || string(a.Stdout) != "a\n" || string(b.Stdout) != "b\n" {
		t.Errorf("got %q, %q, %v, want what each printed", a.Stdout, b.Stdout, err)
	}
	// One that fails ends the other, whichever it is: sleep would outlive the test.
	for _, p := range [][2]string{{"exit 3", "exec sleep 1000"}, {"exec sleep 1000", "exit 3"}} {
		if _, _, err := (Core{}).Pair(t.Context(), sh(t, p[0]), sh(t, p[1])); err == nil || !strings.Contains(err.Error(), "exit status 3") {
			t.Errorf("%v: got error %v, want exit status 3", p, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := (Core{}).Pair(ctx, sh(t, "exec sleep 1000"), sh(t, "exec sleep 1000")); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: got error %v, want %v", err, context.Canceled)
	}
}
