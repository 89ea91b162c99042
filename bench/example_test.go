package bench_test

import (
	"flag"
	"fmt"
	"testing"

	"github.com/wirecost/wirecost/bench"
	"github.com/wirecost/wirecost/codecs"
	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/schemas"
)

// A Reading is a type of yours: the fields of a schema, in its order, named by avro tags.
type Reading struct {
	Sensor string   `avro:"sensor" json:"sensor" msgpack:"sensor" cbor:"sensor"`
	Value  *float64 `avro:"value" json:"value" msgpack:"value" cbor:"value"`
}

const reading = `{"type": "record", "name": "Reading", "fields": [
  {"name": "sensor", "type": "string"}, {"name": "value", "type": ["null", "double"]}]}`

// readings makes a subject of your own records.
func readings() (*harness.Subject, error) {
	schema, err := schemas.Parse("reading.avsc", []byte(reading), "")
	if err != nil {
		return nil, err
	}
	v := 21.5
	return harness.SubjectOf(schema, []Reading{{"attic", &v}, {"cellar", nil}})
}

// formats are the codecs that the examples measure; all.Formats are all of them, and codecs of yours go into the list too.
func formats() []codecs.Format {
	some, err := all.Find("avro,json")
	if err != nil {
		panic(err)
	}
	return some
}

// This benchmarks codecs on your own records: in a _test.go of yours the function is called BenchmarkCodec, and go test calls
// it.
func ExampleCodecs() {
	benchmarkCodec := func(b *testing.B) {
		s, err := readings()
		if err != nil {
			b.Fatal(err)
		}
		bench.Codecs(b, formats(), s)
	}
	once(benchmarkCodec) // go test -bench Codec . | go tool benchstat -col /codec -
	// Output:
}

// What one more keyBy costs: in a _test.go of yours the function is called BenchmarkExchange.
func ExampleKeyby() {
	benchmarkExchange := func(b *testing.B) {
		s, err := readings()
		if err != nil {
			b.Fatal(err)
		}
		bench.Keyby(b, formats(), s, harness.Route{Key: []string{"sensor"}, Parallelism: 4, Timestamps: true})
	}
	once(benchmarkExchange) // go test -bench Exchange .
	// Output:
}

// once runs a benchmark as go test -benchtime 1x does.
func once(f func(*testing.B)) {
	benchtime := flag.Lookup("test.benchtime")
	before := benchtime.Value.String()
	defer benchtime.Value.Set(before)
	if err := benchtime.Value.Set("1x"); err != nil {
		panic(err)
	}
	if testing.Benchmark(f).N == 0 {
		fmt.Println("the benchmark failed")
	}
}

// The size of your records in a codec needs no benchmark.
func Example() {
	s, err := readings()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range formats() {
		if c, err := harness.Bind(f, s); err == nil {
			fmt.Printf("%s: %.1f B a record, round trip: %v\n", f.Name, float64(c.Set)/float64(len(c.Natives)), c.Prove())
		}
	}
	// Output:
	// avro: 11.5 B a record, round trip: <nil>
	// json: 31.5 B a record, round trip: <nil>
}
