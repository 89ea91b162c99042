package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/wirecost/wirecost/harness"
)

// self is the package of this command, as go build knows it inside a checkout.
const self = "github.com/wirecost/wirecost/cmd/wirecost"

// link builds --layouts workers, each with the functions in another order, and has round r use worker r mod K. One
// binary is one sample of code layouts: what it measures may be off by 8 % for no other reason.
func (m *measurement) link(cmd *cobra.Command, plan *harness.Plan) (cleanup func(), err error) {
	dir, err := os.MkdirTemp("", "wirecost-layouts-")
	if err != nil {
		return func() {}, fmt.Errorf("--layouts needs a temporary directory for its workers: %w", err)
	}
	cleanup = m.undo.add(func() { removeAll(dir) })
	var workers []string
	for k := range m.layouts {
		fmt.Fprintf(cmd.ErrOrStderr(), "wirecost: linking layout %d of %d\n", k+1, m.layouts)
		bin := filepath.Join(dir, fmt.Sprint("wirecost-", k))
		build := exec.CommandContext(cmd.Context(), "go", "build", "-trimpath", fmt.Sprintf("-ldflags=-randlayout=%d", k+1), "-o", bin, self)
		build.Env = append(os.Environ(), "TMPDIR="+dir, "GOTMPDIR="+dir) // what a build that is killed leaves goes, too
		build.Cancel = func() error { return build.Process.Signal(os.Interrupt) }
		build.WaitDelay = time.Second // an interrupted build ends its step first
		out, err := build.CombinedOutput()
		if cmd.Context().Err() != nil {
			return cleanup, cmd.Context().Err()
		}
		if err != nil {
			return cleanup, fmt.Errorf("--layouts needs Go and a checkout of wirecost as working directory: go build: %w: %s", err, strings.TrimSpace(string(out)))
		}
		workers = append(workers, bin)
	}
	plan.Layout = fmt.Sprintf("random %d", m.layouts)
	plan.Facts.LinkSeeds = fmt.Sprintf("1 to %d", m.layouts)
	linked := harness.Go
	linked.Command = func(round int) []string { return []string{workers[round%len(workers)], "worker"} }
	plan.Lab.Runtimes = []harness.Runtime{linked}
	return cleanup, nil
}

// removeAll removes dir, in which what an interrupted build has started may still write: a file that is made while others go
// keeps the directory.
func removeAll(dir string) {
	for range 50 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}
