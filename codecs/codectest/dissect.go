package codectest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas/streams"
)

// dissections checks that the parts of every encoding lie one behind the other from its first byte to its last, that each
// has a role, and that bytes cut short are refused, as Decode refuses them. Bytes that were changed may be refused or not. A
// codec that does not dissect is left alone.
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
		if err := gapless(parts, len(enc)); err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
		if n := len(enc); n > 0 && i < 3 {
			_, refused := b.fresh(enc[:n-1])
			if _, err := d.Dissect(enc[:n-1]); err == nil && refused != nil {
				t.Errorf("record %d: cut short by a byte, it is dissected and not decoded", i)
			}
		}
		if err := b.dissectsChanged(d, enc); err != nil {
			t.Fatalf("record %d: %v", i, err)
		}
	}
}

// dissectsChanged dissects changed copies of enc.
func (b *bound) dissectsChanged(d codecs.Dissector, enc []byte) error {
	rng := rand.New(rand.NewPCG(2, uint64(len(enc))))
	for range 20 {
		src := corrupt(rng, enc, b.encoded)
		parts, err := d.Dissect(src)
		if err != nil {
			continue
		}
		if err := gapless(parts, len(src)); err != nil {
			return fmt.Errorf("changed to %x: %w", src, err)
		}
	}
	return nil
}

// gapless reports how parts are not one behind the other from 0 to n.
func gapless(parts []codecs.Part, n int) error {
	at := 0
	for _, p := range parts {
		if p.Begin != at || p.End <= p.Begin || p.Role == "" {
			return fmt.Errorf("part %+v begins at %d", p, at)
		}
		at = p.End
	}
	if at != n {
		return fmt.Errorf("the parts end at %d of %d bytes", at, n)
	}
	return nil
}

// DissectGolden compares how f dissects a record with the file dir/<format>_<schema>.txt, whose lines are offset, bytes,
// path, role and text. The records are the first of two streams, and one with maps and unions if f carries it. UPDATE=1
// rewrites the files.
func DissectGolden(t *testing.T, f codecs.Format, dir string) {
	t.Helper()
	for _, s := range dissected(t, f) {
		b := bind(t, f, s)
		if b == nil {
			continue
		}
		t.Run(s.schema.Name, func(t *testing.T) {
			parts, err := dissector(t, b).Dissect(b.encoded[0])
			if err != nil {
				t.Fatal(err)
			}
			var text bytes.Buffer
			writeParts(&text, b.encoded[0], parts)
			sameText(t, filepath.Join(dir, f.Name+"_"+s.schema.Name+".txt"), text.Bytes())
		})
	}
}

// dissected returns the subjects of golden files, a record of each.
func dissected(t *testing.T, f codecs.Format) []subject {
	t.Helper()
	rich := parsed(t, fuzzSchema, fuzzRecords)
	if bind(t, f, rich) == nil {
		rich = dense(t)
	}
	rich.records = rich.records[:1]
	list := []subject{rich}
	for _, name := range []string{"nexmark.Bid", "orders.Order"} {
		s, err := streams.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, generated(t, s, 1, 1))
	}
	return list
}

func dissector(t testing.TB, b *bound) codecs.Dissector {
	t.Helper()
	d, ok := b.codec.(codecs.Dissector)
	if !ok {
		t.Fatalf("%s does not dissect", b.format.Name)
	}
	return d
}

// FuzzDissect fuzzes the dissector of f on the schema of [Fuzz]. The parts of what it accepts have no gaps, and it accepts
// what the decoder accepts, unless that nests too deep.
func FuzzDissect(f *testing.F, format codecs.Format) {
	b := bind(f, format, fuzzed(f, format))
	if b == nil {
		f.Skipf("%s cannot carry the schema", format.Name)
	}
	for _, enc := range b.encoded {
		f.Add(enc)
	}
	d := dissector(f, b)
	f.Fuzz(func(t *testing.T, src []byte) { b.dissects(t, d, src) })
}

// dissects checks what d, a codec like b's, says of src.
func (b *bound) dissects(t reporter, d codecs.Dissector, src []byte) {
	parts, err := d.Dissect(src)
	if err == nil {
		err = gapless(parts, len(src))
	} else if _, refused := b.fresh(src); refused != nil || errors.Is(err, codecs.ErrDeep) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
}
