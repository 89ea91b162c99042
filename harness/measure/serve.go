package measure

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/wirecost/wirecost/harness/results"
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
func serveLine(c Clock, line []byte, open func(Request) (*Task, error)) (results.Sample, error) {
	request := json.NewDecoder(bytes.NewReader(line))
	request.DisallowUnknownFields()
	var r Request
	if err := request.Decode(&r); err != nil {
		return results.Sample{}, fmt.Errorf("request: %w", err)
	}
	if request.More() {
		return results.Sample{}, errors.New("request: more than one on a line")
	}
	return do(c, r, open)
}

// do answers one request.
func do(c Clock, r Request, open func(Request) (*Task, error)) (s results.Sample, err error) {
	begin := c.Wall()
	t, err := open(r)
	if err != nil {
		return results.Sample{}, err
	}
	opened := c.Wall()
	if t.Close != nil {
		defer func() {
			if e := t.Close(); err == nil {
				err = e
			}
		}()
	}
	s, err = t.do(c, r)
	if err == nil && r.Mode == Calibrate {
		s.Values = append(s.Values, results.Value{Value: float64(opened - begin), Unit: unitOpen}, results.Value{Value: float64(c.Wall() - begin), Unit: unitWork})
	}
	return s, err
}

// Units of the answer to a calibration, which are in no file: wall time until the task was open, and until the answer.
const (
	unitOpen  = "open-ns"
	unitWork  = "work-ns"
	unitLeast = "least-n" // operations of a sample, at least: what is done now and then must be in it

	unitCounted = "counted" // how many counts a calibration stands for
)

// do answers r with a result line.
func (t *Task) do(c Clock, r Request) (results.Sample, error) {
	switch r.Mode {
	case Prove:
		return t.proved(r)
	case Calibrate:
		return t.calibrated(c, r)
	case Count:
		tally, err := t.Count(c)
		return results.Sample{Cell: r.Cell, N: tally.N, Values: tally.values()}, err
	case Time:
		timing, err := t.Time(c, r.N)
		return t.timed(r, timing), err
	}
	return results.Sample{}, fmt.Errorf("unknown mode %q", r.Mode)
}

// calibrated times and, in a pass of its own, counts: one process less for each cell.
func (t *Task) calibrated(c Clock, r Request) (results.Sample, error) {
	timing, err := t.Calibrate(c)
	if err != nil {
		return results.Sample{}, err
	}
	ring := timing.CPU / time.Duration(timing.N/t.Ring)
	tally, err := t.tally(t.Ring * countable(ring))
	s := t.timed(r, timing)
	s.Values = append(s.Values, tally.values()...)
	return s, err
}

func (t Tally) values() []results.Value {
	return []results.Value{{Value: float64(t.Bytes), Unit: results.UnitBytes}, {Value: float64(t.Allocs), Unit: results.UnitAllocs}}
}

func (t *Task) proved(r Request) (results.Sample, error) {
	s := results.Sample{Cell: r.Cell, N: t.Ring, Values: t.sizes()}
	if t.Prove == nil {
		return s, nil
	}
	return s, t.Prove()
}

// timed returns the result line of a timing: sizes are a codec's, what went over the wire is an exchange's.
func (t *Task) timed(r Request, got Timing) results.Sample {
	n := float64(got.N)
	s := results.Sample{Cell: r.Cell, N: got.N, Values: []results.Value{{Value: float64(got.Wall) / n, Unit: results.UnitWall}, {Value: float64(got.CPU) / n, Unit: results.UnitCPU}}}
	switch {
	case t.NoBytes:
	case !r.IsExchange():
		s.Values = append(s.Values, t.sizes()...)
	case t.Wire != nil:
		if got.GC >= 0 {
			s.Values = append(s.Values, results.Value{Value: float64(got.GC) / n, Unit: results.UnitGC})
		}
		s.Values = append(s.Values, results.Value{Value: float64(got.Wire) / n, Unit: results.UnitWire})
		if t.Sent != nil {
			s.Values = append(s.Values, results.Value{Value: float64(got.Sent) / n, Unit: results.UnitSent})
		}
	}
	return s
}

func (t *Task) sizes() []results.Value {
	return []results.Value{{Value: float64(t.Set) / float64(t.Ring), Unit: results.UnitSize}, {Value: float64(t.Set), Unit: results.UnitSet}}
}
