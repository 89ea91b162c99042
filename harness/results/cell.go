package results

import (
	"fmt"
	"strconv"
	"strings"
)

// TwinSuffix marks the second copy of the reference codec in results: codec=avro.aa is avro again, and what its ratio
// to avro differs from 1 is what this run cannot tell apart.
const TwinSuffix = ".aa"

// NoCodec stands for the codec in cells without one: exchanges without bytes, and the op OpHash.
const NoCodec = "none"

// CaseMark stands between the name of a schema and that of a case, where a file has several sets of its records.
const CaseMark = "@"

// SweepPrefix begins the name of schemas whose records are of a size: sweep.B64.
const SweepPrefix = "sweep.B"

// The ops of cells; package measure says what is inside the timed region of each.
const (
	OpEncode      = "encode"
	OpDecode      = "decode"
	OpDecodeReuse = "decode-reuse"
	OpScan        = "scan"
	OpConvert     = "convert"
	OpCopy        = "copy" // of Flink: what a chained operator pays without object reuse
	OpHash        = "hash" // finds where an exchange sends a record: no codec, one core, and a part of the price of a keyBy
	OpMove        = "move" // of exchanges

	// OpState begins the ops that access a keyed state of Flink's, such as state.rocksdb.list.16x.ttl: see package statetime.
	OpState = "state."

	// The parts of an exchange, each without the others.
	OpWrite    = "write"     // hash, encode, frame
	OpHandOver = "hand-over" // buffers from subtask to subtask, with nothing in them
	OpRead     = "read"      // find the records in buffers, and decode them
)

// A Cell is what one row of results is about. Cells compare with ==.
type Cell struct {
	Schema   string `json:"name"`               // name of the schema: nexmark.Bid
	Codec    string `json:"codec"`              // name of the codec, NoCodec for exchanges without bytes and OpHash
	Runtime  string `json:"runtime"`            // whose implementation is timed: go, flink2, flink1
	Op       string `json:"op"`                 // one of the ops
	Exchange string `json:"exchange,omitempty"` // chain, local, kafka, flink; "" for codec cells
	Keybys   int    `json:"keybys,omitempty"`   // number of exchanges one record passes; 0 for codec cells
	Procs    int    `json:"procs"`              // GOMAXPROCS of its worker, at least 1

	// Foreign is the whole name of a benchmark that is none of ours, as a file may hold; all else is zero then.
	Foreign string `json:"-"`
}

// IsExchange reports whether c moves records between operators, or does a part of that, rather than calling a codec.
func (c Cell) IsExchange() bool { return c.Exchange != "" }

// IsPart reports whether c does one of the things that an exchange does to a record, without the others.
func (c Cell) IsPart() bool { return c.IsExchange() && c.Op != OpMove }

// IsChain reports whether c hands records over as they are, with no exchange between its operators: what all exchanges are
// compared with.
func (c Cell) IsChain() bool { return c.IsExchange() && c.Codec == NoCodec && !c.IsPart() }

// IsKeyby reports whether c moves records over exchanges, wholly.
func (c Cell) IsKeyby() bool { return c.IsExchange() && c.Codec != NoCodec && !c.IsPart() }

// IsHash reports whether c finds where an exchange sends a record.
func (c Cell) IsHash() bool { return c.Op == OpHash && c.Codec == NoCodec && !c.IsExchange() }

// IsState reports whether c accesses a keyed state.
func (c Cell) IsState() bool { return strings.HasPrefix(c.Op, OpState) }

// Twin returns c under the name of its second copy.
func (c Cell) Twin() Cell {
	c.Codec += TwinSuffix
	return c
}

// IsTwin reports whether c is the second copy of a reference cell.
func (c Cell) IsTwin() bool { return strings.HasSuffix(c.Codec, TwinSuffix) }

// Original returns the cell that c is a twin of, or c.
func (c Cell) Original() Cell {
	c.Codec = strings.TrimSuffix(c.Codec, TwinSuffix)
	return c
}

// Name returns the name of c in benchmark results: key=value parts, op last, and GOMAXPROCS as go test appends it,
// not at all when it is 1.
func (c Cell) Name() string {
	if c.Foreign != "" {
		return c.Foreign
	}
	var b strings.Builder
	b.WriteString(c.kind())
	for _, p := range c.parts() {
		b.WriteString("/" + p.key + "=" + p.value)
	}
	if c.Procs > 1 {
		b.WriteString("-" + strconv.Itoa(c.Procs))
	}
	return b.String()
}

// String returns the name.
func (c Cell) String() string { return c.Name() }

// Check says why the name of c could not be read back: a part is empty, has a character of the format, or ends in
// -digits, which reads as GOMAXPROCS.
func (c Cell) Check() error {
	if c.Procs < 1 || c.Keybys < 0 || c.Keybys > 0 && !c.IsExchange() {
		return fmt.Errorf("cell %s: procs %d, keybys %d", c.Name(), c.Procs, c.Keybys)
	}
	for _, p := range c.parts() {
		if p.value == "" || strings.ContainsFunc(p.value, unfit) {
			return fmt.Errorf("cell %s: %s %q is empty or has a space, a slash or a control character", c.Name(), p.key, p.value)
		}
	}
	if got := ParseName(c.Name()); got != c {
		return fmt.Errorf("cell %s: the name reads as schema %q, codec %q, op %q at GOMAXPROCS %d",
			c.Name(), got.Schema, got.Codec, got.Op, got.Procs)
	}
	return nil
}

func unfit(r rune) bool { return r <= ' ' || r == '/' || r == 0x7f || r > 0x7f }

func (c Cell) kind() string {
	if c.IsExchange() {
		return "BenchmarkExchange"
	}
	return "BenchmarkCodec"
}

type part struct{ key, value string }

func (c Cell) parts() []part {
	parts := []part{{"schema", c.Schema}, {"codec", c.Codec}, {"runtime", c.Runtime}}
	if c.IsExchange() {
		parts = append(parts, part{"exchange", c.Exchange}, part{"keybys", strconv.Itoa(c.Keybys) + "x"})
	}
	return append(parts, part{"op", c.Op})
}

// ParseName is the inverse of Name. A name of another shape is a Foreign cell.
func ParseName(name string) Cell {
	base, procs := splitProcs(name)
	kind, rest, _ := strings.Cut(base, "/")
	values := map[string]string{}
	for p := range strings.SplitSeq(rest, "/") {
		key, value, _ := strings.Cut(p, "=")
		values[key] = value
	}
	keybys, _ := strconv.Atoi(strings.TrimSuffix(values["keybys"], "x"))
	c := Cell{Schema: values["schema"], Codec: values["codec"], Runtime: values["runtime"], Op: values["op"],
		Exchange: values["exchange"], Keybys: keybys, Procs: procs}
	if c.kind() != kind || c.Name() != name {
		return Cell{Foreign: name}
	}
	return c
}

// splitProcs splits the GOMAXPROCS suffix off a name: 1 when there is none.
func splitProcs(name string) (base string, procs int) {
	i := strings.LastIndexByte(name, '-')
	if i < 0 {
		return name, 1
	}
	n, err := strconv.Atoi(name[i+1:])
	if err != nil || n < 2 {
		return name, 1
	}
	return name[:i], n
}
