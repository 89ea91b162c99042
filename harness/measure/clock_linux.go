package measure

import (
	"time"

	"golang.org/x/sys/unix"
)

var cpuTime = func() time.Duration {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &ts); err != nil {
		panic("clock_gettime(CLOCK_PROCESS_CPUTIME_ID): " + err.Error()) // every Linux since 2.6.12 has it
	}
	return time.Duration(ts.Nano())
}
