package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"
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
