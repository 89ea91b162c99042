package dataio

import (
	"errors"
	"testing"
)

func TestDepth(t *testing.T) {
	var d Depth
	for i := range MaxDepth {
		if err := d.Enter(); err != nil {
			t.Fatalf("Enter %d of %d: %v", i+1, MaxDepth, err)
		}
	}
	if err := d.Enter(); !errors.Is(err, ErrDepth) {
		t.Errorf("Enter %d: got error %v, want %v", MaxDepth+1, err, ErrDepth)
	}
	d.Leave()
	d.Leave()
	if err := d.Enter(); err != nil {
		t.Errorf("Enter behind two Leaves: %v", err)
	}
}
