package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"
	"github.com/wirecost/wirecost/harness/report"
	"golang.org/x/term"
)

// A page is how the text of a report is laid out.
type page struct {
	width int // 0: as wide as the terminal
	wide  bool
}

// bind adds the flags to f. Wide says what --wide shows.
func (p *page) bind(f *pflag.FlagSet, wide string) {
	f.IntVar(&p.width, "width", 0, fmt.Sprintf("width of the text, from %d (default that of the terminal, or %d)", report.MinWidth, report.DefaultWidth))
	f.BoolVar(&p.wide, "wide", false, wide)
}

// check refuses a width that no report fits in.
func (p *page) check(f *pflag.FlagSet) error {
	if f.Changed("width") && p.width < report.MinWidth {
		return fmt.Errorf("--width %d: from %d", p.width, report.MinWidth)
	}
	return nil
}

// options says how a report is laid out on out, where the environment is that of this process.
func (p *page) options(out io.Writer) report.Options {
	terminal, dumb := isTerminal(out), os.Getenv("TERM") == "dumb"
	o := report.Options{Width: p.width, Wide: p.wide}
	o.ASCII = dumb || !utf8Locale(os.Getenv)
	o.Color = terminal && !dumb && os.Getenv("NO_COLOR") == ""
	if o.Width == 0 && terminal {
		o.Width = terminalWidth(out)
	}
	return o
}

// terminalWidth is the width of the terminal out, 0 if it does not say, and never less than a report needs.
func terminalWidth(out io.Writer) int {
	f, ok := out.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 0
	}
	return max(width, report.MinWidth)
}

// utf8Locale reports whether the characters of the locale are those of UTF-8. As POSIX has it, the first of three variables
// that is not empty counts, and none of them means ASCII.
func utf8Locale(getenv func(string) string) bool {
	locale := strings.ToLower(cmp.Or(getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")))
	return strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
}
