package access

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/wirecost/wirecost/schemas"
)

// ReadAvro makes the value of type t at r the one that src begins with, in Avro binary, and returns what follows it. Any
// form of blocks is read, and what no value of t is, refused. What it allocates is bounded by a multiple of src. It is for
// files of values, not for codecs.
func ReadAvro(t *Type, src []byte, r Ref) (rest []byte, err error) {
	a := avroReader{src: src, work: 1000 + 100*len(src)}
	err = a.value(t, r)
	return a.src, err
}

// An avroReader reads one value. Work falls with each value read, since elements may take no bytes.
type avroReader struct {
	src         []byte
	work, depth int
}

var errAvroEnd = errors.New("the bytes end within a value")

func (a *avroReader) take(n int64) ([]byte, error) {
	if n < 0 || n > int64(len(a.src)) {
		return nil, fmt.Errorf("%d bytes where %d are left: %w", n, len(a.src), errAvroEnd)
	}
	b := a.src[:n]
	a.src = a.src[n:]
	return b, nil
}

func (a *avroReader) long() (int64, error) {
	v, n := binary.Varint(a.src)
	switch {
	case n == 0:
		return 0, errAvroEnd
	case n < 0:
		return 0, errors.New("a number of more than 64 bits")
	}
	a.src = a.src[n:]
	return v, nil
}

// text reads a length and as many bytes.
func (a *avroReader) text() ([]byte, error) {
	n, err := a.long()
	if err != nil {
		return nil, err
	}
	return a.take(n)
}

func (a *avroReader) value(t *Type, r Ref) error {
	if a.depth++; a.depth > maxDepth {
		return errDepth
	}
	defer func() { a.depth-- }()
	if a.work--; a.work < 0 {
		return errors.New("too many values for so few bytes")
	}
	switch t.Kind {
	case schemas.Null:
		return nil
	case schemas.Record:
		return a.record(t, r)
	case schemas.Union:
		return a.union(t, r)
	case schemas.Array:
		return a.array(t, r)
	case schemas.Map:
		return a.entries(t, r)
	case schemas.Boolean, schemas.Int, schemas.Long, schemas.Enum:
		return a.number(t, r)
	}
	return a.bytes(t, r)
}

func (a *avroReader) number(t *Type, r Ref) error {
	if t.Kind == schemas.Boolean {
		b, err := a.take(1)
		if err == nil && b[0] > 1 {
			err = fmt.Errorf("%#x is no boolean", b[0])
		}
		if err == nil {
			r.SetBool(b[0] == 1)
		}
		return err
	}
	v, err := a.long()
	switch {
	case err != nil:
		return err
	case t.Kind == schemas.Long:
		r.SetLong(v)
	case t.Kind == schemas.Int && v == int64(int32(v)):
		r.SetInt(int32(v))
	case t.Kind == schemas.Enum && v >= 0 && v < int64(len(t.Node.Symbols)):
		r.SetText(t.Node.Symbols[v])
	default:
		return fmt.Errorf("%d is no %s", v, t.Node.BranchName())
	}
	return nil
}

func (a *avroReader) bytes(t *Type, r Ref) error {
	var b []byte
	var err error
	switch t.Kind {
	case schemas.Float:
		b, err = a.take(4)
	case schemas.Double:
		b, err = a.take(8)
	case schemas.Fixed:
		b, err = a.take(int64(t.Node.Size))
	default:
		b, err = a.text()
	}
	if err != nil {
		return err
	}
	switch t.Kind {
	case schemas.Float:
		r.SetFloat(math.Float32frombits(binary.LittleEndian.Uint32(b)))
	case schemas.Double:
		r.SetDouble(math.Float64frombits(binary.LittleEndian.Uint64(b)))
	case schemas.Fixed:
		copy(r.Fixed(t.Node.Size), b)
	case schemas.Bytes:
		r.SetBytes(append(make([]byte, 0, len(b)), b...))
	default:
		if !utf8.Valid(b) {
			return errUTF8
		}
		r.SetText(string(b))
	}
	return nil
}

func (a *avroReader) record(t *Type, r Ref) error {
	if t.Form == Box {
		r, t = t.MakeBox(r), t.Elem
	}
	for _, f := range t.Fields {
		if err := a.value(f.Type, r.At(f.Offset)); err != nil {
			return at(f.Name, err)
		}
	}
	return nil
}

func (a *avroReader) union(t *Type, r Ref) error {
	i, err := a.long()
	if err != nil {
		return err
	}
	if i < 0 || i >= int64(len(t.Branches)) {
		return fmt.Errorf("%d is no branch of %d", i, len(t.Branches))
	}
	v := t.SetBranch(r, int(i))
	if int(i) == t.Null {
		return nil
	}
	return a.value(t.Branches[i], v)
}

// block reads the number of elements of the next block, 0 at the end.
func (a *avroReader) block() (int, error) {
	n, err := a.long()
	if err == nil && n < 0 {
		n = -n
		_, err = a.long() // its size in bytes
	}
	if err == nil && (n < 0 || n > int64(a.work)) {
		err = fmt.Errorf("a block of %d elements in %d bytes", n, len(a.src))
	}
	return int(n), err
}

// array reads elements one by one: their number is known only at the end.
func (a *avroReader) array(t *Type, r Ref) error {
	t.MakeSlice(r, 0)
	for i := 0; ; {
		n, err := a.block()
		if n == 0 || err != nil {
			return err
		}
		for range n {
			if err := a.value(t.Elem, t.extend(r, i)); err != nil {
				return at(fmt.Sprintf("[%d]", i), err)
			}
			i++
		}
	}
}

func (a *avroReader) entries(t *Type, r Ref) error {
	t.MakeMap(r, 0)
	for {
		n, err := a.block()
		if n == 0 || err != nil {
			return err
		}
		for range n {
			key, err := a.text()
			if err == nil && !utf8.Valid(key) {
				err = errUTF8
			}
			if err != nil {
				return err
			}
			v := t.Elem.Alloc()
			if err := a.value(t.Elem, v); err != nil {
				return at(fmt.Sprintf("{%q}", key), err)
			}
			if !t.Put(r, string(key), v) {
				return fmt.Errorf("key %q stands twice", key)
			}
		}
	}
}
