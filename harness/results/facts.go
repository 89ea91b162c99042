package results

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Facts are good to know of a run, and need not be equal for two files to be comparable: the lines "# key: value". A field
// that is empty is not written.
type Facts struct {
	MadeBy      string // the command that made a committed file
	CommandLine string
	LinkSeeds   string // of the workers' layouts
	Class       string // the user's own in Java that records were made into
	Version     string // of wirecost
	Commit      string
	Date        string
	Codecs      []CodecFact
	Exchanges   []ExchangeFact
	Keys        []KeyFact
	Samples     []SampleFact
	Guesses     []GuessFact
	Routes      []RouteFact
	Sinks       []SinkFact
	Runtimes    []RuntimeFact
	LoadBefore  string   // runnable threads over the last minute
	GaveUp      string   // what the run gave up to fit its budget, and which budget would have it
	Limits      []string // what the system kept from being measured
	LoadAfter   string
	Steal       string // share of CPU time that the hypervisor gave to others during the run

	Other []Fact
}

// A CodecFact is a line "# codec NAME: group=… module=… version=… loses=…".
type CodecFact struct {
	Name    string
	Group   string // GroupFloor, GroupFlink or ""
	Module  string // import path of its library, "" for none
	Version string // of Module
	Loses   []string
	Other   string // what else the line says
}

// Groups of codecs. Codecs of different groups are never ranked together.
const (
	GroupFloor = "floor" // what the harness itself costs
	GroupFlink = "flink" // Flink's bytes, and not Flink's time
)

// An ExchangeFact is a line "# exchange NAME: framing=…".
type ExchangeFact struct {
	Name    string
	Framing int // bytes that it adds to each record
}

// A KeyFact is a line "# key SCHEMA: PATH,PATH": by which fields the exchanges of a schema go.
type KeyFact struct{ Schema, Paths string }

// A SampleFact is a line "# sample SCHEMA: N of N records of FILE": the records of a schema are somebody's own. Which they are
// the schema's hash of data says.
type SampleFact struct{ Schema, From string }

// A GuessFact is a line "# invented SCHEMA: N of M": of how many of a schema's fields nobody has described the values.
type GuessFact struct {
	Schema           string
	Invented, Fields int
}

// A RouteFact is a line "# route SCHEMA: busiest=… away=…": where the records of a schema go on the first exchange of a job
// and on the next one.
type RouteFact struct {
	Schema  string     `json:"schema"`
	Busiest [2]float64 `json:"busiest"` // share of the records that the subtask with most of them gets
	Away    [2]float64 `json:"away"`    // share of them that goes to a subtask of another number
}

// A SinkFact is a line "# sink SCHEMA: partitions=… least=… most=…": how many partitions of a sink the subtasks before it have,
// where records are sent to them by partition.
type SinkFact struct {
	Schema     string `json:"schema"`
	Partitions int    `json:"partitions"`
	Least      int    `json:"least"` // of a subtask
	Most       int    `json:"most"`
}

// A RuntimeFact is a line "# runtime NAME: …": what a runtime other than go is made of, and how it was measured.
type RuntimeFact struct{ Name, Text string }

// factKeys are the keys of single facts; those above the lines of codecs, exchanges and keys, and those below.
var factKeys = struct{ above, below []factKey }{
	above: []factKey{
		{"made by", func(f *Facts) *string { return &f.MadeBy }},
		{"command line", func(f *Facts) *string { return &f.CommandLine }},
		{"link seeds", func(f *Facts) *string { return &f.LinkSeeds }},
		{"class", func(f *Facts) *string { return &f.Class }},
		{"wirecost", func(f *Facts) *string { return &f.Version }},
		{"commit", func(f *Facts) *string { return &f.Commit }},
		{"date", func(f *Facts) *string { return &f.Date }},
	},
	below: []factKey{
		{"gave up", func(f *Facts) *string { return &f.GaveUp }},
		{"load before", func(f *Facts) *string { return &f.LoadBefore }},
		{"load after", func(f *Facts) *string { return &f.LoadAfter }},
		{"steal", func(f *Facts) *string { return &f.Steal }},
	},
}

type factKey struct {
	key   string
	field func(*Facts) *string
}

// What the keys of facts that may repeat begin with, or are.
const (
	wordCodec    = "codec"
	wordExchange = "exchange"
	wordKey      = "key"
	wordSample   = "sample"
	wordGuess    = "invented"
	wordRoute    = "route"
	wordSink     = "sink"
	wordRuntime  = "runtime"
	keyLimit     = "limit"
)

