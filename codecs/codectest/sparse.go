package codectest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
)

// wideFields is how many strings the records of checkSparse have: more than 4 KB of memory that an input of a few bytes
// may ask for, over and over.
const wideFields = 300

// checkSparse: records that leave out all fields, or all but one, are refused, or the format says that it is sparse; and
// then a list of them, which is short in bytes and long in memory, keeps within the format's bound.
func checkSparse(t *testing.T, f codecs.Format) {
	wide := bind(t, f, listOf(t, wideFields))
	if wide == nil {
		return // it needs generated code
	}
	h, sparse := wide.newHostile(t), false
	for _, src := range wide.sparse(t) {
		if _, err := wide.fresh(src); err == nil {
			sparse = true
		}
		for _, n := range []int{len(src), len(src) / 2, len(src) / 9, 1} {
			h.try(src[:n:n], func(any) error { return nil })
		}
	}
	if err := h.flush(); err != nil {
		t.Error(err)
	}
	if sparse != f.Sparse {
		t.Errorf("records without most of their fields are read: %v, but Format.Sparse is %v", sparse, f.Sparse)
	}
}

// sparse returns lists of records that leave out fields: as the format writes them for schemas that have none or one,
// and its own if it leaves out what is zero.
func (b *bound) sparse(t reporter) (list [][]byte) {
	for n := range 2 {
		if narrow := bind(t, b.format, listOf(t, n)); narrow != nil {
			list = append(list, narrow.encoded[0])
		}
	}
	if enc := b.encoded[0]; len(enc) < listed*wideFields {
		list = append(list, enc)
	}
	return list
}

// listed is how many records the lists have.
const listed = 400

// listOf returns a list of records that have n strings, all empty.
func listOf(t reporter, n int) subject {
	fields, zeros := make([]string, n), make([]string, n)
	for i := range fields {
		fields[i] = fmt.Sprintf(`{"name": "f%d", "type": "string"}`, i)
		zeros[i] = fmt.Sprintf(`"f%d": ""`, i)
	}
	item := `{"type": "record", "name": "Item", "fields": [` + strings.Join(fields, ", ") + `]}`
	zero := "{" + strings.Join(zeros, ", ") + "}"
	return parsed(t, `{"type": "record", "name": "Lists", "fields": [{"name": "list", "type": {"type": "array", "items": `+item+`}}]}`,
		[]string{`{"list": [` + strings.Repeat(zero+", ", listed-1) + zero + `]}`})
}
