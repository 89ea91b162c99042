package json

import (
	"strings"
	"testing"
)

// No number of 16 digits is overlooked, wherever it stands, and none is seen in a fraction.
func TestLongNumber(t *testing.T) {
	const digits = "9007199254740993"
	pad := "                                        "
	for i := range pad {
		for _, tt := range []struct {
			text string
			want bool
		}{
			{digits, true},
			{"-" + digits + "0", true},
			{digits + ".5", true},
			{digits[1:], false},
			{"0." + digits, false},
			{digits[1:] + "," + digits[1:], false},
			{"0." + digits + "," + digits, true},
			{"0." + digits + strings.Repeat("0", 8) + "," + digits, true},
			{"::::::::" + digits + "::::::::", true},
			{"0:::::::" + digits[1:] + ":" + digits[1:], false},
		} {
			if got := longNumber([]byte(pad[:i] + tt.text)); got != tt.want {
				t.Errorf("%q behind %d bytes: got %v, want %v", tt.text, i, got, tt.want)
			}
		}
	}
}

// A fraction as long as a text can be is looked at once, not once for each word of it.
func TestLongNumberGrowth(t *testing.T) {
	if longNumber([]byte("0." + strings.Repeat("1", 1<<24))) {
		t.Error("a fraction is a long number")
	}
}
