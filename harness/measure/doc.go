// Package measure times cells. It owns the clock, the counters, the worker processes and the order of samples; it knows
// neither codec nor exchange, and what it times is a function handed to it. What it finds goes to a [Sink]; what the numbers
// mean is the business of package stats.
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
//	for each cell: n = ring; double until CPU >= 5 ms; count allocations; n = roundup(n * slice / cpu, ring)
//	rounds = what fits into the budget; what does not fit is given up in a fixed order: shorter samples, fewer numbers of
//		keyBys, fewer counting processes, rounds below 6, and in the end the cells that take the longest
//	for each cell: count allocations in 2 more processes, keep the least
//	rng = PCG(seed, 1)
//	for each round, for block in shuffle(rng, blocks), for cell in shuffle(rng, block):
//		start worker, time n operations, hand the sample to the Sink
//
// A results.Block is what is compared with each other. In each block the cells of the reference codec run twice, the second
// time under the name of their twin ("avro.aa"): twins share n and the counters. A cell whose sample fails is dropped,
// and its row says why. The context ends a run between samples, or kills the worker; what the Sink has, it keeps. A budget
// is a promise: at 1.25 times it the run ends with its complete rounds, whatever the machine does.
//
// [Runner.Duet] does the same with couples of cells instead of rounds of all, both of a couple at once on one core.
package measure
