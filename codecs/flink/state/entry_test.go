package state

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A schema of keys of all kinds, and a record of it.
const (
	keys = `{"type": "record", "name": "R", "fields": [
		{"name": "name", "type": "string"}, {"name": "id", "type": "long"}, {"name": "n", "type": "int"}, {"name": "small", "type": "int", "java-class": "short"},
		{"name": "flag", "type": "boolean"}, {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
		{"name": "sum", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}},
		{"name": "color", "type": {"type": "enum", "name": "Color", "symbols": ["RED", "GREEN"]}},
		{"name": "uuid", "type": {"type": "string", "logicalType": "uuid"}}, {"name": "lone", "type": ["string"]}]}`
	keysRecord = `{"name": "key", "id": 1, "n": 7, "small": 258, "flag": true, "at": 1000002, "sum": "\u007b", "color": "GREEN",
		"uuid": "00000000-0000-0001-0000-000000000002", "lone": {"string": "key"}}`
)

// Entries worked out by hand from the layout: key group, key and its length, namespace and its length, user key; and the
// value with what stands around it. A key group of 128 takes one byte, of more two; lengths are there if key and namespace
// are both of variable length.
func TestEntries(t *testing.T) {
	ns := text("ns")
	for _, tt := range []struct {
		name, key, userKey string
		entry              Entry
		wantKey, wantValue string
	}{
		{"String key", "name", "", Entry{Kind: Value, Group: 5, MaxParallelism: 128, Namespace: Void(), Values: [][]byte{{0xab}}},
			"05" + "046b6579" + "00", "ab"},
		{"String key in a time window", "name", "", Entry{Kind: Reducing, Group: 5, MaxParallelism: 128, Namespace: Window(0, 5000), Values: [][]byte{{0xab}}},
			"05" + "046b6579" + "0000000000000000" + "0000000000001388", "ab"},
		{"String key, String namespace", "name", "", Entry{Kind: Value, Group: 5, MaxParallelism: 128, Namespace: ns, Values: [][]byte{{0xab}}},
			"05" + "046b6579" + "04" + "036e73" + "03", "ab"},
		{"Long key of 300 groups", "id", "", Entry{Kind: Value, Group: 300, MaxParallelism: 32768, Namespace: Void(), Values: [][]byte{{0xab}}},
			"012c" + "0000000000000001" + "00", "ab"},
		{"Long key, String namespace: one is fixed", "id", "", Entry{Kind: Value, Group: 5, MaxParallelism: 128, Namespace: ns, Values: [][]byte{{0xab}}},
			"05" + "0000000000000001" + "036e73", "ab"},
		{"Short key", "small", "", Entry{Kind: Value, Group: 127, MaxParallelism: 128, Namespace: Void(), Values: [][]byte{{0xab}}}, "7f" + "0102" + "00", "ab"},
		{"Boolean key of 129 groups", "flag", "", Entry{Kind: Value, Group: 127, MaxParallelism: 129, Namespace: Void(), Values: [][]byte{{0xab}}},
			"007f" + "01" + "00", "ab"},
		{"Instant key, String namespace", "at", "", Entry{Kind: Value, MaxParallelism: 128, Namespace: ns, Values: [][]byte{{0xab}}},
			"00" + "0000000000000001000007d0" + "036e73", "ab"},
		{"BigDecimal key, String namespace", "sum", "", Entry{Kind: Value, MaxParallelism: 128, Namespace: ns, Values: [][]byte{{0xab}}},
			"00" + "000000057b00000002" + "09" + "036e73" + "03", "ab"},
		{"UUID key: Kryo's", "uuid", "", Entry{Kind: Value, MaxParallelism: 128, Namespace: ns, Values: [][]byte{{0xab}}},
			"00" + "54" + "01" + "0100000000000000" + "0200000000000000" + "12" + "036e73" + "03", "ab"},
		{"key of a union of one", "lone", "", Entry{Kind: Value, MaxParallelism: 128, Namespace: Void(), Values: [][]byte{{0xab}}}, "00" + "046b6579" + "00", "ab"},
		{"Tuple2 key", "name,n", "", Entry{Kind: Value, MaxParallelism: 128, Namespace: ns, Values: [][]byte{{0xab}}},
			"00" + "046b6579" + "00000007" + "08" + "036e73" + "03", "ab"},
		{"map", "name", "n", Entry{Kind: Map, Group: 5, MaxParallelism: 128, Namespace: Void(), Values: [][]byte{{0xab}}},
			"05" + "046b6579" + "00" + "00000007", "00" + "ab"},
		{"map of an enum with a time to live", "name", "color", Entry{Kind: Map, Group: 5, MaxParallelism: 128, Namespace: ns, Values: [][]byte{{0xab}}, TTL: true},
			"05" + "046b6579" + "04" + "036e73" + "03" + "00000001", "00" + "0000000000000000" + "ab"},
		{"list", "name", "", Entry{Kind: List, Group: 5, MaxParallelism: 128, Namespace: Void(), Values: [][]byte{int32s(1), int32s(2)}},
			"05" + "046b6579" + "00", "00000001" + "2c" + "00000002"},
		{"list with a time to live for each element", "name", "", Entry{Kind: List, Group: 5, MaxParallelism: 128, Namespace: Void(), Values: [][]byte{int32s(1), int32s(2)}, TTL: true},
			"05" + "046b6579" + "00", "0000000000000000" + "00000001" + "2c" + "0000000000000000" + "00000002"},
		{"list of nothing", "name", "", Entry{Kind: List, Group: 5, MaxParallelism: 128, Namespace: Void()}, "05" + "046b6579" + "00", ""},
		{"accumulator with a time to live", "n", "", Entry{Kind: Aggregating, MaxParallelism: 128, Namespace: Void(), Values: [][]byte{{0xab, 0xcd}}, TTL: true},
			"00" + "00000007" + "00", "0000000000000000" + "abcd"},
		{"timer", "name", "", Entry{Kind: Timer, Group: 5, MaxParallelism: 128, Namespace: Void()}, "05" + "8000000000000000" + "046b6579" + "00", ""},
		{"timer of a window, without lengths", "name", "", Entry{Kind: Timer, Group: 300, MaxParallelism: 1024, Namespace: ns},
			"012c" + "8000000000000000" + "046b6579" + "036e73", ""},
	} {
		e := tt.entry
		e.Key = keyOf(t, NewKeyer, strings.Split(tt.key, ","))
		if tt.userKey != "" {
			e.UserKey = keyOf(t, func(typ *access.Type, line javatype.Line, paths []string) (*Keyer, error) {
				return NewUserKeyer(typ, line, paths[0])
			}, []string{tt.userKey}).Bytes
		}
		key, value, size, err := e.Append(nil, nil)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if got := hex.EncodeToString(key); got != tt.wantKey {
			t.Errorf("%s: got key %s, want %s", tt.name, got, tt.wantKey)
		}
		if got := hex.EncodeToString(value); got != tt.wantValue {
			t.Errorf("%s: got value %s, want %s", tt.name, got, tt.wantValue)
		}
		if k, v := size.Total(); k != len(key) || v != len(value) {
			t.Errorf("%s: the parts are %d and %d of %d and %d bytes: %+v", tt.name, k, v, len(key), len(value), size)
		}
	}
}

