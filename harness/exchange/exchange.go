// Package exchange moves records between the subtasks of operators, as keyBy does: key, key group, channel, encode,
// frame, hand over, decode. It holds no clock: harness/measure times it.
//
// A job is a source, a number of stages and a sink, each of Parallelism subtasks. A stage is an [Exchange] and an operator
// that does nothing but count. [All] lists the exchanges of this package; one that needs a heavy client lives in a module
// of its own, with its own worker program, and implements the same two things: an Exchange and its [Collector]. Which
// subtask a record goes to is the business of a [Partitioner]; [Partitioners] lists them.
//
// Records of one channel, from one subtask to one of the next operator, arrive once and in order. What goes wrong on it is
// a [Fault], which names the channel and the record.
package exchange

import (
	"context"
	"errors"
	"fmt"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
)

// An Exchange is how records travel between the subtasks of two operators.
type Exchange struct {
	Name    string // exchange=<Name> in results
	Doc     string // one line for `wirecost list`
	Encodes bool   // records travel as bytes: a Config needs a codec, and a key if its Partitioner does
	// Program is the worker that moves records over it, with its arguments, where this program cannot: then Connect is nil
	// here, and set in the list of that program. nil: the worker of the runtime.
	Program []string
	// Framing returns the bytes that it adds to each record: lengths, tags, headers. nil: none.
	Framing func(Config) int
	// Connect puts the exchange before the operators of a stage, and returns what the subtasks of the operator before it
	// hand their output to, one for each.
	Connect func(*Stage) ([]Collector, error)
	// Parts are what it does to a record, one after the other. nil: it is not taken apart.
	Parts []Part
}

// A Part is one of the things that an exchange does to each record, without the others. Together they are all of it.
type Part struct {
	Name string // op=<Name> in results
	Doc  string
	// Open prepares it. Work does it to n records, a multiple of those in the Config, and returns the bytes that they are on
	// the exchange. Stop ends what was started.
	Open func(context.Context, Config) (work func(n int) (wire int64, err error), stop func() error, err error)
}

// All lists the exchanges, those too that another program moves records over, in the order reports show them.
var All = []Exchange{
	Chain,
	Local,
	Kafka,
}

// A Collector is what a subtask hands its output to. One goroutine at a time calls it.
type Collector interface {
	// Collect takes a record, which it does not retain when it returns. An error is one of the job.
	Collect(record any, timestamp int64) error
	// Mark says that everything before was collected: it goes the way of the records, through every channel, and an
	// operator passes it on when it came from each of its inputs. After a stop nothing follows.
	Mark(stop bool)
}

// A KeyHash returns the Java hashCode of a native record's key.
type KeyHash func(record any) (int32, error)

// DefaultParallelism is the number of subtasks of an operator when a Config does not say: two whatever the machine, so that
// the sizes of a run do not depend on it.
const DefaultParallelism = 2

// A Config says what a job moves, and how.
type Config struct {
	Exchange       Exchange
	Partitioner    Partitioner // the zero Partitioner is KeyBy
	Keybys         int         // exchanges between source and sink
	Parallelism    int         // subtasks of each operator; 0 means 2
	MaxParallelism int         // key groups; 0 means Flink's default for the parallelism
	Buffers        int         // of Segment bytes that each subtask may fill before they come back; 0 means Flink's: 2 a channel, and 8
	NoTimestamps   bool        // leave out the 8 bytes that Flink's sources add

	Records []any // native records; the source sends them over and over

	// The rest is for exchanges that encode. Each subtask gets its own codec and key function.
	New       func() (codecs.Codec, error)
	NewRecord func() any
	Key       func() (KeyHash, error)
	Other     func() (KeyHash, error) // the key of every second exchange; nil: all have Key
	Aliases   bool                    // decoded records share memory with their bytes
}

// Framing returns the bytes that the exchange of c adds to each record.
func (c Config) Framing() int {
	if c.Exchange.Framing == nil {
		return 0
	}
	return c.Exchange.Framing(c)
}

// Route returns what says to which subtask of the next operator a record goes that the given one sends. Each subtask has its
// own.
func (c Config) Route(subtask int) (func(record any) (to int, err error), error) {
	return c.Partitioner.route(c, subtask)
}

func (c Config) withDefaults() (Config, error) {
	if c.Partitioner.route == nil {
		c.Partitioner = KeyBy
	}
	if c.Parallelism == 0 {
		c.Parallelism = DefaultParallelism
	}
	if c.MaxParallelism == 0 {
		c.MaxParallelism = keygroup.DefaultMaxParallelism(c.Parallelism)
	}
	if c.Buffers == 0 {
		c.Buffers = 2*c.Parallelism + 8
	}
	switch {
	case c.Exchange.Connect == nil:
		return c, fmt.Errorf("exchange %q: this program does not move records over it", c.Exchange.Name)
	case len(c.Records) == 0:
		return c, errors.New("an exchange needs records")
	case c.Keybys < 0 || c.Parallelism < 0 || c.Parallelism > c.MaxParallelism:
		return c, fmt.Errorf("%d keyBys, parallelism %d of at most %d: out of range", c.Keybys, c.Parallelism, c.MaxParallelism)
	case c.Buffers < c.Parallelism:
		return c, fmt.Errorf("%d buffers: a subtask keeps one open for each of its %d channels", c.Buffers, c.Parallelism)
	case c.Exchange.Encodes && (c.New == nil || c.NewRecord == nil):
		return c, fmt.Errorf("exchange %s needs a codec", c.Exchange.Name)
	case c.Exchange.Encodes && c.Partitioner.Keyed && c.Key == nil:
		return c, fmt.Errorf("exchange %s needs a key", c.Exchange.Name)
	}
	return c, nil
}
