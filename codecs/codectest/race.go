//go:build race

package codectest

// raceEnabled says that pools drop a part of what they are given at random, so that no two passes allocate the same.
const raceEnabled = true
