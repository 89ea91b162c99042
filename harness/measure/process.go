package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wirecost/wirecost/harness/results"
)

// stderrLimit is how much of a worker's last words is kept.
const stderrLimit = 2000

// A Process is a Worker that starts a program for each request, writes the request to its standard input and reads one
// line from its standard output. Cells of GOMAXPROCS 1 run on one core; others have all of them. A context that ends kills the
// program.
type Process struct {
	// Core is what workers are pinned to; the zero Core is the last of this process's affinity mask.
	Core Core
	// Command returns the program of a round, with its arguments; it must call Serve. nil means this program with the
	// argument "worker".
	Command func(round int) []string
	// Env is added to this process's environment, from which the variables that tune the runtime are taken.
	Env []string
}

// Do starts the program and asks it.
func (p *Process) Do(ctx context.Context, r Request) (results.Sample, error) {
	cmd, err := p.command(ctx, r)
	if err != nil {
		return results.Sample{}, fmt.Errorf("%w: %w", ErrStart, err)
	}
	var stdout bytes.Buffer
	stderr := &head{limit: stderrLimit}
	cmd.Stdout, cmd.Stderr = &stdout, stderr
	start := cmd.Start
	if r.Procs == 1 {
		start = func() error { return p.Core.start(cmd.Start) }
	}
	if err := start(); err != nil {
		return results.Sample{}, fmt.Errorf("%w: %w", ErrStart, err)
	}
	if err := cmd.Wait(); ctx.Err() != nil {
		return results.Sample{}, ctx.Err()
	} else if err != nil {
		return results.Sample{}, fmt.Errorf("worker: %w: %s", err, results.OneLine(stderr.String()))
	}
	line, more, _ := strings.Cut(stdout.String(), "\n")
	if line == "" || more != "" {
		return results.Sample{}, fmt.Errorf("worker: want one line, got %.200q %s", stdout.String(), results.OneLine(stderr.String()))
	}
	return parseAnswer(line)
}

func (p *Process) command(ctx context.Context, r Request) (*exec.Cmd, error) {
	argv, err := p.argv(r.Round)
	if err != nil {
		return nil, err
	}
	line, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = environ(os.Environ(), r.Procs, p.Env)
	cmd.Stdin = bytes.NewReader(append(line, '\n'))
	cmd.SysProcAttr = ownGroup
	cmd.WaitDelay = time.Second // for a grandchild that holds the pipes
	return cmd, nil
}

func (p *Process) argv(round int) ([]string, error) {
	if p.Command != nil {
		return p.Command(round), nil
	}
	self, err := os.Executable()
	return []string{self, "worker"}, err
}

// environ returns the environment of a worker: collection on at 100, no memory limit, whatever the user has set.
func environ(env []string, procs int, extra []string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return name == "GOGC" || name == "GOMEMLIMIT" || name == "GOMAXPROCS" || name == "GODEBUG"
	})
	env = append(env, "GOGC=100", "GOMEMLIMIT=off", "GOMAXPROCS="+strconv.Itoa(procs))
	return append(env, extra...)
}

// A head keeps the first bytes written to it.
type head struct {
	bytes.Buffer
	limit int
}

func (h *head) Write(p []byte) (int, error) {
	h.Buffer.Write(p[:min(len(p), h.limit-h.Len())])
	return len(p), nil
}
