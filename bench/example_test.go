package bench_test

import (
	"fmt"
	"testing"

	"github.com/wirecost/wirecost/bench"
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

// This benchmarks our codecs, and any of yours that you append to the list, on your own records: in a _test.go of yours it is
// called BenchmarkCodec.
func ExampleCodecs() {
	benchmarkCodec := func(b *testing.B) {
		s, err := readings()
		if err != nil {
			b.Fatal(err)
		}
		bench.Codecs(b, all.Formats, s)
	}
	_ = benchmarkCodec // go test -bench Codec . | go tool benchstat -col /codec -
}

// What one more keyBy costs: in a _test.go of yours this is called BenchmarkExchange.
func ExampleKeyby() {
	benchmarkExchange := func(b *testing.B) {
		s, err := readings()
		if err != nil {
			b.Fatal(err)
		}
		bench.Keyby(b, all.Formats, s, harness.Route{Key: []string{"sensor"}, Parallelism: 4, Timestamps: true})
	}
	_ = benchmarkExchange // go test -bench Exchange .
}

// The size of your records in a codec needs no benchmark.
func Example() {
	s, err := readings()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range all.Formats {
		if c, err := harness.Bind(f, s); err == nil && (f.Name == "avro" || f.Name == "json" || f.Name == "pojo") {
			fmt.Printf("%s: %.1f B a record, round trip: %v\n", f.Name, float64(c.Set)/float64(len(c.Natives)), c.Prove())
		}
	}
	// Output:
	// avro: 11.5 B a record, round trip: <nil>
	// json: 31.5 B a record, round trip: <nil>
	// pojo: 13.5 B a record, round trip: <nil>
}
