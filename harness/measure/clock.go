package measure

import (
	"runtime/metrics"
	"time"
)

// A Clock reads the two times of a sample, each since some fixed moment. Tests invent both.
type Clock struct {
	CPU  func() time.Duration // CPU time of this process: user and system, all threads
	Wall func() time.Duration // monotonic
	// GC returns the time that this process has spent on collecting garbage, and that on anything, as the runtime of Go sees it.
	// nil: unknown.
	GC func() (collecting, busy time.Duration)
}

// System returns the clocks of this machine. Limits says where the CPU clock is coarse, or wall time stands in for it.
func System() Clock {
	start := time.Now()
	wall := func() time.Duration { return time.Since(start) }
	if cpuTime == nil {
		return Clock{CPU: wall, Wall: wall, GC: collecting}
	}
	return Clock{CPU: cpuTime, Wall: wall, GC: collecting}
}

// collecting reads what the runtime knows of its time. It is wall time of cores, so a share of it says more than a sum: what
// others take of a core is in both.
func collecting() (gc, busy time.Duration) {
	s := []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/total:cpu-seconds"}, {Name: "/cpu/classes/idle:cpu-seconds"}}
	metrics.Read(s)
	seconds := func(i int) time.Duration { return time.Duration(s[i].Value.Float64() * float64(time.Second)) }
	return seconds(0), seconds(1) - seconds(2)
}

// Limits lists what this system keeps from being measured, for the user to read beside the numbers. On Linux it is empty,
// unless a sandbox forbids to set the affinity.
func Limits() []error { return limits() }
