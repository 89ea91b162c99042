package sample

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// An input is a buffered stream that counts the bytes read from it, and takes back bytes.
type input struct {
	r    *bufio.Reader
	back []byte // taken back: they come next
	at   int64  // bytes read
}

func newInput(r io.Reader) *input { return &input{r: bufio.NewReaderSize(r, 64<<10)} }

// peek returns the next n bytes, or as many as there are and why not more. It does not wait for more than n.
func (in *input) peek(n int) ([]byte, error) { return in.r.Peek(n) }

// discard passes n bytes that were peeked.
func (in *input) discard(n int) {
	n, _ = in.r.Discard(n)
	in.at += int64(n)
}

// Read implements io.Reader.
func (in *input) Read(p []byte) (n int, err error) {
	if len(in.back) > 0 {
		n = copy(p, in.back)
		in.back = in.back[n:]
	} else {
		n, err = in.r.Read(p)
	}
	in.at += int64(n)
	return n, err
}

// ReadByte implements io.ByteReader.
func (in *input) ReadByte() (b byte, err error) {
	if len(in.back) > 0 {
		b, in.back = in.back[0], in.back[1:]
	} else if b, err = in.r.ReadByte(); err != nil {
		return 0, err
	}
	in.at++
	return b, nil
}

// unread takes back bytes that were read last.
func (in *input) unread(b []byte) {
	in.back = append(append([]byte(nil), b...), in.back...)
	in.at -= int64(len(b))
}

// take reads n bytes into buf, which grows no faster than bytes come: n may be somebody's invention.
func (in *input) take(buf []byte, n int) ([]byte, error) {
	buf = buf[:0]
	for len(buf) < n {
		step := min(n-len(buf), max(64<<10, len(buf)))
		have := len(buf)
		buf = append(buf, make([]byte, step)...)
		m, err := io.ReadFull(in, buf[have:])
		if err != nil {
			return buf[:have+m], early(err)
		}
	}
	return buf, nil
}

// errTruncated says that a stream ends where it should not.
var errTruncated = errors.New("the input ends within it: it is truncated")

// early makes the end of a stream one that comes too early.
func early(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errTruncated
	}
	return err
}

// errNumber says that a variable-length number has more than 64 bits.
var errNumber = errors.New("a number of more than 64 bits")

// long reads a number as Avro's binary encoding has it. It returns io.EOF where there is no byte of it.
func (in *input) long() (int64, error) {
	var b [binary.MaxVarintLen64]byte
	for i := range b {
		c, err := in.ReadByte()
		if err != nil && i > 0 {
			err = early(err)
		}
		if err != nil {
			return 0, err
		}
		if b[i] = c; c < 0x80 {
			if v, n := binary.Varint(b[:i+1]); n > 0 {
				return v, nil
			}
			break
		}
	}
	return 0, errNumber
}

// Line reads a line into buf, without its end; the last one need not have one. It returns io.EOF behind the last one. One of
// more than most bytes is an error, and the rest of it not read: it may have no end.
func Line(r *bufio.Reader, buf []byte, most int) ([]byte, error) {
	buf = buf[:0]
	for {
		part, err := r.ReadSlice('\n')
		buf = append(buf, part...)
		switch {
		case err == bufio.ErrBufferFull && len(buf) > most:
			return nil, errLong(most)
		case err == bufio.ErrBufferFull:
			continue
		case len(buf) == 0:
			return nil, err
		case err == io.EOF:
			err = nil
		}
		for len(buf) > 0 && (buf[len(buf)-1] == '\n' || buf[len(buf)-1] == '\r') {
			buf = buf[:len(buf)-1]
		}
		return buf, err
	}
}

// An errLong says that a line is longer than so many bytes.
type errLong int

func (most errLong) Error() string {
	return fmt.Sprintf("the line is longer than %d MB", int(most)>>20)
}
