package main

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/wirecost/wirecost/records/sample"
)

// A wire is how encoded records stand in a file: the flag --format.
type wire struct {
	name string
	// put appends a record's encoding to dst as the file has it.
	put func(dst, record []byte) []byte
	// next reads a record's encoding. It returns io.EOF behind the last one, and a recordError for one behind which the next
	// can be read. nil if the form cannot be read.
	next func(r *bufio.Reader) ([]byte, error)
}

var wires = []wire{
	{"hex", func(dst, b []byte) []byte { return append(hex.AppendEncode(dst, b), '\n') }, nextHex},
	{"base64", func(dst, b []byte) []byte { return append(base64.StdEncoding.AppendEncode(dst, b), '\n') }, nextBase64},
	{"raw", func(dst, b []byte) []byte { return append(binary.BigEndian.AppendUint32(dst, uint32(len(b))), b...) }, nextRaw},
	{"len", func(dst, b []byte) []byte { return append(strconv.AppendInt(dst, int64(len(b)), 10), '\n') }, nil},
}

func wireNames() []string {
	var names []string
	for _, w := range wires {
		names = append(names, w.name)
	}
	return names
}

func wireOf(name string) (wire, error) {
	for _, w := range wires {
		if w.name == name {
			return w, nil
		}
	}
	return wire{}, fmt.Errorf("--format %q: there are hex, base64, raw and len", name)
}

// maxLine is how long a line may be: twice the largest record in hex, and no endless file.
const maxLine = 256 << 20

// line reads a line without its end. The last one need not have one.
func line(r *bufio.Reader) ([]byte, error) { return sample.Line(r, nil, maxLine) }

// A recordError is of one record, which ends where it should.
type recordError struct{ error }

func nextHex(r *bufio.Reader) ([]byte, error) { return decodedLine(r, hex.AppendDecode) }

func nextBase64(r *bufio.Reader) ([]byte, error) {
	return decodedLine(r, base64.StdEncoding.AppendDecode)
}

// decodedLine reads a line and returns what it decodes to.
func decodedLine(r *bufio.Reader, decode func(dst, src []byte) ([]byte, error)) ([]byte, error) {
	b, err := line(r)
	if err != nil {
		return nil, err
	}
	if b, err = decode(nil, b); err != nil {
		return nil, recordError{err}
	}
	return b, nil
}

// nextRaw reads a length and as many bytes, and allocates no more than there are.
func nextRaw(r *bufio.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		if err == io.ErrUnexpectedEOF {
			err = errors.New("the input ends within a length")
		}
		return nil, err
	}
	n := int64(binary.BigEndian.Uint32(head[:]))
	b, err := io.ReadAll(io.LimitReader(r, min(n, maxLine+1)))
	switch {
	case err == nil && len(b) > maxLine:
		err = fmt.Errorf("a record of %d bytes: at most %d are read", n, maxLine)
	case err == nil && int64(len(b)) < n:
		err = fmt.Errorf("the input ends after %d of %d bytes", len(b), n)
	}
	return b, err
}
