package javatype

import (
	"fmt"
	"strings"
	"testing"
)

// What String.hashCode returns.
func TestHash(t *testing.T) {
	for _, tt := range []struct {
		s    string
		want int32
	}{
		{"", 0}, {"a", 97}, {"hello", 99162322}, {"user-1", -836031825}, {"key-1000", 452896525}, {"Aa", 2112}, {"BB", 2112}, {"\x00", 0},
		{"Größe", 69209585}, {"\U0001f600", 1772899},
	} {
		if got := Hash(tt.s); got != tt.want {
			t.Errorf("Hash(%q) = %d, want %d", tt.s, got, tt.want)
		}
	}
}

// The order in which a java.util.HashMap iterates its keys that was filled in the order of the keys, in which those of one
// bucket stay, such as Aa and BB. The table doubles behind 12 entries, and behind 24.
func TestEntries(t *testing.T) {
	for _, tt := range []struct{ keys, want string }{
		{"", ""},
		{"a b c", "a b c"},
		{"BB C# Aa", "Aa BB C#"},
		{"user-1 user-2 user-3 key-1000 hello Größe", "Größe key-1000 user-1 user-3 hello user-2"},
		{"k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11 k12", "k1 k2 k3 k4 k11 k5 k10 k6 k7 k12 k8 k9"},
		{"k1 k2 k3 k4 k5 k6 k7 k8 k9 k10 k11 k12 k13", "k1 k2 k3 k4 k11 k5 k10 k6 k13 k7 k12 k8 k9"},
		{"\U0001f600 é € z", "\U0001f600 é z €"},
		{numbered("field", 30), "field19 field17 field18 field22 field23 field20 field21 field26 field27 field24 field25 field28 field29 field11 field12 field1 " +
			"field0 field10 field15 field16 field13 field14 field7 field6 field9 field8 field3 field2 field5 field4"},
	} {
		var members []string
		for i, key := range strings.Fields(tt.keys) {
			members = append(members, fmt.Sprintf("%q: %d", key, i))
		}
		typ, r := place(t, `{"type": "map", "values": "int"}`, "{"+strings.Join(members, ", ")+"}")
		var e Entries
		for range 2 { // they may be used again
			e.Load(typ.Value, r)
			var got []string
			for i := range e.Len() {
				key, value := e.Entry(i)
				got = append(got, key)
				if want := strings.Fields(tt.keys)[value.Int()]; key != want {
					t.Errorf("%s: key %s has the value of %s", tt.keys, key, want)
				}
			}
			if got := strings.Join(got, " "); got != tt.want {
				t.Errorf("%s:\ngot  %s\nwant %s", tt.keys, got, tt.want)
			}
		}
	}
}

func numbered(name string, n int) string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprint(name, i))
	}
	return strings.Join(names, " ")
}

// A map that is opened within another does not disturb it.
func TestEntriesStack(t *testing.T) {
	typ, r := place(t, `{"type": "map", "values": "int"}`, `{"a": 1, "b": 2}`)
	_, in := place(t, `{"type": "map", "values": "int"}`, `{"c": 3}`)
	var s EntriesStack
	outer := s.Load(typ.Value, r)
	inner := s.Load(typ.Value, in)
	if key, v := inner.Entry(0); inner.Len() != 1 || key != "c" || v.Int() != 3 {
		t.Errorf("the inner map: got %d entries, %s: %d", inner.Len(), key, v.Int())
	}
	s.Done()
	if key, v := outer.Entry(1); outer.Len() != 2 || key != "b" || v.Int() != 2 {
		t.Errorf("the outer map: got %d entries, %s: %d", outer.Len(), key, v.Int())
	}
	s.Done()
	if again := s.Load(typ.Value, in); again != outer {
		t.Error("what is done is not used again")
	}
}
