package measure

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"

	"github.com/wirecost/wirecost/harness/results"
)

// A Resident is a Worker whose programs answer several requests: what a JIT compiler has learnt of a cell is part of what is
// measured. A program is started for the first request of a key and asked the others of that key, too. One that ends, or is ended
// with the context of a request, says nothing of other requests: the next starts another.
type Resident struct {
	Core Core
	// Key names the program that answers a request.
	Key func(Request) string
	// Span names the time that programs stay for: a request of another one ends them all first. nil: they stay until Close.
	Span func(Request) string
	// Command returns that program, with its arguments. Its error is a fact about the cell.
	Command func(Request) ([]string, error)
	// Env is the environment of the programs; nil is that of this one.
	Env []string
	// Line returns the line that asks it.
	Line func(Request) ([]byte, error)

	mu       sync.Mutex
	span     string
	programs map[string]*resident
	all      []*resident
	closed   bool
}

// Do asks the program of r, which is started if need be.
func (p *Resident) Do(ctx context.Context, r Request) (results.Sample, error) {
	line, err := p.Line(r)
	if err != nil {
		return results.Sample{}, err
	}
	key := p.Key(r)
	x, err := p.program(key, r)
	if err != nil {
		return results.Sample{}, err
	}
	clock := System()
	start := clock.Wall()
	answer, err := x.ask(ctx, line)
	if err != nil {
		p.forget(key, x)
		return results.Sample{}, err
	}
	s, err := parseAnswer(answer)
	if errors.As(err, new(garbled)) { // what it says next may be the answer to this
		p.forget(key, x)
	}
	if err == nil && r.Mode == Calibrate {
		took := float64(clock.Wall() - start)
		open := took // which each program pays again
		if p.Span == nil {
			open = 0
		}
		s.Values = append(s.Values, results.Value{Value: open, Unit: unitOpen}, results.Value{Value: took, Unit: unitWork},
			results.Value{Value: counters, Unit: unitCounted})
	}
	return s, err
}

// Close ends all programs.
func (p *Resident) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.endAll()
}

func (p *Resident) endAll() {
	for _, x := range p.all {
		x.end()
	}
}

// program returns the program of key.
func (p *Resident) program(key string, r Request) (*resident, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Span != nil && p.Span(r) != p.span {
		p.endAll()
		p.span, p.programs, p.all = p.Span(r), nil, nil
	}
	switch {
	case p.closed:
		return nil, errors.New("the worker is closed")
	case p.programs[key] != nil:
		return p.programs[key], nil
	}
	argv, err := p.Command(r)
	if err != nil {
		return nil, err
	}
	x, err := p.start(argv)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", argv[0], err)
	}
	if p.programs == nil {
		p.programs = map[string]*resident{}
	}
	p.programs[key] = x
	p.all = append(p.all, x)
	return x, nil
}

// forget ends a program that did not answer.
func (p *Resident) forget(key string, x *resident) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.programs[key] == x {
		delete(p.programs, key)
	}
	x.end()
}

// A resident is one program.
type resident struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	lines  chan string   // of its output; closed at the end of it
	ended  chan struct{} // closed when the process is gone
	err    error         // once it is
	stderr *head
	mu     sync.Mutex // one question at a time
}

// longestAnswer is what a line of output may take: garbage has no end.
const longestAnswer = 1 << 20

func (p *Resident) start(argv []string) (*resident, error) {
	x := &resident{cmd: exec.Command(argv[0], argv[1:]...), lines: make(chan string), ended: make(chan struct{}), stderr: &head{limit: stderrLimit}}
	x.cmd.Env, x.cmd.Stderr, x.cmd.SysProcAttr = p.Env, x.stderr, ownGroup
	var err error
	if x.in, err = x.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := x.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.Core.start(x.cmd.Start); err != nil {
		return nil, err
	}
	go x.read(out)
	return x, nil
}

// read hands over the lines of out, and waits for the end of the process.
func (x *resident) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, longestAnswer)
	for lines.Scan() {
		x.lines <- lines.Text()
	}
	close(x.lines)
	if lines.Err() != nil {
		x.cmd.Process.Kill()
	}
	x.err = x.cmd.Wait()
	close(x.ended)
}

// ask sends a line and returns the one that answers it.
func (x *resident) ask(ctx context.Context, line []byte) (string, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	go x.in.Write(append(line, '\n')) // a program that does not read is one that does not answer
	select {
	case answer, ok := <-x.lines:
		if ok {
			return answer, nil
		}
		<-x.ended
		return "", x.died()
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// died says why a process is gone, with its last words.
func (x *resident) died() error {
	err := cmp.Or(x.err, errors.New("it ended without an answer"))
	if words := results.OneLine(x.stderr.String()); words != "" {
		return fmt.Errorf("worker: %w: %s", err, words)
	}
	return fmt.Errorf("worker: %w", err)
}

// end kills the process and waits for its end.
func (x *resident) end() {
	x.cmd.Process.Kill()
	for range x.lines { // which nobody wants any more
	}
	<-x.ended
}
