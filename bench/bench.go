// Package bench measures codecs through testing.B, in anybody's tests: our codecs and your own, on your own struct, under
// the names that wirecost run gives them, so that go test -bench and benchstat work on all of it.
//
//	go test -run '^$' -bench Codec . | go tool benchstat -col /codec -
//
// Call [Codecs] from a benchmark called BenchmarkCodec and [Keyby] from one called BenchmarkExchange: then results can be
// laid beside those of wirecost run. What a sample is differs: here all cells share a process, and repetitions of one follow
// each other. For numbers to decide by, use wirecost run.
package bench

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/harness/results"
)

// Codecs measures every op of each format on the records of s, in sub-benchmarks schema=…/codec=…/runtime=go/op=…. A cell's
// round trip is proved before it is timed; one that fails fails the benchmark, and one that the format cannot carry is
// skipped with the reason. Each reports ns/op, B/op, allocs/op, the mean size B/record and, to the last byte, B/set.
func Codecs(b *testing.B, formats []codecs.Format, s *harness.Subject) {
	b.Helper()
	inSchema(b, s, func(b *testing.B) {
		for _, f := range formats {
			bound := sync.OnceValues(func() (*harness.Bound, error) { return prove(f, s) })
			for _, op := range harness.Ops {
				cell := results.Cell{Codec: f.Name, Op: string(op)}
				run(b, f, cell, func() (*measure.Task, error) {
					c, err := bound()
					if err != nil {
						return nil, err
					}
					return c.Task(op)
				})
			}
		}
	})
}

// prove binds f to s and proves the round trip.
func prove(f codecs.Format, s *harness.Subject) (*harness.Bound, error) {
	c, err := harness.Bind(f, s)
	if err != nil {
		return nil, err
	}
	return c, c.Prove()
}

// Keyby measures how records of s travel over exchange.Local, 1, 2 and 3 times, encoded with each format: sub-benchmarks
// schema=…/codec=…/runtime=go/exchange=local/keybys=Nx/op=move, which report wire-B/record too. Beside them stand the
// operators alone (codec=none, exchange=chain, 0 to 3 of them): what one more keyBy costs is the slope of the difference.
// The key is that of the route, or that of the subject. A route's Keybys is not used.
func Keyby(b *testing.B, formats []codecs.Format, s *harness.Subject, route harness.Route) {
	b.Helper()
	inSchema(b, s, func(b *testing.B) {
		for _, n := range harness.DefaultKeybys() {
			route.Keybys = n
			move(b, codecs.Format{Name: results.NoCodec}, exchange.Chain, n, func() (*measure.Task, error) { return s.Chain(exchange.Chain, route) })
		}
		for _, f := range formats {
			for _, n := range harness.DefaultKeybys() {
				if n == 0 {
					continue
				}
				route.Keybys = n
				move(b, f, exchange.Local, n, func() (*measure.Task, error) {
					c, err := prove(f, s)
					if err != nil {
						return nil, err
					}
					return c.Move(exchange.Local, route)
				})
			}
		}
	})
}

// Hash measures how long it takes to find where a keyBy sends a record of s: key, Java hash, key group, channel. It is a
// part of what Keyby measures, in a sub-benchmark schema=…/codec=none/runtime=go/op=hash.
func Hash(b *testing.B, s *harness.Subject, route harness.Route) {
	b.Helper()
	inSchema(b, s, func(b *testing.B) {
		cell := results.Cell{Codec: results.NoCodec, Op: results.OpHash}
		run(b, codecs.Format{}, cell, func() (*measure.Task, error) { return s.Hash(route) })
	})
}

// inSchema runs f below the name of s's schema, which b may have in its own already.
func inSchema(b *testing.B, s *harness.Subject, f func(*testing.B)) {
	b.Helper()
	name := "schema=" + s.Schema.Name
	if strings.HasSuffix(b.Name(), "/"+name) {
		f(b)
		return
	}
	b.Run(name, f)
}

func move(b *testing.B, f codecs.Format, x exchange.Exchange, keybys int, open func() (*measure.Task, error)) {
	run(b, f, results.Cell{Codec: f.Name, Exchange: x.Name, Keybys: keybys, Op: string(harness.Move)}, open)
}

// run is the sub-benchmark of a cell, which open prepares: not before it is known that the cell is wanted, and in a process
// of its own if the codec's results depend on what its process did before.
func run(b *testing.B, f codecs.Format, cell results.Cell, open func() (*measure.Task, error)) {
	b.Helper()
	b.Run(subName(cell), func(b *testing.B) {
		if f.Global && !isChild() {
			inChild(b)
			return
		}
		task, err := open()
		switch {
		case errors.Is(err, measure.ErrNotCarried):
			b.Skip(err)
		case err != nil:
			b.Fatal(err)
		}
		if task.Close != nil {
			defer task.Close()
		}
		if err := timeTask(b, task, cell); err != nil {
			b.Fatal(err)
		}
	})
}

// subName returns the name of a cell below that of its schema.
func subName(c results.Cell) string {
	c.Schema, c.Runtime, c.Procs = "-", harness.Go.Name, 1
	_, name, _ := strings.Cut(c.Name(), "/schema=-/")
	return name
}

// timeTask times b.N operations.
//
// Note: the loop is the task's, the one that wirecost run times. Around a call of some ns, b.Loop would be a good part of
// what is measured, and around an exchange it would wait for each record to arrive before it sends the next.
func timeTask(b *testing.B, task *measure.Task, cell results.Cell) error {
	b.ReportAllocs()
	b.ResetTimer()
	sum, err := task.Work(b.N)
	b.StopTimer()
	if err != nil {
		return err
	}
	if rings := int64(b.N / task.Ring); b.N%task.Ring == 0 && sum != rings*task.Set {
		return fmt.Errorf("%d operations gave %d bytes, want %d", b.N, sum, rings*task.Set)
	}
	switch {
	case task.NoBytes:
	case task.Wire != nil:
		b.ReportMetric(float64(task.Wire())/float64(b.N), results.UnitWire)
	case !cell.IsExchange():
		b.SetBytes(task.Set / int64(task.Ring))
		b.ReportMetric(float64(task.Set)/float64(task.Ring), results.UnitSize)
		b.ReportMetric(float64(task.Set), results.UnitSet)
	}
	return nil
}
