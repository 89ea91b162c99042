package codectest

import (
	"github.com/wirecost/wirecost/codecs"
)

// dissections checks that the parts of every encoding lie one behind the other from its first byte to its last, that each
// has a role, and that bytes cut short are refused, as Decode refuses them. A codec that does not dissect is left alone.
func (b *bound) dissections(t reporter) {
	d, ok := b.codec.(codecs.Dissector)
	if !ok {
		return
	}
	for i, enc := range b.encoded {
		parts, err := d.Dissect(enc)
		if err != nil {
			t.Fatalf("record %d: dissect: %v", i, err)
		}
		at := 0
		for _, p := range parts {
			if p.Begin != at || p.End <= p.Begin || p.Role == "" {
				t.Fatalf("record %d: part %+v begins at %d", i, p, at)
			}
			at = p.End
		}
		if at != len(enc) {
			t.Fatalf("record %d: the parts end at %d of %d bytes", i, at, len(enc))
		}
		if n := len(enc); n > 0 && i < 3 {
			_, refused := b.fresh(enc[:n-1])
			if _, err := d.Dissect(enc[:n-1]); err == nil && refused != nil {
				t.Errorf("record %d: cut short by a byte, it is dissected and not decoded", i)
			}
		}
	}
}
