//go:build race

package bench_test

// raceEnabled says that the race detector adds allocations of its own.
const raceEnabled = true
