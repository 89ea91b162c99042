package codectest

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
)

// A nesting is a way in which a record can be inside itself.
type nesting struct {
	name, typ  string       // of the place in record N
	leaf, step string       // what stands there at the end, and around an N
	declared   reflect.Type // N as a program would declare it; nil if Go has no such type
}

var nestings = []nesting{
	{"itself or null", `["N", "null"]`, `null`, `{"N": %s}`, reflect.TypeFor[pointedN]()},
	{"null or itself", `["null", "N"]`, `null`, `{"N": %s}`, reflect.TypeFor[pointedN]()},
	{"union that begins with it", `["N", "int"]`, `{"int": 7}`, `{"N": %s}`, reflect.TypeFor[heldN]()},
	{"union that ends with it", `["null", "string", "N"]`, `{"string": "s"}`, `{"N": %s}`, reflect.TypeFor[heldN]()},
	{"union of collections of it", `["null", {"type": "array", "items": "N"}, {"type": "map", "values": "N"}]`, `null`, `{"array": [%s]}`, reflect.TypeFor[heldN]()},
	{"array", `{"type": "array", "items": "N"}`, `[]`, `[%s]`, reflect.TypeFor[listedN]()},
	{"map", `{"type": "map", "values": "N"}`, `{}`, `{"k": %s}`, reflect.TypeFor[mappedN]()},
	{"array of null or itself", `{"type": "array", "items": ["null", "N"]}`, `[null]`, `[{"N": %s}]`, nil},
	{"map of unions", `{"type": "map", "values": ["int", "N"]}`, `{"k": {"int": 1}}`, `{"k": {"N": %s}}`, nil},
	{"record around it", `{"type": "record", "name": "M", "fields": [{"name": "n", "type": ["null", "N"]}]}`, `{"n": null}`, `{"n": {"N": %s}}`, nil},
}

// The declared types of N.
type (
	pointedN struct {
		V    int32     `avro:"v" json:"v" msgpack:"v" cbor:"v"`
		Next *pointedN `avro:"next" json:"next" msgpack:"next" cbor:"next"`
	}
	heldN struct {
		V    int32 `avro:"v" json:"v" msgpack:"v" cbor:"v"`
		Next any   `avro:"next" json:"next" msgpack:"next" cbor:"next"`
	}
	listedN struct {
		V    int32     `avro:"v" json:"v" msgpack:"v" cbor:"v"`
		Next []listedN `avro:"next" json:"next" msgpack:"next" cbor:"next"`
	}
	mappedN struct {
		V    int32              `avro:"v" json:"v" msgpack:"v" cbor:"v"`
		Next map[string]mappedN `avro:"next" json:"next" msgpack:"next" cbor:"next"`
	}
)

// checkRecursive checks f on every nesting, with types made at run time and with declared ones, so that no bytes end the
// process: a stack that overflows cannot be recovered. A codec may refuse the schema. What else is hostile is tried on one
// form of each nesting: random schemas have records inside themselves, too.
func checkRecursive(t *testing.T, f codecs.Format) {
	checkEndless(t, f)
	for _, n := range nestings {
		tried := false
		for _, form := range n.forms(t) {
			b := bind(t, f, form.subject)
			if b == nil {
				continue
			}
			t.Run(n.name+form.name, func(t *testing.T) {
				checks := append(b.checks(), check{name: "deep", check: b.deep})
				runAll(t, slices.DeleteFunc(checks, func(c check) bool { return c.hostile && tried }))
			})
			tried = true
		}
	}
}

// A shaped is a nesting with the types of one of its forms.
type shaped struct {
	name    string // behind that of the nesting
	subject subject
}

func (n nesting) forms(t reporter) []shaped {
	forms := []shaped{{"", n.subject(t, n.text())}, {", behind it a number", n.subject(t, n.reversed())}}
	if n.declared != nil {
		forms = append(forms, shaped{", declared", n.bound(t)})
	}
	return forms
}

func (n nesting) text() string {
	return `{"type": "record", "name": "N", "fields": [{"name": "v", "type": "int"}, {"name": "next", "type": ` + n.typ + `}]}`
}

