package json

import "testing"

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
		} {
			if got := longNumber([]byte(pad[:i] + tt.text)); got != tt.want {
				t.Errorf("%q behind %d bytes: got %v, want %v", tt.text, i, got, tt.want)
			}
		}
	}
}
