package measure

import (
	"errors"
	"fmt"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"
)

// Processors returns the number of cores in the affinity mask of this process.
func Processors() int {
	cores, err := mask()
	if err != nil {
		return runtime.NumCPU()
	}
	return len(cores)
}

// mask returns the cores that this process may run on, in order.
func mask() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, fmt.Errorf("sched_getaffinity: %w", err)
	}
	var cores []int
	for cpu := range len(set) * 64 {
		if set.IsSet(cpu) {
			cores = append(cores, cpu)
		}
	}
	return cores, nil
}

// A Core is what workers are pinned to. The zero Core is the last of this process's affinity mask.
type Core struct {
	cpu   int
	taken bool
	sock  int // held for as long as the core is taken
}

// TakeCore takes a core that no other run on this machine has taken, the last of the mask if it is free: two runs on one core
// shift each other's ratios. Where all are taken it returns the last with an error, which is a warning. Release gives it back,
// and so does the end of the process.
func TakeCore() (Core, error) { return takeCore("@wirecost/core/") }

// takeCore takes a core that nobody has taken under the same names, which begin with prefix.
func takeCore(prefix string) (Core, error) {
	cores, err := mask()
	if err != nil || len(cores) == 0 {
		return Core{}, nil // what Limits says
	}
	for i := len(cores) - 1; i >= 0; i-- {
		sock, err := hold(prefix + strconv.Itoa(cores[i]))
		switch {
		case err == nil:
			return Core{cores[i], true, sock}, nil
		case !errors.Is(err, unix.EADDRINUSE):
			return Core{}, nil // a sandbox without sockets: nobody can tell
		}
	}
	return Core{}, errors.New("another run of wirecost measures on each core of this machine: ratios shift by 5 to 17 %")
}

// hold binds a name, which is in no file system and gone with the process that holds it.
func hold(name string) (sock int, err error) {
	sock, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	if err := unix.Bind(sock, &unix.SockaddrUnix{Name: name}); err != nil {
		unix.Close(sock)
		return 0, err
	}
	return sock, nil
}

// Release gives the core back.
func (c Core) Release() {
	if c.taken {
		unix.Close(c.sock)
	}
}

// start calls start on a thread whose affinity is the core, so that a child started there has it too, and restores the mask.
// Where the mask cannot be set, start is called all the same: Limits says so.
func (c Core) start(start func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		restore, err := c.pin()
		done <- start()
		if err == nil && restore() != nil {
			select {} // the thread must not serve others, and must not end: its children would, too (see ownGroup)
		}
		runtime.UnlockOSThread()
	}()
	return <-done
}

// pin sets the affinity of this thread to the core, and returns what undoes it.
func (c Core) pin() (restore func() error, err error) {
	cores, err := mask()
	if err != nil {
		return nil, err
	}
	if !c.taken {
		c.cpu = cores[len(cores)-1]
	}
	if err := setAffinity(c.cpu); err != nil {
		return nil, err
	}
	return func() error { return setAffinity(cores...) }, nil
}

func setAffinity(cores ...int) error {
	var set unix.CPUSet
	for _, cpu := range cores {
		set.Set(cpu)
	}
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return fmt.Errorf("sched_setaffinity: %w", err)
	}
	return nil
}

// limits tries to pin a thread: a sandbox may forbid it.
func limits() []error {
	var limits []error
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocks: the thread ends with the goroutine
		_, err := Core{}.pin()
		done <- err
	}()
	if err := <-done; err != nil {
		limits = append(limits, fmt.Errorf("workers are not pinned to a core: %w", err))
	}
	return limits
}
