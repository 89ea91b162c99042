// Package results is what a file of results holds: samples of cells, rows that failed, and what is known of the run. It
// reads and writes the Go benchmark format (https://golang.org/design/14313-benchmark-format), so that benchstat reads every
// file we write; it neither measures nor compares.
//
//	Unit B/record assume=exact better=lower
//	goos: linux
//	layout: fixed
//	# commit: 1a2b3c4
//	# codec json: module=std version=go1.26.8 loses=Branch
//	# schema nexmark.Bid hash=… data=… records=1024 set-bytes=162611 profile=…
//	# failed BenchmarkCodec/schema=nexmark.Bid/codec=gob/runtime=go/op=encode prove: record 3: field url: …
//	# not-carried BenchmarkCodec/… recursive: needs generated types
//	# unmeasured BenchmarkExchange/… one sample takes 9s of a budget of 30s: --budget 2m
//	BenchmarkCodec/schema=nexmark.Bid/codec=avro/runtime=go/op=encode 1024 81.5 ns/op 81.2 cpu-ns/op 0 B/op 0 allocs/op 158.8 B/record 162611 B/set
//	BenchmarkExchange/schema=nexmark.Bid/codec=pojo/runtime=go/exchange=local/keybys=2x/op=move-2 1024 … 242 wire-B/record
//
// One result line is one [Sample], the i-th of its [Cell] is from round i. The keys of the [Header] must be equal for two
// files to be comparable; lines that begin with # are [Facts], good to know, and benchstat skips them. Numbers are written
// to the last digit.
package results

// MinRounds is the number of rounds from which on a number has an interval.
const MinRounds = 6
