package harness

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/wirecost/wirecost/codecs/memcpy"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/schemas/streams"
)

// What the local exchange adds to encode and decode: framing, key group and hand-over of a Bid that is bytes already.
// As in the price of a keyBy, what the same job costs without an exchange is taken off. The codec's loops and the two
// jobs take turns, so that all see the same machine; all figures are CPU time a record. On one core added-ns should come
// near 15; on two, waking the other core comes on top.
func BenchmarkLocal(b *testing.B) {
	lab := testLab
	lab.Stream = streams.Get
	data := measure.Data{Stream: "nexmark.Bid", Seed: 1, Records: DefaultRecords}
	for _, procs := range []int{1, 2} {
		b.Run(fmt.Sprintf("codec=memcpy/cores=%d", procs), func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
			s, err := lab.Subject(data)
			if err != nil {
				b.Fatal(err)
			}
			bound, err := Bind(memcpy.Format, s)
			if err != nil {
				b.Fatal(err)
			}
			move, err := bound.Move(exchange.Local, Route{Keybys: 1, Key: []string{"auction"}, Timestamps: true})
			if err != nil {
				b.Fatal(err)
			}
			defer move.Close()
			none, err := s.Chain(exchange.Chain, Route{Keybys: 1})
			if err != nil {
				b.Fatal(err)
			}
			defer none.Close()
			benchmarkAdded(b, []func(int) (int64, error){bound.encodes, bound.decodesFresh, none.Work, move.Work})
		})
	}
}

// benchmarkAdded measures what the last of loops costs beyond the others together.
func benchmarkAdded(b *testing.B, loops []func(int) (int64, error)) {
	const turn = 16 * DefaultRecords
	cpu := measure.System().CPU
	took := make([]time.Duration, len(loops))
	for left := b.N; left > 0; left -= turn {
		for i, loop := range loops {
			before := cpu()
			if _, err := loop(min(left, turn)); err != nil {
				b.Fatal(err)
			}
			took[i] += cpu() - before
		}
	}
	last := len(loops) - 1
	var parts time.Duration
	for _, t := range took[:last] {
		parts += t
	}
	b.ReportMetric(float64(parts)/float64(b.N), "codec-ns/record")
	b.ReportMetric(float64(took[last])/float64(b.N), "move-ns/record")
	b.ReportMetric(float64(took[last]-parts)/float64(b.N), "added-ns/record")
	b.ReportAllocs()
}
