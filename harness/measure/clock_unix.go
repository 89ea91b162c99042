//go:build unix && !linux

package measure

import (
	"errors"
	"time"

	"golang.org/x/sys/unix"
)

func limits() []error {
	return []error{errUnpinned, errors.New("CPU time is getrusage's, which may advance in steps")}
}

var cpuTime = func() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		panic("getrusage: " + err.Error())
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
