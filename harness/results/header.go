package results

import (
	"fmt"
	"slices"
	"unicode"
)

// A Header is what must be equal for two files to be comparable: the lines "key: value". A field that is empty is not
// written; what a machine does not tell is [Unknown].
type Header struct {
	GOOS, GOARCH string
	CPU          string // the processor's name
	Go           string // version
	Experiment   string // GOEXPERIMENT, or none
	GOAMD64      string
	Tags         string // of the build, or none
	Cores        string // number of cores that may be used
	GOGC         string
	MemoryLimit  string
	Kernel       string
	Virt         string // kind of virtual machine, or none
	Governor     string // how the clock rate is chosen
	Layout       string // of the code: LayoutFixed, or "random K" for K links of the worker
	Seed         string // of the records

	// Of exchanges only.
	Key            string // paths of the key's fields
	Keys           string // where keys come from: "records" for those of the records
	OtherKey       string // paths of that of every second exchange, if it is another
	Partitioner    string // which subtask a record goes to, if not by its key
	Parallelism    string // subtasks of an operator
	MaxParallelism string // key groups
	Timestamps     string // TimestampsSet or TimestampsNone
	Segment        string // bytes of a buffer

	Other []Fact // keys that are none of ours, as go test prints some
}

// Values of the fields of a Header.
const (
	Unknown        = "unknown"
	LayoutFixed    = "fixed" // one binary: one draw of the layout of code
	TimestampsSet  = "set"   // records carry a timestamp over an exchange
	TimestampsNone = "none"
)

// A Fact is a key with a value: a line of a Header or of Facts.
type Fact struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// headerKeys are the keys of a header, in the order of the file.
var headerKeys = []struct {
	key   string
	field func(*Header) *string
}{
	{"goos", func(h *Header) *string { return &h.GOOS }},
	{"goarch", func(h *Header) *string { return &h.GOARCH }},
	{"cpu", func(h *Header) *string { return &h.CPU }},
	{"go", func(h *Header) *string { return &h.Go }},
	{"goexperiment", func(h *Header) *string { return &h.Experiment }},
	{"goamd64", func(h *Header) *string { return &h.GOAMD64 }},
	{"tags", func(h *Header) *string { return &h.Tags }},
	{"cores", func(h *Header) *string { return &h.Cores }},
	{"gogc", func(h *Header) *string { return &h.GOGC }},
	{"gomemlimit", func(h *Header) *string { return &h.MemoryLimit }},
	{"kernel", func(h *Header) *string { return &h.Kernel }},
	{"virt", func(h *Header) *string { return &h.Virt }},
	{"governor", func(h *Header) *string { return &h.Governor }},
	{"layout", func(h *Header) *string { return &h.Layout }},
	{"seed", func(h *Header) *string { return &h.Seed }},
	{"key", func(h *Header) *string { return &h.Key }},
	{"keys", func(h *Header) *string { return &h.Keys }},
	{"other-key", func(h *Header) *string { return &h.OtherKey }},
	{"partitioner", func(h *Header) *string { return &h.Partitioner }},
	{"parallelism", func(h *Header) *string { return &h.Parallelism }},
	{"max-parallelism", func(h *Header) *string { return &h.MaxParallelism }},
	{"timestamps", func(h *Header) *string { return &h.Timestamps }},
	{"segment", func(h *Header) *string { return &h.Segment }},
}

// OneLayout reports whether all samples came from one binary, whose layout of code moves ratios by some percent.
func (h *Header) OneLayout() bool { return h.Layout == "" || h.Layout == LayoutFixed }

// Facts returns the lines of h, in the order of a file.
func (h *Header) Facts() []Fact {
	var lines []Fact
	for _, k := range headerKeys {
		if v := *k.field(h); v != "" {
			lines = append(lines, Fact{k.key, v})
		}
	}
	return append(lines, h.Other...)
}

// set takes a line. A key that has another value already is an error: the file holds two runs.
func (h *Header) set(f Fact) error {
	have := h.lookup(f.Key)
	switch {
	case have == nil:
		h.Other = append(h.Other, f)
	case *have == "":
		*have = f.Value
	case *have != f.Value:
		return fmt.Errorf("%s is %q, and was %q: two runs in one file", f.Key, f.Value, *have)
	}
	return nil
}

// lookup returns where the value of a key is kept, nil for a new one of Other.
func (h *Header) lookup(key string) *string {
	for _, k := range headerKeys {
		if k.key == key {
			return k.field(h)
		}
	}
	if i := slices.IndexFunc(h.Other, func(x Fact) bool { return x.Key == key }); i >= 0 {
		return &h.Other[i].Value
	}
	return nil
}

// checkSetting says why a header line would not be read back: x/perf wants keys that begin lower case and have neither
// spaces nor capitals.
func checkSetting(f Fact) error {
	first := true
	for _, r := range f.Key {
		if first && !unicode.IsLower(r) || unicode.IsUpper(r) || notPrintable(r) || r == ':' {
			return fmt.Errorf("header key %q: want lower case, without spaces", f.Key)
		}
		first = false
	}
	if first || f.Value == "" || f.Value != OneLine(f.Value) {
		return fmt.Errorf("header %q: value %q: want one line, single spaces, not empty", f.Key, f.Value)
	}
	return nil
}
