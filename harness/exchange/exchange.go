// Package exchange moves records between the subtasks of operators, as keyBy does: key, key group, channel, encode,
// frame, hand over, decode. It holds no clock: harness/measure times it.
//
// A job is a source, a number of stages and a sink, each of Parallelism subtasks. A stage is an exchange and an operator
// that does nothing but count. The exchanges:
//
//	chain   hands the record itself to the next operator; there are no bytes and no keys
//	local   what Flink does between subtasks inside one JVM: records are encoded into 32 KiB buffers, each behind its
//	        length and a tag, and whole buffers are handed to the goroutine of the subtask that the key chose
//
// In Flink's layout (RecordWriter, StreamElementSerializer, BufferWritingResultPartition of Flink 1.20 to 2.3) a record
// is u32 length, u8 tag, [i64 timestamp], value, big-endian, back to back; a record that does not fit goes on in the
// next buffer, inside its length too. Tag 0 has a timestamp, which the sources of Flink set by default, tag 1 none.
package exchange

import (
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
)

// A Kind names how records travel between two operators.
type Kind string

// The kinds.
const (
	Chain Kind = "chain"
	Local Kind = "local"
)

// Kinds lists every kind, with a line for `wirecost list`.
var Kinds = []struct {
	Kind Kind
	Doc  string
}{
	{Chain, "operators in one task: the record is handed over, no bytes"},
	{Local, "subtasks in one process: encode into 32 KiB buffers, hand them over, decode; what Flink does inside one JVM"},
}

// A KeyHash returns the Java hashCode of a native record's key.
type KeyHash func(record any) (int32, error)

// DefaultParallelism is the number of subtasks of an operator when a Config does not say.
const DefaultParallelism = 2

// A Config says what a job moves, and how.
type Config struct {
	Kind           Kind
	Keybys         int  // exchanges between source and sink
	Parallelism    int  // subtasks of each operator; 0 means 2
	MaxParallelism int  // key groups; 0 means Flink's default for the parallelism
	NoTimestamps   bool // leave out the 8 bytes that Flink's sources add

	Records []any // native records; the source sends them over and over

	// The rest is for exchanges that encode. Each subtask gets its own codec and key function.
	New       func() (codecs.Codec, error)
	NewRecord func() any
	Key       func() (KeyHash, error)
	Aliases   bool // decoded records share memory with their bytes
}

// Overhead returns the bytes that an exchange of kind k adds to each record.
func (c Config) Overhead() int {
	switch {
	case c.Kind == Chain:
		return 0
	case c.NoTimestamps:
		return 5
	}
	return 13
}

func (c Config) withDefaults() (Config, error) {
	if c.Parallelism == 0 {
		c.Parallelism = DefaultParallelism
	}
	if c.MaxParallelism == 0 {
		c.MaxParallelism = keygroup.DefaultMaxParallelism(c.Parallelism)
	}
	switch {
	case c.Kind != Chain && c.Kind != Local:
		return c, fmt.Errorf("exchange %q: there are chain and local", c.Kind)
	case len(c.Records) == 0:
		return c, errors.New("an exchange needs records")
	case c.Keybys < 0 || c.Parallelism < 0 || c.Parallelism > c.MaxParallelism:
		return c, fmt.Errorf("%d keyBys, parallelism %d of at most %d: out of range", c.Keybys, c.Parallelism, c.MaxParallelism)
	case c.Kind != Chain && (c.New == nil || c.NewRecord == nil || c.Key == nil):
		return c, fmt.Errorf("exchange %s needs a codec and a key", c.Kind)
	}
	return c, nil
}

// A collector is what an operator hands its output to.
type collector interface {
	collect(record any, timestamp int64) error
	mark(stop bool) // everything up to here was collected; after a stop nothing follows
}
