package schemas

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Canonical returns the schema in Avro's Parsing Canonical Form: full names, no logical types and no attributes that do
// not change the bytes of a record. Libraries are given this text, so that they take logical types for their base.
func (s *Schema) Canonical() string {
	return string(appendCanonical(nil, s.Root, map[string]bool{}))
}

func appendCanonical(b []byte, n *Node, seen map[string]bool) []byte {
	if n.Kind.Named() {
		if seen[n.Name] {
			return strconv.AppendQuote(b, n.Name)
		}
		seen[n.Name] = true
		b = append(b, `{"name":"`+n.Name+`","type":"`+n.Kind.String()+`"`...)
	}
	switch n.Kind {
	case Record:
		b = append(b, `,"fields":[`...)
		for i, f := range n.Fields {
			b = comma(b, i)
			b = append(b, `{"name":"`+f.Name+`","type":`...)
			b = append(appendCanonical(b, f.Type, seen), '}')
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
		b = appendCanonical(append(b, `{"type":"array","items":`...), n.Items, seen)
		return append(b, '}')
	case Map:
		b = appendCanonical(append(b, `{"type":"map","values":`...), n.Items, seen)
		return append(b, '}')
	case Union:
		b = append(b, '[')
		for i, br := range n.Branches {
			b = appendCanonical(comma(b, i), br, seen)
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
