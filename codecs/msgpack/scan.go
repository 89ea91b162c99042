package msgpack

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
)

// maxDepth is how deep a value may nest, as in encoding/json.
const maxDepth = 10_000

var (
	errTruncated = errors.New("the record ends within a value")
	errDeep      = fmt.Errorf("nested more than %d deep", maxDepth)
)

// scan reports why src is not one well-formed msgpack value without extension types. Both libraries believe any count
// that they read: five bytes make them ask for gigabytes, or end the process. After a scan no count is larger than the
// bytes that follow it.
func scan(src []byte) error {
	open, containers, i := 1, 0, 0 // open values are still to be read
	for ; open > 0; open-- {
		if i >= len(src) {
			return errTruncated
		}
		size, children, err := head(src[i:])
		if err != nil {
			return err
		}
		if i += size; i > len(src) {
			return errTruncated
		}
		if children == 0 {
			continue
		}
		containers++
		if open += children; open-1 > len(src)-i {
			return errTruncated
		}
	}
	switch {
	case i < len(src):
		return codecs.ErrTrailing
	case containers > maxDepth:
		return checkDepth(src)
	}
	return nil
}

// checkDepth reports whether src, which is well-formed, nests too deep.
func checkDepth(src []byte) error {
	left := []int{1} // values still to be read, per level
	for i := 0; len(left) > 0; {
		if left[len(left)-1] == 0 {
			left = left[:len(left)-1]
			continue
		}
		left[len(left)-1]--
		size, children, err := head(src[i:])
		if err != nil {
			return err
		}
		i += size
		if children == 0 {
			continue
		}
		if left = append(left, children); len(left)-1 > maxDepth {
			return errDeep
		}
	}
	return nil
}

// head returns how many bytes the value that src begins with takes without its children, and how many children it has.
// src is not empty, but may be too short for the value.
func head(src []byte) (size, children int, err error) {
	switch c := src[0]; {
	case c < 0x80 || c >= 0xe0 || c == 0xc0 || c == 0xc2 || c == 0xc3: // small integers, nil, booleans
		return 1, 0, nil
	case c < 0x90:
		return 1, 2 * int(c&0xf), nil
	case c < 0xa0:
		return 1, int(c & 0xf), nil
	case c < 0xc0:
		return 1 + int(c&0x1f), 0, nil
	case c >= 0xca && c <= 0xd3:
		return numberSizes[c-0xca], 0, nil
	case c >= 0xc4 && c <= 0xc6:
		n, width, err := length(src, 1<<(c-0xc4))
		return width + n, 0, err
	case c >= 0xd9 && c <= 0xdb:
		n, width, err := length(src, 1<<(c-0xd9))
		return width + n, 0, err
	case c == 0xdc || c == 0xdd:
		n, width, err := length(src, 2<<(c-0xdc))
		return width, n, err
	case c == 0xde || c == 0xdf:
		n, width, err := length(src, 2<<(c-0xde))
		return width, 2 * n, err
	}
	return 0, 0, fmt.Errorf("byte %#x begins no value that a record has", src[0])
}

// numberSizes are those of float32, float64, uint8 to uint64 and int8 to int64, code included.
var numberSizes = [...]int{5, 9, 2, 3, 5, 9, 2, 3, 5, 9}

// length reads a length of width bytes behind the code, and returns it and the size of both.
func length(src []byte, width int) (n, size int, err error) {
	if len(src) <= width {
		return 0, 0, errTruncated
	}
	switch width {
	case 1:
		n = int(src[1])
	case 2:
		n = int(binary.BigEndian.Uint16(src[1:]))
	default:
		n = int(binary.BigEndian.Uint32(src[1:]))
	}
	return n, 1 + width, nil
}
