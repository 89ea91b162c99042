package sample

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"slices"

	"github.com/wirecost/wirecost/schemas/access"
)

// A Ring is records drawn evenly from all of a stream, as they are there, in their order. Each is the canonical Avro bytes of
// one: see [access.AppendAvro].
type Ring struct {
	Records [][]byte
	Of      int64 // records that they were drawn from: all of them, if that is their number
	Bytes   int64 // of Records
	Cut     int   // how many there were to be, if Records are fewer because they would take more bytes than they may; or 0
}

// Each returns the records of g, which are of type t, one by one: each is good until the next.
func (g *Ring) Each(t *access.Type) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		record := t.New()
		for _, b := range g.Records {
			r, err := t.Ref(record)
			if err == nil {
				_, err = access.ReadAvro(t, b, r)
			}
			if !yield(record, err) {
				return
			}
		}
	}
}

// WriteTo writes the records one behind the other.
func (g *Ring) WriteTo(w io.Writer) (n int64, err error) {
	for _, b := range g.Records {
		m, err := w.Write(b)
		if n += int64(m); err != nil {
			return n, err
		}
	}
	return n, nil
}

// Draw reads all of r, and keeps most records of it, or as many as take at most some bytes, but one at least: a reservoir
// (Vitter's Algorithm R, doi.org/10.1145/3147.3165). Each record has the same chance, and which are drawn depends on the seed
// and the number of records alone, not on how they are read.
//
// Note: every k-th record would need no generator, but files have periods, such as a header record before each hundred, or
// Nexmark's 1, 3 and 46 events in each 50; and k is known only at the end of one pass.
func Draw(r *Reader, most int, bytes int64, seed uint64) (*Ring, error) {
	return DrawEach(r, most, bytes, seed, func(any) error { return nil })
}

// DrawEach is Draw, and calls each with every record of r, a pointer to its struct, which is good until each returns.
func DrawEach(r *Reader, most int, bytes int64, seed uint64, each func(record any) error) (*Ring, error) {
	if most < 1 {
		return nil, errors.New("no records to draw")
	}
	d := &drawing{rand: rand.New(rand.NewPCG(seed, 0)), most: most}
	record := r.Type.New()
	ref, err := r.Type.Ref(record)
	if err != nil {
		return nil, err
	}
	var buf []byte
	for {
		err := r.Next(record)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := each(record); err != nil {
			return nil, err
		}
		i := d.place()
		if i < 0 {
			continue
		}
		if buf, err = access.AppendAvro(buf[:0], r.Type, ref); err != nil {
			return nil, fmt.Errorf("record %d: %w", r.Read(), err)
		}
		d.keep(i, buf)
		for d.bytes > bytes && len(d.kept) > 1 {
			d.drop()
		}
	}
	ring := &Ring{Of: d.seen, Bytes: d.bytes}
	slices.SortFunc(d.kept, func(a, b drawn) int { return cmp.Compare(a.n, b.n) })
	for _, k := range d.kept {
		ring.Records = append(ring.Records, k.record)
	}
	if d.cut {
		ring.Cut = min(most, int(min(d.seen, int64(most))))
	}
	return ring, nil
}

// A drawing is a reservoir.
type drawing struct {
	rand  *rand.Rand
	most  int // records in kept
	kept  []drawn
	bytes int64
	seen  int64
	cut   bool // most was lowered
}

// A drawn is the n-th record, from 1.
type drawn struct {
	n      int64
	record []byte
}

// place takes the next record of the stream and returns where in kept it belongs, or -1.
func (d *drawing) place() int {
	d.seen++
	if d.seen <= int64(d.most) {
		return len(d.kept)
	}
	if i := d.rand.Int64N(d.seen); i < int64(d.most) {
		return int(i)
	}
	return -1
}

func (d *drawing) keep(i int, record []byte) {
	if i == len(d.kept) {
		d.kept = append(d.kept, drawn{})
	}
	d.bytes += int64(len(record) - len(d.kept[i].record))
	d.kept[i] = drawn{d.seen, append(d.kept[i].record[:0], record...)}
}

// drop makes the reservoir smaller by one, which any of its records may be: what is left was drawn as evenly.
func (d *drawing) drop() {
	i, last := d.rand.IntN(len(d.kept)), len(d.kept)-1
	d.bytes -= int64(len(d.kept[i].record))
	d.kept[i] = d.kept[last]
	d.kept = d.kept[:last]
	d.most, d.cut = last, true
}
