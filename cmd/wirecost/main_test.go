package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

func TestExitCode(t *testing.T) {
	joined := errors.Join(errors.New("first"), errors.New("second"))
	many := make([]error, mostErrors+2)
	for i := range many {
		many[i] = errors.New("x")
	}
	for _, tt := range []struct {
		err    error
		code   int
		stderr string
	}{
		{nil, exitOK, ""},
		{fmt.Errorf("write: %w", syscall.EPIPE), exitOK, ""},
		{fmt.Errorf("read: %w", context.Canceled), exitInterrupted, "wirecost: interrupted\n"},
		{errors.New("what: why"), exitError, "wirecost: what: why\n"},
		{status{exitRegression, errors.New("a fallback")}, exitRegression, "wirecost: a fallback\n"},
		{status{code: exitError}, exitError, ""}, // all was said before
		{joined, exitError, "wirecost: first\nwirecost: second\n"},
		{fmt.Errorf("f: %w", joined), exitError, "wirecost: f: first\nwirecost: second\n"},
		{errors.Join(many...), exitError, strings.Repeat("wirecost: x\n", mostErrors) + "wirecost: and 2 more\n"},
		{errors.New("open \x1b]0;x\x07\nwirecost: done: \u009b\u202e"), exitError, `wirecost: open \u001b]0;x\u0007\nwirecost: done: \u009b\u202e` + "\n"},
		{errors.New(strings.Repeat("k", 2*mostOfLine) + ": no int"), exitError,
			"wirecost: " + strings.Repeat("k", 666) + "…" + strings.Repeat("k", 325) + ": no int\n"},
	} {
		var stderr strings.Builder
		if code := exitCode(tt.err, &stderr); code != tt.code || stderr.String() != tt.stderr {
			t.Errorf("%.60q: got status %d and %q, want %d and %q", fmt.Sprint(tt.err), code, stderr.String(), tt.code, tt.stderr)
		}
	}
}

// TestExecute interrupts commands that notice, and some that do not.
func TestExecute(t *testing.T) {
	broken := errors.New("broken")
	for _, tt := range []struct {
		name    string
		signals int
		grace   time.Duration
		run     func(ctx context.Context) error // nil: never ends
		want    error
		undone  bool
	}{
		{"ends", 0, time.Hour, func(context.Context) error { return nil }, nil, false},
		{"fails", 0, time.Hour, func(context.Context) error { return broken }, broken, false},
		{"notices", 1, time.Hour, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, context.Canceled, false},
		{"fails for another reason", 1, time.Hour, func(ctx context.Context) error { <-ctx.Done(); return broken }, broken, false},
		{"its reader has gone", 1, time.Hour, func(ctx context.Context) error { <-ctx.Done(); return fmt.Errorf("write: %w", syscall.EPIPE) }, context.Canceled, false},
		{"its terminal has gone", 1, time.Hour, func(ctx context.Context) error { <-ctx.Done(); return fmt.Errorf("write: %w", syscall.EIO) }, context.Canceled, false},
		{"does not notice", 1, time.Millisecond, nil, context.Canceled, true},
		{"interrupted twice", 2, time.Hour, nil, context.Canceled, true},
	} {
		signals := make(chan os.Signal, 2)
		for range tt.signals {
			signals <- os.Interrupt
		}
		var undo cleanups
		undone := false
		undo.add(func() { undone = true })
		root := &cobra.Command{RunE: func(cmd *cobra.Command, _ []string) error {
			if tt.run == nil {
				select {}
			}
			return tt.run(cmd.Context())
		}}
		root.SetArgs(nil)
		root.SilenceErrors, root.SilenceUsage = true, true
		if err := execute(root, signals, &undo, tt.grace); !errors.Is(err, tt.want) || undone != tt.undone {
			t.Errorf("%s: got %v and undone %v, want %v and %v", tt.name, err, undone, tt.want, tt.undone)
		}
	}
}

// What cannot be undone does not keep an interrupted program.
func TestExecuteHangs(t *testing.T) {
	signals := make(chan os.Signal, 1)
	signals <- os.Interrupt
	var undo cleanups
	undo.add(func() { select {} })
	root := &cobra.Command{Run: func(*cobra.Command, []string) { select {} }}
	root.SetArgs(nil)
	if err := execute(root, signals, &undo, time.Millisecond); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestCleanups(t *testing.T) {
	var undo cleanups
	var order []string
	note := func(name string) func() { return func() { order = append(order, name) } }
	undo.add(note("first"))
	second := undo.add(note("second"))
	undo.add(note("third"))
	second()
	undo.all()
	undo.all()
	second()
	if want := []string{"second", "third", "first"}; !slices.Equal(order, want) {
		t.Errorf("undone in the order %q, want %q", order, want)
	}
}
