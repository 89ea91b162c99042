package schemas

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	hamba "github.com/hamba/avro/v2"
	"github.com/twmb/avro"
	"pgregory.net/rapid"
)

// A drawer draws the text of a schema. Names are numbered; some have a namespace of their own, which no library misreads.
type drawer struct {
	t     *rapid.T
	n     int
	named []string // finished types
	open  []string // records around
}

func (d *drawer) name(prefix string) string {
	d.n++
	return fmt.Sprintf("%s.%s%d", rapid.SampledFrom([]string{"a", "b.c"}).Draw(d.t, "namespace"), prefix, d.n)
}

func (d *drawer) record(depth int) string {
	name := d.name("R")
	d.open = append(d.open, name)
	fields := make([]string, rapid.IntRange(0, 4).Draw(d.t, "fields"))
	for i := range fields {
		fields[i] = fmt.Sprintf(`{"doc": "x", "type": %s, "name": "f%d", "order": "ignore"}`, d.typ(depth), i)
	}
	d.open = d.open[:len(d.open)-1]
	d.named = append(d.named, name)
	return fmt.Sprintf(`{"fields": [%s], "type": "record", "aliases": ["Old"], "name": %q}`, strings.Join(fields, ", "), name)
}

func (d *drawer) typ(depth int) string {
	kind := rapid.IntRange(0, 12).Draw(d.t, "kind")
	if depth == 0 {
		kind = min(kind, 6)
	}
	switch kind {
	case 4:
		name := d.name("E")
		d.named = append(d.named, name)
		return fmt.Sprintf(`{"type": "enum", "symbols": ["A", "B"], "name": %q, "default": "B", "doc": "e"}`, name)
	case 5:
		name := d.name("F")
		d.named = append(d.named, name)
		return fmt.Sprintf(`{"size": %d, "type": "fixed", "name": %q}`, rapid.IntRange(0, 20).Draw(d.t, "size"), name)
	case 6:
		if len(d.named) > 0 {
			return fmt.Sprintf("%q", rapid.SampledFrom(d.named).Draw(d.t, "reference"))
		}
	case 7, 8:
		return d.record(depth - 1)
	case 9:
		return fmt.Sprintf(`{"items": %s, "type": "array", "java-array": true}`, d.typ(depth-1))
	case 10:
		return fmt.Sprintf(`{"type": "map", "values": %s}`, d.typ(depth-1))
	case 11:
		return fmt.Sprintf(`["null", %q]`, rapid.SampledFrom(d.open).Draw(d.t, "recursion"))
	case 12:
		return fmt.Sprintf(`["null", "int", %s, {"type": "array", "items": %s}]`, d.record(depth-1), d.typ(depth-1))
	}
	return rapid.SampledFrom([]string{`"null"`, `"boolean"`, `"int"`, `{"type": "long", "logicalType": "timestamp-micros"}`, `"float"`, `"double"`,
		`{"type": "bytes", "logicalType": "decimal", "precision": 4}`, `{"type": "string", "avro.java.string": "String"}`}).Draw(d.t, "scalar")
}

// The canonical form and the fingerprint are those of other libraries; a copy of the graph is the same schema, and shares
// nothing with it.
func TestRandomSchemas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := (&drawer{t: t}).record(3)
		s, err := Parse("x.avsc", []byte(text), "")
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		peer, err := avro.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got, want := s.Canonical(), string(peer.Canonical()); got != want {
			t.Fatalf("%s: canonical form is %s, want %s", text, got, want)
		}
		other, err := hamba.ParseWithCache(s.Canonical(), "", &hamba.SchemaCache{})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		want, err := other.FingerprintUsing(hamba.CRC64Avro)
		if got := fmt.Sprintf("%016x", s.Fingerprint()); err != nil || got != fmt.Sprintf("%x", want) {
			t.Fatalf("%s: fingerprint is %s, want %x (error %v)", text, got, want, err)
		}
		again, err := Parse("x.avsc", []byte(s.Canonical()), "")
		if err != nil || again.Canonical() != s.Canonical() || again.Hash() != s.Hash() || again.Recursive() != s.Recursive() {
			t.Fatalf("%s: its canonical form gives %v, error %v", text, again, err)
		}
		checkCopy(t, s)
	})
}

// checkCopy checks that a copy of s's graph is like it and has no node or field in common.
func checkCopy(t *rapid.T, s *Schema) {
	to := *s
	to.Root = copier{}.node(s.Root)
	if to.Canonical() != s.Canonical() || to.Recursive() != s.Recursive() {
		t.Fatalf("%s is copied to %s", s.Canonical(), to.Canonical())
	}
	nodes, fields := map[*Node]bool{}, map[*Field]bool{}
	var paths, copied []string
	s.Root.Walk(func(path string, n *Node) error {
		nodes[n], nodes[n.Def] = true, true
		for _, f := range n.Fields {
			fields[f] = true
		}
		paths = append(paths, path)
		return nil
	})
	delete(nodes, nil)
	to.Root.Walk(func(path string, n *Node) error {
		shared := nodes[n] || n.Def != nil && nodes[n.Def] || n.Go != nil
		for _, f := range n.Fields {
			shared = shared || fields[f]
		}
		if shared {
			t.Fatalf("%s: the copy of %s shares the node at %s, or has a Go type there", s.Text, s.Canonical(), path)
		}
		copied = append(copied, path)
		return nil
	})
	if !reflect.DeepEqual(paths, copied) {
		t.Fatalf("%s: got paths %q, want %q", s.Text, copied, paths)
	}
}

// The struct of a record has its fields in order, each under its name in the tags of all libraries; the first says which
// record it is, so that records of equal fields are different types.
func TestStructs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := Parse("x.avsc", []byte((&drawer{t: t}).record(3)), "")
		if err != nil {
			t.Fatal(err)
		}
		types := map[reflect.Type]string{}
		s.Root.Walk(func(path string, n *Node) error {
			if n.Kind != Record || n.Def != nil {
				return nil
			}
			if other := types[n.Go]; other != "" && other != n.Name {
				t.Fatalf("%s and %s are one Go type", other, n.Name)
			}
			types[n.Go] = n.Name
			if got := n.Go.Field(0).Tag.Get("record"); got != n.Name || n.Go.NumField() != max(len(n.Fields), 1) {
				t.Fatalf("%s at %s is a struct of %d fields, of record %q", n.Name, path, n.Go.NumField(), got)
			}
			for i, f := range n.Fields {
				sf := n.Go.Field(f.Index)
				for _, lib := range []string{"avro", "json", "msgpack", "cbor"} {
					if f.Index != i || sf.Tag.Get(lib) != f.Name {
						t.Fatalf("field %s of %s is field %d, with tag %s", f.Name, n.Name, f.Index, sf.Tag)
					}
				}
			}
			return nil
		})
	})
}
