package main

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// cooked is the line discipline between a program and its terminal, which begins a line where the program ends one.
type cooked struct{ *screen }

func (c cooked) Write(p []byte) (int, error) {
	c.screen.Write([]byte(strings.ReplaceAll(strings.ReplaceAll(string(p), "\r\n", "\n"), "\n", "\r\n")))
	return len(p), nil
}

// paneOn returns a pane on a screen.
func paneOn(s *screen) *pane {
	return &pane{out: cooked{s}, size: func() (int, int) { return s.width, s.height }}
}

func TestPane(t *testing.T) {
	const prompt = "$ wirecost run"
	for _, tt := range []struct {
		name  string
		typed string
		then  func(*screen)
	}{
		{name: "nothing"},
		{name: "enter", typed: "\r\n"},
		{name: "enters", typed: strings.Repeat("\r\n", spare)},
		{name: "interrupt", typed: "^C"},
		{name: "text and enter", typed: "make test\r\n"},
		{name: "narrower", then: func(s *screen) { s.resize(20, 12) }},
		{name: "wider", then: func(s *screen) { s.resize(60, 12) }},
		{name: "lower", then: func(s *screen) { s.resize(40, 5) }},
		{name: "higher", then: func(s *screen) { s.resize(40, 40) }},
		{name: "typed and narrower", typed: "^C", then: func(s *screen) { s.resize(20, 8) }},
	} {
		for _, reflows := range []bool{false, true} {
			for _, lines := range []int{0, 5, 30} { // above the prompt: the pane is at the bottom, too
				s := newScreen(40, 12, reflows)
				above := strings.Repeat("earlier\n", lines) + prompt
				cooked{s}.Write([]byte(above + "\n"))
				p := paneOn(s)
				p.draw(func(width, height int) []string {
					if width != 39 || height != 12 {
						t.Errorf("lines for %d by %d, want 39 by 12", width, height)
					}
					return []string{strings.Repeat("=", width), "a", "b"}
				})
				if want := above + "\n" + strings.Repeat("=", 39) + "\na\nb"; s.text() != want {
					t.Errorf("%s: shows\n%s\nwant\n%s", tt.name, s.text(), want)
				}
				s.Write([]byte(tt.typed))
				if tt.then != nil {
					tt.then(s)
				}
				p.draw(func(width, height int) []string { return []string{"second"} })
				if want := above + "\nsecond"; s.text() != want {
					t.Errorf("%s, reflows %v: shows\n%s\nwant\n%s", tt.name, reflows, s.text(), want)
				}
				p.clear()
				if s.text() != above || s.x != 0 || s.err != nil {
					t.Errorf("%s, reflows %v: leaves\n%s\nwith the cursor in column %d, %v", tt.name, reflows, s.text(), s.x, s.err)
				}
			}
		}
	}
}

// Whatever happens between two drawings, a pane that is gone has left nothing.
func TestPaneLeavesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newScreen(rapid.IntRange(20, 100).Draw(t, "width"), rapid.IntRange(2, 40).Draw(t, "height"), rapid.Bool().Draw(t, "reflows"))
		above := strings.Repeat("earlier\n", rapid.IntRange(0, 50).Draw(t, "above")) + "$ run"
		cooked{s}.Write([]byte(above + "\n"))
		p := paneOn(s)
		for range rapid.IntRange(1, 20).Draw(t, "drawings") {
			p.draw(func(width, height int) []string {
				lines := make([]string, rapid.IntRange(1, height).Draw(t, "lines"))
				for i := range lines {
					lines[i] = strings.Repeat("x", rapid.IntRange(1, width).Draw(t, "length"))
				}
				return lines
			})
			switch rapid.IntRange(0, 3).Draw(t, "event") {
			case 1: // as many Enters as there is room for
				s.Write([]byte(strings.Repeat("\r\n", rapid.IntRange(1, min(spare, s.height-1)).Draw(t, "enters"))))
			case 2:
				s.Write([]byte("^C"))
			case 3:
				s.resize(rapid.IntRange(20, 100).Draw(t, "width"), rapid.IntRange(2, 40).Draw(t, "height"))
			}
		}
		p.clear()
		if s.text() != above || s.x != 0 || s.err != nil {
			t.Errorf("leaves\n%s\nwith the cursor in column %d, %v", s.text(), s.x, s.err)
		}
	})
}

// After a stop, the shell has written below the pane and may have saved a place of its own.
func TestPaneAfterStop(t *testing.T) {
	s := newScreen(40, 12, false)
	stopped := make(chan os.Signal, 1)
	p := paneOn(s)
	p.resumed = stopped
	draw := func() { p.draw(func(int, int) []string { return []string{"bar"} }) }
	draw()
	s.Write([]byte("^Z\r\n[1]+  Stopped\r\n$ fg\r\n"))
	stopped <- os.Interrupt // whichever: it says that there was one
	draw()
	if got, want := s.text(), "^Zr\n[1]+  Stopped\n$ fg\nbar"; got != want {
		t.Errorf("shows\n%s\nwant\n%s", got, want)
	}
	p.clear()
	if got, want := s.text(), "^Zr\n[1]+  Stopped\n$ fg"; got != want {
		t.Errorf("leaves\n%s\nwant\n%s", got, want)
	}
}

// A pane that was never drawn writes nothing.
func TestPaneNotDrawn(t *testing.T) {
	var out strings.Builder
	p := &pane{out: &out, size: func() (int, int) { return 80, 24 }}
	p.clear()
	if out.Len() > 0 {
		t.Errorf("wrote %q", out.String())
	}
}
