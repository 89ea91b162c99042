package schemas

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// Branches that Go has one type for are held by types of their own, in order; others as they are.
func TestHeld(t *testing.T) {
	const f = `{"type": "fixed", "name": "F%d", "size": %d}`
	branches := []string{`"null"`, `"string"`, `{"type": "enum", "name": "E1", "symbols": ["A"]}`, fmt.Sprintf(f, 1, 2), fmt.Sprintf(f, 2, 3), `"bytes"`, fmt.Sprintf(f, 3, 2),
		`{"type": "enum", "name": "E2", "symbols": ["A"]}`, fmt.Sprintf(f, 4, 0), fmt.Sprintf(f, 5, 2), fmt.Sprintf(f, 6, 0), `{"type": "array", "items": "int"}`, `{"type": "record", "name": "S", "fields": []}`, `"R"`}
	s, err := Parse("r.avsc", []byte(`{"type": "record", "name": "R", "fields": [{"name": "f", "type": [`+strings.Join(branches, ", ")+`]}]}`), "")
	if err != nil {
		t.Fatal(err)
	}
	union := s.Root.Fields[0].Type
	for i, want := range []reflect.Type{nil, reflect.TypeFor[string](), reflect.TypeFor[Symbol](), reflect.TypeFor[[2]byte](), reflect.TypeFor[[3]byte](), reflect.TypeFor[[]byte](), reflect.TypeFor[[2]Byte2](),
		reflect.TypeFor[Symbol2](), reflect.TypeFor[[0]byte](), reflect.TypeFor[[2]Byte3](), reflect.TypeFor[[0]Byte2](), reflect.TypeFor[[]int32](), union.Branches[12].Go, reflect.PointerTo(s.Root.Go)} {
		if got := union.Held(i); got != want {
			t.Errorf("%s: got %v, want %v", branches[i], got, want)
		}
		if got, want := union.NamedBytes(i), want != nil && want.Kind() == reflect.Array && want.Elem() != reflect.TypeFor[byte](); got != want {
			t.Errorf("%s: named bytes %v, want %v", branches[i], got, want)
		}
	}
	all := map[reflect.Type]bool{}
	for i := range MostAlike {
		all[symbolTypes[i]], all[byteTypes[i]] = true, true
		if symbolTypes[i].Kind() != reflect.String || byteTypes[i].Kind() != reflect.Uint8 {
			t.Errorf("%v is no text, or %v no byte", symbolTypes[i], byteTypes[i])
		}
	}
	if len(all) != 2*MostAlike || len(byteTypes) != MostAlike {
		t.Errorf("got %d types, want %d", len(all), 2*MostAlike)
	}
}

func TestFixedBytes(t *testing.T) {
	held := [4]Byte3{0, 1, 254, 255}
	got := FixedBytes(held[:])
	if want := []byte{0, 1, 254, 255}; !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
	got[0] = 7
	if held[0] != 0 {
		t.Error("FixedBytes shares memory")
	}
	if SetFixed(held[:], got); held != [4]Byte3{7, 1, 254, 255} {
		t.Errorf("SetFixed made %v", held)
	}
}
