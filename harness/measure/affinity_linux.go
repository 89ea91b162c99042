package measure

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// Processors returns the number of cores in the affinity mask of this process.
func Processors() int {
	var mask unix.CPUSet
	if err := unix.SchedGetaffinity(0, &mask); err != nil {
		return runtime.NumCPU()
	}
	return mask.Count()
}

// pinned calls start on a thread whose affinity is the last core of the mask, so that a child started there has it too,
// and restores the mask. Where the mask cannot be set, start is called all the same: Limits says so.
func pinned(start func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		restore, err := pin()
		done <- start()
		if err == nil && restore() == nil {
			runtime.UnlockOSThread()
		} // else the thread ends with this goroutine, and its mask with it
	}()
	return <-done
}

// pin sets the affinity of this thread to the last core of its mask, and returns what undoes it.
func pin() (restore func() error, err error) {
	var mask, last unix.CPUSet
	if err := unix.SchedGetaffinity(0, &mask); err != nil {
		return nil, fmt.Errorf("sched_getaffinity: %w", err)
	}
	last.Set(lastOf(&mask))
	if err := unix.SchedSetaffinity(0, &last); err != nil {
		return nil, fmt.Errorf("sched_setaffinity: %w", err)
	}
	return func() error { return unix.SchedSetaffinity(0, &mask) }, nil
}

func lastOf(mask *unix.CPUSet) int {
	last := 0
	for cpu := range len(mask) * 64 {
		if mask.IsSet(cpu) {
			last = cpu
		}
	}
	return last
}

// limits tries to pin a thread: a sandbox may forbid it.
func limits() []error {
	var limits []error
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
		_, err := pin()
		done <- err
	}()
	if err := <-done; err != nil {
		limits = append(limits, fmt.Errorf("workers are not pinned to a core: %w", err))
	}
	return limits
}
