package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
)

// An outFile is the file of --out. It is opened before a run, which would be lost otherwise, and stays as it was until
// the run has begun: one that is refused or that fails early destroys no earlier results.
type outFile struct {
	file  *os.File
	fresh bool   // there was none before
	held  []byte // written before the run began

	mu     sync.Mutex // of what Close, which an impatient end calls, shares with the run
	begun  bool
	closed bool
}

func openOut(name string) (*outFile, error) {
	_, err := os.Lstat(name)
	o := &outFile{fresh: errors.Is(err, fs.ErrNotExist)}
	o.file, err = os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
	return o, err
}

// isOutput reports whether name is that of the file which stdout is written to, as /dev/stdout is. Two reports do not hurt
// each other in the null device.
func isOutput(name string, stdout io.Writer) bool {
	f, ok := stdout.(*os.File)
	if !ok {
		return false
	}
	output, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(name)
	if err != nil {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return os.SameFile(output, named) && (err != nil || !os.SameFile(named, null))
}

// Write writes p to the file, or holds it until the run begins.
func (o *outFile) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.begun {
		return o.file.Write(p)
	}
	o.held = append(o.held, p...)
	return len(p), nil
}

// begin empties the file and writes what is held.
func (o *outFile) begin() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	info, err := o.file.Stat()
	if err == nil && info.Mode().IsRegular() { // a pipe or a device cannot be emptied
		err = o.file.Truncate(0)
	}
	if err == nil {
		_, err = o.file.Write(o.held)
	}
	o.begun, o.held = true, nil
	return err
}

// Close closes the file, once. One that was made for a run that never began is removed.
func (o *outFile) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return nil
	}
	o.closed = true
	err := o.file.Close()
	if o.fresh && !o.begun {
		return errors.Join(err, os.Remove(o.file.Name()))
	}
	return err
}
