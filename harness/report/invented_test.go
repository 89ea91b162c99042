package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wirecost/wirecost/harness/results"
)

// An invention says what a file without a run has: each codec takes its own time, all of them longer in odd rounds.
type invention struct {
	schema    string
	runtimes  []string // nil means go
	exchanges []string // nil: no keyBys
	rounds    int
	twin      string // the codec that ran twice, "" if none did
	costs     []invented1
	facts     []results.CodecFact
	failures  []results.Failure
	key       string
	deep      bool // keyBys are taken apart, and cross cores
}

// An invented1 is what one codec takes: bytes of a record, ns of each op.
type invented1 struct {
	codec                string
	size, encode, decode float64
}

// file makes the file.
func (v invention) file() *results.File {
	f := &results.File{
		Header: results.Header{GOOS: "linux", GOARCH: "amd64", CPU: "AMD EPYC", Go: "go1.26.8", Cores: "2", Kernel: "6.18.44-fc-v657", Virt: "kvm",
			Layout: results.LayoutFixed, Seed: "1"},
		Schemas:  []results.SchemaFact{{Name: v.schema, Hash: "aa", Data: "3265be685d571653df8b148bb62db1f0", Records: 1024, SetBytes: 100 * 1024, Profile: "schema"}},
		Failures: v.failures,
		Facts: results.Facts{CommandLine: "wirecost run --stream " + v.schema, Version: "v0.1.0", Commit: "1a2b3c4d5e6f708192a3b4c5d6e7f80912345678",
			LoadBefore: "0.98", LoadAfter: "1.20", Steal: "0.4 %", Codecs: v.facts},
	}
	if len(v.exchanges) > 0 {
		f.Facts.Keys = []results.KeyFact{{Schema: v.schema, Paths: v.key}}
	}
	for _, x := range v.exchanges {
		f.Facts.Exchanges = append(f.Facts.Exchanges, results.ExchangeFact{Name: x, Framing: 13})
	}
	runtimes := v.runtimes
	if runtimes == nil {
		runtimes = []string{"go"}
	}
	for round := range v.rounds {
		for i, runtime := range runtimes {
			v.round(f, round, runtime, float64(1+9*i))
		}
	}
	return f
}

// round appends the samples of a round, each so many times as long.
func (v invention) round(f *results.File, round int, runtime string, times float64) {
	slow := times * (1 + 0.5*float64(round%2))
	add := func(s results.Sample) {
		s.Cell.Schema, s.Cell.Runtime = v.schema, runtime
		f.Samples = append(f.Samples, s)
	}
	costs := v.costs
	for _, c := range v.costs {
		if c.codec == v.twin {
			costs = append(slices.Clip(costs), invented1{c.codec + results.TwinSuffix, c.size, c.encode * 1.005, c.decode * 1.005})
		}
	}
	for i, c := range costs {
		wobble := slow * (1 + 0.01*float64((round*7+i*3)%5))
		add(sample(cellOf(c.codec, "encode"), c.encode*wobble, c.size))
		add(sample(cellOf(c.codec, "decode"), c.decode*wobble, c.size))
		for k, x := range v.exchanges {
			for n := 1; n <= 3; n++ {
				add(moved(c.codec, x, n, (30+float64(n)*(c.encode+c.decode+25+300*float64(k)))*wobble, c.size+13))
			}
		}
	}
	if len(v.exchanges) == 0 {
		return
	}
	for n := range 4 {
		add(moved(results.NoCodec, "chain", n, 30*slow, 0))
	}
	if v.deep {
		v.depth(add, slow)
	}
	add(results.Sample{Cell: cellOf(results.NoCodec, results.OpHash), N: 1024, Values: []results.Value{{Value: 5 * slow, Unit: results.UnitCPU}}})
}

// depth appends what the parts of each exchange take, and the exchange on 4 cores; garbage is a tenth of decoding.
func (v invention) depth(add func(results.Sample), slow float64) {
	on := func(codec, exchange string, n int, ns float64) {
		s := moved(codec, exchange, n, ns, 0)
		s.Cell.Procs = 4
		add(s)
	}
	on(results.NoCodec, "chain", 0, 40*slow)
	on(results.NoCodec, "chain", 2, 40*slow)
	for _, x := range v.exchanges {
		for _, c := range v.costs {
			on(c.codec, x, 2, (40+2*(c.encode+c.decode+90))*slow)
			for op, ns := range map[string]float64{results.OpWrite: c.encode + 15, results.OpHandOver: 2, results.OpRead: c.decode + 4} {
				cell := results.Cell{Codec: c.codec, Op: op, Exchange: x, Keybys: 1, Procs: 1}
				add(results.Sample{Cell: cell, N: 1024, Values: []results.Value{{Value: ns * slow, Unit: results.UnitCPU}}})
			}
		}
	}
}

