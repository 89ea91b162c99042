package kryo_test

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/codectest"
	"github.com/wirecost/wirecost/codecs/flink/kryo"
)

const tree = `{"type": "record", "name": "T", "fields": [{"name": "kids", "type": {"type": "array", "items": "T"}}]}`

// listHead is a list in a field, up to its first element: each list announces thousands.
func listHead(old, first bool) string {
	head := "0100" + "01"
	if first {
		head = arrayList
	}
	if old { // elements with their classes
		return head + "a01f" + "57" + "01" // 4000
	}
	return head + "c03f" + "57" + "00" + "01" // 4031
}

// Lists in lists may not each announce all of the input: what is made for them is bounded together.
func TestNestedCounts(t *testing.T) {
	for _, f := range []codecs.Format{kryo.Format, kryo.Flink1} {
		c, typ := codectest.Open(t, f, tree)
		var in strings.Builder
		in.WriteString("5701")
		for i := range 900 {
			in.WriteString(listHead(f.Name == kryo.Flink1.Name, i == 0))
		}
		in.WriteString(strings.Repeat("00", 4000))
		src, err := hex.DecodeString(in.String())
		if err != nil {
			t.Fatal(err)
		}
		used := codectest.Allocated(func() { err = c.Decode(src, typ.New()) })
		if err == nil || used > uint64(64*24*len(src)) { // 24 bytes an element, the largest place of a list
			t.Errorf("%s: %d bytes of lists in lists: %d bytes allocated, error %.100v", f.Name, len(src), used, err)
		}
	}
}

// A record in which each object is twice the one before would be written in exponentially many bytes.
func TestReferenceBomb(t *testing.T) {
	for _, f := range []codecs.Format{kryo.Format, kryo.Flink1} {
		old := f.Name == kryo.Flink1.Name
		c, typ := codectest.Open(t, f, tree)
		const levels = 40
		// T has two kids: a new one, and that again. Objects: T 0, its list 1, the first kid 2, ...
		var in bytes.Buffer
		in.WriteString("5701")
		for i := range levels {
			head := "0100" + "01"
			if i == 0 {
				head = arrayList
			}
			if old {
				in.WriteString(head + "02" + "57" + "01")
			} else {
				in.WriteString(head + "83" + "57" + "00" + "01")
			}
		}
		in.WriteString("0100" + "01" + map[bool]string{true: "00", false: "01"}[old])
		for i := levels; i > 0; i-- {
			ref := hex.EncodeToString([]byte{byte(2*i + 2)})
			if old {
				ref = "57" + ref
			}
			in.WriteString(ref)
		}
		src, err := hex.DecodeString(in.String())
		if err != nil {
			t.Fatal(err)
		}
		v := typ.New()
		if err := c.Decode(src, v); err == nil || !strings.Contains(err.Error(), "references stand for more than") {
			t.Errorf("%s: %d bytes that stand for 2^%d: error %.200v", f.Name, len(src), levels, err)
		}
	}
}
