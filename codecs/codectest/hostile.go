package codectest

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
)

// A hostile tries inputs that are no record and watches what their decoding allocates. It looks at the allocations of
// many inputs together, and at each only if they are more than one may make.
type hostile struct {
	*bound
	growth int
	batch  [][]byte
	err    error
	tries  int
}

const batchSize = 64

func (b *bound) newHostile(t reporter) *hostile {
	h := &hostile{bound: b, growth: growth(b.format, b.typ)}
	if len(b.encoded) > 0 {
		h.measure(nil) // what is made once is no fault of the first input
	}
	return h
}

// chosen reports whether enc is to be taken apart: short records, and a few.
func (h *hostile) chosen(enc []byte) bool {
	if len(enc) > 600 || h.tries > 3000 {
		return false
	}
	h.tries += len(enc)
	return true
}

// try decodes src and calls check with what it gives, if anything. Src must not change until the next flush.
func (h *hostile) try(src []byte, check func(got any) error) {
	if h.err != nil {
		return
	}
	n := codecs.NewRecord(h.codec, h.typ)
	got, err := h.guarded(src, n)
	if err == nil && got != nil {
		err = check(got)
	} else if !isPanic(err) {
		err = nil
	}
	if err != nil {
		h.err = fmt.Errorf("input %s: %w", shown(src), err)
		return
	}
	h.batch = append(h.batch, src)
	if len(h.batch) == batchSize {
		h.err = h.flush()
	}
}

type panicked struct{ value any }

func (p panicked) Error() string { return fmt.Sprintf("panic: %v", p.value) }

func isPanic(err error) bool {
	_, ok := err.(panicked)
	return ok
}

// guarded decodes src into n; a panic is an error. It leaves the codec as it is after a good record.
func (h *hostile) guarded(src []byte, n any) (got any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked{p}
		}
	}()
	return h.decode(src, n)
}

// flush looks at what the decoding of the batch allocates, and at whether records can be read after it.
func (h *hostile) flush() error {
	batch := h.batch
	h.batch = nil
	if h.err != nil || len(batch) == 0 {
		return h.err
	}
	if err := h.bounded(batch); err != nil {
		return err
	}
	got, err := h.fresh(h.encoded[0])
	if err != nil {
		return fmt.Errorf("a good record after bad ones: %w", err)
	}
	return h.diff(h.subject.records[0], got, h.format.Loses...)
}

// bounded reports whether each input of the batch keeps within its bound.
func (h *hostile) bounded(batch [][]byte) error {
	least := len(batch[0])
	for _, src := range batch {
		least = min(least, len(src))
	}
	used := h.measure(batch)
	switch {
	case used <= h.bound1(least):
		return nil
	case len(batch) > 1:
		if err := h.bounded(batch[:len(batch)/2]); err != nil {
			return err
		}
		return h.bounded(batch[len(batch)/2:])
	}
	for range 3 { // something else may have allocated
		if used = min(used, h.measure(batch)); used <= h.bound1(least) {
			return nil
		}
	}
	return fmt.Errorf("input %s: decoding %d bytes allocates %d, more than %d and %d for each",
		shown(batch[0]), least, used, h.bound1(0), h.growth)
}

// shown returns src in hex, the beginning of a long one.
func shown(src []byte) string {
	if len(src) > mostShown {
		return fmt.Sprintf("%x...", src[:mostShown])
	}
	return fmt.Sprintf("%x", src)
}

// mostShown is how many bytes of an input an error shows.
const mostShown = 1000

// bound1 is what the decoding of n bytes may allocate.
func (h *hostile) bound1(n int) uint64 {
	return uint64(4096 + h.format.Setup + h.growth*n)
}

// measure returns the bytes that decoding the batch allocates, native records not counted. A good record comes first, so
// that a codec which must recover from what was before does it there.
func (h *hostile) measure(batch [][]byte) (sum uint64) {
	natives := make([]any, len(batch)+1)
	for i := range natives {
		natives[i] = codecs.NewRecord(h.codec, h.typ)
	}
	good := natives[len(batch)]
	h.guarded(h.encoded[0], good)
	return allocated(func() {
		for i, src := range batch {
			h.guarded(src, natives[i])
		}
	})
}

// Allocated returns the bytes that f allocates, the least of three calls: the runtime allocates at times, too. What f
// allocates must not depend on calls before.
func Allocated(f func()) uint64 { return min(allocated(f), allocated(f), allocated(f)) }

func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// growth returns the c of [codecs.Format].
func growth(f codecs.Format, t *access.Type) int {
	r := ratios{least: map[*access.Type]int{}, most: 1}
	if f.Growth > 0 {
		r.boxed = 48
	}
	r.of(t)
	c := 64 * r.most
	if f.Growth > 0 {
		c = min(c, f.Growth)
	}
	if f.Sparse {
		c = max(c, 8*r.largest)
	}
	return c
}

