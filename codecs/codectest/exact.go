package codectest

import (
	"runtime"
	"runtime/debug"
	"slices"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/schemas/streams"
)

const (
	exactOps    = 200 // of a pass
	exactPasses = 13
	collections = 2 // in some of the passes
	// leastSpread is how much more some passes must allocate than others for it to be the codec's doing: a slab or a
	// pooled buffer more, where the runtime has its dozens of bytes.
	leastSpread = 512
)

// exactStreams have what memory is kept or cut for: maps, unions, lists, texts, and none of these.
var exactStreams = []string{"shape.UnionHeavy", "shape.CollectionHeavy", "shape.StringHeavy", "nexmark.Bid"}

// checkExact: what operations allocate is the same in every pass over the same records, however often the collector runs
// and in whatever order maps are written, or the format says that it may not be. That passes of such a format do differ is
// not asked for: what a library does in a goroutine of its own is in step with the passes of some processes.
func checkExact(t reporter, f codecs.Format) {
	if raceEnabled || f.Inexact {
		return
	}
	if name, op, spread := largestSpread(t, f); spread > leastSpread {
		t.Errorf("%s, %s: passes of %d operations allocate %d bytes more or less, but Format.Inexact is false", name, op, exactOps, spread)
	}
}

// largestSpread returns the operation of f, and on which stream, whose passes differ most.
func largestSpread(t reporter, f codecs.Format) (stream, op string, most uint64) {
	for _, name := range exactStreams {
		s, err := streams.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		b := bind(t, f, generated(t, s, 1, perStream))
		if b == nil {
			continue
		}
		for o, spread := range b.spreads(t) {
			if spread > most {
				stream, op, most = name, o, spread
			}
		}
	}
	return stream, op, most
}

// spreads returns, by operation, how much more some passes allocate than others.
func (b *bound) spreads(t reporter) map[string]uint64 {
	var natives []any
	largest := 0
	for i, v := range b.subject.records {
		n, err := b.native(v)
		if err != nil {
			t.Fatal(err)
		}
		natives, largest = append(natives, n), max(largest, len(b.encoded[i]))
	}
	buf, used := make([]byte, 0, 2*largest), codecs.NewRecord(b.codec, b.typ)
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	encoded := slices.Clone(b.encoded)
	return map[string]uint64{
		"encode": spread(func(i int) {
			_, err := b.codec.Append(buf, natives[i%len(natives)])
			must(err)
		}),
		"decode":       spread(func(i int) { must(b.codec.Decode(encoded[i%len(encoded)], codecs.NewRecord(b.codec, b.typ))) }),
		"decode-reuse": spread(func(i int) { must(b.codec.Decode(encoded[i%len(encoded)], used)) }),
	}
}

// spread returns how much more some passes of op allocate than others, two outliers at each end left out: a thread that the
// runtime starts takes 2 KB.
func spread(op func(i int)) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	var sums []uint64
	for pass := range exactPasses {
		collect := pass%3 == 0
		sums = append(sums, allocated(func() {
			for i := range exactOps {
				if op(i); collect && i%(exactOps/collections) == 0 {
					runtime.GC() // twice, since what a pool holds survives the first
					runtime.GC()
				}
			}
		}))
	}
	sums = sums[1:] // the first makes what all others use
	slices.Sort(sums)
	return sums[len(sums)-3] - sums[2]
}
