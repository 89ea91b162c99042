package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A screen is a small terminal: what it shows of what is written to it, with what has scrolled off its top. It knows the few
// control sequences that this program may use, and has an error for any other.
type screen struct {
	width, height int
	reflows       bool // a change of width wraps lines anew, as newer terminals do; others cut them

	rows    []row // above the last height ones, what has scrolled off
	x, y    int   // the cursor, y from the top of the screen
	savedX  int
	savedY  int
	partial []byte // of a character or a sequence
	err     error
}

// A row is one line of a screen.
type row struct {
	text  []rune
	wraps bool // goes on in the next
}

func newScreen(width, height int, reflows bool) *screen {
	return &screen{width: width, height: height, reflows: reflows, rows: make([]row, height)}
}

// top is the row at the top of the screen.
func (s *screen) top() int { return len(s.rows) - s.height }

// text returns what the screen shows and what has scrolled off, a line each, without blank lines at the end.
func (s *screen) text() string {
	var b strings.Builder
	for _, r := range s.rows {
		if r.wraps {
			b.WriteString(string(r.text))
			continue
		}
		b.WriteString(strings.TrimRight(string(r.text), " ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

var (
	sequence = regexp.MustCompile(`^\x1b(7|8|\[(\d*)([ABJKm]))`)
	begun    = regexp.MustCompile(`^\x1b(\[\d*)?$`)
)

// Write shows what a program writes, or what is echoed of what a user types.
func (s *screen) Write(p []byte) (int, error) {
	text := append(s.partial, p...)
	s.partial = nil
	for len(text) > 0 {
		if !utf8.FullRune(text) || begun.Match(text) {
			s.partial = text
			break
		}
		if text[0] == '\x1b' {
			m := sequence.FindSubmatch(text)
			if m == nil {
				s.err = fmt.Errorf("an unknown sequence: %.20q", text)
				text = text[1:]
				continue
			}
			s.control(string(m[1]), string(m[2]), string(m[3]))
			text = text[len(m[0]):]
			continue
		}
		r, n := utf8.DecodeRune(text)
		s.put(r)
		text = text[n:]
	}
	return len(p), nil
}

func (s *screen) control(which, number, final string) {
	switch {
	case which == "7":
		s.savedX, s.savedY = s.x, s.y
	case which == "8":
		s.x, s.y = min(s.savedX, s.width-1), min(s.savedY, s.height-1)
	case final == "A":
		n, _ := strconv.Atoi(number)
		s.y = max(0, s.y-max(n, 1))
	case final == "m": // a colour
	case final == "B" && number == "":
		s.y = min(s.height-1, s.y+1)
	case final == "K" && number == "":
		s.clearLine()
	case final == "J" && number == "" && s.x == 0 && s.y == 0 && s.height > 1:
		for n := s.shown(); n > 0; n-- { // tmux takes this for a new page, and keeps the last
			s.rows = append(s.rows, row{})
		}
	case final == "J" && number == "":
		s.clearLine()
		clear(s.rows[s.top()+s.y+1:])
	default:
		s.err = fmt.Errorf("an unknown sequence: ESC %s", which)
	}
}

// clearLine clears the cursor's line from the cursor on.
func (s *screen) clearLine() {
	at := &s.rows[s.top()+s.y]
	at.text, at.wraps = at.text[:min(s.x, len(at.text))], false
}

// shown is the number of lines down to the last that is not blank.
func (s *screen) shown() int {
	for n := s.height; n > 0; n-- {
		if len(s.rows[s.top()+n-1].text) > 0 {
			return n
		}
	}
	return 0
}

func (s *screen) put(r rune) {
	switch {
	case r == '\r':
		s.x = 0
	case r == '\n':
		s.down()
	case r < ' ':
		s.err = fmt.Errorf("an unknown control character: %q", r)
	default:
		if s.x >= s.width {
			s.rows[s.top()+s.y].wraps = true
			s.x = 0
			s.down()
		}
		at := &s.rows[s.top()+s.y]
		for len(at.text) <= s.x {
			at.text = append(at.text, ' ')
		}
		at.text[s.x] = r
		s.x++
	}
}

// down moves the cursor down, and what is above it up at the end of the screen.
func (s *screen) down() {
	if s.y++; s.y == s.height {
		s.y--
		s.rows = append(s.rows, row{})
	}
}

// resize changes the size as terminals do: rows go at the bottom, if they are blank, and then at the top. The cursor stays
// with its text. The saved place stays where it is, as with the simplest of them.
func (s *screen) resize(width, height int) {
	at := s.top() + s.y
	if s.reflows {
		at = s.reflow(width, at)
	} else {
		for i := range s.rows {
			s.rows[i].text = s.rows[i].text[:min(len(s.rows[i].text), width)]
		}
	}
	for n := s.height - height; n > 0 && len(s.rows) > at+1 && len(s.rows[len(s.rows)-1].text) == 0; n-- {
		s.rows = s.rows[:len(s.rows)-1]
	}
	for len(s.rows) < height {
		s.rows = append(s.rows, row{})
	}
	s.width, s.height = width, height
	if s.y = at - s.top(); s.y < 0 { // of an xterm: what is below the cursor goes rather than the cursor's line
		s.rows = s.rows[:at+height]
		s.y = 0
	}
	s.x = min(s.x, width-1)
}

// reflow wraps all lines anew and returns where the row at, with the cursor at its beginning, is now.
func (s *screen) reflow(width, at int) int {
	var rows []row
	now := 0
	for i := 0; i < len(s.rows); i++ {
		var line []rune
		begin := i
		for ; s.rows[i].wraps; i++ {
			line = append(line, s.rows[i].text...)
		}
		line = append(line, s.rows[i].text...)
		if begin <= at && at <= i {
			now = len(rows) + (at-begin)*s.width/width
		}
		for len(line) > width {
			rows = append(rows, row{line[:width:width], true})
			line = line[width:]
		}
		rows = append(rows, row{line, false})
	}
	s.rows = rows
	return now
}
