package bench_test

import (
	"testing"

	"github.com/wirecost/wirecost/bench"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/schemas/streams"
)

var lab = harness.Lab{Formats: all.Formats, Exchanges: exchange.All, Runtimes: []harness.Runtime{harness.Go}, Stream: streams.Get}

// dataOf says which records of a stream are measured.
func dataOf(stream string) measure.Data {
	return measure.Data{Stream: stream, Seed: 1, Records: harness.DefaultRecords}
}

// eachStream runs f below the name of each built-in stream, whose records are made when it is known that it is wanted.
func eachStream(b *testing.B, f func(*testing.B, *harness.Subject)) {
	for _, name := range streams.Names() {
		b.Run("schema="+name, func(b *testing.B) {
			s, err := lab.Subject(dataOf(name))
			if err != nil {
				b.Fatal(err)
			}
			f(b, s)
		})
	}
}

// asFlink is the route of a keyBy whose sources set timestamps, as Flink's do.
var asFlink = harness.Route{Timestamps: true}

func BenchmarkCodec(b *testing.B) {
	eachStream(b, func(b *testing.B, s *harness.Subject) {
		bench.Hash(b, s, asFlink)
		bench.Codecs(b, all.Formats, s)
	})
}

func BenchmarkExchange(b *testing.B) {
	eachStream(b, func(b *testing.B, s *harness.Subject) { bench.Keyby(b, all.Formats, s, asFlink) })
}
