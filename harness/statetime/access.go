// Package statetime says what an access to Flink's keyed state costs, beside the bytes of its entries: per codec and access, on the
// heap and in RocksDB. An [Access] is what a record does to a state; package jvm has the released backends measure it. [Of] makes
// the report of what was measured, and the functions of one file each print: text.go, json.go.
package statetime

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wirecost/wirecost/codecs/flink/state"
	"github.com/wirecost/wirecost/harness/results"
)

// The state backends.
const (
	Heap    = "heap"    // HashMapStateBackend: objects, which are serialized in snapshots only
	RocksDB = "rocksdb" // EmbeddedRocksDBStateBackend
)

// Backends lists them in the order of reports.
var Backends = []string{Heap, RocksDB}

// Lengths are those of the lists that are measured unless others are asked for.
var Lengths = []int{1, 4, 16, 64}

// The kinds of access.
const (
	valueUpdate    = "value-update"
	valueGetUpdate = "value-get-update"
	list           = "list"
	reducing       = "reducing"
	reducingAdd    = "reducing-add"
)

// An Access is what is done to a state for each record, after its key was set.
type Access struct {
	Backend string
	Kind    string
	Length  int  // records of a key after which they are read and the state is cleared; 0: it is not
	TTL     bool // the state has a time to live, which none of its entries outlives
}

// calls are the calls of each kind.
var calls = map[string]string{
	valueUpdate: "ValueState.update", valueGetUpdate: "ValueState.value, update", reducingAdd: "ReducingState.add",
	list: "ListState.add; get, clear", reducing: "ReducingState.add; get, clear",
}

// Calls says which methods are called.
func (a Access) Calls() string { return calls[a.Kind] }

// State returns the kind of state.
func (a Access) State() state.Kind {
	switch a.Kind {
	case list:
		return state.List
	case reducing, reducingAdd:
		return state.Reducing
	}
	return state.Value
}

// Op returns the op of a cell that is measured, such as state.rocksdb.list.16x.ttl.
func (a Access) Op() string {
	op := results.OpState + a.Backend + "." + a.Kind
	if a.Length > 0 {
		op += "." + strconv.Itoa(a.Length) + "x" // not a digit at the end, which would read as GOMAXPROCS
	}
	if a.TTL {
		op += ".ttl"
	}
	return op
}

// Cell returns the cell of a codec.
func (a Access) Cell(schema, runtime, codec string) results.Cell {
	return results.Cell{Schema: schema, Codec: codec, Runtime: runtime, Op: a.Op(), Procs: 1}
}

// BackendOf returns the backend of the op of a cell, "" if it accesses no state.
func BackendOf(op string) string {
	rest, ok := strings.CutPrefix(op, results.OpState)
	if !ok {
		return ""
	}
	backend, _, _ := strings.Cut(rest, ".")
	return backend
}

// A Choice says which accesses are measured.
type Choice struct {
	Kind    state.Kind // "" for value, list and reducing
	Lengths []int
	TTL     bool // with a time to live, too
}

// Accesses returns those of both backends, in the order of reports.
func (c Choice) Accesses() ([]Access, error) {
	var all []Access
	ttls := []bool{false, true}
	if !c.TTL {
		ttls = ttls[:1]
	}
	for _, a := range c.kinds() {
		for _, a.TTL = range ttls {
			for _, a.Backend = range Backends {
				all = append(all, a)
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("the time of %s is not measured: there are value, list and reducing", c.Kind)
	}
	return all, nil
}

// Sizes of a state.
const (
	DefaultKeys = 1 << 14
	leastKeys   = 64
	fillLimit   = 1 << 28 // bytes of the records in lists, which Keys keeps to
	most        = 1 << 31 // bytes that a user may ask for
)

// Keys returns how many keys a state has: those asked for, or DefaultKeys, and less where the lists would take more than 256 MiB
// of records of so many bytes.
func (c Choice) Keys(asked int, record float64) (int, error) {
	longest := 1
	for _, a := range c.kinds() {
		longest = max(longest, a.Length)
	}
	each := record * float64(longest+1) / 2
	if asked > 0 {
		if float64(asked)*each > most {
			return 0, fmt.Errorf("%d keys with lists of up to %d records of %.0f bytes are more than 2 GiB: measure fewer keys, or shorter lists", asked, longest, record)
		}
		return asked, nil
	}
	keys := DefaultKeys
	for keys > leastKeys && float64(keys)*each > fillLimit {
		keys /= 2
	}
	return keys, nil
}

// kinds returns the accesses without their backend.
func (c Choice) kinds() []Access {
	var all []Access
	for _, kind := range []string{valueUpdate, valueGetUpdate, reducingAdd, list, reducing} {
		a := Access{Kind: kind}
		switch {
		case c.Kind != "" && c.Kind != a.State():
		case kind == list || kind == reducing:
			for _, a.Length = range c.Lengths {
				all = append(all, a)
			}
		default:
			all = append(all, a)
		}
	}
	return all
}
