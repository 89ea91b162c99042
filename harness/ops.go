package harness

import (
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

// An Op is what one operation of a codec cell does.
type Op string

// The ops; package measure says what is inside the timed region of each.
const (
	Encode      Op = results.OpEncode
	Decode      Op = results.OpDecode
	DecodeReuse Op = results.OpDecodeReuse
	Convert     Op = results.OpConvert
	Copy        Op = results.OpCopy // of Flink's runtimes alone
	Hash        Op = results.OpHash // of no codec: where a keyBy sends a record
	Move        Op = results.OpMove

	// The parts of an exchange that can be taken apart; package exchange says what each does.
	Write    Op = results.OpWrite
	HandOver Op = results.OpHandOver
	Read     Op = results.OpRead
)

// Ops lists the ops of codec cells of Go, in the order reports show them.
var Ops = []Op{Encode, Decode, DecodeReuse, Convert}

// Task returns the task of op: n operations, and the sum of their records' encoded lengths. A codec whose native record is
// the schema's struct has nothing to convert, which is a measure.NotCarried.
func (b *Bound) Task(op Op) (*measure.Task, error) {
	work, err := b.work(op)
	if err != nil {
		return nil, err
	}
	return &measure.Task{Prove: b.Prove, Work: work, Ring: len(b.Natives), Set: b.Set}, nil
}

func (b *Bound) work(op Op) (func(n int) (int64, error), error) {
	switch op {
	case Encode:
		return b.encodes, nil
	case Decode:
		return b.decodesFresh, nil
	case DecodeReuse:
		return b.decodesReuse, nil
	case Convert:
		conv, ok := b.Codec.(codecs.Converter)
		if !ok {
			return nil, measure.NotCarried{Err: errors.New("takes the schema's struct as it is: there is nothing to convert")}
		}
		return func(n int) (int64, error) { return b.converts(conv, n) }, nil
	}
	return nil, fmt.Errorf("op %q: there are %v", op, Ops)
}

func (b *Bound) encodes(n int) (sum int64, err error) {
	buf := b.buf
	for i := 0; n > 0; n-- {
		out, err := b.timed.Append(buf, b.Natives[i])
		if err != nil {
			return sum, err
		}
		sum += int64(len(out))
		if i++; i == len(b.Natives) {
			i = 0
		}
	}
	return sum, nil
}

func (b *Bound) decodesFresh(n int) (sum int64, err error) {
	fresh := b.fresh()
	for i := 0; n > 0; n-- {
		src := b.Encoded[i]
		if err := b.timed.Decode(src, fresh()); err != nil {
			return sum, err
		}
		sum += int64(len(src))
		if i++; i == len(b.Encoded) {
			i = 0
		}
	}
	return sum, nil
}

// fresh returns what makes a new native record, chosen outside the loop.
func (b *Bound) fresh() func() any {
	if conv, ok := b.Codec.(codecs.Converter); ok {
		return conv.NewRecord
	}
	return b.Subject.Type.New
}

func (b *Bound) decodesReuse(n int) (sum int64, err error) {
	v := b.used
	for i := 0; n > 0; n-- {
		src := b.Encoded[i]
		if err := b.timed.Decode(src, v); err != nil {
			return sum, err
		}
		sum += int64(len(src))
		if i++; i == len(b.Encoded) {
			i = 0
		}
	}
	return sum, nil
}

// converts goes from the schema's struct to a fresh native record and back to a fresh struct. The sum is that of the
// records' encodings, as for the other ops.
func (b *Bound) converts(conv codecs.Converter, n int) (sum int64, err error) {
	for i := 0; n > 0; n-- {
		native := conv.NewRecord()
		if err := conv.FromStruct(native, b.Subject.Records[i]); err != nil {
			return sum, err
		}
		if err := conv.ToStruct(b.Subject.Type.New(), native); err != nil {
			return sum, err
		}
		sum += int64(len(b.Encoded[i]))
		if i++; i == len(b.Encoded) {
			i = 0
		}
	}
	return sum, nil
}
