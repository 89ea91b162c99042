//go:build !linux

package measure

import (
	"errors"
	"runtime"
)

var errUnpinned = errors.New("workers are not pinned to a core: this needs Linux")

// Processors returns the number of cores that this process may use.
func Processors() int { return runtime.NumCPU() }

// A Core is what workers are pinned to, on systems that can.
type Core struct{}

// TakeCore returns the zero Core: this system pins no workers.
func TakeCore() (Core, error) { return Core{}, nil }

// Release does nothing.
func (Core) Release() {}

func (Core) start(start func() error) error { return start() }
