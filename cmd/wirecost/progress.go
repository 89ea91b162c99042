package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
	"github.com/wirecost/wirecost/internal/plural"
)

// A progress tells the user how far a run is: the schedule as a line, and on a terminal one bar for the whole run, with the
// time left, which is gone when the run is over. A tall terminal shows beneath which codecs are cheapest so far, as far as
// results are written to the progress.
//
// All of it is drawn before a sample, and none while one is taken: there is no clock and no goroutine here.
type progress struct {
	standings
	out  io.Writer
	pane *pane // nil where there is no bar

	mu   sync.Mutex    // of what close, which an impatient end calls, shares with the run
	over bool          // closed
	rest time.Duration // what was left when the schedule was made
	best []string      // the standings, as lines
	last int           // the rounds that best is of
}

// tall is the number of lines from which a terminal shows the standings, too.
const tall = 20

func newProgress(out io.Writer) *progress { return &progress{out: out, pane: newPane(out)} }

// schedule prints what is about to be measured.
func (p *progress) schedule(s measure.Schedule) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pane != nil {
		p.pane.clear() // the line stays where the bar was
	}
	p.rest = s.Total() - s.Spent
	_, err := fmt.Fprintf(p.out, "wirecost: %s, %s, about %v\n", plural.Count(len(s.Cells), "cell"), plural.Count(s.Rounds, "round"), s.Total().Round(time.Second))
	return err
}

// step shows how far the run is, before a sample. Where the terminal is gone, so is the reader.
func (p *progress) step(s measure.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pane == nil || p.over {
		return
	}
	if s.Mode == measure.Time && s.Round > p.last {
		p.last, p.best = s.Round, p.standings.lines(s.Round)
	}
	p.pane.draw(func(width, height int) []string {
		lines := []string{bar(s, p.done(s), width)}
		if height >= tall {
			lines = append(lines, p.best...)
		}
		for i := range lines {
			lines[i] = lines[i][:min(len(lines[i]), max(width, 0))]
		}
		return lines
	})
}

// close removes the bar for good.
func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	if p.pane != nil {
		p.pane.clear()
	}
}

// What proofs and calibrations take of the bar: how long the rest takes is known only afterwards.
const (
	proving     = 0.02
	calibrating = 0.08
)

// done returns how much of the whole run is over, from 0 to 1: of its first phases by requests, then by time.
func (p *progress) done(s measure.Progress) float64 {
	share := 0.0
	if s.Total > 0 {
		share = float64(s.Done) / float64(s.Total)
	}
	switch s.Mode {
	case measure.Prove:
		return proving * share
	case measure.Calibrate:
		return proving + calibrating*share
	}
	if p.rest > 0 {
		share = 1 - float64(min(s.Left, p.rest))/float64(p.rest)
	}
	return proving + calibrating + (1-proving-calibrating)*share
}

// phases are what the modes of workers are to the user.
var phases = map[measure.Mode]string{measure.Time: "measure"}

// bar is a line of width characters or a few more.
func bar(s measure.Progress, done float64, width int) string {
	phase := phases[s.Mode]
	if phase == "" {
		phase = string(s.Mode)
	}
	line := fmt.Sprintf("%-9s ", phase)
	if room := min(40, width-len(line)-longestRest); room >= 10 {
		full := int(done * float64(room))
		line += "[" + strings.Repeat("=", full) + strings.Repeat("-", room-full) + "] "
	}
	line += fmt.Sprintf("%3d %%", int(100*done))
	if s.Left > 0 {
		line += fmt.Sprintf(", %v left", (s.Left + time.Second - 1).Truncate(time.Second))
	}
	return line + ", " + subjectOf(s.Cell)
}

// longestRest is room for what follows the bar, which does not move when that changes.
const longestRest = len("[] 100 %, 59m59s left, kryo-flink1-registered")

// subjectOf returns the codec of a cell, or of one without the op.
func subjectOf(c results.Cell) string {
	if c.Codec == results.NoCodec {
		return c.Op
	}
	return c.Original().Codec
}