// Codec returns what f says of a codec; only its name if that is nothing.
func (f *Facts) Codec(name string) CodecFact {
	if i := slices.IndexFunc(f.Codecs, func(c CodecFact) bool { return c.Name == name }); i >= 0 {
		return f.Codecs[i]
	}
	return CodecFact{Name: name}
}

// Exchange returns what f says of an exchange, and whether it says anything.
func (f *Facts) Exchange(name string) (ExchangeFact, bool) {
	if i := slices.IndexFunc(f.Exchanges, func(x ExchangeFact) bool { return x.Name == name }); i >= 0 {
		return f.Exchanges[i], true
	}
	return ExchangeFact{}, false
}

// Key returns the paths of the key of a schema's exchanges, "" if f does not say.
func (f *Facts) Key(schema string) string {
	if i := slices.IndexFunc(f.Keys, func(k KeyFact) bool { return k.Schema == schema }); i >= 0 {
		return f.Keys[i].Paths
	}
	return ""
}

// Sample says where the records of a schema are from, "" if they are generated.
func (f *Facts) Sample(schema string) string {
	if i := slices.IndexFunc(f.Samples, func(s SampleFact) bool { return s.Schema == schema }); i >= 0 {
		return f.Samples[i].From
	}
	return ""
}

// Guess returns of how many of a schema's fields the values are invented, and whether f says.
func (f *Facts) Guess(schema string) (GuessFact, bool) {
	if i := slices.IndexFunc(f.Guesses, func(g GuessFact) bool { return g.Schema == schema }); i >= 0 {
		return f.Guesses[i], true
	}
	return GuessFact{}, false
}

// Route returns what f says of where the records of a schema go, and whether it says anything.
func (f *Facts) Route(schema string) (RouteFact, bool) {
	if i := slices.IndexFunc(f.Routes, func(r RouteFact) bool { return r.Schema == schema }); i >= 0 {
		return f.Routes[i], true
	}
	return RouteFact{Schema: schema}, false
}

// Sink returns what f says of the sink of a schema, and whether it says anything.
func (f *Facts) Sink(schema string) (SinkFact, bool) {
	if i := slices.IndexFunc(f.Sinks, func(s SinkFact) bool { return s.Schema == schema }); i >= 0 {
		return f.Sinks[i], true
	}
	return SinkFact{Schema: schema}, false
}

// lines returns the lines of f, in the order of a file.
func (f *Facts) lines() []Fact {
	lines := f.single(nil, factKeys.above)
	for _, c := range f.Codecs {
		lines = append(lines, c.line())
	}
	for _, x := range f.Exchanges {
		lines = append(lines, x.line())
	}
	for _, k := range f.Keys {
		lines = append(lines, Fact{wordKey + " " + k.Schema, k.Paths})
	}
	for _, s := range f.Samples {
		lines = append(lines, Fact{wordSample + " " + s.Schema, s.From})
	}
	for _, g := range f.Guesses {
		lines = append(lines, g.line())
	}
	for _, r := range f.Routes {
		lines = append(lines, r.line())
	}
	for _, s := range f.Sinks {
		lines = append(lines, s.line())
	}
	for _, r := range f.Runtimes {
		lines = append(lines, Fact{wordRuntime + " " + r.Name, r.Text})
	}
	lines = f.single(lines, factKeys.below)
	for _, l := range f.Limits {
		lines = append(lines, Fact{keyLimit, l})
	}
	return append(lines, f.Other...)
}

func (f *Facts) single(lines []Fact, keys []factKey) []Fact {
	for _, k := range keys {
		if v := *k.field(f); v != "" {
			lines = append(lines, Fact{k.key, v})
		}
	}
	return lines
}

// add takes a line. What is not written as we write it is one of Other, and so is the second value of a single fact.
func (f *Facts) add(x Fact) {
	if have := f.lookup(x.Key); have != nil && *have == "" && x.Value != "" {
		*have = x.Value
		return
	}
	word, name, _ := strings.Cut(x.Key, " ")
	framing, framed := parseFraming(x.Value)
	guess := GuessFact{Schema: name}
	route, routed := parseRoute(name, x.Value)
	sink, sunk := parseSink(name, x.Value)
	switch {
	case x.Key == keyLimit:
		f.Limits = append(f.Limits, x.Value)
	case word == wordCodec && name != "":
		f.Codecs = append(f.Codecs, parseCodec(name, x.Value))
	case word == wordKey && name != "":
		f.Keys = append(f.Keys, KeyFact{name, x.Value})
	case word == wordSample && name != "":
		f.Samples = append(f.Samples, SampleFact{name, x.Value})
	case word == wordGuess && name != "" && guess.parse(x.Value):
		f.Guesses = append(f.Guesses, guess)
	case word == wordRuntime && name != "":
		f.Runtimes = append(f.Runtimes, RuntimeFact{name, x.Value})
	case word == wordExchange && name != "" && framed:
		f.Exchanges = append(f.Exchanges, ExchangeFact{name, framing})
	case word == wordRoute && name != "" && routed:
		f.Routes = append(f.Routes, route)
	case word == wordSink && name != "" && sunk:
		f.Sinks = append(f.Sinks, sink)
	default:
		f.Other = append(f.Other, x)
	}
}

