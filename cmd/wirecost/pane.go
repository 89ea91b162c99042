package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"
)

// A pane is a few lines at the cursor of a terminal, which are drawn again and again and leave nothing behind.
//
// The cursor rests where the pane begins, and the terminal has saved that place. What the user types meanwhile is echoed
// over the pane, and Enter takes the cursor down: going back to the saved place undoes both, since room was made below the
// pane, where an Enter does not scroll. After a change of size, which wraps lines anew, or a stop, the cursor is the better
// guide: it has stayed with the text, which a saved place may not have.
//
// Note: the writer of mpb/v8 goes up by as many lines as it wrote. It left a bar behind for each Enter, as well as ^C, and
// for each line that a smaller width had wrapped.
type pane struct {
	out     io.Writer
	size    func() (width, height int)
	resumed <-chan os.Signal // the program goes on after it was stopped; nil where it is never

	drawn         bool
	width, height int // when it was drawn
}

// spare is how many lines are kept free below a pane: so many Enters may be typed until it is drawn again.
const spare = 4

// The control sequences of a pane, which every terminal since the VT100 obeys.
const (
	saveCursor    = "\x1b7"
	restoreCursor = "\x1b8"
	clearLine     = "\x1b[K" // from the cursor on
	down          = "\x1b[B" // not beyond the last line
	clearBelow    = "\x1b[J" // from the cursor to the end of the screen
	upFormat      = "\x1b[%dA"
)

// newPane returns a pane on out, nil if that is no terminal or one that obeys nothing, as Windows' does unless it is asked to.
func newPane(out io.Writer) *pane {
	if !isTerminal(out) || os.Getenv("TERM") == "dumb" || runtime.GOOS == "windows" {
		return nil
	}
	return &pane{out: out, size: sizeOf(out.(*os.File)), resumed: resumed()}
}

// sizeOf returns what says how large a terminal is, 80 by 24 if it does not know.
func sizeOf(terminal *os.File) func() (width, height int) {
	return func() (int, int) {
		width, height, err := term.GetSize(int(terminal.Fd()))
		if err != nil || width <= 0 || height <= 0 {
			return 80, 24
		}
		return width, height
	}
}

// draw replaces what the pane shows by lines for a terminal of the size that render is given: no line may be wider, nor
// may there be more of them.
func (p *pane) draw(render func(width, height int) []string) {
	width, height := p.size()
	lines := render(width-1, height) // a full line would wrap on some terminals
	text := p.erasing(width, height)
	if room := min(len(lines)-1+spare, height-1); room > 0 {
		text += strings.Repeat("\n", room) + fmt.Sprintf(upFormat, room)
	}
	io.WriteString(p.out, text+saveCursor+strings.Join(lines, "\r\n")+restoreCursor)
	p.drawn, p.width, p.height = true, width, height
}

// clear removes the pane. The cursor is where it began.
func (p *pane) clear() {
	if p.drawn {
		io.WriteString(p.out, p.erasing(p.size()))
		p.drawn = false
	}
}

// erasing returns what removes the pane from a terminal that has this size now.
//
// Note: the first line is cleared on its own. Where that is the first of the screen, tmux takes clearing from there on for a
// new page, and keeps the pane among the lines that have scrolled off.
func (p *pane) erasing(width, height int) string {
	begin := "\r" + saveCursor
	if p.drawn && width == p.width && height == p.height && !p.stopped() {
		begin = restoreCursor
	}
	return begin + clearLine + down + clearBelow + restoreCursor
}

// stopped reports whether the program was stopped since it was last asked: the shell may have written here, and saved a
// place of its own.
func (p *pane) stopped() bool {
	select {
	case <-p.resumed:
		return true
	default:
		return false
	}
}
