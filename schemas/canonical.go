package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Canonical returns the schema in Avro's Parsing Canonical Form: full names, no logical types and no attributes that do
// not change the bytes of a record.
func (s *Schema) Canonical() string {
	c := canonical{seen: map[string]bool{}}
	return string(c.append(nil, s.Root))
}

// Qualified returns the canonical form for libraries that take a name without a namespace for one of the namespace around
// it, even a full name, as hamba/avro and twmb/avro do. Where that would be wrong, all types without a namespace are given
// the one that Qualified returns too; else it is "".
func (s *Schema) Qualified() (text, namespace string) {
	if !s.misread() {
		return s.Canonical(), ""
	}
	for namespace = "none"; s.has(namespace); {
		namespace += "_"
	}
	c := canonical{seen: map[string]bool{}, namespace: namespace}
	return string(c.append(nil, s.Root)), namespace
}

// misread reports whether a type without a namespace stands in a record that has one.
func (s *Schema) misread() bool {
	found := false
	s.Root.Walk(func(_ string, n *Node) error {
		for _, f := range n.Fields {
			found = found || strings.Contains(n.Name, ".") && f.Type.bare()
		}
		return nil
	})
	return found
}

// bare reports whether n, or what stands in it with no record between, is a type with a name but no namespace.
func (n *Node) bare() bool {
	if n.Kind.Named() {
		return !strings.Contains(n.Name, ".")
	}
	return n.Items != nil && n.Items.bare() || slices.ContainsFunc(n.Branches, (*Node).bare)
}

// has reports whether some type of s has the namespace.
func (s *Schema) has(namespace string) bool {
	found := false
	s.Root.Walk(func(_ string, n *Node) error {
		found = found || strings.HasPrefix(n.Name, namespace+".")
		return nil
	})
	return found
}

// A canonical writes a schema's canonical form. Namespace is that of types without one.
type canonical struct {
	seen      map[string]bool
	namespace string
}

// name returns the full name of n.
func (c canonical) name(n *Node) string {
	if strings.Contains(n.Name, ".") {
		return n.Name
	}
	return qualify(c.namespace, n.Name)
}

func (c canonical) append(b []byte, n *Node) []byte {
	if n.Kind.Named() {
		if c.seen[n.Name] {
			return strconv.AppendQuote(b, c.name(n))
		}
		c.seen[n.Name] = true
		b = append(b, `{"name":"`+c.name(n)+`","type":"`+n.Kind.String()+`"`...)
	}
	switch n.Kind {
	case Record:
		b = append(b, `,"fields":[`...)
		for i, f := range n.Fields {
			b = comma(b, i)
			b = append(b, `{"name":"`+f.Name+`","type":`...)
			b = append(c.append(b, f.Type), '}')
		}
		return append(b, "]}"...)
	case Enum:
		b = append(b, `,"symbols":[`...)
		for i, s := range n.Symbols {
			b = strconv.AppendQuote(comma(b, i), s)
		}
		return append(b, "]}"...)
	case Fixed:
		b = strconv.AppendInt(append(b, `,"size":`...), int64(n.Size), 10)
		return append(b, '}')
	case Array:
		return append(c.append(append(b, `{"type":"array","items":`...), n.Items), '}')
	case Map:
		return append(c.append(append(b, `{"type":"map","values":`...), n.Items), '}')
	case Union:
		b = append(b, '[')
		for i, br := range n.Branches {
			b = c.append(comma(b, i), br)
		}
		return append(b, ']')
	}
	return strconv.AppendQuote(b, n.Kind.String())
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return b
}

// Hash returns the SHA-256 of the canonical form, in hex: what results call hash. Equal hashes mean equal Avro bytes.
func (s *Schema) Hash() string {
	sum := sha256.Sum256([]byte(s.Canonical()))
	return hex.EncodeToString(sum[:])
}

// Fingerprint returns the CRC-64-AVRO of the canonical form, which the Avro specification defines.
func (s *Schema) Fingerprint() uint64 {
	const empty = 0xc15d213aa4d7a795
	fp := uint64(empty)
	for _, c := range []byte(s.Canonical()) {
		x := (fp ^ uint64(c)) & 0xff
		for range 8 {
			x = x>>1 ^ empty&-(x&1)
		}
		fp = fp>>8 ^ x
	}
	return fp
}
