package infer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/wirecost/wirecost/internal/plural"
)

// Schema returns the draft as the text of an Avro schema, whose record has a name, full or not.
func (d *Draft) Schema(name string) ([]byte, error) {
	for part := range strings.SplitSeq(name, ".") {
		if !isName.MatchString(part) {
			return nil, fmt.Errorf("%q is no name of a record in Avro: it has letters, digits and _, and dots between the parts", name)
		}
	}
	if d.root.objects == 0 {
		return nil, errors.New("there is no record")
	}
	if len(d.root.keys) == 0 {
		return nil, errors.New("the records have no field")
	}
	w := writer{names: map[string]bool{}}
	w.names[name[strings.LastIndexByte(name, '.')+1:]] = true
	w.record(name, &d.root, 0)
	w.b.WriteByte('\n')
	return w.b.Bytes(), nil
}

// A writer writes a schema.
type writer struct {
	b     bytes.Buffer
	names map[string]bool // of named types
}

// name returns a new name for the type of the field called field.
func (w *writer) name(field string) string {
	base := Name(field)
	name := base
	for i := 2; w.names[name]; i++ {
		name = fmt.Sprint(base, i)
	}
	w.names[name] = true
	return name
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

func (w *writer) record(name string, s *shape, depth int) {
	w.printf(`{"type": "record", "name": "%s", "fields": [`, name)
	for i, k := range s.keys {
		if i > 0 {
			w.printf(",")
		}
		w.printf("\n%s", strings.Repeat("  ", depth+1))
		w.field(k, s.objects, depth+1)
	}
	w.printf("\n%s]}", strings.Repeat("  ", depth))
}

// field writes the field of a key of so many objects.
func (w *writer) field(k *key, objects, depth int) {
	nullable := k.count < objects || k.shape.nulls > 0 || k.shape.branches() == 0
	w.printf(`{"name": "%s", "type": `, k.name)
	w.typ(k.name, &k.shape, nullable, depth)
	if nullable {
		w.printf(`, "default": null`)
	}
	if p := k.shape.profile(); p != "" {
		w.printf(`, "profile": %s`, p)
	}
	doc, _ := json.Marshal(k.doc(objects))
	w.printf(`, "doc": %s}`, doc)
}

// branches returns how many types the values have, beside null.
func (s *shape) branches() int {
	n := 0
	for _, count := range []int{s.booleans, s.integers + s.floats, s.texts, s.arrays, s.objects} {
		if count > 0 {
			n++
		}
	}
	return n
}

// typ writes the type of the values of s, which are in the field called field.
func (w *writer) typ(field string, s *shape, nullable bool, depth int) {
	n := s.branches()
	union := nullable || n > 1
	if union {
		w.printf("[")
	}
	begin := w.b.Len()
	part := func(count int, write func()) {
		if count == 0 {
			return
		}
		if w.b.Len() > begin {
			w.printf(", ")
		}
		write()
	}
	if nullable {
		part(1, func() { w.printf(`"null"`) })
	}
	part(s.booleans, func() { w.printf(`"boolean"`) })
	part(s.integers+s.floats, func() { w.printf("%s", s.numberType()) })
	part(s.texts, func() { w.printf("%s", w.textType(field, s)) })
	part(s.arrays, func() {
		w.printf(`{"type": "array", "items": `)
		w.typ(field, s.items, s.items.nulls > 0, depth)
		w.printf("}")
	})
	part(s.objects, func() { w.object(field, s, depth) })
	if n == 0 { // nothing but null, or nothing at all
		part(1, func() { w.printf(`"string"`) })
	}
	if union {
		w.printf("]")
	}
}

// object writes the type of objects.
func (w *writer) object(field string, s *shape, depth int) {
	if !s.isMap() {
		w.record(w.name(field), s, depth)
		return
	}
	values := s.values
	if values == nil {
		values = &shape{}
		for _, k := range s.keys {
			values.join(&k.shape)
		}
	}
	w.printf(`{"type": "map", "values": `)
	w.typ(field, values, values.nulls > 0, depth)
	w.printf("}")
}

func (s *shape) numberType() string {
	switch t := s.timestamp(); {
	case s.floats > 0:
		return `"double"`
	case t != "":
		return fmt.Sprintf(`{"type": "long", "logicalType": "%s"}`, t)
	case s.isInt():
		return `"int"`
	}
	return `"long"`
}

func (w *writer) textType(field string, s *shape) string {
	switch {
	case s.uuids == s.texts:
		return `{"type": "string", "logicalType": "uuid"}`
	case s.isEnum():
		symbols, _ := json.Marshal(slices.Sorted(maps.Keys(s.symbols)))
		return fmt.Sprintf(`{"type": "enum", "name": "%s", "symbols": %s}`, w.name(field), symbols)
	}
	return `"string"`
}

// profile returns the profile of texts that are times, "" for others.
func (s *shape) profile() string {
	for _, f := range formats {
		if s.times[f.name] == s.texts && s.texts > 0 && s.branches() == 1 && !s.isEnum() {
			step := 1
			if f.name != "rfc3339" {
				step = 1000
			}
			return fmt.Sprintf(`{"time": {"start": "%s", "num": %d}, "format": "%s"}`, s.first.Truncate(time.Hour).Format(time.RFC3339), step, f.name)
		}
	}
	return ""
}

// doc says what was seen of a field of so many objects.
func (k *key) doc(objects int) string {
	s := &k.shape
	said := []string{"in each of " + plural.Count(objects, "object")}
	if k.count < objects {
		said[0] = fmt.Sprintf("in %d of %s", k.count, plural.Count(objects, "object"))
	}
	if s.nulls > 0 {
		said = append(said, fmt.Sprintf("null in %d", s.nulls))
	}
	if s.branches() == 0 {
		said = append(said, "never anything else: the type is a guess")
	}
	if s.texts > 0 && s.symbols != nil {
		said = append(said, plural.Count(len(s.symbols), "different text"))
	}
	if s.arrays > 0 && s.items.branches() == 0 && s.items.nulls == 0 {
		said = append(said, "arrays always empty: the type of the items is a guess")
	}
	if s.objects > 0 && s.values != nil {
		said = append(said, "objects of many keys, or of such as are no names")
	}
	return strings.Join(said, "; ")
}

// Name returns a name for the record of a file called base, without its extension: Record if that has none in it.
func Name(base string) string {
	name := camel(strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return '_'
	}, base))
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return "Record" + name
	}
	return name
}

// camel writes words with _ between them as one.
func camel(words string) string {
	out := ""
	for word := range strings.FieldsFuncSeq(words, func(r rune) bool { return r == '_' }) {
		out += string(unicode.ToUpper(rune(word[0]))) + word[1:]
	}
	return out
}
