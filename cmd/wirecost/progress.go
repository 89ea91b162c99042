package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/vbauerster/mpb/v8/cwriter"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/internal/plural"
)

// A progress tells the user how far a run is: the schedule as a line, and on a terminal a bar with the time left, which is
// gone when the run is over.
//
// Note: the bars of mpb are drawn by goroutines of their own, that is, also while a sample is taken, and printed over
// the schedule. Of mpb only the writer is used that clears what it wrote last.
type progress struct {
	out    io.Writer
	screen *cwriter.Writer // nil off a terminal
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if isTerminal(out) {
		p.screen = cwriter.New(out)
	}
	return p
}

// schedule prints what is about to be measured.
func (p *progress) schedule(s measure.Schedule) error {
	p.close() // the line stays where the bar was
	_, err := fmt.Fprintf(p.out, "wirecost: %s, %s, about %v\n", plural.Count(len(s.Cells), "cell"), plural.Count(s.Rounds, "round"), s.Total().Round(time.Second))
	return err
}

// step shows how far the run is, before a sample. Where the terminal is gone, so is the reader.
func (p *progress) step(s measure.Progress) {
	if p.screen == nil {
		return
	}
	width, _, err := p.screen.GetTermSize()
	if err != nil || width <= 0 {
		width = 80
	}
	fmt.Fprintln(p.screen, bar(s, width-1)) // a full line would wrap on some terminals
	p.screen.Flush(1)
}

// close removes the bar.
func (p *progress) close() {
	if p.screen != nil {
		p.screen.Flush(0)
	}
}

// bar is a line of at most width characters.
func bar(s measure.Progress, width int) string {
	head, left := fmt.Sprintf("%s %d/%d", s.Mode, s.Done, s.Total), ""
	if s.Left > 0 {
		left = " " + s.Left.Round(time.Second).String() + " left"
	}
	if room := width - len(head) - len(left) - len(" []"); room >= 10 && s.Total > 0 {
		full := room * s.Done / s.Total
		head += " [" + strings.Repeat("=", full) + strings.Repeat("-", room-full) + "]"
	}
	line := head + left
	return line[:min(len(line), max(width, 0))]
}
