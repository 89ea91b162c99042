//go:build !unix

package measure

import (
	"errors"
	"time"
)

func limits() []error {
	return []error{errUnpinned, errors.New("no CPU clock on this system: cpu-ns/op is wall time")}
}

var cpuTime func() time.Duration
