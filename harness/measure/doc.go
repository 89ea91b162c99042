// Package measure times cells and says what the numbers mean. It owns the clock, the counters, the worker processes, the
// order of samples, the statistics and the Go benchmark format; it knows neither codec nor exchange: what it times is a
// function handed to it. The harness runs it, reports and the gate read its files.
//
// # A sample
//
// A [Task] is a cell, prepared in the process that measures it: its Work runs n operations in a loop of its own over a
// ring of distinct records. [Task.Time] warms up (two rings, 10 ms of CPU, or a tenth of n, whichever is longest), collects
// garbage, reads the clocks, calls Work once, and reads them again. Work returns the sum of the lengths it saw, which must
// be n over the ring times the size of the set: a codec that skips work fails instead of winning. [Task.Count] takes the
// allocations of 20 rings in a pass of its own.
//
// # A run
//
// A [Runner] takes each sample in a fresh process ([Process], inside of which [Serve] answers), since samples that share a
// process share its heap layout and hash seeds:
//
//	for each (schema, codec, runtime): prove; a failure is a row, and its cells are dropped
//	for each cell: n = ring; double until CPU >= 5 ms; n = roundup(n * slice / cpu, ring)
//	rounds = what fits into the budget; fewer than 6: *BudgetError
//	for each cell: count allocations in 3 processes, keep the least
//	rng = PCG(seed, 1)
//	for each round, for block in shuffle(rng, blocks), for cell in shuffle(rng, block):
//		start worker, time n operations, hand the sample to the Sink
//
// A [Block] is what is compared with each other; the hashing of a key (the op hash, which has no codec) belongs to that of
// the exchanges. In each block the cells of the reference codec run twice, the second
// time under the name of their twin ("avro.aa"): twins share n and the counters. A cell whose sample fails is dropped,
// and its row says why. The context ends a run between samples, or kills the worker; what the Sink has, it keeps.
//
// # The numbers
//
// All comparing is paired by round, on logarithms: [Ratio] is the geometric mean of cell(r)/ref(r) with its 95 % t
// interval, from 6 rounds on. [Resolution] is that of a twin to its original: what this run can tell apart. [Rank]
// lets neighbours share a rank when 1 is in the interval of their direct ratio. [OverSchemas] sums up over a fixed list of
// schemas with two intervals, over rounds and over schemas. [Slope] is the price of one more keyBy. Nothing is averaged
// over units, no sample is removed, nothing is measured again until it is significant.
//
// # The file
//
// Results are in the Go benchmark format (https://golang.org/design/14313-benchmark-format), which benchstat reads:
//
//	Unit B/record assume=exact better=lower
//	goos: linux
//	layout: fixed
//	# commit: 1a2b3c4
//	# schema nexmark.Bid hash=… data=… records=1024 set-bytes=162611 profile=…
//	# failed BenchmarkCodec/schema=nexmark.Bid/codec=gob/runtime=go/op=encode prove: record 3: field url: …
//	# not-carried BenchmarkCodec/… recursive: needs generated types
//	BenchmarkCodec/schema=nexmark.Bid/codec=avro/runtime=go/op=encode 1024 81.5 ns/op 81.2 cpu-ns/op 0 B/op 0 allocs/op 158.8 B/record 162611 B/set
//	BenchmarkExchange/schema=nexmark.Bid/codec=pojo/runtime=go/exchange=local/keybys=2x/op=move-2 1024 … 242 wire-B/record
//
// One result line is one sample, the i-th of its cell is from round i. Header keys must be equal for two files to be
// comparable; lines that begin with # are good to know, and benchstat skips them. Numbers are written to the last digit.
package measure
