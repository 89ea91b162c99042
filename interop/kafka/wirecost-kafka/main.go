// Command wirecost-kafka is the worker of the exchange kafka: wirecost keyby --exchange kafka starts it for each cell. It
// speaks the protocol of all workers, JSON lines on standard input and output.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/wirecost/wirecost/codecs/all"
	"github.com/wirecost/wirecost/harness"
	"github.com/wirecost/wirecost/harness/exchange"
	"github.com/wirecost/wirecost/harness/measure"
	"github.com/wirecost/wirecost/interop/kafka"
	"github.com/wirecost/wirecost/schemas/streams"
)

func main() {
	var cfg kafka.Config
	brokers := flag.String("brokers", "", "host:port of brokers, with commas between them; empty: one in this process")
	flag.StringVar(&cfg.Compression, "compression", "none", "of batches: none, gzip, snappy, lz4, zstd")
	flag.Parse()
	if *brokers != "" {
		cfg.Brokers = strings.Split(*brokers, ",")
	}
	lab := harness.Lab{Formats: all.Formats, Exchanges: []exchange.Exchange{exchange.Chain, cfg.Exchange()}, Runtimes: []harness.Runtime{harness.Go}, Stream: streams.Get}
	if err := measure.Serve(os.Stdin, os.Stdout, measure.System(), lab.Open); err != nil {
		fmt.Fprintln(os.Stderr, "wirecost-kafka:", err)
		os.Exit(1)
	}
}
