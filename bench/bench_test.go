// Package bench measures every cell through testing.B, under the names that wirecost run gives them:
//
//	go test -run '^$' -cpu 1 -bench 'Codec/schema=nexmark.Bid' ./bench | go tool benchstat -col /codec -
//
// What a sample is differs: here all cells share a process, and repetitions of one follow each other. For numbers to
// decide by, use wirecost run.
package bench

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/codecs/flink/keygroup"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/schemas/streams"
)

var lab = harness.Lab{Formats: all.Formats, Stream: streams.Get}

const parallelism = 2

// dataOf says which records of a stream are measured.
func dataOf(stream string) measure.Data {
	return measure.Data{
		Stream: stream, Seed: 1, Records: harness.DefaultRecords, Timestamps: true, Segment: exchange.Segment,
		Parallelism: parallelism, MaxParallelism: keygroup.DefaultMaxParallelism(parallelism),
	}
}

// prepare makes the records of a stream, binds a codec to them and proves the round trip. A stream that the codec cannot
// carry is skipped.
func prepare(b testing.TB, f codecs.Format, stream string) *harness.Bound {
	b.Helper()
	s, err := lab.Subject(dataOf(stream))
	if err != nil {
		b.Fatal(err)
	}
	bound, err := harness.Bind(f, s)
	if err != nil {
		b.Skip(err)
	}
	if err := bound.Prove(); err != nil {
		b.Fatal(err)
	}
	return bound
}

func BenchmarkCodec(b *testing.B) {
	for _, stream := range streams.Names() {
		benchmarkHash(b, stream)
		for _, f := range all.Formats {
			for _, op := range harness.Ops {
				name := fmt.Sprintf("schema=%s/codec=%s/runtime=go/op=%s", stream, f.Name, op)
				b.Run(name, func(b *testing.B) {
					if f.Global && !isChild() {
						inChild(b)
						return
					}
					benchmarkOp(b, f, stream, op)
				})
			}
		}
	}
}

// benchmarkHash finds where a keyBy sends the records of a stream: key, Java hash, key group, channel. It has no codec, and
// stands among the codecs' cells as wirecost run names it.
func benchmarkHash(b *testing.B, stream string) {
	cell := measure.Cell{Schema: stream, Codec: measure.NoCodec, Runtime: "go", Op: measure.OpHash, Procs: 1}
	b.Run(strings.TrimPrefix(cell.Name(), "BenchmarkCodec/"), func(b *testing.B) {
		task := open(b, cell)
		b.ReportAllocs()
		b.ResetTimer()
		// The loop is the harness's: around one call of some ns, b.Loop would be a good part of what is measured.
		if _, err := task.Work(b.N); err != nil {
			b.Fatal(err)
		}
	})
}

// open prepares the task of a cell that has a key.
func open(b *testing.B, cell measure.Cell) *measure.Task {
	b.Helper()
	data := dataOf(cell.Schema)
	var err error
	if data.Key, err = lab.DefaultKey(data); err != nil {
		b.Fatal(err)
	}
	task, err := lab.Open(measure.Request{Cell: cell, Data: data})
	if err != nil {
		b.Skip(err)
	}
	return task
}

func benchmarkOp(b *testing.B, f codecs.Format, stream string, op harness.Op) {
	c := prepare(b, f, stream)
	switch op {
	case harness.Encode:
		encode(b, c)
	case harness.Decode:
		decode(b, c, func() any { return codecs.NewRecord(c.Codec, c.Subject.Type) })
	case harness.DecodeReuse:
		used := codecs.NewRecord(c.Codec, c.Subject.Type)
		decode(b, c, func() any { return used })
	case harness.Convert:
		convert(b, c)
	}
	b.SetBytes(c.Set / int64(len(c.Natives)))
	b.ReportMetric(float64(c.Set)/float64(len(c.Natives)), measure.UnitSize)
	b.ReportMetric(float64(c.Set), measure.UnitSet)
}

func encode(b *testing.B, c *harness.Bound) {
	buf, mask := make([]byte, 0, 1<<16), len(c.Natives)-1
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Codec.Append(buf, c.Natives[i&mask]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func decode(b *testing.B, c *harness.Bound, record func() any) {
	mask := len(c.Encoded) - 1
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Codec.Decode(c.Encoded[i&mask], record()); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func convert(b *testing.B, c *harness.Bound) {
	conv, ok := c.Codec.(codecs.Converter)
	if !ok {
		b.Skip("takes the stream's struct as it is")
	}
	mask := len(c.Subject.Records) - 1
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		native := conv.NewRecord()
		if err := conv.FromStruct(native, c.Subject.Records[i&mask]); err != nil {
			b.Fatal(err)
		}
		if err := conv.ToStruct(c.Subject.Type.New(), native); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkExchange moves records through 0 to 3 keyBys. The chain has no codec.
func BenchmarkExchange(b *testing.B) {
	for _, stream := range streams.Names() {
		for n := range 4 {
			move(b, stream, measure.NoCodec, exchange.Chain, n)
		}
		for _, f := range all.Formats {
			for n := 1; n < 4; n++ {
				move(b, stream, f.Name, exchange.Local, n)
			}
		}
	}
}

// global reports whether what a codec takes depends on what its process did before.
func global(codec string) bool {
	return slices.ContainsFunc(all.Formats, func(f codecs.Format) bool { return f.Name == codec && f.Global })
}

func move(b *testing.B, stream, codec string, kind exchange.Kind, keybys int) {
	cell := measure.Cell{Schema: stream, Codec: codec, Runtime: "go", Op: string(harness.Move), Exchange: string(kind), Keybys: keybys, Procs: 1}
	b.Run(strings.TrimPrefix(cell.Name(), "BenchmarkExchange/"), func(b *testing.B) {
		if global(codec) && !isChild() {
			inChild(b)
			return
		}
		task := open(b, cell)
		defer task.Close()
		if task.Prove != nil {
			if err := task.Prove(); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportAllocs()
		b.ResetTimer()
		// One call for all: b.Loop would wait for each record to arrive before it sends the next.
		if _, err := task.Work(b.N); err != nil {
			b.Fatal(err)
		}
		if task.Wire != nil {
			b.ReportMetric(float64(task.Wire())/float64(b.N), measure.UnitWire)
		}
	})
}
