package gob

import (
	"bytes"
	"errors"
)

var errTruncated = errors.New("the record ends within a value")

// A reader reads gob's messages.
type reader struct {
	src   []byte   // what is left of a message
	after []byte   // what follows it
	defs  [][]byte // definitions of types that may stand in it
}

// message begins the next message.
func (in *reader) message() error {
	in.src, in.after = in.after, nil
	n, err := in.count(1)
	if err != nil {
		return err
	}
	in.src, in.after = in.src[:n], in.src[n:]
	return nil
}

// uint reads one of gob's unsigned integers: a byte below 128, or the negated number of bytes that follow.
func (in *reader) uint() (n uint64, err error) {
	if len(in.src) == 0 {
		return 0, errTruncated
	}
	first := in.src[0]
	if first < 0x80 {
		in.src = in.src[1:]
		return uint64(first), nil
	}
	width := -int(int8(first))
	if width > 8 || width >= len(in.src) {
		return 0, errTruncated
	}
	for _, b := range in.src[1 : 1+width] {
		n = n<<8 | uint64(b)
	}
	in.src = in.src[1+width:]
	return n, nil
}

// count reads a length or a number of parts that take least bytes each.
func (in *reader) count(least int) (int, error) {
	n, err := in.uint()
	if err != nil || n > uint64(len(in.src)/least) {
		return 0, errTruncated
	}
	return int(n), nil
}

func (in *reader) text() ([]byte, error) {
	n, err := in.count(1)
	if err != nil {
		return nil, err
	}
	text := in.src[:n]
	in.src = in.src[n:]
	return text, nil
}

// typeID reads the number of a type, as it is sent. Definitions may stand before it: gob puts one where it first needs
// the type, even within a value, and begins a new message or a new length behind it.
func (in *reader) typeID() (uint64, error) {
	for {
		at := in.src
		id, err := in.uint()
		if err != nil || id&1 == 0 {
			return id, err
		}
		if in.src = in.define(at); in.src == nil { // the number was negative
			return 0, errType
		}
		if len(in.src) == 0 {
			err = in.message()
		} else {
			_, err = in.uint()
		}
		if err != nil {
			return 0, err
		}
	}
}

// define returns what is left of src behind the definition that it begins with, nil if that is none of those known.
func (in *reader) define(src []byte) []byte {
	for _, def := range in.defs {
		if rest, ok := bytes.CutPrefix(src, def); ok {
			return rest
		}
	}
	return nil
}
