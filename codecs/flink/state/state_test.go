package state

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs/flink/dataio"
	"github.com/wirecost/wirecost/codecs/flink/javatype"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

func text(s string) Text    { return Text{dataio.AppendString(nil, s), true} }
func int32s(v int32) []byte { return dataio.AppendInt(nil, v) }

// The bytes that Flink wrote.
func TestVectors(t *testing.T) {
	key := text("key")
	for _, tt := range []struct {
		name string
		got  []byte
		want string
	}{
		{"void namespace", AppendKey(nil, 5, 128, key, Void()), "05046b657900"},
		{"time window", AppendKey(nil, 5, 128, key, Window(0, 5000)), "05046b657900000000000000000000000000001388"},
		{"both variable", AppendKey(nil, 5, 128, key, text("ns")), "05046b657904036e7303"},
		{"user key", append(AppendKey(nil, 5, 128, key, Void()), int32s(7)...), "05046b65790000000007"},
		{"two bytes of key group", AppendKey(nil, 300, 32768, Text{Bytes: dataio.AppendLong(nil, 1)}, Void()), "012c000000000000000100"},
		{"list", AppendList(nil, int32s(1), int32s(2)), "000000012c00000002"},
		{"time to live", dataio.AppendString(AppendTTL(nil, 13), "hi"), "000000000000000d036869"},
		{"time to live of a longer text", dataio.AppendString(AppendTTL(nil, 13), "hello Gordon"), "000000000000000d0d68656c6c6f20476f72646f6e"},
		{"timer", AppendTimer(nil, 12345, key.Bytes, int32s(678)), "8000000000003039046b6579000002a6"},
		{"time window of Flink's golden file", Window(12345, 67890).Bytes, "00000000000030390000000000010932"},
		{"long length", appendLength(nil, 300), "2c01"},
	} {
		if got := hex.EncodeToString(tt.got); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// An entry's size is that of its bytes, part by part.
func TestEntry(t *testing.T) {
	for _, tt := range []struct {
		entry      Entry
		key, value string
	}{
		{Entry{Kind: Value, Group: 5, MaxParallelism: 128, Key: text("key"), Namespace: Void(), Values: [][]byte{{1}}}, "05046b657900", "01"},
		{Entry{Kind: Reducing, Group: 5, MaxParallelism: 129, Key: text("key"), Namespace: text("ns"), Values: [][]byte{{1}}, TTL: true}, "0005046b657904036e7303", "000000000000000001"},
		{Entry{Kind: List, Group: 5, MaxParallelism: 128, Key: text("key"), Namespace: Void(), Values: [][]byte{{1}, {2}, {3}}}, "05046b657900", "012c022c03"},
		{Entry{Kind: Map, Group: 5, MaxParallelism: 128, Key: text("key"), Namespace: Void(), UserKey: int32s(7), Values: [][]byte{{9}}, TTL: true}, "05046b65790000000007", "00000000000000000009"},
		{Entry{Kind: Timer, Group: 5, MaxParallelism: 128, Key: text("key"), Namespace: Void()}, "058000000000000000046b657900", ""},
	} {
		key, value, size, err := tt.entry.Append(nil, nil)
		if err != nil {
			t.Fatalf("%s: %v", tt.entry.Kind, err)
		}
		if got := hex.EncodeToString(key); got != tt.key {
			t.Errorf("%s: got key %s, want %s", tt.entry.Kind, got, tt.key)
		}
		if got := hex.EncodeToString(value); got != tt.value {
			t.Errorf("%s: got value %s, want %s", tt.entry.Kind, got, tt.value)
		}
		if k, v := size.Total(); k != len(key) || v != len(value) {
			t.Errorf("%s: sizes %d and %d of %d and %d bytes: %+v", tt.entry.Kind, k, v, len(key), len(value), size)
		}
	}
	if _, _, _, err := (Entry{Kind: Value}).Append(nil, nil); err == nil {
		t.Error("a value state without a value is no error")
	}
}

func TestKeyer(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [
		{"name": "id", "type": "long"}, {"name": "name", "type": ["null", "string"]}, {"name": "list", "type": {"type": "array", "items": "int"}},
		{"name": "day", "type": {"type": "int", "logicalType": "date"}},
		{"name": "in", "type": {"type": "record", "name": "In", "fields": [{"name": "n", "type": "int"}]}}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	record := func(name string) any {
		v := typ.New()
		if err := access.Unmarshal(typ, []byte(`{"id": 7, "name": `+name+`, "list": [], "day": 0, "in": {"n": 3}}`), v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, tt := range []struct {
		paths, want string
		variable    bool
		hash        int32
	}{
		{"id", "0000000000000007", false, 7},
		{"name", "0261", true, javatype.Hash("a")},
		{"in.n", "00000003", false, 3},
		{"day", "5701b20f0101", true, keygroup.Date(0)}, // Kryo: extraction does not know LocalDate
		{"id,name", "00000000000000070261", true, keygroup.Tuple(7, javatype.Hash("a"))},
	} {
		k, err := NewKeyer(typ, javatype.Flink2, strings.Split(tt.paths, ","))
		if err != nil {
			t.Fatalf("%s: %v", tt.paths, err)
		}
		got, hash, err := k.Key(record(`"a"`))
		if err != nil || hex.EncodeToString(got.Bytes) != tt.want || got.Variable != tt.variable || hash != tt.hash {
			t.Errorf("%s: got %x, variable %v, hash %d, error %v, want %s, %v, %d", tt.paths, got.Bytes, got.Variable, hash, err, tt.want, tt.variable, tt.hash)
		}
	}
	if k, err := NewKeyer(typ, javatype.Flink2, []string{"name"}); err != nil {
		t.Error(err)
	} else if _, _, err := k.Key(record("null")); err == nil {
		t.Error("a null key is no error")
	}
	for _, path := range []string{"list", "nope", "in"} {
		if _, err := NewKeyer(typ, javatype.Flink2, []string{path}); err == nil {
			t.Errorf("key %s is no error", path)
		}
	}
}

// A map's key is any type with a serializer: no key group is chosen by it.
func TestUserKeyer(t *testing.T) {
	s, err := schemas.Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [
		{"name": "id", "type": "int"}, {"name": "color", "type": {"type": "enum", "name": "Color", "symbols": ["RED", "GREEN"]}},
		{"name": "raw", "type": "bytes"}, {"name": "mark", "type": {"type": "fixed", "name": "Mark", "size": 2}},
		{"name": "any", "type": ["null", "int", "string"]}, {"name": "name", "type": ["null", "string"]},
		{"name": "list", "type": {"type": "array", "items": "int"}}, {"name": "in", "type": {"type": "record", "name": "In", "fields": [
			{"name": "color", "type": "Color"}]}}, {"name": "none", "type": "null"}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	typ, err := access.Of(s)
	if err != nil {
		t.Fatal(err)
	}
	v := typ.New()
	if err := access.Unmarshal(typ, []byte(`{"id": 7, "color": "GREEN", "raw": "\u0001\u0002", "mark": "ab", "any": {"int": -1}, "name": null, "list": [],
		"in": {"color": "RED"}, "none": null}`), v); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ path, want, err string }{
		{"id", "00000007", ""},
		{"color", "00000001", ""},
		{"in.color", "00000000", ""},
		{"raw", "000000020102", ""},
		{"mark", "000000026162", ""},
		{"any", "0201", ""}, // Kryo: an Integer, which has the id 0
		{"name", "", "key name: null cannot be a key"},
		{"list", "", "field list: a java.util.List<java.lang.Integer> is no key that this program can write"},
		{"in", "", "field in: a In is no key that this program can write"},
		{"none", "", "field none: a java.lang.Void is no key that this program can write"},
		{"nope", "", "field nope: the key's serializer is not known"},
	} {
		var got Text
		k, err := NewUserKeyer(typ, javatype.Flink2, tt.path)
		if err == nil {
			got, _, err = k.Key(v)
		}
		if message := fmt.Sprint(err); tt.err != "" && message != tt.err || tt.err == "" && err != nil || tt.err == "" && hex.EncodeToString(got.Bytes) != tt.want {
			t.Errorf("%s: got %x, error %v, want %s, %s", tt.path, got.Bytes, err, tt.want, tt.err)
		}
	}
}
