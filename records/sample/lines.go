package sample

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/wirecost/wirecost/schemas/access"
)

// Lines are records as JSON, one a line. Blank lines are passed over.
type lines struct {
	in   *bufio.Reader
	name string
	typ  *access.Type

	buf  []byte
	n    int  // of the line read last, from 1
	rest bool // that line was too long, and has not been read to its end
}

func (l *lines) place() string { return fmt.Sprintf("%s:%d", l.name, l.n) }

func (l *lines) next(r access.Ref) error {
	for {
		if err := l.pass(); err != nil {
			return err
		}
		line, err := Line(l.in, l.buf, MaxUnit)
		if err == io.EOF {
			return err
		}
		l.n++
		switch {
		case errors.As(err, new(errLong)):
			l.rest = true
			return faultAt(l.place(), err)
		case err != nil:
			return fmt.Errorf("%s: %w", l.place(), err)
		}
		l.buf = line
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := access.ParseSparse(l.typ, line, r); errors.Is(err, access.ErrEnds) {
			return faultAt(l.place(), fmt.Errorf("%w: each record stands on one line, as jq -c writes it", err))
		} else if err != nil {
			return faultAt(l.place(), err)
		}
		return nil
	}
}

// pass passes the rest of a line that was too long.
func (l *lines) pass() error {
	for l.rest {
		switch _, err := l.in.ReadSlice('\n'); err {
		case nil, io.EOF:
			l.rest = false
		case bufio.ErrBufferFull:
		default:
			return fmt.Errorf("%s: %w", l.place(), err)
		}
	}
	return nil
}
