package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHelpWidth(t *testing.T) {
	for _, name := range []string{"generate", "encode", "decode", "dissect", "explain", "skew", "state", "list", "compare", "gate", "doctor"} {
		for line := range strings.Lines(command(t, name, "--help")) {
			if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > helpWidth {
				t.Errorf("%s: %d columns, want at most %d: %s", name, n, helpWidth, line)
			}
		}
	}
}
