package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/cwriter"
	"github.com/vbauerster/mpb/v8/decor"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/measure"
)

// A progress tells the user how far a run is: the plan as a line, and on a terminal a bar with the time left. The bar
// is drawn between samples only, never while one is taken.
type progress struct {
	out  io.Writer
	draw chan any // nil off a terminal
	bars *mpb.Progress
	bar  *mpb.Bar
	left time.Duration
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if f, ok := out.(*os.File); ok && cwriter.IsTerminal(int(f.Fd())) {
		p.draw = make(chan any)
		p.bars = mpb.New(mpb.WithOutput(out), mpb.WithManualRefresh(p.draw))
	}
	return p
}

// plan prints what is about to be measured.
func (p *progress) plan(plan measure.Plan) error {
	_, err := fmt.Fprintf(p.out, "wirecost: %s, %s, about %v\n", codecs.Count(len(plan.Cells), "cell"), codecs.Count(plan.Rounds, "round"), plan.Total().Round(time.Second))
	return err
}

// step shows how far the run is, before a sample.
func (p *progress) step(s measure.Progress) {
	if p.draw == nil {
		return
	}
	p.left = s.Left
	if p.bar == nil || p.bar.Completed() {
		p.bar = p.bars.AddBar(int64(s.Total), mpb.BarRemoveOnComplete(),
			mpb.PrependDecorators(decor.Name(string(s.Mode)+" "), decor.CountersNoUnit("%d/%d ")),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return p.timeLeft() })))
	}
	p.bar.SetCurrent(int64(s.Done))
	if s.Done+1 == s.Total {
		p.bar.SetCurrent(int64(s.Total))
	}
	p.draw <- time.Now()
}

func (p *progress) timeLeft() string {
	if p.left == 0 {
		return ""
	}
	return p.left.Round(time.Second).String() + " left"
}

// close removes the bar.
func (p *progress) close() {
	if p.draw == nil {
		return
	}
	if p.bar != nil && !p.bar.Completed() {
		p.bar.Abort(true)
	}
	p.bars.Shutdown()
}