// reversed returns the schema with the record inside itself first.
func (n nesting) reversed() string {
	return `{"type": "record", "name": "N", "fields": [{"name": "next", "type": ` + n.typ + `}, {"name": "v", "type": "int"}]}`
}

// depths are those of the records of a nesting. The last two differ by a level.
var depths = []int{0, 1, 40, 2, 3}

func (n nesting) subject(t reporter, schema string) subject { return parsed(t, schema, n.records()) }

func (n nesting) records() []string {
	var list []string
	for _, depth := range depths {
		record := `{"v": 1, "next": ` + n.leaf + `}`
		for range depth {
			record = `{"v": 1, "next": ` + fmt.Sprintf(n.step, record) + `}`
		}
		list = append(list, record)
	}
	return list
}

// bound returns the subject with the declared type.
func (n nesting) bound(t reporter) subject {
	s, err := schemas.Parse("codectest.avsc", []byte(n.text()), "")
	if err == nil {
		s, err = schemas.Bind(s, map[string]reflect.Type{"N": n.declared}, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return subject{s, readLines(t, s, n.records())}
}

// Limits of deep: an input is long enough for a library that takes a quarter of a kilobyte of stack for each level, of
// which the shortest take two bytes, to overflow a stack that serves our own limits well.
const (
	deepInput = 1 << 18
	deepStack = 1 << 25
)

// deep: what a record has more than one that is a level less deep, over and over, ends no process. Which part of it comes
// before the record inside, and which behind, is tried.
func (b *bound) deep(t reporter) {
	if len(b.encoded) < len(depths) {
		t.Fatalf("a record of depth %d is refused", depths[len(depths)-1])
	}
	defer debug.SetMaxStack(debug.SetMaxStack(deepStack))
	less, more := b.encoded[len(depths)-2], b.encoded[len(depths)-1]
	begin := 0
	for begin < len(less) && less[begin] == more[begin] {
		begin++
	}
	level := more[begin : begin+len(more)-len(less)]
	for _, n := range []int{1000, deepInput / len(level)} {
		for i := range level {
			b.survives(t, slices.Concat(less[:begin], bytes.Repeat(level[:len(level)-i], n), bytes.Repeat(level[len(level)-i:], n), less[begin:]))
		}
	}
}

// survives decodes and dissects src, which may be anything.
func (b *bound) survives(t reporter, src []byte) {
	h := hostile{bound: b}
	if _, err := h.guarded(src, codecs.NewRecord(b.codec, b.typ)); isPanic(err) {
		t.Errorf("decode of %d bytes %.40x: %v", len(src), src, err)
	}
	if d, ok := b.codec.(codecs.Dissector); ok {
		if parts, err := d.Dissect(src); err == nil {
			if err := gapless(parts, len(src)); err != nil {
				t.Errorf("dissect of %d bytes %.40x: %v", len(src), src, err)
			}
		}
	}
}

// endless is a record that is directly inside itself, so that there is none that ends.
const endless = `{"type": "record", "name": "N", "fields": [{"name": "v", "type": "int"}, {"name": "next", "type": "N"}]}`

// checkEndless: a codec that takes the schema of a record without end ends with an error, whatever it is given.
func checkEndless(t *testing.T, f codecs.Format) {
	for _, text := range []string{endless, strings.Replace(endless, `{"name": "v", "type": "int"}, `, "", 1)} {
		b := bind(t, f, parsed(t, text, nil))
		if b == nil {
			continue
		}
		if _, err := b.encode(b.typ.New()); err == nil {
			t.Errorf("%s: an unfinished record is encoded", text)
		}
		for c := range 256 {
			for _, n := range []int{1, 100, 20_000} {
				b.survives(t, bytes.Repeat([]byte{byte(c)}, n))
			}
		}
		if _, err := b.fresh(nil); err == nil || errors.As(err, new(panicked)) {
			t.Errorf("%s: no bytes: got error %v", text, err)
		}
	}
}
