//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// A terminal is a program in a pseudo-terminal, with what its screen shows.
type terminal struct {
	t    *testing.T
	file *os.File
	cmd  *exec.Cmd

	mu      sync.Mutex
	screen  *screen
	written bytes.Buffer  // by the program, and echoed
	changed chan struct{} // closed at the next write, and for good at the end
	ended   bool
}

// prompt is what stands on the screen before the program.
const prompt = "$ wirecost"

// terminalOf starts wirecost in a terminal, at the bottom of its screen.
func terminalOf(t *testing.T, width, height int, reflows bool, env []string, args ...string) *terminal {
	t.Helper()
	path, err := exec.LookPath("wirecost")
	if err != nil {
		t.Fatal(err)
	}
	takesHangups(t)
	term := &terminal{t: t, cmd: exec.CommandContext(t.Context(), path, args...), screen: newScreen(width, height, reflows), changed: make(chan struct{})}
	term.screen.Write([]byte(strings.Repeat("\r\n", height) + prompt + "\r\n"))
	term.cmd.Env = append(os.Environ(), append([]string{"TERM=xterm"}, env...)...)
	term.file, err = pty.StartWithSize(term.cmd, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)})
	if err != nil {
		t.Skipf("no pseudo-terminal here: %v", err)
	}
	t.Cleanup(func() { term.file.Close() })
	go term.read()
	return term
}

// takesHangups lets programs that this test starts be hung up, though nohup runs the test.
func takesHangups(t *testing.T) {
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP) // what a process handles, its children do not ignore
	t.Cleanup(func() { signal.Stop(hangups) })
}

