package main

import (
	"slices"
	"sync"
)

// The cleanups of a command are what must be undone before the program ends, also where nobody waits for the command any
// more. They may be used by several goroutines at once.
type cleanups struct {
	mu    sync.Mutex
	undos []func()
}

// add notes what must be undone, and returns what undoes it: once, whoever calls.
func (c *cleanups) add(undo func()) func() {
	once := sync.OnceFunc(undo)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.undos = append(c.undos, once)
	return once
}

// all undoes what has not been undone, the last first.
func (c *cleanups) all() {
	c.mu.Lock()
	undos := slices.Clone(c.undos)
	c.mu.Unlock()
	for _, undo := range slices.Backward(undos) {
		undo()
	}
}
