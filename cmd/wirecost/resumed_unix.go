//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// resumed returns what tells that this program goes on after it was stopped, as by ctrl-Z.
func resumed() <-chan os.Signal {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGCONT)
	return c
}
