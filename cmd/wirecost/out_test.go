package main

import (
	"os"
	"path/filepath"
	"testing"
)

// An impatient end closes the file while the run may still write to it.
func TestOutFileClosedTwice(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out")
	o, err := openOut(name)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := o.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if _, err := os.Stat(name); !os.IsNotExist(err) {
		t.Errorf("a file that no run began is left: %v", err)
	}
	if err := o.begin(); err == nil {
		t.Error("begin of a closed file: no error")
	}
}
