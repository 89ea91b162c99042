package measure

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Serve is the inside of a worker: it reads requests from in, one a line, until it ends, and answers each with one line to
// out. open prepares the cell of a request; its error, like any error of the task or of the line, is an answer. Serve
// returns what keeps it from answering.
func Serve(in io.Reader, out io.Writer, c Clock, open func(Request) (*Task, error)) error {
	for lines := bufio.NewReader(in); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("request: %w", err)
		}
		if len(bytes.TrimSpace(line)) > 0 {
			if _, err := fmt.Fprintln(out, answer(serveLine(c, line, open))); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

// serveLine answers one line.
func serveLine(c Clock, line []byte, open func(Request) (*Task, error)) (Sample, error) {
	request := json.NewDecoder(bytes.NewReader(line))
	request.DisallowUnknownFields()
	var r Request
	if err := request.Decode(&r); err != nil {
		return Sample{}, fmt.Errorf("request: %w", err)
	}
	if request.More() {
		return Sample{}, errors.New("request: more than one on a line")
	}
	return do(c, r, open)
}

// do answers one request.
func do(c Clock, r Request, open func(Request) (*Task, error)) (s Sample, err error) {
	t, err := open(r)
	if err != nil {
		return Sample{}, err
	}
	if t.Close != nil {
		defer func() {
			if e := t.Close(); err == nil {
				err = e
			}
		}()
	}
	return t.do(c, r)
}

// do answers r with a result line.
func (t *Task) do(c Clock, r Request) (Sample, error) {
	switch r.Mode {
	case Prove:
		return t.proved(r)
	case Calibrate:
		timing, err := t.Calibrate(c)
		return t.timed(r, timing), err
	case Count:
		tally, err := t.Count(c)
		return Sample{r.Cell, tally.N, []Value{{float64(tally.Bytes), UnitBytes}, {float64(tally.Allocs), UnitAllocs}}}, err
	case Time:
		timing, err := t.Time(c, r.N)
		return t.timed(r, timing), err
	}
	return Sample{}, fmt.Errorf("unknown mode %q", r.Mode)
}

func (t *Task) proved(r Request) (Sample, error) {
	s := Sample{r.Cell, t.Ring, t.sizes()}
	if t.Prove == nil {
		return s, nil
	}
	return s, t.Prove()
}

// timed returns the result line of a timing: sizes are a codec's, what went over the wire is an exchange's.
func (t *Task) timed(r Request, got Timing) Sample {
	n := float64(got.N)
	s := Sample{r.Cell, got.N, []Value{{float64(got.Wall) / n, UnitWall}, {float64(got.CPU) / n, UnitCPU}}}
	switch {
	case t.NoBytes:
	case !r.IsExchange():
		s.Values = append(s.Values, t.sizes()...)
	case t.Wire != nil:
		s.Values = append(s.Values, Value{float64(got.Wire) / n, UnitWire})
	}
	return s
}

func (t *Task) sizes() []Value {
	return []Value{{float64(t.Set) / float64(t.Ring), UnitSize}, {float64(t.Set), UnitSet}}
}
