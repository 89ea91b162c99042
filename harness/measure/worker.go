package measure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// A Mode says what a worker does with a cell.
type Mode string

// The modes, in the order in which a run uses them.
const (
	Prove     Mode = "prove"     // every record comes back equal; answers B/record and B/set
	Calibrate Mode = "calibrate" // how long an operation takes, roughly; answers ns/op and cpu-ns/op
	Count     Mode = "count"     // answers B/op and allocs/op over 20 rings
	Time      Mode = "time"      // answers ns/op and cpu-ns/op of Request.N operations
)

// A Request is one line to a worker, in JSON. Its answer is one line too: a result line, or {"error": …}.
type Request struct {
	Mode Mode `json:"mode"`
	N    int  `json:"n,omitempty"` // operations to time, a multiple of Records; Time only
	results.Cell
	Data

	// Twin says that the cell is asked for as the second copy of the reference, which a worker that stays keeps apart. It is
	// not sent.
	Twin bool `json:"-"`
	// Round is the round that the sample belongs to, 0 before the first: it may choose the binary, and is not sent.
	Round int `json:"-"`
}

// Data says which records a worker prepares and how they travel. Of it the measuring reads Records alone.
type Data struct {
	Text    string `json:"schema,omitempty"`  // Avro schema, JSON
	Type    string `json:"type,omitempty"`    // record within Text; "" means its root
	Dir     string `json:"dir,omitempty"`     // where files named in Text are looked for
	Stream  string `json:"stream,omitempty"`  // built-in stream with its static types, instead of Text
	Profile string `json:"profile,omitempty"` // external profile, JSON; "" means the schema's own
	Hints   bool   `json:"hints,omitempty"`   // fields without a profile go by their names
	Seed    uint64 `json:"seed"`
	First   int64  `json:"first,omitempty"` // index of the first record
	Records int    `json:"records"`         // length of the ring; of generated records a power of two
	Path    string `json:"path,omitempty"`  // file with the canonical Avro bytes of records, instead of Profile, Seed and First

	Key            []string `json:"key,omitempty"`             // paths of the key; exchanges only, as all below
	OtherKey       []string `json:"other-key,omitempty"`       // that of every second exchange; nil: all have Key
	Keys           string   `json:"keys,omitempty"`            // values of the key: a distribution, a file; "" means those of the records
	Partitioner    string   `json:"partitioner,omitempty"`     // which subtask a record goes to; "" means by its key
	Parallelism    int      `json:"parallelism,omitempty"`     // subtasks on each side of an exchange
	MaxParallelism int      `json:"max-parallelism,omitempty"` // key groups
	Timestamps     bool     `json:"timestamps,omitempty"`      // records carry one, as Flink's sources set
	Segment        int      `json:"segment,omitempty"`         // bytes of a buffer
}

// A Worker measures one cell at a time. Each request is answered as if by a fresh process, whatever came before.
type Worker interface {
	// Do answers r. An error that wraps ErrStart ends the run; any other, but for the context's, is a fact about r.Cell.
	Do(ctx context.Context, r Request) (results.Sample, error)
}

var (
	// ErrNotCarried is what errors.Is finds in an error that says: legal, but this codec cannot carry this schema or these
	// values.
	ErrNotCarried = errors.New("not carried")
	// ErrStart is wrapped by an error that says: there is no worker.
	ErrStart = errors.New("cannot start worker")
)

// A NotCarried is an ErrNotCarried that does not say so again in its text, which is the reason.
type NotCarried struct{ Err error }

// Error returns the reason.
func (e NotCarried) Error() string { return e.Err.Error() }

// Unwrap returns the reason.
func (e NotCarried) Unwrap() error { return e.Err }

// Is reports whether target is ErrNotCarried.
func (e NotCarried) Is(target error) bool { return target == ErrNotCarried }

// An Unmeasured says why a cell has no time, which is no fault of its codec: what would measure it is not there.
type Unmeasured struct{ Err error }

// Error returns the reason.
func (e Unmeasured) Error() string { return e.Err.Error() }

// Unwrap returns the reason.
func (e Unmeasured) Unwrap() error { return e.Err }

// A refusal is the line of a worker that could not do what it was asked.
type refusal struct {
	Error      string `json:"error"`
	NotCarried bool   `json:"not-carried,omitempty"` // Error says why the codec cannot carry the schema
}

// answer returns the line that reports s or err.
func answer(s results.Sample, err error) string {
	if err == nil {
		return s.String()
	}
	line, err := json.Marshal(refusal{err.Error(), errors.Is(err, ErrNotCarried)})
	if err != nil {
		panic(err) // a string and a bool
	}
	return string(line)
}

// A garbled is the error of a line that is no answer.
type garbled struct{ error }

// parseAnswer undoes answer.
func parseAnswer(line string) (results.Sample, error) {
	if !strings.HasPrefix(line, "{") {
		s, err := results.ParseSample(line)
		if err != nil {
			err = garbled{err}
		}
		return s, err
	}
	var r refusal
	if err := json.Unmarshal([]byte(line), &r); err != nil || r.Error == "" {
		return results.Sample{}, garbled{fmt.Errorf("neither a result line nor an error: %.200q", line)}
	}
	if r.NotCarried {
		return results.Sample{}, NotCarried{errors.New(r.Error)}
	}
	return results.Sample{}, errors.New(r.Error)
}