// read shows what the program writes until it ends.
func (term *terminal) read() {
	for buf := make([]byte, 4096); ; {
		n, err := term.file.Read(buf)
		term.mu.Lock()
		term.screen.Write(buf[:n])
		term.written.Write(buf[:n])
		term.ended = err != nil
		close(term.changed)
		term.changed = make(chan struct{})
		term.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// until waits until ok of what was written so far.
func (term *terminal) until(what string, ok func(written string) bool) {
	term.t.Helper()
	deadline := time.After(time.Minute)
	for {
		term.mu.Lock()
		written, ended, changed := term.written.String(), term.ended, term.changed
		term.mu.Unlock()
		if ok(written) {
			return
		}
		if ended {
			term.t.Fatalf("the program has ended without %s: …%q", what, tail(written))
		}
		select {
		case <-changed:
		case <-deadline:
			term.cmd.Process.Kill()
			term.t.Fatalf("no %s within a minute: …%q", what, tail(written))
		}
	}
}

// tail returns the end of a text.
func tail(text string) string { return text[max(0, len(text)-2000):] }

// await waits until a pattern was written.
func (term *terminal) await(pattern string) {
	term.t.Helper()
	term.until(pattern, regexp.MustCompile(pattern).MatchString)
}

// drawn waits until the bar has been drawn twice more, once at least behind what the user has done before, and to its end:
// what comes next is a sample away.
func (term *terminal) drawn() {
	term.t.Helper()
	const mark = " %, "
	term.mu.Lock()
	before := strings.Count(term.written.String(), mark)
	term.mu.Unlock()
	term.until("another bar", func(written string) bool {
		whole := strings.HasSuffix(written, restoreCursor) && !strings.HasSuffix(written, clearBelow+restoreCursor)
		return whole && strings.Count(written, mark) >= before+2
	})
}

// types has the user type keys.
func (term *terminal) types(keys string) {
	term.t.Helper()
	if _, err := term.file.WriteString(keys); err != nil {
		term.t.Fatal(err)
	}
}

// resize changes the size of the terminal.
func (term *terminal) resize(width, height int) {
	term.t.Helper()
	term.mu.Lock()
	defer term.mu.Unlock()
	term.screen.resize(width, height)
	if err := pty.Setsize(term.file, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}); err != nil {
		term.t.Fatal(err)
	}
}

// end waits for the end of the program. It returns its exit status, what the screen shows below the prompt, and all that
// was written.
func (term *terminal) end() (code int, shows, written string) {
	term.t.Helper()
	term.until("its end", func(string) bool { return term.isOver() })
	term.cmd.Wait()
	if term.screen.err != nil {
		term.t.Error(term.screen.err)
	}
	text := term.screen.text()
	_, shows, found := strings.Cut(text, prompt+"\n")
	if !found {
		term.t.Errorf("what was on the screen before is gone:\n%s", text)
	}
	return term.cmd.ProcessState.ExitCode(), shows, term.written.String()
}

func (term *terminal) isOver() bool {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.ended
}

// A run that is over soon, and one that is interrupted.
var (
	short   = []string{"run", "--rounds", "1", "--codec", "avro", "--ops", "encode"}
	endless = []string{"run", "--rounds", "100000", "--codec", "avro,json", "--ops", "encode"}
)

// What the screen shows after a run, and nothing else.
var (
	afterShort = regexp.MustCompile(`^wirecost: 2 cells, 1 round, about \d+s
(?:WARNING: another run (?s:.*?)\n\n)?nexmark\.Bid: 1024 records, 1 round

Bytes +156\.2 B a record with avro
[^[\]^]*$`)
	afterEndless = regexp.MustCompile(`^wirecost: 3 cells, 100000 rounds, about [\dhms]+
(?:WARNING: another run (?s:.*?)\n\n)?nexmark\.Bid: 1024 records, [1-9]\d* rounds?

Bytes +avro is smallest, [^[\]^]*
wirecost: interrupted$`)
)

func TestTerminal(t *testing.T) {
	const bar = `\x1b7(prove|calibrate) +\[=*-+\] +\d+ %, avro\x1b8`
	resized := func(term *terminal) {
		term.await(`after 1 round, encode:`)
		term.drawn()
		for _, size := range [][2]int{{70, 30}, {52, 24}, {90, 24}, {60, 10}} {
			term.resize(size[0], size[1])
			term.drawn()
		}
		term.types("\x03")
	}
	for _, tt := range []struct {
		name    string
		args    []string
		env     []string
		reflows bool // the terminal
		during  func(*terminal)
		code    int
		after   *regexp.Regexp
	}{
		{name: "a run", args: short, after: afterShort, during: func(term *terminal) {
			term.await(bar)
			term.await(`\x1b7measure +\[=*-+\] +\d+ %, \d+s left, avro\x1b8`)
		}},
		{name: "NO_COLOR", args: short, env: []string{"NO_COLOR=1"}, after: afterShort, during: func(term *terminal) { term.await(bar) }},
		{name: "Enter", args: endless, code: exitInterrupted, after: afterEndless, during: func(term *terminal) {
			term.await(`\x1b7measure`)
			for range 5 {
				term.types("\r")
				term.drawn()
			}
			term.types("what?\r\r")
			term.drawn()
			term.await(`after \d+ rounds, encode:\s+1 +avro +\d+ ns\s+2 +json +\d+ ns\x1b8`)
			term.types("\x03")
		}},
		{name: "ctrl-C", args: endless, code: exitInterrupted, after: afterEndless, during: func(term *terminal) {
			term.await(`after 2 rounds, encode:`)
			term.types("\x03")
		}},
		{name: "ctrl-C before the first sample", args: endless, code: exitInterrupted, after: regexp.MustCompile(`^(?:wirecost: 3 cells, .*\n)?(?:WARNING: another run (?s:.*?)\n\n)?nexmark\.Bid: 1024 records(?s:.*)\nwirecost: interrupted$`),
			during: func(term *terminal) {
				term.await(bar)
				term.types("\x03")
			}},
		{name: "resized", args: endless, code: exitInterrupted, after: afterEndless, during: resized},
		{name: "resized, lines wrapped anew", args: endless, reflows: true, code: exitInterrupted, after: afterEndless, during: resized},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			term := terminalOf(t, 100, 40, tt.reflows, tt.env, tt.args...)
			tt.during(term)
			code, shows, _ := term.end()
			if code != tt.code || !tt.after.MatchString(shows) {
				t.Errorf("exit status %d, want %d; the screen shows\n%s\nwant %s", code, tt.code, shows, tt.after)
			}
		})
	}
}

// A terminal that obeys nothing gets the plan and the report.
func TestDumbTerminal(t *testing.T) {
	term := terminalOf(t, 100, 40, false, []string{"TERM=dumb"}, short...)
	code, shows, written := term.end()
	if code != exitOK || !afterShort.MatchString(shows) || strings.Contains(written, "\x1b") {
		t.Errorf("exit status %d; wrote %q", code, written)
	}
}

// A terminal that is closed interrupts: what was complete is kept.
func TestTerminalClosed(t *testing.T) {
	out := filepath.Join(t.TempDir(), "results.txt")
	term := terminalOf(t, 100, 40, false, nil, append(endless, "--out", out)...)
	term.await(`after 1 round, encode:`)
	term.file.Close()
	term.cmd.Wait()
	if code := term.cmd.ProcessState.ExitCode(); code != exitInterrupted {
		t.Errorf("exit status %d, want %d", code, exitInterrupted)
	}
	text, err := os.ReadFile(out)
	if err != nil || !bytes.Contains(text, []byte("codec=json/")) {
		t.Errorf("%s: %v, without a complete round:\n%s", out, err, text)
	}
}
