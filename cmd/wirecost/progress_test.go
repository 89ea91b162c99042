package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/vbauerster/mpb/v8/cwriter"
	"github.com/wirecost/wirecost/harness/measure"
)

// screen is what a terminal shows of text whose only control sequence is "up one line, and clear from here".
func screen(t *testing.T, text string) string {
	t.Helper()
	var lines []string
	for i, part := range strings.Split(text, "\x1b[1A\x1b[J") {
		if i > 0 {
			if len(lines) == 0 {
				t.Fatalf("%q clears a line above the first", text)
			}
			lines = lines[:len(lines)-1]
		}
		if strings.Contains(part, "\x1b") || part != "" && !strings.HasSuffix(part, "\n") {
			t.Fatalf("%q: a sequence that is not expected, or half a line", part)
		}
		lines = append(lines, strings.SplitAfter(part, "\n")...)
		lines = lines[:len(lines)-1] // what is behind the last end of line
	}
	return strings.Join(lines, "")
}

// TestProgress looks at the screen during a run and after it: the plan stays, the bar goes.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{out: &out, screen: cwriter.New(&out)}
	p.step(measure.Progress{Mode: measure.Prove, Done: 0, Total: 2})
	p.step(measure.Progress{Mode: measure.Prove, Done: 1, Total: 2})
	p.step(measure.Progress{Mode: measure.Calibrate, Done: 0, Total: 3})
	if err := p.schedule(measure.Schedule{Rounds: 6}); err != nil {
		t.Fatal(err)
	}
	const plan = "wirecost: 0 cells, 6 rounds, about 0s\n"
	p.step(measure.Progress{Mode: measure.Time, Done: 3, Total: 12, Left: 41 * time.Second})
	want := plan + "time 3/12 [==============--------------------------------------------] 41s left\n"
	if got := screen(t, out.String()); got != want {
		t.Errorf("during the run:\n%s\nwant\n%s", got, want)
	}
	p.close()
	if got := screen(t, out.String()); got != plan {
		t.Errorf("after the run:\n%s\nwant\n%s", got, plan)
	}
}

func TestBar(t *testing.T) {
	for _, tt := range []struct {
		done, total int
		left        time.Duration
		width       int
		want        string
	}{
		{0, 4, 0, 24, "time 0/4 [-------------]"},
		{4, 4, 1499 * time.Millisecond, 32, "time 4/4 [=============] 1s left"},
		{1, 4, time.Minute, 20, "time 1/4 1m0s left"},
		{1, 4, time.Minute, 10, "time 1/4 1"},
		{1, 4, time.Minute, -1, ""},
		{0, 0, 0, 40, "time 0/0"},
	} {
		s := measure.Progress{Mode: measure.Time, Done: tt.done, Total: tt.total, Left: tt.left}
		if got := bar(s, tt.width); got != tt.want {
			t.Errorf("bar(%d of %d, %v, width %d) = %q, want %q", tt.done, tt.total, tt.left, tt.width, got, tt.want)
		}
	}
}
