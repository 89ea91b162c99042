package measure

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// A Program is one process of a program that is not ours, and knows nothing of being measured: a test binary.
type Program struct {
	Path string
	Args []string
	Dir  string   // working directory
	Env  []string // added to this process's environment, from which the variables that tune the runtime are taken
}

// Spent is what a process took, as the kernel charged it.
type Spent struct {
	CPU    time.Duration // user and system, all threads, and of children that it waited for
	Stdout []byte        // the first megabyte
}

// outputLimit is how much of what a program prints is kept: garbage has no end.
const outputLimit = 1 << 20

// Run runs one program on the core, with GOMAXPROCS 1.
func (c Core) Run(ctx context.Context, p Program) (Spent, error) {
	r, err := p.prepare(ctx)
	if err != nil {
		return Spent{}, err
	}
	if err := c.start(r.cmd.Start); err != nil {
		return Spent{}, fmt.Errorf("%w: %w", ErrStart, err)
	}
	return r.wait(ctx)
}

// Pair runs two programs at once on the core, where the kernel interleaves them: they see the same noise at the same moment,
// and each is charged its own time. The first is started first. Neither is left alone: when one fails, both have ended.
func (c Core) Pair(ctx context.Context, first, second Program) (a, b Spent, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	x, err := first.prepare(ctx)
	if err != nil {
		return a, b, err
	}
	y, err := second.prepare(ctx)
	if err != nil {
		return a, b, err
	}
	err = c.start(func() error {
		if err := x.cmd.Start(); err != nil {
			return err
		}
		if err := y.cmd.Start(); err != nil {
			cancel()
			x.cmd.Wait()
			return err
		}
		return nil
	})
	if err != nil {
		return a, b, fmt.Errorf("%w: %w", ErrStart, err)
	}
	done := make(chan error, 1)
	go func() {
		var err error
		if b, err = y.wait(ctx); err != nil {
			cancel()
		}
		done <- err
	}()
	a, err = x.wait(ctx)
	if err != nil {
		cancel()
	}
	if other := <-done; err == nil || ctx.Err() != nil && err == ctx.Err() && other != nil {
		err = other
	}
	return a, b, err
}

// A running is a program that was prepared or started.
type running struct {
	cmd    *exec.Cmd
	stdout *head
	stderr *head
}

func (p Program) prepare(ctx context.Context) (*running, error) {
	r := &running{exec.CommandContext(ctx, p.Path, p.Args...), &head{limit: outputLimit}, &head{limit: stderrLimit}}
	r.cmd.Dir = p.Dir
	r.cmd.Env = environ(os.Environ(), 1, p.Env)
	r.cmd.Stdout, r.cmd.Stderr = r.stdout, r.stderr
	r.cmd.SysProcAttr = ownGroup
	r.cmd.WaitDelay = time.Second // for a grandchild that holds the pipes
	return r, r.cmd.Err
}

// wait waits for the end. The error of a program that failed has its last words.
func (r *running) wait(ctx context.Context) (Spent, error) {
	err := r.cmd.Wait()
	if ctx.Err() != nil {
		return Spent{}, ctx.Err()
	}
	if err != nil {
		return Spent{}, &ExitError{Err: err, Output: lastWords(r.stdout.Bytes(), r.stderr.Bytes())}
	}
	s := r.cmd.ProcessState
	return Spent{CPU: s.UserTime() + s.SystemTime(), Stdout: r.stdout.Bytes()}, nil
}

// An ExitError says that a program failed, and what it said.
type ExitError struct {
	Err    error
	Output string // on one line, what tells most
}

func (e *ExitError) Error() string { return fmt.Sprintf("%v: %s", e.Err, e.Output) }

// Unwrap returns the error of the process.
func (e *ExitError) Unwrap() error { return e.Err }

// lastWords picks what a test binary says of its failure: the panic, or the lines behind "--- FAIL".
func lastWords(stdout, stderr []byte) string {
	for _, text := range []string{string(stderr), string(stdout)} {
		for _, sign := range []string{"panic: ", "fatal error: ", "--- FAIL"} {
			if i := strings.Index(text, sign); i >= 0 {
				return results.OneLine(firstLines(text[i:], 4))
			}
		}
	}
	text := bytes.TrimSpace(append(stdout, stderr...))
	return results.OneLine(string(text[max(0, len(text)-500):]))
}

func firstLines(text string, n int) string {
	lines := strings.SplitN(text, "\n", n+1)
	return strings.Join(lines[:min(n, len(lines))], "\n")
}