// swept is v with records of two sizes and with two numbers of them. Json has no price of the last.
func swept(v invention) *results.File {
	var f *results.File
	for i, set := range []results.SchemaFact{{Name: "sweep.B64", Records: 1024, SetBytes: 65536}, {Name: "sweep.B65536", Records: 16, SetBytes: 1 << 20},
		{Name: "shop.Order@16", Records: 16, SetBytes: 1600}, {Name: "shop.Order@65536", Records: 65536, SetBytes: 6553600}} {
		v := v
		v.schema, v.costs = set.Name, []invented1{{"avro", 70, 100 * float64(i+1), 300}, {"json", 105, 400, 800 * float64(i+1)}, {"pojo", 80, 50, 100}}
		v.facts = []results.CodecFact{avroFact, jsonFact, pojoFact}
		if i == 3 {
			v.costs = slices.Delete(v.costs, 1, 2)
			v.failures = []results.Failure{{Cell: results.Cell{Schema: set.Name, Codec: "json", Runtime: "go", Op: "move", Exchange: "local", Keybys: 1, Procs: 1},
				Reason: "one sample takes 3s of a budget of 1s", Kind: results.Unmeasured}}
		}
		next := v.file()
		next.Schemas[0].Records, next.Schemas[0].SetBytes = set.Records, set.SetBytes
		if f == nil {
			f = next
			continue
		}
		f.Schemas, f.Samples, f.Failures = append(f.Schemas, next.Schemas...), append(f.Samples, next.Samples...), append(f.Failures, next.Failures...)
	}
	return f
}

// withTraffic adds to f what a run writes of where records go.
func withTraffic(f *results.File) *results.File {
	f.Header.Keys, f.Header.Parallelism, f.Header.MaxParallelism = "records", "4", "128"
	f.Facts.Routes = []results.RouteFact{{Schema: f.Schemas[0].Name, Busiest: [2]float64{0.31, 0.31}, Away: [2]float64{0.75, 0}}}
	f.Facts.Sinks = []results.SinkFact{{Schema: f.Schemas[0].Name, Partitions: 200, Least: 41, Most: 56}}
	for i, s := range f.Samples {
		if n := float64(s.Cell.Keybys); s.Cell.IsKeyby() && s.Cell.Procs == 2 {
			f.Samples[i].Values = append(s.Values, results.Value{Value: 20 * n, Unit: results.UnitGC}, results.Value{Value: 48 * n, Unit: results.UnitBytes},
				results.Value{Value: 2 * n, Unit: results.UnitAllocs})
		}
	}
	return f
}

func cellOf(codec, op string) results.Cell {
	return results.Cell{Schema: "shop.Order", Codec: codec, Runtime: "go", Op: op, Procs: 1}
}

func sample(c results.Cell, ns, size float64) results.Sample {
	return results.Sample{Cell: c, N: 1024, Values: []results.Value{{Value: ns, Unit: results.UnitCPU}, {Value: 48, Unit: results.UnitBytes},
		{Value: 1, Unit: results.UnitAllocs}, {Value: size, Unit: results.UnitSize}}}
}

func moved(codec, exchange string, n int, ns, wire float64) results.Sample {
	c := results.Cell{Schema: "shop.Order", Codec: codec, Runtime: "go", Op: "move", Exchange: exchange, Keybys: n, Procs: 2}
	s := results.Sample{Cell: c, N: 1024, Values: []results.Value{{Value: ns, Unit: results.UnitCPU}}}
	if wire > 0 {
		s.Values = append(s.Values, results.Value{Value: wire, Unit: results.UnitWire})
	}
	return s
}

// failed is a row without numbers.
func failed(codec, op, reason string, kind results.FailureKind) results.Failure {
	return results.Failure{Cell: cellOf(codec, op), Reason: reason, Kind: kind}
}

// The facts of codecs, as runs write them.
var (
	memcpyFact  = results.CodecFact{Name: "memcpy", Group: results.GroupFloor}
	avroFact    = results.CodecFact{Name: "avro", Module: "github.com/hamba/avro/v2", Version: "v2.31.0"}
	protoFact   = results.CodecFact{Name: "protobuf", Module: "google.golang.org/protobuf", Version: "v1.36.12", Loses: []string{"NullEmpty"}}
	msgpackFact = results.CodecFact{Name: "msgpack", Module: "github.com/vmihailenco/msgpack/v5", Version: "v5.4.1", Loses: []string{"Branch"}}
	jsonFact    = results.CodecFact{Name: "json", Module: "std", Version: "go1.26.8", Loses: []string{"Branch"}}
	pojoFact    = results.CodecFact{Name: "pojo", Group: results.GroupFlink}
	kryoFact    = results.CodecFact{Name: "kryo", Group: results.GroupFlink}
)

// order is the invention that most tests are about.
func order() invention {
	return invention{
		schema: "shop.Order", exchanges: []string{"local"}, rounds: 8, twin: "avro", key: "customer",
		costs: []invented1{{"memcpy", 110, 10, 40}, {"avro", 100, 100, 200}, {"protobuf", 104, 101, 205}, {"json", 300, 500, 2500}, {"pojo", 120, 90, 180}},
		facts: []results.CodecFact{memcpyFact, avroFact, protoFact, jsonFact, pojoFact},
		failures: []results.Failure{
			failed("gob", "encode", "field a: union: not supported", results.NotCarried),
			failed("gob", "decode", "field a: union: not supported", results.NotCarried),
			failed("cbor", "decode", "prove: record 3: field b: got 1, want 2", results.Failed),
		},
	}
}

