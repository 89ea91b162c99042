package learn

import (
	"testing"

	"github.com/wirecost/wirecost/records"
	"github.com/wirecost/wirecost/schemas"
	"github.com/wirecost/wirecost/schemas/access"
	"github.com/wirecost/wirecost/schemas/streams"
)

// learned learns from records 0 to n-1 of a plan.
func learned(t testing.TB, plan *records.Source, n int) *Learner {
	t.Helper()
	l, err := New(plan.Schema)
	if err != nil {
		t.Fatal(err)
	}
	gen := plan.Generator(1)
	for i := range n {
		if err := l.Add(gen.New(uint64(i))); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestStreams(t *testing.T) {
	for _, name := range streams.Names() {
		s, err := streams.Get(name)
		if err != nil {
			t.Fatal(err)
		}
		plan, err := records.Compile(s, nil)
		if err != nil {
			t.Fatal(err)
		}
		l := learned(t, plan, 20000)
		p, err := l.Profile(false)
		if err != nil {
			t.Fatal(err)
		}
		again, err := records.Compile(s, p)
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, p)
			continue
		}
		a, b := mean(t, plan, 20000, 1), mean(t, again, 20000, 2)
		if d := 100 * (b/a - 1); d > 0.5 || d < -0.5 {
			for seed := range uint64(6) {
				t.Logf("  seed %d: %+.2f  own %+.2f", seed+3, 100*(mean(t, again, 20000, seed+3)/a-1), 100*(mean(t, plan, 20000, seed+3)/a-1))
			}
		}
		t.Logf("%s %.1f %.1f %+.2f %% (%d bytes of profile)", name, a, b, 100*(b/a-1), len(p))
	}
}

func mean(t *testing.T, plan *records.Source, n int, seed uint64) float64 {
	gen := plan.Generator(seed)
	sum := 0
	var buf []byte
	for i := range n {
		r, err := plan.Type.Ref(gen.New(uint64(i)))
		if err != nil {
			t.Fatal(err)
		}
		if buf, err = access.AppendAvro(buf[:0], plan.Type, r); err != nil {
			t.Fatal(err)
		}
		sum += len(buf)
	}
	return float64(sum) / float64(n)
}

func BenchmarkLearn(b *testing.B) {
	s, err := streams.Get("nexmark.Bid")
	if err != nil {
		b.Fatal(err)
	}
	plan, err := records.Compile(s, nil)
	if err != nil {
		b.Fatal(err)
	}
	gen := plan.Generator(1)
	ring := make([]any, 1<<17)
	for i := range ring {
		ring[i] = gen.New(uint64(i))
	}
	l := learned(b, plan, 1)
	i := 0
	for b.Loop() {
		if err := l.Add(ring[i&(len(ring)-1)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

var _ = schemas.Null
