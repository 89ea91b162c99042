package trial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/wirecost/wirecost/harness/gate/build"
	"github.com/wirecost/wirecost/harness/measure"
)

// A Local builds with the Go of this machine and runs on one of its cores. It keeps everything in a temporary directory.
type Local struct {
	Base     string // the commit
	Subjects []Subject
	Warnings []string // packages that one side has
	Core     measure.Core

	dir      string
	modules  [2]string
	sameData bool
	binaries int
}

// OpenLocal prepares the merge base with rev and the working tree around dir. Close removes what it made, also after an error.
func OpenLocal(ctx context.Context, dir, rev string, patterns []string) (l *Local, err error) {
	if _, err := build.Go(ctx, dir); err != nil {
		return nil, err
	}
	repo, err := build.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	l = &Local{}
	if l.Base, err = repo.Base(ctx, rev); err != nil {
		return nil, err
	}
	if l.dir, err = os.MkdirTemp("", "wirecost-gate-"); err != nil {
		return nil, fmt.Errorf("a temporary directory for the base: %w", err)
	}
	defer func() {
		if err != nil {
			l.Close()
		}
	}()
	l.modules[Head] = repo.Module()
	if l.modules[Base], err = repo.CheckOut(ctx, l.Base, l.dir); err != nil {
		return nil, err
	}
	if l.sameData, err = build.SameData(l.modules[Base], l.modules[Head]); err != nil {
		return nil, err
	}
	return l, l.find(ctx, patterns)
}

// find lists the packages with benchmarks that both sides have.
func (l *Local) find(ctx context.Context, patterns []string) error {
	var found [2][]build.Package
	for _, side := range []Side{Base, Head} {
		var err error
		if found[side], err = build.Packages(ctx, l.modules[side], patterns); err != nil {
			return fmt.Errorf("%s: %w", side, err)
		}
	}
	for _, h := range found[Head] {
		i := slices.IndexFunc(found[Base], func(p build.Package) bool { return p.Path == h.Path })
		if i < 0 {
			l.Warnings = append(l.Warnings, "only in the head: benchmarks of "+h.Path)
			continue
		}
		l.Subjects = append(l.Subjects, Subject{Path: h.Path, Dir: [2]string{found[Base][i].Dir, h.Dir}, Parallel: h.Parallel})
	}
	for _, b := range found[Base] {
		if !slices.ContainsFunc(found[Head], func(p build.Package) bool { return p.Path == b.Path }) {
			l.Warnings = append(l.Warnings, "only in the base: benchmarks of "+b.Path)
		}
	}
	if len(l.Subjects) == 0 {
		return fmt.Errorf("%w: no package with benchmarks is on both sides", ErrNothing)
	}
	return nil
}

// Link builds a test binary.
func (l *Local) Link(ctx context.Context, side Side, pkg string, seed int) (string, error) {
	l.binaries++
	out := filepath.Join(l.dir, fmt.Sprintf("%s-%d.test", side, l.binaries))
	return out, build.Link(ctx, l.modules[side], pkg, seed, out)
}

// Same compares two binaries, and the files that benchmarks read.
func (l *Local) Same(base, head string) (bool, error) {
	if !l.sameData {
		return false, nil
	}
	return build.Same(base, head)
}

// Drop removes a binary.
func (l *Local) Drop(binary string) { os.Remove(binary) }

// Run runs a program on the core.
func (l *Local) Run(ctx context.Context, p measure.Program) (measure.Spent, error) {
	return l.Core.Run(ctx, p)
}

// Pair runs two at once.
func (l *Local) Pair(ctx context.Context, first, second measure.Program) (a, b measure.Spent, err error) {
	return l.Core.Pair(ctx, first, second)
}

// Instructions runs a program under valgrind.
func (l *Local) Instructions(ctx context.Context, p measure.Program) (uint64, error) {
	spent, err := l.Core.Run(ctx, callgrind(p))
	if err != nil {
		return 0, err
	}
	return parseCollected(spent.Stdout)
}

// NoInstructions says why instructions cannot be counted here, "" if they can.
func NoInstructions() string {
	if _, err := exec.LookPath("valgrind"); err != nil {
		return "valgrind is not installed"
	}
	return ""
}

// Close removes everything.
func (l *Local) Close() error { return os.RemoveAll(l.dir) }

// NoTime says why this system cannot judge time, "" if it can.
func NoTime() string {
	if runtime.GOOS != "linux" {
		return "processes are not pinned to a core on " + runtime.GOOS + ": run the gate on Linux"
	}
	if limits := measure.Limits(); len(limits) > 0 {
		return errors.Join(limits...).Error()
	}
	return ""
}
