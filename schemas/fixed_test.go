package schemas_test

import (
	"bytes"
	"testing"

	"github.com/wirecost/wirecost/schemas"
)

// Generated code copies a fixed to and from bytes with these.
func TestFixedBytes(t *testing.T) {
	type named byte
	from := [3]named{1, 0, 255}
	got := schemas.FixedBytes(from[:])
	if want := []byte{1, 0, 255}; !bytes.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var to [3]named
	schemas.SetFixed(to[:], got)
	if to != from {
		t.Errorf("got %v, want %v", to, from)
	}
	if got[0] = 9; from[0] != 1 {
		t.Error("the bytes are not a copy")
	}
}
