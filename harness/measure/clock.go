package measure

import "time"

// A Clock reads the two times of a sample, each since some fixed moment. Tests invent both.
type Clock struct {
	CPU  func() time.Duration // CPU time of this process: user and system, all threads
	Wall func() time.Duration // monotonic
}

// System returns the clocks of this machine. Limits says where the CPU clock is coarse, or wall time stands in for it.
func System() Clock {
	start := time.Now()
	wall := func() time.Duration { return time.Since(start) }
	if cpuTime == nil {
		return Clock{CPU: wall, Wall: wall}
	}
	return Clock{CPU: cpuTime, Wall: wall}
}

// Limits lists what this system keeps from being measured, for the user to read beside the numbers. On Linux it is empty,
// unless a sandbox forbids to set the affinity.
func Limits() []error { return limits() }
