//go:build !linux

package measure

import (
	"errors"
	"runtime"
)

var errUnpinned = errors.New("workers are not pinned to a core: this needs Linux")

// Processors returns the number of cores that this process may use.
func Processors() int { return runtime.NumCPU() }

func pinned(start func() error) error { return start() }
