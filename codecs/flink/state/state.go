// Package state is what Flink's keyed state puts into RocksDB: the composite key, and what stands around a value.
//
//	rocksKey := key group (1 byte if the maximum parallelism is at most 128, else 2) key [len] namespace [len] [user key]
//	value    := the value's bytes; list elements with ',' between them; map values behind a null byte
//	timer    := key group, i64 timestamp with its sign flipped, key, namespace: all in the key, the value is empty
//
// The lengths are little-endian, as short as they can be, and only there if key and namespace are both of variable length,
// which keeps keys apart. With a time to live each value, element or map value has i64 last access in front. The layout is
// that of Flink 1.20 and 2.x. Source: SerializedCompositeKeyBuilder, CompositeKeySerializationUtils, ListDelimitedSerializer,
// RocksDBMapState, TtlStateFactory and TimerSerializer.
//
// RocksDB adds its own 8 bytes of sequence number to each entry, blocks and filters, and takes off what compression does:
// none of that is here.
package state

import (
	"encoding/binary"
	"fmt"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
)

// A Kind is a kind of keyed state.
type Kind string

// The kinds.
const (
	Value       Kind = "value"
	List        Kind = "list"
	Map         Kind = "map"
	Reducing    Kind = "reducing"
	Aggregating Kind = "aggregating"
	Timer       Kind = "timer"
)

// A KindDoc says what a kind of state costs.
type KindDoc struct {
	Kind Kind   // as users name it
	Doc  string // one line: what it stores for each key, and how it touches RocksDB
}

// Kinds lists every kind, in the order in which help shows them.
var Kinds = []KindDoc{
	{Value, "one value a key; get and put"},
	{List, "one list a key; add merges without a read, get decodes all elements"},
	{Map, "one RocksDB entry for each key of the map"},
	{Reducing, "one value a key; each record reads it, reduces and writes it back"},
	{Aggregating, "one accumulator a key; each record reads it, adds and writes it back"},
	{Timer, "one RocksDB entry without a value for each timer"},
}

// A Text is bytes that a serializer wrote, and whether it writes a variable number of them.
type Text struct {
	Bytes    []byte
	Variable bool
}

// Void is the namespace of state that is not windowed.
func Void() Text { return Text{Bytes: []byte{0}} }

// Window is the namespace of state in a time window, in milliseconds.
func Window(start, end int64) Text {
	return Text{Bytes: dataio.AppendLong(dataio.AppendLong(nil, start), end)}
}

// AppendGroup appends a key group, of max ones.
func AppendGroup(dst []byte, group, max int) []byte {
	if max <= 128 {
		return append(dst, byte(group))
	}
	return binary.BigEndian.AppendUint16(dst, uint16(group))
}

// AppendKey appends the RocksDB key of a state's value. A map's user key goes behind it.
func AppendKey(dst []byte, group, max int, key, namespace Text) []byte {
	dst = append(AppendGroup(dst, group, max), key.Bytes...)
	lengths := key.Variable && namespace.Variable
	if lengths {
		dst = appendLength(dst, len(key.Bytes))
	}
	dst = append(dst, namespace.Bytes...)
	if lengths {
		dst = appendLength(dst, len(namespace.Bytes))
	}
	return dst
}

// appendLength appends n, little-endian, in as few bytes as hold it.
func appendLength(dst []byte, n int) []byte {
	for {
		dst = append(dst, byte(n))
		if n >>= 8; n == 0 {
			return dst
		}
	}
}

// AppendTimer appends a timer without its key group.
func AppendTimer(dst []byte, timestamp int64, key, namespace []byte) []byte {
	dst = binary.BigEndian.AppendUint64(dst, uint64(timestamp)^1<<63)
	return append(append(dst, key...), namespace...)
}

// AppendTTL appends what stands before a value that has a time to live: its last access in milliseconds.
func AppendTTL(dst []byte, lastAccess int64) []byte { return dataio.AppendLong(dst, lastAccess) }

// delimiter stands between the elements of a list: RocksDB's merge operator puts it there.
const delimiter = ','

// AppendList appends the elements of a list.
func AppendList(dst []byte, elements ...[]byte) []byte {
	for i, e := range elements {
		if i > 0 {
			dst = append(dst, delimiter)
		}
		dst = append(dst, e...)
	}
	return dst
}

// A Size is what a state takes for one key, in bytes.
type Size struct {
	Group, Key, Lengths, Namespace, UserKey int // of the RocksDB key
	Null, TTL, Delimiters, Value            int // of its value
	Timestamp                               int // of a timer, in the RocksDB key
}

// Total returns the bytes of the RocksDB key and of its value.
func (s Size) Total() (key, value int) {
	return s.Group + s.Timestamp + s.Key + s.Lengths + s.Namespace + s.UserKey, s.Null + s.TTL + s.Delimiters + s.Value
}

// An Entry is what is stored for one key.
type Entry struct {
	Kind           Kind
	Group          int
	MaxParallelism int
	Key, Namespace Text
	UserKey        []byte   // of a map
	Values         [][]byte // one, or the elements of a list
	TTL            bool
}

// Append appends the RocksDB key and the value of e to one slice each, and says what their bytes are.
func (e Entry) Append(key, value []byte) (k, v []byte, size Size, err error) {
	if e.Kind != List && e.Kind != Timer && len(e.Values) != 1 {
		return key, value, size, fmt.Errorf("%s state with %d values: it has one for each key", e.Kind, len(e.Values))
	}
	size = Size{Group: len(AppendGroup(nil, e.Group, e.MaxParallelism)), Key: len(e.Key.Bytes), Namespace: len(e.Namespace.Bytes)}
	if e.Kind == Timer {
		size.Timestamp = 8
		return AppendTimer(AppendGroup(key, e.Group, e.MaxParallelism), 0, e.Key.Bytes, e.Namespace.Bytes), value, size, nil
	}
	begin := len(key)
	key = AppendKey(key, e.Group, e.MaxParallelism, e.Key, e.Namespace)
	size.Lengths = len(key) - begin - size.Group - size.Key - size.Namespace
	if e.Kind == Map {
		key = append(key, e.UserKey...)
		size.UserKey = len(e.UserKey)
		value = append(value, 0) // the value is not null
		size.Null = 1
	}
	elements := make([][]byte, len(e.Values))
	for i, v := range e.Values {
		if e.TTL {
			elements[i] = AppendTTL(nil, 0)
			size.TTL += 8
		}
		elements[i] = append(elements[i], v...)
		size.Value += len(v)
	}
	size.Delimiters = max(0, len(elements)-1)
	return key, AppendList(value, elements...), size, nil
}
