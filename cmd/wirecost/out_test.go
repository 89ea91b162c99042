package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestIsOutput(t *testing.T) {
	dir := t.TempDir()
	open := func(name string) *os.File {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o666)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	report := open(filepath.Join(dir, "report"))
	if err := os.Link(report.Name(), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	open(filepath.Join(dir, "other"))
	for name, want := range map[string]bool{"report": true, "link": true, "other": false, "none": false, "none/none": false} {
		if got := isOutput(filepath.Join(dir, name), report); got != want {
			t.Errorf("%s is the output: got %v, want %v", name, got, want)
		}
	}
	if isOutput(os.DevNull, open(os.DevNull)) {
		t.Errorf("%s takes one report only", os.DevNull)
	}
	if isOutput(report.Name(), &strings.Builder{}) {
		t.Error("a file is the output that is none")
	}
}

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