// invented returns the file of order.
func invented() *results.File { return order().file() }

// scenarios are what a report is looked at for.
func scenarios() map[string]scenario {
	bid := invention{
		schema: "nexmark.Bid", exchanges: []string{"local"}, rounds: 16, twin: "avro", key: "auction",
		costs: []invented1{{"memcpy", 183.4, 7, 90}, {"avro", 156.2, 103, 233}, {"protobuf", 161.9, 137, 291}, {"msgpack", 229.4, 216, 602},
			{"json", 243.5, 448, 2161}, {"pojo", 182.4, 39.9, 199}, {"kryo", 160.2, 70.7, 260}},
		facts: []results.CodecFact{memcpyFact, avroFact, protoFact, msgpackFact, jsonFact, pojoFact, kryoFact},
	}
	own := order()
	own.failures, own.costs = nil, []invented1{{"avro", 69.8, 211, 564}, {"msgpack", 105.6, 230, 1484}}
	own.facts = []results.CodecFact{avroFact, msgpackFact}
	one := own
	one.costs, one.facts = own.costs[:1], own.facts[:1]
	flink := bid
	flink.costs, flink.facts, flink.twin = bid.costs[5:], bid.facts[5:], "pojo"
	failing := order()
	failing.failures = append(failing.failures, failed("msgpack", "encode", "time: worker: signal: killed", results.Failed))
	failing.costs = append(failing.costs, invented1{"msgpack", 105.6, 110, 700})
	failing.facts = append(failing.facts, msgpackFact)
	interrupted := bid
	interrupted.rounds = 3
	duet := own
	duet.exchanges, duet.twin, duet.rounds = nil, "", 16
	runtimes := bid
	runtimes.runtimes = []string{"go", "flink2"}
	exchanges := bid
	exchanges.exchanges = []string{"local", "kafka"}
	keybys := bid
	keybys.deep = true
	return map[string]scenario{
		"sweep":       {swept(own), Options{Keybys: true}},
		"keybys":      {withTraffic(keybys.file()), Options{Keybys: true, Rate: 250000, PerCore: 20000}},
		"default":     {bid.file(), Options{Rate: 250000}},
		"own":         {own.file(), Options{Rate: 250000, PerCore: 20000}},
		"one":         {one.file(), Options{PerCore: 20000}},
		"flink":       {flink.file(), Options{Rate: 250000}},
		"all":         {every().file(), Options{}},
		"failed":      {gaveSomethingUp(failing.file()), Options{}},
		"interrupted": {interrupted.file(), Options{Rate: 250000}},
		"duet":        {duet.file(), Options{}},
		"runtimes":    {runtimes.file(), Options{}},
		"exchanges":   {exchanges.file(), Options{}},
	}
}

type scenario struct {
	file    *results.File
	options Options
}

// gaveSomethingUp adds to f what a run writes that does without something.
func gaveSomethingUp(f *results.File) *results.File {
	f.Facts.GaveUp = "to fit the budget: samples of 30ms instead of 60ms; 2m40s would have it all"
	return f
}

// every has as many codecs as there are, of which some share a rank, and one an op that tells it apart.
func every() invention {
	v := invention{schema: "orders.Order", exchanges: []string{"local"}, rounds: 8, twin: "avro", key: "customer.id"}
	plain := strings.Fields(`avro avro-blocksize avro-twmb avro-generic protobuf protobuf-vt protobuf-dynamic msgpack msgpack-array msgpack-msgp
		cbor json gob gob-fresh`)
	flink := strings.Fields(`pojo pojo-flink1 kryo kryo-registered kryo-flink1 kryo-flink1-registered flink-avro row row-flink1 tuple
		tuple-flink1 rowdata`)
	v.costs, v.facts = []invented1{{"memcpy", 420, 30, 300}}, []results.CodecFact{memcpyFact}
	for i, name := range plain {
		v.costs = append(v.costs, invented1{name, 250 + 9*float64(i/2), 400 + 150*float64(i/3), 900 + 260*float64(i)})
		v.facts = append(v.facts, results.CodecFact{Name: name, Module: fmt.Sprint("example.org/", strings.SplitN(name, "-", 2)[0]), Version: "v1.0.0"})
	}
	v.costs[2].encode, v.costs[2].decode = 600, 700 // of avro-blocksize: the sum of avro's, otherwise divided
	for i, name := range flink {
		v.costs = append(v.costs, invented1{name, 300 + 11*float64(i), 350 + 100*float64(i), 800 + 90*float64(i)})
		v.facts = append(v.facts, results.CodecFact{Name: name, Group: results.GroupFlink})
	}
	return v
}
