//go:build race

package bench

// raceEnabled says that the race detector adds allocations of its own.
const raceEnabled = true
