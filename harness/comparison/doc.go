// Package comparison is what two files of results say of each other. It works on files alone and measures nothing.
//
// Exact units are compared exactly. Times of two runs are not compared at all, since the hour moves them by more than any
// change would: what is judged is each cell's ratio to the reference codec of its own run, as one run's ratios against the
// other's, so that drift cancels; raw times stand beside it without a verdict.
//
// [Differences] holds the rules of what may be compared. A key that differs refuses a class of units and all behind it:
//
//	seed; of a schema: hash, data, records, profile     everything
//	key, keys, parallelism, timestamps, ... of exchanges everything, of exchanges
//	go, goos, goarch, goexperiment, tags                allocations, instructions, times
//	cpu, valgrind                                       instructions, times
//	cores, gogc, gomemlimit, goamd64, kernel, virt, governor, layout   times
//
// A key that one file lacks differs from every value, but refuses no sizes: they do not hang on it. Versions of codecs are
// no reason to refuse: they are often the question.
package comparison