// lookup returns where the value of a single fact is kept, nil for a key that is none.
func (f *Facts) lookup(key string) *string {
	for _, k := range slices.Concat(factKeys.above, factKeys.below) {
		if k.key == key {
			return k.field(f)
		}
	}
	return nil
}

// line returns the line of x.
func (x ExchangeFact) line() Fact {
	return Fact{wordExchange + " " + x.Name, "framing=" + strconv.Itoa(x.Framing)}
}

// parseFraming undoes the value of line.
func parseFraming(value string) (n int, ok bool) {
	digits, ok := strings.CutPrefix(value, "framing=")
	n, err := strconv.Atoi(digits)
	return n, ok && err == nil && strconv.Itoa(n) == digits
}

// line returns the line of g.
func (g GuessFact) line() Fact {
	return Fact{wordGuess + " " + g.Schema, fmt.Sprintf("%d of %d", g.Invented, g.Fields)}
}

// parse undoes the value of line, and reports whether it is one.
func (g *GuessFact) parse(value string) bool {
	_, err := fmt.Sscanf(value, "%d of %d", &g.Invented, &g.Fields)
	return err == nil && g.line().Value == value
}

// line returns the line of r.
func (r RouteFact) line() Fact {
	return Fact{wordRoute + " " + r.Schema, fmt.Sprintf("busiest=%v,%v away=%v,%v", r.Busiest[0], r.Busiest[1], r.Away[0], r.Away[1])}
}

// parseRoute undoes the value of line.
func parseRoute(schema, value string) (RouteFact, bool) {
	r := RouteFact{Schema: schema}
	_, err := fmt.Sscanf(value, "busiest=%g,%g away=%g,%g", &r.Busiest[0], &r.Busiest[1], &r.Away[0], &r.Away[1])
	return r, err == nil && r.line().Value == value
}

// line returns the line of s.
func (s SinkFact) line() Fact {
	return Fact{wordSink + " " + s.Schema, fmt.Sprintf("partitions=%d least=%d most=%d", s.Partitions, s.Least, s.Most)}
}

// parseSink undoes the value of line.
func parseSink(schema, value string) (SinkFact, bool) {
	s := SinkFact{Schema: schema}
	_, err := fmt.Sscanf(value, "partitions=%d least=%d most=%d", &s.Partitions, &s.Least, &s.Most)
	return s, err == nil && s.line().Value == value
}

// line returns the line of c.
func (c CodecFact) line() Fact {
	var parts []string
	for _, p := range []struct{ key, value string }{{"group", c.Group}, {"module", c.Module}, {"version", c.Version}, {"loses", strings.Join(c.Loses, ",")}} {
		if p.value != "" {
			parts = append(parts, p.key+"="+p.value)
		}
	}
	if c.Other != "" {
		parts = append(parts, c.Other)
	}
	return Fact{wordCodec + " " + c.Name, strings.Join(parts, " ")}
}

// parseCodec undoes line.
func parseCodec(name, line string) CodecFact {
	c := CodecFact{Name: name}
	var other []string
	for part := range strings.FieldsSeq(line) {
		key, value, _ := strings.Cut(part, "=")
		switch {
		case key == "group" && c.Group == "":
			c.Group = value
		case key == "module" && c.Module == "":
			c.Module = value
		case key == "version" && c.Version == "":
			c.Version = value
		case key == "loses" && value != "" && c.Loses == nil:
			c.Loses = strings.Split(value, ",")
		default:
			other = append(other, part)
		}
	}
	c.Other = strings.Join(other, " ")
	return c
}

// checkFactKey says why a fact would not be read back.
func checkFactKey(key string) error {
	word, _, _ := strings.Cut(key, " ")
	if key == "" || key != OneLine(key) || strings.Contains(key, ":") || reserved(word) {
		return fmt.Errorf("fact %q: not a key", key)
	}
	return nil
}