// keyOf returns the key that fields of the record make.
func keyOf(t *testing.T, open func(*access.Type, javatype.Line, []string) (*Keyer, error), paths []string) Text {
	t.Helper()
	s, err := schemas.Parse("r.avsc", []byte(keys), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	v := typ.New()
	if err := access.Unmarshal(typ, []byte(keysRecord), v); err != nil {
		t.Fatal(err)
	}
	k, err := open(typ, javatype.Flink2, paths)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := k.Key(v)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Lengths are as short as they can be, and little-endian.
func TestLengths(t *testing.T) {
	for _, tt := range []struct {
		n    int
		want string
	}{{0, "00"}, {1, "01"}, {255, "ff"}, {256, "0001"}, {300, "2c01"}, {65535, "ffff"}, {65536, "000001"}} {
		if got := hex.EncodeToString(appendLength(nil, tt.n)); got != tt.want {
			t.Errorf("appendLength(%d) = %s, want %s", tt.n, got, tt.want)
		}
	}
	long := text(strings.Repeat("x", 300))
	key := AppendKey(nil, 0, 128, long, text(""))
	if got := hex.EncodeToString(key[len(key)-4:]); got != "2e01"+"01"+"01" { // 302 bytes of key, and one of namespace
		t.Errorf("a key of 302 bytes ends in %s, want 2e010101", got)
	}
}

// What an entry is of, and the parts of its size.
func TestSize(t *testing.T) {
	e := Entry{Kind: Map, MaxParallelism: 1000, Key: text("key"), Namespace: text("ns"), UserKey: int32s(7), Values: [][]byte{{1, 2, 3}}, TTL: true}
	_, _, size, err := e.Append(nil, nil)
	want := Size{Group: 2, Key: 4, Lengths: 2, Namespace: 3, UserKey: 4, Null: 1, TTL: 8, Value: 3}
	if err != nil || size != want {
		t.Errorf("got %+v, error %v, want %+v", size, err, want)
	}
	for _, kind := range []Kind{Value, Map, Reducing, Aggregating} {
		for _, values := range [][][]byte{nil, {{1}, {2}}} {
			if _, _, _, err := (Entry{Kind: kind, Values: values}).Append(nil, nil); err == nil {
				t.Errorf("a %s state with %d values is no error", kind, len(values))
			}
		}
	}
}

// Every kind is listed once, with a line of its own.
func TestKinds(t *testing.T) {
	seen := map[Kind]bool{}
	for _, k := range Kinds {
		if k.Doc == "" || seen[k.Kind] {
			t.Errorf("kind %s: doc %q, listed before: %v", k.Kind, k.Doc, seen[k.Kind])
		}
		seen[k.Kind] = true
	}
	for _, kind := range []Kind{Value, List, Map, Reducing, Aggregating, Timer} {
		if !seen[kind] {
			t.Errorf("kind %s is not listed", kind)
		}
	}
}