// ratios are what values take in memory for each byte of their least encoding in Avro, which is about what any format
// needs that leaves nothing out.
type ratios struct {
	least   map[*access.Type]int
	boxed   int // bytes that a value takes at least, if it is boxed
	most    int // the largest ratio
	largest int // bytes of the largest value
}

// of returns the bytes of the least encoding of a value of type t.
func (r *ratios) of(t *access.Type) int {
	if least, ok := r.least[t]; ok {
		return least
	}
	least := 1
	r.least[t] = least
	switch t.Kind {
	case schemas.Float:
		least = 4
	case schemas.Double:
		least = 8
	case schemas.Fixed:
		least = max(t.Node.Size, 1)
	case schemas.Record:
		sum := 0
		for _, f := range t.Fields {
			sum += r.of(f.Type)
		}
		least = max(sum, 1)
	}
	r.least[t] = least
	if t.Elem != nil {
		r.of(t.Elem)
	}
	for _, b := range t.Branches {
		r.of(b)
	}
	size := max(int(t.Size), r.boxed)
	r.most, r.largest = max(r.most, (size+least-1)/least), max(r.largest, size)
	return least
}

// corrupted: bytes that were changed are refused, or read as some record, which then is one: it can be written and read
// again. Which record does not matter: formats that name their fields skip names they do not know.
func (b *bound) corrupted(t reporter) {
	h := b.newHostile(t)
	rng := rand.New(rand.NewPCG(1, uint64(len(b.subject.schema.Name))))
	b.each(t, func(v any, enc []byte) error {
		if !h.chosen(enc) {
			return nil
		}
		for range 100 {
			h.try(corrupt(rng, enc, b.encoded), func(got any) error { return b.fixpoint(got) })
		}
		return h.flush()
	})
}

// large are numbers that are large as a varint, as 32 bits and as a varint of 64 bits; and varints that are longer than
// those of 32 and of 64 bits can be, the first of them a small number.
var large = [][]byte{
	{0xff, 0xff, 0xff, 0xff, 0x0f},
	{0x7f, 0xff, 0xff, 0xff},
	{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},
	{0x82, 0x80, 0x80, 0x80, 0x80, 0x00},
	{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},
}

// mostLarge bounds the inputs that largeNumbers makes of a schema's records.
const mostLarge = 1500

// largeNumbers makes sure that a large number, wherever it stands or comes in between, does what corrupted asks. Unlike
// that it tries every place, of a few short records.
func (b *bound) largeNumbers(t reporter) {
	h := b.newHostile(t)
	left := mostLarge
	b.each(t, func(v any, enc []byte) error {
		if left -= 2 * len(large) * len(enc); left < 0 {
			return nil
		}
		for i := range enc {
			for _, n := range large {
				h.try(slices.Concat(enc[:i], n, enc[min(i+len(n), len(enc)):]), h.fixpoint)
				h.try(slices.Concat(enc[:i], n, enc[i:]), h.fixpoint)
			}
		}
		return h.flush()
	})
}

// corrupt returns a changed copy of enc.
func corrupt(rng *rand.Rand, enc []byte, others [][]byte) []byte {
	out := bytes.Clone(enc)
	if len(out) == 0 {
		return []byte{byte(rng.Uint32())}
	}
	for range 1 + rng.IntN(3) {
		i := rng.IntN(len(out))
		switch rng.IntN(7) {
		case 0:
			out[i] ^= 1 << rng.IntN(8)
		case 1:
			out[i] = byte(rng.Uint32())
		case 2:
			out[i] = []byte{0, 1, 0x7f, 0x80, 0xff}[rng.IntN(5)]
		case 3: // a large number
			out = append(out[:i], append(bytes.Repeat([]byte{0xff}, 1+rng.IntN(10)), out[i:]...)...)
		case 4:
			out = append(out[:i], out[i+1:]...)
		case 5: // a part twice
			j := i + rng.IntN(len(out)-i)
			out = append(out[:j:j], out[i:]...)
		case 6: // the end of another record
			other := others[rng.IntN(len(others))]
			out = append(out[:i:i], other[min(i, len(other)):]...)
		}
		if len(out) == 0 {
			return []byte{byte(rng.Uint32())}
		}
	}
	return out
}

// fixpoint reports whether the record v, which was decoded, comes back from its own encoding. What an any holds after a
// format that loses the branch is compared by its bytes.
func (b *bound) fixpoint(v any) error {
	enc, err := b.encode(v)
	if err != nil {
		return nil // what a record cannot be is refused, if not when it is read then when it is written
	}
	again, err := b.fresh(enc)
	if err != nil {
		return fmt.Errorf("what was made of it is encoded as %x and then: %w", enc, err)
	}
	diff := b.diff(v, again, b.format.Loses...)
	if diff == nil {
		return nil
	}
	if enc2, err := b.encode(again); err != nil || len(enc2) != len(enc) {
		return fmt.Errorf("what was made of it is encoded as %x and then as %x: %w", enc, enc2, diff)
	}
	return nil
}
